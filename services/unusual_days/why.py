"""Why was a day unusual? Who carried it, which posts came out that day, and how the same weekday was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from analytics.anomalies import Explanation, explain
from core.metric import Adds, Metric
from core.question import Answer, By, Period, Question, Where
from core.viewer import Viewer
from services import daily
from services.ask import ask
from services.content import posts
from services.content.posts import PostTable
from services.studies.unusual import COMPARED_WEEKS
from services.team import annotation
from services.team.annotation import Annotation
from services.unusual_days.places import accounts as accounts_of
from services.unusual_days.places import where_of

POSTS = 5
"""So many posts are named."""
PARTS = 7
"""So many parts are drawn; the rest is one bar."""
_TAKEN_APART = frozenset({Adds.FLOW, Adds.STOCK, Adds.RATIO, Adds.WEIGHTED})


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """A day taken apart. `parts`: part, platform, before, after, contribution and share, the largest first; None where
    the metric does not come apart; `names` are the parts as people know them. `weeks`: the same weekday of the weeks
    before and the day, oldest first (None is unknown); of what stands, its change on the day. `gathered` are the posts
    that gathered most on the day where a rise came from."""

    metric: Metric
    currency: str
    day: date
    told: Explanation | None
    parts: pd.DataFrame | None
    names: Mapping[str, str]
    by: str
    weeks: tuple[tuple[date, float | None], ...]
    published: PostTable
    gathered: PostTable | None
    annotations: tuple[Annotation, ...]

    @property
    def changes(self) -> bool:
        """Whether it is the change on the day that is told, as of what stands."""
        return self.metric.adds is Adds.STOCK

    @property
    def alone(self) -> bool:
        """Whether there is only one part, which carries everything."""
        return self.parts is not None and len(self.parts) == 1


def why(viewer: Viewer, metric: str, where: Where, place: str, day: date, *, now: datetime) -> Why:
    """Everything that is known of a day of a metric at a place. Raises as `ask` does."""
    of, here = daily.metric(viewer, metric), where_of(where, place)
    accounts = accounts_of(viewer, here)
    by = "platform" if len({one.platform for one in accounts}) > 1 else "account"
    span = Period(day - timedelta(weeks=COMPARED_WEEKS, days=1), day)
    whole = ask(viewer, Question((metric,), span, By.DAY, None, here), now=now)
    told = _explained(viewer, of, span, by, here, now) if of.adds in _TAKEN_APART and of.id else None
    platform_of = {one.id: one.platform for one in accounts}
    published = posts.top(viewer, Period(day, day), here, limit=POSTS, now=now)
    return Why(
        of,
        whole.totals[metric].currency,
        day,
        told[0] if told else None,
        _parts(told[0], told[1], platform_of) if told else None,
        dict(told[1].split_titles) if told else {},
        by,
        _weeks(whole, of, day),
        published,
        _gathered(viewer, of, told[0] if told else None, by, here, day, now),
        tuple(annotation.between(viewer, Period(day, day))),
    )


def _weeks(whole: Answer, of: Metric, day: date) -> tuple[tuple[date, float | None], ...]:
    rows = whole.frame[whole.frame["metric"] == of.name]
    index = pd.DatetimeIndex(pd.to_datetime(rows["bucket"]))
    values = _moved(pd.DataFrame({"all": rows["value"].to_numpy(float)}, index), of)["all"]
    wanted = [day - timedelta(weeks=back) for back in range(COMPARED_WEEKS, -1, -1)]
    found = values.reindex([pd.Timestamp(one) for one in wanted])
    return tuple((one, None if pd.isna(value) else float(value)) for one, value in zip(wanted, found, strict=True))


def _moved(table: pd.DataFrame, of: Metric) -> pd.DataFrame:
    """What happened on each day: of what stands, its change since the day before."""
    return table.diff() if of.adds is Adds.STOCK else table


def _explained(
    viewer: Viewer, of: Metric, span: Period, by: str, where: Where, now: datetime
) -> tuple[Explanation, Answer] | None:
    """The day against the mean of the same weekday of the weeks before, part by part."""
    sums = (of.numerator, of.denominator) if of.numerator else (of.name,)
    answer = ask(viewer, Question(sums, span, By.DAY, by, where), now=now)
    stamp = pd.Timestamp(span.last)
    weeks = [stamp - timedelta(weeks=back) for back in range(1, COMPARED_WEEKS + 1)]
    tables = {name: _moved(daily.wide(answer, name), of) for name in sums}
    before: dict[str, pd.Series] = {name: table.reindex(weeks).mean() for name, table in tables.items()}
    after: dict[str, pd.Series] = {name: table.reindex([stamp]).iloc[0] for name, table in tables.items()}
    sides = [_side(of, table) for table in (before, after)]
    known = sides[0].index[sides[0].notna().any(axis=1) | sides[1].notna().any(axis=1)]
    if not len(known):
        return None
    one, other = (side.loc[known] if of.numerator else side.loc[known, of.name] for side in sides)
    return explain(one, other, name=of.title), answer


def _side(of: Metric, sums: dict[str, pd.Series]) -> pd.DataFrame:
    """What every part had; a ratio of which one half is unknown is unknown."""
    if not of.numerator:
        return pd.DataFrame({of.name: sums[of.name]})
    both = pd.DataFrame({"numerator": sums[of.numerator], "denominator": sums[of.denominator]})
    return both.where(both.notna().all(axis=1))


def _parts(told: Explanation, answer: Answer, platform_of: dict[int, str]) -> pd.DataFrame:
    """The parts with the names people know; what is beyond the largest is one part."""
    rows = told.parts[["before", "after", "contribution", "share"]].rename_axis("key").reset_index()
    split = answer.question.split
    platforms = [key if split == "platform" else platform_of.get(int(key), "") for key in rows["key"]]
    return rows.assign(part=[answer.split_titles.get(str(key), str(key)) for key in rows["key"]], platform=platforms)


def _gathered(
    viewer: Viewer, of: Metric, told: Explanation | None, by: str, where: Where, day: date, now: datetime
) -> PostTable | None:
    """The posts that gathered most on the day where a rise came from, of those read often enough to know."""
    if not of.per_post or of.adds is not Adds.FLOW or told is None or not told.change > 0:
        return None
    if told.carried_by:
        accounts = tuple(int(one) for one in told.carried_by) if by == "account" else where.accounts
        where = Where(where.platforms if by == "account" else told.carried_by, accounts)
    name = of.name if of.name in (*posts.COUNTERS, *posts.DERIVED) else "engagement"
    return posts.top(viewer, Period(day, day), where, metric=name, basis="in_period", limit=POSTS, now=now)
