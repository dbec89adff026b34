"""All posts of a period as a list: found by words, in any order, with totals that only add what adds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from analytics.metrics import registry
from core import language
from core.language import mark, tr
from core.metric import Adds, Unit
from core.question import Note, Period, Posts, Where
from core.viewer import Right, Viewer
from services.content import posts
from services.content.posts import COUNTERS, DERIVED, EXPOSURES
from services.words import wording
from storage import database, entities

ORDERS = {
    "best": mark("Highest first"), "lowest": mark("Lowest first"), "newest": mark("Newest first"),
    "oldest": mark("Oldest first"),
}  # fmt: skip
BASES = {"lifetime": mark("Lifetime"), "in_period": mark("In the period")}
SCORE, EXPOSURE = "score", "exposure"
_TITLES = {SCORE: mark("Score"), EXPOSURE: mark("Exposure")}
_RATE = "engagement_rate"
_PEOPLE = mark("people are not added: one person may have seen several posts")
_MEAN = mark("a mean of each post is not added")


@dataclass(frozen=True, eq=False)
class PostList:
    """Posts with their numbers, one row each: the columns of `posts` and `tags`. `every` counts the posts
    before anything was looked for. `metrics` are the columns with numbers that some post has."""

    frame: pd.DataFrame
    metric: str
    basis: str
    period: Period
    metrics: tuple[str, ...]
    every: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """One column over all posts that are shown: `value` is None where it does not add up, and `why` says why. `posts`
    have a number, `median` is theirs, and half of them lie between `low` and `high`."""

    metric: str
    title: str
    unit: Unit
    value: float | None
    posts: int
    median: float | None
    low: float | None
    high: float | None
    why: str = ""


def read(
    viewer: Viewer,
    period: Period,
    where: Where,
    metric: str = "engagement",
    basis: str = "lifetime",
    only: Posts | None = None,
    *,
    now: datetime,
) -> PostList:
    """Every post of the period that is meant by `only`, best first. What the two bases mean: `posts.top`.
    `exposure` is what the rate of a post is taken over. Raises BadQuestion."""
    known = posts.peers(viewer, period, where, basis=basis, now=now)
    table = posts.top(viewer, period, where, metric=metric, basis=basis, limit=None, only=only, now=now, known=known)
    tags = dict(zip(known["id"], known["tags"], strict=True))
    named = pd.Series([list(tags.get(one) or ()) for one in table.frame["id"]], table.frame.index, dtype=object)
    frame = table.frame.assign(tags=named, exposure=_exposure(table.frame))
    return PostList(frame, metric, basis, period, table.metrics, table.total, table.notes)


def _exposure(rows: pd.DataFrame) -> pd.Series:
    exposure = pd.Series(float("nan"), rows.index)
    for name in set(rows["denominator"]) - {""}:
        exposure = exposure.where(rows["denominator"] != name, rows[name])
    return exposure


def metrics(viewer: Viewer, where: Where) -> tuple[str, ...]:
    """What posts can be ordered by: what is made of counters first, then what the platforms give of posts."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        found = entities.accounts(connection, viewer.workspace_id, list(where.platforms) or None)
    platforms = {one.platform for one in found if (one.id in where.accounts if where.accounts else one.selected)}
    offered = [name for name in COUNTERS if any(registry.offered(name, one) for one in platforms)]
    return (*DERIVED, *sorted(offered, key=lambda name: (name not in EXPOSURES, COUNTERS.index(name))))


def title(metric: str) -> str:
    """What a person calls a column."""
    return tr(_TITLES.get(metric) or registry.METRICS[metric].title)


def unit(metric: str) -> Unit:
    """How a column is written."""
    if metric == EXPOSURE:
        return Unit.COUNT
    return Unit.SCORE if metric == SCORE else registry.METRICS[metric].unit


def chosen(found: PostList, words: str = "", order: str = "best") -> PostList:
    """The posts with all these words in text or tags, in the order that is wanted; those without the number come
    last."""
    rows = found.frame
    looked = words.casefold().split()
    if looked:
        said = [_says(looked, text, some) for text, some in zip(rows["text"], rows["tags"], strict=True)]
        rows = rows[np.array(said, bool)]
    return replace(found, frame=_ordered(rows, found.metric, order).reset_index(drop=True))


def _says(looked: Collection[str], text: str, tags: Collection[str]) -> bool:
    said = f"{text} {' '.join(f'#{tag}' for tag in tags)}".casefold()
    return all(word in said for word in looked)


def _ordered(rows: pd.DataFrame, metric: str, order: str) -> pd.DataFrame:
    if order in ("newest", "oldest"):
        return rows.sort_values(["published_at", "id"], ascending=order == "oldest")
    if order == "lowest":
        return rows.sort_values([metric, "published_at"], ascending=[True, False], na_position="last")
    return rows


def totals(found: PostList, columns: Collection[str]) -> tuple[Total, ...]:
    """Each column over all posts of the list: sums of what adds up, a rate made anew, else why there is none."""
    return tuple(_total(found.frame, name) for name in columns if name in found.frame.columns)


def _total(rows: pd.DataFrame, name: str) -> Total:
    known = rows[name].dropna()
    value, why = _summed(rows, name) if len(known) else (None, tr("no post has it"))
    middle = known.quantile([0.25, 0.5, 0.75]).tolist() if len(known) else (None, None, None)
    return Total(name, title(name), unit(name), value, len(known), middle[1], middle[0], middle[2], why)


def _summed(rows: pd.DataFrame, name: str) -> tuple[float | None, str]:
    if name == SCORE:
        return None, tr("a rank is not added")
    if name in (_RATE, EXPOSURE):
        return _over_exposure(rows, name)
    adds = registry.METRICS[name].adds
    if adds is Adds.UNIQUE:
        return None, tr(_PEOPLE)
    if adds is not Adds.FLOW:
        return None, tr(_MEAN)
    return float(rows[name].sum()), ""


def _over_exposure(rows: pd.DataFrame, name: str) -> tuple[float | None, str]:
    """All exposure, or all engagement over it, of the posts that have it; not where they are counted in different
    things."""
    both = rows[rows[name].notna()]
    over = sorted(set(both["denominator"]))
    if len(over) > 1:
        return None, tr("{metrics} are not the same", metrics=language.listed([wording.metric(name) for name in over]))
    if registry.METRICS[over[0]].adds is Adds.UNIQUE:
        return None, tr(_PEOPLE)
    seen = float(both[EXPOSURE].sum())
    return (float(both["engagement"].sum()) / seen if name == _RATE else seen), ""


def export(found: PostList, platforms: dict[str, str]) -> pd.DataFrame:
    """Every post of the list with everything that is known of it, for a file; heads say which basis the numbers have.
    `platforms`: platform -> the name people know."""
    rows, told = found.frame, found.basis == "lifetime"
    dated = mark("{metric}, until now") if told else mark("{metric}, in the period")
    columns = {
        "Post": rows["text"],
        "Platform": [platforms.get(one, one) for one in rows["platform"]],
        "Account": rows["account"],
        "Kind": rows["kind"].map(wording.kind),
        "Tags": [" ".join(f"#{tag}" for tag in some) for some in rows["tags"]],
        "Published (account's local time)": rows["published_local"],
    }
    counted = [name for name in found.metrics if name not in (_RATE, SCORE)]
    numbers = {tr(dated, metric=title(name)): rows[name] for name in counted if name in rows.columns}
    over = rows["denominator"].map(wording.metric)
    rates = {tr(dated, metric=title(_RATE)): rows[_RATE], "Rate is over": over, "Score": rows[SCORE]}
    return pd.DataFrame({**columns, **numbers, **rates, "Link": rows["permalink"]}).reset_index(drop=True)
