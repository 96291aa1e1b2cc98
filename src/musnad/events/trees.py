"""Boosted decision trees as flat arrays: made by ``training/events``, applied with numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Trees:
    """Sums of trees, one sum per class. Rows with equal numbers get equal scores, whatever else is in the batch.

    :param data: ``features`` (names), ``classes``, ``depth`` and per node ``feature``, ``threshold`` (float32), ``left``, ``right``,
        ``value`` (float32), ``roots`` (a node per tree; tree t belongs to class t modulo ``classes``), as bytes of little-endian numbers.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(data["features"])
        self.classes = int(data["classes"])
        self.depth = int(data["depth"])
        self.feature = np.frombuffer(data["feature"], "<i2").astype(np.intp)
        self.threshold = np.frombuffer(data["threshold"], "<f4")
        #: right and left child of each node, side by side
        self.children = np.stack([np.frombuffer(data[side], "<i4") for side in ("right", "left")], 1).reshape(-1).astype(np.intp)
        self.value = np.frombuffer(data["value"], "<f4")
        self.roots = np.frombuffer(data["roots"], "<i4").astype(np.intp)

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raw scores ``[rows, classes]``; a leaf points at itself, so that every row takes the same number of steps."""
        n = len(rows)
        node = np.repeat(self.roots[None], n, 0)
        base = (np.arange(n, dtype=np.intp) * rows.shape[1])[:, None]
        flat = np.ascontiguousarray(rows).reshape(-1)
        for _ in range(self.depth):
            # take, several times faster than the same places in brackets
            smaller = flat.take(self.feature.take(node) + base) <= self.threshold.take(node)
            node = self.children.take(2 * node + smaller)
        got: NDArray[np.float32] = self.value.take(node).reshape(n, -1, self.classes).sum(1)
        return got

    def shares(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Chances: a softmax over the classes, or the logistic function where there is one."""
        raw = self.scores(rows)
        if self.classes == 1:
            return np.asarray(1 / (1 + np.exp(-raw)), np.float32)
        raw = np.exp(raw - raw.max(1, keepdims=True))
        return np.asarray(raw / raw.sum(1, keepdims=True), np.float32)
