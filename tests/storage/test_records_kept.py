"""Workspaces, connections, runs, cursors, settings and the catalogue: what is put in comes out, and screens are told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.errors import BadSetting, NotFound
from core.metric import Adds, Dimension, Direction, Metric, Unit
from storage import catalog, connections, runs, settings, versions, workspaces
from storage.vault import Keyring, Vault

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MS = int(NOW.timestamp() * 1000)


@pytest.fixture
def workspace(database):
    with database.write() as connection:
        return workspaces.create(connection, "Shop", now=NOW, time_zone="Pacific/Auckland")


def add(connection, workspace, **options):
    return connections.add(connection, workspace, "x", "Our X", now=NOW, **options)


def test_it_keeps_workspaces(database, workspace):
    with database.write() as connection:
        workspaces.update(connection, workspace, name="Store", week_start=6)
        found = workspaces.get(connection, workspace)
        assert (found.name, found.week_start, found.time_zone, found.kind) == ("Store", 6, "Pacific/Auckland", "real")
        assert workspaces.list_all(connection) == [found]
        with pytest.raises(BadSetting):
            workspaces.update(connection, workspace, time_zone="Mars/Base")
        with pytest.raises(NotFound):
            workspaces.get(connection, workspace + 1)
        with pytest.raises(NotFound):
            workspaces.update(connection, workspace + 1, name="?")


def test_it_keeps_connections_and_their_health(database, workspace):
    with database.write() as connection:
        made = add(connection, workspace, gateway="http://127.0.0.1:9", options={"budget": 5})
        connections.update(connection, workspace, made, state="attention", reason="expired", hint="Consent again.")
        found = connections.get(connection, workspace, made)
        assert (found.state, found.reason, found.options, found.gateway) == (
            "attention", "expired", {"budget": 5}, "http://127.0.0.1:9",
        )  # fmt: skip
        assert connections.list_all(connection, workspace) == connections.list_all(connection) == [found]
        with pytest.raises(NotFound):
            connections.get(connection, workspace + 1, made)
        with pytest.raises(NotFound):
            connections.update(connection, workspace + 1, made, state="active")


def test_it_lists_what_is_due_first_what_a_person_asked_for(database, workspace):
    def names(seconds=0):
        with database.read() as connection:
            return [one.name for one in connections.due(connection, NOW + timedelta(seconds=seconds))]

    def make(name, **changes):
        with database.write() as connection:
            made = connections.add(connection, workspace, "x", name, now=NOW)
            connections.update(connection, workspace, made, **changes)

    make("later", state="active", next_run_at=MS + 10_000)
    make("now", state="active", next_run_at=MS)
    make("asked", state="attention", sync_requested_at=MS)
    make("broken", state="attention", next_run_at=MS)
    make("paused", state="paused", next_run_at=MS, sync_requested_at=MS)
    assert names() == ["asked", "now"]
    assert names(10) == ["asked", "now", "later"]


def test_it_deletes_the_secrets_of_a_connection_with_it(database, workspace):
    vault = Vault(database, Keyring(b"k" * 32))
    with database.write() as connection:
        made = add(connection, workspace)
        vault.put(connection, workspace, made, "token", {"access_token": "x"})
        connections.delete(connection, workspace, made)
        assert connections.list_all(connection) == []
        assert not vault.has(connection, workspace, made, "token")


def test_it_tells_screens_of_changes_they_show_and_of_no_others(database, workspace):
    def bumped(change):
        with database.write() as connection:
            before = versions.get(connection, workspace)
            change(connection)
            return versions.get(connection, workspace) - before

    with database.write() as connection:
        made = add(connection, workspace)
        run = runs.start(connection, workspace, made, "schedule", NOW)
    assert bumped(lambda connection: connections.update(connection, workspace, made, state="active")) == 1
    assert bumped(lambda connection: connections.update(connection, workspace, made, next_run_at=5)) == 0
    assert bumped(lambda connection: runs.update(connection, workspace, run, progress=0.5)) == 0
    assert bumped(lambda connection: runs.finish(connection, workspace, run, "ok", NOW)) == 1
    assert bumped(lambda connection: settings.put(connection, workspace, "theme", "dark")) == 1
    assert bumped(lambda connection: settings.put(connection, workspace, "theme", "dark")) == 0


def test_it_keeps_runs_and_their_outcome(database, workspace):
    with database.write() as connection:
        first = runs.start(connection, workspace, 5, "schedule", NOW)
        runs.update(connection, workspace, first, progress=0.5, facts=10, streams={"daily": {"outcome": "ok"}})
        runs.finish(
            connection, workspace, first, "partial", NOW + timedelta(seconds=9), reason="one refused", requests=3
        )
        second = runs.start(connection, workspace, 5, "manual", NOW + timedelta(seconds=20))
        done = runs.get(connection, workspace, first)
        assert (done.outcome, done.reason, done.facts, done.requests, done.progress, done.finished_at) == (
            "partial", "one refused", 10, 3, 1.0, MS + 9000,
        )  # fmt: skip
        assert done.streams == {"daily": {"outcome": "ok"}}
        assert runs.interrupt(connection, workspace, 5, NOW + timedelta(seconds=30), "the program was stopped") == 1
        assert [(run.id, run.outcome) for run in runs.newest(connection, workspace, 5)] == [
            (second, "interrupted"), (first, "partial"),
        ]  # fmt: skip
        assert runs.newest(connection, workspace, 6) == []


def test_it_keeps_how_far_a_stream_was_read(database, workspace):
    with database.write() as connection:
        assert runs.cursor(connection, workspace, 11, "daily") is None
        for day in (20000, 20001):
            runs.save_cursor(
                connection, workspace, 11, "daily", forward_to=day, back_to=19000, state={"after": str(day)}, ran_at=MS
            )
        found = runs.cursor(connection, workspace, 11, "daily")
        assert (found.forward_to, found.back_to, found.state, found.ran_at) == (20001, 19000, {"after": "20001"}, MS)
        assert runs.cursors(connection, workspace, 11) == [found]
        runs.forget_cursors(connection, workspace, 11)
        assert runs.cursors(connection, workspace, 11) == []


def test_it_keeps_settings_of_any_shape(database, workspace):
    with database.write() as connection:
        assert settings.get(connection, workspace, "targets", {}) == {}
        for value in ({"views": 5}, None, [1, "ü"], False):
            settings.put(connection, workspace, "targets", value)
            assert settings.get(connection, workspace, "targets", "unset") == value
        settings.put(connection, settings.INSTALLATION, "targets", 1)
        assert settings.read_all(connection, workspace) == {"targets": False}
        settings.delete(connection, workspace, "targets")
        assert settings.get(connection, workspace, "targets") is None


def test_it_mirrors_the_catalogue(database):
    def metric(number, name):
        return Metric(number, name, name.title(), Unit.COUNT, Direction.UP, Adds.FLOW, "")

    def names(table):
        with database.read() as connection:
            return dict(tuple(row) for row in connection.execute(text(f"SELECT id, name FROM {table}")))

    dimensions = [Dimension(0, "total", "Total"), Dimension(1, "country", "Country")]
    with database.write() as connection:
        catalog.write(connection, [metric(1, "views"), metric(2, "likes")], dimensions)
        catalog.write(connection, [metric(1, "plays"), metric(3, "shares")], dimensions)
    assert names("metric") == {1: "plays", 3: "shares"}
    assert names("dimension") == {0: "total", 1: "country"}
