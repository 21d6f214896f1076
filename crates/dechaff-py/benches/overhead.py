"""What the binding costs: ``Cleaner.clean`` beside the same call in Rust, and ``clean_arrow`` beside a loop in Python.

    python benches/overhead.py

``benches/call.rs`` measures the call in Rust. All clean the same pages of about 100 KB, in turns; the best turn of each counts, in
CPU seconds. Needs Linux.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa

import dechaff
import speeds
from pages import PageMaker

HERE = Path(__file__).parent
SIZE = range(90_000, 110_000)


def best(work: Callable[[], object], seconds: float) -> float:
    """The CPU seconds of the fastest call."""
    found, end = float("inf"), time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.process_time()
        work()
        found = min(found, time.process_time() - start)
    return found


def in_rust(seconds: float, files: list[Path]) -> float:
    """The CPU seconds of the fastest round in Rust."""
    command: list[str | Path] = ["cargo", "bench", "--locked", "--quiet", "--bench", "call", "--", str(seconds), *files]
    return float(subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, text=True, check=True).stdout)


def loop(cleaner: dechaff.Cleaner, array: pa.Array) -> pa.Array:
    """What one would write without ``clean_arrow``."""
    return pa.array([cleaner.clean(page.as_py()) for page in array], array.type)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what the binding costs.")
    parser.add_argument("--turns", type=int, default=8, help="how often each is measured")
    parser.add_argument("--count", type=int, default=100, help="how many pages")
    given = parser.parse_args()
    made = (page.html for page in PageMaker(100_000).pages(10**6))
    pages: list[bytes] = []
    while len(pages) < given.count:
        page = next(made)
        if len(page) in SIZE:
            pages.append(page)
    size = sum(map(len, pages)) / 1e6
    cleaner = dechaff.Cleaner()
    text = [page.decode() for page in pages]
    arrays = {kind: pa.array(pages, kind) for kind in (pa.binary(), pa.binary_view())}
    cases: dict[str, Callable[[], object]] = {
        "clean, bytes": lambda: [cleaner.clean(page) for page in pages],
        "clean, str": lambda: [cleaner.clean(page) for page in text],
        "clean_with_report": lambda: [cleaner.clean_with_report(page) for page in pages],
    }
    for kind, array in arrays.items():
        cases[f"a loop over an array, {kind}"] = partial(loop, cleaner, array)
        cases[f"clean_arrow, {kind}"] = partial(cleaner.clean_arrow, array)
        cases[f"clean_arrow_with_report, {kind}"] = partial(cleaner.clean_arrow_with_report, array)
    found = dict.fromkeys(["in Rust", *cases], 0.0)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.html" for number in range(len(pages))]
        for file, page in zip(files, pages):
            file.write_bytes(page)
        for _ in range(given.turns):
            found["in Rust"] = max(found["in Rust"], size / in_rust(1, files))
            for name, case in cases.items():
                found[name] = max(found[name], size / best(case, 1))
    print(f"{len(pages)} pages, {size:.1f} MB; the best of {given.turns} turns\n")
    speeds.show(found, "in Rust", "in Rust")


if __name__ == "__main__":
    main()
