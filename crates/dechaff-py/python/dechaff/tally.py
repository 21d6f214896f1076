"""What was done to many pages, added up. Needs ``pip install dechaff[arrow]``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Tally"]


@dataclass
class Tally:
    """Sums over the reports of pages. Tallies of parts add up to that of the whole; ``str`` gives a table.

    Attributes:
        pages: How many pages there were.
        nulls: How many rows had none.
        failures: How many pages could not be cleaned, or not be read.
        bytes_in: Bytes of pages.
        bytes_out: Bytes of what stayed.
        cuts: How many elements were cut, by category and rule.
        bytes_cut: How many bytes they had, by category and rule.
        declines: How many elements a rule picked and stayed, by category and rule.
    """

    pages: int = 0
    nulls: int = 0
    failures: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    cuts: Counter[tuple[str, str]] = field(default_factory=Counter)
    bytes_cut: Counter[tuple[str, str]] = field(default_factory=Counter)
    declines: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, report: Any) -> Tally:
        """Add the report of an array, as ``Cleaner.clean_arrow_with_report`` gives it; give the tally."""
        for part in report.chunks if isinstance(report, pa.ChunkedArray) else [report]:
            there = len(part) - part.field("bytes_in").null_count
            self.pages += there
            self.nulls += len(part) - there
            self.failures += len(part) - part.field("error").null_count
            self.bytes_in += pc.sum(part.field("bytes_in")).as_py() or 0
            self.bytes_out += pc.sum(part.field("bytes_out")).as_py() or 0
            for category, rule, count, size in _by_rule(part.field("cuts")):
                self.cuts[category, rule] += count
                self.bytes_cut[category, rule] += size
            for category, rule, count, _ in _by_rule(part.field("declines")):
                self.declines[category, rule] += count
        return self

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.pages + other.pages,
            self.nulls + other.nulls,
            self.failures + other.failures,
            self.bytes_in + other.bytes_in,
            self.bytes_out + other.bytes_out,
            self.cuts + other.cuts,
            self.bytes_cut + other.bytes_cut,
            self.declines + other.declines,
        )

    def __str__(self) -> str:
        lines: list[tuple[str, ...]] = [("category", "cuts", "bytes", "kept")]
        rules = sorted({*self.cuts, *self.declines})
        for category in sorted({category for category, _ in rules}):
            own = [rule for rule in rules if rule[0] == category]
            lines.append((category, *self._sums(own)))
            lines.extend(("  " + rule[1], *self._sums([rule])) for rule in own)
        lines.append(("total", *self._sums(rules)))
        widths = [max(map(len, column)) for column in zip(*lines)]
        text = [
            "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))])
            for line in lines
        ]
        share = 100 * (self.bytes_in - self.bytes_out) / self.bytes_in if self.bytes_in else 0
        text.append(
            f"{_counted(self.pages, 'page')}, {self.bytes_in:,} bytes before, {self.bytes_out:,} after ({share:.1f} % cut); "
            f"{_counted(self.nulls, 'row')} without a page, {_counted(self.failures, 'failure')}"
        )
        return "\n".join(text)

    def _sums(self, rules: list[tuple[str, str]]) -> list[str]:
        return [f"{sum(counter[rule] for rule in rules):,}" for counter in (self.cuts, self.bytes_cut, self.declines)]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _by_rule(lists: Any) -> list[tuple[str, str, int, int]]:
    """Category, rule, number and bytes of the elements in a column of lists."""
    elements = lists.flatten()
    if not len(elements):
        return []
    columns = [elements.field(name) for name in ("category", "rule")]
    sizes = pc.subtract(elements.field("end"), elements.field("start"))
    table = pa.table([*columns, sizes], names=["category", "rule", "size"])
    sums = table.group_by(["category", "rule"]).aggregate([("size", "count"), ("size", "sum")]).to_pydict()
    return list(zip(sums["category"], sums["rule"], sums["size_count"], sums["size_sum"]))
