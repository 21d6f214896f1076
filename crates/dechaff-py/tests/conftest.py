"""What the tests share: the pages of the corpus and the tool."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[3]

PROMO_RULES = """
vendor = "Ours"
strength = "certain"
[[rule]]
name = "promo"
class = ["promo"]
"""
"""A rule file that cuts what has the class ``promo``."""


class CorpusPage(NamedTuple):
    """A page of the corpus."""

    name: str
    source: bytes
    expected: bytes
    categories: str | None
    """What is cut; nothing if it is the default."""


def _corpus() -> list[CorpusPage]:
    pages = []
    for folder in sorted(path.parent for path in (ROOT / "corpus").glob("*/page.toml")):
        category = re.search(r'^category = "(\w+)"', (folder / "page.toml").read_text(encoding="utf-8"), re.M)
        assert category, folder
        pages.append(
            CorpusPage(
                folder.name,
                (folder / "source.html").read_bytes(),
                (folder / "expected.html").read_bytes(),
                None if category[1] == "default" else category[1],
            )
        )
    return pages


CORPUS = _corpus()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that take a ``page`` run with each one of the corpus."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", CORPUS, ids=[page.name for page in CORPUS])


@pytest.fixture(scope="session")
def corpus() -> list[CorpusPage]:
    assert len(CORPUS) >= 36
    return CORPUS


class Tool(NamedTuple):
    """The command-line tool."""

    path: str

    def run(self, *arguments: str | Path, input: bytes = b"", status: int = 0) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run([self.path, *arguments], input=input, capture_output=True, timeout=120)
        assert done.returncode == status, done.stderr.decode()
        return done


@pytest.fixture(scope="session")
def tool() -> Tool:
    path = os.environ.get("DECHAFF_BIN")
    if not path:
        pytest.skip("DECHAFF_BIN does not name the tool")
    return Tool(path)
