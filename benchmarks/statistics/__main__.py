"""Makes `benchmarks/statistics.md`, or some sections of it: `python -m benchmarks.statistics [topic ...]`."""

from __future__ import annotations

import argparse

from benchmarks.statistics import report
from benchmarks.statistics.topics import TOPICS


def main() -> None:
    """Measure the topics that were asked for; all without any."""
    known = [topic.name for topic in TOPICS]
    reads = argparse.ArgumentParser(prog="python -m benchmarks.statistics", description=__doc__)
    reads.add_argument("topics", nargs="*", metavar="topic", help=f"one or more of {', '.join(known)}; all without")
    asked = reads.parse_args().topics
    unknown = sorted(set(asked) - set(known))
    if unknown:
        reads.error(f"there is no topic {', '.join(unknown)}; there are {', '.join(known)}")
    report.write(asked or known)


if __name__ == "__main__":
    main()
