"""Which noun phrase after a cue is what was said, and not who said it."""

from __future__ import annotations

from musnad.statements.lexicon import is_action, without_pronoun, words
from musnad.statements.view import STOPS, View

#: prepositions spelled like a verbal noun («أمام» like «إعدام»)
_PLACES = frozenset(("امام", "ازاء", "اثناء", "تجاه", "خلال", "تحت", "تلقاء"))


def that_follows(v: View, j: int, limit: int) -> bool:
    """Whether أن soon follows that is the cue's own: no verb, preposition or joining word before it."""
    for k in range(j + 2, min(j + 9, limit)):
        if v.is_that(k):
            return (
                v.norms[k][:1] not in "وب"
                and not v.is_preposition(k - 1)
                and v.norms[k - 1] not in words("conjunct_before_that")
                and v.tokens[k - 1].kind != "word"
            )
        if v.tokens[k].pos in ("VERB", "AUX") or v.tokens[k].conjunction or v.tokens[k].text in STOPS:
            return False
    return False


def object_head(v: View, i: int, j: int) -> bool:
    """Whether token j is a verbal noun or listed noun that opens what was said."""
    token = v.tokens[j]
    if token.proclitics or v.norms[j] in _PLACES:
        return False
    listed = token.stem in words("objects") or v.norms[j] in words("objects")
    bare = token.stem
    if (not listed or token.definite) and j + 1 < v.n and v.is_that(j + 1):
        return False
    shaped = token.pos not in ("PROPN", "VERB", "ADJ")
    action = shaped and not token.definite and (is_action(bare) or any(r.form == "masdar" for r in token.readings[:1]))
    if not listed and not action:
        action = bare in words("nouns_of_action")
        for base in without_pronoun(v.norms[j]):
            listed = listed or base in words("objects") or base in words("nouns_of_action")
            action = action or (is_action(base) and not token.definite) or (len(base) == 4 and base[0] == "ت")
    if not listed and not action:
        return False
    held = v.names.get(j)
    if held is not None and held[1].kind in ("organisation", "person", "armed_group", "state", "outlet"):
        return False
    if j == i + 1 and v.norms[j] == "عدد" and j + 1 < v.n and v.norms[j + 1] == "من":
        # «أبدى عدد من الأهالي سعادتهم»
        return False
    if j == i + 1:
        # at the head of an article's sentence the word after the verb is its subject
        return v.cues[i].form.aspect == "ap" or bool(v.cues[i].conjunction) or i > v.sentence_start(i)
    before = v.tokens[j - 1]
    if before.kind == "punct":
        return before.text in ')»”"،,' and not (before.text in "،," and not listed)
    if v.is_preposition(j - 1) or (before.preposition and not before.definite and before.pos != "PROPN" and (j - 1) not in v.name_at):
        return False
    if token.definite and before.pos == "NOUN" and not before.definite and before.enclitic is None:
        # «وكالة الأنباء»: the second half of the name
        mention = v.name_at.get(j - 1)
        if mention is None or mention.start >= before.start:
            return False
    # the phrase before must be complete, or the word would be its second half
    if before.definite or before.enclitic is not None or before.pos in ("PROPN", "ADJ"):
        return True
    if (j - 1) in v.timed:
        return True
    mention = v.name_at.get(j - 1)
    if mention is not None and mention.end == before.end:
        return True
    return before.kind in ("latin",)


def named_before(v: View, i: int) -> bool:
    """Whether a named speaker stands right before the verb at the head of its clause («بلاتيني يعلن …»)."""
    mention = v.name_at.get(i - 1) if i else None
    if mention is None or mention.kind in ("place", "facility") or mention.end != v.tokens[i - 1].end:
        return False
    first = v.analysis.token_at(mention.start)
    return not v.tokens[first].preposition and (
        first == v.sentence_start(i)
        or v.tokens[first - 1].kind == "punct"
        or v.tokens[first].conjunction is not None
        or v.norms[first - 1] in words("but")
        or v.is_that(first - 1)
    )


def free_object(v: View, i: int, j: int, limit: int) -> bool:
    """Whether token j begins a second noun phrase after the subject's."""
    token = v.tokens[j]
    if token.proclitics or v.is_preposition(j) or v.norms[j] in words("adjuncts"):
        return False
    cue = v.cues[i]
    if j == i + 1:
        # directly after the verb stands its subject, unless the speaker came before or is dropped
        return cue.form.aspect == "ap" or (
            named_before(v, i) and token.kind == "word" and token.pos in ("NOUN", "X", "PRON") and j not in v.names
        )
    if cue.form.aspect == "ap":
        return False
    held = v.names.get(i + 1)
    ends = {v.noun_end(i + 1, limit)} if held is None else {held[0], v.noun_end(i + 1, limit)}
    if j not in ends:
        return False
    if v.norms[j] in ("هذا", "هذه", "ذلك", "تلك", "هولاء", "ما"):
        return True
    if token.pos in ("ADJ", "ADV", "PROPN") and j not in v.names:
        return False
    return token.definite or j in v.names
