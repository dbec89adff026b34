"""How platforms and formats stand beside each other."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Comparison report"),
    mark("Platforms, accounts and formats beside each other, and which of their differences are real."),
    ":material/compare_arrows:",
    (
        Block("cover", "cover"),
        Block("platforms", "platform_table"),
        Block("share", "share_of_total", options={"metric": "engagement"}),
        Block("views", "share_of_total", options={"metric": "views"}),
        Block("courses", "courses", options={"metric": "engagement", "scale": "index"}),
        Block("reactions", "engagement_split"),
        Block("real", "real_differences"),
        Block("formats", "formats"),
        Block("accounts", "account_table"),
        Block("each", "platform_insights"),
    ),
)
