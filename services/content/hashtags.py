"""Which hashtags and subjects go with better posts, which come and go, and which are used together?"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analytics import hashtags
from analytics.hashtags import BETTER, RECENT_DAYS, WORSE, tags_in
from core.language import figure, mark, tr
from core.question import Period, Posts, Where
from core.viewer import Viewer
from services.content import posts as posts_service
from services.content import timing, topics, year
from services.content.posts import PostTable
from services.content.year import Standing
from services.studies.numbers import planned

KIND = "hashtags"
MONTHS = 12
SHOWN = 10
"""So many posts of a tag are listed."""
JUDGED = (BETTER, WORSE, hashtags.SAME)
_UP, _DOWN = ("rising", "new"), ("falling",)


@dataclass(frozen=True, slots=True, eq=False)
class Hashtags:
    """What the page shows.

    `tags`: one row per tag, most used first: `tag`, `uses`, `recent` (posts of the last 28 days), `seen` and
    `engagement` (medians of its posts), `monthly` (posts in each of the last twelve months), `lift`, `lower`, `upper`,
    `verdict`, `trend`. `pairs`: `first`, `second`, `together`, and `times`, how many times as often as by chance.
    `subjects`: as `topics.effects`. `posts` counts all, `tagged` those with a hashtag.
    """

    standing: Standing
    tags: pd.DataFrame
    pairs: pd.DataFrame
    subjects: pd.DataFrame
    posts: int
    tagged: int
    period: Period

    @property
    def judged(self) -> pd.DataFrame:
        """The tags of which something can be said."""
        return self.tags[self.tags["verdict"].isin(JUDGED)]


def hashtags_of(viewer: Viewer, where: Where, only: Posts | None = None, *, now: datetime) -> Hashtags:
    """Hashtags and subjects of a year's posts. What a study says of tags is taken from it; else it is computed."""
    posts = year.posts(viewer, where, only, now=now)
    each = [tags_in(text) for text in posts["text"]]
    subject = year.studied(where, only)
    if subject is not None:
        standing, kept = year.kept(viewer, KIND, subject)
        judged = kept.frame("frame") if kept is not None else None
    else:
        standing, judged = computed(posts)
    return Hashtags(
        standing,
        _tags(posts, each, judged, standing),
        pairs(each),
        topics.effects(posts),
        len(posts),
        sum(1 for tags in each if tags),
        year.period(now),
    )


def computed(posts: pd.DataFrame) -> tuple[Standing, pd.DataFrame | None]:
    """What hashtags of some posts of the last year go with, found now; None where they have none."""
    if not any(tags_in(text) for text in posts["text"]):
        return Standing("not_enough", tr("No post of the last year has a hashtag.")), None
    return Standing("ok"), hashtags.effects(posts)


def _tags(
    posts: pd.DataFrame, each: list[tuple[str, ...]], judged: pd.DataFrame | None, standing: Standing
) -> pd.DataFrame:
    """Each tag as it stands in the posts, with what is known of its effect."""
    rows = np.repeat(np.arange(len(each)), [len(tags) for tags in each]).astype(np.int64)
    used = posts.iloc[rows].assign(tag=[tag for tags in each for tag in tags])
    used = used.assign(month=(used["age_days"].astype(float) * MONTHS / 365).clip(0, MONTHS - 1).astype(int))
    found = used.groupby("tag").agg(
        uses=("tag", "size"),
        recent=("age_days", lambda age: int((age.astype(float) < RECENT_DAYS).sum())),
        seen=("impressions", "median"),
        engagement=("engagement", "median"),
    )
    monthly = used.groupby(["tag", "month"]).size().unstack(fill_value=0)
    monthly = monthly.reindex(columns=range(MONTHS - 1, -1, -1), fill_value=0)
    found = found.assign(monthly=pd.Series(monthly.to_numpy().tolist(), index=monthly.index, dtype=object))
    unknown = mark("not computed yet") if standing.state == "pending" else mark("not judged yet")
    told = _judgements(judged).reindex(found.index).fillna({"verdict": unknown, "trend": "too few uses"})
    return found.join(told).reset_index().sort_values(["uses", "tag"], ascending=[False, True], ignore_index=True)


def _judgements(judged: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["lift", "lower", "upper", "verdict", "trend"]
    if judged is None:
        return pd.DataFrame({name: pd.Series(dtype=float if name in columns[:3] else object) for name in columns})
    return judged.set_index("tag")[columns]


def pairs(each: list[tuple[str, ...]]) -> pd.DataFrame:
    """Which tags are used together: `first`, `second`, `together` (posts), `times` (as often as by chance).

    times = together x posts / (uses of one x uses of the other).

    >>> pairs([("a", "b"), ("a", "b"), ("a",), ()])[["first", "second", "together", "times"]].values.tolist()
    [['a', 'b', 2, 1.3333333333333333]]
    """
    uses = Counter(tag for tags in each for tag in tags)
    both = Counter(pair for tags in each for pair in itertools.combinations(sorted(tags), 2))
    rows = [(one, two, n, n * len(each) / (uses[one] * uses[two])) for (one, two), n in both.items() if n > 1]
    found = pd.DataFrame(rows, columns=["first", "second", "together", "times"])
    return found.sort_values(["together", "times", "first"], ascending=[False, False, True], ignore_index=True)


def posts_with(viewer: Viewer, where: Where, term: str, only: Posts | None = None, *, now: datetime) -> PostTable:
    """The best posts with a hashtag ("#brew") or about a subject ("latte art"); `total` counts all of them."""
    every = posts_service.top(viewer, year.period(now), where, limit=None, only=only, now=now)
    frame, tag = planned(every.frame), term.removeprefix("#")
    has = [tag in (tags_in(text) if term.startswith("#") else topics.terms(text)) for text in frame["text"]]
    chosen = frame[np.array(has, dtype=bool)]
    return dataclasses.replace(every, frame=chosen.head(SHOWN).reset_index(drop=True), total=len(chosen))


def trending(found: Hashtags, *, up: bool) -> pd.DataFrame:
    """Tags that are used more (and new ones), or less, than before; most used lately first."""
    chosen = found.tags[found.tags["trend"].isin(_UP if up else _DOWN)]
    return chosen.sort_values(["recent" if up else "uses", "uses"], ascending=False, ignore_index=True)


def lately(found: Hashtags, most: int) -> pd.DataFrame:
    """The tags used most in the last 28 days."""
    used = found.tags[found.tags["recent"] > 0]
    return used.sort_values(["recent", "uses"], ascending=False, ignore_index=True).head(most)


def strongest(judged: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows to draw: sure ones first, then the most used; best at the top."""
    sure = judged["verdict"].isin([BETTER, WORSE])
    chosen = judged.assign(sure=sure).sort_values(["sure", "uses"], ascending=False, kind="stable").head(most)
    return chosen.sort_values("lift", ascending=False, kind="stable", ignore_index=True).drop(columns="sure")


def finding(found: Hashtags) -> str:
    """What was found of hashtags, in one sentence."""
    if not found.standing.ok:
        return found.standing.reason
    judged = found.judged
    better = judged[judged["verdict"] == BETTER].sort_values("lift", ascending=False)
    worse = judged[judged["verdict"] == WORSE].sort_values("lift")
    if better.empty and worse.empty:
        return tr(
            "No hashtag stands out: for none of the {n} that could be judged is the difference larger than chance "
            "makes it.",
            n=figure(f"{len(judged):,}"),
        )
    first, *rest = [_told(rows) for rows in (better, worse) if len(rows)]
    if not rest:
        return tr("Posts with {tag} did {effect}.", **first)
    return tr("Posts with {tag} did {effect}; posts with {other_tag} did {other_effect}.", **first,
              **{f"other_{name}": value for name, value in rest[0].items()})  # fmt: skip


def _told(rows: pd.DataFrame) -> dict[str, str]:
    """The first of some tags, and how its posts did."""
    return {"tag": f"#{rows['tag'].iloc[0]}", "effect": timing.shares(*rows[["lift", "lower", "upper"]].iloc[0])}
