"""Which posts came before days of unusual gains? Coincidence in time: hints where to look, never causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from core.errors import NotEnoughData
from core.kept import retold
from core.language import tr
from core.question import Period, Where
from core.viewer import Viewer
from services import catalogue, studies
from services.connecting.platforms import title as platform_title
from services.content import posts
from services.studies import Kept, Subject

METRIC = "followers_net"
BEFORE = 3
"""Posts of the day itself and of so many days less one before it are named."""
MOST_POSTS = 3
LOOK_BACK = 90
"""Where the period has no unusual day, the last one is looked for in so many days before it."""


@dataclass(frozen=True, slots=True)
class PostBefore:
    """A post that came out shortly before; `days_before` 0 is the same day. `engagement` is until now."""

    id: int
    text: str
    account: str
    days_before: int
    engagement: float | None


@dataclass(frozen=True, slots=True)
class GainDay:
    """A day on which a platform gained more than its usual range; `posts` are the largest of `posts_total`."""

    day: date
    platform: str
    title: str
    value: float
    expected: float
    upper: float
    inside: bool
    posts: tuple[PostBefore, ...]
    posts_total: int


@dataclass(frozen=True, slots=True)
class Hints:
    """Days of unusual gains, newest first; where the period has none, the last one before it. `looked` are the
    platforms with a finished study, `waiting` tells of the others in words."""

    days: tuple[GainDay, ...]
    looked: tuple[str, ...]
    waiting: tuple[str, ...]
    whole_platforms: bool


def hints(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> Hints:
    """Unusual gains of the chosen platforms, each with posts before it. Studies are of whole platforms."""
    looked, waiting, found = [], [], []
    platforms = _platforms(viewer, where)
    made = studies.find_many(viewer, [("unusual", Subject(METRIC, one)) for one in platforms])
    by_platform = {one.subject.platform: one for one in made}
    for platform in platforms:
        kept, title = by_platform.get(platform), platform_title(platform)
        if kept is None or kept.state != "ok":
            waiting.append(_why(title, kept))
            continue
        looked.append(title)
        found += [_Day.of(row, platform) for row in kept.found["days"] if _is_gain(row)]
    inside = [one for one in found if period.first <= one.day <= period.last]
    earliest = period.first - timedelta(days=LOOK_BACK)
    before = [one for one in found if earliest <= one.day < period.first]
    chosen = inside or sorted(before, key=lambda one: one.day)[-1:]
    chosen.sort(key=lambda one: (one.day, one.value), reverse=True)
    published = _published(viewer, chosen, where, now)
    days = tuple(_told(one, published, one.day >= period.first) for one in chosen)
    return Hints(days, tuple(looked), tuple(waiting), bool(where.accounts))


def _why(title: str, kept: Kept | None) -> str:
    """Why nothing is known of a platform yet."""
    if kept is None:
        return tr("{platform}: being computed, usually within a few minutes.", platform=title)
    return f"{title}: {retold(kept.reason).rstrip('.')}."


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    platform: str
    value: float
    expected: float
    upper: float

    @classmethod
    def of(cls, row: dict[str, object], platform: str) -> _Day:
        value, expected, upper = (float(str(row[name])) for name in ("value", "expected", "upper"))
        return cls(date.fromisoformat(str(row["day"])), platform, value, expected, upper)


def _is_gain(row: dict[str, object]) -> bool:
    known = [row.get(name) for name in ("value", "expected", "upper")]
    return None not in known and float(str(known[0])) > float(str(known[1]))


def _platforms(viewer: Viewer, where: Where) -> list[str]:
    chosen = [
        one.platform
        for one in catalogue.accounts(viewer)
        if (one.id in where.accounts if where.accounts else one.selected)
        and (not where.platforms or one.platform in where.platforms)
    ]
    return sorted(dict.fromkeys(chosen))


def _published(viewer: Viewer, days: list[_Day], where: Where, now: datetime) -> pd.DataFrame:
    """Posts of all days that matter."""
    if not days:
        return pd.DataFrame()
    first = min(one.day for one in days) - timedelta(days=BEFORE - 1)
    last = max(one.day for one in days)
    try:
        found = posts.top(viewer, Period(first, last), where, limit=None, now=now).frame
    except NotEnoughData:
        return pd.DataFrame()
    return found


def _told(one: _Day, published: pd.DataFrame, inside: bool) -> GainDay:
    near: list[PostBefore] = []
    if len(published):
        mine = published[published["platform"] == one.platform]
        away = [(one.day - stamp.date()).days for stamp in mine["published_local"]]
        close = mine.assign(away=away)
        close = close[(close["away"] >= 0) & (close["away"] < BEFORE)]
        columns = [close[name].tolist() for name in ("id", "text", "account", "away", "engagement")]
        near = [
            PostBefore(int(post), str(text), str(account), int(days), _known(size))
            for post, text, account, days, size in zip(*columns, strict=True)
        ]
    title = platform_title(one.platform)
    shown = tuple(near[:MOST_POSTS])
    return GainDay(one.day, one.platform, title, one.value, one.expected, one.upper, inside, shown, len(near))


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
