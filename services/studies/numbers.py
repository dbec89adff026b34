"""What is studied: the days of a metric, and the posts of a year, asked for on the one path to a number."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd

from core.errors import NotEnoughData
from core.question import By, Period, Posts, Question, Where
from core.viewer import Viewer
from services.ask import ask
from services.content import posts as posts_service
from services.daily import DAYS, daily
from services.studies import sayings
from services.studies.subject import Subject

ANSWERS = frozenset({"reply"})
"""Kinds of posts that nobody plans: an answer in a conversation says nothing about when or what to publish."""


class Numbers:
    """The numbers of one workspace at one moment, each asked for once however many studies need them."""

    def __init__(self, viewer: Viewer, now: datetime) -> None:
        self.viewer = viewer
        self.now = now
        self._daily: dict[Subject, pd.Series] = {}
        self._parts: dict[Subject, pd.DataFrame] = {}
        self._posts: pd.DataFrame | None = None

    def daily(self, subject: Subject) -> pd.Series:
        """The finished, whole days of a metric (see `services.daily`), float on a daily index from the first known day
        to the last, NaN where a day is not known or not whole. Raises NotEnoughData."""
        if subject not in self._daily:
            self._daily[subject] = daily(self.viewer, subject.metric, subject.where, now=self.now).values
        return self._daily[subject]

    def parts(self, subject: Subject) -> pd.DataFrame:
        """The same days, one column for each platform, or for each account of the one platform; NaN is not known."""
        if subject not in self._parts:
            answer = ask(
                self.viewer, self._by_day(subject, "account" if subject.platform else "platform"), now=self.now
            )
            rows = answer.frame.assign(bucket=pd.to_datetime(answer.frame["bucket"]))
            wide = rows.pivot(index="bucket", columns="split", values="value").astype(float)
            self._parts[subject] = wide.rename(columns=lambda name: answer.split_titles.get(str(name), str(name)))
        return self._parts[subject]

    def posts(self, platform: str = "", only: Posts | None = None) -> pd.DataFrame:
        """The planned posts of the last year, oldest first: `account`, `platform`, `kind`, `published_local`, `text`,
        `age_days`, `engagement` and `impressions` (views, impressions or people, whichever is known; NaN unknown).
        Raises NotEnoughData."""
        if self._posts is None:
            self._posts = self._published()
        found = self._posts[self._posts["platform"] == platform] if platform else self._posts
        found = posts_service.narrowed(found, only)
        if found.empty:
            raise NotEnoughData(sayings.NO_POSTS, hint=sayings.CONNECT)
        return found.drop(columns="tags").reset_index(drop=True)  # studies read hashtags from the text

    def _by_day(self, subject: Subject, split: str | None) -> Question:
        period = Period(self.now.date() - timedelta(days=DAYS), self.now.date())
        return Question((subject.metric,), period, By.DAY, split, subject.where)

    def _published(self) -> pd.DataFrame:
        today = self.now.date()
        found = posts_service.peers(self.viewer, Period(today - timedelta(days=1), today), Where(), now=self.now)
        columns = {
            "account": found["account_id"],
            "platform": found["platform"],
            "kind": found["kind"],
            "published_local": pd.to_datetime(found["published_local"]),
            "text": found["text"].fillna(""),
            "tags": found["tags"],
            "age_days": found["age_days"],
            "engagement": found["engagement"],
            "impressions": found["exposure"],
        }
        posts = pd.DataFrame(columns)
        return planned(posts).sort_values("published_local")


def planned(posts: pd.DataFrame) -> pd.DataFrame:
    """Posts without answers in conversations."""
    return posts[~posts["kind"].isin(ANSWERS)]


def newest(history: pd.Series) -> date:
    """The newest day of a history."""
    return pd.Timestamp(history.index[-1]).date()
