"""Every number of a post: its value, how it stands among its peers, when it was read and what the platform calls it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.metrics import definitions, registry
from analytics.score import AGE_CLASSES_DAYS, FEWEST
from core import clock
from core.language import figure, mark, tr, trn
from core.metric import Source
from core.question import Explanation, Input, Period
from core.viewer import Viewer
from services.content import post_list
from services.content.posts import COUNTERS, DERIVED, EXPOSURES
from services.post_detail.shapes import Post, Standing
from services.words import wording
from storage import database, settings

_OF_POSTS = "Of posts"
_SCORE = mark(
    "The mean of its percentile ranks by engagement and by exposure among the account's posts of its kind and age; 50 "
    "is ordinary."
)


@dataclass(frozen=True, slots=True)
class Stands:
    """The numbers, what the rate is over, who the peers are, how the derived ones are made, and what has a curve."""

    numbers: tuple[Standing, ...]
    over: str
    among: str
    explanations: dict[str, Explanation]
    growing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    post: Post
    row: dict[Any, Any]
    peers: pd.DataFrame
    read_at: dict[str, datetime]
    terms: tuple[str, ...]

    @property
    def over(self) -> str:
        return str(self.row["denominator"])


def of(viewer: Viewer, post: Post, known: pd.DataFrame, totals: pd.DataFrame) -> Stands:
    """`known` are the posts of the account around it with their numbers; `totals` its own newest readings."""
    mine = known[known["id"] == post.id]
    if mine.empty:
        return Stands((), "", "", {}, ())
    with database.current().read() as connection:
        version = str(settings.get(connection, viewer.workspace_id, "engagement_definition", definitions.DEFAULT))
    row = mine.iloc[0].to_dict()
    read_at = {
        registry.BY_ID[int(metric)].name: clock.from_epoch_ms(int(at))
        for metric, at in zip(totals["metric_id"], totals["captured_at"], strict=True)
        if int(metric) in registry.BY_ID
    }
    terms = tuple(name for name in definitions.terms(version, post.platform) if name in read_at)
    scene = _Scene(post, row, _peers(known, row), read_at, terms)
    names = [name for name in (*DERIVED, *EXPOSURES, *COUNTERS) if name in known.columns and not pd.isna(row[name])]
    numbers = tuple(_number(scene, name) for name in dict.fromkeys(names))
    counted = [one.metric for one in numbers if one.metric in COUNTERS]
    growing = (*counted[:1], *(["engagement"] if terms else []), *counted[1:])
    made = {name: _made(scene, name, version) for name in (*DERIVED, scene.over) if name in names}
    return Stands(numbers, scene.over, _among(scene), made, growing)


def _peers(known: pd.DataFrame, row: dict[Any, Any]) -> pd.DataFrame:
    """The posts of its kind and age, itself included, as the score has them."""
    ages = np.searchsorted(AGE_CLASSES_DAYS, known["age_days"].to_numpy(float), side="right")
    mine = np.searchsorted(AGE_CLASSES_DAYS, float(row["age_days"]), side="right")
    alike: pd.DataFrame = known[(ages == mine) & (known["kind"] == row["kind"]).to_numpy(bool)]
    return alike


def _among(scene: _Scene) -> str:
    """ "48 posts of this kind that are 30 days old or older"."""
    classes = AGE_CLASSES_DAYS
    place = int(np.searchsorted(classes, scene.post.age_h / 24, side="right"))
    n = len(scene.peers)
    if place >= len(classes):
        age = tr("{days} days old or older", days=figure(f"{classes[-1]:.0f}"))
    else:
        first, last = (figure(f"{days:.0f}") for days in classes[place - 1 : place + 1])
        age = tr("{first} to {last} days old", first=first, last=last)
    return trn(
        "{n} {kind} post of this account within a year of it, {age}",
        "{n} {kind} posts of this account within a year of it, {age}",
        n,
        kind=wording.kind(scene.post.kind),
        age=age,
    )


def _number(scene: _Scene, name: str) -> Standing:
    value = float(scene.row[name])
    others = scene.peers[name].dropna()
    if name == "engagement_rate":
        others = others[scene.peers.loc[others.index, "denominator"] == scene.over]
    enough = len(others) >= FEWEST
    rank = int((others > value).sum()) + 1 if enough and name != post_list.SCORE else None
    return Standing(
        metric=name,
        title=post_list.title(name),
        unit=post_list.unit(name),
        value=value,
        rank=rank,
        peers=len(others),
        median=float(others.median()) if enough else None,
        field=_field(scene, name),
        definition=_definition(name),
        read_at=_read_at(scene, name),
        why="" if enough else tr("too few to compare with ({n} of {fewest})", n=len(others), fewest=FEWEST),
    )


def _definition(name: str) -> str:
    return tr(_SCORE if name == post_list.SCORE else registry.METRICS[name].definition)


def _ingredients(scene: _Scene, name: str) -> tuple[str, ...]:
    """The counters a number is made of."""
    if name == "engagement":
        return scene.terms
    if name in ("engagement_rate", post_list.SCORE):
        return (*scene.terms, *([scene.over] if scene.over else []))
    return (name,)


def _read_at(scene: _Scene, name: str) -> datetime | None:
    moments = [scene.read_at[one] for one in _ingredients(scene, name) if one in scene.read_at]
    return max(moments, default=None)


def _field(scene: _Scene, name: str) -> str:
    if name == post_list.SCORE:
        return tr("computed from ranks")
    made = _sum(scene, name)
    return tr("computed: {formula}", formula=made) if made else field(name, scene.post)


def _sum(scene: _Scene, name: str) -> str:
    """What engagement, and its rate, are made of; nothing for other numbers."""
    if name == "engagement":
        return " + ".join(wording.metric(one) for one in scene.terms)
    if name == "engagement_rate":
        return f"{wording.metric('engagement')} ÷ {wording.metric(scene.over)}"
    return ""


def field(name: str, post: Post) -> str:
    """What the platform called a counter of posts when this one came out."""
    mine = [one for one in registry.METRICS[name].sources if one.platform == post.platform]
    day = post.published_local.date()
    valid = [one for one in mine if _valid(one, day)] or mine
    of_posts = [one for one in valid if one.note.startswith(_OF_POSTS)] or valid
    return of_posts[0].field if of_posts else tr("imported")


def _valid(source: Source, day: date) -> bool:
    return (source.valid_from is None or source.valid_from <= day) and (
        source.valid_to is None or source.valid_to >= day
    )


def _made(scene: _Scene, name: str, version: str) -> Explanation:
    post, day = scene.post, scene.post.published_local.date()
    inputs = [
        Input(one, tr(registry.METRICS[one].title), post.platform, field(one, post), _known(scene, one), 1,
              scene.read_at.get(one))
        for one in _ingredients(scene, name)
    ]  # fmt: skip
    return Explanation(
        metric=name,
        title=post_list.title(name),
        definition=_definition(name),
        formula=_formula(scene, name),
        inputs=tuple(inputs),
        coverage=tr("this post; compared with {posts}", posts=_among(scene)),
        notes=(),
        period=Period(day, day),
        compared_with=None,
        definition_version=version if "engagement" in name else "",
    )


def _formula(scene: _Scene, name: str) -> str:
    if name == post_list.SCORE:
        return tr("mean of its percentile ranks by engagement and exposure")
    if name not in DERIVED:
        return tr("as the platform counts it")
    return _sum(scene, name)


def _known(scene: _Scene, name: str) -> float | None:
    value = scene.row.get(name)
    return None if value is None or pd.isna(value) else float(value)
