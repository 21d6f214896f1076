"""What jobs on clusters are given, and what has to come of it."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path
from typing import NamedTuple, Optional

import pyarrow as pa
import pyarrow.parquet as pq

import dechaff
from dechaff.batches import BatchCleaner
from dechaff.tally import Tally
from dechaff.warc import read_batches
from pages import PageMaker, warc_record, write_parquet

COUNT = int(os.environ.get("DECHAFF_PAGES", "20000"))
REFUSED = b"<meta charset=iso-2022-kr><p>Rye</p>"
ODD = {
    "null": None,
    "empty": b"",
    "refused": REFUSED,
    "no encoding": b"<meta charset=klingon><p>\xff\xfe\x81\x00</p><div class=sharedaddy>Share</div>",
    "no page": b"%PDF-1.7\n\x00\x01",
    "100 MB": b"<p>Rye is up.</p>" * (100_000_000 // 17) + b"<div class=sharedaddy>Share</div>",
}
"""Pages that a job must get over, by what is odd about them."""


class Row(NamedTuple):
    """What came of a page."""

    html: Optional[str]
    """A digest."""
    error: Optional[str]
    bytes_in: Optional[int]
    cuts: Optional[list[tuple[object, ...]]]


def write_pages(folder: Path) -> None:
    """Writes the pages, and the odd ones."""
    write_parquet(PageMaker(10_000).pages(COUNT), COUNT, folder, 40)
    odd = {"id": range(COUNT, COUNT + len(ODD)), "url": list(ODD), "html": list(ODD.values())}
    pq.write_table(pa.table({name: list(column) for name, column in odd.items()}), folder / "part-9999.parquet")


def write_archives(folder: Path) -> None:
    """Writes two archives of which one is cut off."""
    folder.mkdir()
    records = [gzip.compress(warc_record(page)) for page in PageMaker(10_000).pages(40)]
    (folder / "whole.warc.gz").write_bytes(b"".join(records[:20]))
    (folder / "cut.warc.gz").write_bytes(b"".join(records[20:])[:-2_000])


def rows(table: pa.Table, key: str) -> dict[object, Row]:
    """What came of the pages of a table, by a column that tells them apart."""
    found: dict[object, Row] = {}
    for batch in table.to_batches():
        reports = batch.column("dechaff").to_pylist()
        for name, html, report in zip(batch.column(key).to_pylist(), batch.column("html"), reports):
            digest = hashlib.sha1(html.as_py()).hexdigest() if html.is_valid else None
            cuts = report["cuts"] and [tuple(cut.values()) for cut in report["cuts"]]
            assert name not in found, f"{name} came twice"
            found[name] = Row(digest, report["error"], report["bytes_in"], cuts)
    return found


def clean_here(table: pa.Table, cleaner: BatchCleaner) -> tuple[pa.Table, str]:
    """The same without a cluster: the table, and what is said of it in the end."""
    cleaned = cleaner(table)
    return cleaned, str(Tally().add(cleaned.column("dechaff")))


def pages_here(folder: Path) -> tuple[dict[object, Row], str]:
    cleaned, told = clean_here(pq.read_table(folder), BatchCleaner(url="url"))
    return rows(cleaned, "id"), told


def archives_here(folder: Path) -> tuple[dict[object, Row], str]:
    """With an archive that is not there, as the jobs are given it."""
    paths = sorted([*map(str, folder.iterdir()), str(folder / "missing.warc.gz")])
    table = pa.Table.from_batches([batch for path in paths for batch in read_batches(path)])
    cleaned, told = clean_here(table, BatchCleaner(url="url", content_type="content_type", error="error"))
    found = rows(cleaned, "url")
    assert [row.error is None for row in found.values()].count(False) == 2
    return found, told


def check_odd(found: dict[object, Row]) -> None:
    """Each odd page has a row; those that can't be cleaned have their bytes."""
    odd = {name: found[COUNT + number] for number, name in enumerate(ODD)}
    assert odd["null"] == Row(None, None, None, None)
    assert odd["empty"].bytes_in == 0 and odd["empty"].error is None
    assert odd["refused"].html == hashlib.sha1(REFUSED).hexdigest()
    assert odd["refused"].error is not None and odd["refused"].error.startswith("in ISO-2022-KR")
    for name in ("no encoding", "100 MB"):
        page = ODD[name]
        assert page is not None and odd[name].html == hashlib.sha1(dechaff.clean(page)).hexdigest()
        assert odd[name].cuts is not None and len(odd[name].cuts) == 1
    page = ODD["no page"]
    assert page is not None and odd["no page"].html == hashlib.sha1(page).hexdigest()
    assert odd["no page"].error == "not HTML (PDF)"
