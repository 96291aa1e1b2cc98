"""What a written word can be by itself: every way to cut its clitics, with every reading of what is left."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from musnad.language import forms, frequency
from musnad.language.letters import TASHKEEL, fold, table
from musnad.language.tokens import Reading

ENCLITICS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ك", "ي")
_NOMINAL = frozenset(("NOUN", "ADJ", "NUM", "DET", "PROPN", "ADV"))
_ENC_POS = frozenset(("NOUN", "ADJ", "NUM", "DET", "VERB", "AUX", "ADP", "SCONJ", "PART"))
_TAKE_NI = frozenset(("إن", "أن", "لكن", "كأن", "لأن", "ليت", "من", "عن"))
_COPULAS = frozenset(("كان",))
_MARKS = frozenset(TASHKEEL)
_HELD_BY_PREPOSITION = frozenset(("PRON", "SCONJ", "DET", "ADV", "PART", "ADP"))
#: how much of a word is looked at; what is longer is no word
LONGEST = 40


class Cut(NamedTuple):
    """Clitics of a word: ``proclitics`` in order, ``stem`` without them (ال restored after لل), ``enclitic`` or "".

    ``first`` and ``last`` bound the stem's own letters in the norm."""

    proclitics: tuple[str, ...]
    stem: str
    enclitic: str
    first: int
    last: int


class Candidate(NamedTuple):
    """A cut with one reading. ``source``: lexicon | derived | guess; ``flag``, ``pattern`` as in :class:`forms.Form`."""

    cut: Cut
    definite: bool
    reading: Reading
    source: str
    flag: str
    pattern: str
    rank: int = 0


def cuts(norm: str) -> Iterator[Cut]:
    """Every division of a word that the order of clitics allows, uncut first."""
    n = len(norm)
    starts: list[tuple[tuple[str, ...], int, str]] = [((), 0, "")]
    if n > 2 and norm[0] in "وف":
        starts.append(((norm[0],), 1, ""))
    for pro, i, _ in starts[:]:
        if n - i < 2 or norm[i] not in "بلكس":
            continue
        starts.append(((*pro, norm[i]), i + 1, ""))
        if norm[i] == "ل" and norm[i + 1] == "ل" and n - i > 3:
            # ل and ال are written لل, and so they are before a stem in ل (للجنة: ل اللجنة)
            starts.append(((*pro, "ل"), i + 1, "ا"))
            starts.append(((*pro, "ل"), i + 1, "ال"))
    for pro, i, restored in starts:
        rest = restored + norm[i:]
        if restored == "ال" and frequency.count(rest) == 0:
            continue
        yield Cut(pro, rest, "", i, n)
        if rest.startswith("ال") and len(rest) > 5:
            continue
        for enclitic in ENCLITICS:
            size = len(enclitic)
            if len(rest) > size and rest.endswith(enclitic):
                yield Cut(pro, rest[:-size], enclitic, i, n - size)


@lru_cache(maxsize=1 << 12)
def candidates(written: str) -> tuple[Candidate, ...]:
    """Every candidate of a word, given as :func:`plain` leaves it; never empty."""
    norm = fold(written)
    out: list[Candidate] = []
    if len(norm) <= LONGEST:
        for cut in cuts(norm):
            # ألمانيا has no article
            article = cut.stem.startswith("ال") and written[cut.first : cut.first + 1] not in ("أ", "إ", "آ")
            before = len(out)
            out.extend(_known(cut, article))
            out.extend(_guessed(cut, article, len(out) > before))
    if not out:
        whole = Cut((), norm, "", 0, len(norm))
        out.append(Candidate(whole, False, Reading(norm, "PROPN"), "guess", "", ""))
    return _distinct(out)


def _distinct(made: list[Candidate]) -> tuple[Candidate, ...]:
    # no letter is cut from a listed name (كمال، فيصل) but those that may be clitics too (باسم)
    named = [c.cut.proclitics for c in made if c.flag == "w"]
    if named:
        least = min(named, key=len)
        made = [c for c in made if len(c.cut.proclitics) <= len(least) or c.cut.proclitics[: len(least)] != least]
    # a noun stands in the lists both by itself and as a verbal noun: the one that names its verb says more
    best: dict[tuple[object, ...], Candidate] = {}
    for candidate in made:
        reading = candidate.reading
        key = (candidate.cut, candidate.definite, candidate.source, candidate.flag, reading[:8])
        held = best.get(key)
        if held is None or (reading.verb and not held.reading.verb):
            best[key] = candidate if held is None else candidate._replace(rank=max(candidate.rank, held.rank))
    return tuple(best.values())


def _known(cut: Cut, article: bool) -> Iterator[Candidate]:
    stem, last_pro = cut.stem, cut.proclitics[-1] if cut.proclitics else ""
    definite = article and len(stem) > 3
    for form in forms.lookup(stem):
        if _fits(form, cut, last_pro, False):
            yield Candidate(cut, False, form.reading, "lexicon", form.flag, form.pattern, form.rank)
            yield from _other_uses(cut, False, form)
    if definite and last_pro != "س":
        for form in forms.lookup(stem[2:]):
            if form.reading.pos in _NOMINAL and form.flag not in ("c", "i", "e") and not cut.enclitic:
                yield Candidate(cut, True, form.reading, "lexicon", form.flag, "ا" + form.pattern, form.rank)
                yield from _other_uses(cut, True, form)


def _other_uses(cut: Cut, definite: bool, form: forms.Form) -> Iterator[Candidate]:
    # participles and adjectives stand as nouns, any noun may be a name, an indefinite accusative an adverb
    reading = form.reading
    pattern = "ا" + form.pattern if definite else form.pattern
    if reading.pos == "VERB" and reading.lemma in _COPULAS:
        yield Candidate(cut, definite, reading._replace(pos="AUX"), "derived", form.flag, pattern, form.rank)
    if reading.pos == "ADJ":
        yield Candidate(cut, definite, reading._replace(pos="NOUN"), "derived", form.flag, pattern, form.rank)
    elif reading.pos == "NUM" or (reading.pos == "NOUN" and reading.form in ("ap", "pp")):
        yield Candidate(cut, definite, reading._replace(pos="ADJ"), "derived", form.flag, pattern, form.rank)
    if reading.pos in ("NOUN", "ADJ") and not cut.enclitic:
        if reading.number != "d" and form.flag in ("", "n"):
            yield Candidate(cut, definite, Reading(reading.lemma, "PROPN", gender=reading.gender, number=reading.number),
                            "derived", form.flag, pattern, form.rank)  # fmt: skip
        if form.flag == "i" and cut.stem.endswith("ا"):
            yield Candidate(cut, definite, Reading(reading.lemma, "ADV"), "derived", form.flag, pattern, form.rank)


def _fits(form: forms.Form, cut: Cut, last_pro: str, definite: bool) -> bool:
    reading, flag = form.reading, form.flag
    pos = reading.pos
    if cut.enclitic:
        if pos not in _ENC_POS or flag in ("n", "i") or cut.stem.endswith(("ة", "ى")):
            return False
        if pos in ("VERB", "AUX"):
            if cut.enclitic == "ي" or reading.voice == "pass":
                return False
        elif cut.enclitic == "ني":
            if reading.lemma not in _TAKE_NI:
                return False
        elif cut.enclitic == "ي" and flag == "e" and pos != "ADP":
            return True
    elif flag == "e":
        return False
    if last_pro in ("", "و", "ف"):
        return True
    if last_pro == "س":
        return pos in ("VERB", "AUX") and reading.aspect == "imp" and reading.mood in ("", "ind") and flag != "x"
    if last_pro == "ل" and pos in ("VERB", "AUX"):
        return (reading.aspect == "imp" and reading.mood != "ind") or reading.aspect == "perf"
    if pos in _HELD_BY_PREPOSITION:
        return reading.lemma != "ب" and reading.lemma != "ل" and reading.lemma != "ك"
    return pos in _NOMINAL and flag != "i"


def _guessed(cut: Cut, article: bool, known: bool) -> Iterator[Candidate]:
    stem = cut.stem
    last_pro = cut.proclitics[-1] if cut.proclitics else ""
    definite = article and len(stem) > 4
    bare = stem[2:] if definite else stem
    if last_pro == "س":
        return
    if cut.enclitic:
        if known or len(bare) < 3 or definite or not _attested(bare) or cut.enclitic in ("كما", "كم", "كن", "ني", "هن"):
            return
        yield Candidate(cut, False, _guess(bare, "NOUN", False), "guess", "", "")
        return
    if cut.proclitics and len(bare) < 2:
        return
    name = Reading(bare, "PROPN")
    yield Candidate(cut, definite, name, "guess", "", "")
    if not known or len(bare) > 3:
        yield Candidate(cut, definite, _guess(bare, "NOUN", definite), "guess", "", "")
        if len(bare) > 2:
            yield Candidate(cut, definite, _guess(bare, "ADJ", definite), "guess", "", "")


def _attested(bare: str) -> bool:
    return bool(
        frequency.count(bare)
        or frequency.count("ال" + bare)
        or (bare.endswith("ت") and (frequency.count(bare[:-1] + "ة") or frequency.count("ال" + bare[:-1] + "ة")))
    )


@lru_cache(maxsize=1 << 12)
def _guess(bare: str, pos: str, definite: bool) -> Reading:
    """A nominal reading of an unlisted stem from its ending; the singular is what the word counts attest."""
    for ending, number, gender in _ENDINGS:
        if len(bare) > len(ending) + 2 and bare.endswith(ending):
            base = bare[: -len(ending)]
            feminine = base + "ة"
            if ending in ("تين", "تان"):
                return Reading(base + "ة" if pos == "NOUN" else base, pos, gender=gender, number=number)
            if ending == "ات":
                plain, marked = _weight(base), _weight(feminine)
                lemma = base if pos == "ADJ" or plain > marked else feminine
                return Reading(lemma, pos, gender=gender, number=number)
            if _weight(base) > 0:
                return Reading(base, pos, gender=gender, number=number)
    if bare.endswith("ة"):
        return Reading(bare[:-1] if pos == "ADJ" else bare, pos, gender="f", number="s")
    if bare.endswith("ا") and len(bare) > 3 and not definite and _weight(bare[:-1]) > 0:
        return Reading(bare[:-1], pos, gender="m", number="s")
    return Reading(bare, pos, gender="m", number="s")


_ENDINGS = (("تين", "d", "f"), ("تان", "d", "f"), ("ات", "p", "f"), ("ون", "p", "m"), ("ين", "p", "m"), ("ان", "d", "m"))


def _weight(bare: str) -> int:
    return frequency.count(bare) + frequency.count("ال" + bare)


@lru_cache(maxsize=1)
def _plain_table() -> dict[int, str]:
    # drops what the match level drops, keeps what it unites
    return {k: v for k, v in table("match").items() if v == "" or k >= 0xFB50}


def plain(text: str) -> str:
    """The spelling without tashkeel, tatweel and controls, hamza and alef maqsura kept: as long as the match level's fold."""
    return text.translate(_plain_table())


def spelling(plain_stem: str) -> str:
    """The alefs of a written stem and a final alef maqsura, comparable with ``pattern`` of a form."""
    return "".join([c for c in plain_stem if c in "اأإآٱ"]) + ("ى" if plain_stem.endswith("ى") else "")


def vowelled(text: str) -> bool:
    """Whether a word carries tashkeel."""
    return not _MARKS.isdisjoint(text)


__all__ = ["Candidate", "Cut", "candidates", "cuts", "fold", "plain", "spelling", "vowelled"]
