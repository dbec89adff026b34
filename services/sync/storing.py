"""What a window brought goes into the store in one short transaction: facts, posts, readings, coverage and cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analytics.metrics.registry import DIMENSIONS, METRICS
from connectors.base import Connector
from core import clock
from core.errors import SchemaDrift
from core.metric import TOTAL
from core.records import GRAINS, Comment, Fact, Reading
from services.sync import daily, marking, planning
from services.sync.collecting import Batch, daily_days
from services.sync.planning import Cursor, Job, Task
from storage import comments, coverage, entities, facts, imports, readings, runs
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Stored:
    """What a window changed: facts new or corrected, posts brought, readings kept; and the cursor after it."""

    facts: int
    posts: int
    readings: int
    cursor: Cursor
    took_readings: bool = field(default=False)
    comments: int = 0


def store(connection: Connection, connector: Connector, task: Task, cursor: Cursor, batch: Batch) -> Stored:
    """Store a window. `cursor` is the stream's cursor before it. Raises SchemaDrift; nothing is stored then."""
    job, now = task.job, task.window.now
    moment, account = clock.epoch_ms(now), job.account
    if batch.accounts:
        entities.upsert_accounts(connection, account.workspace_id, account.platform, batch.accounts, now=now)
    if batch.campaigns:
        entities.upsert_campaigns(connection, account.workspace_id, account.id, batch.campaigns)
    posts = entities.upsert_posts(connection, account.workspace_id, account.id, batch.posts) if batch.posts else {}
    rows = _fact_rows(connection, account.workspace_id, account.id, batch.facts)
    written = facts.write(connection, account.workspace_id, rows, moment)
    observed = _reading_rows(connection, job, batch.readings, posts, moment)
    kept = readings.write(connection, account.workspace_id, observed)
    said = _comments(connection, job, batch.comments, posts, now)
    counted = daily.count_posts(connection, connector, account, job.zone, _post_days(task, cursor, batch), now)
    days = daily_days(batch)
    present = Task(planning.with_cursor(job, cursor), task.window)
    marks = marking.after_window(connection, present, connector.title, days, batch.coverage)
    coverage.mark(connection, account.workspace_id, account.id, marks, moment)
    after = planning.after(job, cursor, task.window, [*days, *(("posts_published",) if batch.posts else ())], now)
    save_cursor(connection, job, after)
    return Stored(written.new + written.changed + counted, len(posts), kept, after, bool(batch.readings), said)


def save_cursor(connection: Connection, job: Job, cursor: Cursor) -> None:
    """Note how far the stream has been read."""
    runs.save_cursor(
        connection,
        job.account.workspace_id,
        job.account.id,
        job.stream.name,
        forward_to=cursor.forward_to,
        back_to=cursor.back_to,
        state=cursor.state,
        ran_at=cursor.ran_at,
    )


def _fact_rows(connection: Connection, workspace_id: int, account_id: int, found: Iterable[Fact]) -> list[facts.Row]:
    every = list(found)
    members = _member_ids(connection, workspace_id, every)
    rows: list[facts.Row] = []
    for fact in every:
        dimension = DIMENSIONS[fact.member.dimension].id if fact.member else TOTAL.id
        member = members[dimension][fact.member.key] if fact.member else 0
        day = clock.epoch_day(fact.day)
        place = day * 24 + fact.hour if fact.grain == "hour" else day
        key = (METRICS[fact.metric].id, GRAINS[fact.grain], dimension, place, account_id, member)
        rows.append((*key, float(fact.value)))
    return rows


def _member_ids(connection: Connection, workspace_id: int, found: Iterable[Fact]) -> dict[int, dict[str, int]]:
    titles: dict[int, dict[str, str]] = {}
    for fact in found:
        if fact.member:
            titles.setdefault(DIMENSIONS[fact.member.dimension].id, {})[fact.member.key] = fact.member.title
    return {
        dimension: entities.member_ids(connection, workspace_id, dimension, keys) for dimension, keys in titles.items()
    }


def _reading_rows(
    connection: Connection, job: Job, found: Iterable[Reading], posts: dict[str, int], moment: int
) -> list[readings.Row]:
    every = list(found)
    others = {one.post for one in every} - posts.keys()
    known = posts | (
        imports.existing_posts(connection, job.account.workspace_id, job.account.id, sorted(others)) if others else {}
    )
    if strange := others - known.keys():
        raise SchemaDrift("A reading came for a post we have never seen.", context={"post": min(strange)})
    return [
        (
            known[one.post],
            METRICS[one.metric].id,
            clock.epoch_ms(one.captured_at) if one.captured_at else moment,
            float(one.value),
        )
        for one in every
    ]


def _comments(connection: Connection, job: Job, found: Sequence[Comment], posts: dict[str, int], now: datetime) -> int:
    """Store comments; one under a post that we have not seen stands under none."""
    if not found:
        return 0
    workspace_id, account_id = job.account.workspace_id, job.account.id
    others = {one.post for one in found if one.post} - posts.keys()
    known = posts | imports.existing_posts(connection, workspace_id, account_id, sorted(others)) if others else posts
    return comments.upsert(connection, workspace_id, account_id, found, known, now)


def _post_days(task: Task, cursor: Cursor, batch: Batch) -> Iterable[int]:
    """The days of which all posts are known: the window's; of a snapshot, from its oldest post or the one before it."""
    job = task.job
    if job.stream.windowed and (batch.posts or "posts_published" in cursor.daily):
        return range(clock.epoch_day(task.window.first), clock.epoch_day(task.window.last) + 1)
    moments = [post.published_at for post in batch.posts]
    if cursor.ran_at is not None and "posts_published" in cursor.daily:
        moments.append(clock.from_epoch_ms(cursor.ran_at))
    if not moments:
        return ()
    return range(clock.epoch_day(clock.local_day(min(moments), job.zone)), job.today + 1)
