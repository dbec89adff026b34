"""The newest posts, each against the account's other posts when they were as old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics import pulse as analysis
from analytics.metrics import registry
from core import clock
from core.language import tr
from services.ask.notes import account_title
from services.content.posts import EXPOSURES
from services.pulse import usual
from services.pulse.scene import HOUR_MS, Scene
from services.pulse.shapes import PulsePost, Speed
from services.pulse.usual import ALONE, BASE, AtAge, Base
from storage import entities, readings
from storage.entities import AccountRow

NEWEST = 20
NEW_FOR = timedelta(days=7)


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
    owners, until = sorted(set(newest["account_id"].tolist())), clock.epoch_ms(scene.now)
    peers = usual.peers(scene.connection, scene.workspace_id, owners, _since(scene), until)
    shown = sorted({*(registry.METRICS[name].id for name in EXPOSURES), *scene.every_term()})
    totals = readings.latest(scene.connection, scene.workspace_id, post_ids=newest["id"].tolist(), metric_ids=shown)
    peers["seen_at"] = usual.seen_at(scene.connection, scene.workspace_id, peers, totals)
    stands = _stands(totals)
    seen_at = dict(zip(peers.index.tolist(), peers["seen_at"].tolist(), strict=True))
    new = [_new(scene, row, stands.get(row["id"], {}), seen_at[row["id"]]) for row in newest.to_dict("records")]
    by_exposure = _bases(scene, peers, {one.row["id"]: [one.exposure] for one in new if one.exposure}, new)
    rest = [one for one in new if not _is_told(by_exposure.get(one.row["id"]))]
    by_interactions = _bases(scene, peers, {one.row["id"]: one.terms for one in rest if one.terms}, rest)
    return tuple(_post(scene, one, by_exposure, by_interactions) for one in new)


def _since(scene: Scene) -> int:
    return clock.epoch_ms(scene.now - BASE)


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


def _bases(scene: Scene, peers: pd.DataFrame, wanted: Mapping[int, list[str]], new: Sequence[_New]) -> dict[int, Base]:
    """Post -> where the sum of the wanted counters stood for the account's other posts when they were as old."""
    of = {one.row["id"]: one for one in new}
    asked = {post: AtAge(of[post].account.id, tuple(names), of[post].seen_h) for post, names in wanted.items()}
    totals = usual.stood(scene.connection, scene.workspace_id, peers, asked, _since(scene))
    ids, kinds = peers.index.to_numpy(), peers["kind"].to_numpy(object)
    alone, bases = peers["kind"].isin(ALONE).to_numpy(bool), {}
    for post, total in totals.items():
        alike = kinds == of[post].row["kind"]
        others = alike if of[post].row["kind"] in ALONE else ~alone
        total[ids == post] = np.nan
        bases[post] = usual.base(total[alike], total[others])
    return bases


def _is_told(base: Base | None) -> bool:
    return base is not None and base.usual is not None and base.usual.median >= 1


def _post(scene: Scene, one: _New, by_exposure: Mapping[int, Base], by_interactions: Mapping[int, Base]) -> PulsePost:
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


def _speed(ways: Sequence[tuple[str, float, Base]], age_h: float) -> tuple[Speed | None, str]:
    """By exposure; where too few posts were read at this age, by interactions; else what is missing."""
    for metric, value, base in ways:
        if base.usual is not None and _is_told(base):
            ratio, viral = analysis.speed(value, base.usual), analysis.is_viral(value, base.usual)
            return Speed(metric, ratio, age_h, base.usual, base.same_kind, viral), ""
    if not ways:
        return None, tr("not read yet")
    if any(base.usual is not None for _, _, base in ways):
        return None, tr("posts usually have nothing yet at this age")
    known = max(base.known for _, _, base in ways)
    return None, tr("not enough posts yet: {known} of {fewest} at this age", known=known, fewest=analysis.FEWEST)
