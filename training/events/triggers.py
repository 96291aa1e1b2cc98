"""Makes the table of ``musnad.events.triggers``: ``python -m training.events.triggers [--data DIR] [--write]``.

A softmax over features of single words, fitted on the annotated passages of ANT that are not held out (``annotated.py``), on the project's
own development passages and on articles of sport, culture and technology as company without events. Prints precision, recall and F1 of words with the right type in four folds by passage and on what is held out, and the
limits that the folds give. Needs torch.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.events import before_events
from benchmarks.passages import read
from musnad.evaluation.phrases import gold_of
from musnad.events.triggers import TYPES
from musnad.reading.build import make_article
from training.events.annotated import held_out, passages
from training.events.rows import Word, labels, words_of

OUT = Path(__file__).resolve().parents[2] / "src/musnad/events/compiled/triggers.msgpack"
EPOCHS, RATE, DECAY, LEAST, BATCH = 8, 0.1, 2e-3, 2, 256
#: a frame is a witness of its own that few training passages have seen, so little is asked of a word that has one: between .03 and .18 the
#: folds differ by less than .01
LIMITS = (0.05, 0.42)
AGAINST = 0.55
#: least share of an event of words or policy that names no political side
SURE = 0.6
QUIET = 300
NAMES = ("O", *TYPES)
Row = tuple[list[str], int]


@dataclass
class Passage:
    """A passage's words with their gold types (0: none), and the number of its gold events."""

    held: bool
    words: list[Word]
    types: list[int]
    gold: int

    @property
    def rows(self) -> list[Row]:
        return [(w.features, t) for w, t in zip(self.words, self.types, strict=True)]


def quiet_articles(data: Path) -> list[tuple[str, str | None]]:
    """Beginnings of articles of ANT's sport, culture and technology parts, taken to tell of no event: company in which words mean other things."""
    rows = []
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("category") in ("sport", "culture", "technology"):
                rows.append((row["text"][:1200], row.get("published")))
    random.Random(19).shuffle(rows)
    return rows[:QUIET]


def load(data: Path) -> list[Passage]:
    """Every annotated passage, analysed."""
    pipeline = before_events()
    quiet = [{"text": text, "published": published, "events": []} for text, published in quiet_articles(data)]
    texts: list[tuple[bool, dict[str, Any]]] = [(held_out(p), p) for p in passages(data)]
    texts += [(False, {**p, **gold_of(p["text"], p)}) for p in read("dev")] + [(False, p) for p in quiet]
    out = []
    for held, passage in texts:
        analysis = pipeline.analyse(make_article(passage["text"], published=passage.get("published")))
        words = words_of(analysis)
        ends = [t.end for t in analysis.tokens]
        types = {bisect_right(ends, e["trigger"][0]): NAMES.index(e["type"]) for e in passage["events"]}
        out.append(Passage(held, words, [t or 0 for t in labels(words, types)], len(passage["events"])))
    return out


@dataclass
class Fitted:
    """Features and their weights ``[features, 1 + types]``."""

    index: dict[str, int]
    weights: NDArray[np.float32]

    def shares(self, features: list[str]) -> NDArray[np.float32]:
        raw = self.weights[[self.index[f] for f in features if f in self.index]].sum(0)
        made: NDArray[np.float32] = np.exp(raw - raw.max())
        return made / made.sum()


def fit(rows: list[Row], seed: int = 0) -> Fitted:
    """A softmax fitted by Adagrad with decay on the weights that a batch touches."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    counts = Counter(f for features, _ in rows for f in set(features))
    index = {f: k for k, f in enumerate(sorted(f for f, n in counts.items() if n >= LEAST))}
    flat = [torch.tensor([index[f] for f in features if f in index]) for features, _ in rows]
    wanted = torch.tensor([t for _, t in rows])
    table = nn.EmbeddingBag(len(index), len(NAMES), mode="sum")
    nn.init.zeros_(table.weight)
    optimiser = torch.optim.Adagrad(table.parameters(), lr=RATE)
    order = list(range(len(rows)))
    rng = random.Random(seed)
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            offsets = torch.tensor([0] + [len(flat[k]) for k in batch[:-1]]).cumsum(0)
            ids = torch.cat([flat[k] for k in batch])
            loss = nn.functional.cross_entropy(table(ids, offsets), wanted[batch]) + DECAY * table.weight[ids].square().sum() / len(batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return Fitted(index, table.weight.detach().numpy())


@dataclass
class Judged:
    """A word as a fold's model judged it: best type, its share, whether a frame had it, its gold type."""

    best: int
    share: float
    framed: bool
    gold: int


def judge(model: Fitted, passage: Passage) -> list[Judged]:
    out = []
    for word, gold in zip(passage.words, passage.types, strict=True):
        shares = model.shares(word.features)
        best = int(shares[1:].argmax()) + 1
        out.append(Judged(best, float(shares[best]), word.framed, gold))
    return out


def measure(judged: list[Judged], gold: int, frame: float, word: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of words with the right type."""
    kept = [j for j in judged if j.share >= (frame if j.framed else word)]
    right = sum(j.best == j.gold for j in kept)
    p, r = right / max(len(kept), 1), right / max(gold, 1)
    return p, r, 2 * p * r / max(p + r, 1e-9)


def lemmas(train: list[Passage]) -> list[str]:
    """Words without a frame that named an event at least twice, or once of at most three times."""
    counts: Counter[str] = Counter()
    events: Counter[str] = Counter()
    for passage in train:
        for word, gold in zip(passage.words, passage.types, strict=True):
            counts[word.lemma] += 1
            events[word.lemma] += gold > 0
    return sorted(w for w, n in events.items() if n >= 2 or (n == 1 and counts[w] <= 3))


def cross(train: list[Passage]) -> None:
    """Four folds by passage: the limits with the best F1."""
    judged: list[Judged] = []
    for k in range(4):
        rest = [p for n, p in enumerate(train) if n % 4 != k]
        model, known = fit([row for p in rest for row in p.rows]), set(lemmas(rest))
        for p in train[k::4]:
            judged += [j for j, w in zip(judge(model, p), p.words, strict=True) if w.framed or w.lemma in known]
    gold = sum(p.gold for p in train)
    grid = [x / 100 for x in range(2, 60, 4)]
    frame, word = max(((a, b) for a in grid for b in grid), key=lambda x: measure(judged, gold, *x)[2])
    print(f"four folds: limits frame {frame:.2f} word {word:.2f}: P %.3f R %.3f F1 %.3f" % measure(judged, gold, frame, word), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--write", action="store_true", help="write the table")
    parser.add_argument("--folds", action="store_true", help="cross-validate as well")
    parser.add_argument("--limits", type=float, nargs=2, default=LIMITS, help="least share of a word with a frame, of one without")
    args = parser.parse_args()
    everything = load(args.data)
    train, held = [p for p in everything if not p.held], [p for p in everything if p.held]
    random.Random(5).shuffle(train)
    print(
        f"{len(train)} passages with {sum(p.gold for p in train)} events to learn from, {len(held)} with {sum(p.gold for p in held)} held out",
        flush=True,
    )
    if args.folds:
        cross(train)
    frame, word = args.limits
    model = fit([row for p in train for row in p.rows])
    known = set(lemmas(train))
    final = [j for p in held for j, w in zip(judge(model, p), p.words, strict=True) if w.framed or w.lemma in known]
    print("held out: P {:.3f} R {:.3f} F1 {:.3f}".format(*measure(final, sum(p.gold for p in held), frame, word)))
    if args.write:
        keep = [f for f, k in model.index.items() if np.abs(model.weights[k]).max() > 0.02]
        weights = model.weights[[model.index[f] for f in keep]].astype("<f2")
        table = {
            "features": keep,
            "weights": weights.tobytes(),
            "lemmas": sorted(known),
            "limits": {"frame": frame, "word": word, "against": AGAINST, "sure": SURE},
        }
        OUT.write_bytes(msgspec.msgpack.encode(table))
        print(f"{OUT.name}: {len(keep)} features, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
