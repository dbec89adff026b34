"""Campaign arithmetic: cost, return, pacing. What cannot be told is NaN and says why."""

from analytics.campaign.budget import Pacing, pacing
from analytics.campaign.figure import Figure, chained, f1, funnel, ratio, shares
from analytics.campaign.figures import (
    average_order_value,
    break_even_roas,
    cost_per,
    cpm,
    lifetime_value,
    ltv_to_cac,
    payback,
    roas,
    roi,
)
from analytics.campaign.money import from_minor, rounded
from analytics.campaign.table import by_campaign

__all__ = [
    "Figure",
    "Pacing",
    "average_order_value",
    "break_even_roas",
    "by_campaign",
    "chained",
    "cost_per",
    "cpm",
    "f1",
    "from_minor",
    "funnel",
    "lifetime_value",
    "ltv_to_cac",
    "pacing",
    "payback",
    "ratio",
    "roas",
    "roi",
    "rounded",
    "shares",
]
