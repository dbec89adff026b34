"""Committing a file stores what the preview showed; undoing takes back exactly that."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from analytics.metrics.registry import metric
from core import clock
from core.errors import BadFile, NotFound
from core.ids import new_id
from core.viewer import owner
from services.imports import commit
from storage import facts, workspaces
from storage.tables import Account, Post, PostTotal, Reading, fact, fact_revision

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 12, tzinfo=UTC)
POSTS = b"Published,Caption,Likes,Comments\n2026-01-02 10:00,one,5,1\n2026-01-03 10:00,two,7,0\n"
DAILY = b"Date,Likes,Comments\n2026-01-02,5,1\n2026-01-03,7,0\n"
TABLES = (fact, fact_revision, Post.__table__, Reading.__table__, PostTotal.__table__, Account.__table__)


@pytest.fixture
def viewer(database):
    with database.write() as connection:
        return owner(workspaces.create(connection, "Northwind", time_zone="Europe/Berlin", now=NOW))


def everything(database):
    with database.read() as connection:
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)).mappings())) for table in TABLES}


def stored(viewer, content, *, now=NOW, account_id=None):
    shown = commit.recognise(viewer, "numbers.csv", content, now=now)
    return commit.commit(viewer, shown, platform="facebook", account_id=account_id, account_name="Page", now=now)


def test_it_stores_posts_with_their_counters(database, viewer):
    stored(viewer, POSTS)
    with database.read() as connection:
        totals = connection.execute(
            sa.select(PostTotal.value).where(PostTotal.metric_id == metric("likes").id).order_by(PostTotal.value)
        ).scalars()
        assert list(totals) == [5.0, 7.0]
        assert connection.execute(sa.select(sa.func.count()).select_from(Post)).scalar_one() == 2


def test_it_stores_daily_numbers_as_facts(database, viewer):
    stored(viewer, DAILY)
    with database.read() as connection:
        rows = connection.execute(sa.select(fact.c.metric_id, fact.c.day, fact.c.value)).all()
    day = clock.epoch_day(datetime(2026, 1, 2, tzinfo=UTC).date())
    assert (metric("likes").id, day, 5.0) in rows
    assert (metric("comments").id, day + 1, 0.0) in rows
    assert len(rows) == 4


@pytest.mark.parametrize("content", [POSTS, DAILY], ids=["posts", "daily"])
def test_it_leaves_nothing_behind_after_undo(database, viewer, content):
    before = everything(database)
    batch = stored(viewer, content)
    assert everything(database) != before
    commit.undo(viewer, batch, now=LATER)
    assert everything(database) == before
    commit.undo(viewer, batch, now=LATER)
    assert commit.batches(viewer)[0].undone_at == LATER


@pytest.mark.parametrize("content", [POSTS, DAILY], ids=["posts", "daily"])
def test_it_restores_what_a_second_import_replaced(database, viewer, content):
    stored(viewer, content)
    before = everything(database)
    batch = stored(viewer, content.replace(b"5,1", b"6,1"), now=LATER)
    assert everything(database) != before
    commit.undo(viewer, batch, now=LATER)
    assert everything(database) == before


def test_it_keeps_what_a_sync_replaced_since(database, viewer):
    batch = stored(viewer, DAILY)
    with database.write() as connection:
        account = connection.execute(sa.select(Account.id)).scalar_one()
        day = clock.epoch_day(datetime(2026, 1, 2, tzinfo=UTC).date())
        facts.write(
            connection, viewer.workspace_id, [(metric("likes").id, 1, 0, day, account, 0, 9.0)], clock.epoch_ms(LATER)
        )
    commit.undo(viewer, batch, now=LATER)
    with database.read() as connection:
        assert connection.execute(sa.select(fact.c.value)).scalars().all() == [9.0]


def test_it_changes_nothing_when_the_same_file_comes_twice(database, viewer):
    stored(viewer, POSTS)
    before = everything(database)
    stored(viewer, POSTS, now=LATER)
    assert everything(database) == before


def test_it_refuses_to_store_nothing(viewer):
    shown = commit.recognise(viewer, "a.csv", b"Date,Likes\nnever,5\n", now=NOW)
    with pytest.raises(BadFile, match="nothing that can be stored"):
        commit.commit(viewer, shown, platform="facebook", account_id=None, account_name="Page", now=NOW)


def test_it_never_touches_another_workspace(database, viewer):
    batch = stored(viewer, POSTS)
    before = everything(database)
    with pytest.raises(NotFound):
        commit.undo(owner(new_id()), batch)
    assert everything(database) == before


def test_it_dates_rows_without_a_date_only_when_told_the_year(viewer):
    content = b"Type;Post Month;Post Weekday;Post Hour;like\nPhoto;12;4;3;79\n"
    shown = commit.recognise(viewer, "fb.csv", content, now=NOW)
    assert not shown.can_commit
    assert "give the year" in shown.parsed.problems[0].text
    told = commit.preview("fb.csv", shown.table, replace(shown.plan, year=2014), now=NOW)
    assert told.can_commit
    assert told.parsed.dates_estimated
    assert (
        told.parsed.posts[0].published_at.astimezone(clock.zone("Europe/Berlin")).strftime("%A %B %H")
        == "Wednesday December 03"
    )
