"""What the headings of exports mean, as data: a heading is compared in lower case, without punctuation.

`metric:<name>` is a number of the registry; the other meanings say what a row is about. A rate is never imported: it is
computed from its parts. Split columns ("from home") wait for the dimension they belong to.
"""

from __future__ import annotations

import re

DAY, PUBLISHED, TIME, MONTH, WEEKDAY, HOUR = "day", "published", "time", "month", "weekday", "hour"
POST_ID, TEXT, TAGS, LINK, KIND = "post_id", "text", "tags", "link", "kind"
THUMBNAIL, DURATION = "thumbnail", "duration_s"
LANGUAGE, IGNORED_RATE, IGNORED = "language", "ignored_rate", "ignored"

HEADINGS: dict[str, tuple[str, ...]] = {
    DAY: ("date", "day", "datum", "tag", "jour"),
    PUBLISHED: (
        "published", "published at", "publish time", "publish date", "posted", "posted at", "created at", "created",
        "post date", "published date", "video publish time", "veröffentlicht", "veröffentlichungsdatum", "publié le",
    ),
    TIME: ("time", "uhrzeit", "heure"),
    MONTH: ("month", "post month", "monat", "mois"),
    WEEKDAY: ("weekday", "post weekday", "wochentag"),
    HOUR: ("hour", "post hour", "stunde"),
    POST_ID: ("post id", "id", "media id", "tweet id", "video id", "content id", "content", "beitrags id"),
    TEXT: (
        "caption", "text", "message", "post text", "tweet text", "title", "video title", "description", "post message",
        "beschreibung", "titel", "légende",
    ),
    TAGS: ("hashtags", "tags", "keywords"),
    LINK: ("permalink", "link", "url", "post link", "post permalink", "tweet permalink", "permanent link"),
    KIND: ("type", "post type", "media type", "content type", "format", "typ"),
    THUMBNAIL: ("thumbnail", "thumbnail url"),
    DURATION: ("duration sec", "duration", "duration s"),
    LANGUAGE: ("language", "lang"),
    "metric:impressions": ("impressions", "t impression", "lifetime post total impressions", "impressionen"),
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
    "metric:post_clicks": ("post clicks", "clicks", "consumption", "klicks"),
    "metric:profile_visits": ("profile visits", "profile views", "profilaufrufe", "visites du profil"),
    "metric:profile_clicks": ("user profile clicks", "profile clicks"),
    "metric:website_clicks": ("website clicks",),
    "metric:follows": ("follows",),
    "metric:followers": ("followers", "follower count", "t likes", "page t likes", "page total likes", "abonnés"),
    "metric:followers_gained": ("new followers", "followers gained", "subscribers gained"),
    "metric:followers_lost": ("unfollows", "followers lost", "subscribers lost"),
    "metric:engaged_users": ("engaged users", "lifetime engaged users"),
    "metric:interactions": ("t interactions", "total interactions", "interactions", "engagements", "interaktionen"),
    "metric:watch_time": ("watch time seconds", "watch time s"),
    "metric:revenue": ("revenue", "estimated revenue", "umsatz"),
    IGNORED_RATE: (
        "conversion rate", "engagement rate", "ctr", "click through rate", "engagement", "average view duration",
        "average percentage viewed", "follower growth rate", "impressions click through rate",
    ),
    IGNORED: (
        "from home", "from hashtags", "from explore", "from other", "paid", "category", "consumers", "lp impression",
        "lp reach", "lp engage with post",
    ),
}  # fmt: skip

_MEANING = {heading: meaning for meaning, headings in HEADINGS.items() for heading in headings}

PLATFORM_HINTS: dict[str, tuple[str, ...]] = {
    "facebook": ("page t likes", "page total likes", "lp reach", "engaged users", "consumptions"),
    "instagram": ("saves", "from hashtags", "from explore", "profile visits", "follows"),
    "x": ("tweet id", "tweet text", "tweet permalink", "retweets", "bookmarks", "url clicks"),
    "youtube": ("video id", "video title", "dislikes", "subscribers gained", "watch time seconds"),
}


def plain(heading: str) -> str:
    """A heading without case and punctuation.

    >>> plain("Page_T_Likes"), plain("Engagement rate (%)")
    ('page t likes', 'engagement rate')
    """
    return re.sub(r"[^\w]+|_", " ", re.sub(r"[(\[].*?[)\]]", " ", heading.lower())).strip()


def meaning(heading: str) -> str | None:
    """What a heading means, or None when it is unknown.

    >>> meaning("Likes"), meaning("Anything")
    ('metric:likes', None)
    """
    return _MEANING.get(plain(heading))


def platform(headings: tuple[str, ...]) -> str | None:
    """The platform whose exports use most of these headings, or None.

    >>> platform(("Date", "Impressions", "From Hashtags", "Saves"))
    'instagram'
    """
    found = {plain(heading) for heading in headings}
    scores = {name: len(found & set(hints)) for name, hints in PLATFORM_HINTS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else None
