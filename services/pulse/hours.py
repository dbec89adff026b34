"""The last 24 hours by hour and platform, out of the readings of all posts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics import pulse as analysis
from analytics.metrics import registry
from core import clock
from core.language import tr
from core.metric import Unit
from core.question import Explanation, Note, Number, Period
from services.ask.explain import formula
from services.pulse.scene import HOUR_MS, Scene
from services.pulse.shapes import PulseCard
from storage import readings

HOURS = 24
LAST_DAY = "interactions_24h"
COLUMNS = ["start", "platform", "value", "loose", "known", "accounts"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def by_hour(scene: Scene) -> pd.DataFrame:
    """The rows of `Pulse.hours`."""
    edges = _edges(scene)
    found = readings.moved(
        scene.connection,
        scene.workspace_id,
        list(scene.accounts),
        scene.every_term(),
        since_ms=int(edges[0]),
        born_ms=int(edges[0]) - analysis.DAY_MS,
    )
    found = found[_counts(scene, found)]
    posts = found.drop_duplicates("post_id").set_index("post_id")[["account_id", "published_at"]].sort_index()
    grown = analysis.by_hour(found, posts, edges)
    begun, until = _read_spans(scene, found, float(edges[0]))
    touched = (begun < edges[1:]) & (until > edges[:-1])
    through = (begun <= edges[:-1]) & (until >= edges[1:])
    value, loose = (np.where(touched, _laid_out(scene, grown, name), 0.0) for name in ("value", "loose"))
    platform_of = np.array([account.platform for account in scene.accounts.values()], dtype=object)
    zone = clock.zone(scene.zone)
    starts = [clock.from_epoch_ms(int(edge)).astimezone(zone) for edge in edges[:-1]]
    parts = []
    for platform in scene.platforms:
        mine = platform_of == platform
        columns = {
            "start": starts,
            "platform": platform,
            "value": np.where(touched[mine].any(axis=0), value[mine].sum(axis=0), np.nan),
            "loose": loose[mine].sum(axis=0),
            "known": through[mine].sum(axis=0),
            "accounts": int(mine.sum()),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _edges(scene: Scene) -> Floats:
    """The bounds of the hours (ms); the last one is still running."""
    local = scene.now.astimezone(clock.zone(scene.zone)).replace(minute=0, second=0, microsecond=0)
    last = clock.epoch_ms(local) + HOUR_MS
    return np.arange(last - HOURS * HOUR_MS, last + 1, HOUR_MS).astype(float)


def _counts(scene: Scene, found: pd.DataFrame) -> Bools:
    """Whether a counter is part of an interaction on the platform of its post."""
    counted = np.zeros(len(found), bool)
    owner, metric = found["account_id"].to_numpy(), found["metric_id"].to_numpy()
    for platform in scene.platforms:
        mine = [account.id for account in scene.accounts.values() if account.platform == platform]
        terms = [registry.METRICS[name].id for name in scene.terms(platform)]
        counted |= np.isin(owner, mine) & np.isin(metric, terms)
    return counted


def _read_spans(scene: Scene, found: pd.DataFrame, since: float) -> tuple[Floats, Floats]:
    """From when until when the posts of each account are known to have been read (ms), a column each.

    An account that we have longer than these hours was read in them; a newer one from its first reading on.
    """
    seen = found.groupby("account_id")["captured_at"]
    first, last = dict(seen.min()), dict(seen.max())
    begun, until = [], []
    for account in scene.accounts.values():
        link = scene.links.get(account.connection_id or 0)
        made = float(account.created_at)
        begun.append(made if made <= since else float(first.get(account.id, made)))
        until.append(float(max(last.get(account.id, 0), (link.last_success_at or 0) if link else 0)))
    return np.array(begun)[:, None], np.array(until)[:, None]


def _laid_out(scene: Scene, grown: pd.DataFrame, column: str) -> Floats:
    """A column as (accounts, hours), 0 where nothing grew."""
    wide = grown.pivot(index="account_id", columns="hour", values=column)
    return wide.reindex(index=list(scene.accounts), columns=range(HOURS)).fillna(0.0).to_numpy(float)


def _read_throughout(hours: pd.DataFrame) -> int:
    return int(hours.loc[hours["start"] == hours["start"].min(), "known"].sum())


def card(scene: Scene, hours: pd.DataFrame, day: date) -> PulseCard:
    """The sum of the hours: the one number that every platform with readings takes part in."""
    known = hours.dropna(subset="value")
    total = float(known["value"].sum()) if len(known) else None
    whole = hours.groupby("start")[["value", "known", "accounts"]].sum(min_count=1)
    by_hour = whole.loc[whole["known"] >= whole["accounts"], "value"]
    engagement = registry.METRICS["engagement"]
    why = "" if total is not None else tr("no post was read in the last 24 hours")
    number = Number(LAST_DAY, total, Unit.COUNT, engagement.direction, why_none=why)
    made = Explanation(
        LAST_DAY,
        tr("Engagement, last 24 hours"),
        tr(
            "What all posts gathered in the last 24 hours, whenever they were published: the "
            "growth of their counters between one reading and the next."
        ),
        tr("sum of the growth of {formula}", formula=formula(engagement, scene.version, scene.platforms)),
        (),
        ", ".join(
            [
                tr("{n} of {all} accounts", n=_read_throughout(hours), all=len(scene.accounts)),
                tr("read from the first of these hours on"),
            ]
        ),
        (Note("readings", tr("Older posts are read once a day; what they gathered since is added then."), LAST_DAY),),
        Period(day - timedelta(days=1), day),
        None,
        scene.version,
    )
    return PulseCard(tr("Engagement, last 24 h"), number, tuple(by_hour.tolist()), made)
