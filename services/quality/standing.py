"""Checks of levels and counters: followers against gains and losses, posts against what the account says of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.metrics import registry
from core import clock
from core.metric import Adds, Unit
from services.quality.check import AGREES, DIFFERS, UNCHECKED, Check, Material
from storage.entities import AccountRow

LIFETIME = {"lifetime_views": "views", "lifetime_likes": "likes"}
"""A level that the account gives -> the lifetime counter of its posts that it counts."""
_MOVES = ("followers", "followers_gained", "followers_lost")
_SHARE, _LEAST = 0.05, 5.0
_SLACK = 0.02
_LEAST_DAYS = 7
_TAKEN_BACK = frozenset({"likes"})
"""Counts that platforms give less what was taken back, so that a day may be below zero."""


def followers(material: Material, account: AccountRow) -> Iterator[Check]:
    """Followers move by what is gained less what is lost."""
    if not all(registry.offered(name, account.platform) for name in _MOVES):
        return
    found = material.series(account.id, *_MOVES)
    if found["followers_gained"].isna().all() or found["followers"].isna().all():
        return
    every = found.reindex(range(int(found.index.min()), int(found.index.max()) + 1))
    moved = pd.DataFrame({"level": every["followers"].diff(), "gained": every["followers_gained"],
                          "lost": every["followers_lost"]}).dropna()  # fmt: skip
    net = (moved["gained"] - moved["lost"]).to_numpy(float)
    left, right = float(moved["level"].sum()), float(net.sum())
    gross = float((moved["gained"] + moved["lost"]).sum())
    most = float(np.abs(net).max()) if len(net) else 0.0
    allowed = max(_SHARE * gross, most, _LEAST)
    short = len(moved) < _LEAST_DAYS
    rounded = " YouTube rounds the number of subscribers it gives." if account.platform == "youtube" else ""
    yield Check(
        title="Followers against gains and losses",
        account=material.titles[account.id],
        platform=account.platform,
        rule="The change of followers is what was gained less what was lost.",
        left_name="change of followers",
        left=left,
        right_name="gained less lost",
        right=right,
        tolerance=f"{allowed:,.0f}: {_SHARE * 100:g} % of gains and losses, or one day: levels are read during a day",
        verdict=UNCHECKED if short else DIFFERS if abs(left - right) > allowed else AGREES,
        days=len(moved),
        why=f"Not enough days with all three yet ({len(moved)} of {_LEAST_DAYS})." if short else rounded.strip(),
    )


def posts(material: Material, account: AccountRow) -> Iterator[Check]:
    """The account's number of posts rises by as many as were published; some may have been removed."""
    found = material.series(account.id, "posts_total", "posts_published")
    levels = found["posts_total"].dropna()
    if len(levels) < 2:
        return
    first, last = int(levels.index[0]), int(levels.index[-1])
    published = found["posts_published"].reindex(range(first + 1, last + 1)).dropna()
    short = len(published) < last - first
    left, right = float(levels.iloc[-1] - levels.iloc[0]), float(published.sum())
    allowed = max(2.0, 0.1 * right)
    yield Check(
        title="Posts against the account's count",
        account=material.titles[account.id],
        platform=account.platform,
        rule="The number of posts that the platform shows rises by as many as we know to be published.",
        left_name="rise of the account's count",
        left=left,
        right_name="posts we know of these days",
        right=right,
        tolerance=f"{allowed:,.0f}: a tenth, at least 2, as posts can be removed",
        verdict=UNCHECKED if short else DIFFERS if abs(left - right) > allowed else AGREES,
        days=len(published),
        why="Posts of some of these days were not counted yet." if short else "",
    )


def totals(material: Material, account: AccountRow) -> Iterator[Check]:
    """The counters of all posts together are no more than what the account has gathered in all."""
    for whole, counter in LIFETIME.items():
        if not registry.offered(whole, account.platform):
            continue
        levels = material.daily[(material.daily["account_id"] == account.id)
                                & (material.daily["metric_id"] == registry.METRICS[whole].id)]  # fmt: skip
        sums = material.lifetime[(material.lifetime["account_id"] == account.id)
                                 & (material.lifetime["metric_id"] == registry.METRICS[counter].id)]  # fmt: skip
        if levels.empty or sums.empty:
            continue
        left, right = float(sums["value"].iloc[0]), float(levels.sort_values("day")["value"].iloc[-1])
        read, known = int(sums["posts"].iloc[0]), material.posts.get(account.id, 0)
        title = registry.METRICS[whole].title
        yield Check(
            title=f"{title} and the posts'",
            account=material.titles[account.id],
            platform=account.platform,
            rule=f"{registry.METRICS[counter].title} of all known posts are no more than the account's in all.",
            left_name=f"{counter} of {read:,} posts",
            left=left,
            right_name=title.lower(),
            right=right,
            tolerance=f"{_SLACK * 100:g} % more; less is fine, as the account counts removed posts, too",
            one_way=True,
            verdict=DIFFERS if left > right * (1 + _SLACK) else AGREES,
            days=1,
            why=f"Counters of {known - read:,} of {known:,} known posts were not read." if known > read else "",
        )


def impossible(material: Material, account: AccountRow) -> Iterator[Check]:
    """No number lies in the future, and no count is below zero."""
    mine = material.daily[material.daily["account_id"] == account.id]
    if mine.empty:
        return
    tomorrow = clock.epoch_day(material.now.date()) + 1
    counts = [one.id for one in registry.METRICS.values()
              if one.adds is Adds.FLOW and one.unit is Unit.COUNT and one.name not in _TAKEN_BACK]  # fmt: skip
    ahead = mine["day"] > tomorrow
    below = (mine["value"] < 0) & mine["metric_id"].isin(counts)
    bad = mine[ahead | below]
    named = ", ".join(sorted({registry.BY_ID[int(one)].title.lower() for one in bad["metric_id"]}))
    yield Check(
        title="Impossible numbers",
        account=material.titles[account.id],
        platform=account.platform,
        rule="No number lies in the future, and no count is below zero.",
        left_name="numbers like that",
        left=float(len(bad)),
        right_name="allowed",
        right=0.0,
        tolerance="none",
        verdict=DIFFERS if len(bad) else AGREES,
        days=int(mine["day"].nunique()),
        off_days=int(bad["day"].nunique()),
        why=f"In {named}." if named else "",
    )
