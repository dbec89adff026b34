"""What is worth knowing today? Short sentences from what is there, each with its evidence; silence rather than a guess.

A sentence never states a figure that no query returned: every number in it is one of `evidence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analytics.metrics import registry
from analytics.score import FEWEST
from core import clock
from core.question import Answer, By, Compare, Number, Period, Question, Where
from core.viewer import Viewer
from services import ask, calendar, posts, wording
from services.ask.notes import account_title, listed, platform_title
from storage import connections, database, entities

WATCHED = ("views", "engagement", "followers_net")
"""What "changed most" looks at; stocks hardly move and rates are made of these."""
SMALLEST_CHANGE = 0.05
OUTSTANDING = 1.5
_BEYOND = "More than days usually swing."
SURE = 2.0
"""Standard errors beyond which a change is called more than the usual swing of days."""


@dataclass(frozen=True, slots=True)
class Insight:
    """One sentence. `evidence` holds the figures in it by name, `size` orders sentences, `confidence` is in words."""

    kind: str
    text: str
    metrics: tuple[str, ...]
    evidence: tuple[tuple[str, float], ...]
    size: float
    confidence: str = ""


def quick(viewer: Viewer, period: Period, where: Where | None = None, *, now: datetime | None = None) -> list[Insight]:
    """What is worth knowing about a period, most pressing first; empty when there is nothing to say."""
    chosen = where or Where()
    moment = now or clock.utc_now()
    every = (*WATCHED, "followers")
    by_day = ask.ask(viewer, Question(every, period, By.DAY, None, chosen, Compare.PREVIOUS), now=moment)
    apart = ask.ask(viewer, Question(WATCHED, period, None, "platform", chosen, Compare.PREVIOUS), now=moment)
    return from_answers(viewer, by_day, apart, chosen, posts.peers(viewer, by_day.period, chosen, now=moment))


def from_answers(viewer: Viewer, by_day: Answer, apart: Answer, where: Where, published: pd.DataFrame) -> list[Insight]:
    """The same from answers that are already there: one by day, one by platform, and the posts of the year."""
    found = [
        *failing(viewer, where),
        changed_most(by_day, apart),
        best_post(published),
        growth(by_day),
    ]
    return [insight for insight in found if insight is not None]


def headline(answer: Answer, apart: Answer | None = None) -> str:
    """One sentence on what changed most and where it came from; empty when nothing can be compared."""
    insight = changed_most(answer, apart or answer)
    if insight is None:
        return ""
    return f"{insight.text} {insight.confidence}".strip()


def changed_most(by_day: Answer, apart: Answer) -> Insight | None:
    """The watched total that moved most, with the platforms that moved it; their shares add up to the whole.

    A change that is more than days usually swing goes before a bigger one that is not.
    """
    moved = [
        number
        for name in WATCHED
        if (number := by_day.totals.get(name)) is not None
        and number.change is not None
        and abs(number.change) >= SMALLEST_CHANGE
    ]
    if not moved or by_day.compared is None:
        return None
    number = max(moved, key=lambda one: (_confidence(by_day, one.metric) == _BEYOND, abs(one.change or 0)))
    title = registry.METRICS[number.metric].title
    mine, theirs = calendar.against(by_day.period, by_day.compared)
    text = f"{title} {wording.percent(number.change or 0)} ({wording.signed(number)}, {mine} against {theirs})"
    drivers = _drivers(number, apart)
    text += f", {_driver_words(drivers)}." if len(drivers) > 1 else "."
    return Insight(
        "changed_most",
        text,
        (number.metric,),
        (("change", number.change or 0), ("difference", number.difference or 0), *drivers),
        abs(number.change or 0),
        _confidence(by_day, number.metric),
    )


def _drivers(number: Number, apart: Answer) -> list[tuple[str, float]]:
    """Platform -> its part of the difference, biggest first; empty unless the parts make the whole."""
    parts = [
        (split, row.difference)
        for (split, metric), row in apart.by_split.items()
        if metric == number.metric and row.difference is not None
    ]
    whole = sum(difference for _, difference in parts)
    if number.difference is None or not np.isclose(whole, number.difference):
        return []
    return sorted(parts, key=lambda part: abs(part[1]), reverse=True)


def _driver_words(drivers: Sequence[tuple[str, float]]) -> str:
    shown = [
        f"{platform_title(split)} {'−' if part < 0 else '+'}{wording.count(abs(part))}"
        for split, part in drivers
        if part
    ]
    return f"from {listed(shown)}" if shown else "spread evenly"


def _confidence(by_day: Answer, metric: str) -> str:
    """Whether the difference is more than days differ anyway. Ours: Welch's t on the two periods' days."""
    frame = by_day.frame
    if "bucket" not in frame.columns:
        return ""
    rows = frame[(frame["metric"] == metric) & ~frame["unfinished"]]
    mine, theirs = rows["value"].dropna(), rows["previous"].dropna()
    if len(mine) < 7 or len(theirs) < 7:
        return "Too few days to tell it from the usual swing."
    spread = float(np.sqrt(mine.var() / len(mine) + theirs.var() / len(theirs)))
    if abs(mine.mean() - theirs.mean()) > SURE * spread:
        return _BEYOND
    return "Within the usual swing of days."


def best_post(published: pd.DataFrame) -> Insight | None:
    """The post of the period that beat the usual of its account and kind by most, if one clearly did."""
    best: tuple[float, pd.Series, float, int] | None = None
    for _, post in published[published["inside"] & published["engagement"].notna()].iterrows():
        same = (published["account_id"] == post["account_id"]) & (published["kind"] == post["kind"])
        others = published.loc[same & (published["id"] != post["id"]), "engagement"].dropna()
        usual = float(others.median()) if len(others) >= FEWEST else 0.0
        times = post["engagement"] / usual if usual > 0 else 0.0
        if times >= OUTSTANDING and (best is None or times > best[0]):
            best = (times, post, usual, len(others))
    return None if best is None else _post_insight(*best[1:])


def _post_insight(post: pd.Series, usual: float, others: int) -> Insight:
    engagement = float(post["engagement"])
    name = wording.shortened(str(post["text"])) or f"a {post['kind']} without text"
    text = (
        f"Best post: “{name}” ({platform_title(str(post['platform']))}) has {wording.count(engagement)} engagements; "
        f"the median of {post['account']}'s other {others} of its kind is {wording.count(usual)}."
    )
    evidence = (("engagement", engagement), ("usual", usual), ("others", float(others)))
    return Insight("best_post", text, ("engagement",), evidence, engagement / usual, _peers_words(others))


def _peers_words(others: int) -> str:
    return "Few posts to compare with." if others < 20 else "Many posts to compare with."


def failing(viewer: Viewer, where: Where) -> list[Insight]:
    """Sources that need a person, with the reason they gave."""
    with database.current().read() as connection:
        rows = connections.list_all(connection, viewer.workspace_id)
        accounts = entities.accounts(connection, viewer.workspace_id)
    found = []
    for row in rows:
        if row.state != "attention" or (where.platforms and row.platform not in where.platforms):
            continue
        fed = [account_title(account) for account in accounts if account.connection_id == row.id and account.selected]
        name = f"{platform_title(row.platform)} ({listed(fed)})" if fed else platform_title(row.platform)
        since = _since(row.last_success_at)
        text = f"{name} {since}: {row.reason.rstrip('.') or 'it needs attention'}. {row.hint}".strip()
        found.append(Insight("source", text, (), (), 10.0, "Numbers of this source are incomplete until then."))
    return found


def _since(last_success_at: int | None) -> str:
    if last_success_at is None:
        return "was never read"
    day = clock.from_epoch_ms(last_success_at).date()
    return f"was last read on {calendar.day_words(day, year=True)} (UTC)"


def growth(by_day: Answer) -> Insight | None:
    """How many more followers there are than at the end of the period it is compared with."""
    followers, compared = by_day.totals.get("followers"), by_day.compared
    if followers is None or followers.value is None or not followers.difference or compared is None:
        return None
    more = "more" if followers.difference > 0 else "fewer"
    then = calendar.day_words(compared.last, year=compared.last.year != by_day.period.last.year)
    text = (
        f"{wording.count(abs(followers.difference))} {more} followers than at the end of {then}: "
        f"now {wording.count(followers.value)}."
    )
    return Insight(
        "growth",
        text,
        ("followers",),
        (("followers_difference", followers.difference), ("followers", followers.value)),
        abs(followers.difference / followers.value) if followers.value else 0.0,
        "Not all accounts tell it." if any(note.code == "coverage" for note in followers.notes) else "",
    )
