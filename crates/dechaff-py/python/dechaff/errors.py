"""What can go wrong.

``Error`` is the base of all. A value of a wrong type is a ``TypeError``, and a file that can't be read an ``OSError``, as
everywhere in Python.
"""

from __future__ import annotations

__all__ = ["Error", "OptionError", "PageError", "StreamError"]


class Error(Exception):
    """The base of the exceptions of this package."""


class OptionError(Error, ValueError):
    """An option makes no sense: there is no such category or encoding, a selector or a rule file is not what it should be."""


class PageError(Error):
    """A page can't be cleaned: a tag in it is too large, or it is in an encoding that no browser reads.

    Attributes:
        output: In a stream, what has come out of the page and was not fetched yet. All that was written up to the error is
            in it or came before, so the page is whole if what follows is passed on as it is. Else it is empty.
    """

    def __init__(self, message: str, output: bytes = b"") -> None:
        super().__init__(message)
        self.output = output


class StreamError(Error, ValueError):
    """A stream was used after its end, or after an error."""
