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
from musnad.language.options import Store
from musnad.language.tokens import Reading
from musnad.language.words import Candidate, Cut, candidates, plain, spelling, vowelled

#: candidates whose own score is this much below the best are not weighed in context
MARGIN = 20.0
#: candidates of a word that are weighed in context
BEAM = 18

#: parts of speech a candidate can have, in the order of the columns of ``beside`` (see :meth:`Tagger.choose`)
POS = ("NOUN", "PROPN", "ADJ", "VERB", "AUX", "ADP", "CCONJ", "SCONJ", "PART", "PRON", "DET", "ADV", "NUM", "INTJ", "X")
_COLUMN = {pos: i for i, pos in enumerate(POS)}
_NOTHING = (0.0,) * len(POS)


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


class Place(NamedTuple):
    """Keys that all candidates of one cut and source share, each to go with a candidate's tag, part of speech or lemma;
    ``alone`` go with nothing. ``have`` is the spelling's alefs, to compare with a candidate's."""

    alone: list[str]
    with_tag: list[str]
    with_pos: list[str]
    with_lemma: str
    have: str


def place_of(norm: str, written: str, cut: Cut, definite: bool, source: str) -> Place:
    """The keys of a cut: everything about the written word that does not depend on how the stem is read."""
    stem = cut.stem
    bare = stem[2:] if definite else stem
    shape = "+".join(cut.proclitics) + "|" + cut.enclitic
    use_whole, use_stem = frequency.use(norm), frequency.use(stem)
    use_other = frequency.use(bare if definite else "ال" + bare)
    whole, alone, withal = use_whole.seen, use_stem.seen, use_other.seen
    share = (use_other if definite else use_stem).share
    size = min(len(bare), 7)
    mould = _mould(bare)
    single = [f"s{shape}", f"cs{source}{shape}", f"w|{norm}|{shape}", f"z{size}{source}{shape}", f"us{shape}{use_whole.coarse}"]
    tagged = [f"S{shape}", f"u{use_whole.coarse}", f"U{use_whole.fine}", f"o{use_other.coarse}", f"Y{mould}{source}"]
    posed = [
        f"k|{stem}", f"c{source}", f"d{definite}", f"n{share}{use_whole.share}", f"z{size}", f"q{source}{_bucket(alone)}",
        f"qa{_bucket(withal)}", f"y{mould}",
    ]  # fmt: skip
    if shape != "|":
        ratio = _bucket(alone + withal) - _bucket(whole)
        tagged += [f"v{use_stem.coarse}", f"V{use_stem.fine}"]
        single += [
            f"r{shape}{ratio}", f"rs{shape}{source}{_bucket(alone)}", f"rw{shape}{_bucket(whole)}{source}", f"rx{ratio}{source}",
            f"rn{shape}{use_whole.share}",
        ]  # fmt: skip
        if cut.proclitics:
            single.append(f"ra{cut.proclitics[0]}{bare[:2]}")
            if cut.enclitic:
                single.append("both")
        if cut.enclitic:
            posed.append(f"re{cut.enclitic}{stem[-1:]}{source}")
    else:
        single.append(f"wh{_bucket(whole)}{source}{norm[:1]}")
    have = ""
    if source != "lexicon":
        posed += [f"e{bare[-1:]}", f"b{bare[:1]}", f"eb{bare[:1]}{bare[-2:]}{min(len(bare), 6)}"]
        if len(bare) > 2:
            posed += [f"e{bare[-2:]}", f"b{bare[:2]}"]
        if len(bare) > 3:
            posed += [f"e{bare[-3:]}", f"b{bare[:3]}"]
    elif not cut.enclitic:
        restored = stem.startswith("ال") and not norm.startswith("ال", cut.first)
        have = "=" + spelling(("ا" if restored else "") + written[cut.first : cut.last])
    return Place(single, tagged, posed, f"m|{stem}", have)


def kind_keys(candidate: Candidate, tag: str) -> list[str]:
    """Features of what kind of reading a candidate has, whatever its word and lemma."""
    reading = candidate.reading
    pos = reading.pos
    return [
        f"t{tag}", f"g{pos}{candidate.rank}{reading.form}", f"gs{candidate.source}{candidate.rank}",
        f"p{pos}{reading.aspect}{reading.person}{reading.gender}{reading.number}{reading.voice}{reading.mood}",
        f"f{pos}{candidate.flag}{reading.form}",
    ]  # fmt: skip


def lemma_key(reading: Reading) -> str:
    """The feature of a lemma with its part of speech."""
    return f"l|{reading.lemma}|{reading.pos}"


def own_features(raw: str, place: Place, option: Option) -> list[str]:
    """All features of an option that do not depend on its neighbours, as training sees them."""
    tag, pos, lemma = option.tag, option.pos, option.candidate.reading.lemma
    candidate = option.candidate
    out = [*place.alone, *kind_keys(candidate, tag), lemma_key(candidate.reading), f"{place.with_lemma}\t{lemma}"]
    if place.have and place.have[1:] != candidate.pattern:
        out.append("x" + _mismatch(place.have[1:], candidate.pattern))
    out += [f"{key}\t{tag}" for key in place.with_tag]
    out += [f"{key}\t{pos}" for key in place.with_pos]
    if vowelled(raw):
        out += _vowel_features(raw, option.candidate, pos)
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
    return (
        f"{reading.pos}{reading.aspect}{reading.voice[:1]}{reading.form}{'D' if candidate.definite else 'E' if cut.enclitic else ''}{last}"
    )


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
    if option.stem in _OPENERS or pos in (".", "،", ",", ":", "؛", '"', "«", "“", "(", "-", "–"):
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

    def __init__(self, weights: dict[str, float], store: Store | None = None) -> None:
        self._store = store
        self._own: dict[str, float] = {}
        self._context: dict[str, dict[str, float]] = {}
        for feature, weight in weights.items():
            place, tab, key = feature.partition("\t")
            if tab:
                self._context.setdefault(place, {})[key] = weight
            else:
                self._own[place] = weight
        self._words: dict[str, Word] = {}
        self._kinds: dict[tuple[object, ...], tuple[str, str, str, float]] = {}
        self._readings: dict[tuple[str, int], tuple[Reading, ...]] = {}

    def word(self, raw: str) -> Word:
        """Options of a written word, best first by their own score; kept per written form."""
        found = self._words.get(raw)
        if found is None:
            if len(self._words) > 8_192:
                self._words.clear()
                self._readings.clear()
            if self._store is not None:
                found = self._store.get(raw)
            if found is None:
                found = self.analyse(raw)
            self._words[raw] = found
        return found

    def analyse(self, raw: str) -> Word:
        norm, written = fold(raw), plain(raw)
        get, rows, marked, kinds = self._own.get, self._context.get, vowelled(raw), self._kinds
        none: dict[str, float] = {}
        options: list[Option] = []
        last: tuple[Cut, bool, str] | None = None
        for candidate in candidates(written):
            here = (candidate.cut, candidate.definite, candidate.source)
            if here != last:
                last = here
                place = place_of(norm, written, *here)
                base = 0.0
                for key in place.alone:
                    base += get(key, 0.0)
                with_tag = [row for row in [rows(key) for key in place.with_tag] if row is not None]
                with_pos = [row for row in [rows(key) for key in place.with_pos] if row is not None]
                with_lemma = rows(place.with_lemma, none)
                by_tag: dict[str, float] = {}
                by_pos: dict[str, float] = {}
            reading, cut = candidate.reading, candidate.cut
            pro = cut.proclitics
            # everything that the context sees of a candidate, and part of its score, hangs on these alone
            what = (
                reading[1:9], candidate.definite, not cut.enclitic, pro[-1] if pro else "", candidate.source, candidate.flag,
                candidate.rank,
            )  # fmt: skip
            kind = kinds.get(what)
            if kind is None:
                tag, agree = tag_of(candidate), agree_of(candidate)
                own = sum([get(k, 0.0) for k in kind_keys(candidate, tag)])
                kind = kinds[what] = (tag, agree, reading.pos + agree, own)
            tag, agree, pos_agree, own = kind
            pos = reading.pos
            tag_score, pos_score = by_tag.get(tag), by_pos.get(pos)
            if tag_score is None:
                tag_score = by_tag[tag] = sum([row[tag] for row in with_tag if tag in row])
            if pos_score is None:
                pos_score = by_pos[pos] = sum([row[pos] for row in with_pos if pos in row])
            lemma = reading.lemma
            score = base + own + with_lemma.get(lemma, 0.0) + tag_score + pos_score + get(lemma_key(reading), 0.0)
            if place.have and place.have[1:] != candidate.pattern:
                score += get("x" + _mismatch(place.have[1:], candidate.pattern), 0.0)
            if marked:
                for mark in _vowel_features(raw, candidate, pos):
                    score += get(mark, 0.0)
            options.append(Option(candidate, score, pos, tag, agree, cut.stem, (tag, pos, pos_agree, lemma)))
        options.sort(key=lambda o: -o.score)
        least = options[0].score - MARGIN
        kept = tuple([o for o in options[:BEAM] if o.score > least])
        return Word(norm, kept, kept[0].tag)

    def readings(self, raw: str, word: Word, option: Option) -> tuple[Reading, ...]:
        """Readings of the option's cut: its own first, then the others by their own score."""
        key = (raw, id(option))
        found = self._readings.get(key)
        if found is None:
            if len(self._readings) > 8_192:
                self._readings.clear()
            same = [o.candidate.reading for o in word.options if o.candidate.cut == option.candidate.cut]
            found = self._readings[key] = tuple(dict.fromkeys([option.candidate.reading, *same]))
        return found

    def choose(self, words: Sequence[Word], beside: Sequence[Sequence[float]] | None = None) -> list[Option]:
        """One option per word of a sentence.

        :param beside: a row per word, a column per label of :data:`POS`: what another model adds to each part of speech.
        """
        rows, column = self._context.get, _COLUMN
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
                a, c, d, k, j, b, e, h, u, g, m = found
                top = -1e9
                row = beside[i] if beside is not None else _NOTHING
                for option in options:
                    tag, pos, agree, lemma = option.keys
                    score = (
                        option.score + a(tag, 0.0) + c(tag, 0.0) + d(tag, 0.0) + k(tag, 0.0) + j(tag, 0.0)
                        + b(pos, 0.0) + e(pos, 0.0) + h(pos, 0.0) + u(pos, 0.0) + g(agree, 0.0) + m(lemma, 0.0)
                        + row[column[pos]]
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
    store = Store(lexicon.read_bytes("language", "options.trie"), lexicon.load("language", "options"))
    return Tagger(lexicon.load("language", "tagger"), store)
