"""Makes the table of ``musnad.events.triggers``: ``python -m training.events.triggers [--data DIR] [--write]``.

A softmax over features of single words and trees over its answers, fitted on the annotated passages of ANT that are not held out (``annotated.py``),
on the project's own development passages and on articles of sport, culture and technology as company without events. Prints precision, recall and F1 of words
with the right type on what is held out. Needs torch and lightgbm.
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

import lightgbm as lgb
import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.events import before_events
from benchmarks.passages import read
from musnad.evaluation.phrases import gold_of
from musnad.events.triggers import NAMES, TYPES, Candidate, Rates
from musnad.events.triggers import rows as rows_of
from musnad.reading.build import make_article
from training.events.annotated import held_out, in_dev, passages
from training.events.boost import flat
from training.events.linear import Fitted, Rows, fit
from training.events.rows import labels, words_of

OUT = Path(__file__).resolve().parents[2] / "src/musnad/events/compiled/triggers.msgpack"
#: rows a feature must stand in
LEAST = 2
#: parts of the passages whose words are judged by models of the others; chance an event needs
FOLDS, LIMIT = 4, 0.22
ROUNDS = 200
SETTINGS = {
    "objective": "binary", "num_leaves": 12, "learning_rate": 0.05, "min_data_in_leaf": 40, "lambda_l2": 5.0, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1,
}  # fmt: skip
#: least share of an event of words or policy that names no political side
SURE = 0.3
#: chance an event of a text of one or two sentences needs, the greater where the conditions of its frames do not hold: with them the sentences of
#: tests/events in which nothing happens stay without events
SHORT, AGAINST = 0.4, 0.75
QUIET = 300


@dataclass
class Passage:
    """A passage's words with their gold types (0: none), and the number of its gold events."""

    held: bool
    dev: bool
    words: list[Candidate]
    types: list[int]
    gold: int


def quiet_articles(data: Path) -> list[tuple[str, str | None]]:
    """Beginnings of articles of ANT's sport, culture and technology parts that are not annotated, taken to tell of no event: company in which
    words mean other things."""
    rows = []
    known = {p["id"] for p in passages(data)}
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("category") in ("sport", "culture", "technology") and row["id"] not in known:
                rows.append((row["text"][:1200], row.get("published")))
    random.Random(19).shuffle(rows)
    return rows[:QUIET]


def load(data: Path) -> list[Passage]:
    """Every annotated passage, analysed."""
    pipeline = before_events()
    quiet = [
        {"id": f"quiet{n}", "text": text, "published": published, "events": []} for n, (text, published) in enumerate(quiet_articles(data))
    ]
    texts: list[tuple[bool, dict[str, Any]]] = [(held_out(p), p) for p in passages(data)]
    texts += [(False, {"id": f"dev{n}", **p, **gold_of(p["text"], p)}) for n, p in enumerate(read("dev"))] + [(False, p) for p in quiet]
    out = []
    for held, passage in texts:
        analysis = pipeline.analyse(make_article(passage["text"], published=passage.get("published")))
        words = words_of(analysis)
        ends = [t.end for t in analysis.tokens]
        types = {bisect_right(ends, e["trigger"][0]): 1 + TYPES.index(e["type"]) for e in passage["events"]}
        out.append(Passage(held, in_dev(str(passage["id"])), words, [t or 0 for t in labels(words, types)], len(passage["events"])))
    return out


def linear(train: list[Passage]) -> Fitted:
    """The linear model of which type each word names."""
    rows = Rows()
    for p in train:
        for word, kind in zip(p.words, p.types, strict=True):
            rows.add(word.features, kind)
    return fit(rows, len(TYPES) + 1, LEAST)


def counted(train: list[Passage]) -> dict[str, tuple[int, dict[int, int]]]:
    """How often each lemma was seen, and named an event of each type."""
    seen: Counter[str] = Counter()
    named: dict[str, Counter[int]] = {}
    for p in train:
        for word, kind in zip(p.words, p.types, strict=True):
            seen[word.lemma] += 1
            if kind:
                named.setdefault(word.lemma, Counter())[kind] += 1
    return {lemma: (n, dict(named.get(lemma, {}))) for lemma, n in seen.items()}


def lemmas(counts: dict[str, tuple[int, dict[int, int]]]) -> set[str]:
    """Words worth a look without a frame: those that named an event at least twice, or once of at most three times."""
    return {w for w, (seen, named) in counts.items() if (n := sum(named.values())) >= 2 or (n == 1 and seen <= 3)}


def seen_by_trees(model: Fitted, counts: dict[str, tuple[int, dict[int, int]]], passage: Passage) -> tuple[NDArray[np.float32], list[bool]]:
    """Rows of a passage's words as the package makes them, and whether each names an event of its best type."""
    known = lemmas(counts)
    kept = [(w, t) for w, t in zip(passage.words, passage.types, strict=True) if w.framed or w.lemma in known]
    shares = np.stack([model.shares(w.features) for w, _ in kept]) if kept else np.zeros((0, len(TYPES) + 1), np.float32)
    made, who = rows_of([w for w, _ in kept], shares, Rates(counts))
    return made, [kept[k][1] == kind for k, kind in who]


def trees(train: list[Passage]) -> lgb.Booster:
    """Trees that learn from linear models and counts which have not seen the passage."""
    made: list[NDArray[np.float32]] = []
    wanted: list[bool] = []
    for k in range(FOLDS):
        rest = [p for n, p in enumerate(train) if n % FOLDS != k]
        model, counts = linear(rest), counted(rest)
        for p in train[k::FOLDS]:
            own, right = seen_by_trees(model, counts, p)
            made.append(own)
            wanted += right
    return lgb.train(SETTINGS, lgb.Dataset(np.concatenate(made), np.array(wanted, int)), ROUNDS)


def measure(made: list[tuple[float, bool]], gold: int, limit: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of words with the right type."""
    kept = [right for share, right in made if share >= limit]
    p, r = sum(kept) / max(len(kept), 1), sum(kept) / max(gold, 1)
    return p, r, 2 * p * r / max(p + r, 1e-9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--write", action="store_true", help="write the table")
    parser.add_argument("--dev", action="store_true", help="leave a tenth of the passages out and print what limits do on it")
    parser.add_argument("--limit", type=float, default=LIMIT, help="chance an event needs")
    args = parser.parse_args()
    everything = load(args.data)
    train, held = [p for p in everything if not p.held], [p for p in everything if p.held]
    dev = [p for p in train if p.dev]
    if args.dev:
        train = [p for p in train if not p.dev]
    random.Random(5).shuffle(train)
    print(
        f"{len(train)} passages with {sum(p.gold for p in train)} events to learn from, {len(held)} with {sum(p.gold for p in held)} held out",
        flush=True,
    )
    booster, model, counts = trees(train), linear(train), counted(train)
    for name, part in (("dev", dev), ("held out", held)):
        if name == "dev" and not args.dev:
            continue
        made = []
        for p in part:
            own, right = seen_by_trees(model, counts, p)
            made += list(zip(booster.predict(own).tolist() if len(own) else [], right, strict=True))
        gold = sum(p.gold for p in part)
        for limit in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5) if name == "dev" else (args.limit,):
            print(f"{name}, {limit:.2f}: P %.3f R %.3f F1 %.3f" % measure(made, gold, limit), flush=True)
    if args.write:
        keep = [f for f, k in model.index.items() if np.abs(model.weights[k]).max() > 0.02]
        weights = model.weights[[model.index[f] for f in keep]].astype("<f2")
        table = {
            "features": keep,
            "weights": weights.tobytes(),
            "lemmas": sorted(lemmas(counts)),
            "rates": [(lemma, seen, sorted(named.items())) for lemma, (seen, named) in sorted(counts.items()) if seen > 1 or named],
            "trees": flat(booster, NAMES),
            "limits": {"event": args.limit, "sure": SURE, "short": SHORT, "against": AGAINST},
        }
        OUT.write_bytes(msgspec.msgpack.encode(table))
        print(f"{OUT.name}: {len(keep)} features, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
