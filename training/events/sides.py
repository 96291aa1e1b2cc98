"""Makes the trees of ``musnad.events.sides``: ``python -m training.events.sides [--data DIR] [--write]``.

Every gold event of the annotated passages that are not held out (``annotated.py``) and of the project's own development passages is one group:
the parties near its trigger, each actor, recipient or neither. The event is the one the stage finds at the gold trigger, else one made there
by the type's general frame. Prints the F1 of sides and the share of events with all sides right, of the rules alone and of the trees in five
folds by passage. Needs lightgbm.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Sequence
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
from musnad.events import merge
from musnad.events.frames import plover
from musnad.events.sides import NAMES, Weigher
from musnad.events.stage import Coder
from musnad.reading.build import make_article
from training.events.annotated import held_out, passages
from training.events.boost import flat

OUT = Path(__file__).resolve().parents[2] / "src/musnad/events/compiled/sides.msgpack"
ROUNDS = 150
SETTINGS = {
    "objective": "multiclass", "num_class": 3, "num_leaves": 16, "learning_rate": 0.06, "min_data_in_leaf": 20, "lambda_l2": 5.0,
    "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1,
}  # fmt: skip
#: the scorer does not care which side of these is called actor
SYMMETRIC = frozenset({"CONSULT", "AGREE", "COOPERATE"})


@dataclass
class Group:
    """An event: rows of its parties, what each is (0 neither, 1 actor, 2 recipient), what the rules said, how many gold sides it has."""

    passage: int
    kind: str
    rows: NDArray[np.float32]
    gold: NDArray[np.int64]
    rules: NDArray[np.int64]
    wanted: tuple[int, int]


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])


def groups(data: Path) -> tuple[list[Group], list[Group]]:
    """To learn from, and held out."""
    pipeline = before_events()
    texts: list[tuple[bool, dict[str, Any]]] = [(held_out(p), p) for p in passages(data)]
    texts += [(False, {**p, **gold_of(p["text"], p)}) for p in read("dev")]
    out: tuple[list[Group], list[Group]] = ([], [])
    for number, (held, passage) in enumerate(texts):
        analysis = pipeline.analyse(make_article(passage["text"], published=passage.get("published")))
        coder = Coder(analysis, plover(), None)
        found = merge.within_article(coder.candidates(), coder.c, coder.lexicon)
        pairs = []
        used: set[int] = set()
        for gold in passage["events"]:
            at = analysis.token_at(gold["trigger"][0])
            hit = next(
                (
                    k
                    for k, f in enumerate(found)
                    if k not in used and f.frame.type == gold["type"] and f.index <= at < max(f.last, f.index + 1)
                ),
                None,
            )
            if hit is None:
                if at < len(analysis.tokens) and analysis.tokens[at].kind == "word":
                    pairs.append((coder.general(at, gold["type"]), gold))
            else:
                used.add(hit)
                pairs.append((found[hit], gold))
        weigher = Weigher(coder)
        for item, gold in sorted(pairs, key=lambda x: x[0].index):
            parties = weigher.parties(item)
            rows = weigher.rows(item, parties)
            weigher.remember(item)
            labels = []
            for party in parties:
                m = party.mention
                same = [x for x in analysis.mentions if x is m or (m.entity and x.entity == m.entity)]
                spans = [(x.start, x.end) for x in same] + [(x.head.start, x.head.end) for x in same if x.head]
                labels.append(
                    next((r for r, key in ((1, "actors"), (2, "recipients")) if any(_overlap(g, s) for g in gold[key] for s in spans)), 0)
                )
            actors, recipients = {m.id for m in item.roles.actors}, {m.id for m in item.roles.recipients}
            rules = [1 if p.mention.id in actors else 2 if p.mention.id in recipients else 0 for p in parties]
            group = Group(
                number, gold["type"], rows, np.array(labels, int), np.array(rules, int), (len(gold["actors"]), len(gold["recipients"]))
            )
            out[held].append(group)
    return out


def fit(train: list[Group]) -> lgb.Booster:
    """Trees fitted on every party of every event."""
    rows = np.concatenate([g.rows for g in train if len(g.gold)])
    return lgb.train(SETTINGS, lgb.Dataset(rows, np.concatenate([g.gold for g in train if len(g.gold)])), ROUNDS)


def decide(group: Group, shares: NDArray[Any], limit: float) -> list[int]:
    """What each party is, as the stage decides it."""
    out = []
    for none, actor, recipient in shares:
        enough = (1 - none if group.kind in SYMMETRIC else max(actor, recipient)) >= limit
        out.append(0 if not enough else 1 if actor >= recipient else 2)
    return out


def measure(data: list[Group], decided: list[Sequence[int]]) -> tuple[float, float, float, float]:
    """Precision, recall, F1 of sides and the share of events whose sides are all right."""
    right = wanted = said = whole = 0
    for group, made in zip(data, decided, strict=True):
        n = sum(group.wanted)
        either = group.kind in SYMMETRIC or (group.kind == "ASSAULT" and group.wanted[0] > 1 and not group.wanted[1])
        hits = min(n, sum(bool(g and m) if either else bool(g and g == m) for g, m in zip(group.gold.tolist(), made, strict=True)))
        total = sum(m > 0 for m in made)
        right, wanted, said = right + hits, wanted + n, said + total
        whole += hits == n == total
    p, r = right / max(said, 1), right / max(wanted, 1)
    return p, r, 2 * p * r / max(p + r, 1e-9), whole / max(len(data), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--write", action="store_true", help="write the trees")
    args = parser.parse_args()
    train, held = groups(args.data)
    print(f"{len(train)} events to learn from, {len(held)} held out")
    print("rules   P {:.3f} R {:.3f} F1 {:.3f} all sides {:.3f}".format(*measure(train, [g.rules.tolist() for g in train])))
    numbers = sorted({g.passage for g in train})
    random.Random(3).shuffle(numbers)
    shares: list[NDArray[Any]] = [np.zeros((0, 3))] * len(train)
    for k in range(5):
        out = set(numbers[k::5])
        booster = fit([g for g in train if g.passage not in out])
        for n, g in enumerate(train):
            if g.passage in out and len(g.gold):
                shares[n] = booster.predict(g.rows)
    results = {
        limit: measure(train, [decide(g, s, limit) for g, s in zip(train, shares, strict=True)]) for limit in (0.3, 0.35, 0.4, 0.45, 0.5)
    }
    for limit, result in results.items():
        print(f"folds {limit:.2f} P %.3f R %.3f F1 %.3f all sides %.3f" % result)
    limit = max(results, key=lambda x: results[x][2] + results[x][3])
    booster = fit(train)
    made = [decide(g, booster.predict(g.rows) if len(g.gold) else np.zeros((0, 3)), limit) for g in held]
    print("held out, rules: P {:.3f} R {:.3f} F1 {:.3f} all sides {:.3f}".format(*measure(held, [g.rules.tolist() for g in held])))
    print(f"held out, {limit:.2f}:  P %.3f R %.3f F1 %.3f all sides %.3f" % measure(held, made))
    if args.write:
        OUT.write_bytes(msgspec.msgpack.encode({"trees": flat(booster, NAMES), "limit": limit}))
        print(f"{OUT.name}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
