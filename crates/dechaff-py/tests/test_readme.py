"""The READMEs keep their word: their Python runs, one block after the other."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "crates/dechaff-py/README.md"]


@pytest.mark.parametrize("readme", PAGES, ids=["the project's", "the package's"])
def test_python_blocks_run(readme, tmp_path, monkeypatch):
    text = readme.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    assert blocks
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "readme"}
    for block in blocks:
        exec(compile(block, str(readme), "exec"), names)


def test_links_lead_somewhere():
    for readme in PAGES:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", readme.read_text(encoding="utf-8")):
            assert (readme.parent / link).exists(), f"{readme}: {link}"
