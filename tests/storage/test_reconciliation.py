"""Numbers that people noted: kept apart by workspace, newest first."""

from datetime import UTC, datetime, timedelta

from core.ids import new_id
from storage import quality, reconciliation, settings, versions

NOW = datetime(2026, 12, 5, 12, tzinfo=UTC)


def add(connection, workspace, account=1, metric="views", now=NOW):
    return reconciliation.add(
        connection, workspace, account, metric, (10, 20), 12.5, note="there", person="me", now=now
    )


def test_it_keeps_a_number_with_who_and_when(database):
    one = new_id()
    with database.write() as connection:
        made = add(connection, one)
    with database.read() as connection:
        (row,) = reconciliation.newest(connection, one)
    assert (row.id, row.account_id, row.metric, row.first_day, row.last_day) == (made, 1, "views", 10, 20)
    assert (row.stated, row.note, row.person, row.made_at) == (12.5, "there", "me", round(NOW.timestamp() * 1000))


def test_it_keeps_workspaces_apart(database):
    one, other = new_id(), new_id()
    with database.write() as connection:
        made = add(connection, one)
        reconciliation.delete(connection, other, made)
        reconciliation.forget_account(connection, other, 1)
    with database.read() as connection:
        assert reconciliation.count(connection, one) == 1
        assert reconciliation.newest(connection, other) == []


def test_it_gives_the_newest_first_and_forgets(database):
    workspace = new_id()
    with database.write() as connection:
        ids = [add(connection, workspace, metric=f"m{at}", now=NOW + timedelta(seconds=at)) for at in range(3)]
        add(connection, workspace, account=2)
    with database.read() as connection:
        assert [row.metric for row in reconciliation.newest(connection, workspace, 2)] == ["m2", "m1"]
        seen = versions.get(connection, workspace)
    with database.write() as connection:
        reconciliation.delete(connection, workspace, ids[2])
        assert versions.get(connection, workspace) == seen + 1, "a screen that shows the list asks again"
        reconciliation.forget_account(connection, workspace, 1)
    with database.read() as connection:
        assert [row.account_id for row in reconciliation.newest(connection, workspace)] == [2]


def test_it_notes_visits_of_each_person_apart(database):
    workspace = new_id()
    with database.write() as connection:
        assert quality.visit(connection, workspace, "ann", NOW) is None
        assert quality.visit(connection, workspace, "bob", NOW + timedelta(hours=1)) is None
        found = quality.visit(connection, workspace, "ann", NOW + timedelta(hours=2))
        assert found == round(NOW.timestamp() * 1000)
        assert set(settings.get(connection, workspace, "visits")) == {"ann", "bob"}
