"""How are we doing? Everything the first screen shows, in a few reads of the store. Every number comes out of `ask`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from core import clock
from core.language import figure, mark, tr, trn
from core.metric import Direction, Unit
from core.question import Answer, Asked, By, Explanation, Note, Number, Period
from core.viewer import Viewer
from services import ask, insights
from services.content import posts
from services.content.posts import PostTable
from services.insights import Finding, Material
from services.words import calendar
from storage import database, workspaces

METRICS = (
    "views",
    "engagement",
    "engagement_rate",
    "followers",
    "followers_net",
    "follower_growth_rate",
    "impressions",
    "posts_published",
)
"""What the overview asks, on the page and in the API."""
CARDS = ("views", "engagement", "engagement_rate", "followers", "follower_growth_rate")
SCORE = "performance_score"
BY_PLATFORM = ("views", "engagement", "engagement_rate", "followers", "followers_net")
_SCORE_WORDS = mark(
    "How posts published in the period stand among the account's posts of the same kind and age of the last year: the "
    "mean of their percentile ranks by engagement and by exposure, 50 is ordinary."
)


@dataclass(frozen=True, eq=False)
class Card:
    """One number with its series: `days` and `values` of the sparkline (NaN is a gap), and how it is made."""

    title: str
    number: Number
    days: tuple[date, ...]
    values: tuple[float, ...]
    explanation: Explanation


@dataclass(frozen=True, eq=False)
class OverviewAnswer:
    """What the first screen shows. `by_day` has all of `METRICS` with the past beside it, `by_platform` the split."""

    period: Period
    compared: Period | None
    headline: str
    cards: tuple[Card, ...]
    by_day: Answer
    by_platform: Answer
    top_posts: PostTable
    insights: tuple[Finding, ...]
    notes: tuple[Note, ...]

    @property
    def empty(self) -> bool:
        """Whether there is no number at all."""
        return all(card.number.value is None for card in self.cards)


def default_period(viewer: Viewer, *, now: datetime | None = None) -> Period:
    """The last 30 full days of the workspace."""
    with database.current().read() as connection:
        zone = workspaces.get(connection, viewer.workspace_id).time_zone
    today = clock.local_day(now or clock.utc_now(), zone)
    return Period(today - timedelta(days=30), today - timedelta(days=1))


def overview(viewer: Viewer, asked: Asked, *, now: datetime) -> OverviewAnswer:
    """Everything on the first screen for a period. Raises as `ask` does."""
    by_day = ask.ask(viewer, asked.question(METRICS, By.DAY), now=now)
    apart = ask.ask(viewer, asked.question(BY_PLATFORM, split="platform"), now=now)
    published = posts.peers(viewer, by_day.period, asked.where, now=now)
    cards = [card(by_day, name) for name in CARDS]
    found = insights.worth_knowing(viewer, Material(by_day, apart, published, asked.where, asked.posts), now=now)
    return OverviewAnswer(
        period=by_day.period,
        compared=by_day.compared,
        headline=insights.headline(found, by_day),
        cards=(*cards, _score_card(viewer, by_day, published, asked, now)),
        by_day=by_day,
        by_platform=apart,
        top_posts=posts.top(viewer, by_day.period, asked.where, only=asked.posts, now=now, known=published),
        insights=tuple(found),
        notes=by_day.notes,
    )


def card(answer: Answer, name: str) -> Card:
    """A metric of an answer by day, as a card."""
    rows = answer.frame[answer.frame["metric"] == name]
    return Card(
        answer.explain(name).title,
        answer.totals[name],
        tuple(rows["bucket"]),
        tuple(rows["value"].tolist()),
        answer.explain(name),
    )


def _score_card(viewer: Viewer, answer: Answer, published: pd.DataFrame, asked: Asked, now: datetime) -> Card:
    """The mean score of the posts of the period, by day of publishing, beside that of the period before."""
    mine = posts.narrowed(published[published["inside"]], asked.posts)
    before = None
    if answer.compared is not None:
        earlier = posts.peers(viewer, answer.compared, asked.where, now=now)
        before = posts.narrowed(earlier[earlier["inside"]], asked.posts)
    number = _score(mine, before, answer)
    days = tuple(answer.period.first + timedelta(days=day) for day in range(answer.period.days))
    on_day = [stamp.date() for stamp in mine["published_local"]]
    by_day = mine["score"].groupby(np.array(on_day, dtype=object)).mean() if len(mine) else pd.Series(dtype=float)
    made = Explanation(
        SCORE,
        tr("Content performance"),
        tr(_SCORE_WORDS),
        tr("mean of the posts' scores"),
        (),
        trn(
            "{known} of {n} post has enough others to be compared with",
            "{known} of {n} posts have enough others to be compared with",
            len(mine),
            known=figure(f"{mine['score'].notna().sum():,}"),
        ),
        number.notes,
        answer.period,
        answer.compared,
    )
    return Card(tr("Content performance"), number, days, tuple(float(by_day.get(day, np.nan)) for day in days), made)


def _score(mine: pd.DataFrame, before: pd.DataFrame | None, answer: Answer) -> Number:
    value, previous = _mean(mine), None if before is None else _mean(before)
    difference = None if value is None or previous is None else value - previous
    change = difference / previous if difference is not None and previous else None
    lacking = int(mine["score"].isna().sum())
    text = trn(
        "{lacking} of {n} post has too few others of its kind and age.",
        "{lacking} of {n} posts have too few others of their kind and age.",
        len(mine),
        lacking=figure(f"{lacking:,}"),
    )
    why = "" if answer.compared is None or change is not None else _no_change(answer)
    return Number(
        SCORE,
        value,
        Unit.SCORE,
        Direction.UP,
        previous,
        difference,
        change,
        why_none="" if value is not None else _no_score(mine),
        why_no_change=why,
        notes=(Note("few_posts", text, SCORE),) if lacking and value is not None else (),
        compared=value,
    )


def _mean(published: pd.DataFrame) -> float | None:
    known = published["score"].dropna()
    return float(known.mean()) if len(known) else None


def _no_score(mine: pd.DataFrame) -> str:
    return tr("too few posts to compare with") if len(mine) else tr("no posts were published")


def _no_change(answer: Answer) -> str:
    return tr("no data {period}", period=calendar.against(answer.period, answer.compared)[1]) if answer.compared else ""
