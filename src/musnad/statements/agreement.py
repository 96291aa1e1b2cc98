"""Who a verb without subject belongs to: agreement, joined verbs, the subject of the sentence."""

from __future__ import annotations

from collections.abc import Callable

from musnad.record import Mention
from musnad.statements.lexicon import words
from musnad.statements.speakers import skip_adjunct
from musnad.statements.view import Cue, View


def gender_number(v: View, mention: Mention) -> tuple[str, str]:
    """Gender (m, f or unknown) and number (s, d, p or unknown) a mention shows by its first noun."""
    token = v.tokens[min(v.analysis.token_at(mention.start), v.n - 1)]
    reading = token.readings[0] if token.readings else None
    if token.bare in words("feminine") or token.norm in words("feminine"):
        return "f", "s"
    if token.kind != "word" or token.pos == "PROPN" or (reading is not None and reading.pos == "PROPN"):
        return "", "s"
    number = reading.number if reading is not None and reading.number in ("s", "d", "p") else ""
    if number == "d" and not token.bare.endswith(("ان", "ين")):
        number = "s"
    if token.bare.endswith("ون"):
        return "m", "p"
    if token.bare.endswith("ين") and len(token.bare) > 4 and number != "s":
        return "m", number or "p"
    if number == "p":
        # a broken plural: people or things, he or she
        return "", "p"
    if token.norm.endswith(("ة", "ه")) and token.enclitic is None and token.text.endswith("ة"):
        return "f", "s"
    if token.norm.endswith("ات"):
        return "f", "p"
    if mention.kind in ("state", "place", "outlet", "armed_group"):
        return "", "s"
    if reading is not None and reading.gender == "m" and reading.pos == "NOUN":
        return "m", number or "s"
    return "", number


def fits(v: View, cue: Cue, mention: Mention) -> bool:
    """Whether somebody named before can be the subject a verb or participle leaves out: it agrees in gender and number."""
    form = cue.form
    gender, number = gender_number(v, mention)
    if form.number == "p":
        return number == "p" or (mention.kind == "group" and not number)
    if form.number == "d":
        return number in ("d", "p", "")
    if number in ("d", "p") and gender == "m":
        return False
    if number == "p" and form.gender == "m" and mention.kind != "person":
        return False
    return not (form.gender and gender and form.gender != gender)


def heads_clause(v: View, first: int) -> bool:
    """Whether token ``first`` heads a clause: after a stop or comma, لكن, أما or أنّ."""
    return (
        first == v.sentence_start(first)
        or v.tokens[first - 1].kind == "punct"
        or v.tokens[first].conjunction is not None
        or v.norms[first - 1] in words("but")
        or v.is_that(first - 1)
    )


def coordinate(v: View, cue: Cue, inside: Callable[[int], bool]) -> tuple[int, Mention] | None:
    """The nearest finite verb before a verb in its sentence whose named subject agrees: «رفض الرئيس … وقال»."""
    floor = max(v.sentence_start(cue.token), cue.token - 60)
    for k in range(cue.token - 1, floor - 1, -1):
        token = v.tokens[k]
        if token.pos != "VERB" or k in v.name_at or v.quoted[k] >= 0:
            continue
        if k > floor and (v.norms[k - 1] in words("relative") or v.is_that(k - 1)):
            continue
        if inside(token.start):
            continue
        held = v.names.get(k + 1)
        if held is None and k + 1 < cue.token:
            j = skip_adjunct(v, k + 1, min(k + 8, cue.token))
            held = v.names.get(j) if j < cue.token else None
            if held is None and j == k + 1 and v.tokens[j].pos == "NOUN" and not v.tokens[j].proclitics:
                # «طمأن مدافع الفريق فلان … وقال»: a subject the names do not begin with
                held = next(
                    (v.names[m] for m in range(j + 1, min(v.noun_end(j, cue.token), j + 7))
                     if m in v.names and v.names[m][1].kind == "person"),
                    None,
                )  # fmt: skip
        mention = held[1] if held is not None else None
        if mention is None:
            before = v.name_at.get(k - 1) if k > floor else None
            if before is not None and before.end == v.tokens[k - 1].end:
                first = v.analysis.token_at(before.start)
                if v.can_speak(first) and heads_clause(v, first):
                    mention = before
        if mention is None or mention.kind in ("place", "facility") or mention.end > v.tokens[cue.token].start:
            continue
        if v.can_speak(v.analysis.token_at(mention.start)) and fits(v, cue, mention):
            return k, mention
    return None


def subject_of_sentence(v: View, cue: Cue) -> Mention | None:
    """The first actor named in the clause before a participle: whose circumstance it tells."""
    start = v.sentence_start(cue.token)
    floor = max(start, cue.token - 60)
    feminine = cue.form.gender == "f"
    for k in range(cue.token - 1, floor, -1):
        # the nearest name beside a finite verb of the same gender
        held = v.names.get(k)
        if held is None or held[1].kind in ("place", "facility", "outlet") or v.tokens[k].preposition or k in v.timed:
            continue
        end = held[0]
        verb = k - 1 if v.tokens[k - 1].pos == "VERB" else end if end < cue.token and v.tokens[end].pos == "VERB" else None
        if verb is None:
            continue
        word = v.word(verb)
        shown = word.endswith(("ت", "ته")) or (word[:1] == "ت" and not word.endswith("ا"))
        if shown == feminine and fits(v, cue, held[1]):
            return held[1]
    for k in range(floor, cue.token):
        held = v.names.get(k)
        if held is None or held[1].kind in ("place", "facility", "outlet") or not v.can_speak(k):
            continue
        if not fits(v, cue, held[1]):
            continue
        # at the head of its sentence, or right after a verb: elsewhere it is some other word's complement
        if k == start or (v.tokens[k - 1].pos in ("VERB", "AUX") or v.tokens[k - 1].kind == "punct"):
            return held[1]
    return None
