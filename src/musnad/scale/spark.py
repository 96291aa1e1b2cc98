"""The same under Spark: ``records(df)`` codes a DataFrame of articles with ``mapInArrow``; ``main`` codes files.

``spark-submit --master URL .../musnad/scale/spark.py INPUT OUTPUT`` writes Parquet. Needs ``musnad[spark]`` on every machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from musnad.scale.arrow import ARTICLES, FAILURES, records_schema
from musnad.scale.batch import BATCH, articles_batch, code_batch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: columns of a shard
_SHARDS = "path string, first long, last long"


def output_schema() -> pa.Schema:
    """Columns of a record, all null for a failure, and ``reason``, null for a record."""
    return records_schema().append(FAILURES.field("reason"))


def _columns(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of records or failures with the columns of :func:`output_schema`, those it lacks null."""
    schema = output_schema()
    has = set(batch.schema.names)
    made = [batch.column(f.name) if f.name in has else pa.nulls(batch.num_rows, f.type) for f in schema]
    return pa.RecordBatch.from_arrays(made, schema=schema)


def code_partition(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Records and failures of a partition of articles; the function that Spark's workers run."""
    for given in batches:
        # Spark's batches are of thousands of rows: their records would fill a worker's memory
        for start in range(0, given.num_rows, BATCH):
            for made in code_batch(given.slice(start, BATCH)):
                if made.num_rows:
                    yield _columns(made)


def code_shards(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Records and failures of a partition of shards, read by the worker that codes them."""
    from musnad.reading.files import Failure
    from musnad.scale.shards import Shard, rows

    for given in chain.from_iterable(batch.to_pylist() for batch in batches):
        for items in _groups(rows(Shard(**given))):
            unread = [{"where": i.where, "reason": i.reason} for i in items if isinstance(i, Failure)]
            if unread:
                yield _columns(pa.RecordBatch.from_pylist(unread, schema=FAILURES))
            yield from code_partition([articles_batch([i for i in items if not isinstance(i, Failure)])])


def _groups(items: Iterable[Any]) -> Iterator[list[Any]]:
    group: list[Any] = []
    for item in items:
        group.append(item)
        if len(group) == BATCH:
            yield group
            group = []
    if group:
        yield group


def records(articles: DataFrame) -> DataFrame:
    """Records (and failures) of a DataFrame that has ``text`` and may have the other columns of ``ARTICLES``.

    :param articles: columns that ``ARTICLES`` does not know go into ``extra`` (as JSON; a null is left out); without
        ``where``, an article is named by its URL or else by the sha256 of its text.
    """
    from pyspark.sql import functions as F
    from pyspark.sql.pandas.types import from_arrow_schema

    has = articles.columns
    others = [articles[n] for n in has if n not in ARTICLES.names]
    missing = {"extra": F.to_json(F.struct(*others)) if others else F.lit(None)}
    digest = F.concat(F.lit("article "), F.sha2(articles["text"], 256))
    missing["where"] = F.coalesce(articles["url"], digest) if "url" in has else digest
    columns = [(articles[n] if n in has else missing.get(n, F.lit(None))).cast("string").alias(n) for n in ARTICLES.names]
    return articles.select(*columns).mapInArrow(code_partition, from_arrow_schema(output_schema()))


def records_of_files(spark: SparkSession, inputs: list[Path], partitions: int = 0) -> DataFrame:
    """Records (and failures) of files that every machine sees under the same path: those of ``musnad run``, row for row.

    :param partitions: tasks to make; one for each shard where 0.
    :raises musnad.reading.build.ReadingError: where an input is not there or has nothing to read.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    from musnad.scale.shards import shards

    work = [(s.path, s.first, s.last) for path in inputs for s in shards([path.absolute()])]
    parts = spark.sparkContext.parallelize(work, partitions or len(work))
    return spark.createDataFrame(parts, _SHARDS).mapInArrow(code_shards, from_arrow_schema(output_schema()))


def write(coded: DataFrame, output: str) -> None:
    """Write records to ``output/kind=records``, failures to ``output/kind=failures``, as Parquet; without a shuffle."""
    from pyspark.sql import functions as F

    kind = F.when(coded["reason"].isNull(), "records").otherwise("failures")
    coded.withColumn("kind", kind).write.mode("errorifexists").partitionBy("kind").parquet(output)


def main(argv: list[str] | None = None) -> int:
    """Code files or folders of articles into Parquet on a Spark cluster."""
    parser = argparse.ArgumentParser(description="Code articles under Spark.")
    parser.add_argument("input", help="what `musnad run` reads; or Parquet or JSON Lines under a URL (s3a://…, hdfs://…)")
    parser.add_argument("output", help="folder of Parquet files to write")
    parser.add_argument("--partitions", type=int, default=0, help="cut the work into so many tasks")
    args = parser.parse_args(argv)
    from pyspark.sql import SparkSession

    # Spark would take the first python3 of the machine; a cluster's own setting has been put there by spark-submit
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("musnad").getOrCreate()
    try:
        if "://" in args.input:
            json = args.input.rstrip("/").endswith((".json", ".jsonl", ".ndjson", ".jsonl.gz"))
            articles = (spark.read.json if json else spark.read.parquet)(args.input)
            if args.partitions:
                articles = articles.repartition(args.partitions)
            made = records(articles)
        else:
            made = records_of_files(spark, [Path(args.input)], args.partitions)
        write(made, args.output)
    finally:
        spark.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
