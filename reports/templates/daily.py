"""Yesterday, for the morning of a working day."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

_MONTH = {"period": "last_30"}

TEMPLATE = Template(
    mark("Daily report"),
    mark("Yesterday for the morning: the numbers beside the same weekday before, the best posts, and what is unusual."),
    ":material/today:",
    (
        Block("numbers", "key_numbers"),
        Block("platforms", "platform_table"),
        Block("posts", "top_posts", options={"posts": 5}),
        Block("engagement", "over_time", options={"metric": "engagement", **_MONTH}),
        Block("unusual", "unusual_days", options={"period": "last_7"}),
        Block("findings", "findings", options={"most": 4, "period": "last_7"}),
        Block("quality", "data_quality", options={"period": "last_7"}),
    ),
    period="yesterday",
    match_weekday=True,
)
