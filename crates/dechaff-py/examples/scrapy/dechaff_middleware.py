"""A downloader middleware for Scrapy: spiders get HTML without the chaff.

In ``settings.py``, with a number below that of ``HttpCompressionMiddleware``, so that pages are unpacked when they come by::

    DOWNLOADER_MIDDLEWARES = {"dechaff_middleware.DechaffMiddleware": 585}
    DECHAFF_OPTIONS = {"categories": ["cookie-notice", "share-widget"], "keep": "#comments"}

``DECHAFF_OPTIONS`` are those of ``dechaff.Cleaner``, and may be left out. A request with ``meta={"dechaff": False}`` gets its page
as it is. So does one whose page can't be cleaned; that is logged and counted. The stats have ``dechaff/pages``,
``dechaff/bytes_cut``, ``dechaff/cuts/CATEGORY`` and ``dechaff/failures``.
"""

from __future__ import annotations

import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response

import dechaff

logger = logging.getLogger(__name__)


class DechaffMiddleware:
    """Cleans HTML responses on their way to the spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        try:
            self.cleaner = dechaff.Cleaner(**crawler.settings.getdict("DECHAFF_OPTIONS"))
        except (dechaff.Error, TypeError, OSError) as error:
            raise NotConfigured(f"DECHAFF_OPTIONS: {error}") from error

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DechaffMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if not isinstance(response, HtmlResponse) or request.meta.get("dechaff") is False:
            return response
        content_type = response.headers.get("Content-Type", b"").decode("latin-1")
        try:
            body, report = self.cleaner.clean_with_report(response.body, url=response.url, content_type=content_type)
        except dechaff.PageError as error:
            logger.warning("%s: %s", response.url, error)
            self.stats.inc_value("dechaff/failures")
            return response
        self.stats.inc_value("dechaff/pages")
        self.stats.inc_value("dechaff/bytes_cut", report.bytes_cut)
        for cut in report.cuts:
            self.stats.inc_value(f"dechaff/cuts/{cut.category}")
        return response.replace(body=body) if report.cuts else response
