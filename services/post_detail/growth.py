"""How a post grew since it came out, against the account's other posts when they were as old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics import pulse as analysis
from analytics.metrics import definitions, registry
from analytics.pulse import FEWEST, Floats, Usual
from core import clock
from core.language import mark, tr
from core.question import Explanation, Period
from core.viewer import Right, Viewer
from services.content import post_list
from services.post_detail.shapes import Growth
from services.pulse import usual as curve
from services.pulse.scene import HOUR_MS
from services.pulse.usual import ALONE, BASE, AtAge
from services.words import wording
from storage import database, entities, readings, settings
from storage.database import Connection

SPANS = {"48": mark("First 2 days"), "168": mark("First 7 days"), "720": mark("First 30 days")}
"""Hours since publishing that a curve may show, and what that is called."""
_STEPS = 24
_NOTHING = pd.DataFrame(columns=["age_h", "low", "median", "high", "posts"], dtype=float)


def span(seen_h: float | None) -> str:
    """The shortest span that holds what is known of a post.

    >>> span(3.0), span(60.0), span(5000.0), span(None)
    ('48', '168', '720', '48')
    """
    return next((one for one in SPANS if (seen_h or 0.0) <= float(one)), list(SPANS)[-1])


def growth(viewer: Viewer, post_id: int, metric: str, wanted: str = "", *, now: datetime) -> Growth | None:
    """The curve of a counter, or of engagement; `wanted` is one of `SPANS`, empty for the one that fits. None where the
    workspace has no such post."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        found = entities.posts(connection, viewer.workspace_id, post_ids=[post_id])
        if found.empty:
            return None
        row = found.iloc[0].to_dict()
        terms = _terms(connection, viewer.workspace_id, row, metric)
        mine = _mine(connection, viewer.workspace_id, row, terms)
        seen_h = _seen_h(connection, viewer.workspace_id, row)
        chosen = wanted if wanted in SPANS else span(seen_h)
        ages = _ages(float(chosen), seen_h)
        posts = _base_posts(connection, viewer.workspace_id, row, now)
        stood = _stood(connection, viewer.workspace_id, posts, row, terms, ages)
    return _answer(row, metric, float(chosen), mine, seen_h, _curves(posts, stood, row, ages))


def _terms(connection: Connection, workspace_id: int, row: dict[Any, Any], metric: str) -> tuple[str, ...]:
    """The counters that are added: the metric itself, or those of engagement that were read of this post."""
    if metric != "engagement":
        return (metric,) if metric in registry.METRICS else ()
    version = str(settings.get(connection, workspace_id, "engagement_definition", definitions.DEFAULT))
    platform = entities.account(connection, workspace_id, int(row["account_id"])).platform
    known = set(readings.latest(connection, workspace_id, post_ids=[int(row["id"])])["metric_id"].tolist())
    return tuple(name for name in definitions.terms(version, platform) if registry.METRICS[name].id in known)


def _mine(connection: Connection, workspace_id: int, row: dict[Any, Any], terms: Sequence[str]) -> pd.DataFrame:
    """Its own readings: where the sum of the counters stood each time one of them was read anew."""
    ids = [registry.METRICS[name].id for name in terms]
    found = readings.history(connection, workspace_id, [int(row["id"])], ids)
    wide = (
        found.pivot(index="captured_at", columns="metric_id", values="value").sort_index().ffill().reindex(columns=ids)
    )
    total = wide.sum(axis=1).where(wide.notna().all(axis=1)).dropna()
    at = total.index.to_numpy(np.int64)
    return pd.DataFrame(
        {
            "age_h": (at - int(row["published_at"])) / HOUR_MS,
            "value": total.to_numpy(float),
            "read_at": [clock.from_epoch_ms(int(one)) for one in at],
        }
    )


def _seen_h(connection: Connection, workspace_id: int, row: dict[Any, Any]) -> float | None:
    """Its age when it was last read, as far as any counter tells."""
    found = readings.latest(connection, workspace_id, post_ids=[int(row["id"])])["captured_at"]
    return None if found.empty else (int(found.max()) - int(row["published_at"])) / HOUR_MS


def _ages(span_h: float, seen_h: float | None) -> list[float]:
    """The ages the usual curve is made at: closer together while posts are young, and the very age of the post."""
    spread = (span_h * (np.arange(1, _STEPS + 1) / _STEPS) ** 2).tolist()
    return sorted({*spread, seen_h}) if seen_h is not None and seen_h > 0 else spread


def _base_posts(connection: Connection, workspace_id: int, row: dict[Any, Any], now: datetime) -> pd.DataFrame:
    """The account's posts of the 90 days that say what is usual: the last ones, or those around an older post."""
    published = clock.from_epoch_ms(int(row["published_at"]))
    until = min(now, published + BASE / 2)
    since = clock.epoch_ms(until - BASE)
    posts = curve.peers(connection, workspace_id, [int(row["account_id"])], since, clock.epoch_ms(until))
    return posts.assign(seen_at=curve.seen_at(connection, workspace_id, posts))


def _stood(
    connection: Connection,
    workspace_id: int,
    posts: pd.DataFrame,
    row: dict[Any, Any],
    terms: tuple[str, ...],
    ages: Sequence[float],
) -> dict[int, Floats]:
    """For each age, by its place, where the counters of each post of the base stood."""
    if posts.empty or not terms:
        return {}
    asked = {place: AtAge(int(row["account_id"]), terms, age) for place, age in enumerate(ages)}
    first, last = int(posts["published_at"].min()), int(posts["published_at"].max())
    return curve.stood(connection, workspace_id, posts, asked, first, last)


def _curves(
    posts: pd.DataFrame, stood: dict[int, Floats], row: dict[Any, Any], ages: Sequence[float]
) -> tuple[dict[float, Usual], bool, int]:
    """Age -> what is usual; whether by posts of its kind only; and of how many posts the most was known."""
    ids, kinds = posts.index.to_numpy(), posts["kind"].to_numpy(object)
    alike = (kinds == row["kind"]) & (ids != int(row["id"]))
    others = alike if row["kind"] in ALONE else ~np.isin(kinds, list(ALONE)) & (ids != int(row["id"]))
    own, all_of_them = (
        {ages[place]: found for place, total in stood.items() if (found := analysis.usual(total[some])) is not None}
        for some in (alike, others)
    )
    known = max((int((~np.isnan(total[others])).sum()) for total in stood.values()), default=0)
    same_kind = len(own) > 0 and 2 * len(own) >= len(all_of_them)
    return (own if same_kind else all_of_them), same_kind, known


def _answer(
    row: dict[Any, Any],
    metric: str,
    span_h: float,
    mine: pd.DataFrame,
    seen_h: float | None,
    base: tuple[dict[float, Usual], bool, int],
) -> Growth:
    usual, same_kind, known = base
    rows = [(age, one.low, one.median, one.high, one.posts) for age, one in sorted(usual.items()) if age <= span_h]
    value = float(mine["value"].iloc[-1]) if len(mine) else None
    at_seen = usual.get(seen_h) if seen_h is not None else None
    ratio = None if value is None else analysis.speed(value, at_seen)
    return Growth(
        metric=metric,
        title=post_list.title(metric),
        span_h=span_h,
        mine=_told(mine[mine["age_h"] <= span_h].reset_index(drop=True)),
        usual=pd.DataFrame(rows, columns=list(_NOTHING.columns)) if rows else _NOTHING,
        seen_h=seen_h,
        value=value,
        at_seen=at_seen,
        same_kind=same_kind,
        ratio=None if ratio is None or np.isnan(ratio) else ratio,
        why=""
        if rows
        else tr("not enough posts yet: {known} of {fewest} were read at these ages", known=known, fewest=FEWEST),
        explanation=replace(
            _made(row, metric, same_kind, max((one.posts for one in usual.values()), default=known)),
            read_at=None if seen_h is None else clock.from_epoch_ms(int(row["published_at"] + seen_h * HOUR_MS)),
        ),
    )


def _made(row: dict[Any, Any], metric: str, same_kind: bool, known: int) -> Explanation:
    day = clock.from_epoch_ms(int(row["published_at"])).date()
    if same_kind:
        definition = mark(
            "Where the counter stood each time it was read anew, against the account's other posts of its kind "
            "({kind}) published within 90 days, each at the same age: their median, and the quartiles between which "
            "half of them lie. A post takes part from its first reading to its last; one first read later is left out."
        )
    else:
        definition = mark(
            "Where the counter stood each time it was read anew, against the account's other posts of any kind "
            "published within 90 days, each at the same age: their median, and the quartiles between which half of "
            "them lie. A post takes part from its first reading to its last; one first read later is left out."
        )
    return Explanation(
        metric=metric,
        title=tr("{metric} by age", metric=post_list.title(metric)),
        definition=tr(definition, kind=wording.kind(str(row["kind"]))),
        formula=tr(
            "at an age between two readings: on the straight line between them, where they are "
            "close or hardly differ; dashed where they are not"
        ),
        inputs=(),
        coverage=tr("at most {n} other posts at one age; at least {fewest} are needed", n=known, fewest=FEWEST),
        notes=(),
        period=Period(day, day),
        compared_with=None,
    )


def _told(mine: pd.DataFrame) -> pd.DataFrame:
    """`sure`: whether what lies between a reading and the one before (or publishing) is known well enough to draw."""
    age, value = mine["age_h"].to_numpy(float), mine["value"].to_numpy(float)
    hole, grown = np.diff(age, prepend=0.0), np.diff(value, prepend=0.0)
    near = hole <= np.maximum(analysis.HOLE_H, age - hole)
    hardly = grown <= np.maximum(analysis.HARDLY * value, analysis.HARDLY_COUNT)
    return mine.assign(sure=near | (hardly & (age > hole)))
