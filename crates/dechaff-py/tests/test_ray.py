"""The Ray job, on a Ray of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import clusters
from conftest import ROOT

pytest.importorskip("ray")
pytestmark = pytest.mark.cluster

JOB = ROOT / "crates/dechaff-py/examples/ray/clean_pages.py"


def run(*arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess:
    environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0"}
    command = [sys.executable, JOB, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == status, (done.stdout + done.stderr)[-5_000:]
    return done


def test_pages_come_out_as_without_ray(tmp_path):
    pages, output = tmp_path / "pages", tmp_path / "cleaned"
    clusters.write_pages(pages)
    done = run("--url", "url", pages, output)
    found, want = clusters.rows(pq.read_table(output), "id"), clusters.pages_here(pages)
    assert len(found) == clusters.COUNT + len(clusters.ODD)
    assert found == want[0]
    assert done.stdout.rstrip().endswith(want[1])
    clusters.check_odd(found)


def test_archives_are_read_and_what_is_wrong_is_named(tmp_path):
    archives, output = tmp_path / "archives", tmp_path / "cleaned"
    clusters.write_archives(archives)
    want, told = clusters.archives_here(archives)
    done = run("--warc", archives / "*.warc.gz", archives / "missing.warc.gz", output)
    assert clusters.rows(pq.read_table(output), "url") == want
    assert done.stdout.rstrip().endswith(told)


def test_fail_fast_ends_the_job(tmp_path):
    pq.write_table(pa.table({"html": [clusters.REFUSED]}), tmp_path / "bad.parquet")
    failed = run("--fail-fast", tmp_path / "bad.parquet", tmp_path / "none", status=1)
    assert "PageError" in failed.stderr and "in ISO-2022-KR" in failed.stderr
