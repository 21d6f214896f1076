"""The types of what functions take, for type checkers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TypeVar, Union

__all__ = ["Html", "Source", "Sources", "Strings"]

Html = TypeVar("Html", bytes, str)
"""A page, and what comes of it: what is like ``bytes`` gives ``bytes``."""

Strings = Union[str, Iterable[str]]
"""One string, or several."""

Source = Union[str, "PathLike[str]", Mapping[str, str]]
"""A path, or a mapping of names to texts."""

Sources = Union[Source, Iterable[Source]]
"""One of these, or several."""
