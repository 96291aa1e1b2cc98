"""What a reviewer can say of an item, in a form that outlives a re-run: spans of the article instead of ids.

``facts`` of an item are a plain dict. Spans are ``[start, end]`` in code points; parties are lists of spans.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from musnad.record import (
    Commitment,
    Cue,
    Entity,
    Event,
    Figure,
    Mention,
    Record,
    Size,
    Span,
    Statement,
    Time,
)

Facts = dict[str, Any]
KINDS = ("events", "statements", "figures", "times", "commitments")
_TYPES: dict[str, type] = {
    "events": Event, "statements": Statement, "figures": Figure, "times": Time, "commitments": Commitment,
}  # fmt: skip
#: facts that are copied as they are: kind -> names
_PLAIN: dict[str, tuple[str, ...]] = {
    "events": ("type", "status"),
    "statements": ("act", "mode"),
    "figures": ("value", "low", "high", "comparator", "counts", "unit"),
    "times": ("type", "begin", "end_date"),
    "commitments": ("kind", "state"),
}
#: facts that are one mention, and those that are several: kind -> (fact, field)
_ONE = {
    "events": ("location",),
    "statements": ("speaker", "addressee", "via"),
    "figures": ("of", "place"),
    "commitments": (),
}
_MANY = {"events": ("actors", "recipients"), "commitments": ("parties", "with")}
_TIME = {"events": "time", "statements": "time", "figures": "time", "commitments": "by"}
Known = Callable[[str], dict[str, Any] | None]


class ReviewError(ValueError):
    """A decision that cannot be kept; the message says why, in one line."""


def anchor(kind: str, facts: Facts) -> list[list[int]]:
    """The spans by which an item is found again in another analysis of the same text."""
    if kind == "events":
        return [facts["trigger"]]
    if kind == "statements":
        return list(facts["content"]) or [facts["span"]]
    if kind == "commitments":
        return [facts["what"]]
    return [facts["span"]]


def likeness(one: list[list[int]], other: list[list[int]]) -> float:
    """Intersection over union of two sets of spans."""
    common = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    total = sum(e - s for s, e in one) + sum(e - s for s, e in other) - common
    return common / total if total > 0 else 0.0


def facts_of(record: Record, kind: str, item: Any) -> Facts:
    """The facts of an item."""
    mentions = {m.id: [m.start, m.end] for m in record.mentions}
    times = {t.id: [t.start, t.end] for t in record.times}
    out: Facts = {name: getattr(item, name) for name in _PLAIN[kind]}
    out["span"] = [item.start, item.end]
    for name in _ONE.get(kind, ()):
        out[name] = mentions.get(getattr(item, name) or "")
    for name in _MANY.get(kind, ()):
        ids = item.with_ if name == "with" else getattr(item, name)
        out[name] = [mentions[i] for i in ids if i in mentions]
    if kind in _TIME:
        out[_TIME[kind]] = times.get(getattr(item, _TIME[kind]) or "")
    if kind == "events":
        out["trigger"] = [item.trigger.start, item.trigger.end]
    elif kind == "statements":
        out["cue"] = [item.cue.start, item.cue.end]
        out["content"] = [[c.start, c.end] for c in item.content]
    elif kind == "commitments":
        out["what"] = [item.what.start, item.what.end]
    return out


def _valid_span(text: str, span: Any) -> list[int]:
    if (
        not isinstance(span, (list, tuple))
        or len(span) != 2
        or not all(isinstance(x, int) and not isinstance(x, bool) for x in span)
        or not 0 <= span[0] < span[1] <= len(text)
    ):
        raise ReviewError(f"{span!r} is no span of the article")
    return [span[0], span[1]]


class Editor:
    """Changes items of one record; ``known`` gives what the case knows of a name."""

    def __init__(self, record: Record, known: Known = lambda _: None) -> None:
        self.record, self.known, self.text = record, known, record.article.text

    def build(self, kind: str, facts: Facts, number: int) -> Any:
        """A new item of a record. :raises ReviewError: where facts are missing or wrong."""
        try:
            if kind == "events":
                span = facts.get("span") or facts["trigger"]
                item: Any = Event(
                    **self._span(span),
                    id=f"r{number}",
                    trigger=self._cue(facts["trigger"]),
                    type=facts["type"],
                )
            elif kind == "statements":
                content = facts["content"]
                spans = [facts["cue"], *content]
                whole = facts.get("span") or [min(s[0] for s in spans), max(s[1] for s in spans)]
                item = Statement(**self._span(whole), id=f"r{number}", cue=self._cue(facts["cue"]))
            elif kind == "figures":
                item = Figure(**self._span(facts["span"]), id=f"r{number}")
            elif kind == "times":
                item = Time(**self._span(facts["span"]), id=f"r{number}", type=facts.get("type") or "date")
            else:
                what = Span(**self._span(facts["what"]))
                item = Commitment(
                    **self._span(facts.get("span") or facts["what"]),
                    id=f"r{number}",
                    kind=facts["kind"],
                    what=what,
                )
        except (KeyError, TypeError, IndexError) as error:
            raise ReviewError(f"what was added lacks {error}") from None
        item.rules = [f"review {number}"]
        getattr(self.record, kind).append(item)
        self.set(kind, item, facts, number)
        return item

    def set(self, kind: str, item: Any, facts: Facts, number: int) -> None:
        """Give an item the facts that are named; others stay. :raises ReviewError: where one is wrong."""
        for name in _PLAIN[kind]:
            if name in facts:
                setattr(item, name, facts[name])
        for name in _ONE.get(kind, ()):
            if name in facts:
                setattr(item, name, self._mention(facts[name], number) if facts[name] else None)
        for name in _MANY.get(kind, ()):
            if name in facts:
                ids = list(dict.fromkeys(self._mention(s, number) for s in facts[name]))
                setattr(item, "with_" if name == "with" else name, ids)
        if kind in _TIME and _TIME[kind] in facts:
            setattr(item, _TIME[kind], self._time(facts[_TIME[kind]], number))
        if "span" in facts and facts["span"] and kind in ("figures", "times"):
            self._place(item, _valid_span(self.text, facts["span"]))
        if kind == "events" and "trigger" in facts:
            item.trigger = self._cue(facts["trigger"], item.trigger)
            self._cover(item, facts["trigger"])
        if kind == "statements":
            if "cue" in facts:
                item.cue = self._cue(facts["cue"], item.cue)
                self._cover(item, facts["cue"])
            if "content" in facts:
                item.content = [Span(**self._span(s)) for s in sorted(facts["content"])]
                for s in facts["content"]:
                    self._cover(item, s)
        if kind == "commitments" and "what" in facts:
            item.what = Span(**self._span(facts["what"]))
            self._cover(item, facts["what"])
        try:
            msgspec.convert(msgspec.to_builtins(item), type=_TYPES[kind])
        except msgspec.ValidationError as error:
            raise ReviewError(str(error)) from None

    def remove(self, kind: str, item: Any) -> None:
        """Take an item out of the record, and every reference to it."""
        record, gone = self.record, item.id
        getattr(record, kind).remove(item)
        if kind == "statements":
            for s in record.statements:
                s.parent = item.parent if s.parent == gone else s.parent
            for e in record.events:
                e.chain = [c for c in e.chain if c != gone]
            told: tuple[Figure | Commitment, ...] = (*record.figures, *record.commitments)
            for x in told:
                x.statement = None if x.statement == gone else x.statement
        elif kind == "events":
            tied: tuple[Figure | Commitment, ...] = (*record.figures, *record.commitments)
            for x in tied:
                x.event = None if x.event == gone else x.event
        elif kind == "figures":
            for e in record.events:
                if gone in e.figures:
                    e.figures = [f for f in e.figures if f != gone]
                    if e.size is not None and item.counts in ("killed", "wounded", "detained"):
                        # the size that came from a rejected figure is no longer known
                        field = {"killed": "dead", "wounded": "injured", "detained": "arrested"}[item.counts]
                        values = msgspec.structs.asdict(e.size) | {field: None}
                        e.size = Size(**values) if any(v is not None for v in values.values()) else None
            for f in record.figures:
                f.part_of = None if f.part_of == gone else f.part_of
        elif kind == "times":
            dated: tuple[Event | Statement | Figure, ...] = (*record.events, *record.statements, *record.figures)
            for y in dated:
                y.time = None if y.time == gone else y.time
            for c in record.commitments:
                c.by = None if c.by == gone else c.by

    def _span(self, span: Any) -> dict[str, Any]:
        start, end = _valid_span(self.text, span)
        return {"start": start, "end": end, "text": self.text[start:end]}

    def _cue(self, span: Any, old: Cue | None = None) -> Cue:
        made = self._span(span)
        lemma = old.lemma if old is not None and [old.start, old.end] == [made["start"], made["end"]] else made["text"]
        return Cue(**made, lemma=lemma)

    def _place(self, item: Any, span: list[int]) -> None:
        item.start, item.end = span
        item.text = self.text[item.start : item.end]

    def _cover(self, item: Any, span: list[int]) -> None:
        self._place(item, [min(item.start, span[0]), max(item.end, span[1])])

    def _mention(self, span: Any, number: int) -> str:
        start, end = _valid_span(self.text, span)
        for m in self.record.mentions:
            if (m.start, m.end) == (start, end):
                return m.id
        for m in self.record.mentions:
            if m.head is not None and (m.head.start, m.head.end) == (start, end):
                return m.id
        words = self.text[start:end]
        same = next((m for m in self.record.mentions if m.text == words), None)
        count = sum(m.id.startswith(f"r{number}.") for m in self.record.mentions)
        name = f"r{number}.{count + 1}"
        if same is not None:
            kind, entity = same.kind, same.entity
        else:
            facts: dict[str, Any] = {"name": words, "kind": "group"} | (self.known(words) or {})
            kind, entity = facts["kind"], name
            self.record.entities.append(Entity(id=name, **facts))
        mention = Mention(start=start, end=end, text=words, id=name, kind=kind, entity=entity, rules=[f"review {number}"])
        self.record.mentions.append(mention)
        return name

    def _time(self, span: Any, number: int) -> str | None:
        if not span:
            return None
        start, end = _valid_span(self.text, span)
        for t in self.record.times:
            if (t.start, t.end) == (start, end):
                return t.id
        time = Time(
            start=start,
            end=end,
            text=self.text[start:end],
            id=f"r{number}.t",
            type="date",
            rules=[f"review {number}"],
        )
        self.record.times.append(time)
        return time.id
