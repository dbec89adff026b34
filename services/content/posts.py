"""Which posts did best? Posts with their numbers: as they stand now, or what they gathered inside a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches

import numpy as np
import pandas as pd

from analytics.metrics import definitions, registry
from analytics.score import performance
from core import clock, language
from core.errors import BadQuestion
from core.language import tr
from core.metric import Adds
from core.question import Note, Period, Posts, Where
from core.viewer import Right, Viewer
from services.ask.notes import account_title
from services.words import wording
from storage import database, entities, readings, settings
from storage.database import Connection
from storage.entities import AccountRow

BASES = ("lifetime", "in_period")
PEERS_DAYS = 365
"""How far back posts are peers of each other, and how long a post is followed."""
MOST_TAGS = 200
"""So many tags are offered to choose posts by."""
EXPOSURES = ("views", "impressions", "reach")
"""What an engagement rate of a post is taken over: the first of these that is known."""
COUNTERS = tuple(metric.name for metric in registry.METRICS.values() if metric.per_post and not metric.derived)
DETAILS = (
    "id", "account_id", "platform", "account", "kind", "text", "permalink", "thumbnail_url", "published_local",
    "published_at", "age_days",
)  # fmt: skip
DERIVED = ("engagement", "engagement_rate", "score")


@dataclass(frozen=True, eq=False)
class PostTable:
    """Posts, best first: one row each with `DETAILS`, every known counter and the derived columns; NaN is unknown.

    `denominator` names what `engagement_rate` of that row is taken over. `total` counts the posts before the limit.
    `score` is 0-100 among the account's posts of the same kind and age (see `analytics.score`).
    """

    frame: pd.DataFrame
    metric: str
    basis: str
    period: Period
    total: int
    metrics: tuple[str, ...]
    notes: tuple[Note, ...]


def top(
    viewer: Viewer,
    period: Period,
    where: Where | None = None,
    *,
    metric: str = "engagement",
    basis: str = "lifetime",
    limit: int | None = 10,
    only: Posts | None = None,
    now: datetime | None = None,
    known: pd.DataFrame | None = None,
) -> PostTable:
    """The best posts of a period by any metric; posts of which it is not known come last.

    "lifetime": posts published in the period, with what they gathered until now. "in_period": any post of the last
    year, with what it gathered inside the period - the difference of readings at its two ends; a post published inside
    began at 0, and one not read before the period has no value. `known`: what `peers` answered, to save a
    read. `only`: which of the posts; their scores stay those among all. Raises BadQuestion.
    """
    _check(metric, basis, limit)
    every = peers(viewer, period, where or Where(), basis=basis, now=now) if known is None else known
    every = narrowed(every, only)
    if metric not in every.columns:
        every = every.assign(**{metric: np.nan})
    chosen = every[every["inside"]] if basis == "lifetime" else every[every[metric].notna()]
    best = chosen.sort_values([metric, "published_at"], ascending=False, na_position="last")
    filled = tuple(name for name in (*COUNTERS, *DERIVED) if name in best.columns and best[name].notna().any())
    shown = best.head(limit) if limit is not None else best
    columns = [*DETAILS, *dict.fromkeys([*filled, metric, *DERIVED]), "denominator"]
    notes = _notes(metric, basis, best)
    return PostTable(shown[columns].reset_index(drop=True), metric, basis, period, len(best), filled, notes)


def narrowed(found: pd.DataFrame, only: Posts | None) -> pd.DataFrame:
    """Those of some posts (`kind`, `tags`) that are meant; all of them where nothing is chosen."""
    return found[meant(found, only)] if only else found


def meant(found: pd.DataFrame, only: Posts | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of some posts (`kind`, `tags`) are of one of the kinds, and have one of the tags, that were chosen."""
    chosen = np.ones(len(found), bool)
    if only and only.kinds:
        chosen &= found["kind"].isin(only.kinds).to_numpy()
    if only and only.tags:
        chosen &= np.array([not set(only.tags).isdisjoint(tags or ()) for tags in found["tags"]], bool)
    return chosen


def used(viewer: Viewer, *, now: datetime) -> Posts:
    """What posts can be chosen by: the kinds and tags of the workspace's posts of the last year, most used first."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = _accounts(connection, viewer.workspace_id, Where())
        earliest = clock.epoch_ms(now - timedelta(days=PEERS_DAYS))
        marks = entities.post_marks(connection, viewer.workspace_id, accounts, from_ms=earliest)
    kinds = Counter(kind for kind, _ in marks)
    tags = Counter(tag for _, some in marks for tag in some or ())
    return Posts(tuple(one for one, _ in kinds.most_common()), tuple(one for one, _ in tags.most_common(MOST_TAGS)))


def _check(metric: str, basis: str, limit: int | None) -> None:
    if basis not in BASES:
        raise BadQuestion(tr("Posts have no basis '{basis}'.", basis=basis), hint=tr("Use lifetime or in_period."))
    if limit is not None and limit < 1:
        raise BadQuestion(tr("The limit is less than one post."), hint=tr("Leave it out for all posts."))
    if metric not in (*COUNTERS, *DERIVED):
        near = get_close_matches(metric, [*COUNTERS, *DERIVED], 3, 0.5)
        hint = tr("Did you mean {near}?", near=" or ".join(near)) if near else tr("Try engagement or views.")
        raise BadQuestion(tr("Posts have no metric '{metric}'.", metric=metric), hint=hint)


def _notes(metric: str, basis: str, posts: pd.DataFrame) -> tuple[Note, ...]:
    notes = []
    lacking = int(posts[metric].isna().sum())
    if lacking:
        notes.append(
            Note(
                "missing",
                tr(
                    "{lacking} of {posts} posts have no {metric}.",
                    lacking=lacking,
                    posts=len(posts),
                    metric=wording.metric(metric),
                ),
                metric,
            )
        )
    if metric == "engagement_rate" and posts["denominator"].nunique() > 1:
        over = language.listed([wording.metric(name) for name in sorted(set(posts["denominator"]) - {""})])
        notes.append(
            Note(
                "denominators",
                tr("Rates are taken over {metrics}; the column says which.", metrics=over),
                metric,
                serious=True,
            )
        )
    if basis == "in_period":
        notes.append(Note("basis", tr("What posts gathered inside the period, whenever they were published."), metric))
    return tuple(notes)


def peers(
    viewer: Viewer, period: Period, where: Where, *, basis: str = "lifetime", now: datetime | None = None
) -> pd.DataFrame:
    """Every post of the year before the period's end with its numbers; `inside`: published in the period.

    `score` is made from lifetime counters of all of them, whatever the basis of the other columns.
    """
    viewer.require(Right.READ)
    moment = now or clock.utc_now()
    with database.current().read() as connection:
        accounts = _accounts(connection, viewer.workspace_id, where)
        version = str(settings.get(connection, viewer.workspace_id, "engagement_definition", definitions.DEFAULT))
        posts = _posts(connection, viewer.workspace_id, accounts, period, moment)
        lifetime = _lifetime(connection, viewer.workspace_id, posts)
        shown = lifetime if basis == "lifetime" else _gathered(connection, viewer.workspace_id, posts, period)
    full = _derive(_joined(posts, lifetime), definitions.check(version))
    table = full if basis == "lifetime" else _derive(_joined(posts, shown), version)
    return table.assign(score=performance(full))


def _accounts(connection: Connection, workspace_id: int, where: Where) -> dict[int, AccountRow]:
    known = entities.accounts(connection, workspace_id, list(where.platforms) or None)
    return {
        account.id: account
        for account in known
        if (account.id in where.accounts if where.accounts else account.selected)
    }


def _posts(
    connection: Connection, workspace_id: int, accounts: dict[int, AccountRow], period: Period, moment: datetime
) -> pd.DataFrame:
    """Posts without their numbers; `begins` and `ends` are the period's instants in the zone of the account."""
    bounds = {
        account.id: (
            clock.epoch_ms(clock.day_start(period.first, account.time_zone)),
            clock.epoch_ms(clock.day_end(period.last, account.time_zone)),
        )
        for account in accounts.values()
    }
    earliest = clock.epoch_ms(clock.day_start(_year_before(period.first), "UTC"))
    latest = max((ends for _, ends in bounds.values()), default=0)
    found = entities.posts(
        connection,
        workspace_id,
        account_ids=list(accounts),
        published_from_ms=earliest,
        published_to_ms=min(latest, clock.epoch_ms(moment)),
    )
    owners = [accounts[one] for one in found["account_id"]]
    begins, ends = (np.array([bounds[one][side] for one in found["account_id"]], np.int64) for side in (0, 1))
    published = found["published_at"].to_numpy(np.int64)
    found = found.assign(
        platform=pd.Series([account.platform for account in owners], index=found.index, dtype=object),
        account=pd.Series([account_title(account) for account in owners], index=found.index, dtype=object),
        published_local=_local(published, [account.time_zone for account in owners]),
        age_days=(clock.epoch_ms(moment) - published) / 86_400_000,
        begins=begins,
        ends=ends,
        inside=(published >= begins) & (published < ends),
    )
    return found[published < ends].reset_index(drop=True)


def _year_before(day: date) -> date:
    return day - timedelta(days=PEERS_DAYS)


def _local(published: np.ndarray[tuple[int], np.dtype[np.int64]], zones: Sequence[str]) -> list[datetime]:
    """Wall-clock times of publishing, each in its account's zone."""
    return [
        clock.from_epoch_ms(int(moment)).astimezone(clock.zone(name)).replace(tzinfo=None)
        for moment, name in zip(published, zones, strict=True)
    ]


def _lifetime(connection: Connection, workspace_id: int, posts: pd.DataFrame) -> pd.DataFrame:
    ids = [registry.METRICS[name].id for name in COUNTERS]
    return _wide(readings.latest(connection, workspace_id, post_ids=posts["id"].tolist(), metric_ids=ids))


def _gathered(connection: Connection, workspace_id: int, posts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """What each counter gathered between the two ends of the period, in the zone of each post's account."""
    ids = [registry.METRICS[name].id for name in COUNTERS if registry.METRICS[name].adds is not Adds.UNIQUE]
    parts = []
    for begins, ends in set(zip(posts["begins"].tolist(), posts["ends"].tolist(), strict=True)):
        some = posts[(posts["begins"] == begins) & (posts["ends"] == ends)]
        wanted = some["id"].tolist()
        after = _wide(readings.at(connection, workspace_id, wanted, ids, ends - 1)).reindex(wanted)
        before = _wide(readings.at(connection, workspace_id, wanted, ids, begins - 1))
        before = before.reindex(index=wanted, columns=after.columns)
        fresh = some.set_index("id")["inside"]
        parts.append(after - before.where(~fresh, 0.0))
    return pd.concat(parts) if parts else pd.DataFrame()


def _wide(found: pd.DataFrame) -> pd.DataFrame:
    """Readings as one row per post and one column per counter."""
    named = found.assign(name=[registry.BY_ID[one].name for one in found["metric_id"]])
    return named.pivot(index="post_id", columns="name", values="value")


def _joined(posts: pd.DataFrame, counters: pd.DataFrame) -> pd.DataFrame:
    wide = counters.reindex(index=posts["id"])
    return posts.assign(**{name: wide[name].to_numpy(float) for name in wide.columns})


def _derive(posts: pd.DataFrame, version: str) -> pd.DataFrame:
    """Add engagement in the definition in force, exposure, and the rate between them with its denominator's name."""
    engagement = pd.Series(np.nan, index=posts.index)
    for platform, some in posts.groupby("platform"):
        terms = [name for name in definitions.terms(version, str(platform)) if name in posts.columns]
        if terms:
            engagement.loc[some.index] = some[terms].sum(axis=1, min_count=1)
    exposure = pd.Series(np.nan, index=posts.index)
    denominator = pd.Series("", index=posts.index, dtype=object)
    for name in EXPOSURES:
        if name in posts.columns:
            fills = exposure.isna() & posts[name].notna()
            exposure = exposure.where(~fills, posts[name])
            denominator = denominator.where(~fills, name)
    rate = (engagement / exposure).where(exposure > 0)
    return posts.assign(engagement=engagement, exposure=exposure, engagement_rate=rate, denominator=denominator)
