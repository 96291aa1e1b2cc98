"""An article made ready for the case file where it is coded: in a worker process, so that the one writer only writes."""

from __future__ import annotations

from typing import NamedTuple

from musnad.article import Article
from musnad.casefile.fulltext import Lines, Stem, lines_of, stems_of
from musnad.casefile.linking import Identity, identity
from musnad.casefile.rows import Rows, rows_of
from musnad.casefile.store import pack
from musnad.record import Record
from musnad.workers import Broken, settled


class Prepared(NamedTuple):
    """A record as the case file takes it: rows that lack only their ids, identities of its entities, its words for the search."""

    packed: bytes
    musnad: str | None
    rows: Rows
    identities: dict[str, Identity]  # by entity
    entity_of: dict[str, str | None]  # mention -> entity
    lines: Lines


def prepared(record: Record, stems: list[Stem]) -> Prepared:
    """A record made ready.

    :param stems: of the article's text.
    """
    rows = rows_of(record)
    # what no words of the article stand for leads back to nothing: it stays in the record alone
    named = {m.entity for m in record.mentions}
    rows["entities"] = [row for row in rows["entities"] if row["id"] in named]
    return Prepared(
        pack(record),
        record.musnad,
        rows,
        {e.id: identity(e) for e in record.entities if e.id in named},
        {m.id: m.entity for m in record.mentions},
        lines_of(record, stems),
    )


def code(article: Article) -> Prepared | Broken:
    """Code an article and make it ready; a stage's failure is an outcome, not an exception."""
    try:
        analysis = settled().analyse(article)
        return prepared(analysis.record(), stems_of(analysis.tokens))
    except Exception as error:  # one broken article must not end a batch
        name = article.title or article.text[:40]
        return Broken(f"article {article.id[:12]} ({name})", f"coding failed: {type(error).__name__}: {error}")
