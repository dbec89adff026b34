"""Health and workspaces."""

import pytest

from core import clock
from core.errors import BadSetting, NotFound
from core.viewer import Right, Viewer
from services.installation import health
from services.team import workspaces
from storage import database as store
from storage import leases


def test_it_is_down_without_a_database():
    assert not health.ready()
    report = health.report()
    assert (report["status"], report["database"]["status"]) == ("down", "down")


def test_it_tells_the_age_of_the_heartbeat(database, monkeypatch):
    monkeypatch.setattr(health, "_STARTED", clock.monotonic() - 1000)
    assert health.ready()
    assert health.report()["scheduler"] == {"status": "down", "heartbeat_age_s": None}
    with database.write() as connection:
        leases.acquire(connection, "scheduler", "me", 15, clock.utc_now())
    report = health.report()
    assert report["status"] == "ok" and report["scheduler"]["heartbeat_age_s"] < 5
    monkeypatch.setattr(health, "SILENT_S", -1)
    assert health.report()["status"] == "down"


def test_it_makes_changes_and_deletes_workspaces(database):
    assert not workspaces.first_run().has_workspace
    viewer = workspaces.create("  Quayside ", time_zone="Europe/Berlin", currency="eur", week_start=6)
    kept = workspaces.get(viewer.workspace_id)
    assert (kept.name, kept.currency, kept.week_start, kept.kind) == ("Quayside", "EUR", 6, "real")
    workspaces.change(viewer, name="Pier", time_zone="UTC", currency="USD", week_start=0)
    assert [row.name for row in workspaces.list_all()] == ["Pier"]
    found = workspaces.first_run()
    assert found.has_workspace and not (found.has_demo or found.has_connections or found.has_accounts)
    workspaces.delete(viewer)
    with pytest.raises(NotFound):
        workspaces.get(viewer.workspace_id)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 81}, {"currency": "EURO"}, {"week_start": 7}, {"time_zone": "Mars/Base"}],
    ids=str,
)
def test_it_refuses_a_workspace_that_cannot_be(sqlite_database, wrong):
    with pytest.raises(BadSetting):
        workspaces.create(**{"name": "Quayside"} | wrong)
    assert workspaces.list_all() == []


def test_it_asks_for_the_right_to_delete(sqlite_database):
    made = workspaces.create("Quayside")
    with pytest.raises(Exception, match="may not"):
        workspaces.delete(Viewer("reader", made.workspace_id, frozenset({Right.READ})))
    assert store.current() is sqlite_database
