"""The pages of web archives, for programs that work on tables. Needs ``pip install dechaff[warc]``.

The command-line tool cleans archives as archives. This reads them: each page becomes a row.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from os import PathLike, fspath
from typing import Any, NamedTuple, Optional, Union

import pyarrow as pa
from fastwarc.warc import ArchiveIterator, WarcRecord, any_type

__all__ = ["SCHEMA", "ArchivePage", "read_batches", "read_pages"]

SCHEMA = pa.schema(
    [
        pa.field("archive", pa.string()),
        pa.field("offset", pa.int64()),
        pa.field("url", pa.string()),
        pa.field("content_type", pa.string()),
        pa.field("html", pa.binary()),
        pa.field("error", pa.string()),
    ]
)
"""The columns of ``read_batches``."""

_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 1_000
_HTML = ("text/html", "application/xhtml+xml")


class ArchivePage(NamedTuple):
    """A page of an archive.

    Attributes:
        offset: Where its record begins in the archive, in bytes; in one that is packed, in unpacked ones.
        url: Its address.
        content_type: The header ``Content-Type`` that it came with.
        html: Its bytes, without chunks and gzip; if it has an ``error``, its bytes as far as they are there.
        error: Why it is not whole, or why the archive can't be read from here on.
    """

    offset: int
    url: Optional[str]
    content_type: Optional[str]
    html: Optional[bytes]
    error: Optional[str]


def read_pages(archive: Union[str, PathLike[str], Any]) -> Iterator[ArchivePage]:
    """Give the HTML in the responses and resources of an archive, in order.

    What is wrong is a page with an ``error``: a record that is cut off, a body that can't be unpacked. Where the archive can't
    be read any further, a last page says so.

    Args:
        archive: A path, or a file that is open for bytes; plain, or packed with gzip.

    Raises:
        OSError: The file can't be opened.
    """
    if isinstance(archive, (str, PathLike)):
        with open(fspath(archive), "rb") as file:
            yield from read_pages(file)
        return
    stream = _Stream(archive)
    offset = 0
    error: Optional[str] = None
    try:
        for record in ArchiveIterator(stream, record_types=any_type, parse_http=False):
            offset = record.stream_pos
            page = _page(record)
            if page:
                error = page.error
                yield page
    except (OSError, ValueError) as trouble:
        stream.trouble = stream.trouble or str(trouble)
    if stream.trouble and not error:
        message = f"the archive can't be read after the record at byte {offset}: {stream.trouble}"
        yield ArchivePage(offset, None, None, None, message)


class _Stream:
    """The bytes of an archive. Where they can't be unpacked any further, or end too early, it ends, and remembers why.

    What was unpacked up to there comes out, which is why it is not done by ``gzip``.
    """

    _PIECE = 16 << 10

    def __init__(self, file: Any) -> None:
        self.trouble: Optional[str] = None
        self._file = file
        self._given = 0
        self._last = b""
        self._packed = file.read(self._PIECE)
        self._member = zlib.decompressobj(wbits=31) if self._packed.startswith(b"\x1f\x8b") else None
        self._ready = b"" if self._member else self._packed

    def read(self, size: int = -1) -> bytes:
        while not self._ready and self._unpack():
            pass
        data = self._ready if size < 0 else self._ready[:size]
        self._ready = self._ready[len(data) :]
        self._given += len(data)
        self._last = (self._last + data)[-4:]
        if not data and not self.trouble and self._last.replace(b"\r", b"")[-2:] not in (b"", b"\n\n"):
            self.trouble = "it ends in the middle of a record"
        return data

    def tell(self) -> int:
        return self._given

    def seek(self, offset: int, whence: int = 0) -> int:
        raise io.UnsupportedOperation("seek")

    def close(self) -> None:
        """Leaves the file to who opened it."""

    def _unpack(self) -> bool:
        """Makes some bytes ready; says whether there may be more."""
        if self.trouble:
            return False
        if self._member is None:
            self._ready = self._file.read(self._PIECE)
            return bool(self._ready)
        if self._member.eof:
            self._packed = self._member.unused_data or self._file.read(self._PIECE)
            self._member = zlib.decompressobj(wbits=31)
            # Tapes are padded with zeros.
            if not self._packed.strip(b"\0"):
                return False
        elif not self._packed:
            self._packed = self._file.read(self._PIECE)
            if not self._packed:
                self.trouble = "it ends in the middle of a compressed record"
                return False
        try:
            self._ready = self._member.decompress(self._packed, self._PIECE)
        except zlib.error as trouble:
            self.trouble = str(trouble)
            return False
        self._packed = self._member.unconsumed_tail
        return True


def read_batches(archive: Union[str, PathLike[str]], name: Optional[str] = None) -> Iterator[pa.RecordBatch]:
    """Give the pages of an archive as record batches of up to some 16 MB, with the columns of ``SCHEMA``.

    An archive that can't be opened is a row with an ``error``, too.

    Args:
        archive: A path, or a file that is open for bytes.
        name: What the column ``archive`` has; by default the path.
    """
    name = fspath(archive) if name is None else name
    rows: list[tuple[Any, ...]] = []
    size = 0
    try:
        for page in read_pages(archive):
            rows.append((name, *page))
            size += len(page.html or b"")
            if size >= _BATCH_BYTES or len(rows) == _BATCH_ROWS:
                yield _batch(rows)
                rows, size = [], 0
    except OSError as error:
        rows.append((name, 0, None, None, None, f"the archive can't be opened: {error}"))
    if rows:
        yield _batch(rows)


def _batch(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    columns = [pa.array(column, type=field.type) for column, field in zip(zip(*rows), SCHEMA)]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _page(record: WarcRecord) -> Optional[ArchivePage]:
    """The page in a record, if there is one. All of it is read before anything is unpacked: so its end is known."""
    offset = record.stream_pos
    headers = record.headers
    kind, length = headers.get("WARC-Type"), headers.get("Content-Length") or ""
    if not kind or not length.isdecimal():
        return ArchivePage(offset, None, None, None, "the record is cut off in its head, or is none")
    if kind.lower() not in ("response", "resource"):
        return None
    url = headers.get("WARC-Target-URI")
    url = url[1:-1] if url and url.startswith("<") and url.endswith(">") else url
    record.freeze()
    block = record.reader.read()
    whole = len(block) == int(length)
    http: dict[str, str] = {}
    body = block
    if kind.lower() == "response":
        head, _, body = block.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/"):
            return None if whole else ArchivePage(offset, url, None, block, "the record is cut off in its head")
        lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
        http = {key.strip().lower(): value.strip() for key, _, value in lines}
        content_type = http.get("content-type")
    else:
        content_type = headers.get("Content-Type")
    if (content_type or "").partition(";")[0].strip().lower() not in _HTML:
        return None
    if not whole:
        return ArchivePage(offset, url, content_type, body, f"the record is cut off: {len(block)} of {length} bytes")
    try:
        body = _unpacked(body, http)
    except (ValueError, EOFError, OSError, zlib.error) as error:
        return ArchivePage(offset, url, content_type, body, f"its body can't be unpacked: {error}")
    return ArchivePage(offset, url, content_type, body, None)


def _unpacked(body: bytes, http: dict[str, str]) -> bytes:
    """The body without what it was sent in. Some crawlers unpack it and leave the head as it was."""
    if "chunked" in http.get("transfer-encoding", "").lower() and not body.lstrip().startswith(b"<"):
        body = _unchunked(body)
    coding = http.get("content-encoding", "").lower()
    if coding in ("", "identity") or body.lstrip().startswith(b"<") or not body:
        return body
    if coding in ("gzip", "x-gzip"):
        return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    raise ValueError(f"it is compressed with {coding}")


def _unchunked(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at)
        if end < 0:
            raise ValueError("its chunks are cut off")
        size = int(body[at:end].partition(b";")[0], 16)
        if size == 0:
            return b"".join(parts)
        at = end + 2 + size + 2
        if at > len(body):
            raise ValueError("its chunks are cut off")
        parts.append(body[end + 2 : at - 2])
