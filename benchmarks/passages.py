"""Events of the project's own annotated passages: ``python benchmarks/passages.py [--half dev|test] [--errors]``.

Codes both halves of ``tests/gold/events`` (passages written for this project, annotated before any stage was run on them) and prints
trigger
    F1 of events with the right type and an overlapping trigger word, its precision and recall, a 95% interval over passages;
who
    F1 of the parties of such events, each in its role; a meeting's, agreement's or joint act's sides count in either role;
type
    F1 of the number of events of each type in a passage;
status
    share of such events with the right status;
quiet
    share of passages without an event in which none is found;

and the trigger F1 of each type. ``--errors`` lists the errors of the dev half; those of the test half are never listed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from musnad import code
from musnad.evaluation.phrases import gold_of
from musnad.evaluation.score import Scored, Tally, intervals, pairs, score, totals
from musnad.record import check, to_json

HERE = Path(__file__).resolve().parent.parent / "tests" / "gold" / "events"
HALVES = ("dev", "test")


def read(half: str) -> list[dict[str, Any]]:
    """The annotated passages of a half: text, published (ISO date), events as phrases."""
    passages: list[dict[str, Any]] = yaml.safe_load((HERE / f"{half}.yaml").read_text(encoding="utf-8"))
    return passages


def without_other_layers(record: dict[str, Any]) -> dict[str, Any]:
    """The record without the layers that the passages don't annotate."""
    return {**record, "times": [], "figures": [], "statements": []}


def by_type(gold: list[dict[str, Any]], records: Mapping[str, dict[str, Any]]) -> dict[str, Tally]:
    """Trigger tallies of each type; a found event's trigger has to overlap a gold one of its type."""

    def overlap(g: dict[str, Any], p: dict[str, Any]) -> float:
        start, end = g["trigger"]
        common = min(end, p["trigger"]["end"]) - max(start, p["trigger"]["start"])
        return float(max(0, common)) if g["type"] == p["type"] else 0.0

    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in gold:
        events = records[one["sha256"]]["events"]
        right.update(g["type"] for g, _ in pairs(one["events"], events, overlap))
        wanted.update(g["type"] for g in one["events"])
        found.update(p["type"] for p in events)
    return {kind: Tally(right[kind], wanted[kind], found[kind]) for kind in sorted(wanted | found)}


def show_errors(scored: list[Scored], gold: list[dict[str, Any]], records: Mapping[str, dict[str, Any]]) -> None:
    """Each error of the event layers with its passage, then how often each kind occurs."""
    kinds: Counter[str] = Counter()
    notes = {g["sha256"]: g for g in gold}
    for one in scored:
        record = records[one.article]
        for error in one.errors:
            kind = error.kind
            if error.layer == "events.trigger":
                span = (error.start, error.end)
                types = [g["type"] for g in notes[one.article]["events"] if tuple(g["trigger"]) == span]
                if error.kind == "made up":
                    types = [e["type"] for e in record["events"] if (e["start"], e["end"]) == span]
                kind += " " + "/".join(types)
            kinds[f"{error.layer} {kind}"] += 1
            print(f"{error.layer}\t{kind}\t{error.words}\t{record['article']['text']}")
    for name, count in kinds.most_common():
        print(f"{count:4d}  {name}")


def measure(half: str, errors: bool) -> None:
    """Code a half and print its numbers."""
    passages = read(half)
    gold = [gold_of(p["text"], p) for p in passages]
    records = {}
    for passage in passages:
        record = check(code(passage["text"], passage["published"]))
        records[record.article.id] = without_other_layers(json.loads(to_json(record)))
    scored = score(gold, records)
    sums, bounds = totals(scored), intervals(scored)
    events = sum(len(g["events"]) for g in gold)
    print(f"{half}: {len(gold)} passages, {events} events")
    for layer in ("trigger", "who", "type"):
        tally, (low, high) = sums[f"events.{layer}"], bounds[f"events.{layer}"]
        print(f"  {layer:8s} F1 {tally.f1:.3f} [{low:.3f}, {high:.3f}]  P {tally.precision:.3f}  R {tally.recall:.3f}")
    status = sums["events.status"]
    print(f"  status   {status.precision:.3f} of {status.found}")
    empty = [g["sha256"] for g in gold if not g["events"]]
    print(f"  quiet    {sum(not records[key]['events'] for key in empty)} of {len(empty)}")
    for kind, tally in by_type(gold, records).items():
        print(f"    {kind:10s} F1 {tally.f1:.2f}  right {tally.right:3d}  gold {tally.gold:3d}  found {tally.found:3d}")
    if errors and half == "dev":
        show_errors(scored, gold, records)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, help="one half only")
    parser.add_argument("--errors", action="store_true", help="list the errors of the dev half")
    args = parser.parse_args()
    for half in [args.half] if args.half else HALVES:
        measure(half, args.errors)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
