"""What a notice has read, over real HTTP against the sandbox: what can have changed just now, and nothing else."""

import threading
from datetime import timedelta

import pytest

from core import clock
from core.clock import epoch_ms
from sandbox import webhooks as senders
from scheduler.job import Context
from scheduler.jobs import sync_due
from services import sync
from services.connecting import connections, consent, platforms, webhooks
from services.installation import demo
from services.team import workspaces
from storage import connections as stored
from storage import entities, runs
from tests.fixtures_sandbox import NOW

SECRET = "canary-app-secret"
MINUTE = timedelta(minutes=1)
BY_ITSELF = [name for name, one in platforms.connectors().items() if one.webhook]


class AtOnce:
    """A pool that does its work when it is given."""

    def submit(self, work, *given):
        work(*given)


@pytest.fixture
def viewer(database, at):
    return workspaces.create("Quayside", now=NOW)


@pytest.fixture
def linked(database, viewer, sandbox):
    """Instagram, read once."""
    connections.save_app_keys(viewer, "instagram", "id-1", SECRET)
    made = connections.add(viewer, "instagram", gateway=sandbox.url, now=NOW)
    answer = demo.allow(
        consent.begin(viewer, made, redirect_uri="http://127.0.0.1:8501/oauth/callback", browser_nonce="b", now=NOW)
    )
    state, code, error = answer
    consent.finish(state=state, code=code, error=error, browser_nonce="b", now=NOW)
    sync.sync_connection(viewer.workspace_id, made, now=NOW, recent_only=True)
    return made


def account_of(database, viewer, made):
    with database.read() as connection:
        return entities.accounts(connection, viewer.workspace_id, connection_id=made, selected=True)[0].external_id


def tell(database, viewer, made, now):
    parcel = senders.meta("instagram", account_of(database, viewer, made), SECRET, now)
    headers = {name.lower(): value for name, value in parcel.headers.items()}
    return webhooks.receive("instagram", headers, parcel.body, now=now)


def tick(database):
    """The scheduler looks."""
    sync_due.run(Context(database, threading.Event(), AtOnce()))


def made_runs(database, viewer, made):
    with database.read() as connection:
        return runs.newest(connection, viewer.workspace_id, made, limit=50)


def row_of(database, viewer, made):
    with database.read() as connection:
        return stored.get(connection, viewer.workspace_id, made)


def test_it_reads_only_what_the_notice_wakes(database, viewer, linked, at):
    before = row_of(database, viewer, linked)
    at(NOW + MINUTE)
    assert tell(database, viewer, linked, NOW + MINUTE) == 1
    at(NOW + 2 * MINUTE)
    tick(database)
    run, first = made_runs(database, viewer, linked)
    assert (run.trigger, run.outcome) == ("notice", "ok")
    woken = {entry["stream"]: entry for entry in run.streams.values()}
    assert set(woken) == {"young_media", "stories", "comments", "mentions"}
    assert all(entry["windows"] for entry in woken.values()), "also what has a rhythm of its own"
    assert run.requests < first.requests / 3
    after = row_of(database, viewer, linked)
    assert (after.next_run_at, after.last_success_at) == (before.next_run_at, before.last_success_at)


def test_it_leaves_the_next_whole_read_at_its_time(database, viewer, linked, at):
    due = clock.from_epoch_ms(row_of(database, viewer, linked).next_run_at)
    tell(database, viewer, linked, NOW)
    for moment in (NOW + MINUTE, due - MINUTE, due):
        at(moment)
        tick(database)
    assert [run.trigger for run in made_runs(database, viewer, linked)] == ["schedule", "notice", "schedule"]
    whole = made_runs(database, viewer, linked)[0]
    assert whole.started_at == epoch_ms(due)
    assert any(entry["stream"] == "profile" and entry["windows"] for entry in whole.streams.values())


def test_it_reads_once_for_twenty_notices_in_a_minute(database, viewer, linked, at):
    for number in range(20):
        moment = NOW + timedelta(seconds=3 * number)
        at(moment)
        tell(database, viewer, linked, moment)
        tick(database)
    for seconds in (60, 62, 90, 121, 300):
        at(NOW + timedelta(seconds=seconds))
        tick(database)
    assert [run.trigger for run in made_runs(database, viewer, linked)] == ["notice", "schedule"]


def test_it_leaves_a_persons_wish_to_the_next_read(database, viewer, linked, at):
    """Past days that a person asked for are not taken by a read that does not reach them."""
    tell(database, viewer, linked, NOW)
    day = NOW.date() - timedelta(days=40)
    connections.backfill(viewer, linked, day, day, now=NOW)
    at(NOW + MINUTE)
    webhooks.read(row_of(database, viewer, linked))
    row = row_of(database, viewer, linked)
    assert "backfill" in row.options and row.sync_requested_at == epoch_ms(NOW)


def test_it_asks_a_person_when_the_login_is_gone(database, viewer, linked, at, sandbox):
    tell(database, viewer, linked, NOW)
    sandbox.faults.set("instagram", "revoked_token")
    at(NOW + MINUTE)
    tick(database)
    assert row_of(database, viewer, linked).state == "attention"


def test_it_hides_no_trouble_of_the_read_by_rhythm(database, viewer, linked, at):
    """A page that shows the last run only still knows what a whole read left."""
    left = connections.get(viewer, linked, now=NOW, n_runs=1).left_days
    tell(database, viewer, linked, NOW)
    at(NOW + MINUTE)
    tick(database)
    view = connections.get(viewer, linked, now=NOW + MINUTE, n_runs=1)
    assert view.left_days == left > 0
    assert {one.title for one in view.streams} >= {"Followers and posts in all"}


@pytest.mark.parametrize("platform", BY_ITSELF)
def test_it_wakes_what_changes_by_the_minute(platform):
    """No history, no audience, no profile: a notice must cost little."""
    declared = platforms.connectors()[platform]
    streams = {stream.name: stream for stream in declared.streams}
    assert declared.webhook.wakes and set(declared.webhook.wakes) <= set(streams)
    for name in declared.webhook.wakes:
        stream = streams[name]
        assert not stream.lifetime and "followers" not in stream.metrics
        assert not stream.windowed or stream.history_days <= 180
