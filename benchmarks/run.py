"""`make bench`: all that we measure, as ratios in one run. Machines differ and are noisy; the ratios are the result."""

from __future__ import annotations

from benchmarks import ask, exports, facts, pages, startup, sync
from benchmarks.statistics import quick
from storage import database as stores

SIZES = (100_000, 1_000_000, 10_000_000)


def overview_question() -> None:
    """The overview question at every size, on SQLite and PostgreSQL."""
    for kind in ("sqlite", "postgresql"):
        base = 0.0
        for size in SIZES:
            with facts.fresh(kind) as database:
                viewer, last, stored = ask.filled(database, size)
                stores.use(database)
                took = ask.time_overview(viewer, last)
                base = base or took
                print(f"overview question, {kind}, {stored:,} facts: {took:.1f} ms, {took / base:.2f} x the smallest")
                stores.use(None)


def main() -> None:
    """Run all."""
    facts.main()
    sync.main()
    overview_question()
    pages.main()
    exports.main()
    startup.run()
    quick.main()


if __name__ == "__main__":
    main()
