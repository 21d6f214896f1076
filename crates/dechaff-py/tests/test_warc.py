"""Pages of web archives."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from conftest import CORPUS
from dechaff.warc import SCHEMA, read_batches, read_pages
from pages import MadePage, warc_record

HTML = b"<p>Rye is up.</p>" * 40


def read(data: bytes):
    return list(read_pages(io.BytesIO(data)))


def record(html: bytes = HTML, head: str = "Content-Type: text/html", url: str = "https://a.example/") -> bytes:
    return warc_record(MadePage(url, html), head)


PACK = [
    pytest.param(lambda records: b"".join(records), id="plain"),
    pytest.param(lambda records: b"".join(map(gzip.compress, records)), id="gzip"),
]


@pytest.mark.parametrize("pack", PACK)
def test_pages_come_with_what_is_known_of_them(pack):
    records = [
        record(url="https://a.example/1"),
        record(b"\x89PNG", "Content-Type: image/png"),
        record(url="<https://a.example/2>", head="Content-Type: Text/HTML; charset=latin1"),
        record(head="Server: x\r\ncontent-type: application/xhtml+xml"),
        record().replace(b"WARC-Type: response", b"WARC-Type: request"),
        record(head="Server: x"),
        record(b""),
    ]
    archive = pack(records)
    pages = read(archive)
    assert [(page.url, page.content_type, page.html, page.error) for page in pages] == [
        ("https://a.example/1", "text/html", HTML, None),
        ("https://a.example/2", "Text/HTML; charset=latin1", HTML, None),
        ("https://a.example/", "application/xhtml+xml", HTML, None),
        ("https://a.example/", "text/html", b"", None),
    ]
    unpacked = b"".join(records)
    for page in pages:
        assert read(unpacked[page.offset :])[0] == page._replace(offset=0)


def test_resources_are_pages():
    resource = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: file:///a\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<p>Rye\r\n\r\n"
    assert read(resource)[0][1:] == ("file:///a", "text/html", b"<p>Rye", None)


def test_bodies_are_unpacked():
    html = "Content-Type: text/html\r\n"
    chunked = b"5;x=y\r\n<p>Ry\r\n1\r\ne\r\n0\r\n\r\n"
    for body, head in (
        (chunked, "Transfer-Encoding: chunked"),
        (gzip.compress(b"<p>Rye"), "Content-Encoding: gzip"),
        (b"<p>Rye", "Content-Encoding: br"),
        (b"<p>Rye", "Content-Encoding: gzip\r\nTransfer-Encoding: chunked"),
    ):
        assert read(record(body, html + head))[0][3:] == (b"<p>Rye", None)
    for body, head, error in (
        (chunked[:-12], "Transfer-Encoding: chunked", "its body can't be unpacked: its chunks are cut off"),
        (gzip.compress(HTML)[:-20], "Content-Encoding: gzip", "its body can't be unpacked: "),
        (b"\x0b\x02\x80Rye\x03", "Content-Encoding: br", "its body can't be unpacked: it is compressed with br"),
    ):
        (page,) = read(record(body, html + head))
        assert page.html == body and page.error.startswith(error)


@pytest.mark.parametrize("pack", PACK)
def test_an_archive_that_is_cut_off_anywhere_says_so(pack):
    records = [record(url=f"https://a.example/{number}") for number in range(2)]
    archive = pack(records)
    first = len(pack(records[:1]))
    for length in range(first, len(archive)):
        one, *rest = read(archive[:length])
        if length >= len(archive) - 12 and len(rest) == 2:
            # Of the page itself nothing is missing, only of what comes after it.
            assert rest.pop(0)[3:] == (HTML, None)
        assert (one.html, one.error) == (HTML, None)
        if length == first:
            assert rest == []
            continue
        assert len(rest) == 1, length
        assert "cut off" in rest[0].error or "can't be read" in rest[0].error, length
        assert HTML.startswith(rest[0].html or b"") or rest[0].content_type is None, length


def test_an_archive_that_is_damaged_says_so():
    archive = bytearray(b"".join(gzip.compress(record(url=f"https://a.example/{number}")) for number in range(4)))
    middle = len(archive) // 2 + 40
    archive[middle : middle + 8] = b"\xff" * 8
    pages = read(bytes(archive))
    assert [page.html for page in pages[:2]] == [HTML, HTML]
    assert "can't be read after the record at byte" in pages[-1].error or "cut off" in pages[-1].error
    (page,) = read(b"This is no archive.\n" * 10)
    assert page.error.startswith("the archive can't be read after the record at byte 0: ")
    assert read(b"") == []


def test_batches_have_all_pages(tmp_path: Path):
    file = tmp_path / "pages.warc"
    file.write_bytes(b"".join(record(page.source, url=page.name) for page in CORPUS) * 70)
    batches = list(read_batches(file))
    assert len(batches) > 1 and all(batch.schema == SCHEMA for batch in batches)
    urls = [url for batch in batches for url in batch.column("url").to_pylist()]
    assert urls == [page.name for page in CORPUS] * 70
    assert batches[0].column("html")[0].as_py() == CORPUS[0].source
    assert set(batches[0].column("archive").to_pylist()) == {str(file)}


def test_an_archive_that_is_not_there_is_a_row(tmp_path: Path):
    (batch,) = read_batches(tmp_path / "missing.warc")
    (row,) = batch.to_pylist()
    assert row["error"].startswith("the archive can't be opened: ") and row["html"] is None
    with pytest.raises(FileNotFoundError):
        next(read_pages(tmp_path / "missing.warc"))
