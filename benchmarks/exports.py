"""A million rows out of the door: how long each format that streams takes, and how much memory at most.

`python -m benchmarks.exports` writes each in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from core.registry import discover
from core.report import Column, Format, Holds, Row

ROWS = 1_000_000
COLUMNS = (
    Column("Post"), Column("Kind"), Column("Published", Holds.MOMENT), Column("Day", Holds.DAY),
    Column("Views", Holds.COUNT), Column("Rate", Holds.RATIO), Column("Ad spend", Holds.MONEY, "EUR"),
    Column("Link", Holds.LINK),
)  # fmt: skip
_FIRST = datetime(2024, 1, 1, 8)  # noqa: DTZ001 a clock on the wall, as posts have it
_KINDS = ("reel", "photo", "story", "text")


def rows(count: int) -> Iterator[Row]:
    """Rows as posts have them, none like another."""
    for at in range(count):
        day = date(2024, 1, 1) + timedelta(days=at % 730)
        link = f"https://example.com/p/{at}"
        published = _FIRST + timedelta(minutes=at)
        yield f"Post {at} & what it says", _KINDS[at % 4], published, day, at * 7 % 99_991, at / ROWS, at / 100, link


def write(name: str, count: int) -> None:
    """Write one format and print what it took, in this process."""
    found = discover("reports.formats", "FORMAT", Format)[name]
    assert found.stream is not None
    began, busy = time.perf_counter(), time.process_time()
    with tempfile.TemporaryFile() as file:
        written = found.stream(COLUMNS, rows(count), file)
        size = file.seek(0, 2)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"export, {name}: {written:,} rows x {len(COLUMNS)} in {took:.1f} s ({busy:.1f} s of a core), "
          f"{size / 1e6:.0f} MB, at most {peak:.0f} MB of memory")  # fmt: skip


def main() -> None:
    """Run each format that streams in a process of its own."""
    formats = discover("reports.formats", "FORMAT", Format)
    for name in (name for name, one in formats.items() if one.stream is not None):
        subprocess.run([sys.executable, "-m", "benchmarks.exports", name, str(ROWS)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(sys.argv[1], int(sys.argv[2]))
    else:
        main()
