"""What people write, asked through its service, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from core import records
from core.question import Where
from core.viewer import owner
from services.content import comments
from storage import comments as stored
from storage import entities, workspaces

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def shop(database):
    with database.write() as connection:
        workspace = workspaces.create(connection, "Shop", now=NOW)
        made = {}
        for platform in ("x", "youtube"):
            found = [records.Account("a1", f"Shop {platform}")]
            made[platform] = entities.upsert_accounts(connection, workspace, platform, found, now=NOW, connection_id=1)[
                "a1"
            ]
        post = records.Post("p1", "video", NOW - timedelta(days=1), text="New beans")
        posts = entities.upsert_posts(connection, workspace, made["youtube"], [post])
        said = [
            records.Comment("c1", "Lovely!", NOW - timedelta(hours=2), post="p1", author="Ada", likes=3),
            records.Comment("c2", "When?", NOW - timedelta(hours=1), kind="reply", post="p1", parent="c1"),
        ]
        stored.upsert(connection, workspace, made["youtube"], said, posts, NOW)
        told = [records.Comment("m1", "Try @shop", NOW - timedelta(minutes=5), kind="mention", author="Bo")]
        stored.upsert(connection, workspace, made["x"], told, {}, NOW)
    return owner(workspace), made


def test_it_gives_the_newest_first_without_names(shop):
    found = comments.newest(shop[0])
    assert [(one.text, one.kind, one.post, one.author) for one in found] == [
        ("Try @shop", "mention", "", ""),
        ("When?", "reply", "New beans", ""),
        ("Lovely!", "comment", "New beans", ""),
    ]
    assert [one.likes for one in found] == [None, None, 3]
    assert (found[0].platform, found[0].account, found[0].written_at) == ("x", "Shop x", NOW - timedelta(minutes=5))


def test_it_gives_names_to_who_asks(shop):
    assert [one.author for one in comments.newest(shop[0], with_authors=True)] == ["Bo", "", "Ada"]


def test_it_follows_the_filters(shop):
    viewer, made = shop
    assert {one.platform for one in comments.newest(viewer, Where(platforms=("youtube",)))} == {"youtube"}
    assert [one.text for one in comments.newest(viewer, Where(accounts=(made["x"],)))] == ["Try @shop"]
    assert len(comments.newest(viewer, limit=1)) == 1


def test_it_says_nothing_of_another_workspace(shop, database):
    with database.write() as connection:
        other = owner(workspaces.create(connection, "Other", now=NOW))
    assert comments.newest(other) == ()
