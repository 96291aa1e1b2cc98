"""What a written word can be by itself: every way to cut its clitics, with every reading of what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from musnad.language import forms
from musnad.language.frequency import count
from musnad.language.letters import TASHKEEL, fold, table
from musnad.language.tokens import Reading

ENCLITICS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ك", "ي")
#: last letter -> the enclitics that end so, in the order of ENCLITICS
_BY_LAST = {c: tuple((e, len(e)) for e in ENCLITICS if e[-1] == c) for c in {e[-1] for e in ENCLITICS}}
_PROCLITICS = frozenset("وفبلكس")
_NOMINAL = frozenset(("NOUN", "ADJ", "NUM", "DET", "PROPN", "ADV"))
_ENC_POS = frozenset(("NOUN", "ADJ", "NUM", "DET", "VERB", "AUX", "ADP", "SCONJ", "PART"))
_TAKE_NI = frozenset(("إن", "أن", "لكن", "كأن", "لأن", "ليت", "من", "عن"))
#: enclitics that are not cut from a stem which no list has
_LISTED_ONLY = frozenset(("كما", "كم", "كن", "ني", "هن"))
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


class Use:
    """A reading that a stem can have. ``source``: lexicon | derived | guess; ``flag``, ``pattern``, ``rank`` as in
    :class:`forms.Form`; ``form``: the listed form it comes from, None for a guess; ``alone``: takes no enclitic."""

    __slots__ = ("alone", "flag", "form", "pattern", "rank", "reading", "source")

    def __init__(
        self, reading: Reading, source: str, flag: str = "", pattern: str = "", rank: int = 0, form: forms.Form | None = None,
        alone: bool = False,
    ) -> None:  # fmt: skip
        self.reading = reading
        self.source = source
        self.flag = flag
        self.pattern = pattern
        self.rank = rank
        self.form = form
        self.alone = alone


#: a cut, whether its stem has the article, and what the stem can be
Division = tuple[Cut, bool, list[Use]]


class Candidate(NamedTuple):
    """A cut with one reading, see :class:`Use`."""

    cut: Cut
    definite: bool
    reading: Reading
    source: str
    flag: str
    pattern: str
    rank: int = 0


@lru_cache(maxsize=512)
def _openings(first: str, second: str, doubled: bool, size: int) -> tuple[tuple[tuple[str, ...], int, str], ...]:
    """Proclitics, their length and what is restored before the rest, for words that begin so.

    :param second: the second letter where it can be a preposition or س. :param doubled: whether a third follows that is ل.
    :param size: letters, up to 6.
    """
    norm = first + second + ("ل" if doubled else "-")
    starts: list[tuple[tuple[str, ...], int, str]] = [((), 0, "")]
    if size > 2 and first in "وف":
        starts.append(((first,), 1, ""))
    for pro, i, _ in starts[:]:
        if size - i < 2 or norm[i] not in "بلكس":
            continue
        starts.append(((*pro, norm[i]), i + 1, ""))
        if norm[i] == "ل" and norm[i + 1] == "ل" and size - i > 3:
            # ل and ال are written لل, and so they are before a stem in ل (للجنة: ل اللجنة)
            starts.append(((*pro, "ل"), i + 1, "ا"))
            starts.append(((*pro, "ل"), i + 1, "ال"))
    return tuple(starts)


_WHOLE: tuple[tuple[tuple[str, ...], int, str], ...] = (((), 0, ""),)


def cuts(norm: str) -> Iterator[Cut]:
    """Every division of a word that the order of clitics allows, uncut first."""
    n = len(norm)
    ends = _BY_LAST.get(norm[-1:], ())
    starts = _WHOLE
    if norm[:1] in _PROCLITICS:
        second = norm[1:2]
        starts = _openings(norm[0], second if second in _PROCLITICS else "-", norm[2:3] == "ل", min(n, 6))
    for pro, i, restored in starts:
        rest = restored + norm[i:]
        if restored == "ال" and count(rest) == 0:
            continue
        yield Cut(pro, rest, "", i, n)
        if len(rest) > 5 and rest.startswith("ال"):
            continue
        for enclitic, size in ends:
            if len(rest) > size and rest.endswith(enclitic):
                yield Cut(pro, rest[:-size], enclitic, i, n - size)


def divisions(norm: str, written: str) -> list[Division]:
    """Every division of a word with what its stem can be; never empty.

    :param norm: the word at the match level. :param written: the word as :func:`plain` leaves it.
    """
    out: list[Division] = []
    named = False
    if len(norm) <= LONGEST:
        for cut in cuts(norm):
            pro, stem, enclitic, first, _ = cut
            last_pro = pro[-1] if pro else ""
            # ألمانيا has no article
            article = stem.startswith("ال") and written[first : first + 1] not in ("أ", "إ", "آ")
            known = False
            last = None
            listed, with_article = _uses(stem), _uses(stem[2:], True) if article and not enclitic and len(stem) > 3 else None
            if listed and not (enclitic and stem[-1] in "ةى"):
                fitting = _fitting(listed, enclitic, last_pro)
                if fitting:
                    known, last = True, False
                    named = named or any(u.flag == "w" for u in fitting)
                    out.append((cut, False, fitting))
            if with_article and last_pro != "س":
                known, last = True, True
                named = named or any(u.flag == "w" for u in with_article)
                out.append((cut, True, with_article))
            if last_pro != "س":
                definite = article and len(stem) > 4
                guesses = _guesses(stem[2:] if definite else stem, definite, enclitic, bool(pro), known)
                if guesses:
                    if last is definite:
                        guesses = out.pop()[2] + guesses
                    out.append((cut, definite, guesses))
    if not out:
        return [(Cut((), norm, "", 0, len(norm)), False, [Use(Reading(norm, "PROPN"), "guess")])]
    return _without_cut_names(out) if named else out


@lru_cache(maxsize=1 << 12)
def candidates(written: str) -> tuple[Candidate, ...]:
    """Every candidate of a word, given as :func:`plain` leaves it; never empty."""
    return tuple([
        Candidate(cut, definite, use.reading, use.source, use.flag, use.pattern, use.rank)
        for cut, definite, uses in divisions(fold(written), written)
        for use in uses
    ])  # fmt: skip


def _without_cut_names(made: list[Division]) -> list[Division]:
    # no letter is cut from a listed name (كمال، فيصل) but those that may be clitics too (باسم)
    least = min([cut.proclitics for cut, _, uses in made if any(u.flag == "w" for u in uses)], key=len)
    size = len(least)
    return [d for d in made if len(d[0].proclitics) <= size or d[0].proclitics[:size] != least]


@lru_cache(maxsize=1 << 13)
def _uses(stem: str, article: bool = False) -> list[Use]:
    """What a listed stem (without clitics and ال) can be; with ``article``, only what ال can stand before."""
    found: Sequence[forms.Form] = forms.table().get(stem)
    if article:
        found = [f for f in found if f.reading.pos in _NOMINAL and f.flag not in ("c", "i", "e")]
    if not found:
        return []
    alef, prefix = stem.endswith("ا"), "ا" if article else ""
    if len({f.reading.lemma for f in found}) == len(found):
        return [use for form in found for use in _with_other_uses(form, prefix + form.pattern, alef)]
    # a noun stands in the lists both by itself and as a verbal noun: the one that names its verb says more
    best: dict[tuple[object, ...], Use] = {}
    for form in found:
        for use in _with_other_uses(form, prefix + form.pattern, alef):
            key = (use.source, use.flag, use.reading[:8])
            held = best.get(key)
            if held is None:
                best[key] = use
            elif use.reading.verb and not held.reading.verb:
                use.rank = max(use.rank, held.rank)
                best[key] = use
    return list(best.values())


def _with_other_uses(form: forms.Form, pattern: str, alef: bool) -> list[Use]:
    # participles and adjectives stand as nouns, any noun may be a name, an indefinite accusative an adverb
    reading, flag, rank = form.reading, form.flag, form.rank
    pos = reading.pos
    out = [Use(reading, "lexicon", flag, pattern, rank, form)]
    if pos == "VERB" and reading.lemma in _COPULAS:
        out.append(Use(reading._replace(pos="AUX"), "derived", flag, pattern, rank, form))
    if pos == "ADJ":
        out.append(Use(reading._replace(pos="NOUN"), "derived", flag, pattern, rank, form))
    elif pos == "NUM" or (pos == "NOUN" and reading.form in ("ap", "pp")):
        out.append(Use(reading._replace(pos="ADJ"), "derived", flag, pattern, rank, form))
    if pos in ("NOUN", "ADJ"):
        if reading.number != "d" and flag in ("", "n"):
            name = Reading(reading.lemma, "PROPN", gender=reading.gender, number=reading.number)
            out.append(Use(name, "derived", flag, pattern, rank, form, True))
        if flag == "i" and alef:
            out.append(Use(Reading(reading.lemma, "ADV"), "derived", flag, pattern, rank, form, True))
    return out


def _fitting(uses: list[Use], enclitic: str, last_pro: str) -> list[Use]:
    """Those of the uses that stand between these clitics."""
    if not enclitic and last_pro in ("", "و", "ف"):
        return [u for u in uses if u.flag != "e"]
    return [u for u in uses if not (enclitic and u.alone) and _fits(u.form, enclitic, last_pro)]  # type: ignore[arg-type]


def _fits(form: forms.Form, enclitic: str, last_pro: str) -> bool:
    reading, flag = form.reading, form.flag
    pos = reading.pos
    if enclitic:
        if pos not in _ENC_POS or flag in ("n", "i"):
            return False
        if pos in ("VERB", "AUX"):
            if enclitic == "ي" or reading.voice == "pass":
                return False
        elif enclitic == "ني":
            if reading.lemma not in _TAKE_NI:
                return False
        elif enclitic == "ي" and flag == "e" and pos != "ADP":
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


def _guesses(bare: str, definite: bool, enclitic: str, proclitics: bool, known: bool) -> list[Use]:
    """What an unlisted stem (without ال) may be, or a listed one besides."""
    size = len(bare)
    if enclitic:
        if known or size < 3 or definite or enclitic in _LISTED_ONLY or not _attested(bare):
            return []
        return [Use(_guess(bare, "NOUN", False), "guess")]
    if proclitics and size < 2:
        return []
    out = [Use(Reading(bare, "PROPN"), "guess")]
    if not known or size > 3:
        out.append(Use(_guess(bare, "NOUN", definite), "guess"))
        if size > 2:
            out.append(Use(_guess(bare, "ADJ", definite), "guess"))
    return out


def _attested(bare: str) -> bool:
    return bool(
        count(bare)
        or count("ال" + bare)
        or (bare.endswith("ت") and (count(bare[:-1] + "ة") or count("ال" + bare[:-1] + "ة")))
    )  # fmt: skip


def _guess(bare: str, pos: str, definite: bool) -> Reading:
    """A nominal reading of an unlisted stem from its ending; the singular is what the word counts attest."""
    last = bare[-1:]
    if last in "نت":
        for ending, number, gender in _ENDINGS:
            if len(bare) > len(ending) + 2 and bare.endswith(ending):
                base = bare[: -len(ending)]
                feminine = base + "ة"
                if ending in ("تين", "تان"):
                    return Reading(base + "ة" if pos == "NOUN" else base, pos, "", "", "", gender, number)
                if ending == "ات":
                    plain, marked = _weight(base), _weight(feminine)
                    lemma = base if pos == "ADJ" or plain > marked else feminine
                    return Reading(lemma, pos, "", "", "", gender, number)
                if _weight(base) > 0:
                    return Reading(base, pos, "", "", "", gender, number)
    if last == "ة":
        return Reading(bare[:-1] if pos == "ADJ" else bare, pos, "", "", "", "f", "s")
    if last == "ا" and len(bare) > 3 and not definite and _weight(bare[:-1]) > 0:
        return Reading(bare[:-1], pos, "", "", "", "m", "s")
    return Reading(bare, pos, "", "", "", "m", "s")


_ENDINGS = (("تين", "d", "f"), ("تان", "d", "f"), ("ات", "p", "f"), ("ون", "p", "m"), ("ين", "p", "m"), ("ان", "d", "m"))


def _weight(bare: str) -> int:
    return count(bare) + count("ال" + bare)


#: whether a word is written with letters alone
letters_only = re.compile("[\u0621-\u063a\u0641-\u064a]*").fullmatch


@lru_cache(maxsize=1)
def _plain_table() -> dict[int, str]:
    # drops what the match level drops, keeps what it unites
    return {k: v for k, v in table("match").items() if v == "" or k >= 0xFB50}


def plain(text: str) -> str:
    """The spelling without tashkeel, tatweel and controls, hamza and alef maqsura kept: as long as the match level's fold."""
    if letters_only(text):
        return text
    return text.translate(_plain_table())


def spelling(plain_stem: str) -> str:
    """The alefs of a written stem and a final alef maqsura, comparable with ``pattern`` of a form."""
    return "".join([c for c in plain_stem if c in "اأإآٱ"]) + ("ى" if plain_stem.endswith("ى") else "")


def vowelled(text: str) -> bool:
    """Whether a word carries tashkeel."""
    return not _MARKS.isdisjoint(text)


__all__ = ["Candidate", "Cut", "Division", "Use", "candidates", "cuts", "divisions", "fold", "plain", "spelling", "vowelled"]
