"""Chooses each word's cut and reading in context: a linear model over the candidates of :mod:`musnad.language.words`.

Method: averaged perceptron (Collins 2002) ranking candidates from left to right; weights are trained by ``training/tagger.py`` over the
keys of :mod:`musnad.language.features`. Weights are thousandths, so sums are whole numbers and the same in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from musnad import lexicon
from musnad.language import features as F
from musnad.language.frequency import use
from musnad.language.letters import fold, search_key
from musnad.language.options import Store
from musnad.language.recent import Recent
from musnad.language.tokens import Reading
from musnad.language.words import Cut, Use, divisions, plain, vowelled

#: candidates whose own score is this much below the best are not weighed in context
MARGIN = 20_000
#: candidates of a word that are weighed in context
BEAM = 18
#: a written word seen less often in the counted news is rare; a lemma so many ranks (doublings of its count) lower is far less usual
RARE, LESS_USUAL = 8, 6
_PROCLITICS = frozenset("وفبلكس")
#: sums kept of each group of features, forms kept of each generation: bounded, so that memory stays flat over an archive
_KEPT, _FORMS = 16_384, 24_576

#: parts of speech a candidate can have, in the order of the columns of ``beside`` (see :meth:`Tagger.choose`)
POS = ("NOUN", "PROPN", "ADJ", "VERB", "AUX", "ADP", "CCONJ", "SCONJ", "PART", "PRON", "DET", "ADV", "NUM", "INTJ", "X")
_COLUMN = {pos: i for i, pos in enumerate(POS)}

Row = dict[str, int]
#: a candidate with its own score
Scored = tuple[int, "Kind", Cut, bool, Use]


class Kind:
    """What context sees of a reading; one object for all readings that look the same. ``keys``: tag, part of speech, agreement."""

    __slots__ = ("agree", "column", "keys", "pos", "tag")

    def __init__(self, tag: str, pos: str, agree: str, joined: str) -> None:
        self.tag = tag
        self.pos = pos
        self.agree = agree
        self.keys = (tag, pos, joined)
        self.column = _COLUMN.get(pos, 0)


class Sense:
    """A reading with the clitics around its stem. ``restored``: letters before the stem that are not written (لل)."""

    __slots__ = ("column", "definite", "enclitic", "kind", "lemma", "proclitics", "reading", "restored")

    def __init__(
        self, kind: Kind, reading: Reading, proclitics: tuple[str, ...], enclitic: str, restored: str, definite: bool
    ) -> None:  # fmt: skip
        self.kind = kind
        self.column = kind.column
        self.lemma = reading.lemma
        self.reading = reading
        self.proclitics = proclitics
        self.enclitic = enclitic
        self.restored = restored
        self.definite = definite


class Chosen:
    """A sense of a word, ready to be written on a token. ``row``: weights of what follows its stem (one of ``rows``); ``cut``: whether there are clitics;
    ``first`` and ``last`` bound the stem in the norm."""

    __slots__ = (
        "bare", "cut", "definite", "enclitic", "first", "kind", "last", "lemma", "pos", "proclitics", "readings", "row", "stem", "turn",
        "unsettled",
    )  # fmt: skip

    def __init__(self, word: Word, sense: Sense, rows: dict[str, Row]) -> None:
        norm, kind = word.norm, sense.kind
        self.first, self.last = len(sense.proclitics), len(norm) - len(sense.enclitic)
        self.kind = kind
        self.stem = stem = sense.restored + norm[self.first : self.last]
        self.definite = sense.definite
        self.bare = stem[2:] if sense.definite else stem
        self.proclitics, self.enclitic = sense.proclitics, sense.enclitic
        self.cut = bool(sense.proclitics or sense.enclitic)
        self.row = rows.get(stem)
        self.turn = F.turn_of(kind.pos, stem)
        here = (sense.proclitics, sense.enclitic, sense.restored)
        same = [s.reading for _, s in word.options if (s.proclitics, s.enclitic, s.restored) == here]
        self.readings = readings = tuple(dict.fromkeys([sense.reading, *same]))
        self.lemma, self.pos = sense.lemma, kind.pos
        #: the mood hangs on the word before
        self.unsettled = readings[0].aspect == "imp"


class Word:
    """A written form. ``options``: own score and sense, best first; ``chosen``: what was made of each so far; ``key``: its search-level
    fold; ``even``: whether norm and text match letter by letter; ``before`` and ``after``: weights of the words beside it."""

    __slots__ = ("after", "before", "chosen", "even", "key", "next_class", "norm", "options", "tag")

    def __init__(
        self, raw: str, norm: str, options: Sequence[tuple[int, Sense]], before: Row | None = None, after: Row | None = None
    ) -> None:  # fmt: skip
        self.norm = norm
        self.key = search_key(norm)
        # only ligatures (above U+FB50) fold to more letters: without them, equal length means letter by letter
        self.even = norm is raw or (len(norm) == len(raw) and (not raw or max(raw) < "\ufb50"))
        self.options = options
        self.chosen: list[Chosen | None] = [None] * len(options)
        self.tag = options[0][1].kind.tag
        self.next_class = self.tag[:4]
        self.before = before
        self.after = after


class Sums(dict[Any, int]):
    """Sums of the weights of keys that hang on the same arguments, made when first asked for."""

    __slots__ = ("_keys", "_weights")

    def __init__(self, weights: Row, keys: Callable[..., list[str]]) -> None:
        super().__init__()
        self._weights, self._keys = weights, keys

    def __missing__(self, arguments: Any) -> int:
        if len(self) >= _KEPT:
            self.clear()
        weights = self._weights
        made = self[arguments] = sum([weights.get(key, 0) for key in self._keys(*arguments)])
        return made


class Added(dict[str, int]):
    """What several rows add to each thing they go with, made when first asked for."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, other: str) -> int:
        total = 0
        for row in self._rows:
            if other in row:
                total += row[other]
        self[other] = total
        return total


class Rows(dict[Any, Added]):
    """As :class:`Sums`, for keys that go with something."""

    __slots__ = ("_keys", "_rows")

    def __init__(self, rows: dict[str, Row], keys: Callable[..., list[str]]) -> None:
        super().__init__()
        self._rows, self._keys = rows, keys

    def __missing__(self, arguments: Any) -> Added:
        if len(self) >= _KEPT:
            self.clear()
        rows = self._rows
        made = self[arguments] = Added([rows[key] for key in self._keys(*arguments) if key in rows])
        return made


_NO_ROW: Row = {}


class Beside(dict[Kind, int]):
    """What a place in a sentence adds to each kind of reading, made when first asked for."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[tuple[Row, int]]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, kind: Kind) -> int:
        keys = kind.keys
        made = self[kind] = sum([row.get(keys[which], 0) for row, which in self._rows])
        return made


class Tagger:
    """Applies trained weights."""

    def __init__(self, weights: dict[str, float], store: Store | None = None) -> None:
        own: Row = {}
        context: dict[str, Row] = {}
        self._whole: dict[str, Row] = {}
        self._lemma: dict[str, Row] = {}
        for feature, weight in weights.items():
            key, tab, other = feature.partition("\t")
            value = round(1000 * weight)
            if tab:
                row = context.get(key)
                if row is None:
                    row = context[key] = {}
                row[other] = value
            elif key.startswith("w|"):
                _, norm, shape = key.split("|", 2)
                self._whole.setdefault(norm, {})[shape] = value
            elif key.startswith("l|"):
                _, lemma, pos = key.split("|")
                self._lemma.setdefault(lemma, {})[pos] = value
            else:
                own[key] = value
        self._own, self._context = own, context
        for name in ("k|", "m|", "y", "C", "E", "I"):
            # looked up by what follows the name
            setattr(self, f"_rows_{name.rstrip('|')}", {k[len(name) :]: row for k, row in context.items() if k.startswith(name)})
        self._rows_k: dict[str, Row]
        self._rows_m: dict[str, Row]
        self._rows_y: dict[str, Row]
        self._rows_C: dict[str, Row]
        self._rows_E: dict[str, Row]
        self._rows_I: dict[str, Row]
        self._cut = Sums(own, F.cut_keys)
        self._clitics = Sums(own, F.clitic_keys)
        self._begin = Sums(own, F.begin_keys)
        self._tags = Rows(context, F.tag_keys)
        self._poses = Rows(context, F.pos_keys)
        self._head = Rows(context, F.head_keys)
        self._tail = Rows(context, F.tail_keys)
        self._kinds: dict[tuple[object, ...], tuple[Kind, int]] = {}
        self._same: dict[tuple[str, str, str], Kind] = {}
        self._near: dict[tuple[Kind, str], Beside] = {}
        self._far: dict[tuple[str, str, str, str], Beside] = {}
        self._words: Recent[Word] = Recent(_FORMS)
        self._marks: dict[str, Word] = {}
        self._store = store
        if store is not None:
            store.bind(self.kind)

    def word(self, raw: str) -> Word:
        """Options of a written word, best first by their own score; kept per written form."""
        found = self._words.get(raw)
        if found is None:
            options = self._store.get(raw) if self._store is not None else None
            if options is None:
                found = self.analyse(raw)
            else:
                norm = fold(raw)
                found = Word(raw, norm, options, self._rows_E.get(norm), self._rows_I.get(norm))
            self._words.put(raw, found)
        return found

    def mark(self, text: str, kind: str) -> Word:
        """The word that stands for a mark, number or Latin token among its neighbours."""
        return self._mark(F.mark_label(text, kind))

    def _mark(self, label: str) -> Word:
        found = self._marks.get(label)
        if found is None:
            sense = Sense(Kind(label, label, "", label), Reading(label, label), (), "", "", False)
            found = Word(label, label, ((0, sense),), self._rows_E.get(label), self._rows_I.get(label))
            found.chosen[0] = Chosen(found, sense, self._rows_C)
            self._marks[label] = found
        return found

    def kind(self, reading: Reading, definite: bool, enclitic: bool, last: str) -> Kind:
        """The kind of a reading between clitics; ``last``: the last proclitic."""
        key = (F.tag_of(reading, definite, enclitic, last), reading.pos, F.agree_of(reading, definite or enclitic))
        found = self._same.get(key)
        if found is None:
            found = self._same[key] = Kind(*key, reading.pos + key[2])
        return found

    def _kind(self, use: Use, definite: bool, enclitic: bool, last: str) -> tuple[Kind, int]:
        """The kind of a use, and what its features of kind weigh."""
        reading = use.reading
        key = (use.source, use.flag, use.rank, definite, enclitic, last, reading[1:9])
        found = self._kinds.get(key)
        if found is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            kind = self.kind(reading, definite, enclitic, last)
            weights = self._own
            own = sum([weights.get(k, 0) for k in F.kind_keys(reading, use.source, use.flag, use.rank, kind.tag)])
            found = self._kinds[key] = (kind, own)
        return found

    def analyse(self, raw: str) -> Word:
        """The options of a written word, worked out."""
        norm = fold(raw)
        scored = self.scores(raw)
        if norm[:1] in _PROCLITICS and use(norm).seen < RARE:
            scored = _usual_whole(scored)
        scored.sort(key=_by_score)
        least = scored[0][0] - MARGIN
        options = []
        for score, kind, cut, definite, each in scored[:BEAM]:
            if score > least:
                restored = cut.stem[: len(cut.stem) - (cut.last - cut.first)]
                options.append((score, Sense(kind, each.reading, cut.proclitics, cut.enclitic, restored, definite)))
        return Word(raw, norm, tuple(options), self._rows_E.get(norm), self._rows_I.get(norm))

    def scores(self, raw: str) -> list[Scored]:
        """Every candidate of a written word with its own score: the sum of what :func:`musnad.language.features.own_features` lists."""
        norm, written = fold(raw), plain(raw)
        marked = written is not raw and vowelled(raw)
        own, kinds = self._own, self._kind
        lemmas, empty = self._lemma, _NO_ROW
        of_whole = use(norm)
        whole_seen, whole_share, coarse, fine = of_whole
        whole = min(whole_seen.bit_length(), 12)
        by_shape = self._whole.get(norm, empty)
        scored: list[Scored] = []
        for cut, definite, uses in divisions(norm, written):
            proclitics, stem, enclitic, first, _ = cut
            bare = stem[2:] if definite else stem
            shape = F.shape_of(proclitics, enclitic) if proclitics or enclitic else "|"
            of_stem, of_other = use(stem), use(bare if definite else "ال" + bare)
            alone, other = min(of_stem.seen.bit_length(), 12), min(of_other.seen.bit_length(), 12)
            size = min(len(bare), 7)
            mould = F.mould_of(bare)
            fixed = by_shape.get(shape, 0) if by_shape else 0
            if shape == "|":
                classes = None
            else:
                both = min((of_stem.seen + of_other.seen).bit_length(), 12)
                classes = (of_stem.coarse, of_stem.fine)
                if proclitics:
                    fixed += self._begin[proclitics, enclitic, bare[:2]]
            tags = self._tags[shape, coarse, fine, of_other.coarse, classes]
            stem_row, mould_row = self._rows_k.get(stem, empty), self._rows_y.get(mould, empty)
            lemma_row = self._rows_m.get(stem, empty)
            share = (of_other if definite else of_stem).share
            last = proclitics[-1] if proclitics else ""
            pronoun = enclitic != ""
            source = have = ""
            for each in uses:
                if each.source != source:
                    source = each.source
                    base = fixed + self._cut[shape, source, size, coarse]
                    if shape == "|":
                        base += own.get(F.whole_key(whole, source, norm), 0)
                    else:
                        base += self._clitics[shape, source, alone, both, whole, whole_share]
                    tag_row = self._context.get(f"Y{mould}{source}", empty)
                    poses = self._poses[source, definite, share, whole_share, size, alone, other]
                    pos_rows = []
                    if stem_row:
                        pos_rows.append(stem_row)
                    if mould_row:
                        pos_rows.append(mould_row)
                    if pronoun:
                        pos_rows.append(self._context.get(f"re{enclitic}{stem[-1:]}{source}", empty))
                    if source != "lexicon":
                        n = F.letters_at_ends(bare)
                        head, tail = self._head[bare[:n],], self._tail[bare[-n:],]
                        pos_rows.append(self._context.get(F.both_ends_key(bare), empty))
                    elif not pronoun:
                        have = F.written_alefs(norm, written, cut)
                reading = each.reading
                kind, score = kinds(each, definite, pronoun, last)
                tag, pos, lemma = kind.tag, reading.pos, reading.lemma
                score += base + tags[tag] + poses[pos]
                if source != "lexicon":
                    score += head[pos] + tail[pos]
                elif not pronoun and have != each.pattern:
                    score += own.get(F.mismatch_key(have, each.pattern), 0)
                if tag in tag_row:
                    score += tag_row[tag]
                for row in pos_rows:
                    if pos in row:
                        score += row[pos]
                if lemma in lemmas:
                    score += lemmas[lemma].get(pos, 0)
                if lemma_row:
                    score += lemma_row.get(lemma, 0)
                if marked:
                    for mark in F.vowel_keys(raw, reading, each.flag, first):
                        score += own.get(mark, 0)
                scored.append((score, kind, cut, definite, each))
        return scored

    def choose(self, words: Sequence[Word], beside: Sequence[Sequence[float]] | None = None) -> list[Chosen]:
        """One sense per word of a sentence.

        :param beside: a row per word, a column per label of :data:`POS`: what another model adds to each part of speech, in thousandths.
        """
        nears, fars, stems = self._near, self._far, self._rows_C
        edge, end = self._mark("^"), self._mark("$")
        before, after, clause = edge.chosen[0], edge.after, "0"
        assert before is not None
        before2 = before
        out: list[Chosen] = []
        n = len(words)
        for i, word in enumerate(words):
            options, best = word.options, 0
            if len(options) > 1:
                following = words[i + 1] if i + 1 < n else end
                kind_before = before.kind
                near = nears.get((kind_before, following.tag))
                if near is None:
                    near = self._beside_near(kind_before, following.tag)
                far = fars.get((clause, kind_before.pos, before2.kind.pos, following.next_class))
                if far is None:
                    far = self._beside_far(clause, kind_before.pos, before2.kind.pos, following.next_class)
                stem_row, next_row = before.row, following.before
                top = -1e9
                row = beside[i] if beside is not None else _NOTHING
                for k, (score, sense) in enumerate(options):
                    kind = sense.kind
                    total = score + near[kind] + far[kind] + row[sense.column]
                    if stem_row is not None:
                        total += stem_row.get(kind.tag, 0)
                    if next_row is not None:
                        total += next_row.get(kind.pos, 0)
                    if after is not None:
                        total += after.get(sense.lemma, 0)
                    if total > top:
                        best, top = k, total
            chosen = word.chosen[best]
            if chosen is None:
                sense = options[best][1]
                chosen = word.chosen[best] = Chosen(word, sense, stems)
            out.append(chosen)
            before2, before, after = before, chosen, word.after
            turn = chosen.turn
            if turn:
                clause = F.clause_after(clause, turn)
        return out

    def _beside_near(self, kind: Kind, next_tag: str) -> Beside:
        if len(self._near) >= _KEPT:
            self._near.clear()
        made = self._rows(F.near_keys(kind.tag, kind.pos, kind.agree, next_tag), F.NEAR)
        self._near[kind, next_tag] = made
        return made

    def _beside_far(self, *key: str) -> Beside:
        if len(self._far) >= _KEPT:
            self._far.clear()
        made = self._far[key] = self._rows(F.far_keys(*key), F.FAR)  # type: ignore[index]
        return made

    def _rows(self, keys: tuple[str, ...], which: tuple[int, ...]) -> Beside:
        found = [(self._context.get(key), at) for key, at in zip(keys, which, strict=True)]
        return Beside([(row, at) for row, at in found if row])


_NOTHING = (0.0,) * len(POS)


def _by_score(scored: Scored) -> int:
    return -scored[0]


def _usual_whole(scored: list[Scored]) -> list[Scored]:
    """Of a word too rare for its own counts to tell: a cut that leaves a far less usual word than the whole is (وفدان: و + فدان) loses."""
    usual = max(
        [u.rank for _, _, cut, _, u in scored if u.source == "lexicon" and not (cut.proclitics or cut.enclitic) and u.reading.pos in ("NOUN", "ADJ")],
        default=0,
    )  # fmt: skip
    if usual < LESS_USUAL:
        return scored
    return [
        (score - 3 * MARGIN // 2, kind, cut, definite, u)
        if cut.proclitics and u.source != "guess" and u.reading.pos != "PROPN" and u.rank <= usual - LESS_USUAL
        else (score, kind, cut, definite, u)
        for score, kind, cut, definite, u in scored
    ]


@cache
def tagger() -> Tagger:
    """The package's tagger, loaded on first use."""
    store = Store(lexicon.read_bytes("language", "options.trie"), lexicon.load("language", "options"))
    return Tagger(lexicon.load("language", "tagger"), store)
