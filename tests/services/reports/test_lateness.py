"""Late: what should have brought the last day of a period and has not."""

from datetime import UTC, date, datetime

import pytest

from core.question import Where
from core.viewer import owner
from services.quality import fresh
from services.quality.fresh import ConnectionAge, Freshness, StreamAge
from services.reports import lateness

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
LAST = date(2026, 11, 20)


def stream(state, newest, account="Northwind"):
    return StreamAge(1, account, "Days", state, "", newest, None, None)


def connection(state, *streams, newest=LAST, title="Instagram"):
    return ConnectionAge(1, title.lower(), title, "", state, "", newest, None, None, streams)


def late(monkeypatch, *found):
    monkeypatch.setattr(fresh, "fresh", lambda *_, **__: Freshness(found, ()))
    return lateness.late(owner(1), Where(), LAST, now=NOW)


@pytest.mark.parametrize(
    "fine",
    [
        connection(fresh.ON_TIME, stream(fresh.ON_TIME, LAST)),
        connection(fresh.ON_TIME, stream(fresh.ON_TIME, date(2026, 11, 18)), newest=date(2026, 11, 18)),
        connection(fresh.PAUSED, stream(fresh.PAUSED, date(2026, 10, 1)), newest=date(2026, 10, 1)),
        connection(fresh.LATE, stream(fresh.ON_TIME, LAST), stream(fresh.LATE, None)),
        connection(fresh.RETRYING, stream(fresh.ON_TIME, LAST)),
    ],
    ids=["on time", "a platform that takes three days", "paused", "comments are late", "has the day already"],
)
def test_it_calls_nothing_late_that_is_not(monkeypatch, fine):
    assert late(monkeypatch, fine) == ""


def test_it_says_what_is_late_and_where_its_numbers_end(monkeypatch):
    early = date(2026, 11, 17)
    found = connection(
        fresh.LATE, stream(fresh.LATE, early), stream(fresh.ON_TIME, LAST), stream(fresh.LATE, early, "Northwind UK")
    )  # fmt: skip
    never = connection(fresh.NEVER, newest=None, title="YouTube")
    assert late(monkeypatch, found, never) == (
        "Instagram is late: the numbers of Northwind and Northwind UK end on 17 Nov 2026. "
        "YouTube is late: it has brought no numbers yet."
    )


def test_it_counts_a_connection_that_needs_a_person(monkeypatch):
    gone = connection(fresh.ATTENTION, stream(fresh.LATE, date(2026, 11, 1)), newest=date(2026, 11, 1))
    assert "1 Nov 2026" in late(monkeypatch, gone)
