"""Who speaks: beside the cue, before it, or carried over; to whom, through what, when and where."""

from __future__ import annotations

from typing import NamedTuple

from musnad.pipeline import Analysis
from musnad.record import Mention
from musnad.statements.frames import Opener
from musnad.statements.lexicon import words
from musnad.statements.view import COMMAS, DASHES, STOPS, THAT, Cue, View

try:
    from musnad.actors import find as _find
except ImportError:  # the actors room is not installed
    _find = None  # type: ignore[assignment]

#: how far before its verb a subject may begin
BACK = 28


class Phrase(NamedTuple):
    """Tokens of a noun phrase, half open."""

    first: int
    last: int


class Around(NamedTuple):
    """What stands around a cue besides its speaker (mention and time ids)."""

    addressee: str | None
    via: str | None
    time: str | None
    place: str | None


def mention_for(analysis: Analysis, phrase: Phrase) -> Mention:
    """The mention of a noun phrase, made where there is none; never longer than the phrase."""
    if _find is not None:
        found = _find.mention_for(analysis, phrase.first, phrase.last)
        end = analysis.tokens[phrase.last - 1].end
        if found.end <= end or found.start >= end:
            return found
        # a name that runs into what was said is cut at the phrase's end
        span = analysis.span(found.start, end)
        head = found.head if found.head is not None and found.head.end <= end else None
        role = found.role if found.role is not None and found.role.end <= end else None
        cut = Mention(
            id=analysis.new_id("m"), start=span.start, end=span.end, text=span.text, kind=found.kind, head=head, role=role,
            entity=found.entity, rules=[*found.rules, "speaker"],
        )  # fmt: skip
        analysis.mentions.append(cut)
        return cut
    first, last = analysis.tokens[phrase.first], analysis.tokens[phrase.last - 1]
    for mention in analysis.mentions:
        if mention.start == first.stem_start and mention.end == last.end:
            return mention
    span = analysis.span(first.stem_start, last.end)
    made = Mention(
        id=analysis.new_id("m"),
        start=span.start,
        end=span.end,
        text=span.text,
        kind="person",
        rules=["speaker"],
    )
    analysis.mentions.append(made)
    return made


def tidy(v: View, phrase: Phrase | None) -> Phrase | None:
    """A speaker's phrase without years, dashes and adverbs before it; None where no noun is left."""
    if phrase is None:
        return None
    first, last = phrase
    while first < last and (
        (v.tokens[first].kind not in ("word", "latin") and first not in v.opens)
        or v.norms[first] in words("then")
        or (first in v.timed and first not in v.names)
    ):
        first += 1
    if first >= last or v.norms[first] in words("not_speaker") or v.norms[first] in words("sure"):
        return None
    return Phrase(first, last)


def after_verb(v: View, cue: Cue, opener: Opener) -> Phrase | None:
    """The subject between a verb and its content (VSO), without time, place and audience."""
    lo, hi = cue.token + 1, opener.stop
    i = lo
    while i < hi:
        i = skip_adjunct(v, i, hi)
        if i >= hi:
            return None
        token = v.tokens[i]
        word = v.norms[i]
        if token.kind == "punct" and i not in v.opens:
            i += 1
            continue
        if word.endswith(("ه", "ها", "هم")) and word in words("settings"):
            # «استهل تغريدته بـ…»: what is spoken, not who speaks
            i += 1
            continue
        if word in words("relative") or (
            i in v.cues and v.cues[i].form.aspect == "ap" and (i > lo or token.text.endswith(("ا", "اً", "ًا")))
        ):
            return None
        if word in words("not_subject"):
            i += 1
            continue
        break
    if i >= hi or (v.tokens[i].pos in ("VERB", "AUX") and i not in v.names):
        return None
    if i - lo > 3:
        # far from its verb, past where and when, only a known name is the subject
        held = v.names.get(i)
        if held is None or held[1].kind in ("place", "facility", "outlet") or i - lo > 16 or v.tokens[i - 1].text == "(":
            return None
    last = subject_end(v, i, hi, opener)
    if last <= i:
        return None
    first = i
    while last > first and v.tokens[last - 1].kind == "punct" and (last - 1) not in v.closes and v.tokens[last - 1].text != ")":
        last -= 1
    if first in v.opens and v.opens[first].close is not None and v.opens[first].close == last - 1:
        first, last = first + 1, last - 1
    return Phrase(first, last) if last > first else None


def skip_adjunct(v: View, i: int, hi: int) -> int:
    """The token after times, settings and audiences that begin at i."""
    while i < hi:
        word = v.norms[i]
        token = v.tokens[i]
        if word in words("not_subject"):
            i += 1
            continue
        if (
            i in v.timed
            or word in words("adverbs")
            or (word in words("adjuncts") and word not in words("prepositions") and word not in words("relative") and word not in THAT)
        ):
            i += 1
            continue
        if (word not in ("علي", "الي") or v.is_preposition(i)) and word in (
            "في",
            "منذ",
            "خلال",
            "عبر",
            "علي",
            "امام",
            "بعد",
            "قبل",
            "عقب",
            "من",
            "مع",
            "عن",
            "الي",
            "اثر",
            "حول",
            "اثناء",
            "ضمن",
            "لدي",
            "بشان",
            "ازاء",
        ):
            i = _phrase_end(v, i + 1, hi)
            continue
        if (token.preposition or to_audience(v, i)) and not v.opens.get(i):
            i = _phrase_end(v, i, hi)
            continue
        break
    return i


def _phrase_end(v: View, i: int, hi: int) -> int:
    if i >= hi:
        return hi
    end = v.noun_end(i, hi)
    held = v.names.get(i)
    if held is not None:
        end = max(end, min(held[0], hi))
    # «في بيان صحفي نشره المكتب»: an adjective may be left; stop at commas
    return max(end, i + 1)


def to_audience(v: View, i: int) -> bool:
    word = v.norms[i]
    if word[:1] != "ل" or len(word) < 4:
        return word == "ل"
    rest = "ال" + word[2:] if word.startswith("لل") else word[1:]
    bare = rest.removeprefix("ال")
    return rest in words("outlets") or bare in words("audience") or rest in words("audience") or bare in words("outlets")


def subject_end(v: View, first: int, hi: int, opener: Opener) -> int:
    """Where the subject that begins at ``first`` ends; generous between verb and أن, careful before an object."""
    sure = opener.kind in ("that", "colon", "quote", "prep")
    j = first
    closed = False
    while j < hi:
        token = v.tokens[j]
        word = v.norms[j]
        held = v.names.get(j)
        if j > first and to_audience(v, j):
            break
        if held is not None and held[0] > j and held[1].kind not in ("place", "facility") and j not in v.timed:
            end = min(held[0], hi)
            heard = next((k for k in range(j + 1, end) if to_audience(v, k)), None)
            if heard is not None and v.tokens[j].bare not in words("papers"):
                # «مصدر تركي لوكالة …»: whom it was told is no part of the name
                return heard
            j = end
            closed = True
            continue
        if token.kind == "punct":
            quote = v.opens.get(j)
            if quote is not None and quote.close is not None and quote.close < hi:
                j = quote.close + 1
                continue
            if token.text == "(":
                for k in range(j + 1, min(j + 12, hi)):
                    if v.tokens[k].text == ")":
                        j = k
                        break
                j += 1
                continue
            if token.text in COMMAS | DASHES and sure and j + 1 < hi and _apposition(v, j + 1, hi):
                j += 1
                continue
            break
        if j > first:
            if j in v.timed or word in words("adjuncts") or word in words("relative"):
                break
            if to_audience(v, j):
                break
            if v.is_preposition(j):
                if not _title_preposition(v, j, hi, first, closed):
                    break
                j = max(v.noun_end(j + 1, hi), j + 2)
                continue
            cue = v.cues.get(j)
            if (
                cue is not None
                and cue.form.aspect in ("perf", "imp", "ap")
                and not token.definite
                and token.pos not in ("NOUN", "PROPN", "ADJ")
            ):
                break
            if token.conjunction and not sure:
                break
            if not sure and (j >= v.noun_end(first, hi) or (_with_b(v, j) and (closed or not token.stem.startswith("ال")))):
                break
        j += 1
    return min(j, hi)


def _with_b(v: View, j: int) -> bool:
    """Whether token j carries a ب that no title does («المتحدث باسم»)."""
    return v.tokens[j].preposition == "ب" and v.norms[j][1:] not in words("title_b") and v.name_at.get(j) is None


def _apposition(v: View, k: int, hi: int) -> bool:
    word = v.norms[k]
    if v.is_preposition(k) or word in words("adjuncts") or k in v.timed or word in THAT or word in words("relative"):
        return False
    token = v.tokens[k]
    if token.preposition or to_audience(v, k):
        return False
    return token.kind in ("word", "latin") or k in v.opens


def _title_preposition(v: View, j: int, hi: int, first: int, closed: bool) -> bool:
    word = v.norms[j]
    if word not in ("في", "من", "عن", "الي", "علي", "لدي", "بين") or j + 1 >= hi:
        return False
    if word == "في" and (v.norms[j + 1] in words("settings") or (j + 1) in v.timed):
        return False
    mention = v.name_at.get(j)
    if mention is not None and mention is v.name_at.get(j - 1):
        return True
    near = range(first, min(j, first + 4))
    heads = {v.tokens[k].bare for k in near} | {v.norms[k] for k in near}
    # «مسؤولا في»: the accusative after لكن and أن
    heads |= {w[:-1] for w in heads if w.endswith("ا")}
    return bool(heads & words("of_office")) and j - first <= 6


def before_verb(v: View, cue: Cue) -> Phrase | None:
    """The subject before its verb (SVO, «وكانت واشنطن قالت», «المصدر الذي أكد»)."""
    i = cue.token
    if cue.conjunction == "و":
        # what stands before a joined verb belongs to the verb before it
        return None
    floor = max(v.sentence_start(i), i - BACK)
    j = i - 1
    while j >= floor and (v.norms[j] in ("قد", "كان", "كانت", "كانوا", "سبق", "وقد", "وكان", "وكانت") or j in v.timed):
        if v.norms[j] in ("وكان", "وكانت", "كان", "كانت", "وقد") and j < i - 1 and j in v.timed:
            break
        j -= 1
    if j < floor:
        return None
    if v.norms[j] in words("relative"):
        if (v.norms[j] == "الذي" and cue.form.gender == "f") or (
            v.norms[j] == "التي" and cue.form.gender == "m" and cue.form.number == "s"
        ):
            # «الدعم الذي قالت إنه»: what is spoken of, not who speaks
            return None
        k = j - 1
        if k >= floor and v.tokens[k].text in COMMAS:
            k -= 1
        if k < floor:
            return None
        mention = v.name_at.get(k)
        if mention is not None:
            return _of_mention(v, mention)
        first = k
        while (
            first > floor
            and v.tokens[first].kind == "word"
            and not v.tokens[first].proclitics
            and v.norms[first - 1] not in words("prepositions")
            and k - first < 4
            and v.tokens[first - 1].kind == "word"
            and not v.tokens[first - 1].definite
        ):
            first -= 1
        return Phrase(first, k + 1)
    named = v.name_at.get(i - 1)
    if named is not None and named.end == v.tokens[i - 1].end and named.kind not in ("place", "facility") and (i - 1) not in v.timed:
        begin = v.analysis.token_at(named.start)
        indefinite = not v.tokens[begin].definite and v.tokens[begin].pos == "NOUN"
        if indefinite and begin > floor and v.tokens[begin - 1].kind == "word" and v.can_speak(begin):
            # «انتقد أحزابا كردية طالبت بـ…»: the verb describes the name before it
            return Phrase(begin, i)
    start = _clause_start(v, i, floor)
    if start >= i:
        return None
    first = start
    # clause openers that are no subject
    while first < i and (
        v.norms[first] in words("not_subject")
        or v.norms[first] in ("وكان", "وكانت", "وقد", "ولكن", "لكن", "غير", "الا")
        or v.norms[first] in THAT
        or (first in v.timed)
    ):
        first += 1
    while first < i and v.norms[first] in words("but"):
        first += 1
    first = _skip_leading(v, first, i)
    if first >= i:
        return None
    token = v.tokens[first]
    if (
        token.preposition
        or v.is_preposition(first)
        or v.word(first) in words("prepositions") - {"علي", "الي"}
        or (token.kind == "punct" and first not in v.opens)
    ):
        return None
    if first in v.cues and v.cues[first].form.aspect in ("perf", "imp") and token.pos not in ("NOUN", "PROPN") and not token.definite:
        return None
    noun = any(r.pos in ("NOUN", "ADJ") for r in token.readings) and (
        token.pos == "ADV" or (token.norm.endswith("ا") and (v.norms[first - 1] in words("but") or v.is_that(first - 1)))
    )
    if token.pos in ("VERB", "AUX", "ADV", "PART") and not noun:
        return None
    fake = Opener("that", i, 0, i, True)
    last = subject_end(v, first, i, fake)
    if last <= first:
        return None
    # what stands between subject and verb must be an aside or a relative clause
    between = v.norms[last:i]
    if last < i and not (v.tokens[last].text in COMMAS | DASHES or between[0] in words("relative") or between[0] in words("prepositions") or last in v.timed
                         or v.tokens[last].text == "(" or between[0] in ("قد", "لم", "لا") or between[0] in words("adjuncts")):  # fmt: skip
        return None
    if any(v.tokens[k].pos == "VERB" for k in range(first + noun, last)):
        return None
    while last > first and v.tokens[last - 1].kind == "punct" and (last - 1) not in v.closes and v.tokens[last - 1].text != ")":
        last -= 1
    return Phrase(first, last) if last > first else None


def _of_mention(v: View, mention: Mention) -> Phrase:
    return Phrase(v.analysis.token_at(mention.start), v.analysis.token_at(mention.end - 1) + 1)


def _skip_leading(v: View, first: int, i: int) -> int:
    """Past «من جهته،», «في المقابل،», «وفي بغداد،» at the head of a clause."""
    for _ in range(3):
        if first < i and (
            v.is_preposition(first)
            or v.norms[first] in ("ومن", "وفي", "وعن", "وعلي", "والي", "وخلال", "وبعد", "وعقب")
            or v.tokens[first].preposition
        ):
            for k in range(first, min(first + 9, i)):
                if v.tokens[k].text in COMMAS:
                    first = k + 1
                    break
            else:
                return i
        elif first < i and first in v.timed:
            while first < i and (first in v.timed or v.tokens[first].text in COMMAS):
                first += 1
        else:
            break
    return first


def _clause_start(v: View, i: int, floor: int) -> int:
    """First token of the clause in which token i stands: after a stop, a joining word, or أن."""
    j = i - 1
    commas = 0
    while j >= floor:
        token = v.tokens[j]
        word = v.norms[j]
        if token.text in STOPS or (token.text in "؛:" and token.kind == "punct") or j in v.opens:
            return j + 1
        if token.text in "،,":
            commas += 1
            nxt = v.norms[j + 1] if j + 1 < v.n else ""
            if nxt[:1] == "و" and v.tokens[j + 1].conjunction:
                return j + 1
        if word in words("but") and word.startswith(("لكنه", "ولكنه")):
            return j
        if word in THAT or word in (
            "لكن",
            "ولكن",
            "فيما",
            "بينما",
            "حيث",
            "اذ",
            "وقد",
            "وكان",
            "وكانت",
            "كما",
            "ثم",
        ):
            return j + 1 if word in THAT else j
        j -= 1
    return max(floor, j + 1)


def around(v: View, cue: Cue, lo: int, hi: int, phrase: Phrase | None) -> Around:
    """Addressee, outlet, time and place told between tokens lo and hi, outside the speaker's phrase."""
    addressee = via = time = place = None
    analysis = v.analysis
    for k in range(max(lo, 0), min(hi, lo + 50)):
        if time is None and k in v.timed:
            time = v.timed[k]
        word = v.norms[k]
        if k == cue.token or (phrase is not None and phrase.first <= k < phrase.last):
            continue
        outlet = None
        if to_audience(v, k):
            j = k + 1 if word == "ل" else k
            if j >= hi:
                continue
            end = max(v.noun_end(j, hi), j + 1)
            bare = v.tokens[j].bare
            phrase = Phrase(j, end)
            if bare in words("audience") or v.norms[j].lstrip("ل").removeprefix("ل") in words("audience"):
                addressee = addressee or mention_for(analysis, phrase).id
            else:
                outlet = phrase
        elif word in ("مع", "الي", "علي", "عبر", "امام", "مع") and k + 1 < hi:
            j = k + 1
            stem = v.norms[j]
            end = max(v.noun_end(j, hi), j + 1)
            if stem in words("outlets"):
                outlet = Phrase(j, end)
            elif word == "امام" and addressee is None:
                addressee = mention_for(analysis, Phrase(j, end)).id
        if outlet is not None and via is None:
            via = mention_for(analysis, outlet).id
        mention = v.name_at.get(k)
        if mention is not None and mention.kind == "outlet" and via is None and v.tokens[k].preposition == "ل":
            via = mention.id
        if (
            place is None
            and mention is not None
            and mention.kind in ("place", "facility")
            and k > lo
            and (v.norms[k - 1] in ("في", "من") or v.tokens[k].preposition == "ب")
        ):
            place = mention.id
    return Around(addressee, via, time, place)
