"""A script run of each page at a million facts, 3,000 posts and their studies: the first of a session, and warm.

`python -m benchmarks.pages` prints both beside an empty Streamlit page in the same run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from analytics.metrics.registry import METRICS
from benchmarks import ask, facts
from core import clock, records
from core.viewer import Viewer
from services.studies import refit
from services.studies.registry import KINDS
from storage import database as stores
from storage import entities, readings
from storage.database import Database
from ui import menu

SCRIPT = Path(__file__).resolve().parents[1] / "ui" / "main.py"
SIZE = 1_000_000
POSTS = 300
"""For each account."""
_KINDS = ("video", "image", "carousel", "reel")
_TAGS = ("#coffee", "#brew", "#sale", "#latteart", "#roastery")


def median_ms(app: AppTest, times: int = 10) -> float:
    """Median milliseconds of a warm run; the first three runs do not count."""
    took = []
    for _ in range(times + 3):
        began = time.perf_counter()
        app.run(timeout=60)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[3:])


def publish(database: Database, viewer: Viewer) -> int:
    """Posts of a year with their counters for every account of a workspace; returns the id of one."""
    now = clock.utc_now()
    with database.write() as connection:
        for account in entities.accounts(connection, viewer.workspace_id):
            found = [
                records.Post(
                    f"{account.id}-{at}",
                    _KINDS[at % 4],
                    now - timedelta(hours=29 * at + at % 13),
                    f"Number {at} about {('beans', 'cups', 'water')[at % 3]} {_TAGS[at % 5]} {_TAGS[(at * 3 + 1) % 5]}",
                )
                for at in range(1, POSTS + 1)
            ]
            made = entities.upsert_posts(connection, viewer.workspace_id, account.id, found)
            rows = [
                (post, METRICS[name].id, clock.epoch_ms(now), float(size * (1 + (at * 37) % 11)))
                for at, post in enumerate(made.values())
                for name, size in (("views", 400), ("likes", 20), ("comments", 2), ("shares", 1))
            ]
            readings.write(connection, viewer.workspace_id, rows)
    return next(iter(made.values()))


def main() -> None:
    """Print the time of every page."""
    with facts.fresh("sqlite") as database, tempfile.TemporaryDirectory() as folder:
        viewer, _, stored = ask.filled(database, SIZE)
        stores.use(database)
        post = publish(database, viewer)
        refit(KINDS, viewer.workspace_id, clock.utc_now())
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.write('hello')\n")
        print(f"pages at {stored:,} facts; empty page: {median_ms(AppTest.from_file(str(empty))):.0f} ms")
        for entry in menu.entries():
            _measure(entry, post)
        stores.use(None)


def _measure(entry: menu.Entry, post: int) -> None:
    app = AppTest.from_file(str(SCRIPT), default_timeout=120).run()
    st.cache_data.clear()
    app.query_params["post"] = str(post)
    app.switch_page(str(entry.path))
    began = time.perf_counter()
    app.run()
    first = (time.perf_counter() - began) * 1000
    problem = f" FAILED: {app.exception[0].message}" if app.exception else ""
    print(f"page, {entry.spec.title}: warm {median_ms(app):.0f} ms, first {first:.0f} ms{problem}", flush=True)


if __name__ == "__main__":
    main()
