"""Tables of a case file (SQLAlchemy Core, so that PostgreSQL can follow).

Four clocks are kept apart: of the event (``events.begin``…), of publication (``documents.published``), of ingest
(``documents.ingested_at``, ``analyses.coded_at``) and of review (``reviews.at``). Analyses are never overwritten: a newer one
sets ``superseded_at`` of the older. Tables under "derived" are made anew from the others and may be dropped at any time.
All instants are UTC, ISO 8601 to the microsecond, as text.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    or_,
)  # fmt: skip

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

settings = Table("settings", metadata, Column("key", Text, primary_key=True), Column("value", JSON))

ingests = Table(
    "ingests", metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("sources", JSON, nullable=False),
    Column("musnad", Text, nullable=False),
    Column("added", Integer, nullable=False, default=0),
    Column("known", Integer, nullable=False, default=0),
    Column("failed", Integer, nullable=False, default=0),
)  # fmt: skip

failures = Table(
    "failures", metadata,
    Column("id", Integer, primary_key=True),
    Column("ingest_id", ForeignKey("ingests.id"), nullable=False),
    Column("where_", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("where_", "reason"),
)  # fmt: skip

documents = Table(
    "documents", metadata,
    Column("id", Integer, primary_key=True),
    # sha256 over text, outlet, url and date: a verbatim copy in another paper is a document of its own
    Column("key", Text, nullable=False, unique=True),
    Column("text_sha", Text, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("title", Text),
    Column("outlet", Text, index=True),
    Column("url", Text),
    Column("language", Text),
    Column("published", Text),
    Column("published_day", Text, index=True),
    Column("published_from", Text),
    Column("extra", JSON, nullable=False),
    Column("ingested_at", Text, nullable=False, index=True),
    Column("ingest_id", ForeignKey("ingests.id"), nullable=False),
)  # fmt: skip

analyses = Table(
    "analyses", metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False, index=True),
    Column("musnad", Text, nullable=False),
    Column("coded_at", Text, nullable=False),
    Column("superseded_at", Text),
    Column("record", LargeBinary, nullable=False),  # zlib of the record's JSON, article.text left out
    UniqueConstraint("document_id", "musnad"),
)  # fmt: skip


def _items(name: str, *columns: Column, indexes: tuple[str, ...] = ()) -> Table:  # type: ignore[type-arg]
    """A table of one kind of item; (analysis_id, id) is its key and leads back to article and offsets."""
    return Table(
        name, metadata,
        Column("analysis_id", ForeignKey("analyses.id"), primary_key=True),
        Column("id", Text, primary_key=True),
        Column("document_id", ForeignKey("documents.id"), nullable=False, index=True),
        *columns,
        *(Index(f"ix_{name}_{c}", c) for c in indexes),
    )  # fmt: skip


def _span() -> tuple[Column, ...]:  # type: ignore[type-arg]
    return (
        Column("start", Integer, nullable=False),
        Column("end", Integer, nullable=False),
        Column("text", Text, nullable=False),
    )


entities = _items(
    "entities",
    Column("name", Text, nullable=False), Column("kind", Text, nullable=False), Column("actor", Text), Column("country", Text),
    Column("sector", Text), Column("code", Text), Column("name_en", Text), Column("lat", Float), Column("lon", Float),
    indexes=("actor",),
)  # fmt: skip
mentions = _items(
    "mentions", *_span(), Column("kind", Text, nullable=False), Column("entity", Text), Column("head_start", Integer),
    Column("head_end", Integer), Column("role", Text),
)  # fmt: skip
times = _items(
    "times", *_span(), Column("type", Text, nullable=False), Column("value", Text), Column("begin", Text), Column("end_date", Text),
    Column("relation", Text), Column("approximate", Boolean, nullable=False), Column("calendar", Text), Column("anchor", Text),
)  # fmt: skip
figures = _items(
    "figures", *_span(), Column("value", Float), Column("low", Float), Column("high", Float), Column("comparator", Text, nullable=False),
    Column("unit", Text), Column("counts", Text, nullable=False), Column("currency", Text), Column("of", Text), Column("place", Text),
    Column("time", Text), Column("statement", Text), Column("event", Text), indexes=("counts",),
)  # fmt: skip
statements = _items(
    "statements", *_span(), Column("speaker", Text), Column("cue", Text, nullable=False), Column("act", Text, nullable=False),
    Column("mode", Text), Column("content", Text, nullable=False), Column("spans", JSON, nullable=False), Column("addressee", Text),
    Column("via", Text), Column("time", Text), Column("parent", Text), indexes=("act",),
)  # fmt: skip
events = _items(
    "events", *_span(), Column("trigger", Text, nullable=False), Column("trigger_start", Integer, nullable=False),
    Column("trigger_end", Integer, nullable=False), Column("type", Text, nullable=False), Column("modes", JSON, nullable=False),
    Column("contexts", JSON, nullable=False), Column("status", Text, nullable=False), Column("quad", Integer), Column("scale", Float),
    Column("location", Text), Column("time", Text), Column("begin", Text), Column("end_date", Text), Column("chain", JSON, nullable=False),
    Column("figures", JSON, nullable=False), Column("dead", Integer), Column("injured", Integer), Column("arrested", Integer),
    Column("confidence", Float), indexes=("type", "begin"),
)  # fmt: skip
commitments = _items(
    "commitments", *_span(), Column("kind", Text, nullable=False), Column("what", Text, nullable=False), Column("what_start", Integer),
    Column("what_end", Integer), Column("by", Text), Column("by_date", Text), Column("conditions", JSON, nullable=False),
    Column("state", Text, nullable=False), Column("statement", Text), Column("event", Text), indexes=("kind",),
)  # fmt: skip

#: who takes which part in an event, a commitment or a statement: one row a mention
parties = Table(
    "parties", metadata,
    Column("analysis_id", ForeignKey("analyses.id"), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("role", Text, primary_key=True),  # actor, recipient, location, speaker, addressee, via, party, with
    Column("mention", Text, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("case_entity_id", ForeignKey("case_entities.id"), index=True),
)  # fmt: skip

case_entities = Table(
    "case_entities", metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("kind", Text, nullable=False),
    Column("actor", Text),
    Column("country", Text),
    Column("sector", Text),
    Column("code", Text),
    Column("lat", Float),
    Column("lon", Float),
)  # fmt: skip

entity_links = Table(
    "entity_links", metadata,
    Column("analysis_id", ForeignKey("analyses.id"), primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("case_entity_id", ForeignKey("case_entities.id"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
)  # fmt: skip

reviews = Table(
    "reviews", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("document_id", ForeignKey("documents.id")),
    Column("kind", Text, nullable=False),  # events, statements, … or case_entities, event_groups
    Column("item", Text, nullable=False),
    Column("action", Text, nullable=False),  # accept, correct, reject, add, merge, split, undo
    Column("before", JSON),
    Column("after", JSON),
    Column("note", Text),
    Column("undoes", ForeignKey("reviews.id")),
    Index("ix_reviews_document_id", "document_id"),
)  # fmt: skip

#: which decisions an item of an analysis carries (review.py)
review_marks = Table(
    "review_marks", metadata,
    Column("analysis_id", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("review_id", ForeignKey("reviews.id"), primary_key=True),
)  # fmt: skip

#: links of entities that a merge or a split moved, so that it can be undone
review_moves = Table(
    "review_moves", metadata,
    Column("review_id", ForeignKey("reviews.id"), primary_key=True),
    Column("analysis_id", Integer, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("from_id", Integer, nullable=False),
)  # fmt: skip

#: what was done in the reading room beside decisions: logins, uploads, exports
audit = Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("what", Text),
    Column("address", Text),
)  # fmt: skip

# derived

#: what the full text was given for a document (fulltext.py): it must be told it again to take it back
search_lines = Table(
    "search_lines",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

signatures = Table(
    "signatures",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("data", LargeBinary, nullable=False),  # hashed word triples, see copies.py
)

copies = Table(
    "copies", metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("cluster", Integer, nullable=False, index=True),  # document id of the representative
    Column("similarity", Float, nullable=False),  # to the representative, 0-1
)  # fmt: skip

event_groups = Table(
    "event_groups", metadata,
    Column("id", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("begin", Text, index=True),
    Column("end_date", Text),
    Column("place", Text),
    Column("sources", Integer, nullable=False),  # independent ones: copies count once
    Column("mentions", Integer, nullable=False),
)  # fmt: skip
event_links = Table(
    "event_links", metadata,
    Column("analysis_id", Integer, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("group_id", ForeignKey("event_groups.id"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
)  # fmt: skip

figure_series = Table(
    "figure_series", metadata,
    Column("id", Integer, primary_key=True),
    Column("counts", Text, nullable=False),
    Column("unit", Text),
    Column("place", Text),
    Column("label", Text, nullable=False),
    Column("disagreement", Boolean, nullable=False),
)  # fmt: skip
series_points = Table(
    "series_points", metadata,
    Column("analysis_id", Integer, primary_key=True),
    Column("figure", Text, primary_key=True),
    Column("series_id", ForeignKey("figure_series.id"), nullable=False, index=True),
    Column("claimant", Text),  # name of who says so; null: the article's own voice
    Column("as_of", Text),
)  # fmt: skip

threads = Table(
    "threads", metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("level", Integer, nullable=False),  # 0 none, 1 begun, 2 well under way, 3 done (Peace Accords Matrix)
    Column("state", Text, nullable=False),
    Column("first_day", Text),
    Column("last_day", Text),
    Column("deadline", Text),
    Column("slips", Integer, nullable=False),
)  # fmt: skip
thread_items = Table(
    "thread_items", metadata,
    Column("analysis_id", Integer, primary_key=True),
    Column("commitment", Text, primary_key=True),
    Column("thread_id", ForeignKey("threads.id"), nullable=False, index=True),
    Column("step", Text, nullable=False),  # announced, repeated, moved, under_way, done, dropped
)  # fmt: skip


def in_force(as_of: str | None) -> ColumnElement[bool]:
    """The analyses that are in force, or were at the end of a day (UTC)."""
    a = analyses.c
    if as_of is None:
        return a.superseded_at.is_(None)
    end = end_of(as_of)
    return and_(a.coded_at <= end, or_(a.superseded_at.is_(None), a.superseded_at > end))


def end_of(day: str) -> str:
    """The last instant of a day, as the case file writes it."""
    return f"{day}T23:59:59.999999+00:00"


DERIVED = (thread_items, threads, series_points, figure_series, event_links, event_groups, copies, signatures)
ITEMS = {"entities": entities, "mentions": mentions, "times": times, "figures": figures, "statements": statements,
         "events": events, "commitments": commitments}  # fmt: skip

#: full text: folded words and stems of a document, rowid = documents.id (SQLite only; see search.py)
FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(text, title, names, quotes, content='', "
    'tokenize="unicode61 remove_diacritics 0")'
)
