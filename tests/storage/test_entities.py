"""Accounts, posts, campaigns and members keep their ids, take corrections and lose nothing to an empty field."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core import records
from core.errors import NotFound
from storage import coverage, entities, facts, readings, runs, versions, workspaces

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGE = records.Account(
    "17", "Our page", handle="our", url="https://x.test/our", time_zone="Europe/Berlin", currency="EUR"
)
POST = records.Post("p1", "reel", NOW, text="Hello", permalink="https://x.test/p1", duration_s=12.5, tags=("a", "b"))


@pytest.fixture
def workspace(database):
    with database.write() as connection:
        return workspaces.create(connection, "Shop", now=NOW)


@pytest.fixture
def account(database, workspace):
    with database.write() as connection:
        return entities.upsert_accounts(connection, workspace, "instagram", [PAGE], now=NOW, connection_id=5)["17"]


def version(database, workspace):
    with database.read() as connection:
        return versions.get(connection, workspace)


def test_it_keeps_an_account_for_ever_by_platform_and_external_id(database, workspace, account):
    with database.write() as connection:
        again = entities.upsert_accounts(
            connection, workspace, "instagram", [replace(PAGE, name="New name", handle="")], now=NOW
        )
        other = entities.upsert_accounts(connection, workspace, "x", [PAGE], now=NOW)
    assert again == {"17": account} != other
    with database.read() as connection:
        found = entities.account(connection, workspace, account)
        assert (found.name, found.handle, found.connection_id, found.selected) == ("New name", "our", 5, True)
        assert [one.platform for one in entities.accounts(connection, workspace)] == ["instagram", "x"]
        assert [one.id for one in entities.accounts(connection, workspace, platforms=["instagram"])] == [account]
        assert [one.id for one in entities.accounts(connection, workspace, connection_id=5)] == [account]
        with pytest.raises(NotFound):
            entities.account(connection, workspace + 1, account)


def test_it_keeps_the_choice_of_accounts_when_they_are_listed_again(database, workspace, account):
    with database.write() as connection:
        entities.select_accounts(connection, workspace, 5, [])
        entities.upsert_accounts(connection, workspace, "instagram", [PAGE], now=NOW, connection_id=5)
    with database.read() as connection:
        assert entities.accounts(connection, workspace, selected=True) == []


def test_it_stores_a_post_once_and_takes_what_is_new_of_it(database, workspace, account):
    def store(post):
        with database.write() as connection:
            return entities.upsert_posts(connection, workspace, account, [post])

    first = store(POST)
    counted = version(database, workspace)
    assert store(POST) == first
    assert version(database, workspace) == counted
    store(replace(POST, text="Edited", permalink="", duration_s=None, tags=()))
    with database.read() as connection:
        (found,) = entities.posts(connection, workspace).to_dict("records")
    assert (found["text"], found["permalink"], found["duration_s"], found["tags"]) == (
        "Edited", POST.permalink, 12.5, ["a", "b"],
    )  # fmt: skip
    assert version(database, workspace) == counted + 1


def test_it_finds_posts_by_account_id_and_time(database, workspace, account):
    days = [replace(POST, external_id=f"p{day}", published_at=datetime(2026, 11, day, tzinfo=UTC)) for day in (1, 2, 3)]
    with database.write() as connection:
        ids = entities.upsert_posts(connection, workspace, account, days)
    second = int(days[1].published_at.timestamp() * 1000)
    with database.read() as connection:

        def found(**options):
            return entities.posts(connection, workspace, **options)["external_id"].tolist()

        assert found() == ["p3", "p2", "p1"]
        assert found(published_from_ms=second) == ["p3", "p2"]
        assert found(published_to_ms=second, limit=1) == ["p2"]
        assert found(post_ids=[ids["p1"]]) == ["p1"]
        assert found(account_ids=[account + 1]) == []


def test_it_stores_many_posts_at_once(database, workspace, account):
    with database.write() as connection:
        many = [replace(POST, external_id=str(number)) for number in range(1300)]
        ids = entities.upsert_posts(connection, workspace, account, many)
        assert entities.upsert_posts(connection, workspace, account, many) == ids
        assert len(entities.posts(connection, workspace)) == len(set(ids.values())) == 1300


def test_it_links_campaigns_to_their_parents(database, workspace, account):
    tree = [
        records.Campaign("1", "Spring", starts_on=date(2026, 3, 1)),
        records.Campaign("2", "Young people", level="ad_set", parent="1"),
        records.Campaign("1", "A creative with the same number", level="creative", parent="2"),
    ]
    with database.write() as connection:
        ids = entities.upsert_campaigns(connection, workspace, account, tree)
        assert entities.upsert_campaigns(connection, workspace, account, tree) == ids
        found = entities.campaigns(connection, workspace).set_index("id")
    assert len(ids) == 3
    assert found.loc[ids["ad_set", "2"], "parent_id"] == ids["campaign", "1"]
    assert found.loc[ids["campaign", "1"], "starts_on"] == (date(2026, 3, 1) - date(1970, 1, 1)).days


def test_it_counts_members_per_workspace_and_dimension(database, workspace):
    with database.write() as connection:
        first = entities.member_ids(connection, workspace, 1, {"DE": "Germany", "FR": ""})
        again = entities.member_ids(connection, workspace, 1, {"FR": "France", "DE": "", "IT": "Italy"})
        assert first == {"DE": 1, "FR": 2}
        assert again == {"FR": 2, "DE": 1, "IT": 3}
        assert entities.member_ids(connection, workspace, 2, {"Berlin": "Berlin"}) == {"Berlin": 1}
        found = entities.members(connection, workspace, 1)
    assert [(one.key, one.title) for one in found] == [("DE", "Germany"), ("FR", "France"), ("IT", "Italy")]


def fill(connection, workspace, account):
    (post,) = entities.upsert_posts(connection, workspace, account, [POST]).values()
    facts.write(connection, workspace, [(1, 1, 0, 20000, account, 0, 5.0)], 1000)
    readings.write(connection, workspace, [(post, 1, 1000, 5.0)])
    coverage.mark(connection, workspace, account, [(1, 20000, 20000, "measured", "")], 1000)
    runs.save_cursor(connection, workspace, account, "daily", forward_to=1, back_to=0, state={"after": "x"}, ran_at=5)


def rows_left(connection):
    tables = ("account", "post", "fact", "reading", "post_total", "coverage", "stream_cursor", "workspace")
    return [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables]


def test_it_forgets_an_account_with_everything_known_of_it(database, workspace, account):
    with database.write() as connection:
        other = entities.upsert_accounts(connection, workspace, "x", [PAGE], now=NOW)["17"]
        for one in (account, other):
            fill(connection, workspace, one)
        assert rows_left(connection) == [2, 2, 2, 2, 2, 2, 2, 1]
        entities.forget_account(connection, workspace, account)
        assert rows_left(connection) == [1, 1, 1, 1, 1, 1, 1, 1]
        assert [one.id for one in entities.accounts(connection, workspace)] == [other]


def test_it_forgets_a_workspace_with_everything_in_it(database, workspace, account):
    with database.write() as connection:
        fill(connection, workspace, account)
        workspaces.delete(connection, workspace)
        assert rows_left(connection) == [0] * 8
