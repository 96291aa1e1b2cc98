"""Chooses each word's cut and reading in context: a linear model over the candidates of :mod:`musnad.language.words`.

Method: averaged perceptron (Collins 2002) ranking candidates from left to right; weights are trained by ``training/tagger.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from musnad import lexicon
from musnad.language import frequency
from musnad.language.letters import fold
from musnad.language.tokens import Reading
from musnad.language.words import Candidate, Cut, candidates, plain, spelling, vowelled

#: candidates whose own score is this much below the best are not weighed in context
MARGIN = 20.0
#: candidates of a word that are weighed in context
BEAM = 18


class Option(NamedTuple):
    """A candidate with its own score and what context features need of it."""

    candidate: Candidate
    score: float
    pos: str
    tag: str
    agree: str
    stem: str
    keys: tuple[str, str, str, str]


class Word(NamedTuple):
    """A written form: its fold and options, best first by their own score; ``tag`` is the first one's."""

    norm: str
    options: tuple[Option, ...]
    tag: str


def _bucket(number: int) -> int:
    return min(number.bit_length(), 12)


def own_features(raw: str, norm: str, written: str, candidate: Candidate) -> list[str]:
    """Features of a candidate that do not depend on its neighbours."""
    cut, reading = candidate.cut, candidate.reading
    stem, pos = cut.stem, reading.pos
    bare = stem[2:] if candidate.definite else stem
    shape = "+".join(cut.proclitics) + "|" + cut.enclitic
    tag = tag_of(candidate)
    source = candidate.source
    use_whole, use_stem = frequency.use(norm), frequency.use(stem)
    use_other = frequency.use(bare if candidate.definite else "ال" + bare)
    whole, alone, withal = use_whole.count, use_stem.count, use_other.count
    share_bare = (use_other if candidate.definite else use_stem).share
    out = [
        f"t{tag}", f"s{shape}", f"ts{tag}{shape}", f"c{source}{pos}", f"cs{source}{shape}", f"w|{norm}|{shape}", f"k|{stem}|{pos}",
        f"l|{reading.lemma}|{pos}", f"m|{stem}|{reading.lemma}", f"d{pos}{candidate.definite}", f"p{pos}{reading.aspect}{reading.person}{reading.gender}{reading.number}{reading.voice}{reading.mood}",
        f"f{pos}{candidate.flag}{reading.form}", f"n{pos}{share_bare}{use_whole.share}", f"g{pos}{candidate.rank}{reading.form}", f"gs{source}{candidate.rank}",
        f"u{tag}{use_whole.coarse}", f"U{tag}{use_whole.fine}", f"us{shape}{use_whole.coarse}",
        f"z{min(len(bare), 7)}{source}{shape}", f"zp{min(len(bare), 7)}{pos}",
        f"q{pos}{source}{_bucket(alone)}", f"qa{pos}{_bucket(withal)}",
    ]  # fmt: skip
    if shape != "|":
        out += [f"v{tag}{use_stem.coarse}", f"V{tag}{use_stem.fine}", f"o{tag}{use_other.coarse}"]
        ratio = _bucket(alone + withal) - _bucket(whole)
        out += [f"r{shape}{ratio}", f"rs{shape}{source}{_bucket(alone)}", f"rw{shape}{_bucket(whole)}{source}", f"rx{ratio}{source}", f"rn{shape}{use_whole.share}"]
        if cut.proclitics:
            out.append(f"ra{cut.proclitics[0]}{bare[:2]}")
            if cut.enclitic:
                out.append("both")
        if cut.enclitic:
            out.append(f"re{cut.enclitic}{stem[-1:]}{source}{pos}")
    else:
        out.append(f"o{tag}{use_other.coarse}")
        out.append(f"wh{_bucket(whole)}{source}{norm[:1]}")
    mould = _mould(bare)
    out += [f"y{pos}{mould}", f"Y{tag}{mould}{source}"]
    if source != "lexicon":
        for size in (1, 2, 3):
            if len(bare) > size:
                out.append(f"e{pos}{bare[-size:]}")
                out.append(f"b{pos}{bare[:size]}")
        out.append(f"eb{pos}{bare[:1]}{bare[-2:]}{min(len(bare), 6)}")
    else:
        expected = candidate.pattern
        have = spelling(written[cut.first : cut.last] if not (stem.startswith("ال") and not norm.startswith("ال", cut.first)) else "ا" + written[cut.first : cut.last])
        if have != expected and not cut.enclitic:
            out.append("x" + _mismatch(have, expected))
    if vowelled(raw):
        out += _vowel_features(raw, candidate, pos)
    return out


_ROOTS = {ord(c): "-" for c in "بثجحخدذرزشصضطظعغفقكلهسن"}


def _mould(bare: str) -> str:
    # the letters of derivation with the others as blanks: what kind of word an unlisted one is
    return bare[:9].translate(_ROOTS)


def _mismatch(have: str, expected: str) -> str:
    if len(have) != len(expected):
        return "length" if have.rstrip("ى") != expected.rstrip("ى") else "ya"
    under = all(h == e or (h == "ا" and e in "أإآ") for h, e in zip(have, expected, strict=True))
    return "under" if under else "conflict"


def _vowel_features(raw: str, candidate: Candidate, pos: str) -> list[str]:
    reading = candidate.reading
    out = []
    if "\u064b" in raw:
        out.append(f"vF{pos}{candidate.flag}")
    if "\u064c" in raw or "\u064d" in raw:
        out.append(f"vT{pos}")
    at = 0
    for _ in range(candidate.cut.first):
        at += 1
        while at < len(raw) and "\u064b" <= raw[at] <= "\u0652":
            at += 1
    mark = raw[at + 1 : at + 3]
    if mark[:1] in ("\u064e", "\u064f", "\u0650"):
        out.append(f"v1{mark[0]}{pos}{reading.aspect}{reading.voice}")
    if "\u0651" in raw:
        out.append(f"vS{pos}{reading.voice}")
    return out


def tag_of(candidate: Candidate) -> str:
    """The tag that context features see."""
    reading, cut = candidate.reading, candidate.cut
    last = cut.proclitics[-1] if cut.proclitics else ""
    if last in "وف":
        last = ""
    return f"{reading.pos}{reading.aspect}{reading.voice[:1]}{reading.form}{'D' if candidate.definite else 'E' if cut.enclitic else ''}{last}"


def agree_of(candidate: Candidate) -> str:
    """What agreement features see: definiteness, gender, number."""
    reading = candidate.reading
    return f"{'D' if candidate.definite or candidate.cut.enclitic else 'I'}{reading.gender}{reading.number}"


def surroundings(before: Option, before2: Option, following: Word, last_norm: str, clause: str) -> tuple[str, ...]:
    """Keys of a place in a sentence: chosen options on the left, the next word on the right.

    ``clause``: what the clause has so far, see :func:`clause_after`. Each key goes with the option key of
    :data:`PAIRED` that has the same index.
    """
    next_tag = following.tag
    next_class = next_tag[:4]
    return (
        "A" + before.tag,
        "C" + before.stem,
        "D" + next_tag,
        "K" + clause,
        f"J{before.pos}|{next_class}",
        f"B{before2.pos}{before.pos}",
        "E" + following.norm,
        f"H{before.tag}|{next_tag}",
        f"L{clause}{before.pos}|{next_class}",
        f"G{before.pos}{before.agree}",
        "I" + last_norm,
    )


#: which key of an option goes with each key of the surroundings: its tag, part of speech, agreement, lemma
PAIRED = (0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 3)


def context_features(option: Option, keys: tuple[str, ...]) -> list[str]:
    """Features of an option in its surroundings."""
    own = option.keys
    return [f"{key}\t{own[which]}" for key, which in zip(keys, PAIRED, strict=True)]


_OPENERS = frozenset(("الذي", "التي", "الذين", "ان", "انه", "انها", "حيث", "بعدما", "عندما", "حين", "بينما", "كما", "لكن", "اذا", "لو"))


def clause_after(clause: str, option: Option) -> str:
    """What the clause has after an option: "0" nothing yet, "n" a noun before any verb, "v" a finite verb."""
    pos = option.pos
    if pos in ("VERB", "AUX"):
        return "v"
    if option.stem in _OPENERS or pos in (".", "،", ",", ":", "؛", "\"", "«", "“", "(", "-", "–"):
        return "0"
    if clause == "0" and pos in ("NOUN", "PROPN", "PRON"):
        return "n"
    return clause


def pseudo(text: str, kind: str) -> Word:
    """The word that stands for a mark, number or Latin token among its neighbours."""
    label = "#" if kind == "number" else "@" if kind in ("latin", "other") else text[:1]
    return _pseudo(label)


@cache
def _pseudo(label: str) -> Word:
    candidate = Candidate(Cut((), label, "", 0, len(label)), False, Reading(label, label), "mark", "", "")
    return Word(label, (Option(candidate, 0.0, label, label, "", label, (label,) * 4),), label)


class Tagger:
    """Applies trained weights."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._own: dict[str, float] = {}
        self._context: dict[str, dict[str, float]] = {}
        for feature, weight in weights.items():
            place, tab, key = feature.partition("\t")
            if tab:
                self._context.setdefault(place, {})[key] = weight
            else:
                self._own[place] = weight
        self._words: dict[str, Word] = {}
        self._readings: dict[tuple[str, int], tuple[Reading, ...]] = {}

    def word(self, raw: str) -> Word:
        """Options of a written word, best first by their own score; kept per written form."""
        found = self._words.get(raw)
        if found is None:
            if len(self._words) > 200_000:
                self._words.clear()
                self._readings.clear()
            found = self._words[raw] = self.analyse(raw)
        return found

    def analyse(self, raw: str) -> Word:
        norm = fold(raw)
        written = plain(raw)
        get = self._own.get
        options = []
        for candidate in candidates(written):
            score = 0.0
            for feature in own_features(raw, norm, written, candidate):
                score += get(feature, 0.0)
            options.append(option_of(candidate, score))
        options.sort(key=lambda o: -o.score)
        best = options[0].score
        kept = tuple(o for o in options[:BEAM] if o.score > best - MARGIN)
        return Word(norm, kept, kept[0].tag)

    def readings(self, raw: str, word: Word, option: Option) -> tuple[Reading, ...]:
        """Readings of the option's cut: its own first, then the others by their own score."""
        key = (raw, id(option))
        found = self._readings.get(key)
        if found is None:
            if len(self._readings) > 200_000:
                self._readings.clear()
            same = [o.candidate.reading for o in word.options if o.candidate.cut == option.candidate.cut]
            found = self._readings[key] = tuple(dict.fromkeys([option.candidate.reading, *same]))
        return found

    def choose(self, words: Sequence[Word]) -> list[Option]:
        """One option per word of a sentence."""
        rows = self._context.get
        none: dict[str, float] = {}
        edge = _pseudo("^").options[0]
        before = before2 = edge
        last_norm, clause = "^", "0"
        end = _pseudo("$")
        out: list[Option] = []
        n = len(words)
        for i, word in enumerate(words):
            options = word.options
            best = options[0]
            if len(options) > 1:
                following = words[i + 1] if i + 1 < n else end
                found = [rows(k, none).get for k in surroundings(before, before2, following, last_norm, clause)]
                a, c, d, k, j, b, e, h, l, g, m = found
                top = -1e9
                for option in options:
                    tag, pos, agree, lemma = option.keys
                    score = (
                        option.score + a(tag, 0.0) + c(tag, 0.0) + d(tag, 0.0) + k(tag, 0.0) + j(tag, 0.0)
                        + b(pos, 0.0) + e(pos, 0.0) + h(pos, 0.0) + l(pos, 0.0) + g(agree, 0.0) + m(lemma, 0.0)
                    )  # fmt: skip
                    if score > top:
                        best, top = option, score
            out.append(best)
            before2, before = before, best
            last_norm = word.norm
            clause = clause_after(clause, best)
        return out


def option_of(candidate: Candidate, score: float) -> Option:
    """A candidate made ready for context."""
    tag, agree, pos = tag_of(candidate), agree_of(candidate), candidate.reading.pos
    keys = (tag, pos, pos + agree, candidate.reading.lemma)
    return Option(candidate, score, pos, tag, agree, candidate.cut.stem, keys)


@cache
def tagger() -> Tagger:
    """The package's tagger, loaded on first use."""
    return Tagger(lexicon.load("language", "tagger"))

