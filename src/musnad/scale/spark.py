"""The same under Spark: ``records(df)`` codes a DataFrame of articles with ``mapInArrow``.

``spark-submit -m musnad.scale.spark INPUT OUTPUT`` reads Parquet or JSON Lines and writes Parquet. Needs ``musnad[spark]``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from musnad.scale.arrow import ARTICLES, FAILURES, records_schema
from musnad.scale.batch import code_batch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def output_schema() -> pa.Schema:
    """Columns of a record, all null for a failure, and ``reason``, null for a record."""
    return records_schema().append(FAILURES.field("reason"))


def code_partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Records and failures of a partition; the function that Spark's workers run."""
    schema = output_schema()
    for batch in batches:
        records, failures = code_batch(batch)
        rows: list[dict[str, Any]] = [*records.to_pylist(), *failures.to_pylist()]
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def records(articles: DataFrame) -> DataFrame:
    """Records (and failures) of a DataFrame that has ``text`` and may have the other columns of ``ARTICLES``."""
    from pyspark.sql.functions import lit
    from pyspark.sql.pandas.types import from_arrow_schema

    columns = [
        articles[n] if n in articles.columns else lit(None).cast("string").alias(n) for n in ARTICLES.names
    ]
    return articles.select(*columns).mapInArrow(code_partition, from_arrow_schema(output_schema()))


def main(argv: list[str] | None = None) -> int:
    """Code a folder or file of articles into Parquet on a Spark cluster."""
    parser = argparse.ArgumentParser(description="Code articles under Spark.")
    parser.add_argument("input", help="Parquet, or JSON Lines (.jsonl, .json)")
    parser.add_argument("output", help="folder of Parquet files to write")
    parser.add_argument("--partitions", type=int, default=0, help="cut the input into so many parts")
    args = parser.parse_args(argv)
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("musnad").getOrCreate()
    read = spark.read.json if args.input.endswith((".json", ".jsonl")) else spark.read.parquet
    articles = read(args.input)
    if args.partitions:
        articles = articles.repartition(args.partitions)
    records(articles).write.mode("errorifexists").parquet(args.output)
    spark.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
