"""The Spark job, on Spark: a cluster of two workers on this machine, one of which dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import clusters
from conftest import ROOT

pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("there is no java", allow_module_level=True)
pytestmark = pytest.mark.cluster

JOB = ROOT / "crates/dechaff-py/examples/spark/clean_pages.py"


def start(master: str, *arguments: str | Path, **files) -> subprocess.Popen:
    submit = Path(sys.executable).with_name("spark-submit")
    environment = os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PATH": f"{submit.parent}{os.pathsep}{os.environ['PATH']}",
    }
    # Small enough that each file is a task of its own.
    options = ["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.files.maxPartitionBytes=4m"]
    return subprocess.Popen(
        [submit, "--master", master, *options, JOB, *arguments], env=environment, text=True, **files
    )


def run(master: str, *arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess:
    job = start(master, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = job.communicate(timeout=600)
    assert job.returncode == status, err[-5_000:]
    return subprocess.CompletedProcess(job.args, status, out, err)


def executors(job: int) -> list[int]:
    """The processes of the workers that the job with this process id has started, however far down."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if b"CoarseGrainedExecutorBackend" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue

    def is_ours(process: int) -> bool:
        while process > 1:
            if process == job:
                return True
            process = parents.get(process, 0)
        return False

    return sorted(filter(is_ours, found))


def tasks_done(output: Path) -> int:
    return len(list(output.glob("_temporary/0/task_*")))


def test_a_worker_may_die_in_the_middle(tmp_path):
    pages, output = tmp_path / "pages", tmp_path / "cleaned"
    clusters.write_pages(pages)
    log = tmp_path / "log"
    with log.open("w") as err:
        job = start("local-cluster[2,1,1024]", "--url", "url", pages, output, stdout=subprocess.PIPE, stderr=err)
        deadline = time.monotonic() + 300
        while tasks_done(output) < 4 and job.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        workers = executors(job.pid)
        assert len(workers) == 2, log.read_text()[-5_000:]
        os.kill(workers[0], signal.SIGKILL)
        done_then = tasks_done(output)
        out, _ = job.communicate(timeout=600)
    assert job.returncode == 0, log.read_text()[-5_000:]
    # It was in the middle, and Spark noticed.
    assert 4 <= done_then < 30
    assert "ExecutorLostFailure" in log.read_text() or "Lost executor" in log.read_text()

    found, want = clusters.rows(pq.read_table(output), "id"), clusters.pages_here(pages)
    assert len(found) == clusters.COUNT + len(clusters.ODD)
    assert found == want[0]
    assert out.rstrip().endswith(want[1])
    clusters.check_odd(found)


def test_archives_are_read_and_what_is_wrong_is_named(tmp_path):
    archives, output = tmp_path / "archives", tmp_path / "cleaned"
    clusters.write_archives(archives)
    want, told = clusters.archives_here(archives)
    done = run("local[2]", "--warc", archives / "*.warc.gz", archives / "missing.warc.gz", output)
    assert clusters.rows(pq.read_table(output), "url") == want
    assert done.stdout.rstrip().endswith(told)
    assert told.endswith("2 failures")


def test_fail_fast_ends_the_job(tmp_path):
    pq.write_table(pa.table({"html": [clusters.REFUSED]}), tmp_path / "bad.parquet")
    failed = run("local[2]", "--fail-fast", tmp_path / "bad.parquet", tmp_path / "none", status=1)
    assert "PageError" in failed.stderr and "in ISO-2022-KR" in failed.stderr
