"""Statements and commitments measured: ``python benchmarks/statements.py [--data DIR] [--half dev|test] [--show]``.

Prints, for the passages annotated in ``tests/statements/annotated`` (and the gold articles under ``--data`` where present):
content   a statement said by both sides counts where the intersection over union of its characters is at least .5
speaker   of such pairs, the share whose speaker overlaps the annotated one (or is the same person's earlier mention)
act       of such pairs, the share with the annotated act
what      commitments whose description overlaps the annotated one;  kind, state: and are of that kind, in that state
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from musnad.api import default_pipeline
from musnad.article import Article, article_id
from musnad.record import Record, problems

HERE = Path(__file__).resolve().parent
PASSAGES = HERE.parent / "tests" / "statements" / "annotated"
_TAG = re.compile(r"<(/?)([cpsk])(\d+)>")


class Passage(NamedTuple):
    """A passage without its marks, and the annotated items as spans."""

    text: str
    statements: list[dict[str, Any]]
    commitments: list[dict[str, Any]]


def read(path: Path) -> list[Passage]:
    """The passages of a file; marks are taken out of the text."""
    return [unmark(x) for x in yaml.safe_load(path.read_text("utf-8"))]


def unmark(entry: dict[str, Any]) -> Passage:
    """One passage: plain text and spans by mark."""
    spans: dict[str, list[tuple[int, int]]] = {}
    open_: dict[str, int] = {}
    out: list[str] = []
    length = at = 0
    raw = entry["text"]
    for match in _TAG.finditer(raw):
        piece = raw[at : match.start()]
        out.append(piece)
        length += len(piece)
        at = match.end()
        name = match[2] + match[3]
        if match[1]:
            spans.setdefault(name, []).append((open_.pop(name), length))
        else:
            open_[name] = length
    out.append(raw[at:])
    text = "".join(out)
    statements: list[dict[str, Any]] = []
    goes_on = {}
    for line in entry["s"]:
        number, act, *who = line.split()
        goes_on[number] = who[0][1:] if who and who[0].startswith("=") else number
    for line in entry["s"]:
        number, act, *who = line.split()
        first = goes_on[number]
        while goes_on.get(first, first) != first:
            first = goes_on[first]
        said_by = spans.get("p" + first)
        content = [_trim(text, a, b) for a, b in spans["s" + number]]
        statements.append({"cue": spans["c" + number][0], "act": act, "speaker": said_by, "content": content})
    commitments = []
    for line in entry["k"]:
        number, kind, state = line.split()
        commitments.append({"what": spans["k" + number][0], "kind": kind, "state": state})
    return Passage(text, statements, commitments)


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and text[a] in ' «“"':
        a += 1
    while a < b and text[b - 1] in ' »”"':
        b -= 1
    return a, b


def _said(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> float:
    x = {i for s, e in a for i in range(s, e)}
    y = {i for s, e in b for i in range(s, e)}
    return len(x & y) / len(x | y) if x | y else 0.0


def pair(gold: list[Any], got: list[Any], score: Any) -> list[tuple[Any, Any]]:
    """Greedy one-to-one pairs, best first."""
    found = sorted(
        ((score(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(got)),
        key=lambda x: (-x[0], x[1], x[2]),
    )
    used: tuple[set[int], set[int]] = (set(), set())
    out = []
    for value, i, j in found:
        if value > 0 and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            out.append((gold[i], got[j]))
    return out


def mentions_of(record: Record, ident: str | None) -> list[tuple[int, int]]:
    """Every span at which the one behind a mention is named."""
    mention = next((m for m in record.mentions if m.id == ident), None)
    if mention is None:
        return []
    same = [m for m in record.mentions if m is mention or (m.entity is not None and m.entity == mention.entity)]
    return [(m.start, m.end) for m in same]


def measure(passages: list[Passage], show: bool = False) -> Counter[str]:
    """Counts of one half."""
    pipeline = default_pipeline()
    c: Counter[str] = Counter()
    for passage in passages:
        record = pipeline.code(Article(id=article_id(passage.text), text=passage.text, published="2025-06-12"))
        bad = problems(record)
        if bad:
            print("record:", bad[:3], file=sys.stderr)
        names = {m.id: m.text for m in record.mentions}
        got = list(record.statements)
        pairs = [
            (g, p)
            for g, p in pair(
                passage.statements,
                got,
                lambda g, p: _said(g["content"], [(s.start, s.end) for s in p.content]),
            )
            if _said(g["content"], [(s.start, s.end) for s in p.content]) >= 0.5
        ]
        c["content"] += len(pairs)
        c["statements gold"] += len(passage.statements)
        c["statements got"] += len(got)
        for g, p in pairs:
            right = p.act == g["act"]
            c["act"] += right
            if g["speaker"] is None:
                ok = True
            else:
                ok = any(a < y and x < b for a, b in g["speaker"] for x, y in mentions_of(record, p.speaker))
                c["speaker of"] += 1
                c["speaker"] += ok
            if show and not (ok and right):
                print(
                    "  ?",
                    p.cue.text,
                    "act",
                    g["act"],
                    p.act,
                    "| speaker",
                    passage.text[slice(*g["speaker"][0])] if g["speaker"] else None,
                    "|",
                    names.get(p.speaker or ""),
                )
        known = [id(g) for g, _ in pairs]
        taken = [id(p) for _, p in pairs]
        kept = pair(
            passage.commitments,
            record.commitments,
            lambda g, k: max(0, min(g["what"][1], k.what.end) - max(g["what"][0], k.what.start)),
        )
        c["commitments gold"] += len(passage.commitments)
        c["commitments got"] += len(record.commitments)
        c["what"] += len(kept)
        for g, k in kept:
            c["kind"] += k.kind == g["kind"]
            c["state"] += k.state == g["state"]
            c["all three"] += k.kind == g["kind"] and k.state == g["state"]
            if show and not (k.kind == g["kind"] and k.state == g["state"]):
                print("  k?", k.what.text, "|", g["kind"], g["state"], "| got", k.kind, k.state, k.rules)
        if show:
            for g in passage.statements:
                if id(g) not in known:
                    print(
                        "  -",
                        passage.text[slice(*g["cue"])],
                        g["act"],
                        "|",
                        " ".join(passage.text[a:b] for a, b in g["content"])[:110],
                    )
            for p in got:
                if id(p) not in taken:
                    print(
                        "  +",
                        p.cue.text,
                        p.rules,
                        names.get(p.speaker or ""),
                        "|",
                        " // ".join(s.text for s in p.content)[:110],
                    )
            for g in passage.commitments:
                if not any(g is x for x, _ in kept):
                    print("  k-", passage.text[slice(*g["what"])], g["kind"], g["state"])
            for k in record.commitments:
                if not any(k is x for _, x in kept):
                    print("  k+", k.what.text, k.kind, k.state, k.rules)
    return c


def report(name: str, c: Counter[str]) -> None:
    """One line for statements, one for commitments."""

    def f(hit: str, gold: str, got: str) -> str:
        p = c[hit] / c[got] if c[got] else 0.0
        r = c[hit] / c[gold] if c[gold] else 0.0
        return f"p {p:.3f} r {r:.3f} f1 {2 * p * r / (p + r) if p + r else 0.0:.3f}"

    print(
        f"{name:5} statements  gold {c['statements gold']} got {c['statements got']}  content {f('content', 'statements gold', 'statements got')}"
        f"  speaker {c['speaker'] / max(1, c['speaker of']):.3f}  act {c['act'] / max(1, c['content']):.3f}"
    )
    print(
        f"{name:5} commitments gold {c['commitments gold']} got {c['commitments got']}  what {f('what', 'commitments gold', 'commitments got')}"
        f"  what+kind {f('kind', 'commitments gold', 'commitments got')}  what+kind+state {f('all three', 'commitments gold', 'commitments got')}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure statements and commitments.")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("MUSNAD_DATA", HERE.parent.parent / "shared" / "data")),
    )
    parser.add_argument("--half", choices=("dev", "test", "both"), default="both")
    parser.add_argument("--show", action="store_true", help="print every difference")
    parser.add_argument(
        "--real",
        type=int,
        default=0,
        metavar="N",
        help="check the invariants over N articles of each news set",
    )
    parser.add_argument("--speed", action="store_true", help="words per second of the two stages alone")
    args = parser.parse_args()
    for half in ("dev", "test") if args.half == "both" else (args.half,):
        path = PASSAGES / f"{half}.yaml"
        if path.exists():
            report(half, measure(read(path), args.show))
    if args.real:
        invariants(args.data, args.real)
    if args.speed:
        speed(args.data)


def _articles(data: Path, n: int) -> list[Article]:
    import gzip
    import json

    out = []
    for name in ("ant_v1.1.jsonl.gz", "saudinewsnet_slice.jsonl.gz"):
        with gzip.open(data / "news" / name, "rt", encoding="utf-8") as file:
            for k, line in enumerate(file):
                if k >= n:
                    break
                item = json.loads(line)
                out.append(
                    Article(
                        id=article_id(item["text"]),
                        text=item["text"],
                        published=item.get("published"),
                        outlet=item.get("outlet"),
                    )
                )
    return out


def invariants(data: Path, n: int) -> None:
    """No content holds its cue; no two direct quotes of different speakers overlap, unless one is told inside the other; no speaker in content."""
    pipeline = default_pipeline()
    c: Counter[str] = Counter()
    for article in _articles(data, n):
        record = pipeline.code(article)
        c["articles"] += 1
        c["statements"] += len(record.statements)
        c["commitments"] += len(record.commitments)
        by_id = {m.id: m for m in record.mentions}
        parents = {s.id: s.parent for s in record.statements}
        c["unlawful records"] += bool(problems(record))
        direct = []
        for s in record.statements:
            c["without speaker"] += s.speaker is None
            c["cue in content"] += any(x.start < s.cue.end and s.cue.start < x.end for x in s.content)
            if s.speaker:
                m = by_id[s.speaker]
                c["speaker in content"] += any(x.start < m.end and m.start < x.end for x in s.content)
            if s.mode == "direct":
                direct += [(x.start, x.end, s) for x in s.content]
        direct.sort(key=lambda x: x[:2])
        for (_, e, a), (s2, _, b) in itertools.pairwise(direct):
            if s2 < e and a.speaker != b.speaker and not (_under(parents, a.id, b.id) or _under(parents, b.id, a.id)):
                c["direct quotes overlap"] += 1
    for key in (
        "articles",
        "statements",
        "commitments",
        "without speaker",
        "unlawful records",
        "cue in content",
        "speaker in content",
        "direct quotes overlap",
    ):
        print(f"{key:24}{c[key]}")


def _under(parents: dict[str, str | None], child: str, ancestor: str) -> bool:
    here: str | None = child
    for _ in range(20):
        here = parents.get(here) if here else None
        if here is None:
            return False
        if here == ancestor:
            return True
    return False


def speed(data: Path) -> None:
    """Words per second of each of the two stages, on one core, what earlier stages did not counted."""
    from musnad.pipeline import Analysis

    pipeline = default_pipeline()
    spent: Counter[str] = Counter()
    words = 0
    for article in _articles(data, 300):
        analysis = Analysis(article)
        for stage in pipeline.stages:
            begin = time.perf_counter()
            stage.run(analysis)
            spent[stage.name] += time.perf_counter() - begin  # type: ignore[assignment]
        words += sum(t.kind == "word" for t in analysis.tokens)
    for name in ("statements", "commitments"):
        if spent[name]:
            print(f"{name:12} {words / spent[name]:,.0f} words/s")


if __name__ == "__main__":
    main()
