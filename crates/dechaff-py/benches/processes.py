"""What a command costs, with all the processes that it starts."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds of the clock, and of all cores together."""

    wall: float
    cpu: float


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> Cost:
    """Runs a command to its end. Processes count wherever they end up in the tree; each is looked at every 20 ms.

    Raises:
        CalledProcessError: It failed.
    """
    start, before = time.monotonic(), _children()
    seen: dict[tuple[int, int], float] = {}
    ours = set()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as job:
        ours.add(job.pid)
        while True:
            try:
                out, _ = job.communicate(timeout=0.02)
            except subprocess.TimeoutExpired:
                _look(ours, seen)
            else:
                break
    wall = time.monotonic() - start
    if job.returncode:
        raise subprocess.CalledProcessError(job.returncode, command, out)
    # Of those that were waited for, the system knows all; of those that were not, what was seen last.
    return Cost(wall, max(sum(seen.values()), _children() - before))


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _look(ours: set[int], seen: dict[tuple[int, int], float]) -> None:
    """Notes the CPU seconds of each process that descends from one of ours."""
    found: dict[int, tuple[int, int, float]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(folder.name)] = int(fields[1]), int(fields[19]), (int(fields[11]) + int(fields[12])) / _TICKS
    grown = True
    while grown:
        new = {process for process, (parent, _, _) in found.items() if parent in ours} - ours
        ours |= new
        grown = bool(new)
    for process in ours & found.keys():
        _, began, seconds = found[process]
        seen[process, began] = seconds
