"""Strips cookie notices, newsletter blurbs, comment forms and share widgets out of HTML.

All else comes out byte for byte as it went in.

>>> import dechaff
>>> dechaff.clean('<p>Rye is up.</p><div class="sharedaddy">Share this</div>')
'<p>Rye is up.</p>'

For more than a few pages make a ``Cleaner``: it compiles the rules once.

>>> cleaner = dechaff.Cleaner(categories=["cookie-notice"], remove=".promo")
>>> cleaner.clean(b'<p>Rye is up.</p><p class=promo>Mugs</p>')
b'<p>Rye is up.</p>'
"""

from __future__ import annotations

from importlib.metadata import version as _version
from typing import Any, Literal, Optional

from ._native import CATEGORIES, Cleaner, Stream
from .errors import Error, OptionError, PageError, StreamError
from .report import Cut, Decline, Report, Stop
from .values import Html, Sources, Strings

__all__ = [
    "CATEGORIES",
    "Cleaner",
    "Cut",
    "Decline",
    "Error",
    "OptionError",
    "PageError",
    "Report",
    "Stop",
    "Stream",
    "StreamError",
    "clean",
    "clean_arrow",
]
__version__ = _version("dechaff")

_compiled: Optional[Cleaner] = None


def _default() -> Cleaner:
    """A cleaner without options, compiled when it is first asked for."""
    global _compiled
    if _compiled is None:
        _compiled = Cleaner()
    return _compiled


def _cleaner(**options: Any) -> Cleaner:
    """A cleaner with the options that are not ``None``."""
    given = {name: value for name, value in options.items() if value is not None}
    return Cleaner(**given) if given else _default()


def clean(
    html: Html,
    *,
    categories: Optional[Strings] = None,
    url: Optional[str] = None,
    encoding: Optional[str] = None,
    content_type: Optional[str] = None,
    rules: Optional[Sources] = None,
    keep: Optional[Strings] = None,
    remove: Optional[Strings] = None,
    filter_list: Optional[Sources] = None,
) -> Html:
    """Clean a page that is in memory.

    Without options of what to cut it is as fast as ``Cleaner.clean``. With any, the rules are compiled on each call, which
    takes some milliseconds: for more than one page make a ``Cleaner``.

    Args:
        html: The page: ``bytes`` in the encoding that it came in, or ``str``.
        categories: Exactly what to cut: a name of ``CATEGORIES``, or several; ``"all"`` stands for each.
        url: The page's address, for rules that are for some sites.
        encoding: The label of the page's encoding. What the page says of itself does not count then.
        content_type: The header ``Content-Type`` that the page came with.
        rules: Files of rules, see ``Cleaner``.
        keep: CSS selectors of what stays, whatever else would cut it.
        remove: CSS selectors of what goes.
        filter_list: Filter lists, see ``Cleaner``.

    Returns:
        What stays of the page, as the type that it came in. If nothing was cut it is the same object.

    Raises:
        OptionError: An option makes no sense.
        PageError: The page can't be cleaned.
        TypeError: A value is of a wrong type.
        OSError: A file of rules can't be read.
    """
    cleaner = _cleaner(categories=categories, rules=rules, keep=keep, remove=remove, filter_list=filter_list)
    return cleaner.clean(html, url=url, encoding=encoding, content_type=content_type)


def clean_arrow(
    array: Any,
    *,
    urls: Any = None,
    content_types: Any = None,
    encoding: Optional[str] = None,
    errors: Literal["raise", "keep"] = "raise",
) -> Any:
    """Clean an Arrow array of pages with the default categories: ``Cleaner().clean_arrow``, which see."""
    return _default().clean_arrow(array, urls=urls, content_types=content_types, encoding=encoding, errors=errors)
