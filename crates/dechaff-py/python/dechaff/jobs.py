"""What jobs on clusters have in common: their arguments. Needs ``pip install dechaff[arrow]``."""

from __future__ import annotations

import argparse
import glob
import sys

import pyarrow as pa

from ._native import Cleaner
from .batches import BatchCleaner
from .errors import Error

__all__ = ["archives", "batch_cleaner", "check", "parser"]


def parser(description: str) -> argparse.ArgumentParser:
    """The arguments: what to read and to write, and what to cut, as the command-line tool takes it."""
    parser = argparse.ArgumentParser(description=description)
    add = parser.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="a folder or file of Parquet, or an archive with --warc")
    add("output", metavar="OUTPUT", help="the folder to write; it must not be there")
    add("--warc", action="store_true", help="the inputs are web archives, at paths that all workers see")
    add("--html", default="html", metavar="COLUMN", help="the column of the pages: binary or string (default: html)")
    add("--url", metavar="COLUMN", help="the column of their addresses")
    add("--encoding", metavar="LABEL", help="the encoding that all pages are in")
    add("--category", action="append", metavar="NAME", help="exactly what to cut; 'all' is everything")
    add("--remove", action="append", metavar="SELECTOR", help="cut what this CSS selector picks")
    add("--keep", action="append", metavar="SELECTOR", help="keep what this CSS selector picks")
    add("--rules", action="append", metavar="FILE", help="add a rule file")
    add("--filter-list", action="append", metavar="FILE", help="add a list for ad blockers")
    add("--fail-fast", action="store_true", help="end the job at the first page that can't be read or cleaned")
    return parser


def batch_cleaner(given: argparse.Namespace) -> BatchCleaner:
    """What the arguments ask for. If they make no sense the program ends, with a message."""
    options = {name: getattr(given, name) for name in ("remove", "keep", "rules", "filter_list")}
    try:
        cleaner = Cleaner(categories=given.category, **options)
        cleaner.clean(b"", encoding=given.encoding)
    except (Error, OSError) as error:
        sys.exit(str(error))
    if given.warc:
        columns = {"url": "url", "content_type": "content_type", "error": "error"}
    else:
        columns = {"html": given.html, "url": given.url}
    return BatchCleaner(cleaner, **columns, encoding=given.encoding, fail_fast=given.fail_fast)


def check(cleaner: BatchCleaner, schema: pa.Schema) -> None:
    """If batches with this schema can't be cleaned the program ends, with a message."""
    try:
        cleaner.check(schema)
    except (Error, TypeError) as error:
        sys.exit(str(error))


def archives(inputs: list[str]) -> list[str]:
    """The paths that the inputs name, some of which may be patterns. One that is not there stays, to be named in the end."""
    return sorted({path for pattern in inputs for path in glob.glob(pattern) or [pattern]})
