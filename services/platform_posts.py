"""What the posts of a platform tell: the best ones, when to post, which tags go with better posts, what stands out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from analytics.best_time import BestTimes
from analytics.hashtags import BETTER
from core import language
from core.kept import retold
from core.language import figure, tr
from core.question import Answer, Asked, Posts, Where
from core.viewer import Viewer
from services import ask, insights
from services.content import hashtags, posts, timing, year
from services.content.posts import PostTable
from services.content.timing import Slot
from services.insights import Finding, Material
from services.overview import BY_PLATFORM
from services.studies import Subject

MOST = 5


@dataclass(frozen=True, slots=True)
class Times:
    """When to post. `slots` are the hours that surely do better, best first; `said` is what was found, or why nothing
    was."""

    said: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag with how many posts had it; `effect` says how they did, where that is sure."""

    tag: str
    uses: int
    effect: str


@dataclass(frozen=True, slots=True)
class Tags:
    """`best` surely go with better posts, `used` are the most used of the others."""

    said: str
    best: tuple[Tag, ...]
    used: tuple[Tag, ...]


@dataclass(frozen=True, eq=False)
class PostsAnswer:
    """What posts tell of a platform; times and tags are of the whole platform, whichever accounts are chosen."""

    top: PostTable
    times: Times
    tags: Tags


def published(viewer: Viewer, asked: Asked, platform: str, *, now: datetime) -> pd.DataFrame:
    """The posts of a platform with their numbers, as `posts.peers` has them: for the ranking and the findings."""
    return posts.peers(viewer, asked.period, asked.on(platform).where, now=now)


def platform_posts(
    viewer: Viewer, asked: Asked, platform: str, *, known: pd.DataFrame | None = None, now: datetime
) -> PostsAnswer:
    """The posts of a platform and what is known from them. `known`: what `published` answered, to save a read."""
    top = posts.top(viewer, asked.period, asked.on(platform).where, only=asked.posts, now=now, known=known)
    if not asked.posts:
        return PostsAnswer(top, times(viewer, platform), tags(viewer, platform))
    some = year.posts(viewer, Where(platforms=(platform,)), asked.posts, now=now)
    found, (standing, judged) = timing.computed(some), hashtags.computed(some)
    of_tags = Tags(standing.reason, (), ()) if judged is None else _tags(judged)
    return PostsAnswer(top, Times(timing.finding(found), timing.best(found)), of_tags)


def findings(
    viewer: Viewer, by_day: Answer, known: pd.DataFrame, only: Posts | None = None, *, now: datetime
) -> tuple[Finding, ...]:
    """What is worth knowing of a platform, most pressing first, from its days (`platform_view.by_day`) and posts
    (`published`)."""
    asked = by_day.question
    apart = ask.ask(viewer, replace(asked, metrics=BY_PLATFORM, by=None, split="platform"), now=now)
    material = Material(by_day, apart, known, asked.where, only or Posts())
    return tuple(insights.worth_knowing(viewer, material, now=now))


def times(viewer: Viewer, platform: str) -> Times:
    """When posts of a platform do better, from its kept study."""
    standing, kept = year.kept(viewer, timing.KIND, Subject(platform=platform))
    if kept is None:
        return Times(retold(standing.reason) or tr(year.PENDING), ())
    found = timing.studied(standing, kept)
    said = str(kept.found.get("summary", ""))  # kept in English; other languages say it anew
    if not language.reader().words.is_english:
        times = BestTimes(found.slots, found.hours, found.weekdays, found.reliable, found.held_out, "")
        said = times.words()
    return Times(said, timing.best(found))


def tags(viewer: Viewer, platform: str) -> Tags:
    """Which hashtags go with better posts of a platform, from its kept study."""
    standing, kept = year.kept(viewer, "hashtags", Subject(platform=platform))
    if kept is None:
        return Tags(retold(standing.reason) or tr(year.PENDING), (), ())
    return _tags(kept.frame("frame"))


def _tags(found: pd.DataFrame) -> Tags:
    better = found[found["verdict"] == BETTER].sort_values("lift", ascending=False).head(MOST)
    best = tuple(
        Tag(str(row.tag), int(row.uses), timing.shares(float(row.lift), float(row.lower), float(row.upper)))  # type: ignore[arg-type]
        for row in better.itertuples()
    )
    others = found[~found["tag"].isin(better["tag"])].sort_values("uses", ascending=False).head(MOST)
    used = tuple(Tag(str(row.tag), int(row.uses), "") for row in others.itertuples())  # type: ignore[arg-type]
    said = (
        "" if best else tr("No hashtag reliably goes with better posts ({n} looked at).", n=figure(f"{len(found):,}"))
    )
    return Tags(said, best, used)
