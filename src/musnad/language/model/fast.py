"""The fast model: three linear-chain CRFs (names, part of speech, clitic split) over shared features.

Weights come from CRFsuite (N. Okazaki 2007; L-BFGS, L1+L2) and are applied here with numpy: a word's own weights
are summed once and kept, so the cost of a word seen before is a few additions. The additions of one sentence never
mix with those of another, so its labels don't depend on the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from musnad.language.model.features import PAIRS, Features, Found, Lexicon
from musnad.language.model.labels import Evidence, Span, Tags

Floats = NDArray[np.float32]
_TOGETHER = 8_192  # words scored together
_KEPT = 49_152  # written forms whose sums are kept (half a kB each)


def read_lexicon(data: Any) -> Lexicon:
    """The word classes and list marks of a weights file."""
    words = str(data["words"]).split("\n")
    use, sense, flags = data["use"].tolist(), data["sense"].tolist(), data["flags"].tolist()
    kinds = str(data["flag_kinds"]).split("\n")
    combos: dict[int, tuple[str, ...]] = {c: tuple(k for b, k in enumerate(kinds) if c >> b & 1) for c in set(flags) if c}
    return Lexicon(
        {w: c for w, c in zip(words, use, strict=True) if c >= 0},
        {w: c for w, c in zip(words, sense, strict=True) if c >= 0},
        data["use_levels"].tolist(),
        data["sense_levels"].tolist(),
        {w: combos[c] for w, c in zip(words, flags, strict=True) if c},
    )


class Columns:
    """Weights of some of the score columns: sparse by feature, and what words add to themselves and to words beside them."""

    def __init__(self, data: Any, heads: Sequence[str], all_heads: Mapping[str, Sequence[str]], size: int) -> None:
        offsets = dict(zip(all_heads, np.cumsum([0, *(len(v) for v in all_heads.values())]).tolist(), strict=False))
        width = sum(len(v) for v in all_heads.values())
        own = np.concatenate([np.arange(offsets[h], offsets[h] + len(all_heads[h])) for h in heads])
        self.width = len(own)
        self.cut: dict[str, slice] = {}
        at = 0
        for h in heads:
            self.cut[h] = slice(at, at + len(all_heads[h]))
            at += len(all_heads[h])
        new = np.full(width, -1)
        new[own] = np.arange(len(own))
        distance, column = np.divmod(data["cols"].astype(np.int64), width)
        keep = new[column] >= 0
        self._cols = (distance * self.width + new[column])[keep]
        self._vals: Floats = (data["vals"].astype(np.float32) * data["scale"])[keep]
        self._starts = np.concatenate([[0], np.cumsum(keep)])[data["starts"]]
        # row 0 stands for every pair without a weight
        rows = data["pair_vals"].astype(np.float32)[:, own]
        self.pairs: Floats = np.vstack([np.zeros((1, self.width), np.float32), rows])
        #: row 0 is the space between sentences, which adds nothing
        self.table: Floats = np.zeros((size, 5, self.width), np.float32)

    def prepare(self, features: Features) -> None:
        """Add up what the features of each word class weigh, once."""
        self._uses, self._senses = (self._added(features.of_classes(letter)) for letter in "US")

    def sums(self, many: Sequence[Found]) -> Floats:
        """Weights of the features of each of many words, as seen from words at +2, +1, 0, -1, -2 of it."""
        got = self._added([f.rows for f in many])
        got += self._uses[[f.use for f in many]]
        got += self._senses[[f.sense for f in many]]
        return got.astype(np.float32).reshape(len(many), 5, self.width)

    def _added(self, many: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        size = 5 * self.width
        rows = np.array(list(chain.from_iterable(many)), np.int64)
        word = np.repeat(np.arange(len(many)), [len(own) for own in many])
        first = self._starts[rows]
        lengths = self._starts[rows + 1] - first
        ends = np.cumsum(lengths)
        # places of the rows' weights: each row's own run of numbers
        at = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - ends + lengths, lengths)
        where = self._cols[at] + np.repeat(word * size, lengths)
        # without any feature bincount counts in whole numbers
        got = np.bincount(where, self._vals[at], len(many) * size).astype(np.float64, copy=False)
        return got.reshape(len(many), size)


class Ready:
    """Features of common written words, made ahead by ``training/lexicons/language_z_options.py``: ``rows`` lists them word after word,
    ``starts`` says where each word's begin, ``classes`` has its two fine classes."""

    def __init__(self, trie: bytes, packed: Mapping[str, bytes]) -> None:
        self._trie = marisa_trie.Trie()
        self._trie.frombytes(trie)
        self._starts = memoryview(packed["starts"]).cast("I")
        self._rows = memoryview(packed["rows"]).cast("H")
        self._classes = memoryview(packed["classes"]).cast("h")

    def get(self, word: str) -> Found | None:
        """The features of a word as written; None where it is not among them."""
        number = self._trie.get(word)
        if number is None:
            return None
        use, sense = self._classes[2 * number : 2 * number + 2]
        return Found(self._rows[self._starts[number] : self._starts[number + 1]], use, sense)


class FastModel:
    """Tags words by three CRFs; see :func:`musnad.language.model.load`."""

    kind = "fast"

    def __init__(self, path: Path, ready: Ready | None = None) -> None:
        """:param ready: features of common words, made ahead from the same file."""
        self._ready = ready
        with np.load(path, allow_pickle=False) as packed:
            data = {name: packed[name] for name in packed.files}
        self._lex = read_lexicon(data)
        self._labels = {h: str(data[f"labels_{h}"]).split("\n") for h in ("names", "pos", "split")}
        self.trans: dict[str, Floats] = {h: data[f"trans_{h}"].astype(np.float32) for h in self._labels}
        self._features = Features(str(data["attrs"]).split("\n"), self._lex)
        # clitic splits are seldom asked for: their columns are summed apart
        self._tagged = Columns(data, ("names", "pos"), self._labels, _KEPT)
        self._split = Columns(data, ("split",), self._labels, 1)
        keys = data["pair_keys"]
        self._pair_at = np.zeros(len(PAIRS) * 130 * 130, np.int32)
        self._pair_at[keys] = np.arange(1, len(keys) + 1)
        for columns in (self._tagged, self._split):
            columns.prepare(self._features)
        # classes that neighbouring pairs are made of, by fine class: 0 where unknown, as for the last, -1
        self._pair_use, self._pair_sense = (np.array([*(c + 1 for c in t[1]), 0]) for t in (self._lex.use_levels, self._lex.sense_levels))
        edge = [Found(self._features.numbers(["edge"]), -1, -1)]
        self._edges = {id(c): c.sums(edge)[0] for c in (self._tagged, self._split)}
        self._runs = Runs(self.trans["names"], self._labels["names"])
        self._at: dict[str, int] = {}
        self._use = np.full(_KEPT, 129)
        self._sense = np.full(_KEPT, 129)

    def _rows(self, words: Sequence[str]) -> list[int]:
        """Where each word's sums stand in the table of names and parts of speech; kept per written form."""
        kept = self._at
        got = [kept.get(w, 0) for w in words]
        if 0 not in got:
            return got
        fresh = list(dict.fromkeys([w for w, at in zip(words, got, strict=True) if not at]))
        first, columns = len(kept) + 1, self._tagged
        if first + len(fresh) > _KEPT:
            kept.clear()
            fresh, first = list(dict.fromkeys(words)), 1
        last = first + len(fresh)
        if last > len(columns.table) or (first == 1 and len(columns.table) > _KEPT):
            size = max(last, _KEPT)
            columns.table = np.zeros((size, 5, columns.width), np.float32)
            self._use, self._sense = np.full(size, 129), np.full(size, 129)
        found = [self.found(w) for w in fresh]
        columns.table[first:last] = columns.sums(found)
        self._use[first:last] = self._pair_use[[f.use for f in found]]
        self._sense[first:last] = self._pair_sense[[f.sense for f in found]]
        kept.update(zip(fresh, range(first, last), strict=True))
        return [kept[w] for w in words]

    def found(self, word: str) -> Found:
        """The features of a word as written."""
        return (self._ready is not None and self._ready.get(word)) or self._features.of(word)

    @property
    def labels(self) -> dict[str, list[str]]:
        """Label names by head, in the order of the score columns."""
        return self._labels

    def emissions(self, sentences: Sequence[Sequence[str]]) -> tuple[Floats, NDArray[np.int64]]:
        """Scores of all words, sentence after sentence, and where each sentence begins."""
        if not any(map(len, sentences)):
            width = self._tagged.width + self._split.width
            return np.zeros((0, width), np.float32), np.zeros(len(sentences) + 1, np.int64)
        tagged, begin = self.tagged(sentences)
        return np.hstack([tagged, self._split_scores(sentences)]), begin

    @property
    def width(self) -> int:
        """How many of the columns of :meth:`emissions` are :meth:`tagged`'s."""
        return self._tagged.width

    def tagged(self, sentences: Sequence[Sequence[str]]) -> tuple[Floats, NDArray[np.int64]]:
        """As :meth:`emissions`, the columns of names and parts of speech alone."""
        words = [w for s in sentences for w in s]
        rows = np.array(self._rows(words), np.int64)
        return self._sum(self._tagged, sentences, rows, self._tagged.table, self._use, self._sense)

    def _split_scores(self, sentences: Sequence[Sequence[str]]) -> Floats:
        words = [w for s in sentences for w in s]
        at: dict[str, int] = {}
        rows = np.array([at.setdefault(w, len(at) + 1) for w in words], np.int64)
        found = [self.found(w) for w in at]
        table = np.concatenate([self._split.table, self._split.sums(found)])
        use = np.concatenate([[129], self._pair_use[[f.use for f in found]]])
        sense = np.concatenate([[129], self._pair_sense[[f.sense for f in found]]])
        return self._sum(self._split, sentences, rows, table, use, sense)[0]

    def _sum(
        self, columns: Columns, sentences: Sequence[Sequence[str]], rows: NDArray[np.int64], table: Floats,
        use_of: NDArray[np.int64], sense_of: NDArray[np.int64],
    ) -> tuple[Floats, NDArray[np.int64]]:  # fmt: skip
        sizes = np.array([len(s) for s in sentences])
        begin = np.concatenate([[0], np.cumsum(sizes)])
        n = len(rows)
        # sentences are laid out with two empty places before, between and after them: nothing crosses from one to the next
        place = np.arange(n) + np.repeat(2 * np.arange(1, len(sizes) + 1), sizes)
        laid = np.zeros(n + 2 * len(sizes) + 2, np.int64)
        laid[place] = rows
        out = table[rows, 2]
        for distance, row in ((-2, 0), (-1, 1), (1, 3), (2, 4)):
            out += table[laid[place + distance], row]
        edge = self._edges[id(columns)]
        full = sizes > 0
        first, last = begin[:-1][full], begin[1:][full] - 1
        out[first] += edge[1]
        out[last] += edge[3]
        use, sense = use_of[laid], sense_of[laid]
        here_u, here_s, left_u, right_u = use[place], sense[place], use[place - 1], use[place + 1]
        both = ((left_u, here_u), (here_u, right_u), (left_u, right_u), (sense[place - 1], here_s), (here_s, sense[place + 1]))
        for k, (a, b) in enumerate(both):
            out += columns.pairs[self._pair_at[(k * 130 + a) * 130 + b]]
        return out, begin

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """Labels of each sentence; one that is empty gets empty lists."""
        out: list[Tags] = []
        for part in _parts(sentences):
            if not any(map(len, part)):
                out += [Tags([], [], []) for _ in part]
                continue
            scores, begin = self.tagged(part)
            names = self._runs.best(scores[:, self._tagged.cut["names"]], begin)
            pos = _viterbi(scores[:, self._tagged.cut["pos"]], begin, self.trans["pos"])
            split = self._split_scores(part).argmax(1)
            heads = [[labels[i] for i in best.tolist()] for labels, best in zip(self._labels.values(), (names, pos, split), strict=True)]
            out += [Tags(*(h[a:b] for h in heads)) for a, b in pairwise(begin.tolist())]
        return out

    def evidence(self, sentences: Sequence[Sequence[str]]) -> Evidence:
        """Names of each sentence, and the logarithms of the shares of each word's parts of speech, each word seen by itself."""
        names: list[list[Span]] = []
        shares: list[Floats] = [np.zeros((0, len(self.pos_labels)), np.float32)]
        for part in _parts(sentences):
            if not any(map(len, part)):
                names += [[] for _ in part]
                continue
            scores, begin = self.tagged(part)
            names += self._runs.spans(scores[:, self._tagged.cut["names"]], begin)
            shares.append(log_shares(scores[:, self._tagged.cut["pos"]]))
        return Evidence(names, np.concatenate(shares), lambda i, k: self._split_of(sentences[i], k))

    def _split_of(self, words: Sequence[str], k: int) -> str:
        return self._labels["split"][int(self.split_row(words, k).argmax())]

    def split_row(self, words: Sequence[str], k: int) -> Floats:
        """Scores of the clitic splits of a word of a sentence: they hang on two words on either side."""
        first = max(0, k - 2)
        row: Floats = self._split_scores([words[first : k + 3]])[k - first]
        return row

    @property
    def pos_labels(self) -> list[str]:
        """The parts of speech that :meth:`evidence` has a column for."""
        return self._labels["pos"]


def _parts(sentences: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    """The sentences in parts of no more than so many words, so that memory stays flat."""
    first = words = 0
    for i, sentence in enumerate(sentences):
        words += len(sentence)
        if words > _TOGETHER and i > first:
            yield sentences[first:i]
            first, words = i, len(sentence)
    if first < len(sentences):
        yield sentences[first:]


class Runs:
    """Finds the best name labels of sentences under a linear chain, looking only where a name may be.

    A stretch of words with labels of one class (the longest around a word) stands on the best path only if it does not lose by being changed to O:
    what its words gain by themselves, what the steps between them gain at most (``within``), and what stepping in and out gains at most, whatever
    stands beside it (``enter``, ``leave``). The greatest such sum of all stretches through a word is had from sums from the left and from the right;
    where it is below nothing for every class, the word is surely no name. Between two such words the best labels are sought as usual, all runs at once.
    """

    def __init__(self, trans: Floats, labels: Sequence[str]) -> None:
        self._trans = trans
        self._labels = labels
        none = self._none = labels.index("O")
        steps = trans.astype(np.float64)
        #: of each class its labels, and the bounds enter, leave, within
        self._classes: list[tuple[list[int], float, float, float]] = []
        everything = range(len(labels))
        for kind in sorted({label[2:] for label in labels if label != "O"}):
            own = [i for i in everything if labels[i][2:] == kind]
            inside = [i for i in own if labels[i][0] == "I"]
            enter = max(float(steps[p, y] - steps[p, none]) for y in own for p in everything if not (y in inside and p in own))
            leave = max(float(steps[y, n] - steps[none, n]) for y in own for n in everything if n not in inside)
            within = max((float(steps[y, i] - steps[none, none]) for y in own for i in inside), default=-1e9)
            self._classes.append((own, max(enter, 0.0), max(leave, 0.0), within))

    def best(self, em: Floats, begin: NDArray[np.int64]) -> NDArray[np.int64]:
        """Label numbers of all words, sentence after sentence."""
        n = len(em)
        out = np.full(n, self._none)
        may = self._may(em)
        at = np.flatnonzero(may)
        if not len(at):
            return out
        starts = np.zeros(n, bool)
        starts[begin[:-1][begin[:-1] < n]] = True
        opens = np.empty(len(at), bool)
        opens[0] = True
        opens[1:] = (np.diff(at) > 1) | starts[at[1:]]
        heads = np.flatnonzero(opens)
        sizes = np.diff(np.append(heads, len(at)))
        order = np.argsort(-sizes, kind="stable")
        first, sizes = at[heads][order], sizes[order]
        ends = np.append(starts[1:], True)
        trans, none = self._trans, self._none
        longest = int(sizes[0])
        alive = np.searchsorted(-sizes, -np.arange(longest), side="left")
        score = em[first] + np.where(starts[first][:, None], np.float32(0), trans[none])
        back = []
        for t in range(1, longest):
            k = int(alive[t])
            step = score[:k, :, None] + trans
            back.append(step.argmax(1))
            score[:k] = step.max(1) + em[first[:k] + t]
        # after the last word of a run comes a word that is no name, or the sentence ends
        last = first + sizes - 1
        score += np.where(ends[last][:, None], np.float32(0), trans[:, none])
        label = score.argmax(1)
        for t in range(longest - 1, -1, -1):
            k = int(alive[t])
            out[first[:k] + t] = label[:k]
            if t:
                label[:k] = back[t - 1][np.arange(k), label[:k]]
        return out

    def _may(self, em: Floats) -> NDArray[np.bool_]:
        """Whether each word may have a name's label; that a stretch cannot go from one sentence to the next is not looked at."""
        scores = em.astype(np.float64)
        found = np.zeros(len(em), np.bool_)
        none = scores[:, self._none]
        for own, enter, leave, within in self._classes:
            gain = scores[:, own].max(1) - none
            sums = np.concatenate([[0.0], np.cumsum(gain + within)])
            # the best stretch that ends, and that begins, at each word
            left = sums[1:] - np.minimum.accumulate(sums[:-1])
            right = np.maximum.accumulate(sums[:0:-1])[::-1] - sums[:-1]
            found |= left + right - gain > 2 * within - enter - leave - 1e-3
        return found

    def spans(self, em: Floats, begin: NDArray[np.int64]) -> list[list[Span]]:
        """Names of each sentence."""
        best = self.best(em, begin)
        out: list[list[Span]] = []
        labels = self._labels
        named = np.flatnonzero(best != self._none)
        edges = np.searchsorted(named, begin).tolist()
        for i, start in enumerate(begin[:-1].tolist()):
            own: list[Span] = []
            for at in named[edges[i] : edges[i + 1]].tolist():
                label, k = labels[best[at]], at - start
                if label[0] == "I" and own and own[-1].end == k and own[-1].kind == label[2:]:
                    own[-1] = Span(own[-1].start, k + 1, label[2:])
                else:
                    own.append(Span(k, k + 1, label[2:]))
            out.append(own)
        return out


def log_shares(scores: Floats) -> Floats:
    """Logarithm of the softmax of each row."""
    top: Floats = scores - scores.max(1, keepdims=True)
    out: Floats = top - np.log(np.exp(top).sum(1, keepdims=True))
    return out


def _viterbi(em: Floats, begin: NDArray[np.int64], trans: Floats) -> NDArray[np.int64]:
    """Best path of every sentence, all sentences one step at a time, longest first."""
    size = np.diff(begin)
    begin, size = begin[:-1][size > 0], size[size > 0]
    order = np.argsort(-size, kind="stable")
    start = begin[order]
    alive = np.searchsorted(-size[order], -np.arange(int(size.max())), side="left")  # sentences longer than t
    score = em[start].copy()
    back = np.empty((len(em), em.shape[1]), np.int16)
    for t in range(1, int(size.max())):
        n = int(alive[t])
        at = start[:n] + t
        step = score[:n, :, None] + trans
        frm = step.argmax(1)
        back[at] = frm
        score[:n] = np.take_along_axis(step, frm[:, None, :], 1)[:, 0] + em[at]
    best = np.empty(len(em), np.int64)
    cur = score.argmax(1)
    for t in range(int(size.max()) - 1, -1, -1):
        n = int(alive[t])
        at = start[:n] + t
        best[at] = cur[:n]
        if t:
            cur[:n] = back[at, cur[:n]]
    return best
