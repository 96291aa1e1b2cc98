"""The fast model: three linear-chain CRFs (names, part of speech, clitic split) over shared features.

Weights come from CRFsuite (N. Okazaki 2007; L-BFGS, L1+L2) and are applied here with numpy: a word's own weights
are summed once and kept, so the cost of a word seen before is a few additions. The additions of one sentence never
mix with those of another, so its labels don't depend on the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musnad.language.model.features import PAIRS, Lexicon, pair_class, unary
from musnad.language.model.labels import Tags

Floats = NDArray[np.float32]
_CHUNK = 256  # sentences decoded together


def read_lexicon(data: Any) -> Lexicon:
    """The word classes and list marks of a weights file."""
    words = str(data["words"]).split("\n")
    use, sense, flags = data["use"].tolist(), data["sense"].tolist(), data["flags"].tolist()
    kinds = str(data["flag_kinds"]).split("\n")
    combos: dict[int, tuple[str, ...]] = {
        c: tuple(k for b, k in enumerate(kinds) if c >> b & 1) for c in set(flags) if c
    }
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
            self._starts: list[int] = data["starts"].tolist()
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
        self._type = lru_cache(maxsize=16_384)(self._of_type)

    def _sum(self, feats: Sequence[str]) -> Floats:
        """Weights of features of one word, as seen from words at +2, +1, 0, -1, -2 of it (rows)."""
        rows = [row for f in feats if (row := self._row.get(f)) is not None]
        if not rows:
            return np.zeros((5, self._width), np.float32)
        at, cols, vals = self._starts, self._cols, self._vals
        where = np.concatenate([cols[at[r] : at[r + 1]] for r in rows])
        what = np.concatenate([vals[at[r] : at[r + 1]] for r in rows])
        got = np.bincount(where, what, 5 * self._width)
        return got.astype(np.float32).reshape(5, self._width)

    def _of_type(self, word: str) -> tuple[Floats, int, int]:
        """What a word adds to itself and its neighbours, and its classes for pairs."""
        own, near, _ = unary(word, self._lex)
        return self._sum(list(dict.fromkeys(own + near))), *pair_class(word, self._lex)

    @property
    def labels(self) -> dict[str, list[str]]:
        """Label names by head, in the order of the score columns."""
        return self._labels

    def emissions(self, sentences: Sequence[Sequence[str]]) -> tuple[Floats, NDArray[np.int64]]:
        """Scores of all words, sentence after sentence, and where each sentence begins."""
        flat = [w for s in sentences for w in s]
        index: dict[str, int] = {}
        ids = np.fromiter((index.setdefault(w, len(index)) for w in flat), np.int64, len(flat))
        got = [self._type(w) for w in index]
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
        out: list[Tags] = []
        for k in range(0, len(sentences), _CHUNK):
            part = sentences[k : k + _CHUNK]
            full = [i for i, s in enumerate(part) if len(s)]
            done = [Tags([], [], []) for _ in part]
            if full:
                for i, tags in zip(full, self._decode([part[i] for i in full]), strict=True):
                    done[i] = tags
            out += done
        return out

    def _decode(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        em, begin = self.emissions(sentences)
        heads = []
        for h, (name, labels) in enumerate(self._labels.items()):
            part = em[:, self._cuts[h] : self._cuts[h + 1]]
            best = part.argmax(1) if name == "split" else _viterbi(part, begin, self.trans[name])
            heads.append([labels[i] for i in best.tolist()])
        return [
            Tags(*(h[a:b] for h in heads))
            for a, b in zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True)
        ]


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
