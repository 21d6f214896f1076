"""What web archives cost: the command-line tool with one thread and with two, the Spark job and the Ray job, on the same pages.

    DECHAFF_BIN=target/release/dechaff python benches/archives.py

Archives are made from the corpus, each record packed by itself. CPU seconds are those of all processes, from the start of the
first to the end of the last. From the tool's figures follows what a monthly archive of Common Crawl takes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import processes
from pages import PageMaker, write_warc

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FILES = 8
"""How many archives the larger size has; the smaller one has half of them."""

MONTH_BYTES = 75e12
"""A monthly archive of Common Crawl, packed: "on the order of 75TB" (Thompson, Improved methodology for longitudinal Web
analytics using Common Crawl, WebSci 2024)."""
MONTH_FILES = 90_000


class Archives(NamedTuple):
    """The archives, and how much is in them."""

    files: list[Path]
    pages: int
    unpacked: int
    packed: int


def make(folder: Path, pages: int) -> Archives:
    """Makes archives with so many pages in all."""
    maker = PageMaker(150_000)
    files = [folder / f"{number}.warc.gz" for number in range(FILES)]
    each = pages // FILES
    unpacked = 0
    for number, file in enumerate(files):
        made = [maker.page(number * each + page) for page in range(each)]
        unpacked += sum(len(page.html) for page in made)
        write_warc(iter(made), file)
    return Archives(files, each * FILES, unpacked, sum(file.stat().st_size for file in files))


def commands(folder: Path, files: list[Path]) -> dict[str, list[str | Path]]:
    tool, out = os.environ["DECHAFF_BIN"], folder / "out"
    submit = Path(sys.executable).with_name("spark-submit")
    spark: list[str | Path] = [submit, "--master", "local[2]", "--conf", "spark.ui.enabled=false"]
    return {
        "the tool, -j 1": [tool, "-q", "-j", "1", *files, "-o", f"{out}/"],
        "the tool, -j 2": [tool, "-q", "-j", "2", *files, "-o", f"{out}/"],
        "Spark, two cores": [*spark, EXAMPLES / "spark/clean_pages.py", "--warc", *files, out],
        "Ray, two cores": [sys.executable, EXAMPLES / "ray/clean_pages.py", "--warc", *files, out],
    }


def measure(folder: Path, files: list[Path], turns: int) -> dict[str, processes.Cost]:
    """What each command costs at best."""
    environment = os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    best: dict[str, processes.Cost] = {}
    for _ in range(turns):
        for name, command in commands(folder, files).items():
            shutil.rmtree(folder / "out", ignore_errors=True)
            cost = processes.run(command, environment)
            best[name] = processes.Cost(*map(min, best.get(name, cost), cost))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what web archives cost.")
    parser.add_argument("--pages", type=int, default=3_000, help="how many pages there are")
    parser.add_argument("--turns", type=int, default=3, help="how often each is measured")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archives = make(folder, given.pages)
        best = measure(folder, archives.files, given.turns)
    print(
        f"{archives.pages:,} pages in {FILES} archives: {archives.unpacked / archives.pages:,.0f} bytes a page, "
        f"{archives.packed / archives.pages:,.0f} packed; the best of {given.turns} turns\n"
    )
    print("| | CPU ms a page | pages a second |\n|---|--:|--:|")
    for name, (wall, cpu) in best.items():
        print(f"| {name} | {1_000 * cpu / archives.pages:.1f} | {archives.pages / wall:,.0f} |")
    one, two = best["the tool, -j 1"], best["the tool, -j 2"]
    rate = archives.packed / one.cpu
    hours = MONTH_BYTES / rate / 3_600
    print(
        f"\nTwo threads are {one.wall / two.wall:.2f} times as fast as one."
        f"\nA core takes {rate / 1e6:.1f} MB packed in a second, {archives.unpacked / one.cpu / 1e6:.1f} MB unpacked."
        f"\nA month: {MONTH_BYTES / 1e12:.0f} TB / {rate / 1e6:.1f} MB/s = {hours:,.0f} core hours, "
        f"or {MONTH_FILES:,} files of {3_600 * hours / MONTH_FILES:,.0f} s."
    )


if __name__ == "__main__":
    main()
