"""The last month, what was aimed at, and the next one."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Monthly report"),
    mark("The last month: key numbers, targets, each channel, the best posts, and what the next month may bring."),
    ":material/calendar_month:",
    (
        Block("cover", "cover"),
        Block("numbers", "key_numbers"),
        Block("goals", "goals"),
        Block("findings", "findings"),
        Block("engagement", "over_time", options={"metric": "engagement"}),
        Block("platforms", "platform_table", mark("By channel")),
        Block("share", "share_of_total", options={"metric": "engagement"}),
        Block("followers", "gains_and_losses"),
        Block("posts", "top_posts"),
        Block("formats", "formats"),
        Block("times", "best_times"),
        Block("next", "page_break"),
        Block("followers_ahead", "forecast", options={"metric": "followers"}),
        Block("views_ahead", "forecast", options={"metric": "views"}),
        Block("quality", "data_quality"),
    ),
    period="last_month",
)
