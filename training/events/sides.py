"""Makes the trees of ``musnad.events.sides``: ``python -m training.events.sides [--data DIR] [--write]``.

Every gold event of the annotated passages that are not held out (``annotated.py``) and of the project's own development passages is one group:
the parties near its trigger, each actor, recipient or neither. The event is the one the stage finds at the gold trigger, else one made there
by the type's general frame.
Prints the F1 of sides and the share of events with all sides right, of the rules alone and of the trees, on what is held out. Needs lightgbm and torch.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
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
from musnad.events.sides import ALL, NAMES, Weigher, company
from musnad.events.stage import Coder
from musnad.pipeline import Analysis
from musnad.reading.build import make_article
from musnad.record import Mention
from training.events.annotated import held_out, in_dev, passages
from training.events.boost import flat
from training.events.linear import Fitted, Rows
from training.events.linear import fit as fit_linear

OUT = Path(__file__).resolve().parents[2] / "src/musnad/events/compiled/sides.msgpack"
ROUNDS = 120
#: rows a word must stand in; parts of the passages whose words are scored by a model of the others
LEAST, FOLDS = 2, 4
LIMIT = 0.33
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
    dev: bool
    kind: str
    rows: NDArray[np.float32]
    words: list[list[str]]
    keys: list[str]
    gold: NDArray[np.int64]
    rules: NDArray[np.int64]
    wanted: tuple[int, int]


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])


def label_of(analysis: Analysis, mention: Mention, gold: dict[str, Any]) -> int:
    """What an entity is in a gold event (0 neither, 1 actor, 2 recipient), by any of its mentions."""
    same = [x for x in analysis.mentions if x is mention or (mention.entity and x.entity == mention.entity)]
    spans = [(x.start, x.end) for x in same] + [(x.head.start, x.head.end) for x in same if x.head]
    return next((r for r, key in ((1, "actors"), (2, "recipients")) if any(_overlap(g, s) for g in gold[key] for s in spans)), 0)


def groups(data: Path) -> tuple[list[Group], list[Group]]:
    """To learn from, and held out."""
    pipeline = before_events()
    texts: list[tuple[bool, dict[str, Any]]] = [(held_out(p), p) for p in passages(data)]
    texts += [(False, {"id": f"dev{n}", **p, **gold_of(p["text"], p)}) for n, p in enumerate(read("dev"))]
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
            labels = [label_of(analysis, party.mention, gold) for party in parties]
            actors, recipients = {m.id for m in item.roles.actors}, {m.id for m in item.roles.recipients}
            rules = [1 if p.mention.id in actors else 2 if p.mention.id in recipients else 0 for p in parties]
            group = Group(
                number, in_dev(str(passage["id"])), gold["type"], rows, weigher.words(item, parties), [p.mention.entity or p.mention.id for p in parties], np.array(labels, int),
                np.array(rules, int), (len(gold["actors"]), len(gold["recipients"])),
            )  # fmt: skip
            out[held].append(group)
    return out


def words_of(groups: list[Group]) -> Fitted:
    """The linear model of the words around each party."""
    rows = Rows()
    for g in groups:
        for features, role in zip(g.words, g.gold.tolist(), strict=True):
            rows.add(features, role)
    return fit_linear(rows, 3, LEAST)


def scored(model: Fitted, groups: list[Group]) -> None:
    """Set the last two numbers of every row."""
    for g in groups:
        for row, features in zip(g.rows, g.words, strict=True):
            raw = model.raw(features)
            row[-2:] = raw[1:] - raw[0]


@dataclass
class Sides:
    """Words, first and second trees."""

    words: Fitted
    first: lgb.Booster
    second: lgb.Booster

    def shares(self, part: list[Group]) -> list[NDArray[Any]]:
        """Chances of every party of events in the order of their passages."""
        scored(self.words, part)
        return by_passage(part, predicted(self.first, part), self.second)


def predicted(booster: lgb.Booster, part: list[Group]) -> list[NDArray[Any]]:
    return [booster.predict(g.rows) if len(g.gold) else np.zeros((0, 3)) for g in part]


def with_company(part: list[Group], shares: list[NDArray[Any]]) -> list[NDArray[np.float32]]:
    """Rows for the second trees, passage by passage."""
    out: list[NDArray[np.float32]] = []
    for _, indices in groupby(range(len(part)), key=lambda n: part[n].passage):
        own = list(indices)
        out += company([part[n].rows for n in own], [shares[n] for n in own], [part[n].keys for n in own])
    return out


def by_passage(part: list[Group], shares: list[NDArray[Any]], second: lgb.Booster) -> list[NDArray[Any]]:
    return [second.predict(r) if len(r) else np.zeros((0, 3)) for r in with_company(part, shares)]


def grown(rows: list[NDArray[np.float32]], gold: list[NDArray[np.int64]]) -> lgb.Booster:
    return lgb.train(SETTINGS, lgb.Dataset(np.concatenate(rows), np.concatenate(gold)), ROUNDS)


def first(train: list[Group]) -> tuple[Fitted, lgb.Booster]:
    """Words and first trees; the words' scores that the trees learn from are of models that have not seen the passage."""
    for k in range(FOLDS):
        scored(words_of([g for g in train if g.passage % FOLDS != k]), [g for g in train if g.passage % FOLDS == k])
    return words_of(train), grown([g.rows for g in train], [g.gold for g in train])


def fit(train: list[Group]) -> Sides:
    """All of it; the chances that the second trees learn from are of first trees that have not seen the passage."""
    shares: list[NDArray[Any]] = [np.zeros((0, 3))] * len(train)
    for k in range(FOLDS):
        words, trees = first([g for g in train if g.passage % FOLDS != k])
        own = [n for n, g in enumerate(train) if g.passage % FOLDS == k]
        scored(words, [train[n] for n in own])
        for n, made in zip(own, predicted(trees, [train[n] for n in own]), strict=True):
            shares[n] = made
    rows = with_company(train, shares)
    words, trees = first(train)
    return Sides(words, trees, grown(rows, [g.gold for g in train]))


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
    parser.add_argument("--dev", action="store_true", help="leave a tenth of the passages out and print what is best on it")
    parser.add_argument("--limit", type=float, default=LIMIT, help="chance a side needs")
    args = parser.parse_args()
    train, held = groups(args.data)
    dev = [g for g in train if g.dev]
    if args.dev:
        train = [g for g in train if not g.dev]
    print(f"{len(train)} events to learn from, {len(held)} held out", flush=True)
    model = fit(train)
    for name, part in (("dev", dev), ("held out", held)):
        print(f"{name}, rules: P %.3f R %.3f F1 %.3f all sides %.3f" % measure(part, [g.rules.tolist() for g in part]))
        shares = model.shares(part)
        for limit in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5) if name == "dev" else (args.limit,):
            made = measure(part, [decide(g, s, limit) for g, s in zip(part, shares, strict=True)])
            print(f"{name}, {limit:.2f}:  P %.3f R %.3f F1 %.3f all sides %.3f" % made, flush=True)
    if args.write:
        words = model.words
        keep = [f for f, k in words.index.items() if np.abs(words.weights[k]).max() > 0.03]
        table = words.weights[[words.index[f] for f in keep]]
        packed = {"features": keep, "weights": (table[:, 1:] - table[:, :1]).astype("<f2").tobytes()}
        trees = {"trees": flat(model.first, NAMES), "second": flat(model.second, ALL)}
        OUT.write_bytes(msgspec.msgpack.encode({**trees, "limit": args.limit, "words": packed}))
        print(f"{OUT.name}: {OUT.stat().st_size} bytes, {len(keep)} features of words")


if __name__ == "__main__":
    main()
