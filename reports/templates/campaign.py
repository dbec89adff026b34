"""How the posts of a campaign did."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

_HOW = mark(
    "Choose the campaign's hashtag under Tags in the filters of this report, and its days as the period. Then the "
    "blocks below are about its posts alone. Take this text out when you have done so."
)

TEMPLATE = Template(
    mark("Campaign report"),
    mark("How the posts of one campaign did, found by their hashtag: totals, the best posts, formats and all posts."),
    ":material/campaign:",
    (
        Block("cover", "cover"),
        Block("how", "text", mark("Choose the campaign"), {"text": _HOW}),
        Block("totals", "post_totals"),
        Block("pace", "posts_per_week"),
        Block("posts", "top_posts"),
        Block("formats", "formats", options={"window": "period"}),
        Block("all", "post_table"),
    ),
    compare=None,
)
