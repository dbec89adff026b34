"""The platform's own monthly limit: what it stops rests, is tried once a day, and goes on by itself."""

from datetime import timedelta

import pytest

from core.clock import epoch_ms
from services.connecting import connections
from storage import connections as stored
from storage import spend
from tests.fixtures_sandbox import NOW
from tests.services.test_budget import own_posts, published, read, row_of, states, viewer, x  # noqa: F401

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = "X's own monthly limit of posts read is used up."


def cap(sandbox, only=""):
    sandbox.faults.set("x", "rate_limited", cap=True, retry_after_s=0, **({"only": only} if only else {}))


def due(database, now):
    with database.read() as connection:
        return [row.id for row in stored.due(connection, now)]


def test_it_rests_and_is_tried_once_a_day(database, viewer, x, at, sandbox):  # noqa: F811
    cap(sandbox)
    run = read(database, viewer, x)
    row = row_of(database, viewer, x)
    assert (run.outcome, run.reason) == ("resting", SAID)
    assert "once a day" in run.hint and "developer portal" in run.hint
    assert (row.state, row.reason, row.last_success_at) == ("active", "", None)
    assert row.next_run_at == epoch_ms(NOW + 23 * HOUR)
    view = connections.get(viewer, x, now=NOW)
    assert view.resting == f"{run.reason} {run.hint}"
    assert "Nothing that was read is lost." in view.resting
    assert due(database, NOW + 22 * HOUR) == [] and due(database, NOW + 23 * HOUR) == [x]


def test_it_asks_nothing_that_is_held_back(database, viewer, x, at, sandbox):  # noqa: F811
    cap(sandbox)
    read(database, viewer, x)
    before = len(sandbox.app.seen)
    at(NOW + HOUR)
    run = read(database, viewer, x, NOW + HOUR)
    assert (run.outcome, run.requests, len(sandbox.app.seen)) == ("resting", 0, before)
    assert run.reason == SAID
    at(NOW + DAY)
    assert read(database, viewer, x, NOW + DAY).requests > 0, "a day later it is tried"


def test_it_goes_on_by_itself_and_loses_no_post(database, viewer, x, at, sandbox):  # noqa: F811
    read(database, viewer, x)
    cap(sandbox)
    for day in (1, 2):
        at(NOW + day * DAY)
        assert read(database, viewer, x, NOW + day * DAY).outcome == "resting"
    sandbox.faults.clear()
    later = NOW + 3 * DAY
    at(later)
    run = read(database, viewer, x, later)
    assert (run.outcome, row_of(database, viewer, x).state) == ("ok", "active")
    assert connections.get(viewer, x, now=later).resting == ""
    found = published(database, viewer, x)
    assert len(found) == len(set(found)) and own_posts(sandbox, 365 * DAY, later) <= set(found)


def test_it_reads_on_what_is_not_capped(database, viewer, x, at, sandbox):  # noqa: F811
    """Followers of a day cannot be read later; so the profile is read while posts rest, at its usual rhythm."""
    cap(sandbox, only="/tweets")
    run = read(database, viewer, x)
    found = states(run)
    assert (run.outcome, run.reason, found["profile"], found["posts"]) == ("partial", SAID, "ok", "resting")
    again = read(database, viewer, x, NOW + HOUR)
    assert states(again)["profile"] == "ok" and states(again)["posts"] == "resting"
    assert again.requests == 1, "posts are not asked for again so soon"


def test_it_is_tried_at_once_when_a_person_wants_it(database, viewer, x, sandbox):  # noqa: F811
    """Perhaps the limit was raised at X just now."""
    cap(sandbox)
    read(database, viewer, x)
    sandbox.faults.clear()
    assert read(database, viewer, x, NOW + HOUR).outcome == "resting"
    assert read(database, viewer, x, NOW + HOUR, "request").outcome == "ok"
    assert spend.CAPPED not in row_of(database, viewer, x).options


def test_it_says_when_x_counts_anew_where_x_tells(database, viewer, x, sandbox):  # noqa: F811
    """Its own count is free, and is asked with the app's keys; on 21 November it says ten days."""
    cap(sandbox, only="/users/")
    run = read(database, viewer, x)
    assert run.hint.startswith("X says that it counts anew on 1 December. Reading goes on by itself")
    assert "tried once a day" in run.hint


def test_it_counts_nothing_for_a_refusal(database, viewer, x, sandbox):  # noqa: F811
    before = spent(database, viewer, x)
    cap(sandbox)
    read(database, viewer, x)
    assert spent(database, viewer, x) == pytest.approx(before)


def spent(database, viewer, x):  # noqa: F811
    with database.read() as connection:
        return spend.month_total(spend.of_month(connection, viewer.workspace_id, x, spend.month_of(NOW)))
