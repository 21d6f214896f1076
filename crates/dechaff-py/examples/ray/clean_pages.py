"""Cleans the pages of Parquet files or web archives on Ray, and writes Parquet.

    python examples/ray/clean_pages.py --html html --url url pages/ cleaned/
    python examples/ray/clean_pages.py --warc 'crawl/*.warc.gz' cleaned/

All columns stay. That of the pages has clean ones, and a new column ``dechaff`` says what was done: bytes before and after, each
cut and each element that stayed although a rule picked it. A page that can't be cleaned keeps its bytes and has an ``error``
there. In the end a table sums it up.

The workers need ``pip install dechaff[arrow]``, for archives ``dechaff[warc]``.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Any

import pyarrow as pa
import ray

from dechaff import jobs
from dechaff.tally import Tally

# Pages are large: a batch of them has to fit into memory several times.
ROWS = 256


def read_archives(paths: list[str]) -> ray.data.Dataset:
    """A row for each page of the archives; each archive is read by one task."""
    from dechaff.warc import read_batches

    def pages(table: pa.Table) -> Iterator[pa.Table]:
        for path in table.column("path").to_pylist():
            for batch in read_batches(path):
                yield pa.Table.from_batches([batch])

    files = ray.data.from_items([{"path": path} for path in paths], override_num_blocks=len(paths))
    return files.map_batches(pages, batch_size=1, batch_format="pyarrow")


def count(output: str, report: str) -> Tally:
    """What was done to the pages of a folder that was written."""

    def tally(table: pa.Table) -> dict[str, Any]:
        return {"tally": [pickle.dumps(Tally().add(table.column(report)))]}

    written = ray.data.read_parquet(output, columns=[report])
    rows = written.map_batches(tally, batch_size=None, batch_format="pyarrow").iter_rows()
    return reduce(add, (pickle.loads(row["tally"]) for row in rows), Tally())


def main() -> None:
    given = jobs.parser("Cleans the pages of Parquet files or web archives on Ray, and writes Parquet.").parse_args()
    cleaner = jobs.batch_cleaner(given)
    if os.path.exists(given.output):
        sys.exit(f"{given.output}: is there already")
    if given.warc:
        pages = read_archives(jobs.archives(given.inputs))
    else:
        pages = ray.data.read_parquet(given.inputs)
        jobs.check(cleaner, pages.schema().base_schema)

    def clean(table: pa.Table) -> pa.Table:
        return cleaner(table)

    pages.map_batches(clean, batch_size=ROWS, batch_format="pyarrow", zero_copy_batch=True).write_parquet(given.output)
    print(count(given.output, cleaner.report))


if __name__ == "__main__":
    main()
