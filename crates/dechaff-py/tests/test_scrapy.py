"""The Scrapy middleware, in Scrapy, against a server on this machine."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conftest import CORPUS, ROOT

pytest.importorskip("scrapy")

MIDDLEWARE = ROOT / "crates/dechaff-py/examples/scrapy"
SHARE = b"<div class=sharedaddy>Share this</div>"
LATIN = b"<p>caf\xe9</p><p>Abonnez-vous \xe0 notre newsletter</p>"
REFUSED = b"<meta charset=iso-2022-kr><p>Rye</p>" + SHARE
PAGES = {
    "/plain": ("text/html", b"<p>Rye</p>" + SHARE),
    "/whole": ("text/html", b"<p>Rye</p>" + SHARE),
    "/packed": ("text/html", b"<p>Rye</p>" + SHARE),
    "/latin": ("text/html; charset=iso-8859-1", LATIN),
    "/refused": ("text/html", REFUSED),
    "/data": ("application/json", b'{"html": "' + SHARE + b'"}'),
    **{f"/{page.name}": ("text/html; charset=utf-8", page.source) for page in CORPUS if page.categories is None},
}

SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

base, paths, settings = json.loads(sys.argv[1])
found = {}

class Spider(scrapy.Spider):
    name = "spider"

    async def start(self):
        for path in paths:
            meta = {"dechaff": False} if path == "/whole" else {}
            yield scrapy.Request(base + path, meta=meta)

    def parse(self, response):
        path = response.url[len(base):]
        found[path] = [type(response).__name__, response.body.decode("latin-1")]

process = CrawlerProcess({
    "DOWNLOADER_MIDDLEWARES": {"dechaff_middleware.DechaffMiddleware": 585},
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
    **settings,
})
crawler = process.create_crawler(Spider)
process.crawl(crawler)
process.start()
stats = {key: value for key, value in crawler.stats.get_stats().items() if key.startswith("dechaff/")}
print(json.dumps([found, stats]))
"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        kind, body = PAGES.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in PAGES else 404)
        if self.path == "/packed":
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def crawl(server: str, paths: list[str], **settings):
    command = [sys.executable, "-c", SPIDER, json.dumps([server, paths, settings])]
    done = subprocess.run(command, cwd=MIDDLEWARE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found, stats = json.loads(done.stdout.splitlines()[-1])
    return {path: (kind, body.encode("latin-1")) for path, (kind, body) in found.items()}, stats, done.stderr


def test_spiders_get_clean_pages(server):
    found, stats, log = crawl(server, list(PAGES))
    assert set(found) == set(PAGES)
    for page in CORPUS:
        if page.categories is None:
            assert found[f"/{page.name}"] == ("HtmlResponse", page.expected), page.name
    assert found["/plain"] == found["/packed"] == ("HtmlResponse", b"<p>Rye</p>")
    assert found["/latin"] == ("HtmlResponse", b"<p>caf\xe9</p>")
    # These stay: one was asked for so, one can't be cleaned, one is no page.
    assert found["/whole"][1] == PAGES["/whole"][1]
    assert found["/refused"][1] == REFUSED
    assert found["/data"] == ("JsonResponse", PAGES["/data"][1])
    assert "/refused: in ISO-2022-KR, ISO-2022-CN or HZ" in log
    assert stats["dechaff/failures"] == 1
    assert stats["dechaff/pages"] == len(PAGES) - 3
    cut = sum(len(PAGES[path][1]) - len(body) for path, (_, body) in found.items())
    assert stats["dechaff/bytes_cut"] == cut > 0
    assert stats["dechaff/cuts/share-widget"] >= 2


def test_settings_say_what_is_cut(server):
    found, stats, _ = crawl(server, ["/plain", "/latin"], DECHAFF_OPTIONS={"categories": ["subscription"]})
    assert found["/plain"][1] == PAGES["/plain"][1]
    assert found["/latin"][1] == b"<p>caf\xe9</p>"
    assert stats["dechaff/cuts/subscription"] == 1


def test_settings_that_make_no_sense_are_named(server):
    found, stats, log = crawl(server, ["/plain"], DECHAFF_OPTIONS={"remove": "p:hover"})
    assert "DECHAFF_OPTIONS: selector 'p:hover': ':hover' is not supported" in log
    assert found["/plain"][1] == PAGES["/plain"][1] and not stats
