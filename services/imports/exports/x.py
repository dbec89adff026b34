"""X Analytics: posts and account overview of today, and the export by post of the years before. Always in English."""

from __future__ import annotations

from services.imports.export import Export, Exports, Kind, column
from services.imports.headings import DAY, IGNORED_RATE, LINK, POST_ID, PUBLISHED, TEXT

_SEEN = ("metric:views",)
_NONE_YET = "no metric for it yet"
_US = frozenset[str]()

EXPORTS = Exports(
    "X Analytics",
    (
        Export(
            "posts",
            "x",
            Kind.POSTS,
            (
                column(POST_ID, "Post id", is_key=True),
                column(PUBLISHED, "Date", is_key=True),
                column(TEXT, "Post text", is_key=True),
                column(LINK, "Post Link"),
                column("metric:impressions", "Impressions", also=_SEEN),
                column("metric:likes", "Likes"),
                column("metric:interactions", "Engagements"),
                column("metric:bookmarks", "Bookmarks"),
                column("metric:shares", "Shares"),
                column("metric:follows", "New follows"),
                column("metric:replies", "Replies"),
                column("metric:reposts", "Reposts"),
                column("metric:profile_clicks", "Profile visits"),
                column("metric:detail_expands", "Detail Expands"),
                column("metric:link_clicks", "URL Clicks"),
                column("", "Hashtag Clicks|Permalink Clicks", why_not=_NONE_YET),
            ),
            day_first=_US,
            note="X exports the numbers of the period you chose there. Choose one that holds the whole life of the "
            "posts.",
            post_kind="tweet",
        ),
        Export(
            "account overview",
            "x",
            Kind.DAILY,
            (
                column(DAY, "Date", is_key=True),
                column("metric:impressions", "Impressions", is_key=True, also=_SEEN),
                column("metric:likes", "Likes"),
                column("metric:interactions", "Engagements", is_key=True),
                column("metric:bookmarks", "Bookmarks"),
                column("metric:shares", "Shares"),
                column("metric:followers_gained", "New follows", is_key=True),
                column("metric:followers_lost", "Unfollows", is_key=True),
                column("metric:replies", "Replies"),
                column("metric:reposts", "Reposts"),
                column("metric:profile_visits", "Profile visits"),
                column("metric:posts_published", "Create Post"),
                column("metric:video_views", "Video views"),
                column("metric:media_views", "Media views"),
            ),
            day_first=_US,
        ),
        Export(
            "videos by day",
            "x",
            Kind.DAILY,
            (
                column(DAY, "Date", is_key=True),
                column("metric:video_views", "Views", is_key=True),
                column("metric:watch_time", "Watch Time (ms)", is_key=True, scale=0.001),
                column(IGNORED_RATE, "Completion Rate", is_key=True),
                column(IGNORED_RATE, "Average Watch Time (ms)"),
                column("", "Estimated Revenue", why_not="X does not say in which currency"),
            ),
            day_first=_US,
        ),
        Export(
            "tweets (until 2024)",
            "x",
            Kind.POSTS,
            (
                column(POST_ID, "Tweet id", is_key=True),
                column(LINK, "Tweet permalink", is_key=True),
                column(TEXT, "Tweet text"),
                column(PUBLISHED, "time", is_key=True),
                column("metric:impressions", "impressions", also=_SEEN),
                column("metric:interactions", "engagements"),
                column(IGNORED_RATE, "engagement rate"),
                column("metric:reposts", "retweets"),
                column("metric:replies", "replies"),
                column("metric:likes", "likes"),
                column("metric:profile_clicks", "user profile clicks"),
                column("metric:link_clicks", "url clicks"),
                column("metric:detail_expands", "detail expands"),
                column("metric:follows", "follows"),
                column("metric:media_views", "media views"),
                column(
                    "",
                    "hashtag clicks|permalink clicks|app opens|app installs|email tweet|dial phone|media engagements",
                    why_not=_NONE_YET,
                ),
            ),
            day_first=_US,
            post_kind="tweet",
        ),
    ),
)
