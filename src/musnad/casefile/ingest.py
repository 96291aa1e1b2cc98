"""Articles into a case file: only what is new, resumable at any moment, failures set aside with their reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from musnad import __version__
from musnad.article import Article
from musnad.casefile import schema
from musnad.casefile.linking import EntityLinker
from musnad.casefile.rows import rows_of
from musnad.casefile.search import index_document
from musnad.casefile.store import Case, inserted, now, pack, unpack
from musnad.reading.files import Failure, Item, Note
from musnad.record import Record
from musnad.workers import Broken, Outcome, ordered_outcomes

#: articles written in one transaction: what is lost at most when the power goes, and must be coded again
BATCH = 64


class Summary(NamedTuple):
    """What an ingest did: articles added, known before, set aside."""

    added: int
    known: int
    failed: int


def document_key(article: Article) -> str:
    """What makes a document: its text, outlet, address and date of publication."""
    parts = (article.id, article.outlet, article.url, article.published)
    return hashlib.sha256("\x1f".join(p or "" for p in parts).encode("utf-8", "surrogatepass")).hexdigest()


def ingest(
    case: Case,
    items: Iterable[Item],
    sources: list[str],
    jobs: int = 1,
    step: Callable[[], None] = lambda: None,
    note: Callable[[Note], None] = lambda _: None,
) -> Summary:
    """Add articles to a case.

    Each batch is one transaction: an interruption loses at most the batch at hand, and running again adds it. An article
    that was coded by another version of Musnad is coded again beside the old analysis.

    :param items: what :func:`musnad.reading.files.read` gives.
    :param step: called once for each article written.
    """
    run = _Run(case, note, jobs)
    run.start(sources)
    for outcome, article, key in run.outcomes(items):
        step()
        if isinstance(outcome, Broken):
            run.failures.append(Failure(outcome.where, outcome.reason))
            continue
        run.coded.append((outcome.record, article, key))
        if len(run.coded) >= BATCH:
            run.flush()
    run.flush()
    return run.finish()


def holds_records(path: str) -> bool:
    """Whether a source is Parquet that `musnad run` wrote: records, not articles."""
    if not path.endswith(".parquet") or not Path(path).is_file():
        return False
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return {"article", "statements", "events"} <= set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return False


def ingest_records(case: Case, path: str, step: Callable[[], None] = lambda: None) -> Summary:
    """Add records that were made elsewhere (`musnad run`, Spark); those that break the law of the record are set aside."""
    import pyarrow.parquet as pq

    from musnad.record import RecordError, check
    from musnad.scale.arrow import row_record

    run = _Run(case, lambda _: None, 1)
    run.start([path])

    def records() -> Iterator[Record]:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=BATCH):
            for n, row in enumerate(batch.to_pylist()):
                try:
                    yield check(row_record(row))
                except (RecordError, msgspec.ValidationError) as error:
                    run.failures.append(Failure(f"{path} {row.get('where') or n}", f"it is no good record ({error})"))

    source = records()
    while chunk := [(r.article, document_key(r.article), r) for r in islice(source, BATCH)]:
        fresh = {key for _, key in run.unknown([(a, k) for a, k, _ in chunk])}
        for article, key, record in chunk:
            if key in fresh:
                fresh.discard(key)  # the same document twice in one chunk is one
                run.coded.append((record, article, key))
                step()
        run.flush()
    run.flush()
    return run.finish()


class _Run:
    def __init__(self, case: Case, note: Callable[[Note], None], jobs: int) -> None:
        self.case, self.note, self.jobs = case, note, jobs
        self.ingest_id = 0
        self.added = self.known = self.failed = 0
        self.failures: list[Failure] = []
        self.coded: list[tuple[Record, Article, str]] = []
        self.linker = EntityLinker()

    def start(self, sources: list[str]) -> None:
        with self.case.write() as connection:
            row = insert(schema.ingests).values(started_at=now(), sources=sources, musnad=__version__)
            self.ingest_id = inserted(connection, row)

    def finish(self) -> Summary:
        with self.case.write() as connection:
            connection.execute(
                update(schema.ingests)
                .where(schema.ingests.c.id == self.ingest_id)
                .values(finished_at=now(), added=self.added, known=self.known, failed=self.failed)
            )
        return Summary(self.added, self.known, self.failed)

    def outcomes(self, items: Iterable[Item]) -> Iterator[tuple[Outcome, Article, str]]:
        """Coded articles that the case does not have yet, with their keys."""
        waiting: list[tuple[Article, str]] = []

        def fresh() -> Iterator[Article]:
            for article, key in self._new(items):
                waiting.append((article, key))
                yield article

        for outcome in ordered_outcomes(fresh(), self.jobs):
            article, key = waiting.pop(0)
            yield outcome, article, key

    def _new(self, items: Iterable[Item]) -> Iterator[tuple[Article, str]]:
        seen: set[str] = set()
        chunk: list[tuple[Article, str]] = []
        for item in items:
            if isinstance(item, Failure):
                self.failures.append(item)
            elif isinstance(item, Note):
                self.note(item)
            else:
                key = document_key(item)
                if key in seen:
                    self.known += 1
                    continue
                seen.add(key)
                chunk.append((item, key))
                if len(chunk) == BATCH:
                    yield from self.unknown(chunk)
                    chunk = []
        yield from self.unknown(chunk)

    def unknown(self, chunk: list[tuple[Article, str]]) -> Iterator[tuple[Article, str]]:
        """Those of a chunk that the case has no analysis of by this version."""
        d, a = schema.documents, schema.analyses
        with self.case.read() as connection:
            have = set(
                connection.execute(
                    select(d.c.key).join(a, a.c.document_id == d.c.id).where(d.c.key.in_([k for _, k in chunk]), a.c.musnad == __version__)
                ).scalars()
            )
        self.known += sum(k in have for _, k in chunk)
        return ((article, key) for article, key in chunk if key not in have)

    def flush(self) -> None:
        """Write what is coded and what failed."""
        if not self.coded and not self.failures:
            return
        with self.case.write() as connection:
            for record, article, key in self.coded:
                self._write(connection, record, article, key)
            for failure in self.failures:
                words = upsert(schema.failures).values(ingest_id=self.ingest_id, where_=failure.where, reason=failure.reason, at=now())
                connection.execute(words.on_conflict_do_update(index_elements=["where_", "reason"], set_={"at": now()}))
        self.added += len(self.coded)
        self.failed += len(self.failures)
        self.coded, self.failures = [], []

    def _write(self, connection: Connection, record: Record, article: Article, key: str) -> None:
        at = now()
        document_id = connection.execute(select(schema.documents.c.id).where(schema.documents.c.key == key)).scalar()
        new = document_id is None
        if new:
            document_id = inserted(
                connection,
                insert(schema.documents).values(
                    key=key, text_sha=article.id, text=article.text, title=article.title, outlet=article.outlet, url=article.url,
                    language=article.language, published=article.published, published_day=(article.published or "")[:10] or None,
                    published_from=article.published_from, extra=article.extra, ingested_at=at, ingest_id=self.ingest_id,
                ),
            )  # fmt: skip
        write_analysis(connection, record, int(document_id or 0), at, self.linker)
        if new:
            index_document(connection, int(document_id or 0), record)


def write_analysis(connection: Connection, record: Record, document_id: int, at: str, linker: EntityLinker) -> int:
    """Add an analysis beside the older ones of its document; returns its id."""
    a = schema.analyses
    connection.execute(update(a).where(a.c.document_id == document_id, a.c.superseded_at.is_(None)).values(superseded_at=at))
    values = {
        "document_id": document_id,
        "musnad": record.musnad or __version__,
        "coded_at": at,
        "record": pack(record),
    }
    analysis_id = inserted(connection, insert(a).values(values))
    rows = rows_of(record, analysis_id, document_id)
    links = linker.link(connection, record, analysis_id)
    entity_of = {m.id: m.entity for m in record.mentions}
    for row in rows["parties"]:
        row["case_entity_id"] = links.get(entity_of.get(row["mention"]) or "")
    for name, table in schema.ITEMS.items():
        if rows[name]:
            connection.execute(insert(table), rows[name])
    if rows["parties"]:
        connection.execute(insert(schema.parties), rows["parties"])
    return analysis_id


def record_of(connection: Connection, analysis_id: int) -> Record:
    """The record of an analysis as it was made."""
    d, a = schema.documents, schema.analyses
    row = connection.execute(select(a.c.record, d.c.text).join(d, d.c.id == a.c.document_id).where(a.c.id == analysis_id)).one()
    return unpack(row.record, row.text)


def checkpoint(case: Case) -> None:
    """Fold the write-ahead log into the file (after a large ingest)."""
    with case.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
