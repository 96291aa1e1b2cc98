"""Inputs of a run cut into shards: byte ranges of JSON Lines, row groups of Parquet, whole files of the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from musnad.reading.build import ReadingError
from musnad.reading.files import SUFFIXES, Failure, Given, Note, read
from musnad.scale.batch import article_row

#: bytes of JSON Lines in a shard, at least and at most (some dozen to some thousand articles), and shards of a file in between
LEAST_BYTES, MOST_BYTES, PER_FILE = 64 * 1024, 16 * 1024 * 1024, 64


class Shard(msgspec.Struct, frozen=True):
    """A part of an input: bytes ``first`` to ``last`` of JSON Lines, or row groups of Parquet; the whole file where both are 0."""

    path: str
    first: int = 0
    last: int = 0

    @property
    def name(self) -> str:
        """A file name for what comes of it."""
        digest = hashlib.sha256(f"{self.path}\x1f{self.first}\x1f{self.last}".encode()).hexdigest()[:12]
        return f"{Path(self.path).name.split('.')[0][:40]}-{self.first:012d}-{digest}"


def shards(inputs: list[Path], size: int | None = None) -> list[Shard]:
    """The shards of files and folders, in order.

    :param size: bytes of JSON Lines in a shard; by the file's size where None, whatever else is read and with how many
        workers, so that a run that goes on finds the same shards.
    :raises ReadingError: where an input is not there or has nothing to read.
    """
    found: list[Shard] = []
    for path in inputs:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if (p.is_file() and "".join(p.suffixes[-2:]) in SUFFIXES) or p.suffix in SUFFIXES)
            if not files:
                raise ReadingError(f"the folder {path} has no {', '.join(SUFFIXES)} file")
        elif path.is_file():
            files = [path]
        else:
            raise ReadingError(f"there is no file {path}")
        for file in files:
            found += _of_file(file, size)
    return found


def _of_file(path: Path, given: int | None) -> list[Shard]:
    if path.suffix in (".jsonl", ".ndjson"):
        total = path.stat().st_size
        size = given or min(max(total // PER_FILE, LEAST_BYTES), MOST_BYTES)
        return [Shard(str(path), first, min(first + size, total)) for first in range(0, total, size)] or [Shard(str(path))]
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        groups = pq.ParquetFile(path).num_row_groups
        return [Shard(str(path), n, n + 1) for n in range(groups)] or [Shard(str(path))]
    return [Shard(str(path))]


def rows(shard: Shard) -> Iterator[dict[str, Any] | Failure]:
    """Articles of a shard as rows of :data:`musnad.scale.arrow.ARTICLES`, and what could not be read."""
    path = Path(shard.path)
    if shard.last and path.suffix != ".parquet":
        yield from _lines(path, shard.first, shard.last)
        return
    if shard.last:
        yield from _groups(path, shard.first, shard.last)
        return
    for n, item in enumerate(read([shard.path], Given()), 1):
        if isinstance(item, Failure):
            yield item
        elif not isinstance(item, Note):
            yield article_row(item, f"{shard.path}:{n}")


def _lines(path: Path, first: int, last: int) -> Iterator[dict[str, Any] | Failure]:
    """Lines that begin in [first, last)."""
    with path.open("rb") as file:
        if first:
            file.seek(first - 1)
            file.readline()  # the line that began before belongs to the shard before
        while (start := file.tell()) < last and (raw := file.readline()):
            if not raw.strip():
                continue
            where = f"{path}@{start}"
            try:
                yield _row(msgspec.json.decode(raw), where)
            except (msgspec.DecodeError, UnicodeDecodeError, ReadingError) as error:
                yield Failure(where, f"the line is no article ({error})")


def _groups(path: Path, first: int, last: int) -> Iterator[dict[str, Any] | Failure]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    for group in range(first, last):
        # in pieces: a file written with one row group of a million rows must not fill a worker's memory
        batches = file.iter_batches(batch_size=128, row_groups=[group])
        for n, row in enumerate(row for batch in batches for row in batch.to_pylist()):
            where = f"{path}#{group}.{n}"
            try:
                yield _row({k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}, where)
            except ReadingError as error:
                yield Failure(where, str(error))


def _row(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ReadingError('it has no "text" that is a string')
    facts = ("published", "outlet", "title", "url")
    extra = {k: v for k, v in given.items() if k not in (*facts, "text")}
    row: dict[str, Any] = {k: given.get(k) or None for k in facts}
    if any(v is not None and not isinstance(v, str) for v in row.values()):
        raise ReadingError(f"{', '.join(facts)} must be strings")
    return {
        **row,
        "text": given["text"],
        "extra": msgspec.json.encode(extra).decode() if extra else None,
        "where": where,
    }
