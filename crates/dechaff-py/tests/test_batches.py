"""Tables with a column of pages."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest

import dechaff
from conftest import CORPUS
from dechaff.batches import BatchCleaner
from dechaff.tally import Tally

SHARE = b"<div class=sharedaddy>Share this</div>"
REFUSED = b"<meta charset=iso-2022-kr><p>Rye</p>"
PAGES = [b"<p>A" + SHARE, None, b"", REFUSED, b"<p>B"]


def test_columns_stay_and_a_report_is_added():
    batch = pa.record_batch({"id": [1, 2, 3, 4, 5], "html": PAGES, "url": ["a", None, "c", "d", "e"]})
    cleaned = pickle.loads(pickle.dumps(BatchCleaner(url="url")))(batch)
    assert isinstance(cleaned, pa.RecordBatch)
    assert cleaned.schema.names == ["id", "html", "url", "dechaff"]
    assert cleaned.column("html").to_pylist() == [b"<p>A", None, b"", REFUSED, b"<p>B"]
    assert cleaned.column("url").equals(batch.column("url"))
    report = cleaned.column("dechaff")
    assert report.field("bytes_in").to_pylist() == [4 + len(SHARE), None, 0, len(REFUSED), 4]
    assert [bool(error) for error in report.field("error").to_pylist()] == [False, False, False, True, False]


def test_tables_of_any_chunks_give_the_same():
    table = pa.table({"page": PAGES * 3})
    whole = BatchCleaner(html="page", report="what")(table)
    parts = BatchCleaner(html="page", report="what")(pa.concat_tables([table[:4], table[4:5], table[5:]]))
    assert isinstance(whole, pa.Table) and whole.equals(parts)
    empty = BatchCleaner(html="page", report="what")(table[:0])
    assert empty.schema == whole.schema and len(empty) == 0


def test_pages_that_could_not_be_read_stay_and_say_why():
    batch = pa.record_batch(
        {
            "html": pa.array([b"<p>A" + SHARE, b"<p>B" + SHARE, None], pa.binary()),
            "error": pa.array([None, "cut off", "gone"]),
        }
    )
    cleaned = BatchCleaner(error="error")(batch)
    assert cleaned.column("html").to_pylist() == [b"<p>A", b"<p>B" + SHARE, None]
    rows = cleaned.column("dechaff").to_pylist()
    assert [row["error"] for row in rows] == [None, "cut off", "gone"]
    assert [row["bytes_out"] for row in rows] == [4, 4 + len(SHARE), 0]
    assert Tally().add(cleaned.column("dechaff")).failures == 2
    with pytest.raises(dechaff.PageError, match="row 1 of a batch: cut off"):
        BatchCleaner(error="error", fail_fast=True)(batch)


def test_fail_fast_names_the_page():
    batch = pa.record_batch({"html": PAGES, "url": list("abcde")})
    with pytest.raises(dechaff.PageError, match="^d: in ISO-2022-KR"):
        BatchCleaner(url="url", fail_fast=True)(batch)
    assert BatchCleaner(url="url", fail_fast=True)(batch.slice(0, 3)).num_rows == 3


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"html": "page"}, dechaff.OptionError, "there is no column 'page' among: id, html, dechaff"),
        ({"html": "id"}, TypeError, "the column 'id' must be binary or large_binary or .*, not int64"),
        ({"url": "id"}, TypeError, "the column 'id' must be string or large_string or string_view, not int64"),
        ({}, dechaff.OptionError, "there is a column 'dechaff' already"),
    ],
)
def test_columns_that_are_not_there_or_of_another_type(options, error, message):
    with pytest.raises(error, match=message):
        BatchCleaner(**options)(pa.record_batch({"id": [1], "html": [b"x"], "dechaff": ["x"]}))


def test_tallies_add_up_and_make_a_table():
    cleaner = dechaff.Cleaner(remove=".promo")
    pages = [page.source for page in CORPUS] + PAGES + [b"<p class=promo>Mugs</p>"]
    _, report = cleaner.clean_arrow_with_report(pa.array(pages))
    tally = Tally().add(report)
    reports = [cleaner.clean_with_report(page)[1] for page in pages if page not in (None, REFUSED)]
    assert (tally.pages, tally.nulls, tally.failures) == (len(CORPUS) + 5, 1, 1)
    assert sum(tally.cuts.values()) == sum(len(report.cuts) for report in reports)
    assert sum(tally.declines.values()) == sum(len(report.declines) for report in reports)
    assert sum(tally.bytes_cut.values()) == sum(report.bytes_cut for report in reports)
    assert tally.bytes_in - tally.bytes_out == sum(report.bytes_cut for report in reports)
    assert tally.cuts["custom", "remove/.promo"] == 1
    halves = Tally().add(report[:20]) + Tally().add(pa.chunked_array([report[20:30], report[30:]]))
    assert halves == tally and str(halves) == str(tally)

    small = pa.array([b"<p>A" + SHARE, None, b"<p class=promo>B</p>"])
    assert str(Tally().add(cleaner.clean_arrow_with_report(small)[1])).splitlines() == [
        "category                      cuts  bytes  kept",
        "custom                           1     20     0",
        "  remove/.promo                  1     20     0",
        "share-widget                     1     38     0",
        "  jetpack-sharing/sharedaddy     1     38     0",
        "total                            2     58     0",
        "2 pages, 62 bytes before, 4 after (93.5 % cut); 1 row without a page, 0 failures",
    ]
    assert str(Tally()).splitlines()[-1].startswith("0 pages, 0 bytes before, 0 after (0.0 % cut)")
