"""What the stand-ins say people wrote: as much as is counted, always the same, in each platform's own shape."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from connectors import instagram, tiktok, youtube
from sandbox import comments, opinions, youtube_comments
from sandbox.instagram import MAIN as INSTAGRAM
from sandbox.instagram_comments import closes_comments as closed_at_instagram
from sandbox.tiktok import NORTHWIND as TIKTOK
from sandbox.view import View
from sandbox.world import World
from sandbox.youtube import MAIN as YOUTUBE
from sandbox.youtube_data import closes_comments
from tests.connectors.stage import Player
from tests.fixtures_sandbox import NOW

SPECS = {"youtube": YOUTUBE, "instagram": INSTAGRAM, "tiktok": TIKTOK}
CONNECTORS = {one.platform: one for one in (youtube.CONNECTOR, instagram.CONNECTOR, tiktok.CONNECTOR)}
WORLD = World(NOW)
CHANNEL = {"part": "snippet,replies", "allThreadsRelatedToChannelId": YOUTUBE.external_id}


def view_at(spec, now=NOW) -> View:
    return View.of(WORLD, spec, now, {})


def remarks(view, posts=None) -> list[comments.Remark]:
    threads = comments.under(view, view.posts() if posts is None else posts)
    return [remark for thread in threads for remark in (thread.top, *thread.answers)]


@pytest.fixture
def ask(sandbox):
    """Asks a platform as the login that a connector would use."""
    players = {name: Player(sandbox, connector).connect() for name, connector in CONNECTORS.items()}

    def get(platform, path, **params):
        client = players[platform].client()
        return client._session.get(
            f"{sandbox.url}/{client.address(path).removeprefix('https://')}",
            params=params,
            headers=client.connector.auth.headers(players[platform].tokens.token),
            timeout=30,
        )

    return get


# -- the world


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_it_shows_no_more_comments_than_a_post_counts_and_soon_all(spec):
    view = view_at(spec)
    counted = view.counters("comments")
    shown = Counter(remark.post.index for remark in remarks(view))
    assert all(shown[post.index] <= counted[post.index] for post in view.posts())
    old = [post for post in view.posts() if post.published_at < NOW - timedelta(days=60)]
    assert sum(counted[post.index] - shown[post.index] for post in old) < 0.01 * sum(shown.values())


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_it_never_takes_back_what_was_written(spec):
    earlier, later = (remarks(view_at(spec, now)) for now in (NOW - timedelta(days=3, hours=5), NOW))
    kept = {remark.number: remark for remark in later}
    assert len(later) > len(earlier) > 1000
    assert all(kept[remark.number] == remark for remark in earlier)
    assert all(remark.post.published_at <= remark.written_at <= NOW for remark in later)


def test_it_says_the_same_in_every_world():
    again = View.of(World(NOW), INSTAGRAM, NOW, {})
    assert remarks(again) == remarks(view_at(INSTAGRAM))


def test_it_has_good_even_and_bad_moods_in_two_languages():
    texts = Counter(remark.text for remark in remarks(view_at(INSTAGRAM)) if remark.parent == comments.ALONE)
    whole = sum(texts.values())
    for language in ("en", "de"):
        for words, least in ((opinions.GOOD, 0.15), (opinions.EVEN, 0.08), (opinions.BAD, 0.05)):
            starts = tuple(text.partition("{")[0] for text in words[language] if not text.startswith("{"))
            assert sum(count for text, count in texts.items() if text.startswith(starts)) > least * whole
    assert set(opinions.HOSTILE) <= texts.keys()


def test_it_turns_sour_when_people_leave():
    view = view_at(TIKTOK)
    days = [plant.day for plant in view.account.planted if plant.what == "people leaving"]
    bad = tuple(text for words in opinions.BAD.values() for text in (one.partition("{")[0] for one in words) if text)

    def share(first, last):
        spans = [(day + timedelta(days=first), day + timedelta(days=last)) for day in days]
        said = [one for one in remarks(view) if one.parent == comments.ALONE]
        found = [one.text for one in said if any(a <= one.written_at.date() <= b for a, b in spans)]
        return sum(text.startswith(bad) for text in found) / len(found)

    assert share(-2, 2) > 2 * share(-60, -10)


def test_it_answers_comments_not_answers():
    for thread in comments.under(view_at(TIKTOK), view_at(TIKTOK).posts()[:20]):
        assert thread.top.parent == comments.ALONE
        assert all(one.parent == thread.order and one.order > thread.order for one in thread.answers)


# -- YouTube


def test_it_lists_threads_of_the_channel_newest_first(ask):
    body = ask("youtube", "/commentThreads", **CHANNEL, maxResults=100).json()
    moments = [item["snippet"]["topLevelComment"]["snippet"]["publishedAt"] for item in body["items"]]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == 100
    assert body["nextPageToken"]
    threads = [item for item in body["items"] if "replies" in item]
    assert all(len(item["replies"]["comments"]) <= youtube_comments.SHOWN_ANSWERS for item in threads)
    assert all(item["snippet"]["totalReplyCount"] >= len(item["replies"]["comments"]) for item in threads)


def test_it_lists_all_answers_to_a_thread(ask):
    page = {}
    while True:
        body = ask("youtube", "/commentThreads", **CHANNEL, maxResults=100, **page).json()
        busy = [item for item in body["items"] if item["snippet"]["totalReplyCount"] > 5]
        if busy:
            break
        page = {"pageToken": body["nextPageToken"]}
    answers = ask("youtube", "/comments", part="snippet", parentId=busy[0]["id"], maxResults=100).json()["items"]
    assert len(answers) == busy[0]["snippet"]["totalReplyCount"]
    assert {item["snippet"]["parentId"] for item in answers} == {busy[0]["id"]}
    assert {item["id"] for item in busy[0]["replies"]["comments"]} <= {item["id"] for item in answers}


def test_it_says_that_a_video_has_no_comments_section(ask):
    post = next(post for post in view_at(YOUTUBE).posts() if closes_comments(post))
    reply = ask("youtube", "/commentThreads", part="snippet", videoId=post.id)
    assert reply.status_code == 403
    assert reply.json()["error"]["errors"][0]["reason"] == "commentsDisabled"


@pytest.mark.parametrize(
    ("asked", "status", "reason"),
    [
        ({"part": "snippet"}, 400, "missingRequiredParameter"),
        (CHANNEL | {"videoId": "x"}, 400, "incompatibleParameters"),
        (CHANNEL | {"part": "statistics"}, 400, "unknownPart"),
        (CHANNEL | {"maxResults": "101"}, 400, "invalidParameter"),
        (CHANNEL | {"order": "random"}, 400, "invalidParameter"),
        (CHANNEL | {"allThreadsRelatedToChannelId": "UC0"}, 404, "channelNotFound"),
        ({"part": "snippet", "videoId": "nothing"}, 404, "videoNotFound"),
    ],
)
def test_it_refuses_in_youtubes_words(ask, asked, status, reason):
    reply = ask("youtube", "/commentThreads", **asked)
    assert (reply.status_code, reply.json()["error"]["errors"][0]["reason"]) == (status, reason)


def test_it_keeps_held_comments_apart(ask):
    held = ask("youtube", "/commentThreads", **CHANNEL, moderationStatus="heldForReview").json()["items"]
    published = ask("youtube", "/commentThreads", **CHANNEL, maxResults=100).json()["items"]
    assert held
    assert not {item["id"] for item in held} & {item["id"] for item in published}
    assert not any(item["snippet"]["isPublic"] for item in held)


def test_it_sends_html_unless_plain_text_is_asked_for(ask):
    counted = view_at(YOUTUBE).counters("comments")
    hostile = [remark.post for remark in remarks(view_at(YOUTUBE)) if remark.text.startswith("<img")]
    post = next(post for post in hostile if counted[post.index] < 100 and not closes_comments(post))
    html, plain = (
        str(ask("youtube", "/commentThreads", part="snippet", videoId=post.id, maxResults=100, textFormat=form).json())
        for form in ("html", "plainText")
    )
    assert "&lt;img" in html
    assert "&lt;img" not in plain


@pytest.mark.specs
def test_it_shapes_threads_as_the_document_does(ask, specs):
    document = json.loads((specs / "youtube/youtube.v3.json").read_text())
    body = ask("youtube", "/commentThreads", **CHANNEL, maxResults=50).json()

    def check(name, value):
        known = document["schemas"][name]["properties"]
        assert set(value) <= set(known), name
        for field, found in value.items():
            kind = known[field]
            if "$ref" in kind:
                check(kind["$ref"], found)
            elif kind.get("items", {}).get("$ref"):
                for one in found:
                    check(kind["items"]["$ref"], one)
            else:
                jsonschema.validate(found, {"type": kind["type"]})

    check("CommentThreadListResponse", body)


# -- Instagram


def test_it_lists_comments_of_a_medium_with_answers_and_hidden_ones(ask):
    view = view_at(INSTAGRAM)
    counted = view.counters("comments")
    post = next(p for p in view.posts() if counted[p.index] > 120 and not closed_at_instagram(p))
    fields = "id,text,timestamp,username,hidden,like_count,replies{id,text,parent_id}"
    body = ask("instagram", f"/{post.id}/comments", fields=fields, limit=100).json()
    assert len(body["data"]) == 50, "never more on a page"
    assert body["paging"]["next"]
    stamps = [row["timestamp"] for row in body["data"]]
    assert stamps == sorted(stamps, reverse=True)
    answered = [row for row in body["data"] if "replies" in row]
    assert answered
    assert {name for row in answered for one in row["replies"]["data"] for name in one} == {"id", "text", "parent_id"}
    assert all(one["parent_id"] == row["id"] for row in answered for one in row["replies"]["data"])
    assert any(row["hidden"] for row in body["data"])


def test_it_leads_to_all_answers_of_a_busy_comment(ask):
    view = view_at(INSTAGRAM)
    thread = next(one for one in comments.under(view, view.posts()) if len(one.below) > 25)
    rows = ask("instagram", f"/{thread.post.id}/comments", fields="id,replies{id}", limit=50).json()
    while not (found := [row for row in rows["data"] if len(row.get("replies", {}).get("data", ())) == 25]):
        after = rows["paging"]["cursors"]["after"]
        rows = ask("instagram", f"/{thread.post.id}/comments", fields="id,replies{id}", limit=50, after=after).json()
    assert found[0]["replies"]["paging"]["next"]
    every = ask("instagram", f"/{found[0]['id']}/replies", fields="id", limit=50).json()["data"]
    assert len(every) > 25
    assert every[:25] == found[0]["replies"]["data"]


def test_it_shows_no_comments_where_they_are_closed(ask):
    view = view_at(INSTAGRAM)
    post = next(p for p in view.posts() if closed_at_instagram(p) and p.kind != "story" and remarks(view, [p]))
    assert ask("instagram", f"/{post.id}", fields="is_comment_enabled").json()["is_comment_enabled"] is False
    assert ask("instagram", f"/{post.id}/comments").json() == {"data": []}


def test_it_names_no_next_page_of_tags(ask):
    path = f"/{INSTAGRAM.external_id}/tags"
    first = ask("instagram", path, fields="id,caption,timestamp,username", limit=10).json()
    assert len(first["data"]) == 10
    assert first["paging"].keys() == {"cursors"}
    second = ask("instagram", path, limit=10, after=first["paging"]["cursors"]["after"]).json()
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}
    assert all(row["username"] != INSTAGRAM.handle for row in first["data"])


@pytest.mark.specs
def test_it_uses_only_fields_of_comments_that_meta_lists(ask, specs):
    known = {field["name"] for field in json.loads((specs / "instagram/IGComment.json").read_text())["fields"]}
    post = next(p for p in view_at(INSTAGRAM).posts() if p.kind != "story" and remarks(view_at(INSTAGRAM), [p]))
    fields = ",".join(sorted(known - {"legacy_instagram_comment_id"}))
    for row in ask("instagram", f"/{post.id}/comments", fields=fields).json()["data"]:
        assert set(row) <= known
    assert ask("instagram", f"/{post.id}/comments", fields="mood").json()["error"]["code"] == 100


# -- TikTok

COMMENTS, ANSWERS = "/business/comment/list/", "/business/comment/reply/list/"


def busy_video():
    view = view_at(TIKTOK)
    thread = next(one for one in comments.under(view, view.posts()) if len(one.below) > 3)
    return {"business_id": TIKTOK.external_id, "video_id": thread.post.id}


def test_it_pages_comments_of_a_video_by_a_cursor_that_counts(ask):
    asked, found, cursor = busy_video(), [], 0
    while True:
        data = ask("tiktok", COMMENTS, **asked, max_count=30, cursor=cursor).json()["data"]
        found += data["comments"]
        assert data["cursor"] == len(found)
        if not data["has_more"]:
            break
        cursor = data["cursor"]
    assert len({row["comment_id"] for row in found}) == len(found) > 30
    moments = [int(row["create_time"]) for row in found]
    assert moments == sorted(moments, reverse=True)
    public = ask("tiktok", COMMENTS, **asked, max_count=1, status="PUBLIC").json()["data"]["comments"]
    assert public[0]["status"] == "PUBLIC"
    assert {row["status"] for row in found} == {"PUBLIC", "HIDDEN"}


def test_it_shows_three_answers_and_lists_the_rest(ask):
    asked = busy_video()
    rows = ask("tiktok", COMMENTS, **asked, include_replies="true", sort_field="replies").json()["data"]["comments"]
    first = rows[0]
    assert first["replies"] == max(row["replies"] for row in rows) > 3
    assert len(first["reply_list"]) == 3
    data = ask("tiktok", ANSWERS, **asked, comment_id=first["comment_id"], max_count=30).json()["data"]
    assert len(data["comments"]) == min(first["replies"], 30)
    assert {row["parent_comment_id"] for row in data["comments"]} == {first["comment_id"]}
    assert "replies" not in data["comments"][0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"video_id": ""}, "video_id"),
        ({"video_id": "1"}, "does not belong"),
        ({"max_count": "31"}, "max_count"),
        ({"status": "SOME"}, "status"),
        ({"sort_field": "mood"}, "sort_field"),
    ],
)
def test_it_refuses_in_tiktoks_words(ask, changes, said):
    body = ask("tiktok", COMMENTS, **(busy_video() | changes)).json()
    assert body["code"] == 40002
    assert said in body["message"]


def test_it_answers_about_comments_of_an_earlier_moment(sandbox):
    """`written_at` is never later than the moment that is asked about."""
    earlier = view_at(TIKTOK, datetime(2026, 6, 1, 12, tzinfo=UTC))
    assert max(remark.written_at for remark in remarks(earlier)) <= earlier.now
