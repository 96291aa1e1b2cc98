"""The rule engine: from the words of a stretch to every time expression the rules see in it.

Bottom-up over the stretch from right to left, as Duckling does over its ranges: each result is offered to the rules that begin
with its category, and the rest of a rule's symbols is looked up among what already begins further right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from musnad.times import builders, numbers
from musnad.times.data import Data, Frame, Node, data
from musnad.times.parts import specificity, unite

#: most results kept for one category over the same words
_KEEP = 4
#: most results that may begin at one word
_MOST = 150


class Item(NamedTuple):
    """A result over tokens [first, last) of the stretch; its span is [begin, end) less ``skip`` letters of prefix."""

    first: int
    last: int
    category: str
    frame: Frame
    rules: tuple[str, ...]
    weak: int
    prefix: str
    begin: int
    end: int
    skip: int
    order: int
    parts: int


def parse(keys: Sequence[str]) -> list[list[Item]]:
    """For each token the expressions that begin at it and may stand, longest first, most specific first.

    :param keys: search-level folds of the stretch's tokens. Every ``never`` phrase is among the results.
    """
    d = data()
    chart: list[dict[str, list[Item]]] = [{} for _ in range(len(keys) + 1)]
    out: list[list[Item]] = [[] for _ in keys]
    for i in range(len(keys) - 1, -1, -1):
        agenda = _terminals(d, keys, i)
        found = chart[i]
        count = 0
        while agenda and count < _MOST:
            item = agenda.pop()
            if not _keep(found, item):
                continue
            count += 1
            if item.category in d.stands or item.category == "never":
                out[i].append(item)
            node = d.tree.get(item.category)
            if node is not None:
                _extend(node, item.last, [item], chart, agenda)
        out[i].sort(key=_rank)
    return out


def _rank(item: Item) -> tuple[int, bool, int, int, int, int]:
    return (-item.last, item.category != "never", item.weak, -len(item.frame), item.parts, -item.order)


def _keep(found: dict[str, list[Item]], item: Item) -> bool:
    same = found.setdefault(item.category, [])
    alike = 0
    for other in same:
        if other.last == item.last and other.prefix == item.prefix:
            if other.frame == item.frame and other.begin == item.begin and other.weak <= item.weak:
                return False
            alike += 1
    if alike >= _KEEP:
        return False
    same.append(item)
    return True


def _extend(node: Node, at: int, items: list[Item], chart: list[dict[str, list[Item]]], agenda: list[Item]) -> None:
    for rule in node.rules:
        build = unite if rule.do is None else builders.BUILDERS[rule.do]
        frame = build(items, rule.set)
        if frame is None:
            continue
        inner = items[rule.first]
        weak = rule.weak
        if weak is None:
            weak = items[0].weak if len(items) == 1 else 0
        if weak < 2:
            weak = max([weak, *(p.weak for p in items if p.weak > 1)])
        names: list[str] = []
        for part in items:
            names += [n for n in part.rules if n not in names]
        if rule.name not in names:
            names.append(rule.name)
        # a span inside (from ^ to $) carries its own first word's prefix
        begin, skip = (inner.begin, inner.skip)
        end = items[rule.last - 1].end
        agenda.append(
            Item(items[0].first, at, rule.gives, frame, tuple(names), weak, items[0].prefix, begin, end, skip,
                 specificity(frame), sum(p.parts for p in items) + 1)
        )  # fmt: skip
    if at >= len(chart):
        return
    here = chart[at]
    for (category, prefix), following in node.next.items():
        for item in here.get(category, ()):
            if item.prefix == prefix and item.begin == at:
                _extend(following, item.last, [*items, item], chart, agenda)


def _terminals(d: Data, keys: Sequence[str], i: int) -> list[Item]:
    out: list[Item] = []
    key = keys[i]

    def add(last: int, category: str, frame: Frame, prefix: str = "", skip: int = 0) -> None:
        out.append(Item(i, last, category, frame, (), 0, prefix, i, last, skip, 0, 0))

    for entry in d.entries.get(key, ()):
        last = i + 1 + len(entry.rest)
        if not entry.rest or tuple(keys[i + 1 : last]) == entry.rest:
            add(last, entry.category, entry.frame, entry.prefix, entry.skip)
    if key[:1].isdigit():
        for category, frame in numbers.digits(key):
            add(i + 1, category, frame)
    elif key in d.number_words:
        for prefix, word, skip in _unprefixed(key):
            _number_words(d, keys, i, word, prefix, skip, add)
    return out


def _unprefixed(key: str) -> list[tuple[str, str, int]]:
    out = [("", key, 0)]
    for prefix in ("و", "ب", "ل", "ف"):
        if key.startswith(prefix) and len(key) > 3:
            out.append((prefix, key[1:], 1))
    if key.startswith("لل"):
        out.append(("ل", "ا" + key[1:], 1))
    return out


def _number_words(d: Data, keys: Sequence[str], i: int, word: str, prefix: str, skip: int, add: object) -> None:
    assert callable(add)
    got = numbers.cardinal(d, keys, i, word)
    if got is not None:
        value, last = got
        add(last, "num", {"n": value}, prefix, skip)
        if 2 <= value <= 31 and not word.startswith("ال"):  # nor is يوم الاثنين the second, يوم واحد the first
            add(last, "ord_day", {"day": value}, prefix, skip)
        if 1000 <= value <= 2200 or (value > 100 and last > i + 1):
            add(last, "nyear_n", {"year": value}, prefix, skip)
        # عشرة وخمسة وأربعين دقيقة: hour and minutes, so the hour ends where its own words do
        own = numbers.simple(d, keys, i, word)
        if own is not None and own[0] <= 24:
            add(own[1], "hour_n", {"hour": own[0], "loose": 1}, prefix, skip)
    got = numbers.ordinal(d.masculine, d.masculine, keys, i, word)
    if got is not None:
        value, last = got
        add(last, "ord_m", {"ord": value}, prefix, skip)
        if value <= 31:
            add(last, "ord_day", {"day": value}, prefix, skip)
    got = numbers.ordinal(d.feminine, d.masculine, keys, i, word)
    if got is not None:
        value, last = got
        add(last, "ord_f", {"ord": value}, prefix, skip)
        if 12 < value <= 31:
            add(last, "ord_day", {"day": value}, prefix, skip)
