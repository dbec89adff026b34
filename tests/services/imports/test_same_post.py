"""The same post imported and synced is one post, whichever came first: with the real connectors, over real HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import records
from core.viewer import owner
from services import sync
from services.connecting import connections
from services.imports import commit
from services.imports.commit import Destination
from services.installation import demo
from storage import entities, same_post, workspaces
from storage.same_post import Sketch
from storage.tables import Post, PostTotal, Reading, fact
from tests.fixtures_sandbox import NOW
from tests.services.imports.native import text

TABLES = (fact, Post.__table__, Reading.__table__, PostTotal.__table__)
STREAMS = {
    "youtube": "videos", "facebook": "posts", "instagram": "media", "linkedin": "posts", "x": "posts",
    "tiktok": "videos",
}  # fmt: skip
TAKEN = 6


@pytest.fixture
def gateway(database, sandbox):
    return sandbox.url


def workspace(database, name):
    with database.write() as connection:
        return owner(workspaces.create(connection, name, time_zone="UTC", now=NOW))


def synced(viewer, platform, gateway):
    """Connect a platform and read its posts; gives the connection."""
    connections.save_app_keys(viewer, platform, f"app-{platform}", "the-same-secret-in-both-workspaces")
    made = demo.connect(viewer, platform, gateway, NOW)
    sync.sync_connection(viewer.workspace_id, made, now=NOW, only=STREAMS[platform].__eq__, recent_only=True)
    return made


def posts_of(database, viewer):
    with database.read() as connection:
        return entities.posts(connection, viewer.workspace_id)


def accounts_of(database, viewer):
    with database.read() as connection:
        return entities.accounts(connection, viewer.workspace_id)


def everything(database):
    with database.read() as connection:
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)).mappings())) for table in TABLES}


def exported(platform, account, posts):
    """What the platform's own export says of posts, with its own ids and addresses."""
    heads, make = NATIVE[platform]
    return text(heads, *(make(account, post) for post in posts.itertuples())).encode()


def at(post, pattern):
    return datetime.fromtimestamp(post.published_at / 1000, UTC).strftime(pattern)


def _activity(urn):
    """LinkedIn shows a post under another id, made a little later."""
    return f"urn:li:activity:{int(urn.rpartition(':')[2]) + (350 << 22)}"


NATIVE = {
    "youtube": (
        ("Content", "Video title", "Video publish time", "Views"),
        lambda account, post: (post.external_id, post.text.split("\n")[0], at(post, "%b %d, %Y"), 7),
    ),
    "facebook": (
        ("Post ID", "Page ID", "Publish time", "Permalink", "Description", "Views"),
        lambda account, post: (
            post.external_id.rpartition("_")[2], account.external_id, at(post, "%m/%d/%Y %H:%M"),
            post.permalink, post.text, 7,
        ),
    ),
    "instagram": (
        ("Post ID", "Account username", "Publish time", "Permalink", "Description", "Views"),
        lambda account, post: (
            f"3{post.external_id}", account.handle, at(post, "%m/%d/%Y %H:%M"), f"{post.permalink}?igsh=abc", "", 7,
        ),
    ),
    "linkedin": (
        ("Post title", "Post link", "Created date", "Clicks"),
        lambda account, post: (
            post.text[:150], f"https://www.linkedin.com/feed/update/{_activity(post.external_id)}",
            at(post, "%m/%d/%Y"), 7,
        ),
    ),
    "x": (
        ("Post id", "Date", "Post text", "Post Link", "Bookmarks"),
        lambda account, post: (
            post.external_id, at(post, "%a, %b %d, %Y"), post.text,
            f"https://x.com/{account.handle}/status/{post.external_id}", 7,
        ),
    ),
    "tiktok": (
        ("Video title", "Video link", "Post time", "Total views"),
        lambda account, post: (post.text, f"{post.permalink}?lang=de", at(post, "%d %B %Y"), 7),
    ),
}  # fmt: skip


@pytest.mark.parametrize("platform", NATIVE)
def test_it_adds_no_post_that_a_sync_has_brought(database, gateway, platform):
    viewer = workspace(database, "Synced")
    synced(viewer, platform, gateway)
    (account, *_), posts = accounts_of(database, viewer), posts_of(database, viewer)
    posts = posts[posts["account_id"] == account.id]
    before, wanted = everything(database), posts.head(TAKEN)
    assert len(wanted) == TAKEN
    shown = commit.recognise(viewer, "export.csv", exported(platform, account, wanted), now=NOW)
    assert shown.plan.found is not None and shown.plan.platform == platform
    batch = commit.commit(viewer, shown, Destination(platform, account.id), now=NOW + timedelta(hours=1))
    assert len(posts_of(database, viewer)) == len(before["post"])
    with database.read() as connection:
        found = connection.execute(sa.select(Reading.post_id).where(Reading.captured_at > int(NOW.timestamp() * 1000)))
        assert set(found.scalars()) == set(wanted["id"])
    commit.undo(viewer, batch, now=NOW + timedelta(hours=2))
    assert everything(database) == before


@pytest.mark.parametrize("platform", NATIVE)
def test_it_joins_what_was_imported_with_what_a_sync_brings(database, gateway, platform):
    first, second = workspace(database, "Synced only"), workspace(database, "Imported, then synced")
    synced(first, platform, gateway)
    (account, *_), posts = accounts_of(database, first), posts_of(database, first)
    wanted = posts[posts["account_id"] == account.id].head(TAKEN)
    shown = commit.recognise(second, "export.csv", exported(platform, account, wanted), now=NOW)
    named, _ = commit.whose(second, shown, platform)
    title = named.title or account.name
    into = Destination(platform, None, title, external_id=named.external_id, handle=named.handle)
    batch = commit.commit(second, shown, into, now=NOW - timedelta(hours=1))
    (imported,) = accounts_of(database, second)
    kept = set(posts_of(database, second)["id"])

    synced(second, platform, gateway)
    every = {one.external_id: one.id for one in accounts_of(database, second)}
    assert every[account.external_id] == imported.id, "the account a file brought is the one that was connected"
    together = posts_of(database, second)
    assert sorted(together["external_id"]) == sorted(posts["external_id"])
    assert set(together[together["external_id"].isin(wanted["external_id"])]["id"]) == kept

    synced_again = dict(zip(together["external_id"], together["id"], strict=True))
    commit.undo(second, batch, now=NOW)
    after = posts_of(database, second)
    assert dict(zip(after["external_id"], after["id"], strict=True)) == synced_again, "what the sync knows stays"
    assert imported.id in {one.id for one in accounts_of(database, second)}


PAGE = records.Account("17841400000000001", "Northwind Coffee", handle="northwind")


@pytest.fixture
def viewer(database):
    return workspace(database, "Northwind")


def brought(viewer, name="Northwind Coffee", platform="instagram"):
    content = b"Post ID,Published,Permalink,Likes\n1,2026-01-02,https://www.instagram.com/p/abc/,5\n"
    shown = commit.recognise(viewer, "a.csv", content, now=NOW)
    return commit.commit(viewer, shown, Destination(platform, None, name), now=NOW)


def connected(database, viewer, *accounts):
    with database.write() as connection:
        return entities.upsert_accounts(
            connection, viewer.workspace_id, "instagram", accounts, now=NOW, connection_id=5
        )


@pytest.mark.parametrize(
    "name", ["Northwind Coffee", "northwind  coffee", "@Northwind"], ids=["name", "case", "handle"]
)
def test_it_makes_the_account_of_a_file_the_connected_one(database, viewer, name):
    brought(viewer, name)
    (before,) = accounts_of(database, viewer)
    assert connected(database, viewer, PAGE) == {PAGE.external_id: before.id}
    (after,) = accounts_of(database, viewer)
    assert (after.external_id, after.name, after.connection_id) == (PAGE.external_id, PAGE.name, 5)


def test_it_joins_no_account_that_two_would_fit(database, viewer):
    brought(viewer)
    twin = records.Account("2", "Northwind Coffee", handle="other")
    connected(database, viewer, PAGE, twin)
    assert len(accounts_of(database, viewer)) == 3


def test_it_joins_no_account_of_another_platform(database, viewer):
    brought(viewer, platform="facebook")
    connected(database, viewer, PAGE)
    assert len(accounts_of(database, viewer)) == 2


def test_it_never_removes_an_account_that_is_connected(database, viewer):
    """Taking back the import that had made an account would have deleted it from under its connection."""
    batch = brought(viewer)
    connected(database, viewer, PAGE)
    commit.undo(viewer, batch, now=NOW)
    assert [one.external_id for one in accounts_of(database, viewer)] == [PAGE.external_id]


def test_it_gives_no_synced_post_to_another(database, viewer):
    """Two posts of one album share their address; only what a file has made may become another."""
    account = connected(database, viewer, PAGE)[PAGE.external_id]
    link = "https://www.instagram.com/p/abc/"
    twins = [records.Post(str(number), "image", NOW, permalink=link) for number in (1, 2)]
    for one in twins:
        with database.write() as connection:
            entities.upsert_posts(connection, viewer.workspace_id, account, [one])
    assert len(posts_of(database, viewer)) == 2


def sketch(external_id="file-1", link="", words="", day=1, hour=0):
    moment = datetime(2026, 5, day, hour, tzinfo=UTC)
    return Sketch(external_id, link, words, int(moment.timestamp() * 1000))


LONG = "Behind the counter with our new roaster"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sketch("1", "https://www.instagram.com/reel/Abc/"), sketch("2", "https://instagram.com/northwind/p/Abc/?x=1")),
        (sketch("100_200"), sketch("200")),
        (sketch("100_200200"), sketch("9", "https://www.facebook.com/northwind/posts/a-title/200200/")),
        (sketch("100_9", "https://www.facebook.com/reel/777777"), sketch("777777")),
        (sketch("9", "https://www.facebook.com/permalink.php?story_fbid=pfbid02Ab&id=100"),
         sketch("8", "https://www.facebook.com/northwind/posts/pfbid02Ab")),
        (sketch("dQw4w9WgXcQ"), sketch("file-1", "https://youtu.be/dQw4w9WgXcQ?si=1")),
        (sketch("190"), sketch("file-1", "https://twitter.com/northwind/status/190/photo/1")),
        (sketch("741", "https://www.tiktok.com/@northwind/video/741"), sketch("file-1", "https://www.tiktok.com/@n/video/741?lang=de")),
        (sketch(words=LONG, day=2, hour=18), sketch("55", words=f"{LONG}: hello", day=2)),
    ],
    ids=["shortcode", "half id", "post in address", "reel", "pfbid", "video", "status", "tiktok", "text and day"],
)  # fmt: skip
def test_it_tells_that_two_are_one(one, other):
    assert same_post.find([one], {7: other}) == {one.external_id: 7}
    assert same_post.find([other], {7: one}) == {other.external_id: 7}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sketch("1", "https://www.instagram.com/p/Abc/"), sketch("2", "https://www.instagram.com/p/Abd/")),
        (sketch("1", words=LONG), sketch("2", words=LONG)),
        (sketch(words=LONG, day=2), sketch("55", words=LONG, day=9)),
        (sketch(words="Hi"), sketch("55", words="Hi")),
        (sketch("urn:li:share:7434982400000000000", words="a"), sketch("urn:li:share:7434982400000000001", words="a")),
        (sketch("urn:li:share:7434982400000000000", words=LONG),
         sketch("urn:li:activity:7434999999999999999", words=LONG)),
    ],
    ids=["other code", "same text, other ids", "a week later", "short text", "two shares", "LinkedIn, hours apart"],
)  # fmt: skip
def test_it_keeps_two_apart(one, other):
    assert same_post.find([one], {7: other}) == {}


def test_it_guesses_nothing_where_two_fit():
    stored = {7: sketch("1", words=LONG), 8: sketch("2", words=LONG)}
    assert same_post.find([sketch(words=LONG)], stored) == {}
    assert same_post.find([sketch("file-1", words=LONG), sketch("file-2", words=LONG)], {7: stored[7]}) == {}
