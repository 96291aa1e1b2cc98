"""The fast model: three linear-chain CRFs (names, part of speech, clitic split) over shared features.

Weights come from CRFsuite (N. Okazaki 2007; L-BFGS, L1+L2) and are applied here with numpy: a word's own weights
are summed once and kept, so the cost of a word seen before is a few additions. The additions of one sentence never
mix with those of another, so its labels don't depend on the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musnad.language.model.features import PAIRS, Lexicon, pair_class, unary
from musnad.language.model.labels import Tags

Floats = NDArray[np.float32]
_CHUNK = 256  # sentences decoded together
_KEPT = 8_192  # written forms whose sums are kept (1.2 kB each)


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


class FastModel:
    """Tags words by three CRFs; see :func:`musnad.language.model.load`."""

    kind = "fast"

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as data:
            self._lex = read_lexicon(data)
            self._labels = {h: str(data[f"labels_{h}"]).split("\n") for h in ("names", "pos", "split")}
            sizes = [len(v) for v in self._labels.values()]
            self._cuts = np.cumsum([0, *sizes]).tolist()
            width = self._width = sum(sizes)
            self._row = {a: i for i, a in enumerate(str(data["attrs"]).split("\n"))}
            self._starts: NDArray[np.int64] = data["starts"].astype(np.int64)
            self._cols: NDArray[np.uint16] = data["cols"]
            self._vals: Floats = data["vals"].astype(np.float32) * data["scale"]
            self.trans: dict[str, Floats] = {h: data[f"trans_{h}"].astype(np.float32) for h in self._labels}
            keys, rows = data["pair_keys"], data["pair_vals"].astype(np.float32)
            slots = len(PAIRS) * 130 * 130
            # row 0 stands for every pair without a weight
            self._pair_at = np.zeros(slots, np.int32)
            self._pair_at[keys] = np.arange(1, len(keys) + 1)
            self._pairs: Floats = np.vstack([np.zeros((1, width), np.float32), rows])
        edge = self._sum(["edge"])
        self._edge = edge[1], edge[3]
        self._types: dict[str, tuple[Floats, int, int]] = {}

    def _sum(self, feats: Sequence[str]) -> Floats:
        """Weights of features of one word, as seen from words at +2, +1, 0, -1, -2 of it (rows)."""
        got: Floats = self._sums([feats])[0]
        return got

    def _sums(self, many: Sequence[Sequence[str]]) -> Floats:
        """:meth:`_sum` of many words, one after the other; each word's weights are added in the order of its own features."""
        size, row_of = 5 * self._width, self._row.get
        found = [[row for f in feats if (row := row_of(f)) is not None] for feats in many]
        rows = np.array([row for own in found for row in own], np.int64)
        word = np.repeat(np.arange(len(many)), [len(own) for own in found])
        first = self._starts[rows]
        lengths = self._starts[rows + 1] - first
        ends = np.cumsum(lengths)
        # places of the rows' weights: each row's own run of numbers
        at = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - ends + lengths, lengths)
        where = self._cols[at] + np.repeat(word * size, lengths)
        got = np.bincount(where, self._vals[at], len(many) * size)
        return got.astype(np.float32).reshape(len(many), 5, self._width)

    def _of_types(self, words: Sequence[str]) -> list[tuple[Floats, int, int]]:
        """What each word adds to itself and its neighbours, and its classes for pairs; kept per written form."""
        kept = self._types
        fresh = [w for w in words if w not in kept]
        if fresh:
            if len(kept) + len(fresh) > _KEPT:
                kept.clear()
                fresh = list(words)
            feats = []
            for word in fresh:
                own, near, _ = unary(word, self._lex)
                feats.append(list(dict.fromkeys(own + near)))
            for word, sums in zip(fresh, self._sums(feats), strict=True):
                kept[word] = (sums, *pair_class(word, self._lex))
        return [kept[w] for w in words]

    @property
    def labels(self) -> dict[str, list[str]]:
        """Label names by head, in the order of the score columns."""
        return self._labels

    def emissions(self, sentences: Sequence[Sequence[str]]) -> tuple[Floats, NDArray[np.int64]]:
        """Scores of all words, sentence after sentence, and where each sentence begins."""
        flat = [w for s in sentences for w in s]
        index: dict[str, int] = {}
        ids = np.fromiter((index.setdefault(w, len(index)) for w in flat), np.int64, len(flat))
        got = self._of_types(list(index))
        table = np.stack([g[0] for g in got])
        use = np.array([g[1] for g in got], np.int64)[ids]
        sense = np.array([g[2] for g in got], np.int64)[ids]
        begin = np.cumsum([0, *(len(s) for s in sentences)])
        out = table[ids, 2]
        n = len(flat)
        where = np.repeat(np.arange(len(sentences)), np.diff(begin))
        for d, row in ((-2, 0), (-1, 1), (1, 3), (2, 4)):
            lo, hi = max(0, -d), min(n, n - d)
            if lo < hi:
                same = where[lo:hi] == where[lo + d : hi + d]
                out[lo:hi][same] += table[ids[lo + d : hi + d][same], row]
        first, last = begin[:-1], begin[1:] - 1
        out[first] += self._edge[0]
        out[last] += self._edge[1]
        left_u, right_u, left_s, right_s = (np.full(n, 129) for _ in range(4))
        left_u[1:], left_s[1:] = use[:-1], sense[:-1]
        right_u[:-1], right_s[:-1] = use[1:], sense[1:]
        left_u[first] = left_s[first] = right_u[last] = right_s[last] = 129
        both = ((left_u, use), (use, right_u), (left_u, right_u), (left_s, sense), (sense, right_s))
        for k, (a, b) in enumerate(both):
            at = self._pair_at[(k * 130 + a) * 130 + b]
            hit = at > 0
            out[hit] += self._pairs[at[hit]]
        return out, begin

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """Labels of each sentence; one that is empty gets empty lists."""
        return self._tagged(sentences, ("names", "pos", "split"))[0]

    def evidence(self, sentences: Sequence[Sequence[str]]) -> tuple[list[Tags], Floats]:
        """Names and splits of each sentence (``pos`` is None), and for each word, sentence after sentence, the logarithms of
        the shares of its parts of speech as :attr:`pos_labels` orders them, each word seen by itself."""
        out, scores = self._tagged(sentences, ("names", "split"))
        return out, log_shares(np.concatenate(scores)) if scores else np.zeros((0, len(self.pos_labels)), np.float32)

    @property
    def pos_labels(self) -> list[str]:
        """The parts of speech that :meth:`evidence` has a column for."""
        return self._labels["pos"]

    def _tagged(self, sentences: Sequence[Sequence[str]], heads: Sequence[str]) -> tuple[list[Tags], list[Floats]]:
        out: list[Tags] = []
        scores: list[Floats] = []
        for k in range(0, len(sentences), _CHUNK):
            part = sentences[k : k + _CHUNK]
            full = [i for i, s in enumerate(part) if len(s)]
            done = [Tags([], [] if "pos" in heads else None, []) for _ in part]
            if full:
                em, begin = self.emissions([part[i] for i in full])
                h = list(self._labels).index("pos")
                scores.append(em[:, self._cuts[h] : self._cuts[h + 1]])
                for i, tags in zip(full, self._decode(em, begin, heads), strict=True):
                    done[i] = tags
            out += done
        return out, scores

    def _decode(self, em: Floats, begin: NDArray[np.int64], wanted: Sequence[str]) -> list[Tags]:
        heads: list[list[str] | None] = []
        for h, (name, labels) in enumerate(self._labels.items()):
            if name not in wanted:
                heads.append(None)
                continue
            part = em[:, self._cuts[h] : self._cuts[h + 1]]
            best = part.argmax(1) if name == "split" else _viterbi(part, begin, self.trans[name])
            heads.append([labels[i] for i in best.tolist()])
        names, pos, split = heads
        return [
            Tags((names or [])[a:b], None if pos is None else pos[a:b], None if split is None else split[a:b])
            for a, b in zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True)
        ]


def log_shares(scores: Floats) -> Floats:
    """Logarithm of the softmax of each row."""
    top: Floats = scores - scores.max(1, keepdims=True)
    out: Floats = top - np.log(np.exp(top).sum(1, keepdims=True))
    return out


def _viterbi(em: Floats, begin: NDArray[np.int64], trans: Floats) -> NDArray[np.int64]:
    """Best path of every sentence, all sentences one step at a time, longest first."""
    size = np.diff(begin)
    order = np.argsort(-size, kind="stable")
    start = begin[:-1][order]
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
