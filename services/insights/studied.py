"""What the kept studies say of a period: unusual days, times, hashtags, what moves a post, where followers go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from analytics.insights import Fact, Subject
from analytics.metrics.registry import METRICS
from core.question import Period, Where
from core.viewer import Viewer
from services.ask.notes import platform_title
from services.studies import Kept, find
from services.studies import Subject as Studied

MOST_TAGS = 5


def facts(viewer: Viewer, where: Where, period: Period, now: datetime) -> Iterator[Fact]:
    """Facts of every kind of study, of the platforms asked for; nothing where single accounts are chosen, because
    studies are made of platforms."""
    if where.accounts:
        return
    for platform in where.platforms or ("",):
        for metric in ("views", "engagement", "followers_net", "link_clicks", "revenue"):
            if (kept := _good(viewer, "unusual", Studied(metric, platform))) is not None:
                yield from _unusual(kept, period)
        if (kept := _good(viewer, "forecast", Studied("followers", platform))) is not None:
            yield from _heading(kept, period, now.date())
        of_posts = Studied(platform=platform)
        if (kept := _good(viewer, "best_times", of_posts)) is not None:
            yield from _slot(kept)
        if (kept := _good(viewer, "hashtags", of_posts)) is not None:
            yield from _tags(kept)
        if (kept := _good(viewer, "post_outcome", of_posts)) is not None:
            yield from _drivers(kept)


def _good(viewer: Viewer, kind: str, subject: Studied) -> Kept | None:
    kept = find(viewer, kind, subject)
    return kept if kept is not None and kept.state == "ok" else None


def _of(kept: Kept, metric: str) -> dict[str, object]:
    """What is the same in every fact of a study."""
    about = METRICS[metric]
    return {
        "metric": metric,
        "title": about.title,
        "unit": about.unit,
        "direction": about.direction,
        "questions": (f"study {kept.kind} {kept.subject.key}",),
    }


def _where(kept: Kept) -> str:
    return platform_title(kept.subject.platform) if kept.subject.platform else ""


def _unusual(kept: Kept, period: Period) -> Iterator[Fact]:
    for one in kept.found["days"]:
        day = date.fromisoformat(one["day"])
        known = all(one[name] is not None for name in ("value", "expected", "lower", "upper"))
        if known and period.first <= day <= period.last:
            yield Fact(
                "anomaly",
                **_of(kept, kept.subject.metric),  # type: ignore[arg-type]
                subject=Subject(platform=_where(kept)),
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
    yield Fact(
        "forecast",
        **_of(kept, kept.subject.metric),  # type: ignore[arg-type]
        subject=Subject(platform=_where(kept)),
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
        yield Fact(
            "slot",
            **_of(kept, "engagement"),  # type: ignore[arg-type]
            subject=Subject(platform=_where(kept), weekday=int(slot["weekday"]), hour=int(slot["hour"])),
            values={"lift": float(slot["lift"]), "posts": float(slot["posts"])},
            lower=float(slot["lower"]),
            upper=float(slot["upper"]),
        )


def _tags(kept: Kept) -> Iterator[Fact]:
    frame = kept.frame("frame")
    judged = frame[frame["verdict"].isin(["better", "worse"])].head(MOST_TAGS)
    for _, tag in judged.iterrows():
        yield Fact(
            "hashtag",
            **_of(kept, "engagement"),  # type: ignore[arg-type]
            subject=Subject(platform=_where(kept), tag=f"#{tag['tag']}", turn=str(tag["trend"])),
            values={"lift": float(tag["lift"]), "uses": float(tag["uses"])},
            lower=float(tag["lower"]),
            upper=float(tag["upper"]),
        )


def _drivers(kept: Kept) -> Iterator[Fact]:
    for one in kept.found["drivers"]:
        yield Fact(
            "pattern",
            **_of(kept, "engagement"),  # type: ignore[arg-type]
            subject=Subject(platform=_where(kept), feature=str(one["feature"])),
            values={"lift": float(one["ratio"]) - 1, "posts": float(one["posts"])},
            lower=float(one["lower"]) - 1,
            upper=float(one["upper"]) - 1,
        )
