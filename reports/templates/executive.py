"""One page for who has a minute."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Executive summary"),
    mark("One page for who has a minute: the key numbers, three charts, and what is worth knowing."),
    ":material/summarize:",
    (
        Block("numbers", "key_numbers"),
        Block("engagement", "over_time", options={"metric": "engagement"}),
        Block("share", "share_of_total", options={"metric": "engagement"}),
        Block("followers", "over_time", options={"metric": "followers"}),
        Block("findings", "findings", options={"most": 3}),
    ),
)
