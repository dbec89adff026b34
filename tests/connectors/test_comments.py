"""Comments and mentions through real HTTP: all that is public, with answers; widely once a day, else only what is new."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from connectors import commenting, instagram, instagram_comments, tiktok, youtube, youtube_comments
from connectors.base import Source, Window
from connectors.http import Client
from core.errors import NotOffered, PermissionMissing, Recovery, SchemaDrift
from core.ports import Token
from core.records import Account, Comment
from sandbox import comments as talk
from sandbox.instagram_comments import closes_comments as closed_at_instagram
from sandbox.view import View
from sandbox.youtube_comments import SHOWN_ANSWERS
from sandbox.youtube_data import closes_comments, is_private
from tests.connectors.desk import KEYS, Desk, NoLimits, Reply, Tokens, open_desk
from tests.connectors.stage import Player, Shelf
from tests.fixtures_sandbox import NOW

CONNECTORS = {one.platform: one for one in (youtube.CONNECTOR, instagram.CONNECTOR, tiktok.CONNECTOR)}
DAY = timedelta(days=1)
MONTH_AGO = NOW - 30 * DAY
PATHS = {"youtube": "/commentThreads", "instagram": "/comments", "tiktok": "/business/comment/list/"}


@pytest.fixture(params=CONNECTORS)
def player(request, sandbox) -> Player:
    return Player(sandbox, CONNECTORS[request.param]).connect()


def bring(player: Player, name: str = "comments", since: datetime | None = None) -> list[Comment]:
    """What a stream brings now, when it was last read at a moment."""
    stream = next(one for one in player.connector.streams if one.name == name)
    source = Source(player.client(), player.accounts[0], Shelf(), since)
    first = NOW.date() - (stream.window_days - 1) * DAY if stream.windowed else NOW.date()
    return list(stream.read(source, Window(first, NOW.date(), NOW)))


def asked(player: Player, path: str) -> int:
    return len([seen for seen in player.running.app.seen if seen.path.endswith(path)])


def view_of(player: Player) -> View:
    spec = player.running.app.platforms[player.connector.platform].logins[0].accounts[0]
    return View.of(player.running.world, spec, NOW, {})


def written(player: Player) -> list[talk.Thread]:
    """The threads that are there to be read: public, on open posts."""
    view, platform = view_of(player), player.connector.platform
    if platform == "youtube":
        posts = [post for post in view.posts() if not closes_comments(post) and not is_private(post)]
        threads = [one for one in talk.under(view, posts) if one.stamp >= MONTH_AGO.timestamp()]
    else:
        posts = [post for post in view.posts() if post.published_at >= MONTH_AGO and post.kind != "story"]
        open_ones = [post for post in posts if platform != "instagram" or not closed_at_instagram(post)]
        threads = talk.under(view, open_ones)
    return [one for one in threads if not one.is_hidden]


# -- what it reads


def test_it_reads_every_public_comment_with_its_answers(player):
    found, there = bring(player), written(player)
    assert Counter(one.kind for one in found) == {
        "comment": len(there),
        "reply": sum(len(thread.below) for thread in there),
    }
    assert len({one.external_id for one in found}) == len(found) > 300
    said = Counter((one.text, one.written_at, one.post) for one in found)
    assert said == Counter(
        (remark.text, remark.written_at, remark.post.id) for thread in there for remark in (thread.top, *thread.answers)
    )


def test_it_ties_answers_to_their_comment_and_keeps_who_wrote(player):
    found = {one.external_id: one for one in bring(player)}
    answers = [one for one in found.values() if one.kind == "reply"]
    assert all(found[one.parent].kind == "comment" and found[one.parent].post == one.post for one in answers)
    assert max(Counter(one.parent for one in answers).values()) > SHOWN_ANSWERS, "more than come with a comment"
    assert all(one.author and one.likes is not None for one in found.values())
    assert player.accounts[0].handle in {one.author.removeprefix("@") for one in answers}, "the owner answers, too"


def test_it_reads_nothing_that_the_account_hid(player):
    hidden = {
        (thread.top.text, thread.top.written_at)
        for thread in talk.under(view_of(player), view_of(player).posts())
        if thread.is_hidden
    }
    assert hidden
    assert not hidden & {(one.text, one.written_at) for one in bring(player)}


def test_it_keeps_text_as_it_was_written(sandbox):
    """As plain text, not as the HTML that YouTube sends by default."""
    player = Player(sandbox, youtube.CONNECTOR).connect()
    texts = [one.text for one in bring(player)]
    assert not any("&#x27;" in text or "&quot;" in text or "<br>" in text for text in texts)


# -- how often and how far


def test_it_looks_only_for_new_comments_later_on_the_same_day(player):
    whole = bring(player)
    before = asked(player, PATHS[player.connector.platform])
    player.running.app.seen.clear()
    since = NOW - timedelta(hours=4)
    later = bring(player, since=since)
    assert {one.external_id for one in later} <= {one.external_id for one in whole}
    tops = [one for one in later if one.kind == "comment"]
    assert all(one.written_at >= since - commenting.OVERLAP for one in tops)
    assert len(later) < len(whole) / 4
    assert 0 < asked(player, PATHS[player.connector.platform]) < before


def test_it_brings_what_is_new_since_the_last_reading(player):
    since = NOW - timedelta(hours=4)
    whole, later = bring(player), bring(player, since=since)
    young = {"youtube": timedelta(days=9999), "instagram": timedelta(days=2), "tiktok": timedelta(days=7)}
    posts = view_of(player).account.by_id
    oldest = NOW - young[player.connector.platform]
    expected = {
        one.external_id
        for one in whole
        if one.kind == "comment" and one.written_at >= since and posts[one.post].published_at >= oldest
    }
    assert expected <= {one.external_id for one in later}


@pytest.mark.parametrize(
    ("since", "is_whole"),
    [
        (None, True),
        (datetime(2026, 11, 20, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 11, 1, tzinfo=UTC), True),
    ],
    ids=["never", "yesterday", "today", "after a long pause"],
)
def test_it_looks_at_everything_again_once_a_day(since, is_whole):
    source = Source(None, Account("1", "One"), Shelf(), since)  # type: ignore[arg-type]
    span = commenting.span(source, Window(NOW.date(), NOW.date(), NOW), 2 * DAY)
    if is_whole:
        assert (span.posts, span.written.year) == (MONTH_AGO, 1)
    else:
        assert (span.posts, span.written) == (NOW - 2 * DAY, since - commenting.OVERLAP)


def test_it_says_in_its_title_how_far_it_looks(player):
    (stream,) = [one for one in player.connector.streams if one.name == "comments"]
    assert "30 days" in stream.title
    assert "ublic" in stream.title


def test_it_pays_one_unit_for_each_hundred_comments(sandbox):
    player = Player(sandbox, youtube.CONNECTOR).connect()
    found = bring(player)
    tops = len([one for one in found if one.kind == "comment"])
    assert asked(player, "/commentThreads") == tops // 100 + 1
    assert asked(player, "/comments") < 20


# -- mentions


def test_it_reads_the_posts_of_others_that_tag_the_account(sandbox):
    player = Player(sandbox, instagram.CONNECTOR).connect()
    found = bring(player, "mentions")
    assert len(found) > 5
    assert {one.kind for one in found} == {"mention"}
    assert all(MONTH_AGO <= one.written_at <= NOW and not one.post and one.author for one in found)
    assert all(one.permalink.startswith("https://www.instagram.com/p/") for one in found)
    assert any(one.likes is None for one in bring(player, "mentions")), "hidden likes are missing, not 0"


def test_it_pages_through_tags_without_being_told_that_there_are_more(sandbox):
    player = Player(sandbox, instagram.CONNECTOR).connect()
    one = bring(player, "mentions")
    sandbox.faults.set("instagram", "many_pages", size=3)
    assert bring(player, "mentions") == one
    assert asked(player, "/tags") > 3


# -- what is refused


@pytest.mark.parametrize(
    ("platform", "scope"),
    [
        ("youtube", "https://www.googleapis.com/auth/youtube.force-ssl"),
        ("instagram", "instagram_manage_comments"),
        ("tiktok", "comment.list"),
    ],
)
def test_it_loses_only_comments_without_their_permission(sandbox, platform, scope):
    player = Player(sandbox, CONNECTORS[platform]).connect(without=scope)
    with pytest.raises(PermissionMissing) as told:
        bring(player)
    assert told.value.recovery is Recovery.GRANT
    first = player.connector.streams[0]
    assert player.read(first, Shelf()).records


def test_it_goes_on_when_a_post_was_deleted_since_it_was_listed(sandbox, monkeypatch):
    player = Player(sandbox, instagram.CONNECTOR).connect()
    whole = bring(player)
    gone = next(one.post for one in whole)
    get = Client.get

    def without_one(self, path, params=None, **more):
        if path == f"/{gone}/comments":
            raise NotOffered("Object does not exist.")
        return get(self, path, params, **more)

    monkeypatch.setattr(Client, "get", without_one)
    assert bring(player) == [one for one in whole if one.post != gone]


# -- answers as they come


def at_desk(desk: Desk, platform: str) -> Source:
    """A source whose answers the test lays out, behind the real client."""
    tokens = Tokens(Token("t", expires_at=NOW + 45 * DAY))
    quiet = {"now": lambda: NOW, "sleep": lambda _seconds: None}
    client = Client(CONNECTORS[platform], tokens, KEYS, NoLimits(), gateway=desk.url, **quiet)
    return Source(client, Account("1", "Desk"), Shelf())


def read(source: Source, name: str = "comments") -> list[Comment]:
    stream = next(one for one in source.client.connector.streams if one.name == name)
    return list(stream.read(source, Window(NOW.date(), NOW.date(), NOW)))


@pytest.fixture
def desk():
    with open_desk() as opened:
        yield opened


def thread(**changes) -> dict:
    snippet = {"textDisplay": "Nice", "publishedAt": "2026-11-20T10:00:00Z", "videoId": "v1"} | changes
    top = {"id": "Ug1", "snippet": snippet}
    return {"items": [{"id": "Ug1", "snippet": {"topLevelComment": top, "totalReplyCount": 0}}]}


def test_it_skips_comments_where_the_channel_closed_them(desk):
    error = {"code": 403, "message": "Disabled.", "errors": [{"reason": "commentsDisabled", "message": "Disabled."}]}
    desk.lay_out(Reply({"error": error}, 403))
    with pytest.raises(NotOffered) as told:
        read(at_desk(desk, "youtube"))
    assert told.value.recovery is Recovery.SKIP


def test_it_keeps_a_comment_of_the_channel_itself_without_a_video(desk):
    desk.lay_out(thread(videoId=None, likeCount=None))
    (found,) = read(at_desk(desk, "youtube"))
    assert (found.post, found.permalink, found.likes, found.author) == ("", "", None, "")


@pytest.mark.parametrize(
    "answer",
    [thread(publishedAt=None), thread(publishedAt="yesterday"), {"items": [{"id": "Ug1", "snippet": {}}]}],
    ids=["no moment", "a strange moment", "no comment"],
)
def test_it_takes_no_strange_thread_of_youtube(desk, answer):
    desk.lay_out(answer)
    with pytest.raises(SchemaDrift):
        read(at_desk(desk, "youtube"))


def test_it_takes_no_comment_of_meta_without_its_id(desk):
    desk.lay_out({"data": [{"timestamp": "2026-11-20T10:00:00+0000", "caption": "Hello"}]})
    with pytest.raises(SchemaDrift, match="id"):
        read(at_desk(desk, "instagram"), "mentions")


def test_it_keeps_a_tag_without_words(desk):
    desk.lay_out({"data": [{"id": "7", "timestamp": "2026-11-20T10:00:00+0000"}]})
    (found,) = read(at_desk(desk, "instagram"), "mentions")
    assert (found.text, found.likes, found.author) == ("", None, "")


def test_it_notices_tags_that_go_in_circles(desk):
    page = {"data": [{"id": "7", "timestamp": "2026-11-20T10:00:00+0000"}], "paging": {"cursors": {"after": "x"}}}
    desk.lay_out(page, page)
    with pytest.raises(SchemaDrift, match="twice"):
        read(at_desk(desk, "instagram"), "mentions")


VIDEOS = {"code": 0, "data": {"videos": [{"item_id": "9", "create_time": "1795160000"}], "has_more": False}}


@pytest.mark.parametrize(
    "data",
    [None, {"comments": "x"}, {"comments": [{"create_time": "1795160001"}]}, {"comments": [{"comment_id": "1"}]}],
    ids=["nothing", "no list", "no id", "no moment"],
)
def test_it_takes_no_strange_comment_of_tiktok(desk, data):
    desk.lay_out(VIDEOS, {"code": 0, "data": data})
    with pytest.raises(SchemaDrift):
        read(at_desk(desk, "tiktok"))


def test_it_notices_comments_of_tiktok_that_go_in_circles(desk):
    page = {"code": 0, "data": {"comments": [], "has_more": True, "cursor": 7}}
    desk.lay_out(VIDEOS, page, page)
    with pytest.raises(SchemaDrift, match="twice"):
        read(at_desk(desk, "tiktok"))


def test_it_reads_answers_that_tiktok_left_out(desk):
    top = {"comment_id": "1", "create_time": "1795160001", "text": "Hi", "replies": 4, "reply_list": []}
    answers = [{"comment_id": f"{n}", "create_time": "1795160002", "text": ""} for n in range(2, 6)]
    desk.lay_out(VIDEOS, {"code": 0, "data": {"comments": [top]}}, {"code": 0, "data": {"comments": answers}})
    found = read(at_desk(desk, "tiktok"))
    assert [(one.external_id, one.parent) for one in found] == [("1", ""), *((f"{n}", "1") for n in range(2, 6))]
    assert desk.asked[-1].query["comment_id"] == "1"


@pytest.mark.specs
def test_it_asks_only_for_what_the_documents_know(specs):
    methods = json.loads((specs / "youtube/youtube.v3.json").read_text())["resources"]["commentThreads"]["methods"]
    known = set(methods["list"]["parameters"])
    assert {"allThreadsRelatedToChannelId", "order", "textFormat", "maxResults", "part", "pageToken"} <= known
    assert methods["list"]["scopes"] == [youtube_comments.SCOPE], "Google has no smaller permission for it"
    comment = {field["name"] for field in json.loads((specs / "instagram/IGComment.json").read_text())["fields"]}
    medium = {field["name"] for field in json.loads((specs / "instagram/IGMedia.json").read_text())["fields"]}
    assert set(instagram_comments.WRITTEN.split(",")) <= comment
    assert set(instagram_comments.TAGGED.split(",")) <= medium
