"""What the posts of a platform tell: the best ones, when to post, which tags go with better posts, what stands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.question import By, Compare, Period, Question, Where
from core.viewer import Viewer
from services import ask, insights, posts, timing, year
from services.insights import Finding, Material
from services.overview import BY_PLATFORM
from services.posts import PostTable
from services.studies import Kept, Subject
from services.timing import Slot
from services.year import Standing

BETTER = "better"
MOST = 5


@dataclass(frozen=True, slots=True)
class Times:
    """When to post. `slots` are the hours that surely do better, best first; `said` is what was found, or why nothing
    was."""

    standing: Standing
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

    standing: Standing
    said: str
    best: tuple[Tag, ...]
    used: tuple[Tag, ...]


@dataclass(frozen=True, eq=False)
class PostsAnswer:
    """What posts tell of a platform; times and tags are of the whole platform, whichever accounts are chosen."""

    top: PostTable
    times: Times
    tags: Tags


def platform_posts(
    viewer: Viewer, platform: str, period: Period, accounts: tuple[int, ...] = (), *, now: datetime
) -> PostsAnswer:
    """The posts of a platform and what is known from them."""
    where = Where(platforms=(platform,), accounts=accounts)
    return PostsAnswer(posts.top(viewer, period, where, now=now), times(viewer, platform), tags(viewer, platform))


def findings(
    viewer: Viewer,
    platform: str,
    period: Period,
    accounts: tuple[int, ...] = (),
    past: Compare | Period | None = Compare.PREVIOUS,
    match_weekday: bool = False,
    *,
    now: datetime,
) -> tuple[Finding, ...]:
    """What is worth knowing of a platform, most pressing first."""
    where = Where(platforms=(platform,), accounts=accounts)
    by_day = ask.ask(viewer, Question(BY_PLATFORM, period, By.DAY, None, where, past, match_weekday), now=now)
    apart = ask.ask(viewer, Question(BY_PLATFORM, period, None, "platform", where, past, match_weekday), now=now)
    published = posts.peers(viewer, by_day.period, where, now=now)
    return tuple(insights.worth_knowing(viewer, Material(by_day, apart, published, where), now=now))


def times(viewer: Viewer, platform: str) -> Times:
    """When posts of a platform do better, from its kept study."""
    standing, kept = year.kept(viewer, timing.KIND, Subject(platform=platform))
    if kept is None:
        return Times(standing, standing.reason or year.PENDING, ())
    return Times(standing, str(kept.found.get("summary", "")), _slots(kept))


def _slots(kept: Kept) -> tuple[Slot, ...]:
    """The hours of the week that surely do better; where none can be told apart, hours of any day."""
    if not kept.found["reliable"]:
        return ()
    for name in ("slots", "hours"):
        table = kept.frame(name)
        sure = table[table["verdict"] == BETTER].sort_values("lift", ascending=False, kind="stable").head(MOST)
        if len(sure):
            return tuple(_slot(row) for row in sure.itertuples())
    return ()


def _slot(row: object) -> Slot:
    given = {name: getattr(row, name) for name in ("hour", "lift", "lower", "upper", "posts")}
    weekday = getattr(row, "weekday", None)
    return Slot(
        None if weekday is None else int(weekday),
        int(given["hour"]),
        float(given["lift"]),
        float(given["lower"]),
        float(given["upper"]),
        int(given["posts"]),
    )


def tags(viewer: Viewer, platform: str) -> Tags:
    """Which hashtags go with better posts of a platform, from its kept study."""
    standing, kept = year.kept(viewer, "hashtags", Subject(platform=platform))
    if kept is None:
        return Tags(standing, standing.reason or year.PENDING, (), ())
    found = kept.frame("frame")
    better = found[found["verdict"] == BETTER].sort_values("lift", ascending=False).head(MOST)
    best = tuple(
        Tag(str(row.tag), int(row.uses), timing.shares(float(row.lift), float(row.lower), float(row.upper)))  # type: ignore[arg-type]
        for row in better.itertuples()
    )
    others = found[~found["tag"].isin(better["tag"])].sort_values("uses", ascending=False).head(MOST)
    used = tuple(Tag(str(row.tag), int(row.uses), "") for row in others.itertuples())  # type: ignore[arg-type]
    said = "" if best else f"No hashtag reliably goes with better posts ({len(found):,} looked at)."
    return Tags(standing, said, best, used)
