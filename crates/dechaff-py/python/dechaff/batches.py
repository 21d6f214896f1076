"""Tables with a column of pages, a batch at a time: what Spark, Ray and the like work on. Needs ``pip install dechaff[arrow]``."""

from __future__ import annotations

from typing import Any, Optional, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from ._native import Cleaner
from .errors import OptionError, PageError

__all__ = ["BatchCleaner"]

Batch = TypeVar("Batch", pa.RecordBatch, pa.Table)

_TEXT = (pa.string(), pa.large_string(), pa.string_view())
_PAGES = (pa.binary(), pa.large_binary(), pa.binary_view(), *_TEXT)


class BatchCleaner:
    """Cleans a column of record batches, and adds a column that says what was done.

    It can be pickled, as a ``Cleaner`` can.

    Args:
        cleaner: The cleaner; by default one with the default categories.
        html: The name of the column with the pages: binary or string, their large or their view types.
        url: The name of the column with their addresses, if there is one.
        content_type: The name of the column with the headers ``Content-Type`` that they came with, if there is one.
        error: The name of a column that says why a page could not be read, if there is one. Where it is not null the page is
            not cleaned, and the report has that error.
        encoding: The label of the encoding that all pages are in.
        report: The name of the column that is added: the report of ``Cleaner.clean_arrow_with_report``.
        fail_fast: A page that can't be cleaned or read is an exception. By default it stays as it is, with its error in the
            report.
    """

    def __init__(
        self,
        cleaner: Optional[Cleaner] = None,
        *,
        html: str = "html",
        url: Optional[str] = None,
        content_type: Optional[str] = None,
        error: Optional[str] = None,
        encoding: Optional[str] = None,
        report: str = "dechaff",
        fail_fast: bool = False,
    ) -> None:
        self.cleaner = Cleaner() if cleaner is None else cleaner
        self.html = html
        self.url = url
        self.content_type = content_type
        self.error = error
        self.encoding = encoding
        self.report = report
        self.fail_fast = fail_fast

    def __call__(self, batch: Batch) -> Batch:
        """Give the batch with clean pages and the report.

        Raises:
            OptionError: There is no such column.
            TypeError: A column is of another type.
            PageError: A page can't be cleaned, and ``fail_fast`` is set.
        """
        self.check(batch.schema)
        if isinstance(batch, pa.Table):
            batches = [self._clean(part) for part in batch.to_batches()]
            return (
                pa.Table.from_batches(batches) if batches else self._clean(pa.RecordBatch.from_pylist([], batch.schema))
            )
        return self._clean(batch)

    def check(self, schema: pa.Schema) -> None:
        """See to it that batches with this schema can be cleaned, before there is one.

        Raises:
            OptionError: There is no such column, or there is one with the name of the report.
            TypeError: A column is of another type.
        """
        for name, kinds in ((self.html, _PAGES), (self.url, _TEXT), (self.content_type, _TEXT), (self.error, _TEXT)):
            if name is None:
                continue
            if schema.names.count(name) != 1:
                count = "several columns" if name in schema.names else "no column"
                raise OptionError(f"there is {count} {name!r} among: {', '.join(schema.names)}")
            kind = schema.field(name).type
            if kind not in kinds:
                raise TypeError(f"the column {name!r} must be {' or '.join(map(str, kinds))}, not {kind}")
        if self.report in schema.names:
            raise OptionError(f"there is a column {self.report!r} already")

    def _clean(self, batch: Any) -> Any:
        pages = batch.column(self.html)
        unread = batch.column(self.error) if self.error else None
        if unread is not None and unread.null_count == len(unread):
            unread = None
        readable = pages if unread is None else pc.if_else(pc.is_null(unread), pages, pa.scalar(None, pages.type))
        cleaned, report = self.cleaner.clean_arrow_with_report(
            readable,
            urls=batch.column(self.url) if self.url else None,
            content_types=batch.column(self.content_type) if self.content_type else None,
            encoding=self.encoding,
        )
        if unread is not None:
            cleaned = pc.coalesce(cleaned, pages)
            report = _with_errors(report, unread, pages)
        if self.fail_fast:
            self._fail(batch, report)
        index = batch.schema.get_field_index(self.html)
        batch = batch.set_column(index, batch.schema.field(index), cleaned)
        return batch.append_column(pa.field(self.report, report.type), report)

    def _fail(self, batch: Any, report: Any) -> None:
        for row, error in enumerate(report.field("error").to_pylist()):
            if error is not None:
                url = batch.column(self.url)[row].as_py() if self.url else None
                raise PageError(f"{url or f'row {row} of a batch'}: {error}")


def _with_errors(report: Any, errors: Any, pages: Any) -> Any:
    """The report, with rows for the pages that could not be read: their bytes stay as they are."""
    length = pc.coalesce(pc.cast(pc.binary_length(pages), pa.int64()), pa.scalar(0, pa.int64()))
    failed = pc.is_valid(errors)
    columns = {field.name: report.field(field.name) for field in report.type}
    columns["error"] = pc.coalesce(pc.cast(errors, pa.string()), columns["error"])
    for name in ("bytes_in", "bytes_out"):
        columns[name] = pc.if_else(failed, length, columns[name])
    return pa.StructArray.from_arrays(list(columns.values()), fields=list(report.type))
