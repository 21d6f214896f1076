"""Cleans the pages of Parquet files or web archives on Spark, and writes Parquet.

    spark-submit examples/spark/clean_pages.py --html html --url url pages/ cleaned/
    spark-submit examples/spark/clean_pages.py --warc 'crawl/*.warc.gz' cleaned/

All columns stay. That of the pages has clean ones, and a new column ``dechaff`` says what was done: bytes before and after, each
cut and each element that stayed although a rule picked it. A page that can't be cleaned keeps its bytes and has an ``error``
there. In the end a table sums it up. It is made from what was written, so what was tried twice counts once.

The workers need ``pip install dechaff[arrow]``, for archives ``dechaff[warc]``.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import reduce
from operator import add

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from dechaff import jobs
from dechaff.batches import BatchCleaner
from dechaff.tally import Tally

ELEMENT = "category string, rule string, tag string, start bigint, end bigint"
REPORT = (
    "error string, bytes_in bigint, bytes_out bigint, encoding string, "
    f"cuts array<struct<{ELEMENT}>>, declines array<struct<{ELEMENT}, reason string>>, stop string"
)
"""The type of the column ``dechaff``."""


def read_archives(spark: SparkSession, paths: list[str]) -> DataFrame:
    """A row for each page of the archives; each archive is read by one task."""
    from dechaff.warc import SCHEMA, read_batches

    def pages(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for path in batch.column("path").to_pylist():
                yield from read_batches(path)

    schema = ", ".join(f"{field.name} {'bigint' if field.type == pa.int64() else field.type}" for field in SCHEMA)
    # Sliced by its place and not by a hash, which would give some tasks two and others none.
    frame = spark.createDataFrame(
        spark.sparkContext.parallelize([(path,) for path in paths], len(paths)), "path string"
    )
    return frame.mapInArrow(pages, schema)


def clean(frame: DataFrame, cleaner: BatchCleaner) -> DataFrame:
    """The frame with clean pages and the column ``dechaff``."""
    schema = StructType([*frame.schema.fields, StructField(cleaner.report, StructType.fromDDL(REPORT))])

    def cleaned(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map(cleaner, batches)

    return frame.mapInArrow(cleaned, schema)


def count(frame: DataFrame, report: str) -> Tally:
    """What was done to the pages of a frame that was cleaned."""

    def tallies(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        tally = Tally()
        for batch in batches:
            tally.add(batch.column(report))
        yield pa.RecordBatch.from_pydict({"tally": [pickle.dumps(tally)]})

    rows = frame.select(report).mapInArrow(tallies, "tally binary").collect()
    return reduce(add, (pickle.loads(row.tally) for row in rows), Tally())


def main() -> None:
    given = jobs.parser("Cleans the pages of Parquet files or web archives on Spark, and writes Parquet.").parse_args()
    cleaner = jobs.batch_cleaner(given)
    spark = (
        SparkSession.builder.appName("dechaff")
        # Pages are large: a batch of them has to fit into memory several times.
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 256)
        .getOrCreate()
    )
    frame = read_archives(spark, jobs.archives(given.inputs)) if given.warc else spark.read.parquet(*given.inputs)
    jobs.check(cleaner, frame.limit(0).toArrow().schema)
    clean(frame, cleaner).write.parquet(given.output)
    print(count(spark.read.parquet(given.output), cleaner.report))
    spark.stop()


if __name__ == "__main__":
    main()
