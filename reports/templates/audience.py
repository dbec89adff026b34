"""Who the audience is, and when it is there."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

TEMPLATE = Template(
    mark("Audience report"),
    mark("Who the audience is and where, as platforms tell it, how it grows, and when posts reach it best."),
    ":material/groups:",
    (
        Block("cover", "cover"),
        Block("numbers", "key_numbers", options={"metrics": ("followers", "followers_net", "follower_growth_rate")}),
        Block("map", "audience", options={"dimension": "country", "shown": "map"}),
        Block("countries", "audience", options={"dimension": "country", "shown": "all"}),
        Block("ages", "audience", options={"dimension": "age_gender"}),
        Block("cities", "audience", options={"dimension": "city"}),
        Block("languages", "audience", options={"dimension": "language"}),
        Block("moved", "gains_and_losses"),
        Block("platforms", "share_of_total", options={"metric": "followers"}),
        Block("times", "best_times"),
    ),
    period="last_90",
)
