"""Workspaces: what can be chosen, and that nothing is left of one that is deleted."""

from datetime import date, timedelta
from zoneinfo import available_timezones

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from core import clock
from core.errors import AppError, BadSetting, NotAllowed, NotFound, StoreBusy
from core.viewer import Right, Viewer, owner
from services import sync
from services.connecting import connections, consent
from services.installation import demo, leasing
from services.team import workspaces
from tests.fixtures_sandbox import NOW
from tests.services.seeded import Seeded


def rows_of(database, workspace_id):
    """Table -> how many rows of a workspace it holds."""
    found = {}
    with database.read() as connection:
        for table in SQLModel.metadata.sorted_tables:
            column = "workspace_id" if "workspace_id" in table.c else "id" if table.name == "workspace" else ""
            if column:
                query = text(f"SELECT count(*) FROM {table.name} WHERE {column} = :id")
                found[table.name] = connection.execute(query, {"id": workspace_id}).scalar()
    return found


@pytest.fixture
def lived_in(database, sandbox):
    """A workspace that X was read into, with settings, a consent under way and a restated number."""
    viewer = workspaces.create("Quayside", now=NOW)
    connection_id = demo.connect(viewer, "x", sandbox.url, NOW)
    sync.sync_connection(viewer.workspace_id, connection_id, now=NOW, only={"profile", "posts"}.__contains__)
    waiting = connections.add(viewer, "x", gateway=sandbox.url, now=NOW)
    consent.begin(viewer, waiting, redirect_uri="http://127.0.0.1/oauth/callback", browser_nonce="browser", now=NOW)
    seeded = Seeded.__new__(Seeded)
    seeded.database, seeded.now, seeded.id = database, NOW, viewer.workspace_id
    account = seeded.account("youtube")
    for value in (5.0, 6.0):
        seeded.facts(account, "views", [value], first=date(2026, 1, 1), at=NOW + timedelta(hours=value))
    seeded.facts(account, "views", [1.0], first=date(2026, 1, 1), dimension="country", member="DE")
    seeded.mark(account, "views", date(2026, 1, 1), date(2026, 1, 2), "failed", "It broke.")
    seeded.setting("targets", {"views": 1.0})
    return viewer, connection_id


def test_it_leaves_nothing_of_a_deleted_workspace(database, lived_in):
    viewer, _ = lived_in
    other = Seeded(database)
    other.facts(other.account("youtube"), "views", [3.0], first=date(2026, 1, 1))
    kept = rows_of(database, other.id)
    before = rows_of(database, viewer.workspace_id)
    for table in (
        "workspace", "setting", "connection", "secret", "oauth_state", "account", "post", "member", "fact",
        "fact_revision", "reading", "post_total", "coverage", "sync_run", "store_version",
    ):  # fmt: skip
        assert before[table] > 0, f"{table} holds nothing that could be left behind"
    workspaces.delete(viewer)
    assert {table: count for table, count in rows_of(database, viewer.workspace_id).items() if count} == {}
    assert rows_of(database, other.id) == kept
    with pytest.raises(NotFound):
        workspaces.get(viewer.workspace_id)


def test_it_knows_every_table_that_belongs_to_a_workspace():
    shared = {table.name for table in SQLModel.metadata.sorted_tables if "workspace_id" not in table.c}
    assert shared == {"workspace", "metric", "dimension", "rate_use", "rate_block", "lease"}


def test_it_deletes_nothing_while_a_connection_is_read(database, lived_in):
    viewer, connection_id = lived_in
    before = rows_of(database, viewer.workspace_id)
    with sync.locked(connection_id), pytest.raises(StoreBusy, match="X is being read just now, so Quayside"):
        workspaces.delete(viewer)
    assert rows_of(database, viewer.workspace_id) == before
    workspaces.delete(viewer)
    with pytest.raises(NotFound):
        workspaces.get(viewer.workspace_id)


def test_it_gives_back_the_locks_it_took_before_one_it_could_not_have(sqlite_database):
    viewer = Seeded(sqlite_database).viewer
    free, busy = connections.add(viewer, "x", now=NOW), connections.add(viewer, "youtube", now=NOW)
    with sync.locked(busy):
        with pytest.raises(StoreBusy):
            workspaces.delete(viewer)
        assert not sync.is_running(sqlite_database, free)


def test_it_deletes_no_demo_that_is_being_filled(sqlite_database):
    viewer = workspaces.create("Northwind", kind="demo")
    filling = leasing.Lease(sqlite_database, "demo", 30.0)
    assert filling.take()
    with pytest.raises(StoreBusy, match="being filled"):
        workspaces.delete(viewer)
    assert workspaces.get(viewer.workspace_id)
    filling.release()
    workspaces.delete(viewer)
    assert demo.existing() is None
    assert leasing.Lease(sqlite_database, "demo", 30.0).take(), "the demo can be made again"


def test_it_reads_nothing_into_a_deleted_workspace(database, lived_in):
    viewer, connection_id = lived_in
    workspaces.delete(viewer)
    with pytest.raises(AppError):
        sync.sync_connection(viewer.workspace_id, connection_id, now=NOW)
    left = {table: count for table, count in rows_of(database, viewer.workspace_id).items() if count}
    assert left == {}


@pytest.mark.parametrize("typed", ["", "quayside", "Quay side", "Quayside!"])
def test_it_takes_no_other_name_for_a_confirmation(sqlite_database, typed):
    viewer = workspaces.create("Quayside")
    with pytest.raises(BadSetting, match="not the name") as refused:
        workspaces.confirm(viewer, typed)
    assert "Quayside" in refused.value.hint


def test_it_takes_the_name_with_spaces_around_it(sqlite_database):
    workspaces.confirm(workspaces.create(" Quay  side "), " Quay side ")


def test_it_lets_only_those_who_manage_confirm_and_change(sqlite_database):
    reader = Viewer("reader", workspaces.create("Quayside").workspace_id, frozenset({Right.READ}))
    with pytest.raises(NotAllowed):
        workspaces.confirm(reader, "Quayside")
    with pytest.raises(NotAllowed):
        workspaces.change(reader, name="Pier", time_zone="UTC", currency="USD", week_start=0)
    assert workspaces.about(reader).accounts == 0


def test_it_tells_how_much_hangs_on_a_workspace(sqlite_database):
    made = Seeded(sqlite_database)
    made.account("youtube")
    made.account("instagram")
    connections.add(made.viewer, "x", now=NOW)
    about = workspaces.about(made.viewer)
    assert (about.kind, about.connections, about.accounts) == ("real", 1, 2)
    assert about.created_at == made.now
    with pytest.raises(NotFound):
        workspaces.about(owner(1))


def test_it_offers_the_zones_of_today_and_no_old_names():
    zones = workspaces.time_zones()
    assert {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"} <= set(zones)
    assert not {"Asia/Calcutta", "US/Pacific", "EST", "Etc/GMT+5", "GB", "posixrules"} & set(zones)
    assert set(zones) <= available_timezones()
    assert len(set(zones)) == len(zones)
    assert all(clock.zone(name) for name in zones)


def test_it_offers_currencies_by_code_and_name():
    assert len(workspaces.CURRENCIES) > 150
    assert all(len(code) == 3 and code.isupper() and name.strip() for code, name in workspaces.CURRENCIES.items())
    assert workspaces.CURRENCIES["JPY"] == "Japanese yen"


@pytest.mark.parametrize("code", ["", "EURO", "XYZ", "E R", "12€"])
def test_it_refuses_what_is_no_currency(sqlite_database, code):
    with pytest.raises(BadSetting, match="no currency"):
        workspaces.create("Quayside", currency=code)
