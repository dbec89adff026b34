"""A script run of each page, warm, against an empty Streamlit page in the same run."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from storage import database as stores
from storage.database import Database
from ui import menu

SCRIPT = Path(__file__).resolve().parents[1] / "ui" / "main.py"


def median_ms(app: AppTest, times: int = 10) -> float:
    """Median milliseconds of a warm run; the first three runs do not count."""
    took = []
    for _ in range(times + 3):
        began = time.perf_counter()
        app.run(timeout=60)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[3:])


def main(database: Database) -> None:
    """Print the time of every page with the numbers of a database."""
    stores.use(database)
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.write('hello')\n")
        base = median_ms(AppTest.from_file(str(empty)))
    print(f"page, empty: {base:.0f} ms")
    for entry in menu.entries():
        app = AppTest.from_file(str(SCRIPT), default_timeout=60).run()
        app.switch_page(str(entry.path))
        took = median_ms(app)
        print(f"page, {entry.spec.title}: {took:.0f} ms, {took - base:.0f} ms above the empty page", flush=True)
