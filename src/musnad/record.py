"""The record: what Musnad makes of one article, as types, with the law it must keep.

The fields are the project's contract (docs/record.md). New fields may be added; none is renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from musnad.article import Article

RECORD_VERSION = "1"

MentionKind = Literal["person", "organisation", "armed_group", "state", "place", "facility", "outlet", "group"]
TimeType = Literal["date", "time", "duration", "set"]
Relation = Literal["at", "since", "until", "before", "after", "during"]
Calendar = Literal["gregorian", "hijri"]
Anchor = Literal["published", "text", "none"]
Comparator = Literal["exact", "about", "more_than", "less_than", "at_least", "at_most", "range"]
Counts = Literal[
    "personnel", "attacks", "killed", "wounded", "detained", "displaced", "participants", "money", "share",
    "duration", "weapons", "vehicles", "distance", "area", "other",
]  # fmt: skip
Act = Literal[
    "say", "announce", "confirm", "deny", "accuse", "condemn", "warn", "threaten", "demand", "call", "promise",
    "ask", "expect", "welcome", "reject", "agree", "claim_responsibility",
]  # fmt: skip
StatementMode = Literal["direct", "indirect", "mixed"]
EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
EventStatus = Literal["occurred", "ongoing", "planned", "possible", "demanded", "denied", "conditional", "claimed_intent"]
CommitmentKind = Literal[
    "talks", "working_group", "timetable", "withdrawal", "reduction", "ceasefire", "agreement", "release",
    "deployment", "aid", "visit", "inquiry", "other",
]  # fmt: skip
CommitmentState = Literal["proposed", "demanded", "expected", "announced", "agreed", "under_way", "done", "delayed", "refused"]
NameFrom = Literal["base", "romanised"]


class Span(msgspec.Struct, kw_only=True):
    """Words of the article: ``article.text[start:end] == text``."""

    start: int
    end: int
    text: str


class Bounds(msgspec.Struct, kw_only=True):
    """A part of an item that carries no text of its own."""

    start: int
    end: int


class Cue(Span, kw_only=True):
    """The word that introduces a statement or triggers an event, with its lemma."""

    lemma: str


class Mention(Span, kw_only=True):
    """Words that refer to an actor, a place or an outlet. ``rules``: what recognised it."""

    id: str
    kind: MentionKind
    head: Bounds | None = None
    role: Span | None = None
    entity: str | None = None
    rules: list[str] = []


class Entity(msgspec.Struct, kw_only=True):
    """The one identity behind mentions. ``name_en_from``: from the knowledge base, or romanised by rule."""

    id: str
    name: str
    kind: MentionKind
    actor: str | None = None
    country: str | None = None
    sector: str | None = None
    code: str | None = None
    name_en: str | None = None
    name_en_from: NameFrom | None = None
    members: list[str] = []
    wikidata: str | None = None
    geonames: str | None = None
    lat: float | None = None
    lon: float | None = None


class Time(Span, kw_only=True):
    """A date, clock time, duration or set. ``begin``/``end_date``: calendar days YYYY-MM-DD, inclusive."""

    id: str
    type: TimeType
    value: str | None = None
    begin: str | None = None
    end_date: str | None = None
    relation: Relation | None = None
    approximate: bool = False
    calendar: Calendar = "gregorian"
    anchor: Anchor = "none"
    rules: list[str] = []


class Figure(Span, kw_only=True):
    """A counted quantity: number, comparator and counted noun. ``currency``: ISO 4217 for money."""

    id: str
    value: float | int | None = None
    low: float | int | None = None
    high: float | int | None = None
    comparator: Comparator = "exact"
    unit: str | None = None
    counts: Counts = "other"
    currency: str | None = None
    part_of: str | None = None
    of: str | None = None
    place: str | None = None
    time: str | None = None
    statement: str | None = None
    event: str | None = None
    rules: list[str] = []


class Statement(Span, kw_only=True):
    """Somebody's words: who, how, what, to whom, through which outlet."""

    id: str
    speaker: str | None = None
    cue: Cue
    act: Act = "say"
    content: list[Span] = []
    mode: StatementMode = "indirect"
    addressee: str | None = None
    via: str | None = None
    time: str | None = None
    place: str | None = None
    parent: str | None = None
    rules: list[str] = []


class Size(msgspec.Struct, kw_only=True):
    """PLOVER size of an event: people; None where the text does not say."""

    dead: int | None = None
    injured: int | None = None
    arrested: int | None = None


class Event(Span, kw_only=True):
    """A PLOVER event. ``quad`` 1-4, ``scale`` -10..10 (None where PLOVER gives no score)."""

    id: str
    trigger: Cue
    type: EventType
    modes: list[str] = []
    contexts: list[str] = []
    actors: list[str] = []
    recipients: list[str] = []
    location: str | None = None
    time: str | None = None
    status: EventStatus = "occurred"
    quad: int = 0
    scale: float | None = None
    figures: list[str] = []
    size: Size | None = None
    chain: list[str] = []
    confidence: float | None = None
    rules: list[str] = []


class Commitment(Span, kw_only=True):
    """Something promised, demanded, expected or agreed, with parties, deadline and conditions."""

    id: str
    kind: CommitmentKind
    parties: list[str] = []
    with_: list[str] = msgspec.field(default_factory=list, name="with")
    what: Span
    by: str | None = None
    conditions: list[Span] = []
    state: CommitmentState = "announced"
    statement: str | None = None
    event: str | None = None
    rules: list[str] = []


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Everything said about one article. Serialise with :func:`to_json`."""

    record: str = RECORD_VERSION
    musnad: str | None = None
    article: Article
    mentions: list[Mention] = []
    entities: list[Entity] = []
    times: list[Time] = []
    figures: list[Figure] = []
    statements: list[Statement] = []
    events: list[Event] = []
    commitments: list[Commitment] = []


class RecordError(ValueError):
    """A record that breaks its law; ``problems`` lists how."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        super().__init__("; ".join(problems[:5]) + more)


def to_json(record: Record) -> bytes:
    """One line of UTF-8 JSON without the line's end. Lone surrogates in a text become U+FFFD."""
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(record)
        return msgspec.json.encode(_scrub(plain))


def from_json(line: bytes | str) -> Record:
    """Read one record. :raises msgspec.ValidationError: where the line is not a record."""
    return msgspec.json.decode(line, type=Record)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record, generated from these types."""
    made = msgspec.json.schema(Record)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Musnad record", **made}


_SURROGATES = re.compile("[\ud800-\udfff]")


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_scrub(v) for v in value]
    if isinstance(value, dict):
        return {_scrub(k): _scrub(v) for k, v in value.items()}
    return value


def _inner_spans(item: Any) -> Iterator[tuple[str, Span]]:
    for field in item.__struct_fields__:
        value = getattr(item, field)
        if isinstance(value, Span):
            yield field, value
        elif isinstance(value, list):
            for v in value:
                if isinstance(v, Span):
                    yield field, v


#: which list the ids in a field point into
_REFERENCES: dict[str, dict[str, str]] = {
    "mentions": {"entity": "entities"},
    "entities": {"members": "entities"},
    "figures": {"of": "mentions", "place": "mentions", "time": "times", "statement": "statements",
                "event": "events", "part_of": "figures"},
    "statements": {"speaker": "mentions", "addressee": "mentions", "via": "mentions", "time": "times",
                   "place": "mentions", "parent": "statements"},
    "events": {"actors": "mentions", "recipients": "mentions", "location": "mentions", "time": "times",
               "figures": "figures", "chain": "statements"},
    "commitments": {"parties": "mentions", "with_": "mentions", "by": "times", "statement": "statements",
                    "event": "events"},
}  # fmt: skip
LISTS = ("mentions", "entities", "times", "figures", "statements", "events", "commitments")


def problems(record: Record) -> list[str]:
    """Every way in which the record breaks its law; empty for a good record."""
    found: list[str] = []
    text = record.article.text
    ids = {name: {item.id for item in getattr(record, name)} for name in LISTS}
    for name in LISTS:
        items = getattr(record, name)
        if len(ids[name]) != len(items):
            found.append(f"{name}: an id stands twice")
        for item in items:
            where = f"{name} {item.id}"
            if isinstance(item, Span):
                _check_span(text, where, item, found)
                for field, span in _inner_spans(item):
                    _check_span(text, f"{where}.{field}", span, found)
            head = getattr(item, "head", None)
            if head is not None and not (item.start <= head.start < head.end <= item.end):
                found.append(f"{where}.head: lies outside its mention")
            for field, target in _REFERENCES.get(name, {}).items():
                value = getattr(item, field)
                for ref in value if isinstance(value, list) else [value]:
                    if ref is not None and ref not in ids[target]:
                        found.append(f"{where}.{field}: {ref} is not in {target}")
    _check_types(record, found)
    _check_parents(record, found)
    return found


def _check_span(text: str, where: str, span: Span, found: list[str]) -> None:
    if not 0 <= span.start < span.end <= len(text):
        found.append(f"{where}: offsets {span.start}..{span.end} lie outside the text or are empty")
    elif text[span.start : span.end] != span.text:
        found.append(f"{where}: text differs from the article's at {span.start}..{span.end}")


def _check_types(record: Record, found: list[str]) -> None:
    # msgspec checks enumerations when it decodes, not when a Struct is made
    for name in LISTS:
        for item in getattr(record, name):
            try:
                msgspec.convert(msgspec.to_builtins(item), type=type(item))
            except msgspec.ValidationError as error:
                found.append(f"{name} {item.id}: {error}")
    for t in record.times:
        if t.begin and t.end_date and t.begin > t.end_date:
            found.append(f"times {t.id}: begins after it ends")
    for f in record.figures:
        if f.low is not None and f.high is not None and f.low > f.high:
            found.append(f"figures {f.id}: low is above high")


def _check_parents(record: Record, found: list[str]) -> None:
    parent = {s.id: s.parent for s in record.statements}
    for start in parent:
        seen, here = {start}, parent[start]
        while here is not None:
            if here in seen:
                found.append(f"statements {start}: its parents go round in a circle")
                break
            seen.add(here)
            here = parent.get(here)


def check(record: Record) -> Record:
    """Return the record unchanged if it keeps its law.

    :raises RecordError: naming every item that breaks it.
    """
    found = problems(record)
    if found:
        raise RecordError(found)
    return record
