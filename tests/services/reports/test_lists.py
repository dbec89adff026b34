"""Mailing lists: pasted addresses, who leaves and stays away, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import BadSetting, NotAllowed, NotFound
from core.viewer import Viewer
from services.reports import lists
from tests.services.reports.office import EVERY_WEEKDAY, Office
from tests.services.seeded import Seeded

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def viewer(database):
    return Seeded(database).viewer


@pytest.fixture
def team(viewer):
    return lists.add(viewer, "Team", now=NOW)


def emails(viewer, list_id):
    return [one.email for one in lists.people(viewer, list_id)]


def test_it_reads_addresses_as_people_paste_them(viewer, team):
    pasted = """Ann Lee <ann@example.com>, "Doe, Bob" <bob@EXAMPLE.com>; cem@example.com
        dee@example.com,, ann@example.com
        <eve@example.com>"""
    added = lists.add_people(viewer, team, pasted, now=NOW)
    assert added.added == (
        "ann@example.com",
        "bob@example.com",
        "cem@example.com",
        "dee@example.com",
        "eve@example.com",
    )
    assert added.refused == ()
    people = {one.email: one.name for one in lists.people(viewer, team)}
    assert people["ann@example.com"] == "Ann Lee"
    assert people["bob@example.com"] == "Doe  Bob"
    assert added.words() == "5 addresses added."


def test_it_says_why_it_refuses_an_address_and_adds_the_others(viewer, team):
    added = lists.add_people(
        viewer, team, "ann@example.com, bob, x@y, Cem <cem at example.com>, ünal@example.com", now=NOW
    )
    assert emails(viewer, team) == ["ann@example.com"]
    assert [text for text, _ in added.refused] == ["bob", "x@y", "Cem <cem at example.com>", "ünal@example.com"]
    assert all(why for _, why in added.refused)
    assert added.words() == "1 address added. 4 are no addresses."


def test_it_adds_nobody_twice(viewer, team):
    lists.add_people(viewer, team, "ann@example.com", now=NOW)
    added = lists.add_people(viewer, team, "ann@EXAMPLE.com\nbob@example.com", now=NOW)
    assert (added.added, added.already) == (("bob@example.com",), ("ann@example.com",))
    assert emails(viewer, team) == ["ann@example.com", "bob@example.com"]


def test_it_keeps_away_from_who_left_until_they_come_back_themselves(viewer, team):
    lists.add_people(viewer, team, "ann@example.com, bob@example.com", now=NOW)
    (ann, _) = lists.people(viewer, team)
    token = lists.token(viewer.workspace_id, ann.id)
    assert not lists.come(token).unsubscribed
    assert lists.unsubscribe(token, now=NOW).unsubscribed
    assert lists.unsubscribe(token, now=NOW + timedelta(days=1)).unsubscribed
    lists.remove_person(viewer, ann.id)
    added = lists.add_people(viewer, team, "ann@example.com", now=NOW)
    assert (added.added, added.unsubscribed) == ((), ("ann@example.com",))
    (ann, _) = lists.people(viewer, team)
    assert ann.unsubscribed_at == NOW
    assert (lists.all_of(viewer)[0].people, lists.all_of(viewer)[0].unsubscribed) == (1, 1)
    assert not lists.subscribe(token).unsubscribed
    assert lists.people(viewer, team)[0].unsubscribed_at is None


def test_it_makes_links_nobody_can_guess_and_stores_none(viewer, team, database):
    lists.add_people(viewer, team, "ann@example.com, bob@example.com", now=NOW)
    ann, bob = lists.people(viewer, team)
    tokens = [lists.token(viewer.workspace_id, one.id) for one in (ann, bob)]
    assert len(set(tokens)) == 2
    assert tokens[0] == lists.token(viewer.workspace_id, ann.id)
    secret = tokens[0].partition(".")[2]
    assert len(secret) >= 32
    with database.read() as connection:
        kept = connection.exec_driver_sql("SELECT key FROM recipient").scalars().all()
    assert secret not in kept
    place = tokens[0].partition(".")[0]
    for wrong in ("", ".", f"{place}.", f"{place}.x", tokens[0][:-1], f"0{tokens[0]}x", "zz.zz", f"1.{secret}",
                  f"{place}.{kept[0]}", "9" * 15 + ".x", "f" * 16 + ".x"):  # fmt: skip
        with pytest.raises(NotFound):
            lists.come(wrong)


def test_it_refuses_names_and_lists_that_cannot_be(viewer, team):
    for name in ("", "  ", "x" * 81, "team", " TEAM "):
        with pytest.raises(BadSetting):
            lists.add(viewer, name, now=NOW)
    other = lists.add(viewer, "Board", now=NOW)
    lists.rename(viewer, other, "Board members")
    lists.rename(viewer, other, "Board members")
    with pytest.raises(BadSetting):
        lists.rename(viewer, other, "Team")
    with pytest.raises(NotFound):
        lists.rename(viewer, 1, "Nobody")
    with pytest.raises(NotFound):
        lists.add_people(viewer, 1, "ann@example.com", now=NOW)
    with pytest.raises(NotFound):
        lists.people(viewer, 1)
    assert [one.name for one in lists.all_of(viewer)] == ["Team", "Board members"]


def test_it_keeps_a_list_that_a_schedule_sends_to(database):
    office = Office(database)
    office.schedule(EVERY_WEEKDAY)
    (used,) = lists.all_of(office.viewer)
    assert (used.people, used.used) == (3, 1)
    with pytest.raises(BadSetting, match="schedule"):
        lists.remove(office.viewer, office.list_id)
    spare = lists.add(office.viewer, "Spare", now=NOW)
    lists.remove(office.viewer, spare)
    assert len(lists.all_of(office.viewer)) == 1


def test_it_shows_nobody_another_workspaces_list(database, viewer, team):
    other = Seeded(database).viewer
    lists.add_people(viewer, team, "ann@example.com", now=NOW)
    assert lists.all_of(other) == []
    with pytest.raises(NotFound):
        lists.people(other, team)
    (ann,) = lists.people(viewer, team)
    lists.remove_person(other, ann.id)
    assert emails(viewer, team) == ["ann@example.com"]


def test_it_lets_nobody_change_a_list_without_the_right_to(viewer, team):
    guest = Viewer("guest", viewer.workspace_id, frozenset())
    for act in (
        lambda: lists.add(guest, "Mine", now=NOW), lambda: lists.remove(guest, team), lambda: lists.all_of(guest),
        lambda: lists.add_people(guest, team, "a@example.com", now=NOW), lambda: lists.people(guest, team),
        lambda: lists.rename(guest, team, "x"), lambda: lists.remove_person(guest, 1),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
