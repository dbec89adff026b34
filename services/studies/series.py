"""What is studied: the days of a metric, and the posts of a year, asked for on the one path to a number."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd

from core.errors import NotEnoughData
from core.question import By, Period, Question, Where
from core.viewer import Viewer
from services import posts as posts_service
from services.ask import ask
from services.studies.subject import Subject

DAYS = 1100
"""Three years show whether a year repeats itself; what lies before is another time."""
YEAR = 365


def daily(viewer: Viewer, subject: Subject, now: datetime) -> pd.Series:
    """The finished days of a metric, float on a daily index, NaN where a day is not known. Raises NotEnoughData."""
    period = Period(now.date() - timedelta(days=DAYS), now.date())
    answer = ask(viewer, Question((subject.metric,), period, By.DAY, None, subject.where), now=now)
    rows = answer.frame[~answer.frame["unfinished"]]
    values = pd.Series(rows["value"].to_numpy(float), pd.DatetimeIndex(pd.to_datetime(rows["bucket"])), name="value")
    first, last = values.first_valid_index(), values.last_valid_index()
    if first is None or last is None:
        raise NotEnoughData("No day is known yet.", hint="Connect a platform or import its export.")
    return values.loc[first:last].asfreq("D")


def parts(viewer: Viewer, subject: Subject, now: datetime) -> pd.DataFrame:
    """The same days, one column for each platform, or for each account of the one platform; NaN is not known."""
    period = Period(now.date() - timedelta(days=DAYS), now.date())
    split = "account" if subject.platform else "platform"
    answer = ask(viewer, Question((subject.metric,), period, By.DAY, split, subject.where), now=now)
    rows = answer.frame.assign(bucket=pd.to_datetime(answer.frame["bucket"]))
    wide = rows.pivot(index="bucket", columns="split", values="value").astype(float)
    return wide.rename(columns=lambda name: answer.split_titles.get(str(name), str(name)))


def published(viewer: Viewer, where: Where, now: datetime) -> pd.DataFrame:
    """The posts of the last year, oldest first: `account`, `kind`, `published_local`, `text`, `age_days`, `engagement`
    and `impressions` (views, impressions or people, whichever is known; NaN unknown)."""
    today = now.date()
    found = posts_service.peers(viewer, Period(today - timedelta(days=1), today), where, now=now)
    return (
        pd.DataFrame(
            {
                "account": found["account_id"],
                "platform": found["platform"],
                "kind": found["kind"],
                "published_local": pd.to_datetime(found["published_local"]),
                "text": found["text"].fillna(""),
                "age_days": found["age_days"],
                "engagement": found["engagement"],
                "impressions": found["exposure"],
            }
        )
        .sort_values("published_local")
        .reset_index(drop=True)
    )


def newest(history: pd.Series) -> date:
    """The newest day of a history."""
    return pd.Timestamp(history.index[-1]).date()
