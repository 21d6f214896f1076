"""How fast ``dechaff.clean`` is beside other libraries, on the same pages in one process.

    python benches/peers.py [FOLDER] [--seconds 20]

Without a FOLDER of HTML the pages are made from the corpus. They are read into memory, and cleaned by each in turns, for as many
seconds as are given to each; the best turn counts, in CPU seconds of this process. Needs ``requirements/benches.txt``.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree
from selectolax.lexbor import LexborHTMLParser

import dechaff
import speeds
from pages import CORPUS, PageMaker

Case = Callable[[bytes], object]


def selectors() -> list[str]:
    """The thirty of the benchmarks in Rust."""
    source = (CORPUS.parent / "benches/cases/selectors.rs").read_text()
    found = re.findall(r'^    "([^"]+)",$', source, re.M)
    assert len(found) == 30
    return found


def read(folder: Path | None, count: int) -> list[bytes]:
    if folder is None:
        return [page.html for page in PageMaker(100_000).pages(count)]
    pages = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    if not pages:
        raise SystemExit(f"{folder}: there is no page in it whose name ends in .html")
    return random.Random(1).sample(pages, min(count, len(pages)))


def cases() -> dict[str, Case]:
    thirty = selectors()
    joined = ", ".join(thirty)
    cleaner, everything = dechaff.Cleaner(), dechaff.Cleaner(categories="all")

    def select(page: bytes) -> str | None:
        tree = LexborHTMLParser(page)
        for node in tree.css(joined):
            node.decompose()
        return tree.html

    return {
        "dechaff, default categories": cleaner.clean,
        "dechaff, all categories": everything.clean,
        "dechaff, with the report": cleaner.clean_with_report,
        "selectolax, 30 selectors removed": select,
        "resiliparse, parsed": lambda page: HTMLTree.parse_from_bytes(page, "utf-8"),
        "resiliparse, main content": lambda page: extract_plain_text(
            page.decode("utf-8", "replace"), main_content=True
        ),
        "trafilatura, main content": lambda page: trafilatura.extract(page),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares the speed of dechaff with that of other libraries.")
    parser.add_argument("folder", nargs="?", type=Path, help="pages to measure on (default: made from the corpus)")
    parser.add_argument("--count", type=int, default=300, help="how many of them")
    parser.add_argument("--seconds", type=float, default=20, help="how long each library has")
    given = parser.parse_args()
    pages = read(given.folder, given.count)
    size = sum(map(len, pages))
    best: dict[str, float] = {}
    spent = dict.fromkeys(cases(), 0.0)
    while any(seconds < given.seconds for seconds in spent.values()):
        for name, case in cases().items():
            if spent[name] < given.seconds:
                start = time.process_time()
                for page in pages:
                    case(page)
                seconds = time.process_time() - start
                spent[name] += seconds
                best[name] = min(best.get(name, seconds), seconds)
    print(f"{len(pages)} pages, {size / 1e6:.1f} MB; MB are 10^6 bytes\n")
    speeds.show(
        {name: size / seconds / 1e6 for name, seconds in best.items()}, "dechaff, default categories", "dechaff"
    )


if __name__ == "__main__":
    main()
