"""How the audience grows, and what goes with it."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Template

_FOLLOWERS = ("followers", "followers_net", "follower_growth_rate", "followers_gained", "followers_lost")
_QUALITY = ("engagement_rate_followers", "engagement_rate_reach", "engagement_per_post", "accounts_engaged", "reach")

TEMPLATE = Template(
    mark("Growth report"),
    mark("How the audience grows: followers gained and lost, how much they react, and how often you post."),
    ":material/trending_up:",
    (
        Block("cover", "cover"),
        Block("numbers", "key_numbers", options={"metrics": _FOLLOWERS}),
        Block("followers", "over_time", options={"metric": "followers"}),
        Block("moved", "gains_and_losses"),
        Block("courses", "courses", options={"metric": "followers", "scale": "index"}),
        Block("platforms", "platform_table", options={"metrics": _FOLLOWERS}),
        Block("rate", "over_time", options={"metric": "engagement_rate"}),
        Block("rates", "courses", options={"metric": "engagement_rate"}),
        Block("pace", "posts_per_week"),
        Block("quality", "key_numbers", mark("Quality of the audience"), {"metrics": _QUALITY}),
        Block("ahead", "forecast", options={"metric": "followers"}),
    ),
    period="last_90",
)
