"""Comments and mentions on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core import records
from storage import comments, entities, workspaces

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MS = int(NOW.timestamp() * 1000)
POST = records.Post("p1", "image", NOW - timedelta(days=1))
SAID = records.Comment("c1", "Lovely!", NOW - timedelta(hours=2), post="p1", author="Ada", likes=3)


@pytest.fixture
def place(database):
    with database.write() as connection:
        workspace = workspaces.create(connection, "Shop", now=NOW)
        account = entities.upsert_accounts(
            connection, workspace, "x", [records.Account("a1", "Shop")], now=NOW, connection_id=1
        )["a1"]
        posts = entities.upsert_posts(connection, workspace, account, [POST])
    return workspace, account, posts


def test_it_keeps_a_comment_once_and_says_what_changed(database, place):
    workspace, account, posts = place
    with database.write() as connection:
        assert comments.upsert(connection, workspace, account, [SAID, SAID], posts, NOW) == 1
        (first,) = comments.newest(connection, workspace, [account])
        assert (first.text, first.author, first.likes, first.post_id) == ("Lovely!", "Ada", 3, posts["p1"])
        later = NOW + timedelta(hours=1)
        assert comments.upsert(connection, workspace, account, [SAID], posts, later) == 0
        assert comments.upsert(connection, workspace, account, [replace(SAID, likes=4)], posts, later) == 1
        (second,) = comments.newest(connection, workspace, [account])
        assert second == replace(first, likes=4)


def test_it_lists_the_newest_first_within_its_bounds(database, place):
    workspace, account, posts = place
    every = [replace(SAID, external_id=f"c{n}", written_at=NOW - timedelta(hours=n)) for n in range(5)]
    with database.write() as connection:
        comments.upsert(connection, workspace, account, every, posts, NOW)
        hour = 3_600_000
        found = comments.newest(connection, workspace, [account], from_ms=MS - 3 * hour, to_ms=MS - hour)
        assert [one.external_id for one in found] == ["c1", "c2", "c3"]
        assert [one.external_id for one in comments.newest(connection, workspace, [account], limit=2)] == ["c0", "c1"]
        assert comments.newest(connection, workspace, []) == []


def test_it_keeps_a_mention_that_stands_under_no_post_of_ours(database, place):
    workspace, account, posts = place
    with database.write() as connection:
        comments.upsert(connection, workspace, account, [replace(SAID, kind="mention", post="elsewhere")], posts, NOW)
        (found,) = comments.newest(connection, workspace, [account])
        assert (found.kind, found.post_id) == ("mention", None)


def test_it_goes_with_its_account(database, place):
    workspace, account, posts = place
    with database.write() as connection:
        comments.upsert(connection, workspace, account, [SAID], posts, NOW)
        entities.forget_account(connection, workspace, account)
        assert comments.newest(connection, workspace, [account]) == []
