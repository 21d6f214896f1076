"""A table of speeds."""

from __future__ import annotations


def show(speeds: dict[str, float], one: str, called: str) -> None:
    """Prints MB/s by name, and each beside that of ``one``, which is 1 in the column ``called``."""
    print(f"| | MB/s | {called} = 1 |\n|---|--:|--:|")
    for name, speed in speeds.items():
        print(f"| {name} | {speed:.1f} | {speed / speeds[one]:.2f} |")
