"""What was decided about a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Optional

__all__ = ["Cut", "Decline", "Report", "Stop"]


class Cut(NamedTuple):
    """An element that was removed.

    Attributes:
        category: The category of the rule, as ``cookie-notice``; ``custom`` for rules of your own.
        rule: The rule, as ``onetrust/dialog``; ``text/block`` and the like where the element's text decided.
        tag: The element's tag name, lower-cased.
        start: Where the element begins in the page: a byte, or a character if the page is a ``str``.
        end: Where it ends: ``html[cut.start:cut.end]`` is the element.
    """

    category: str
    rule: str
    tag: str
    start: int
    end: int


class Decline(NamedTuple):
    """An element that a rule picked and that stayed.

    Attributes:
        category: The category of the rule.
        rule: The rule.
        tag: The element's tag name, lower-cased.
        start: Where the element begins in the page, as in a ``Cut``.
        end: Where the decision fell; that can be before the element's end.
        reason: Why it stayed, as ``holds-content``.
    """

    category: str
    rule: str
    tag: str
    start: int
    end: int
    reason: str


class Stop(NamedTuple):
    """From here on the page was passed through as it is.

    Attributes:
        offset: Where, as in a ``Cut``.
        reason: Why, as ``too-deep``.
    """

    offset: int
    reason: str


@dataclass(frozen=True)
class Report:
    """Everything that was decided about one page.

    Attributes:
        cuts: The removed elements, in order.
        declines: The elements that a rule picked and that stayed, in order. Those inside a cut are not listed.
        stop: Where cutting stopped for the rest of the page, if it did.
        encoding: The encoding that the page was read in, as ``UTF-8``.
        encoding_evidence: What said so, as ``meta``.
        bytes_in: Bytes of the page; for a ``str``, those of its UTF-8.
        bytes_out: Bytes of what stayed.
    """

    cuts: tuple[Cut, ...]
    declines: tuple[Decline, ...]
    stop: Optional[Stop]
    encoding: str
    encoding_evidence: str
    bytes_in: int
    bytes_out: int

    @property
    def bytes_cut(self) -> int:
        """Bytes that were cut."""
        return self.bytes_in - self.bytes_out
