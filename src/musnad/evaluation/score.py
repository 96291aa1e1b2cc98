"""Records against gold annotations of the same articles, layer by layer.

Gold is a list of ``{sha256, statements, events, figures, times}`` with spans ``[start, end)`` in code points. A pair of a gold item
and a record's item matches once, best overlap first:

- times and figures: spans overlap (intersection over union) by half; ``value``: days, or value, low and high, are the same;
- statements: what was said overlaps by half; ``full``: and the speaker is right (any mention of the speaker's entity counts);
- events: ``trigger``: same type and triggers overlap; ``who``: each party of such a pair in its role; ``type``: counts by type;
  ``status``: share of trigger matches with the right status.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Item = Mapping[str, Any]
Pair = tuple[Item, Item]
LAYERS = (
    "times.span", "times.value", "figures.span", "figures.value", "statements.content", "statements.full", "events.trigger",
    "events.who", "events.type", "events.status",
)  # fmt: skip
_SYMMETRIC = frozenset({"CONSULT", "AGREE", "COOPERATE"})


class Tally(NamedTuple):
    """Right ones, gold ones and found ones. For ``events.status`` gold and found are the trigger matches."""

    right: int = 0
    gold: int = 0
    found: int = 0

    def plus(self, other: Tally) -> Tally:
        """The sum of two tallies."""
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.gold + self.found) if self.right else 0.0


class Error(NamedTuple):
    """Something missed, made up or half right: layer, kind, the words, and where (article and offsets)."""

    layer: str
    kind: str
    words: str
    article: str
    start: int
    end: int


@dataclass
class Scored:
    """One article: a tally for each layer, and its errors."""

    article: str
    tallies: dict[str, Tally] = field(default_factory=lambda: dict.fromkeys(LAYERS, Tally()))
    errors: list[Error] = field(default_factory=list)


def iou(a: Sequence[int], b: Sequence[int]) -> float:
    """Intersection over union of two half-open spans."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    return 0.0 if common <= 0 else common / (max(a[1], b[1]) - min(a[0], b[0]))


def pairs(gold: Sequence[Any], found: Sequence[Any], likeness: Callable[[Any, Any], float], least: float = 0.0) -> list[tuple[Any, Any]]:
    """Greedy one-to-one matching, likeliest first; only pairs above 0 and not below ``least``."""
    ranked = sorted(
        ((likeness(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(found)),
        key=lambda x: (-x[0], x[1], x[2]),
    )
    used_gold: set[int] = set()
    used_found: set[int] = set()
    out = []
    for score, i, j in ranked:
        if score > 0 and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            if score >= least:
                out.append((gold[i], found[j]))
    return out


def _span(item: Item) -> tuple[int, int]:
    return item["start"], item["end"]


def _naming(record: Item, mention: str | None) -> list[tuple[int, int]]:
    """Every span at which the entity behind a mention is named."""
    by_id = {m["id"]: m for m in record["mentions"]}
    one = by_id.get(mention or "")
    if one is None:
        return []
    same = [m for m in record["mentions"] if m is one or (one.get("entity") is not None and m.get("entity") == one["entity"])]
    return [_span(m) for m in same] + [_span(m["head"]) for m in same if m.get("head")]


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])


def score_article(gold: Item, record: Item) -> Scored:
    """The tallies and errors of one article."""
    out = Scored(gold["sha256"])
    text = record.get("article", {}).get("text", "")

    def wrong(layer: str, kind: str, start: int, end: int) -> None:
        out.errors.append(Error(layer, kind, text[start:end], gold["sha256"], start, end))

    def unmatched(
        layer: str,
        golds: Sequence[Item],
        founds: Sequence[Item],
        matched: Iterable[Pair],
        where: Callable[[Item], Any],
    ) -> None:
        seen = {id(x) for pair in matched for x in pair}
        for g in golds:
            if id(g) not in seen:
                wrong(layer, "missed", *where(g))
        for p in founds:
            if id(p) not in seen:
                wrong(layer, "made up", *_span(p))

    for layer, same in (("times", _same_days), ("figures", _same_value)):
        golds = [x for x in gold[layer] if x["span"]]
        matched = pairs(golds, record[layer], lambda a, b: iou(a["span"], _span(b)), 0.5)
        right = [m for m in matched if same(*m)]
        out.tallies[f"{layer}.span"] = Tally(len(matched), len(golds), len(record[layer]))
        out.tallies[f"{layer}.value"] = Tally(len(right), len(golds), len(record[layer]))
        unmatched(f"{layer}.span", golds, record[layer], matched, lambda g: g["span"])
        for g, p in matched:
            if not same(g, p):
                wrong(f"{layer}.value", "wrong value", *_span(p))
    _statements(gold, record, out, wrong, unmatched)
    _events(gold, record, out, wrong, unmatched)
    return out


def _same_days(gold: Item, found: Item) -> bool:
    return (gold["begin"], gold["end"]) == (found.get("begin") or None, found.get("end_date") or None)


def _same_value(gold: Item, found: Item) -> bool:
    if gold["value"] is not None:
        return bool(gold["value"] == found.get("value"))
    return (gold["low"], gold["high"]) == (found.get("low"), found.get("high"))


def _said(gold: Item, found: Item) -> float:
    a = {i for s, e in gold["content"] for i in range(s, e)}
    b = {i for c in found["content"] for i in range(c["start"], c["end"])}
    return len(a & b) / len(a | b) if a | b else 0.0


def _statements(gold: Item, record: Item, out: Scored, wrong: Callable[..., None], unmatched: Callable[..., None]) -> None:
    golds = [x for x in gold["statements"] if x["content"]]
    matched = pairs(golds, record["statements"], _said, 0.5)

    def speaker_right(pair: Pair) -> bool:
        g, p = pair
        return g["speaker"] is None or any(_overlap(g["speaker"], s) for s in _naming(record, p.get("speaker")))

    right = [m for m in matched if speaker_right(m)]
    out.tallies["statements.content"] = Tally(len(matched), len(golds), len(record["statements"]))
    out.tallies["statements.full"] = Tally(len(right), len(golds), len(record["statements"]))
    unmatched("statements.content", golds, record["statements"], matched, lambda g: g["content"][0])
    for g, p in matched:
        if not speaker_right((g, p)):
            wrong("statements.full", "wrong speaker" if p.get("speaker") else "no speaker", *g["speaker"])


def _arguments(item: Item) -> list[tuple[str, Any]]:
    one_role = item["type"] in _SYMMETRIC or (item["type"] == "ASSAULT" and len(item["actors"]) > 1 and not item["recipients"])
    roles = ("party", "party") if one_role else ("actor", "recipient")
    return [(roles[0], x) for x in item["actors"]] + [(roles[1], x) for x in item["recipients"]]


def _argument_hits(record: Item, gold: Item, found: Item) -> int:
    g, p = _arguments(gold), _arguments(found)
    any_role = {r for r, _ in g} == {"party"} or {r for r, _ in p} == {"party"}
    spans = [(r, _naming(record, m)) for r, m in p]

    def fits(x: tuple[str, Any], y: tuple[str, Any]) -> float:
        return float((any_role or x[0] == y[0]) and any(_overlap(x[1], s) for s in y[1]))

    return len(pairs(g, spans, fits))


def _events(gold: Item, record: Item, out: Scored, wrong: Callable[..., None], unmatched: Callable[..., None]) -> None:
    golds = [x for x in gold["events"] if x["trigger"]]
    events = record["events"]
    matched = pairs(golds, events, lambda a, b: iou(a["trigger"], _span(b["trigger"])) if a["type"] == b["type"] else 0.0)

    def size(xs: Sequence[Item]) -> int:
        return sum(len(x["actors"]) + len(x["recipients"]) for x in xs)

    hits = {id(g): _argument_hits(record, g, p) for g, p in matched}
    types_gold, types_found = Counter(g["type"] for g in golds), Counter(e["type"] for e in events)
    status = [m for m in matched if m[0]["status"] == m[1].get("status")]
    out.tallies["events.trigger"] = Tally(len(matched), len(golds), len(events))
    out.tallies["events.who"] = Tally(sum(hits.values()), size(golds), size(events))
    out.tallies["events.type"] = Tally(sum((types_gold & types_found).values()), len(golds), len(events))
    out.tallies["events.status"] = Tally(len(status), len(matched), len(matched))
    unmatched("events.trigger", golds, events, matched, lambda g: g["trigger"])
    for g, p in matched:
        if hits[id(g)] < len(g["actors"]) + len(g["recipients"]):
            wrong("events.who", "party missed", *_span(p["trigger"]))
        if hits[id(g)] < len(p["actors"]) + len(p["recipients"]):
            wrong("events.who", "party made up", *_span(p["trigger"]))
        if g["status"] != p.get("status"):
            wrong("events.status", f"{g['status']} read as {p.get('status')}", *_span(p["trigger"]))


EMPTY: Item = {"mentions": [], "times": [], "figures": [], "statements": [], "events": []}


def score(gold: Sequence[Item], records: Mapping[str, Item]) -> list[Scored]:
    """Each gold article against its record; an article without a record counts as one with nothing found."""
    return [score_article(g, records.get(g["sha256"], EMPTY)) for g in gold]


def totals(scored: Iterable[Scored]) -> dict[str, Tally]:
    """Sums over articles."""
    out = dict.fromkeys(LAYERS, Tally())
    for one in scored:
        for layer, tally in one.tallies.items():
            out[layer] = out[layer].plus(tally)
    return out


def intervals(scored: Sequence[Scored], rounds: int = 1000, seed: int = 1) -> dict[str, tuple[float, float]]:
    """95% intervals of F1 by bootstrap over articles (Efron 1979), with a fixed seed."""
    chance = random.Random(seed)
    draws: dict[str, list[float]] = {layer: [] for layer in LAYERS}
    for _ in range(rounds):
        for layer, tally in totals(chance.choices(scored, k=len(scored))).items():
            draws[layer].append(tally.f1)
    return {layer: (sorted(d)[int(0.025 * rounds)], sorted(d)[int(0.975 * rounds) - 1]) for layer, d in draws.items()}
