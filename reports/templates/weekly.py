"""The last full week, and the one to come."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Weekly report"),
    mark("The last full week beside the one before: numbers, platforms, posts, and what the next week may bring."),
    ":material/date_range:",
    (
        Block("cover", "cover"),
        Block("numbers", "key_numbers"),
        Block("findings", "findings"),
        Block("views", "over_time", options={"metric": "views"}),
        Block("engagement", "over_time", options={"metric": "engagement"}),
        Block("platforms", "platform_table"),
        Block("posts", "top_posts"),
        Block("formats", "formats"),
        Block("unusual", "unusual_days"),
        Block("views_ahead", "forecast", options={"metric": "views", "days": 7}),
        Block("engagement_ahead", "forecast", options={"metric": "engagement", "days": 7}),
    ),
    period="last_week",
)
