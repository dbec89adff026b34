"""What stands on a company page at LinkedIn: posts and their videos, comments, what others say of it, forms sent to it.

Comments are listed as of the last full hour, so that they never change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from sandbox import linkedin_api as api
from sandbox.linkedin_api import KEPT, bad, finder, listed, ms, number_of, page_in, page_of, paged, share_id, urn_of
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Failed, Failure, Reply
from sandbox.world import Post, days_of

NOT_A_PLUGIN = True

NEWS_KEPT = timedelta(days=60)
VIDEO_KEPT = timedelta(days=182)
VIDEO = {"VIDEO_VIEW": ("video_views",), "VIEWER": ("viewers", "video_views"), "TIME_WATCHED": ("watched_ms",)}
"""Number of a video -> the world's counters, of which it is the least: nobody views who did not play."""
ENDING = {"VIDEO_VIEW", "VIEWER"}
"""Numbers of videos that LinkedIn gives for half a year only."""

SAID = (
    "Love this. Which grinder do you use?",
    "Congratulations to the whole team! 🎉",
    "Sorry, but the last two bags were stale. Disappointed.",
    "Toller Beitrag, danke fürs Teilen!",
    "We switched our office to your beans last month, great choice.",
    '=HYPERLINK("https://example.com","look here")',
    "Is there a decaf version of this?",
    "<b>Interested</b> in a wholesale price list, please.",
    "Not convinced. Too expensive for what it is.",
    "☕☕☕",
)
MENTIONED = (
    "Best team breakfast in years, thanks to @[Northwind Coffee](urn:li:organization:2414183)!",
    r"Proud to supply @[Northwind Coffee](urn:li:organization:2414183) \(since 2019\).",
    "Long queue at @[Northwind Coffee](urn:li:organization:2414183) again, and nobody seemed to care.",
)


# Posts


def posts(call: Call) -> Reply:
    """GET /posts?q=author: the page's posts, newest first."""
    finder(call, "author")
    view = page_in(call, "author")
    if call.arg("sortBy", "LAST_MODIFIED") not in {"LAST_MODIFIED", "CREATED"}:
        raise bad("Invalid query parameters: sortBy has an unknown value")
    novelty = call.fault("new_enum")
    kind = str(novelty.options.get("value", "HOLOGRAM")).lower() if novelty else ""
    rows = [_post(view, post, kind if place == 0 else "") for place, post in enumerate(view.posts())]
    return paged(call, rows)


def _post(view: View, post: Post, novelty: str) -> dict[str, Any]:
    at = ms(post.published_at)
    content = {novelty: {"id": f"urn:li:{novelty}:{post.number}"}} if novelty else _content(post)
    return {
        "id": urn_of(post),
        "author": f"urn:li:organization:{view.spec.external_id}",
        "commentary": api.little(post.text.body, post.text.hashtags),
        "createdAt": at - 1200,
        "publishedAt": at,
        "lastModifiedAt": at + 900,
        "lifecycleState": "PUBLISHED",
        "lifecycleStateInfo": {"isEditedByAuthor": False},
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []},
        "isReshareDisabledByAuthor": False,
        **({"content": content} if content else {}),
    }


def _content(post: Post) -> dict[str, Any]:
    asset = f"C4D{post.number % 10}AQ{post.number:010d}"
    if post.kind in {"image", "video", "document"}:
        return {"media": {"id": f"urn:li:{post.kind}:{asset}", "title": post.text.title}}
    if post.kind == "multiImage":
        return {"multiImage": {"images": [{"id": f"urn:li:image:{asset}{n}", "altText": ""} for n in range(3)]}}
    if post.kind == "article":
        source = f"https://northwind.example/journal/{post.number}"
        return {"article": {"source": source, "title": post.text.title, "thumbnail": f"urn:li:image:{asset}"}}
    if post.kind == "poll":
        settings = {"duration": "THREE_DAYS", "voteSelectionType": "SINGLE_VOTE", "isVoterVisibleToAuthor": True}
        options = [{"text": text, "voteCount": post.number % 40 + 3} for text in ("Filter", "Espresso")]
        return {"poll": {"question": post.text.title[:140], "settings": settings, "options": options}}
    return {}


def video_statistics(call: Call) -> Reply:
    """GET /videoAnalytics: one number of one video, over its life."""
    finder(call, "entity")
    kind, retired = call.arg("type"), call.fault("retired_metric")
    if kind not in VIDEO or (retired and retired.options.get("metric") == kind):
        raise bad(f"Invalid query parameters passed to request: {kind} is not a member of enumeration VideoMetricType")
    entity = call.arg("entity")
    view = call.view(call.accounts[0])
    post = view.post(number_of(entity, "ugcPost"))
    if post is None or post.kind != "video":
        raise bad("The entity has no video")
    if kind in ENDING and view.now - post.published_at > VIDEO_KEPT:
        return paged(call, [])
    value = min(_counted(view, post, name) for name in VIDEO[kind])
    if call.arg("aggregation", "ALL") != "ALL":
        raise bad("The sandbox gives videos only over their whole life")
    return paged(call, [{"entity": entity, "statisticsType": kind, "value": value}])


def _counted(view: View, post: Post, name: str) -> int:
    return int(view.counters_at(name, np.array([post.index]), [view.now])[0, 0])


# What people say


def comments(call: Call) -> Reply:
    """GET /socialActions/{urn}/comments: comments under a post, or the replies to a comment."""
    view, about = call.view(call.accounts[0]), call.params["urn"]
    under = about.removeprefix("urn:li:comment:(").split(",")[0] if about.startswith("urn:li:comment:") else about
    post = view.post(under.rsplit(":", 1)[-1])
    if post is None or urn_of(post) != under:
        raise Failed(Failure("bad_request", f"Could not find {about[:80]}"))
    written = _written(view, post)
    if about == under:
        return paged(call, [row for row in written if "parentComment" not in row])
    return paged(call, [row for row in written if row.get("parentComment") == about])


def _written(view: View, post: Post) -> list[dict[str, Any]]:
    """The comments there are at the last full hour; every fourth one is answered by the page itself."""
    hours = max(int((view.now - post.published_at).total_seconds() // 3600), 0)
    moments = [post.published_at + timedelta(hours=n) for n in range(hours + 1)]
    counts = view.account.counters_at("comments", np.array([post.index]), moments)[0]
    rows, thread = [], urn_of(post)
    for number in range(min(int(counts[-1]), 200)):
        at = moments[int(np.searchsorted(counts, number + 1))] - timedelta(minutes=number * 17 % 59)
        urn = f"urn:li:comment:({thread},{_comment_id(post, number, 0)})"
        answered = number % 4 == 0 and at + timedelta(hours=1) < view.now
        row = _comment(thread, urn, f"urn:li:person:{post.number % 89}x{number}", SAID[(post.number + number) % 10], at)
        rows.append(row | {"commentsSummary": {"totalFirstLevelComments": int(answered)}})
        if answered:
            own, reply = (
                f"urn:li:organization:{view.spec.external_id}",
                f"urn:li:comment:({thread},{_comment_id(post, number, 1)})",
            )
            later = at + timedelta(minutes=40)
            rows.append(_comment(thread, reply, own, "Thank you! We read everything.", later) | {"parentComment": urn})
    return rows


def _comment_id(post: Post, number: int, reply: int) -> int:
    return int(post.id) + 4_194_304 * (number * 2 + reply + 1)


def _comment(thread: str, urn: str, actor: str, text: str, at: datetime) -> dict[str, Any]:
    stamp = {"actor": actor, "time": ms(at)}
    likes = sum(map(ord, text)) % 5
    return {
        "actor": actor,
        "commentUrn": urn,
        "$URN": urn,
        "id": urn.rsplit(",", 1)[-1].rstrip(")"),
        "object": thread,
        "created": stamp,
        "lastModified": stamp,
        "message": {"attributes": [], "text": text},
        "likesSummary": {
            "selectedLikes": [],
            "aggregatedTotalLikes": likes,
            "likedByCurrentUser": False,
            "totalLikes": likes,
        },
    }


def notifications(call: Call) -> Reply:
    """GET /organizationalEntityNotifications: what others did about the page in the last 60 days, newest first."""
    finder(call, "criteria")
    view, wanted = page_in(call, "organizationalEntity"), listed(call.arg("actions"))
    if unknown := set(wanted) - {"LIKE", "COMMENT", "SHARE", "SHARE_MENTION", "ADMIN_COMMENT"}:
        raise bad(f"Invalid query parameters: {sorted(unknown)[0]} is not an action")
    start, end = api.time_range(call.arg("timeRange"))
    start, end = max(start, view.now - NEWS_KEPT), min(end, view.now)
    if "SHARE_MENTION" not in wanted or view.spec.is_empty or start >= end:
        return paged(call, [])
    days = days_of(start.date(), end.date())[::-1]
    rows = [_mention(view, day, n) for day in days for n in range(2 - day.toordinal() % 2)]
    return paged(call, [row for row in rows if ms(start) <= row["lastModifiedAt"] < ms(end)])


def _mention(view: View, day: date, number: int) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 7 + 6 * number, day.toordinal() % 60, tzinfo=UTC)
    share = f"urn:li:share:{share_id(day.toordinal() * 10 + number, at)}"
    owner = f"urn:li:person:m{day.toordinal() % 613}"
    text = MENTIONED[(day.toordinal() + number) % 3]
    return {
        "notificationId": day.toordinal() * 100 + number,
        "organizationalEntity": f"urn:li:organization:{view.spec.external_id}",
        "action": "SHARE_MENTION",
        "sourcePost": share,
        "generatedActivity": share,
        "decoratedGeneratedActivity": {"share": {"entity": share, "owner": owner, "text": text}},
        "lastModifiedAt": ms(at),
        "subscriber": "urn:li:person:northwind",
    }


def leads(call: Call) -> Reply:
    """GET /leadFormResponses?q=owner: forms that people sent, of one type, in a span of time."""
    finder(call, "owner")
    owner = call.arg("owner").removeprefix("(organization:").removesuffix(")")
    view = page_of(call, number_of(owner, "organization"))
    kind = call.arg("leadType").removeprefix("(leadType:").removesuffix(")")
    if kind not in {"COMPANY", "EVENT", "ORGANIZATION_PRODUCT", "SPONSORED"}:
        raise bad(f"Invalid query parameters: {kind} is not a type of leads")
    start, end = api.time_range(call.arg("submittedAtTimeRange"))
    start, end = max(start, view.now - KEPT), min(end, view.now)
    sent = _sent(view, start.date(), end.date()) if start < end and not view.spec.is_empty else []
    fields = set(call.names("fields")) or {"id", "submittedAt", "testLead", "leadType", "formResponse"}
    rows = [row for row in sent if row["leadType"] == kind and ms(start) <= row["submittedAt"] < ms(end)]
    return paged(call, [{name: value for name, value in row.items() if name in fields} for row in rows])


def _sent(view: View, first: date, last: date) -> list[dict[str, Any]]:
    days = days_of(first, last)
    counts = view.account.daily("leads", days, view.now).tolist()
    return [_lead(day, number) for day, count in zip(days, counts, strict=True) for number in range(count)]


def _lead(day: date, number: int) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=number * 7 % 480)
    kinds = ("COMPANY", "COMPANY", "EVENT", "ORGANIZATION_PRODUCT", "COMPANY")
    answers = [{"questionId": 1, "answerDetails": {"textQuestionAnswer": {"answer": f"lead{number}@example.com"}}}]
    return {
        "id": f"{day:%Y%m%d}-{number}",
        "leadType": kinds[(day.toordinal() + number) % 5],
        "submittedAt": ms(at),
        "testLead": False,
        "formResponse": {"answers": answers},
    }
