"""The accurate model: layers of multilingual-e5-small (MIT), fine-tuned and run by onnxruntime, and a CRF beside it.

The encoder knows context and spelling, the CRF lists of names and word classes; their scores are added before the
best label sequence is sought (weights chosen on text neither was trained on).
Every sentence is run by itself, without padding, on one thread: what it gets cannot depend on the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from musnad.language.model.fast import FastModel, log_shares
from musnad.language.model.labels import Evidence, Span, Tags, spans
from musnad.language.model.pieces import BOS, EOS, Pieces

Floats = NDArray[np.float32]
_ROOM = 400  # pieces in one run; the encoder knows 512 positions
_OVERLAP = 24  # words both windows of a longer sentence see


class AccurateModel:
    """Tags words by the encoder's heads; see :func:`musnad.language.model.load`."""

    kind = "accurate"

    def __init__(self, graph: Path, tables: Path, partner: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._run = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        with np.load(tables, allow_pickle=False) as data:
            self._pieces = Pieces(str(data["pieces"]).split("\n"), data["scores"].tolist())
            self.labels = [str(data[f"labels_{h}"]).split("\n") for h in ("names", "pos", "split")]
            self.trans: Floats = data["trans"]
            self.start: Floats = data["start"]
            weights = dict(zip(("names", "pos", "split"), data["partner_weights"].tolist(), strict=True))
        self._partner = FastModel(partner)
        # column of each of our labels among the partner's, and how much it counts (nothing for a label it lacks)
        theirs = [(h, x) for h, labels in self._partner.labels.items() for x in labels]
        ours = [(h, x) for h, labels in zip(weights, self.labels, strict=True) for x in labels]
        at = {label: i for i, label in enumerate(theirs)}
        self._column = np.array([at.get(x, 0) for x in ours])
        self._weight = np.array([weights[x[0]] if x in at else 0.0 for x in ours], np.float32)
        self._cuts = np.cumsum([len(x) for x in self.labels])[:-1].tolist()

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """Labels of each sentence; one that is empty gets empty lists."""
        return [self._one(s) if len(s) else Tags([], [], []) for s in sentences]

    def evidence(self, sentences: Sequence[Sequence[str]]) -> Evidence:
        """As :meth:`musnad.language.model.fast.FastModel.evidence`."""
        found: list[list[Span]] = []
        splits: list[Floats] = []
        shares: list[Floats] = [np.zeros((0, len(self.pos_labels)), np.float32)]
        beside, begin = self._partner.tagged(sentences)
        tagged = self._cuts[1]
        for words, first in zip(sentences, begin.tolist(), strict=False):
            if not len(words):
                found.append([])
                splits.append(shares[0])
                continue
            names, pos, split = np.split(self.scores(words), self._cuts, axis=1)
            more = beside[first : first + len(words), self._column[:tagged]] * self._weight[:tagged]
            path = viterbi(names + more[:, : self._cuts[0]], self.trans, self.start)
            found.append(spans([self.labels[0][i] for i in path]))
            splits.append(split)
            shares.append(log_shares(pos + more[:, self._cuts[0] :]))

        def split_of(i: int, k: int) -> str:
            theirs = self._partner.split_row(sentences[i], k)[np.maximum(self._column[tagged:] - self._partner.width, 0)]
            return self.labels[2][int((splits[i][k] + theirs * self._weight[tagged:]).argmax())]

        return Evidence(found, np.concatenate(shares), split_of)

    @property
    def pos_labels(self) -> list[str]:
        """The parts of speech that :meth:`evidence` has a column for."""
        return self.labels[1]

    def summed(self, words: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Scores of encoder and CRF together: names, part of speech, split; one row per word."""
        beside, _ = self._partner.emissions([words])
        scores = self.scores(words) + beside[:, self._column] * self._weight
        names, pos, split = np.split(scores, self._cuts, axis=1)
        return names, pos, split

    def _one(self, words: Sequence[str]) -> Tags:
        names, pos, split = self.summed(words)
        path = viterbi(names, self.trans, self.start)
        heads = (path, pos.argmax(1).tolist(), split.argmax(1).tolist())
        return Tags(*([labels[i] for i in got] for labels, got in zip(self.labels, heads, strict=True)))

    def scores(self, words: Sequence[str]) -> Floats:
        """Scores of the encoder's heads, one row per word. A sentence too long for one run is read in overlapping
        windows; of the overlap each window keeps the half that it sees from farther inside."""
        pieces = [self._pieces.word(w) for w in words]
        out: list[Floats] = []
        begin = done = 0  # first word of the window; words whose scores are settled
        while done < len(pieces):
            end, room = begin, _ROOM
            while end < len(pieces) and (room := room - len(pieces[end])) >= 0:
                end += 1
            overlap = min(_OVERLAP, (end - begin) // 2) if end < len(pieces) else 0
            settled = end - overlap // 2
            out.append(self._window(pieces[begin:end])[done - begin : settled - begin])
            begin, done = end - overlap, settled
        return np.concatenate(out) if len(out) > 1 else out[0]

    def _window(self, pieces: Sequence[tuple[int, ...]]) -> Floats:
        sizes = np.array([len(p) for p in pieces], np.int64)
        last = np.cumsum(sizes)
        ids = np.array([[BOS, *(i for p in pieces for i in p), EOS]], np.int64)
        feed = {"ids": ids, "first": last - sizes + 1, "last": last}
        got: Floats = self._run.run(["scores"], feed)[0]
        return got


def viterbi(scores: Floats, trans: Floats, start: Floats) -> list[int]:
    """The best label numbers of a sentence under a linear chain; ``trans`` is [from, to]."""
    best = start + scores[0]
    back = []
    for row in scores[1:]:
        step = best[:, None] + trans
        frm = step.argmax(0)
        back.append(frm)
        best = step[frm, np.arange(len(frm))] + row
    path = [int(best.argmax())]
    for frm in reversed(back):
        path.append(int(frm[path[-1]]))
    return path[::-1]
