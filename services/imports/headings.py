"""What the headings of exports mean, as data: a heading is compared in lower case, without punctuation.

`metric:<name>` is a number of the registry; the other meanings say what a row is about. A rate is never imported: it is
computed from its parts. Split columns ("from home") wait for the dimension they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.language import mark

DAY, PUBLISHED, TIME, MONTH, WEEKDAY, HOUR = "day", "published", "time", "month", "weekday", "hour"
POST_ID, TEXT, TITLE, TAGS, LINK, KIND = "post_id", "text", "title", "tags", "link", "kind"
THUMBNAIL, DURATION, LANGUAGE, ACCOUNT = "thumbnail", "duration_s", "language", "account"
ACCOUNT_ID, HANDLE, PERIOD = "account_id", "handle", "period"
IGNORED_RATE, IGNORED_SUM, IGNORED_NAME, IGNORED = "ignored_rate", "ignored_sum", "ignored_name", "ignored"
METRIC = "metric:"

HEADINGS: dict[str, tuple[str, ...]] = {
    DAY: ("date", "day", "datum", "tag", "jour", "fecha"),
    PUBLISHED: (
        "published", "published at", "publish time", "publish date", "posted", "posted at", "created at", "created",
        "created date", "post date", "published date", "video publish time", "date published", "veröffentlicht",
        "veröffentlichungsdatum", "publié le",
    ),
    TIME: ("time", "uhrzeit", "heure"),
    MONTH: ("month", "post month", "monat", "mois"),
    WEEKDAY: ("weekday", "post weekday", "wochentag"),
    HOUR: ("hour", "post hour", "stunde"),
    POST_ID: ("post id", "id", "media id", "tweet id", "video id", "content id", "content", "beitrags id"),
    TEXT: (
        "caption", "text", "message", "post text", "tweet text", "description", "post message", "beschreibung",
        "légende",
    ),
    TITLE: ("title", "video title", "post title", "titel", "titre"),
    TAGS: ("hashtags", "tags", "keywords"),
    LINK: (
        "permalink", "link", "url", "post link", "post permalink", "tweet permalink", "permanent link", "video link",
    ),
    KIND: ("type", "post type", "media type", "content type", "format", "typ"),
    THUMBNAIL: ("thumbnail", "thumbnail url"),
    DURATION: ("duration sec", "duration", "duration s"),
    LANGUAGE: ("language", "lang"),
    ACCOUNT: ("account name", "page name", "channel name", "account"),
    "metric:impressions": (
        "impressions", "t impression", "lifetime post total impressions", "impressions total", "impressionen",
    ),
    "metric:views": ("views", "video views", "plays", "aufrufe", "vues"),
    "metric:reach": ("reach", "t reach", "lifetime post total reach", "accounts reached", "reichweite", "portée"),
    "metric:likes": ("likes", "like", "reactions", "gefällt mir angaben", "j aime"),
    "metric:dislikes": ("dislikes",),
    "metric:comments": ("comments", "comment", "kommentare", "commentaires"),
    "metric:shares": ("shares", "share", "geteilt", "geteilte inhalte", "partages"),
    "metric:saves": ("saves", "saved", "gespeichert", "enregistrements"),
    "metric:reposts": ("reposts", "retweets"),
    "metric:replies": ("replies", "antworten", "réponses"),
    "metric:quotes": ("quotes", "quote tweets"),
    "metric:bookmarks": ("bookmarks",),
    "metric:link_clicks": ("link clicks", "url clicks", "linkklicks", "clics sur le lien"),
    "metric:post_clicks": ("post clicks", "clicks", "total clicks", "consumption", "klicks"),
    "metric:profile_visits": ("profile visits", "profile views", "profilaufrufe", "visites du profil"),
    "metric:profile_clicks": ("user profile clicks", "profile clicks"),
    "metric:website_clicks": ("website clicks",),
    "metric:detail_expands": ("detail expands",),
    "metric:media_views": ("media views",),
    "metric:follows": ("follows", "new follows"),
    "metric:followers": ("followers", "follower count", "t likes", "page t likes", "page total likes", "abonnés"),
    "metric:followers_gained": ("new followers", "followers gained", "subscribers gained"),
    "metric:followers_lost": ("unfollows", "followers lost", "subscribers lost"),
    "metric:posts_published": ("posts published", "create post"),
    "metric:engaged_users": ("engaged users", "lifetime engaged users"),
    "metric:interactions": ("t interactions", "total interactions", "interactions", "engagements", "interaktionen"),
    "metric:watch_time": (
        "watch time", "watch time hours", "watch time minutes", "watch time seconds", "watch time s", "seconds viewed",
    ),
    "metric:revenue": ("revenue", "estimated revenue", "umsatz"),
    IGNORED_RATE: (
        "conversion rate", "engagement rate", "ctr", "click through rate", "average view duration",
        "average percentage viewed", "follower growth rate", "impressions click through rate",
        "average seconds viewed",
    ),
    IGNORED_SUM: ("engagement", "reactions comments and shares"),
    IGNORED_NAME: ("account id", "account username", "page id"),
    IGNORED: (
        "from home", "from hashtags", "from explore", "from other", "paid", "category", "consumers", "lp impression",
        "lp reach", "lp engage with post", "hashtag clicks", "permalink clicks", "offsite views",
    ),
}  # fmt: skip

WHY_NOT = {
    IGNORED_RATE: mark("a rate or mean is computed from its parts, never imported"),
    IGNORED_SUM: mark("a sum of other columns, computed by itself"),
    IGNORED_NAME: mark("the account is chosen below"),
    IGNORED: mark("no metric for it yet"),
}

_MEANING = {heading: meaning for meaning, headings in HEADINGS.items() for heading in headings}
_DAILY = {"new follows": "metric:followers_gained"}
"""What a heading means where a row is a day of the account."""
_ON_PLATFORM = {"x": {"video views": "metric:video_views"}}
_PART = re.compile(r"[(\[]\s*(organic|sponsored|paid|organisch|bezahlt)\s*[)\]]", re.IGNORECASE)
_SECONDS = ((r"\b(hours?|hrs?|stunden)\b", 3600.0), (r"\b(minutes?|mins?|minuten)\b", 60.0))

PLATFORM_HINTS: dict[str, tuple[str, ...]] = {
    "facebook": (
        "page t likes", "page total likes", "lp reach", "engaged users", "consumptions", "page name", "page id",
        "reactions comments and shares",
    ),
    "instagram": ("saves", "from hashtags", "from explore", "profile visits", "follows", "account username"),
    "x": (
        "tweet id", "tweet text", "tweet permalink", "retweets", "bookmarks", "url clicks", "detail expands",
        "new follows", "permalink clicks", "create post",
    ),
    "youtube": (
        "video id", "video title", "video publish time", "dislikes", "subscribers gained", "watch time",
        "watch time seconds", "subscribers",
    ),
    "linkedin": ("post title", "offsite views", "campaign name", "posted by", "unique impressions"),
    "tiktok": ("unique viewers", "video views", "profile views"),
}  # fmt: skip


def plain(heading: str) -> str:
    """A heading without case and punctuation.

    >>> plain("Page_T_Likes"), plain("Engagement rate (%)")
    ('page t likes', 'engagement rate')
    """
    return re.sub(r"[^\w]+|_", " ", re.sub(r"[(\[].*?[)\]]", " ", heading.lower())).strip()


def meaning(heading: str, *, daily: bool = False, platform: str | None = None) -> str | None:
    """What a heading means, or None when it is unknown.

    >>> meaning("Likes"), meaning("Anything"), meaning("New follows", daily=True)
    ('metric:likes', None, 'metric:followers_gained')
    """
    name = plain(heading)
    special = (_DAILY if daily else {}) | _ON_PLATFORM.get(platform or "", {})
    return special.get(name) or _MEANING.get(name)


def part(heading: str) -> str:
    """Which part of a number a column holds, where it says that it does not hold all of it.

    >>> part("Impressions (organic)"), part("Impressions (total)")
    ('organic', '')
    """
    found = _PART.search(heading)
    return found.group(1).lower() if found else ""


def seconds(heading: str) -> float | None:
    """How many seconds one unit of a time column is; None when the heading does not tell.

    >>> seconds("Watch time (hours)"), seconds("Watch time s"), seconds("Watch time")
    (3600.0, 1.0, None)
    """
    said = re.sub(r"_", " ", heading.lower())
    for pattern, size in _SECONDS:
        if re.search(pattern, said):
            return size
    return 1.0 if re.search(r"\b(seconds?|secs?|s|sekunden)\b", said) else None


def platform(headings: Sequence[str]) -> str | None:
    """The platform whose exports use most of these headings; None when none or several do.

    >>> platform(("Date", "Impressions", "From Hashtags", "Saves"))
    'instagram'
    """
    found = {plain(heading) for heading in headings}
    scores = {name: len(found & set(hints)) for name, hints in PLATFORM_HINTS.items()}
    best = max(scores.values())
    leading = [name for name, score in scores.items() if score == best]
    return leading[0] if best and len(leading) == 1 else None
