"""The compiled half of dechaff."""

from typing import Any, Literal, Optional, Union, final, overload

from .report import Report
from .values import Html, Sources, Strings

__all__ = ["CATEGORIES", "Cleaner", "Stream"]

# The names of the categories. The first four are cut by default.
CATEGORIES: tuple[str, ...]

@final
class Cleaner:
    def __new__(
        cls,
        *,
        categories: Optional[Strings] = None,
        rules: Optional[Sources] = None,
        keep: Optional[Strings] = None,
        remove: Optional[Strings] = None,
        filter_list: Optional[Sources] = None,
    ) -> Cleaner: ...
    @overload
    def clean(
        self,
        html: Html,
        *,
        url: Optional[str] = None,
        encoding: Optional[str] = None,
        content_type: Optional[str] = None,
    ) -> Html: ...
    @overload
    def clean(
        self,
        html: Union[bytearray, memoryview],
        *,
        url: Optional[str] = None,
        encoding: Optional[str] = None,
        content_type: Optional[str] = None,
    ) -> bytes: ...
    @overload
    def clean_with_report(
        self,
        html: Html,
        *,
        url: Optional[str] = None,
        encoding: Optional[str] = None,
        content_type: Optional[str] = None,
    ) -> tuple[Html, Report]: ...
    @overload
    def clean_with_report(
        self,
        html: Union[bytearray, memoryview],
        *,
        url: Optional[str] = None,
        encoding: Optional[str] = None,
        content_type: Optional[str] = None,
    ) -> tuple[bytes, Report]: ...
    def stream(
        self,
        *,
        url: Optional[str] = None,
        encoding: Optional[str] = None,
        content_type: Optional[str] = None,
    ) -> Stream: ...
    def clean_arrow(
        self,
        array: Any,
        *,
        urls: Any = None,
        content_types: Any = None,
        encoding: Optional[str] = None,
        errors: Literal["raise", "keep"] = "raise",
    ) -> Any: ...
    def clean_arrow_with_report(
        self,
        array: Any,
        *,
        urls: Any = None,
        content_types: Any = None,
        encoding: Optional[str] = None,
    ) -> tuple[Any, Any]: ...
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...

@final
class Stream:
    def write(self, chunk: Union[bytes, bytearray, memoryview]) -> bytes: ...
    def finish(self) -> bytes: ...
    @property
    def report(self) -> Optional[Report]: ...
