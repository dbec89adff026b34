"""Checks of levels and counters: followers against gains and losses, posts against what the account says of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.metrics import registry
from core import clock
from core.language import figure, inside, tr, trn
from core.metric import Adds, Unit
from services.quality.check import Check, Material, verdict
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
    rounded = tr("YouTube rounds the number of subscribers it gives.") if account.platform == "youtube" else ""
    yield Check(
        title=tr("Followers against gains and losses"),
        account=material.titles[account.id],
        platform=account.platform,
        rule=tr("The change of followers is what was gained less what was lost."),
        left_name=tr("change of followers"),
        left=left,
        right_name=tr("gained less lost"),
        right=right,
        tolerance=tr(
            "{most}: {share} % of gains and losses, or one day: levels are read during a day",
            most=figure(f"{allowed:,.0f}"),
            share=figure(f"{_SHARE * 100:g}"),
        ),
        verdict=verdict(abs(left - right) > allowed, enough=not short),
        days=len(moved),
        why=tr("Not enough days with all three yet ({n} of {least}).", n=len(moved), least=_LEAST_DAYS)
        if short
        else rounded,
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
        title=tr("Posts against the account's count"),
        account=material.titles[account.id],
        platform=account.platform,
        rule=tr("The number of posts that the platform shows rises by as many as we know to be published."),
        left_name=tr("rise of the account's count"),
        left=left,
        right_name=tr("posts we know of these days"),
        right=right,
        tolerance=tr("{most}: a tenth, at least 2, as posts can be removed", most=figure(f"{allowed:,.0f}")),
        verdict=verdict(abs(left - right) > allowed, enough=not short),
        days=len(published),
        why=tr("Posts of some of these days were not counted yet.") if short else "",
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
        title, counted = tr(registry.METRICS[whole].title), tr(registry.METRICS[counter].title)
        yield Check(
            title=tr("{metric} and the posts'", metric=title),
            account=material.titles[account.id],
            platform=account.platform,
            rule=tr("{metric} of all known posts are no more than the account's in all.", metric=counted),
            left_name=trn("{metric} of {n} posts", "{metric} of {n} posts", read, metric=inside(counted)),
            left=left,
            right_name=inside(title),
            right=right,
            tolerance=tr(
                "{share} % more; less is fine, as the account counts removed posts, too",
                share=figure(f"{_SLACK * 100:g}"),
            ),
            one_way=True,
            verdict=verdict(left > right * (1 + _SLACK)),
            days=1,
            why=_unread(known, read),
        )


def _unread(known: int, read: int) -> str:
    """Of how many posts the counters lack."""
    if known <= read:
        return ""
    lacking = {"posts": figure(f"{known - read:,}"), "all": figure(f"{known:,}")}
    return tr("Counters of {posts} of {all} known posts were not read.", **lacking)


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
    named = ", ".join(sorted({inside(tr(registry.BY_ID[int(one)].title)) for one in bad["metric_id"]}))
    yield Check(
        title=tr("Impossible numbers"),
        account=material.titles[account.id],
        platform=account.platform,
        rule=tr("No number lies in the future, and no count is below zero."),
        left_name=tr("numbers like that"),
        left=float(len(bad)),
        right_name=tr("allowed"),
        right=0.0,
        tolerance=tr("none"),
        verdict=verdict(not bad.empty),
        days=int(mine["day"].nunique()),
        off_days=int(bad["day"].nunique()),
        why=tr("In {metrics}.", metrics=named) if named else "",
    )
