"""reports.query of the YouTube Analytics API: which reports there are, and their numbers from the simulated world."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandbox.google_api import refused
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Reply
from sandbox.world import Ints, days_of

NOT_A_PLUGIN = True

Floats = NDArray[np.float64]

LAG = timedelta(hours=60)
"""A day is shown this long after its end (48 to 72 hours), and corrected for two days more."""

INTEGER, FLOAT, STRING = "INTEGER", "FLOAT", "STRING"
CORE = {
    "views": INTEGER,
    "engagedViews": INTEGER,
    "estimatedMinutesWatched": INTEGER,
    "averageViewDuration": INTEGER,
    "averageViewPercentage": FLOAT,
    "likes": INTEGER,
    "dislikes": INTEGER,
    "comments": INTEGER,
    "shares": INTEGER,
    "subscribersGained": INTEGER,
    "subscribersLost": INTEGER,
    "videosAddedToPlaylists": INTEGER,
    "videosRemovedFromPlaylists": INTEGER,
}
MONEY = {"estimatedRevenue": FLOAT, "estimatedAdRevenue": FLOAT, "grossRevenue": FLOAT}
VIEWER = {"viewerPercentage": FLOAT}
KNOWN = {*CORE, *MONEY, *VIEWER, "redViews", "estimatedRedMinutesWatched", "cardImpressions", "cardClicks"}
KNOWN |= {"monetizedPlaybacks", "adImpressions", "cpm", "playbackBasedCpm", "audienceWatchRatio"}
KNOWN |= {"videoThumbnailImpressions", "videoThumbnailImpressionsClickRate", "playlistStarts"}

SEEN = {name: CORE[name] for name in ("views", "engagedViews", "estimatedMinutesWatched")}
REPORTS: Mapping[frozenset[str], Mapping[str, str]] = {
    frozenset(): CORE | MONEY,
    frozenset({"day"}): CORE | MONEY,
    frozenset({"month"}): CORE | MONEY,
    frozenset({"video"}): CORE | MONEY,
    frozenset({"video", "day"}): CORE | MONEY,
    frozenset({"country"}): CORE | MONEY,
    frozenset({"creatorContentType"}): CORE,
    frozenset({"creatorContentType", "day"}): CORE,
    frozenset({"deviceType"}): SEEN,
    frozenset({"deviceType", "day"}): SEEN,
    frozenset({"insightTrafficSourceType"}): SEEN,
    frozenset({"insightTrafficSourceType", "day"}): SEEN,
    frozenset({"ageGroup", "gender"}): VIEWER,
    frozenset({"ageGroup"}): VIEWER,
    frozenset({"gender"}): VIEWER,
}
DIMENSIONS = {name for dimensions in REPORTS for name in dimensions}
FILTERS = {"video", "country"}
CONTENT_TYPES = {"short": "shorts", "video": "videoOnDemand", "live": "liveStream"}
COUNTED = ("watch_seconds", "likes", "dislikes", "comments", "shares")
MOST_VIDEOS, MOST_IN_FILTER = 200, 500
PER_DOLLAR = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "CHF": 0.88, "JPY": 151.0, "CAD": 1.37, "AUD": 1.52}
DOLLARS_PER_VIEW = {"short": 0.00006, "video": 0.0021, "live": 0.0014}
UNSUPPORTED = (
    "The query is not supported. Check the documentation at "
    "https://developers.google.com/youtube/analytics/v2/available_reports for a list of supported queries."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was understood."""

    first: date
    last: date
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]]
    sort: tuple[str, ...]
    most: int | None
    start: int
    rate: float

    @property
    def types(self) -> Mapping[str, str]:
        """The metrics this report may hold, with their types."""
        return REPORTS[frozenset(self.dimensions)]


def understand(call: Call) -> Asked:
    """The request, or Google's refusal of it."""
    first, last = _date(call, "startDate"), _date(call, "endDate")
    metrics, dimensions = tuple(call.names("metrics")), tuple(call.names("dimensions"))
    if not metrics:
        raise refused(400, "Required", "required")
    _check_names(call, metrics, dimensions)
    filters = _filters(call)
    most = call.number("maxResults", 0) or None
    asked = Asked(
        first,
        last,
        metrics,
        dimensions,
        filters,
        tuple(call.names("sort")),
        most,
        call.number("startIndex", 1),
        _rate(call),
    )
    _check_query(asked)
    return asked


def _date(call: Call, name: str) -> date:
    text = call.arg(name)
    if not text:
        raise refused(400, "Required", "required", place={"location": name, "locationType": "parameter"})
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    wire = {"startDate": "start-date", "endDate": "end-date"}[name]
    raise refused(400, f"Invalid value ({text}) given in field parameters.{wire}.", "invalid")


def _check_names(call: Call, metrics: Sequence[str], dimensions: Sequence[str]) -> None:
    gone = call.fault("retired_metric")
    known = KNOWN - {str(gone.options.get("metric", "dislikes"))} if gone else KNOWN
    for names, known_names, field in ((metrics, known, "metrics"), (dimensions, DIMENSIONS, "dimensions")):
        if unknown := [name for name in names if name not in known_names]:
            raise refused(400, f"Unknown identifier ({unknown[0]}) given in field parameters.{field}.", "invalid")


def _filters(call: Call) -> dict[str, tuple[str, ...]]:
    found = {}
    for part in call.arg("filters").split(";") if call.arg("filters") else ():
        name, is_equal, values = part.partition("==")
        if not is_equal or name not in FILTERS:
            raise refused(400, f"Invalid value ({part}) given in field parameters.filters.", "invalid")
        found[name] = tuple(values.split(","))
    return found


def _rate(call: Call) -> float:
    currency = call.arg("currency", "USD")
    if currency not in PER_DOLLAR:
        raise refused(400, f"Invalid value ({currency}) given in field parameters.currency.", "invalid")
    return PER_DOLLAR[currency]


def _check_query(asked: Asked) -> None:
    kinds, videos = frozenset(asked.dimensions), asked.filters.get("video", ())
    columns = {*asked.dimensions, *asked.metrics}
    top = bool(asked.sort) and asked.sort[0].startswith("-") and (asked.most or MOST_VIDEOS + 1) <= MOST_VIDEOS
    if (
        kinds not in REPORTS
        or not set(asked.metrics) <= set(REPORTS[kinds])
        or any(name.removeprefix("-") not in columns for name in asked.sort)
        or (kinds == {"video"} and not top)
        or (kinds == {"video", "day"} and not videos)
        or len(videos) > MOST_IN_FILTER
        or ("country" in asked.filters and kinds - {"day", "month", "video"})
    ):
        raise refused(400, UNSUPPORTED, "badRequest")
    if asked.first > asked.last:
        said = f"Date range ({asked.first}) in field parameters.start-date is after the end date ({asked.last})."
        raise refused(400, said, "badRequest")
    for name, day in (("start-date", asked.first), ("end-date", asked.last)):
        if "month" in kinds and day.day != 1:
            said = f"Date range ({day}) in field parameters.{name} does not align to chosen dimension."
            raise refused(400, said, "badRequest")


class Numbers:
    """What a channel got in a span, by post and day: everything a report can be made of."""

    def __init__(self, view: View, asked: Asked) -> None:
        last = asked.last
        if "month" in asked.dimensions:
            last = (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        inside = max(asked.first, view.account.days[0]), min(last, view.today)
        self.view, self.asked = view, asked
        self.shown = view.daily("views", *inside, LAG)
        self.days = days_of(min(self.shown), max(self.shown)) if self.shown else []
        self.posts = view.account.posts(view.now) if self.days else []

    @cached_property
    def weights(self) -> Floats:
        """How much of each day's true number is shown: less than 1 while YouTube still counts, 0 on days without."""
        true = self.view.account.daily("views", self.days, self.view.now)
        pairs = zip(self.days, true.tolist(), strict=True)
        return np.array(
            [(self.shown[day] / views if views else 1.0) if day in self.shown else 0.0 for day, views in pairs]
        )

    @cached_property
    def chosen(self) -> list[int]:
        """The posts that the filter lets through, by index."""
        wanted = self.asked.filters.get("video")
        return [post.index for post in self.posts if wanted is None or post.id in wanted]

    def amounts(self, rows: Ints) -> dict[str, Floats]:
        """(post, day) of what some posts got; `watched` adds up shares of videos that were seen."""
        daily, posts = self.view.post_daily, [self.posts[row] for row in rows]
        found = {name: np.multiply(daily(name, self.days)[rows], self.weights) for name in self._needed}
        lengths = np.array([max(post.duration_s, 1) for post in posts], dtype=float)
        dollars = np.array([DOLLARS_PER_VIEW[post.kind] for post in posts])
        if "watch_seconds" in found:
            found["watched"] = np.divide(found["watch_seconds"], lengths[:, None])
        found["dollars"] = np.multiply(found["views"], dollars[:, None])
        return found

    @cached_property
    def _needed(self) -> list[str]:
        asked = {"watch_seconds" if "Watched" in name or "average" in name else name for name in self.asked.metrics}
        asked |= {"shares"} if asked & {"videosAddedToPlaylists", "videosRemovedFromPlaylists"} else set()
        return ["views", "subscribers", *(name for name in COUNTED if name in asked)]

    def by_day(self, posts: Sequence[int], *, whole: bool) -> dict[str, Floats]:
        """What some posts got, by day; of the `whole` channel with those who came and left without a video."""
        found = {name: values.sum(axis=0) for name, values in self.amounts(np.array(posts, dtype=np.int64)).items()}
        if whole:
            return found | {"gained": self._people("followers_gained"), "lost": self._people("followers_lost")}
        return found | {"gained": found["subscribers"], "lost": 0.2 * found["subscribers"]}

    def _people(self, metric: str) -> Floats:
        shown = self.view.daily(metric, self.days[0], self.days[-1], LAG)
        return np.array([shown.get(day, 0) for day in self.days], dtype=float)


def values(got: Mapping[str, float], rate: float) -> dict[str, float]:
    """Amounts in YouTube's metrics."""
    whole = {name: int(amount + 1e-6) for name, amount in got.items()}
    views, seconds, shares = whole["views"], whole.get("watch_seconds", 0), whole.get("shares", 0)
    dollars = got["dollars"] * rate
    return {
        "views": views,
        "engagedViews": int(views * 0.81),
        "estimatedMinutesWatched": seconds // 60,
        "averageViewDuration": seconds // views if views else 0,
        "averageViewPercentage": round(100 * got.get("watched", 0) / got["views"], 2) if views else 0.0,
        **{name: whole.get(name, 0) for name in ("likes", "dislikes", "comments", "shares")},
        "subscribersGained": whole["gained"],
        "subscribersLost": whole["lost"],
        "videosAddedToPlaylists": shares // 3,
        "videosRemovedFromPlaylists": shares // 20,
        "estimatedRevenue": round(dollars, 3),
        "estimatedAdRevenue": round(dollars * 0.93, 3),
        "grossRevenue": round(dollars * 0.93 / 0.55, 3),
    }


def rows(numbers: Numbers) -> list[list[Any]]:
    """The rows of a report, in the order of its columns; none where nothing is known yet."""
    asked = numbers.asked
    if not numbers.days:
        return []
    if "viewerPercentage" in asked.types:
        return [[*(key[name] for name in asked.dimensions), share] for key, share in _viewers(numbers)]
    found = []
    for key, got in _groups(numbers):
        cells = values(got, asked.rate)
        if cells["views"] or not set(asked.dimensions) - {"day", "month"}:
            found.append([*(key[name] for name in asked.dimensions), *(cells[name] for name in asked.metrics)])
    return found


def _groups(numbers: Numbers) -> Iterator[tuple[dict[str, str], dict[str, float]]]:
    """Each combination of members -> what it got."""
    names, times = numbers.asked.dimensions, _times(numbers)
    if names == ("video",):
        yield from _videos(numbers)
        return
    whole = not {"video", "creatorContentType"} & set(names) and "video" not in numbers.asked.filters
    known: tuple[Sequence[int], dict[str, Floats]] = ([], {})
    for member, posts, share in _members(numbers):
        if known[0] is not posts:
            known = posts, numbers.by_day(posts, whole=whole)
        by_day = known[1] if share is None else {name: amounts * share for name, amounts in known[1].items()}
        for label, days in times:
            yield label | member, {name: float(amounts[days].sum()) for name, amounts in by_day.items()}


def _videos(numbers: Numbers) -> Iterator[tuple[dict[str, str], dict[str, float]]]:
    """Each video over the whole span: hundreds at once."""
    posts = numbers.chosen
    sums = {name: values.sum(axis=1) for name, values in numbers.amounts(np.array(posts, dtype=np.int64)).items()}
    for place, index in enumerate(posts):
        got = {name: float(values[place]) for name, values in sums.items()}
        yield {"video": numbers.posts[index].id}, got | {"gained": got["subscribers"], "lost": 0.2 * got["subscribers"]}


def _times(numbers: Numbers) -> list[tuple[dict[str, str], Any]]:
    if "day" in numbers.asked.dimensions:
        return [({"day": day.isoformat()}, [place]) for place, day in enumerate(numbers.days) if day in numbers.shown]
    if "month" in numbers.asked.dimensions:
        months = [f"{day:%Y-%m}" for day in numbers.days]
        return [({"month": m}, [p for p, month in enumerate(months) if month == m]) for m in dict.fromkeys(months)]
    return [({}, slice(None))]


def _members(numbers: Numbers) -> Iterator[tuple[dict[str, str], Sequence[int], Floats | None]]:
    """Member of the split -> the posts that count, and the share of each day that does."""
    posts = numbers.chosen
    split = next((name for name in numbers.asked.dimensions if name not in {"day", "month"}), "")
    if split == "video":
        yield from (({"video": numbers.posts[index].id}, [index], None) for index in posts)
    elif split == "creatorContentType":
        for kind, wire in CONTENT_TYPES.items():
            yield {split: wire}, [index for index in posts if numbers.posts[index].kind == kind], None
    elif split:
        yield from (({split: member}, posts, share) for member, share in _shares(numbers, split).items())
    else:
        country = numbers.asked.filters.get("country")
        yield {}, posts, _shares(numbers, "country").get(country[0], np.zeros(len(numbers.days))) if country else None


def _shares(numbers: Numbers, dimension: str) -> dict[str, Floats]:
    parts = numbers.view.account.split("views", dimension, numbers.days, numbers.view.now)
    total = np.maximum(np.sum(list(parts.values()), axis=0), 1)
    return {member: part / total for member, part in parts.items()}


def _viewers(numbers: Numbers) -> Iterator[tuple[dict[str, str], float]]:
    parts = numbers.view.account.split("views", "age_gender", numbers.days, numbers.view.now)
    sums: dict[tuple[str, ...], float] = {}
    for member, part in parts.items():
        age, _, gender = member.partition(" ")
        names = {"ageGroup": f"age{age}", "gender": {"F": "female", "M": "male"}.get(gender, "genderUserSpecified")}
        key = tuple(names[name] for name in numbers.asked.dimensions)
        sums[key] = sums.get(key, 0.0) + float(part.sum())
    total = sum(sums.values())
    for key, got in sums.items():
        if total and (share := round(100 * got / total, 1)):
            yield dict(zip(numbers.asked.dimensions, key, strict=True)), share


def answer(call: Call, view: View) -> Reply:
    """A result table; `rows` is absent when there are none."""
    asked = understand(call)
    found = rows(Numbers(view, asked))
    columns = [*asked.dimensions, *asked.metrics]
    for name in reversed(asked.sort):
        found.sort(key=itemgetter(columns.index(name.removeprefix("-"))), reverse=name.startswith("-"))
    split = next((name for name in asked.dimensions if name not in {"day", "month", "video"}), "")
    if split and found and (novelty := call.fault("new_enum")):
        place, old = asked.dimensions.index(split), found[-1][asked.dimensions.index(split)]
        for row in found:
            row[place] = novelty.options.get("value", "HOLOGRAM") if row[place] == old else row[place]
    found = found[asked.start - 1 :][: asked.most]
    headers = [{"name": name, "columnType": "DIMENSION", "dataType": STRING} for name in asked.dimensions]
    headers += [{"name": name, "columnType": "METRIC", "dataType": asked.types[name]} for name in asked.metrics]
    body: dict[str, Any] = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers}
    return Reply(body | ({"rows": found} if found else {}))
