"""Marks on unusual days: what is put in comes out, for each person by itself."""

from datetime import UTC, datetime

import pytest

from storage import anomaly_marks, workspaces
from storage.anomaly_marks import MarkRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def workspace(database):
    with database.write() as connection:
        return workspaces.create(connection, "Shop", now=NOW)


def row(workspace, day=100, person="owner", **changes):
    values = {"metric": "views", "place": "x", "useful": True, "word": "a sale", "marked_at": 5} | changes
    return MarkRow(workspace_id=workspace, day=day, person=person, **values)


def test_it_keeps_one_mark_for_each_person_and_day(database, workspace):
    with database.write() as connection:
        for one in (row(workspace), row(workspace, 101, word=""), row(workspace, person="ana", useful=False)):
            anomaly_marks.put(connection, one)
        anomaly_marks.put(connection, row(workspace, useful=False, word="no", marked_at=6))
        mine = anomaly_marks.of_person(connection, workspace, "owner")
        assert mine == [row(workspace, 101, word=""), row(workspace, useful=False, word="no", marked_at=6)]
        assert anomaly_marks.of_person(connection, workspace, "ana") == [row(workspace, person="ana", useful=False)]
        assert anomaly_marks.of_person(connection, workspace + 1, "owner") == []


def test_it_takes_a_mark_back(database, workspace):
    with database.write() as connection:
        for one in (row(workspace), row(workspace, place=""), row(workspace, person="ana")):
            anomaly_marks.put(connection, one)
        anomaly_marks.delete(connection, workspace, "views", "x", 100, "owner")
        anomaly_marks.delete(connection, workspace, "views", "x", 100, "owner")
        assert anomaly_marks.of_person(connection, workspace, "owner") == [row(workspace, place="")]
        assert len(anomaly_marks.of_person(connection, workspace, "ana")) == 1


def test_it_goes_with_its_workspace(database, workspace):
    with database.write() as connection:
        anomaly_marks.put(connection, row(workspace))
        workspaces.delete(connection, workspace)
        assert anomaly_marks.of_person(connection, workspace, "owner") == []
