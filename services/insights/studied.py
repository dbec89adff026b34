"""What the kept studies say of a period: unusual days, times, hashtags, what moves a post, where followers go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from analytics.insights import Fact, Subject
from analytics.metrics.registry import METRICS
from analytics.post_outcome.drivers import said
from core.language import tr
from core.question import Period, Where
from core.viewer import Viewer
from services.connecting.platforms import title as platform_title
from services.studies import Kept, find_many
from services.studies import Subject as Studied

WATCHED = ("views", "engagement", "followers_net", "link_clicks", "revenue")
"""The metrics whose unusual days are told."""
MOST_TAGS = 5
_OF_POSTS = ("best_times", "hashtags", "post_outcome")


def facts(viewer: Viewer, where: Where, period: Period, now: datetime, *, of_posts: bool = True) -> Iterator[Fact]:
    """Facts of every kind of study, of the platforms asked for; nothing where single accounts are chosen, because
    studies are made of platforms. Studies of posts are about all posts: `of_posts` says whether those are meant."""
    if where.accounts:
        return
    asked = [
        one for platform in where.platforms or ("",) for one in _asked(platform) if of_posts or one[0] not in _OF_POSTS
    ]
    for kept in find_many(viewer, asked):
        if kept.state == "ok":
            yield from _told(kept, period, now.date())


def _asked(platform: str) -> list[tuple[str, Studied]]:
    """The studies that findings are made of, in the order in which they are told."""
    of_posts = Studied(platform=platform)
    return [
        *(("unusual", Studied(metric, platform)) for metric in WATCHED),
        ("forecast", Studied("followers", platform)),
        *((kind, of_posts) for kind in _OF_POSTS),
    ]


def _told(kept: Kept, period: Period, today: date) -> Iterator[Fact]:
    match kept.kind:
        case "unusual":
            return _unusual(kept, period)
        case "forecast":
            return _heading(kept, period, today)
        case "best_times":
            return _slot(kept)
        case "hashtags":
            return _tags(kept)
        case _:
            return _drivers(kept)


def _fact(kind: str, kept: Kept, subject: Subject | None = None) -> Fact:
    """What is the same in every fact of a study; studies of posts judge their engagement."""
    about = METRICS[kept.subject.metric or "engagement"]
    return Fact(
        kind,
        about.name,
        tr(about.title),
        about.unit,
        about.direction,
        replace(subject or Subject(), platform=_where(kept)),
        questions=(f"study {kept.kind} {kept.subject.key}",),
    )


def _where(kept: Kept) -> str:
    return platform_title(kept.subject.platform) if kept.subject.platform else ""


def _unusual(kept: Kept, period: Period) -> Iterator[Fact]:
    for one in kept.found["days"]:
        day = date.fromisoformat(one["day"])
        known = all(one[name] is not None for name in ("value", "expected", "lower", "upper"))
        if known and period.first <= day <= period.last:
            yield replace(
                _fact("anomaly", kept),
                values={"value": one["value"], "expected": one["expected"]},
                lower=one["lower"],
                upper=one["upper"],
                days={"on": day},
            )


def _heading(kept: Kept, period: Period, today: date) -> Iterator[Fact]:
    """Where followers are heading; told only beside the newest days, and only of a forecast that has proved itself."""
    frame = kept.frame("frame")
    if not kept.found["trusted"] or frame.empty or period.last < kept.until or frame["day"].iloc[-1].date() <= today:
        return
    last = frame.iloc[-1]
    yield replace(
        _fact("forecast", kept),
        values={"value": float(kept.found["last"]), "expected": float(last["mean"])},
        lower=float(last["lower"]),
        upper=float(last["upper"]),
        days={"by": last["day"].date()},
    )


def _slot(kept: Kept) -> Iterator[Fact]:
    """The hour of the week that surely does best, if the pattern held on later posts."""
    if not kept.found["reliable"]:
        return
    slots = kept.frame("slots")
    better = slots[slots["verdict"] == "better"].sort_values("lower", ascending=False)
    for _, slot in better.head(1).iterrows():
        yield replace(
            _fact("slot", kept, Subject(weekday=int(slot["weekday"]), hour=int(slot["hour"]))),
            values={"lift": float(slot["lift"]), "posts": float(slot["posts"])},
            lower=float(slot["lower"]),
            upper=float(slot["upper"]),
        )


def _tags(kept: Kept) -> Iterator[Fact]:
    frame = kept.frame("frame")
    judged = frame[frame["verdict"].isin(["better", "worse"])].head(MOST_TAGS)
    for _, tag in judged.iterrows():
        yield replace(
            _fact("hashtag", kept, Subject(tag=f"#{tag['tag']}", turn=str(tag["trend"]))),
            values={"lift": float(tag["lift"]), "uses": float(tag["uses"])},
            lower=float(tag["lower"]),
            upper=float(tag["upper"]),
        )


def _drivers(kept: Kept) -> Iterator[Fact]:
    for one in kept.found["drivers"]:
        yield replace(
            _fact("pattern", kept, Subject(feature=said(str(one["feature"])))),
            values={"lift": float(one["ratio"]) - 1, "posts": float(one["posts"])},
            lower=float(one["lower"]) - 1,
            upper=float(one["upper"]) - 1,
        )
