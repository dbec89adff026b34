"""A refused metric: our sentence first, the platform's own words after it."""

import pytest

from analytics.metrics.registry import METRICS
from core import clock
from services import sync
from services.connecting import connections, consent, trial
from services.installation import demo
from services.sync import refusals
from services.team import workspaces
from storage import coverage, entities
from tests.fixtures_sandbox import NOW

RETIRED = [
    pytest.param(
        "instagram", "profile_views", "profile_visits", "Instagram no longer gives profile visits.", id="a day"
    ),
    pytest.param("x", "detail_expands", "detail_expands", "X no longer gives ", id="a post"),
]


@pytest.fixture
def connected(database, sandbox, monkeypatch):
    monkeypatch.setattr(clock, "utc_now", lambda: NOW)
    sandbox.world.travel(NOW)
    viewer = workspaces.create("Quayside", now=NOW)

    def connect(platform):
        connections.save_app_keys(viewer, platform, "id-1", "secret-1")
        made = connections.add(viewer, platform, gateway=sandbox.url, now=NOW)
        address = consent.begin(
            viewer, made, redirect_uri="http://127.0.0.1:8501/oauth/callback", browser_nonce="b", now=NOW
        )
        state, code, error = demo.allow(address)
        consent.finish(state=state, code=code, error=error, browser_nonce="b", now=NOW)
        return viewer, made

    return connect


def reasons(database, viewer, made, metric):
    with database.read() as connection:
        ids = [one.id for one in entities.accounts(connection, viewer.workspace_id, connection_id=made)]
        today = clock.epoch_day(NOW.date())
        found = coverage.read(connection, viewer.workspace_id, ids, [METRICS[metric].id], today - 20, today)
    return set(found[found["state"] == "not_offered"]["reason"])


@pytest.mark.parametrize(("platform", "field", "metric", "ours"), RETIRED)
def test_it_says_it_in_our_words_and_then_in_theirs(database, sandbox, connected, platform, field, metric, ours):
    viewer, made = connected(platform)
    sandbox.faults.set(platform, "retired_metric", metric=field)
    sync.sync_connection(viewer.workspace_id, made, now=NOW, recent_only=True)
    said = reasons(database, viewer, made, metric)
    assert said and all(one.startswith(ours) for one in said), said
    assert all(" says: “" in one and one.endswith("”") and "answered" not in one for one in said), said
    tried = {one.reason for one in trial.read(viewer, made, now=NOW) if one.metric == metric}
    assert any(one.startswith(ours) for one in tried), tried


def test_it_shows_no_endless_list():
    """Meta answers with the names of all metrics it knows."""
    said = refusals.of_metric("Instagram", "views", "Meta answered: " + "reach, " * 200)
    assert len(said) < refusals.LONGEST + 80 and said.endswith(" …”")


@pytest.mark.parametrize("reason", ["Only accounts with at least 100 followers have this.", ""], ids=["ours", "none"])
def test_it_leaves_our_own_reasons_as_they_are(reason):
    assert refusals.of_metric("Instagram", "views", reason) == reason == refusals.of_stream("Instagram", reason)
