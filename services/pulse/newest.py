"""The newest posts, each against the account's other posts when they were as old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics import pulse as analysis
from analytics.metrics import registry
from analytics.pulse import Floats, Usual
from core import clock
from services.ask.notes import account_title
from services.posts import EXPOSURES
from services.pulse.scene import HOUR_MS, Scene
from services.pulse.shapes import PulsePost, Speed
from storage import entities, readings
from storage.entities import AccountRow

NEWEST = 20
NEW_FOR = timedelta(days=7)
BASE = timedelta(days=90)
"""The posts that say what is usual."""
ALONE = frozenset({"story", "reply", "repost"})
"""Kinds that live otherwise than posts do: they are held against their own kind or nothing."""


@dataclass(frozen=True, slots=True)
class _Base:
    """What a post is held against: posts of its kind where there are enough. `known`: how many were read at its age."""

    usual: Usual | None
    same_kind: bool
    known: int


@dataclass(frozen=True, slots=True)
class _New:
    """A new post: where its counters stand, the exposure that is known of it, and the counters of an interaction."""

    row: Mapping[Any, Any]
    account: AccountRow
    stands: Mapping[str, float]
    exposure: str
    terms: list[str]
    seen_at: float

    @property
    def seen_h(self) -> float:
        """How old it was when it was last read; NaN never."""
        return (self.seen_at - float(self.row["published_at"])) / HOUR_MS


def posts(scene: Scene) -> tuple[PulsePost, ...]:
    """The newest posts of the last seven days, at most twenty, newest first."""
    newest = entities.posts(
        scene.connection,
        scene.workspace_id,
        account_ids=list(scene.accounts),
        published_from_ms=clock.epoch_ms(scene.now - NEW_FOR),
        published_to_ms=clock.epoch_ms(scene.now),
        limit=NEWEST,
    )
    if newest.empty:
        return ()
    peers = _peers(scene, sorted(set(newest["account_id"].tolist())))
    shown = sorted({*(registry.METRICS[name].id for name in EXPOSURES), *scene.every_term()})
    totals = readings.latest(scene.connection, scene.workspace_id, post_ids=newest["id"].tolist(), metric_ids=shown)
    peers["seen_at"] = _seen_at(scene, peers, totals)
    stands = _stands(totals)
    seen_at = dict(zip(peers.index.tolist(), peers["seen_at"].tolist(), strict=True))
    new = [_new(scene, row, stands.get(row["id"], {}), seen_at[row["id"]]) for row in newest.to_dict("records")]
    by_exposure = _bases(scene, peers, {one.row["id"]: [one.exposure] for one in new if one.exposure}, new)
    rest = [one for one in new if not _is_told(by_exposure.get(one.row["id"]))]
    by_interactions = _bases(scene, peers, {one.row["id"]: one.terms for one in rest if one.terms}, rest)
    return tuple(_post(scene, one, by_exposure, by_interactions) for one in new)


def _peers(scene: Scene, owners: list[int]) -> pd.DataFrame:
    """The posts of the last 90 days of some accounts, by rising id: account_id, kind, published_at."""
    since, until = clock.epoch_ms(scene.now - BASE), clock.epoch_ms(scene.now)
    rows = [
        (post, owner, kind, at)
        for owner in owners
        for post, _, kind, at in entities.post_moments(
            scene.connection, scene.workspace_id, [owner], from_ms=since, to_ms=until
        )
    ]
    return pd.DataFrame(rows, columns=["id", "account_id", "kind", "published_at"]).set_index("id").sort_index()


def _seen_at(scene: Scene, peers: pd.DataFrame, totals: pd.DataFrame) -> Floats:
    """When each post was last read (ms, NaN never), as far as one of the usual counters tells."""
    usual = [registry.METRICS[name].id for name in (*EXPOSURES, "likes")]
    found = readings.latest(scene.connection, scene.workspace_id, post_ids=peers.index.tolist(), metric_ids=usual)
    seen = np.full(len(peers), -np.inf)
    for some in (found, totals):
        place = np.searchsorted(peers.index.to_numpy(), some["post_id"].to_numpy())
        np.maximum.at(seen, place, some["captured_at"].to_numpy(float))
    return np.where(np.isinf(seen), np.nan, seen)


def _stands(totals: pd.DataFrame) -> dict[int, dict[str, float]]:
    """Post -> counter -> where it stands."""
    stands: dict[int, dict[str, float]] = {}
    for post, metric, value in zip(totals["post_id"], totals["metric_id"], totals["value"], strict=True):
        stands.setdefault(int(post), {})[registry.BY_ID[int(metric)].name] = float(value)
    return stands


def _new(scene: Scene, row: Mapping[Any, Any], stands: Mapping[str, float], seen_at: float) -> _New:
    account = scene.accounts[row["account_id"]]
    exposure = next((name for name in EXPOSURES if name in stands), "")
    terms = [name for name in scene.terms(account.platform) if name in stands]
    return _New(row, account, stands, exposure, terms, seen_at)


def _bases(scene: Scene, peers: pd.DataFrame, wanted: Mapping[int, list[str]], new: Sequence[_New]) -> dict[int, _Base]:
    """Post -> where the sum of the wanted counters stood for the account's other posts when they were as old."""
    of = {one.row["id"]: one for one in new}
    moments = [
        (post, of[post].account.id, registry.METRICS[name].id, round(of[post].seen_h * HOUR_MS))
        for post, names in wanted.items()
        for name in names
    ]
    since = clock.epoch_ms(scene.now - BASE)
    found = readings.around(scene.connection, scene.workspace_id, moments, published_from_ms=since)
    found = found[np.isin(found["post_id"].to_numpy(), peers.index.to_numpy())]
    place = np.searchsorted(peers.index.to_numpy(), found["post_id"].to_numpy())
    published, target = found["published_at"].to_numpy(float), found["target"].to_numpy()
    ages = {post: of[post].seen_h for post in wanted}
    around = pd.DataFrame(
        {
            "before_h": _age_h(found["before_at"], published),
            "before": found["was"],
            "after_h": _age_h(found["after_at"], published),
            "after": found["now"],
            "seen_h": (peers["seen_at"].to_numpy(float)[place] - published) / HOUR_MS,
        }
    )
    stood = analysis.at_age(around, np.array([ages[post] for post in target.tolist()]))
    ids, kinds = peers.index.to_numpy(), peers["kind"].to_numpy(object)
    alone, bases = peers["kind"].isin(ALONE).to_numpy(bool), {}
    for post in wanted:
        asked = target == post
        total = _summed(place[asked], stood[asked], len(ids))
        alike = kinds == of[post].row["kind"]
        others = alike if of[post].row["kind"] in ALONE else ~alone
        total[ids == post] = np.nan
        bases[post] = _base(total[alike], total[others])
    return bases


def _summed(place: NDArray[np.int64], stood: Floats, n: int) -> Floats:
    """The sum over the counters of each post; NaN where one is unknown, and for posts of other accounts."""
    total = np.full(n, np.nan)
    total[place] = 0.0
    np.add.at(total, place, stood)
    return total


def _age_h(moments: pd.Series, published: Floats) -> Floats:
    at = moments.to_numpy(float)
    return np.where(at > 0, (at - published) / HOUR_MS, np.nan)


def _base(alike: Floats, others: Floats) -> _Base:
    usual = analysis.usual(alike)
    if usual is not None:
        return _Base(usual, True, usual.posts)
    return _Base(analysis.usual(others), False, int((~np.isnan(others)).sum()))


def _is_told(base: _Base | None) -> bool:
    return base is not None and base.usual is not None and base.usual.median >= 1


def _post(scene: Scene, one: _New, by_exposure: Mapping[int, _Base], by_interactions: Mapping[int, _Base]) -> PulsePost:
    row, post = one.row, one.row["id"]
    engagement = sum(one.stands[name] for name in one.terms) if one.terms else None
    ways = [
        (one.exposure, one.stands.get(one.exposure), by_exposure.get(post)),
        ("engagement", engagement, by_interactions.get(post)),
    ]
    speed, why = _speed([(name, value, base) for name, value, base in ways if base and value is not None], one.seen_h)
    return PulsePost(
        id=post,
        platform=one.account.platform,
        account=account_title(one.account),
        kind=row["kind"],
        text=row["text"],
        permalink=row["permalink"],
        published_at=clock.from_epoch_ms(row["published_at"]),
        age_h=(clock.epoch_ms(scene.now) - row["published_at"]) / HOUR_MS,
        read_at=None if np.isnan(one.seen_at) else clock.from_epoch_ms(int(one.seen_at)),
        exposure=one.stands.get(one.exposure),
        exposure_name=one.exposure,
        engagement=engagement,
        speed=speed,
        why=why,
    )


def _speed(ways: Sequence[tuple[str, float, _Base]], age_h: float) -> tuple[Speed | None, str]:
    """By exposure; where too few posts were read at this age, by interactions; else what is missing."""
    for metric, value, base in ways:
        if base.usual is not None and _is_told(base):
            ratio, viral = analysis.speed(value, base.usual), analysis.is_viral(value, base.usual)
            return Speed(metric, ratio, age_h, base.usual, base.same_kind, viral), ""
    if not ways:
        return None, "not read yet"
    if any(base.usual is not None for _, _, base in ways):
        return None, "posts usually have nothing yet at this age"
    known = max(base.known for _, _, base in ways)
    return None, f"not enough posts yet: {known} of {analysis.FEWEST} at this age"
