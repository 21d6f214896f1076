"""Pages made from the pieces of the corpus: the same ones each time, as many as there are asked for.

    python benches/pages.py --count 20000 --parquet pages/ --files 40
    python benches/pages.py --count 5000 --size 150000 --warc pages.warc.gz

A page is one of the corpus with more prose in it, from the articles of the corpus, and with scripts, which are about half of a
page of the web. Its chaff is that of the corpus.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
_PROSE = re.compile(rb"<p>[^<]{200,}</p>")
_WORD = re.compile(rb"[a-z]{3,12}")


class MadePage(NamedTuple):
    """A page, and the address that it pretends to be from."""

    url: str
    html: bytes


class PageMaker:
    """Makes pages. The same number gives the same page.

    Args:
        size: How many bytes a page has on average; never less than the page of the corpus that it is made from.
    """

    def __init__(self, size: int = 25_000) -> None:
        self.size = size
        self.sources = {path.parent.name: path.read_bytes() for path in sorted(CORPUS.glob("*/source.html"))}
        self.names = list(self.sources)
        self.prose = [text for page in self.sources.values() for text in _PROSE.findall(page)]
        self.words = sorted({word for page in self.sources.values() for word in _WORD.findall(page)})

    def page(self, number: int) -> MadePage:
        chance = random.Random(number)
        name = chance.choice(self.names)
        html = self.sources[name]
        # Most pages are small, few are large.
        room = int(self.size * chance.lognormvariate(-0.4, 0.9)) - len(html)
        end = html.rfind(b"</p>") + len(b"</p>")
        if room > 0 and end >= len(b"</p>"):
            prose, scripts = [], []
            while room > 0:
                script = self._script(chance, min(room // 2, chance.randrange(200, 20_000)))
                paragraphs = chance.sample(self.prose, min(len(self.prose), 1 + len(script) // 600))
                prose += paragraphs
                scripts.append(script)
                room -= len(script) + sum(map(len, paragraphs))
            html = b"".join([html[:end], b"\n", b"\n".join(prose), html[end:], b"\n", b"\n".join(scripts)])
        return MadePage(f"https://{name}.example/{number}", html)

    def pages(self, count: int) -> Iterator[MadePage]:
        return map(self.page, range(count))

    def _script(self, chance: random.Random, length: int) -> bytes:
        parts = []
        while length > 0:
            one, other, third = chance.choices(self.words, k=3)
            parts.append(b"function %s(a,b){return a.%s?b[%d]:'%s'};" % (one, other, chance.randrange(10**6), third))
            length -= len(parts[-1])
        return b"<script>" + b"".join(parts) + b"</script>"


def write_parquet(pages: Iterator[MadePage], count: int, folder: Path, files: int) -> None:
    """Writes ``files`` files with the columns ``id``, ``url`` and ``html``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    bounds = [count * part // files for part in range(files + 1)]
    for part, (start, end) in enumerate(zip(bounds, bounds[1:])):
        rows = [(number, *next(pages)) for number in range(start, end)]
        table = pa.table(dict(zip(["id", "url", "html"], map(list, zip(*rows)))))
        pq.write_table(table, folder / f"part-{part:04}.parquet", compression="zstd")


def warc_record(page: MadePage, head: str = "Content-Type: text/html") -> bytes:
    """A response with the page in it."""
    block = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + page.html
    return (
        (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {page.url}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


def write_warc(pages: Iterator[MadePage], file: Path) -> None:
    """Writes an archive in which each record is packed by itself, as those of crawls are."""
    with file.open("wb") as out:
        for page in pages:
            out.write(gzip.compress(warc_record(page), 6))


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes pages from the pieces of the corpus.")
    parser.add_argument("--count", type=int, default=20_000, help="how many")
    parser.add_argument("--size", type=int, default=25_000, help="how many bytes each has on average")
    parser.add_argument("--parquet", type=Path, metavar="FOLDER", help="where to write Parquet files")
    parser.add_argument("--files", type=int, default=40, help="into how many Parquet files")
    parser.add_argument("--warc", type=Path, metavar="FILE", help="where to write an archive")
    parser.add_argument("--html", type=Path, metavar="FOLDER", help="where to write each page by itself")
    arguments = parser.parse_args()
    maker = PageMaker(arguments.size)
    if arguments.parquet:
        write_parquet(maker.pages(arguments.count), arguments.count, arguments.parquet, arguments.files)
    if arguments.warc:
        write_warc(maker.pages(arguments.count), arguments.warc)
    if arguments.html:
        arguments.html.mkdir(parents=True)
        for number, page in enumerate(maker.pages(arguments.count)):
            (arguments.html / f"{number:06}.html").write_bytes(page.html)


if __name__ == "__main__":
    main()
