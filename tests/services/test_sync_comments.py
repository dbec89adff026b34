"""Comments from the platforms into the store, by a sync as it runs: under their posts, and only those we may read."""

from __future__ import annotations

import pytest

from core.viewer import owner
from services import sync
from services.connecting import connections, consent
from services.installation import demo
from storage import comments, entities, workspaces
from storage import connections as stored
from storage.comments import CommentRow
from tests.fixtures_sandbox import NOW, REDIRECT


@pytest.fixture
def first_sync(sqlite_database, sandbox):
    """Connects a platform with some optional streams switched on, reads its recent days, and returns the comments."""

    def read(platform: str, *streams: str) -> list[CommentRow]:
        with sqlite_database.write() as connection:
            viewer = owner(workspaces.create(connection, "Demo", now=NOW, kind="demo"))
        connections.save_app_keys(viewer, platform, "app-1", "app-secret-1")
        row = connections.add(viewer, platform, gateway=sandbox.url, now=NOW)
        with sqlite_database.write() as connection:
            stored.update(connection, viewer.workspace_id, row, options={"streams": list(streams)})
        url = consent.begin(viewer, row, redirect_uri=REDIRECT, browser_nonce="n", now=NOW)
        state, code, error = demo.allow(url)
        consent.finish(state=state, code=code, error=error, browser_nonce="n", now=NOW)
        sync.sync_connection(viewer.workspace_id, row, now=NOW, trigger="connect", recent_only=True)
        (view,) = connections.list_all(viewer, now=NOW)
        assert (view.state, view.runs[0].outcome) == ("active", "ok"), view.runs[0].reason
        with sqlite_database.read() as connection:
            accounts = [one.id for one in entities.accounts(connection, viewer.workspace_id)]
            return comments.newest(connection, viewer.workspace_id, accounts)

    return read


@pytest.mark.parametrize(
    ("platform", "streams", "kinds"),
    [
        ("instagram", (), {"comment", "reply", "mention"}),
        ("tiktok", (), {"comment", "reply"}),
        ("youtube", ("comments",), {"comment", "reply"}),
    ],
    ids=["instagram", "tiktok", "youtube"],
)
def test_it_stores_comments_under_their_posts_with_the_first_sync(first_sync, platform, streams, kinds):
    found = first_sync(platform, *streams)
    assert len(found) > 300
    assert {row.kind for row in found} == kinds
    assert all((row.post_id is not None) == (row.kind != "mention") for row in found)
    assert all(row.author for row in found), "kept, and shown only where a person asks for it"


def test_it_reads_no_comments_of_youtube_that_nobody_chose(first_sync):
    """And is not granted the permission that would let it change things."""
    assert first_sync("youtube") == []
