"""A screen without a browser: the frame run by AppTest over a real store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import clock, records
from core.clock import epoch_ms
from storage import entities, readings
from tests.services.seeded import Seeded

SCRIPT = Path(__file__).resolve().parents[2] / "ui" / "main.py"


@pytest.fixture(autouse=True)
def _fresh_caches():
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@pytest.fixture
def screen(sqlite_database):
    """`open_screen` over a fresh database; which kind it is cannot matter to a page."""
    return open_screen


def open_screen(**params):
    """Run the frame; answers the AppTest, after a first run with these query parameters."""
    app = AppTest.from_file(str(SCRIPT), default_timeout=90)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def open_page(path, **params):
    """The same with a page of `pages/` open."""
    return open_screen(**params).switch_page(str(SCRIPT.parents[1] / "pages" / path)).run()


@pytest.fixture
def filled(sqlite_database):
    """A workspace with two accounts, 70 days of numbers and four posts, one with a hostile caption."""
    now = clock.utc_now()
    made = Seeded(sqlite_database, now=now)
    first = now.date() - timedelta(days=70)
    for platform, size in (("instagram", 1000.0), ("youtube", 3000.0)):
        account = made.account(platform, f"North {platform}")
        for metric, share in (
            ("views", 1.0),
            ("likes", 0.05),
            ("comments", 0.01),
            ("shares", 0.01),
            ("followers", 9.0),
        ):
            made.facts(account, metric, [round(size * share) + day % 7 for day in range(71)], first=first)
        _posts(sqlite_database, made.id, account, platform, now)
    return made


HOSTILE = "**Bold** <script>alert(1)</script> :red[x] :material/home: $x$ [l](http://evil.example)"


def _posts(database, workspace_id, account, platform, now: datetime):
    from analytics.metrics.registry import METRICS

    found = [
        records.Post(
            f"{platform}{at}", "video", now.astimezone(UTC) - timedelta(days=3 + at), HOSTILE if at == 0 else "Hi"
        )
        for at in range(2)
    ]
    with database.write() as connection:
        ids = entities.upsert_posts(connection, workspace_id, account, found)
        rows = [
            (post_id, METRICS[name].id, epoch_ms(now), value)
            for post_id in ids.values()
            for name, value in (("views", 400.0), ("likes", 40.0), ("comments", 4.0), ("shares", 1.0))
        ]
        readings.write(connection, workspace_id, rows)


def texts(app):
    """Everything a person could read on the page, in one string."""
    kinds = ("title", "markdown", "caption", "text", "error", "warning", "info", "success")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def plain(app):
    """The same as it looks: without the marks that keep data from being read as Markdown, and with usual spaces."""
    return texts(app).replace("\\", "").replace("\u202f", " ").replace("\u200b", "")


def charts(app):
    """What is told of each chart to who cannot see it."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]
