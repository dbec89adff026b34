"""One platform in its own terms."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Platform report"),
    mark("One platform in its own terms: choose it in the filters of the report."),
    ":material/smartphone:",
    (
        Block("cover", "cover"),
        Block("glance", "platform_metrics"),
        Block("findings", "findings"),
        Block("engagement", "over_time", options={"metric": "engagement"}),
        Block("followers", "over_time", options={"metric": "followers"}),
        Block("moved", "gains_and_losses"),
        Block("interaction", "platform_metrics", options={"group": "Engagement"}),
        Block("reach", "platform_metrics", options={"group": "Reach"}),
        Block("reactions", "engagement_split"),
        Block("posts", "top_posts"),
        Block("formats", "formats"),
        Block("times", "best_times", options={"platforms_too": False}),
        Block("hashtags", "hashtags"),
        Block("countries", "audience", options={"dimension": "country"}),
        Block("accounts", "account_table"),
    ),
)
