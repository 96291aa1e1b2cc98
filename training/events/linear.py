"""A softmax over sparse features named by strings, what the trigger table and the words of sides are learned by."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

EPOCHS, RATE, DECAY, BATCH = 8, 0.05, 2e-3, 256


@dataclass
class Fitted:
    """Features and their weights ``[features, classes]``."""

    index: dict[str, int]
    weights: NDArray[np.float32]

    def raw(self, features: list[str]) -> NDArray[np.float32]:
        got: NDArray[np.float32] = self.weights[[self.index[f] for f in features if f in self.index]].sum(0)
        return got

    def shares(self, features: list[str]) -> NDArray[np.float32]:
        raw = self.raw(features)
        made: NDArray[np.float32] = np.exp(raw - raw.max())
        return made / made.sum()


class Rows:
    """What to learn from: numbers of the features of each row, and its class."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.features: list[NDArray[np.int32]] = []
        self.wanted: list[int] = []

    def add(self, features: list[str], wanted: int) -> None:
        names = self.names
        self.features.append(np.array([names.setdefault(f, len(names)) for f in dict.fromkeys(features)], np.int32))
        self.wanted.append(wanted)


def fit(rows: Rows, classes: int, least: int, seed: int = 0) -> Fitted:
    """A softmax fitted by Adagrad, with decay on the weights that a batch touches; features of fewer than ``least`` rows are left out."""
    seen = np.zeros(len(rows.names), np.int64)
    for f in rows.features:
        seen[f] += 1
    kept = np.flatnonzero(seen >= least)
    new = np.full(len(rows.names), -1)
    new[kept] = np.arange(len(kept))
    flat = [torch.from_numpy(x[x >= 0]) for x in (new[f] for f in rows.features)]
    wanted = torch.eye(classes)[torch.tensor(rows.wanted)]
    weights = torch.zeros(len(kept), classes)
    squares = torch.zeros_like(weights)
    order = list(range(len(flat)))
    rng = random.Random(seed)
    torch.set_num_threads(1)
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            ids = torch.cat([flat[k] for k in batch])
            sizes = torch.tensor([len(flat[k]) for k in batch])
            offsets = torch.cat([torch.zeros(1, dtype=torch.long), sizes.cumsum(0)[:-1]])
            raw = nn.functional.embedding_bag(ids, weights, offsets, mode="sum")
            slope = (torch.softmax(raw, -1) - wanted[batch]) / len(batch)
            touched, at, often = ids.unique(return_inverse=True, return_counts=True)
            own = weights[touched]
            step = (
                torch.zeros_like(own).index_add_(0, at, slope.repeat_interleave(sizes, 0)) + 2 * DECAY / len(batch) * often[:, None] * own
            )
            total = squares[touched] + step.square()
            squares[touched] = total
            weights[touched] = own - RATE * step / (total.sqrt() + 1e-10)
    names = list(rows.names)
    return Fitted({names[k]: n for n, k in enumerate(kept.tolist())}, weights.numpy())
