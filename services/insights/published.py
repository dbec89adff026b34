"""The post of the period that stands out among the others of its account and kind."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analytics.insights import Fact, Subject
from analytics.metrics import registry
from analytics.score import FEWEST
from core.language import tr
from core.question import Period
from services.connecting.platforms import title as platform_title
from services.words.wording import shortened

_CANDIDATES = 20


def outstanding(posts: pd.DataFrame, period: Period) -> Iterator[Fact]:
    """The post published in the period that has the most engagement for each one of the median of its account's other
    posts of its kind, if there are enough others."""
    best: tuple[float, pd.Series, float, int] | None = None
    for _, post in _candidates(posts).iterrows():
        same = (posts["account_id"] == post["account_id"]) & (posts["kind"] == post["kind"])
        others = posts.loc[same & (posts["id"] != post["id"]), "engagement"].dropna()
        usual = float(others.median()) if len(others) >= FEWEST else 0.0
        times = post["engagement"] / usual if usual > 0 else 0.0
        if best is None or times > best[0]:
            best = (times, post, usual, len(others))
    if best is None or best[0] <= 1:
        return
    _, post, usual, others_count = best
    metric = registry.METRICS["engagement"]
    yield Fact(
        "post",
        metric.name,
        tr(metric.title),
        metric.unit,
        metric.direction,
        Subject(
            platform=platform_title(str(post["platform"])),
            account=str(post["account"]),
            post=shortened(str(post["text"])),
        ),
        {"value": float(post["engagement"]), "usual": usual, "others": float(others_count)},
        period=period,
        questions=("posts by engagement",),
    )


def _candidates(posts: pd.DataFrame) -> pd.DataFrame:
    """The posts of the period with most engagement for each one of the median of account and kind."""
    known = posts[posts["inside"] & posts["engagement"].notna()]
    usual = posts.groupby(["account_id", "kind"])["engagement"].transform("median")
    times = (known["engagement"] / usual.loc[known.index]).where(usual.loc[known.index] > 0)
    return known.loc[times.sort_values(ascending=False).index[:_CANDIDATES]]
