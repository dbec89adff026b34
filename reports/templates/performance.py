"""How the content did: what worked, what engagement is made of, where it grows, platform by platform."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Performance report"),
    mark("What worked and why: the best posts, what engagement is made of, trends, and each platform in a few lines."),
    ":material/insights:",
    (
        Block("cover", "cover"),
        Block("numbers", "key_numbers"),
        Block("findings", "findings"),
        Block("engagement", "over_time", options={"metric": "engagement"}),
        Block("courses", "courses", options={"metric": "engagement"}),
        Block("posts", "top_posts"),
        Block("formats", "formats"),
        Block("hashtags", "hashtags"),
        Block("reactions", "engagement_split"),
        Block("rate", "over_time", options={"metric": "engagement_rate"}),
        Block("growth", "over_time", options={"metric": "followers"}),
        Block("platforms", "platform_table"),
        Block("each", "platform_insights"),
        Block("unusual", "unusual_days"),
        Block("quality", "data_quality"),
    ),
)
