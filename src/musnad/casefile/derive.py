"""What holds across articles, made anew from the current analyses: copies, event groups, figure series, commitment threads."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from musnad.casefile import copies, events, figures, review, review_across, schema, threads
from musnad.casefile.store import Case


def derive(case: Case) -> None:
    """Bring everything under "derived" up to date. One transaction: readers see the old state or the new one."""
    with case.write() as connection:
        # what people decided holds for analyses made since
        review.reapply(connection)
        copies.update(connection)
        clear(
            connection,
            schema.event_links,
            schema.event_groups,
            schema.series_points,
            schema.figure_series,
            schema.thread_items,
            schema.threads,
        )
        events.group(connection)
        figures.gather(connection)
        threads.follow(connection)
        review_across.regroup(connection)


def clear(connection: Connection, *tables: object) -> None:
    """Empty tables, in the order given."""
    for table in tables:
        connection.execute(delete(table))  # type: ignore[arg-type]
