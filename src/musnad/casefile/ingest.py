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
from musnad.casefile.coding import Prepared, code, prepared
from musnad.casefile.fulltext import Lines, Stem, aligned, index, kept, stems
from musnad.casefile.linking import EntityLinker
from musnad.casefile.store import Case, inserted, now, unpack
from musnad.reading.files import Failure, Item, Note
from musnad.record import Record
from musnad.workers import Broken, ordered

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
        run.coded.append((outcome, article, key))
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
                run.coded.append((prepared(record, stems(article.text)), article, key))
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
        self.coded: list[tuple[Prepared, Article, str]] = []
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

    def outcomes(self, items: Iterable[Item]) -> Iterator[tuple[Prepared | Broken, Article, str]]:
        """Coded articles that the case does not have yet, with their keys."""
        waiting: list[tuple[Article, str]] = []

        def fresh() -> Iterator[Article]:
            for article, key in self._new(items):
                waiting.append((article, key))
                yield article

        for outcome in ordered(code, fresh(), self.jobs):
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
        with self.case.read() as connection:
            have = self._have(connection, [key for _, key in chunk])
        self.known += sum(k in have for _, k in chunk)
        return ((article, key) for article, key in chunk if key not in have)

    def _have(self, connection: Connection, keys: list[str]) -> set[str]:
        d, a = schema.documents.c, schema.analyses.c
        query = select(d.key).join(schema.analyses, a.document_id == d.id).where(d.key.in_(keys), a.musnad == __version__)
        return set(connection.execute(query).scalars())

    def flush(self) -> None:
        """Write what is coded and what failed."""
        if not self.coded and not self.failures:
            return
        with self.case.write() as connection:
            at = now()
            # another ingest into the same case may have been quicker
            have = self._have(connection, [key for _, _, key in self.coded])
            new = [(made, article, key) for made, article, key in self.coded if key not in have]
            write_batch(connection, [(self._document(connection, a, k, at), made) for made, a, k in new], at, self.linker)
            for failure in self.failures:
                words = upsert(schema.failures).values(ingest_id=self.ingest_id, where_=failure.where, reason=failure.reason, at=at)
                connection.execute(words.on_conflict_do_update(index_elements=["where_", "reason"], set_={"at": at}))
        self.added += len(new)
        self.known += len(have)
        self.failed += len(self.failures)
        self.coded, self.failures = [], []

    def _document(self, connection: Connection, article: Article, key: str, at: str) -> int:
        found = connection.execute(select(schema.documents.c.id).where(schema.documents.c.key == key)).scalar()
        if found is not None:
            return int(found)
        return inserted(
            connection,
            insert(schema.documents).values(
                key=key, text_sha=article.id, text=article.text, title=article.title, outlet=article.outlet, url=article.url,
                language=article.language, published=article.published, published_day=(article.published or "")[:10] or None,
                published_from=article.published_from, extra=article.extra, ingested_at=at, ingest_id=self.ingest_id,
            ),
        )  # fmt: skip


def write_batch(connection: Connection, batch: list[tuple[int, Prepared]], at: str, linker: EntityLinker) -> list[int]:
    """Add analyses of documents (by id) beside the older ones; returns the ids of the analyses."""
    a = schema.analyses
    ids: list[int] = []
    for document_id, made in batch:
        connection.execute(update(a).where(a.c.document_id == document_id, a.c.superseded_at.is_(None)).values(superseded_at=at))
        values = {"document_id": document_id, "musnad": made.musnad or __version__, "coded_at": at, "record": made.packed}
        ids.append(inserted(connection, insert(a).values(values)))
    links = linker.link(connection, {number: made.identities for number, (_, made) in zip(ids, batch, strict=True)})
    for name, table in (*schema.ITEMS.items(), ("parties", schema.parties)):
        rows = [
            {**row, "analysis_id": number, "document_id": document_id}
            for number, (document_id, made) in zip(ids, batch, strict=True)
            for row in made.rows[name]
        ]
        if name == "parties":
            entity_of = {number: made.entity_of for number, (_, made) in zip(ids, batch, strict=True)}
            for row in rows:
                number = row["analysis_id"]
                row["case_entity_id"] = links[number].get(entity_of[number].get(row["mention"]) or "")
        if rows:
            connection.execute(insert(table), rows)
    index(connection, {document_id: made.lines for document_id, made in batch})
    return ids


def write_analysis(connection: Connection, record: Record, document_id: int, at: str, linker: EntityLinker) -> int:
    """Add an analysis beside the older ones of its document; returns its id."""
    made = prepared(record, _stems(connection, document_id, record.article.text))
    return write_batch(connection, [(document_id, made)], at, linker)[0]


def _stems(connection: Connection, document_id: int, body: str) -> list[Stem]:
    """The stems of a document: as they stand in the full text where they do."""
    lines: Lines | None = kept(connection, [document_id]).get(document_id)
    return (aligned(body, lines.text) if lines else None) or stems(body)


def record_of(connection: Connection, analysis_id: int) -> Record:
    """The record of an analysis as it was made."""
    d, a = schema.documents, schema.analyses
    row = connection.execute(select(a.c.record, d.c.text).join(d, d.c.id == a.c.document_id).where(a.c.id == analysis_id)).one()
    return unpack(row.record, row.text)


def checkpoint(case: Case) -> None:
    """Fold the write-ahead log into the file (after a large ingest)."""
    with case.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
