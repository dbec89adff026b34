"""Facebook Pages, as the Graph API v26 answers after a login with Facebook; checked against Meta's field lists.

A page is read with a token of its own, which the person's token gets from it. Days are Pacific and are shown 18 hours
after they end. The host is shared with Instagram: the token says whose a call is (`meta_graph.owns`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sandbox import facebook_insights, facebook_talk, meta_graph
from sandbox.facebook_insights import ZONE, since_until
from sandbox.facebook_talk import Said
from sandbox.meta_graph import edge, error, fields, missing, moment, stamp
from sandbox.server import Call, Login, Platform, Quota
from sandbox.view import View
from sandbox.wire import Refused, Reply
from sandbox.world import AccountSpec, Kind, Post, digits

PAGE_FIELDS = (
    "about",
    "access_token",
    "category",
    "fan_count",
    "followers_count",
    "id",
    "is_published",
    "link",
    "name",
    "talking_about_count",
    "username",
    "website",
)
ACCOUNT_FIELDS = (*PAGE_FIELDS, "picture", "tasks")
COUNTERS = ("comments", "likes", "reactions")
POST_FIELDS = (
    "created_time",
    "from",
    "full_picture",
    "id",
    "is_hidden",
    "is_published",
    "message",
    "permalink_url",
    "shares",
    "status_type",
    "updated_time",
)
POST_EDGES = ("attachments", *COUNTERS)
VIDEO_FIELDS = (
    "created_time",
    "description",
    "id",
    "length",
    "permalink_url",
    "picture",
    "post_id",
    "published",
    "title",
    "updated_time",
    "views",
)
STORY_FIELDS = ("creation_time", "media_id", "media_type", "post_id", "status", "url")
COMMENT_FIELDS = (
    "comment_count",
    "created_time",
    "from",
    "id",
    "is_hidden",
    "like_count",
    "message",
    "parent",
    "permalink_url",
)
MEDIA_TYPE = {"photo": "photo", "album": "album", "video": "video", "reel": "video", "link": "link"}
STATUS_TYPE = {"link": "shared_story", "video": "added_video", "reel": "added_video", "status": "mobile_status_update"}
READS_PEOPLE = "pages_read_user_content"

_STILL = {"video_plays": 0.0, "watch_ms": 0.0, "link_clicks": 0.0, "replies": 0.0}
_MOVING = {"link_clicks": 0.1, "replies": 0.0}
_LINK = {"video_plays": 0.0, "watch_ms": 0.0, "replies": 0.0}
_STORY = {"comments": 0.0, "clicks": 0.0, "link_clicks": 0.0, "video_plays": 0.0, "watch_ms": 0.0, "shares": 0.3}
KINDS = {
    "status": Kind(0.08, 0.6, rates=_STILL),
    "photo": Kind(0.24, 1.0, rates=_STILL),
    "album": Kind(0.12, 1.2, rates=_STILL),
    "link": Kind(0.14, 0.8, rates=_LINK),
    "video": Kind(0.1, 1.3, 20.0, 0.18, rates=_MOVING, seconds=(35, 240)),
    "reel": Kind(0.16, 1.9, 22.0, 0.2, rates=_MOVING, seconds=(8, 60)),
    "story": Kind(0.45, 0.25, 5.0, 0.0, 24.0, rates=_STORY),
}


def _of_page(page: str) -> Callable[[int, datetime], str]:
    return lambda number, at: f"{page}_{digits(number, at)}"


MAIN = AccountSpec(
    platform="facebook",
    key="main",
    external_id="104500000000101",
    title="Northwind Coffee",
    handle="northwindcoffee",
    shows="a busy page: posts of every kind, stories, comments and mentions",
    day_zone=ZONE,
    followers=9_600,
    gained_per_day=9,
    lost_per_day=5,
    posts_per_week=7,
    views_per_post=2600,
    kinds=KINDS,
    rates={
        "likes": 0.021,
        "comments": 0.0019,
        "shares": 0.0024,
        "clicks": 0.034,
        "link_clicks": 0.016,
        "reach_of_post": 0.74,
        "video_plays": 0.52,
        "watch_ms": 5200.0,
        "replies": 0.003,
    },
    daily_rates={"reach": 0.58, "actions": 0.0016, "visits": 0.019},
    shares={
        "city": {
            "Berlin, Germany": 36,
            "Hamburg, Germany": 14,
            "Munich, Bavaria, Germany": 11,
            "Vienna, Austria": 9,
            "London, England, United Kingdom": 6,
        }
    },
    post_id=_of_page("104500000000101"),
)
SMALL = replace(
    MAIN,
    key="small",
    external_id="104500000000102",
    title="Northwind Roastery School",
    handle="northwindschool",
    shows="fewer than 100 followers: posts, but no insights of the page",
    followers=38,
    gained_per_day=0.03,
    lost_per_day=0.015,
    posts_per_week=1.5,
    views_per_post=60,
    post_id=_of_page("104500000000102"),
)
EMPTY = replace(
    MAIN,
    key="new",
    external_id="104500000000103",
    title="Northwind Labs",
    handle="northwindlabs",
    shows="a new page: nobody follows, nothing posted",
    followers=0,
    gained_per_day=0.0,
    lost_per_day=0.0,
    posts_per_week=0.0,
    post_id=_of_page("104500000000103"),
)
PORTFOLIO = replace(
    SMALL,
    key="portfolio",
    external_id="104500000000104",
    title="Northwind Training",
    handle="northwindtraining",
    shows="a page of a business portfolio: found only with a permission of its own",
    post_id=_of_page("104500000000104"),
)
HELPED_OUT = {"id": "104500000000190", "name": "A page the person only answers messages for", "tasks": ["MESSAGING"]}


# -- nodes ------------------------------------------------------------------------------------------------------------


def my_accounts(call: Call) -> Reply:
    """GET /me/accounts: the person's pages, and what they may do on each."""
    asked = fields(call, ("name", "category", "access_token", "tasks"), ACCOUNT_FIELDS)
    there = [] if call.fault("account_gone") else meta_graph.listed(call)
    rows = [_page_values(call, call.view(spec)) for spec in there]
    return edge(call, [{name: row[name] for name in asked if name in row} for row in [*rows, HELPED_OUT]])


def node(call: Call) -> Reply:
    """GET /{id}: a page, a post or a video."""
    if spec := _spec(call):
        asked = fields(call, ("name",), PAGE_FIELDS)
        values = _page_values(call, call.view(spec))
        return Reply({name: values[name] for name in asked})
    view, post = _found(call)
    _as_page(call, view.spec)
    if call.params["node"] == post.id:
        return Reply(_post_values(call, view, post, _post_fields(call)))
    plays = int(view.counters("video_plays")[post.index])
    return Reply(_shaped(_video_values(view, post, plays), fields(call, (), VIDEO_FIELDS)))


def _page_values(call: Call, view: View) -> dict[str, Any]:
    spec = view.spec
    return {
        "id": spec.external_id,
        "name": spec.title,
        "username": spec.handle,
        "about": "Coffee, roasted in Berlin.",
        "category": "Coffee shop",
        "link": f"https://www.facebook.com/{spec.handle}",
        "website": "https://northwind.example/",
        "is_published": True,
        "fan_count": int(view.followers * 0.93),
        "followers_count": view.followers,
        "talking_about_count": view.followers // 60,
        "picture": {"data": {"url": f"https://scontent.xx.fbcdn.net/v/{spec.key}.jpg", "is_silhouette": False}},
        "tasks": ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"],
        "access_token": meta_graph.page_token(call, spec.external_id),
    }


# -- posts ------------------------------------------------------------------------------------------------------------


def posts(call: Call) -> Reply:
    """GET /{page}/published_posts, /posts and /feed: newest first, without stories."""
    view = _page(call)
    asked = _post_fields(call)
    found = _between(call, [post for post in view.posts() if post.kind != "story"])
    reply = edge(call, [{"id": post.id} for post in found])
    counted = {name: view.counters(name) for name in ("likes", "comments", "shares")} if found else {}
    rows = [_post_values(call, view, view.account.by_id[row["id"]], asked, counted) for row in reply.body["data"]]
    if rows and (strange := call.fault("new_enum")):
        word = strange.options.get("value", "HOLOGRAM")
        rows[0] |= {"attachments": {"data": [{"media_type": word.lower(), "type": word.lower()}]}}
    return replace(reply, body=reply.body | {"data": rows})


def _post_fields(call: Call) -> list[str]:
    asked = fields(call, ("created_time", "message"), (*POST_FIELDS, *POST_EDGES))
    if set(COUNTERS).intersection(asked) and call.grant and READS_PEOPLE not in call.grant.scopes:
        needed = f"the '{READS_PEOPLE}' permission or the 'Page Public Content Access' feature"
        raise Refused(error(f"(#10) This endpoint requires {needed}.", 10))
    return asked


def _post_values(
    call: Call, view: View, post: Post, asked: Sequence[str], counted: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    counts = {
        name: int(values[post.index])
        for name, values in (counted or {name: view.counters(name) for name in ("likes", "comments", "shares")}).items()
    }
    values: dict[str, Any] = {
        "id": post.id,
        "message": f"{post.text.body}\n{' '.join(post.text.hashtags)}",
        "created_time": stamp(post.published_at),
        "updated_time": stamp(post.published_at),
        "permalink_url": _permalink(view.spec, post),
        "full_picture": f"https://scontent.xx.fbcdn.net/v/{post.number}.jpg",
        "status_type": STATUS_TYPE.get(post.kind, "added_photos"),
        "is_published": True,
        "is_hidden": False,
        "from": {"name": view.spec.title, "id": view.spec.external_id},
        "shares": {"count": counts["shares"]},
        "attachments": {"data": [_attachment(post)]},
    }
    texts = call.arg("fields")
    for name, key in (("likes", "likes"), ("reactions", "likes"), ("comments", "comments")):
        total = facebook_insights.reactions(counts["likes"]).get("like", 0) if name == "likes" else counts[key]
        values[name] = {"data": [], **({"summary": {"total_count": total}} if f"{name}.summary(true)" in texts else {})}
    left_out = {"shares"} if not counts["shares"] else set()
    left_out |= {"full_picture", "attachments"} if post.kind == "status" else set()
    return {name: values[name] for name in asked if name not in left_out}


def _attachment(post: Post) -> dict[str, Any]:
    found: dict[str, Any] = {"media_type": MEDIA_TYPE.get(post.kind, "photo"), "title": post.text.title}
    found["media"] = {"image": {"src": f"https://scontent.xx.fbcdn.net/v/{post.number}.jpg"}}
    if post.kind in {"video", "reel"}:
        found |= {"type": "video_inline", "target": {"id": video_id(post)}}
    if post.kind == "link":
        found |= {"type": "share", "unshimmed_url": f"https://northwind.example/journal/{post.number}"}
    return found


def _permalink(spec: AccountSpec, post: Post) -> str:
    own = post.id.partition("_")[2]
    if post.kind == "reel":
        return f"https://www.facebook.com/reel/{video_id(post)}/"
    if post.kind == "video":
        return f"https://www.facebook.com/{spec.handle}/videos/{video_id(post)}/"
    return f"https://www.facebook.com/{spec.handle}/posts/{own}"


def _between(call: Call, found: Sequence[Post]) -> list[Post]:
    since, until = since_until(call)
    return [post for post in found if since <= post.published_at.timestamp() <= until]


# -- videos and stories -----------------------------------------------------------------------------------------------


def video_id(post: Post) -> str:
    """A video is a node of its own beside the post that shows it."""
    return str(int(post.id.partition("_")[2]) - 10**16)


def videos(call: Call) -> Reply:
    """GET /{page}/videos: newest first; reels have an edge of their own."""
    return _videos(call, "video")


def reels(call: Call) -> Reply:
    """GET /{page}/video_reels: newest first."""
    return _videos(call, "reel")


def _videos(call: Call, kind: str) -> Reply:
    view = _page(call)
    asked = fields(call, ("updated_time", "description"), VIDEO_FIELDS)
    found = _between(call, [post for post in view.posts() if post.kind == kind])
    plays = view.counters("video_plays")
    return edge(call, [_shaped(_video_values(view, post, int(plays[post.index])), asked) for post in found])


def _video_values(view: View, post: Post, plays: int) -> dict[str, Any]:
    return {
        "id": video_id(post),
        "post_id": post.id.partition("_")[2],
        "title": post.text.title,
        "description": post.text.body,
        "created_time": stamp(post.published_at),
        "updated_time": stamp(post.published_at),
        "permalink_url": _permalink(view.spec, post).removeprefix("https://www.facebook.com"),
        "length": post.duration_s + 0.237,
        "views": plays,
        "picture": f"https://scontent.xx.fbcdn.net/v/{post.number}.jpg",
        "published": True,
    }


def stories(call: Call) -> Reply:
    """GET /{page}/stories: live ones, and those in the archive."""
    view = _page(call)
    wanted = {name.upper() for name in call.names("status")} or {"PUBLISHED", "ARCHIVED"}
    asked = fields(call, STORY_FIELDS, ("id", *STORY_FIELDS))
    rows = [_story(view, post) for post in _between(call, [post for post in view.posts() if post.kind == "story"])]
    return edge(call, [_shaped(row, asked) for row in rows if row["status"] in wanted])


def _story(view: View, post: Post) -> dict[str, Any]:
    own = post.id.partition("_")[2]
    return {
        "post_id": own,
        "status": "PUBLISHED" if view.now - post.published_at < timedelta(hours=24) else "ARCHIVED",
        "creation_time": str(int(post.published_at.timestamp())),
        "media_type": "photo",
        "media_id": video_id(post),
        "url": f"https://www.facebook.com/stories/{view.spec.external_id}/{own}/",
    }


def insights(call: Call) -> Reply:
    """GET /{id}/insights, of a page, a post or a story."""
    if spec := _spec(call):
        _as_page(call, spec, "(#190) This method must be called with a Page Access Token", 190)
        return facebook_insights.of_page(call, call.view(spec))
    view, post = _found(call)
    _as_page(call, view.spec, "(#190) This method must be called with a Page Access Token", 190)
    return facebook_insights.of_post(call, view, post)


def video_insights(call: Call) -> Reply:
    """GET /{video}/video_insights."""
    view, post = _found(call)
    _as_page(call, view.spec, "(#190) This method must be called with a Page Access Token", 190)
    return facebook_insights.of_video(call, view, post, call.params["node"])


# -- people -----------------------------------------------------------------------------------------------------------


def comments(call: Call) -> Reply:
    """GET /{post}/comments: first level only, or with filter=stream the answers, too."""
    view, post = _found(call)
    _as_page(call, view.spec)
    asked = fields(call, ("created_time", "from", "message"), COMMENT_FIELDS)
    found = facebook_talk.comments(view, post)
    answers = {said.id: sum(other.parent == said.id for other in found) for said in found}
    since = moment(call, "since")
    rows = [
        _shaped(_comment(view.spec, post, said, answers[said.id]), asked)
        for said in found
        if (call.arg("filter") == "stream" or not said.parent) and (since is None or said.at >= since)
    ]
    return edge(call, rows[::-1] if call.arg("order") == "reverse_chronological" else rows)


def _comment(spec: AccountSpec, post: Post, said: Said, answers: int) -> dict[str, Any]:
    own = f"{_permalink(spec, post)}?comment_id={said.id.partition('_')[2]}"
    found = {
        "id": said.id,
        "message": said.text,
        "created_time": stamp(said.at),
        "from": {"name": said.author, "id": said.author_id},
        "like_count": said.likes,
        "comment_count": answers,
        "is_hidden": said.is_hidden,
        "permalink_url": own,
    }
    return found | ({"parent": {"id": said.parent}} if said.parent else {})


def tagged(call: Call) -> Reply:
    """GET /{page}/tagged: posts of others that name the page."""
    view = _page(call)
    asked = fields(call, ("tagged_time", "message"), (*POST_FIELDS, "tagged_time"))
    since, until = since_until(call)
    found = [said for said in facebook_talk.mentions(view) if since <= said.at.timestamp() <= until]
    rows = [
        {
            "id": said.id,
            "message": said.text,
            "created_time": stamp(said.at),
            "tagged_time": stamp(said.at),
            "from": {"name": said.author, "id": said.author_id},
            "permalink_url": f"https://www.facebook.com/{said.id.replace('_', '/posts/')}",
        }
        for said in found
    ]
    return edge(call, [_shaped(row, asked) for row in rows])


# -- finding ----------------------------------------------------------------------------------------------------------


def _shaped(values: Mapping[str, Any], asked: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in asked if name in values}


def _spec(call: Call) -> AccountSpec | None:
    return next((spec for spec in call.accounts if spec.external_id == call.params["node"]), None)


def _as_page(
    call: Call,
    spec: AccountSpec,
    text: str = "(#210) A page access token is required to request this resource.",
    code: int = 210,
) -> None:
    if call.grant is None or call.grant.subject != spec.external_id:
        raise Refused(error(text, code))


def _page(call: Call) -> View:
    spec = _spec(call)
    if spec is None:
        raise missing(call.params["node"])
    _as_page(call, spec)
    return call.view(spec)


def _found(call: Call) -> tuple[View, Post]:
    """The post or the video of an id, and its page. Stories are also known by the second half of their id."""
    asked = call.params["node"]
    for spec in call.accounts:
        view = call.view(spec)
        names = [asked, f"{spec.external_id}_{asked}"]
        names += [f"{spec.external_id}_{int(asked) + 10**16}"] if asked.isdigit() else []
        for post in (view.post(name) for name in names):
            if post:
                return view, post
    raise missing(asked)


_QUOTA = Quota("pages", 200_000, 86400)
_BASIC = ("pages_read_engagement",)
_NUMBERS, _PEOPLE = (*_BASIC, "read_insights"), (*_BASIC, READS_PEOPLE)
_get = partial(meta_graph.route, _QUOTA)


PLATFORM = Platform(
    name="facebook",
    title="Facebook",
    logins=(
        Login("northwind", "Northwind Coffee", (MAIN, SMALL)),
        Login("new", "Northwind Labs (a new page)", (EMPTY,)),
        Login("nobody", "A person without a page", ()),
        Login("portfolio", "Northwind Group (a page of its business portfolio)", (SMALL, PORTFOLIO)),
    ),
    routes=(
        *meta_graph.login_routes(_QUOTA),
        _get("/me/accounts", my_accounts, ("pages_show_list",)),
        *(_get(f"/{{node}}/{name}", posts, _BASIC) for name in ("published_posts", "posts", "feed")),
        _get("/{node}/videos", videos, _BASIC),
        _get("/{node}/video_reels", reels, _BASIC),
        _get("/{node}/stories", stories, _BASIC),
        _get("/{node}/tagged", tagged, _PEOPLE),
        _get("/{node}/comments", comments, _PEOPLE),
        _get("/{node}/insights", insights, _NUMBERS),
        _get("/{node}/video_insights", video_insights, _NUMBERS),
        _get("/{node}", node, _BASIC),
    ),
    envelope=meta_graph.envelope,
    headers=meta_graph.headers,
    owns=meta_graph.owns,
    oauth=meta_graph.dialect(
        {
            "pages_show_list": "See the list of pages",
            "pages_read_engagement": "Read content of the pages and their followers",
            "read_insights": "Read insights of the pages",
            "pages_read_user_content": "Read what others write on the pages",
            "business_management": "See the business portfolio",
        }
    ),
)
