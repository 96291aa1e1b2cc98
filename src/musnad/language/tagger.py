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
MARGIN = 6.0
#: candidates of a word that are weighed in context
BEAM = 8


class Option(NamedTuple):
    """A candidate with its own score and what context features need of it."""

    candidate: Candidate
    score: float
    pos: str
    tag: str
    agree: str
    stem: str


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
    whole, alone = frequency.count(norm), frequency.count(stem)
    withal = frequency.count("ال" + bare) if not candidate.definite else frequency.count(bare)
    out = [
        f"t{tag}", f"s{shape}", f"ts{tag}{shape}", f"c{source}{pos}", f"cs{source}{shape}", f"w{norm}|{shape}", f"k{stem}|{pos}",
        f"l{reading.lemma}|{pos}", f"kl{stem}|{reading.lemma}", f"d{pos}{candidate.definite}", f"p{pos}{reading.aspect}{reading.person}{reading.gender}{reading.number}{reading.voice}{reading.mood}",
        f"f{pos}{candidate.flag}{reading.form}", f"n{pos}{frequency.name_share(bare)}{frequency.name_share(norm)}",
        f"z{min(len(bare), 7)}{source}{shape}", f"zp{min(len(bare), 7)}{pos}",
        f"q{pos}{source}{_bucket(alone)}", f"qa{pos}{_bucket(withal)}",
    ]  # fmt: skip
    if shape != "|":
        ratio = _bucket(alone + withal) - _bucket(whole)
        out += [f"r{shape}{ratio}", f"rs{shape}{source}{_bucket(alone)}", f"rw{shape}{_bucket(whole)}{source}", f"rx{ratio}{source}", f"rn{shape}{frequency.name_share(norm)}"]
        if cut.proclitics:
            out.append(f"ra{cut.proclitics[0]}{bare[:2]}")
            if cut.enclitic:
                out.append("both")
        if cut.enclitic:
            out.append(f"re{cut.enclitic}{stem[-1:]}{source}{pos}")
    else:
        out.append(f"wh{_bucket(whole)}{source}{norm[:1]}")
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


def context_features(option: Option, before: Option, before2: Option, following: Word, last_norm: str) -> list[str]:
    """Features of an option between its neighbours: chosen ones on the left, the next word on the right."""
    tag, pos = option.tag, option.pos
    return [
        f"A{before.tag}|{tag}",
        f"B{before2.pos}{before.pos}|{pos}",
        f"C{before.stem}|{tag}",
        f"D{following.tag}|{tag}",
        f"E{following.norm}|{pos}",
        f"G{pos}{before.pos}{before.agree}{option.agree}",
        f"H{before.tag}|{pos}|{following.tag}",
        f"I{last_norm}|{option.candidate.reading.lemma}",
    ]


def pseudo(text: str, kind: str) -> Word:
    """The word that stands for a mark, number or Latin token among its neighbours."""
    label = "#" if kind == "number" else "@" if kind in ("latin", "other") else text[:1]
    return _pseudo(label)


@cache
def _pseudo(label: str) -> Word:
    candidate = Candidate(Cut((), label, "", 0, len(label)), False, Reading(label, label), "mark", "", "")
    return Word(label, (Option(candidate, 0.0, label, label, "", label),), label)


class Tagger:
    """Applies trained weights."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = weights
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
        get = self.weights.get
        options = []
        for candidate in candidates(norm):
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
        get = self.weights.get
        edge = _pseudo("^").options[0]
        before = before2 = edge
        last_norm = "^"
        end = _pseudo("$")
        out: list[Option] = []
        n = len(words)
        for i, word in enumerate(words):
            options = word.options
            if len(options) == 1:
                best = options[0]
            else:
                following = words[i + 1] if i + 1 < n else end
                best, top = options[0], -1e9
                for option in options:
                    score = option.score
                    for feature in context_features(option, before, before2, following, last_norm):
                        score += get(feature, 0.0)
                    if score > top:
                        best, top = option, score
            out.append(best)
            before2, before = before, best
            last_norm = word.norm
        return out


def option_of(candidate: Candidate, score: float) -> Option:
    """A candidate made ready for context."""
    return Option(candidate, score, candidate.reading.pos, tag_of(candidate), agree_of(candidate), candidate.cut.stem)


@cache
def tagger() -> Tagger:
    """The package's tagger, loaded on first use."""
    return Tagger(lexicon.load("language", "tagger"))

