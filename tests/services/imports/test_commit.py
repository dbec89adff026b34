"""Committing a file stores what the preview showed; undoing takes back exactly that."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pandas as pd
import pytest
import sqlalchemy as sa

from analytics.metrics.registry import metric
from core import clock
from core.errors import BadFile, NotAllowed, NotFound
from core.ids import new_id
from core.question import Period, Question
from core.viewer import owner
from services.ask import ask
from services.imports import change, commit
from services.imports.commit import Destination
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
    return commit.commit(viewer, shown, Destination("facebook", account_id, "Page"), now=now)


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
        commit.commit(viewer, shown, Destination("facebook", None, "Page"), now=NOW)


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
    assert "Give the year" in shown.parsed.problems[0].todo
    told = commit.preview("fb.csv", shown.table, replace(shown.plan, year=2014), now=NOW)
    assert told.can_commit
    assert told.parsed.dates_estimated
    assert (
        told.parsed.posts[0].published_at.astimezone(clock.zone("Europe/Berlin")).strftime("%A %B %H")
        == "Wednesday December 03"
    )


def facts_of(database, name="likes"):
    with database.read() as connection:
        rows = connection.execute(sa.select(fact.c.day, fact.c.value).where(fact.c.metric_id == metric(name).id))
        return {clock.from_epoch_day(row.day).isoformat(): row.value for row in rows}


def shown(viewer, content, *, now=NOW, name="numbers.csv", **changes):
    found = commit.recognise(viewer, name, content, now=now)
    return commit.preview(name, found.table, replace(found.plan, **changes), now=now) if changes else found


def account_of(database):
    with database.read() as connection:
        return connection.execute(sa.select(Account.id)).scalar_one()


ORDERS = list(permutations(range(3)))


@pytest.mark.parametrize("order", ORDERS, ids=["".join(map(str, order)) for order in ORDERS])
@pytest.mark.parametrize("content", [POSTS, DAILY], ids=["posts", "daily"])
def test_it_is_as_before_when_all_imports_are_taken_back_in_any_order(database, viewer, content, order):
    """Taken back out of order, an import left its value in the history, and the next undo brought it to life again."""
    before = everything(database)
    versions = [content, content.replace(b"5,1", b"6,1"), content.replace(b"5,1", b"8,2")]
    made = [
        stored(viewer, version, now=NOW + timedelta(minutes=at), account_id=None) for at, version in enumerate(versions)
    ]
    for at in order:
        commit.undo(viewer, made[at], now=LATER)
    assert everything(database) == before


def test_it_leaves_the_other_import_as_it_was_when_the_older_is_taken_back(database, viewer):
    old = stored(viewer, DAILY)
    stored(viewer, DAILY.replace(b"5,1", b"6,2"), now=LATER)
    commit.undo(viewer, old, now=LATER)
    assert facts_of(database) == {"2026-01-02": 6.0}
    assert facts_of(database, "comments") == {"2026-01-02": 2.0}


def test_it_shows_the_imported_days_to_every_question(database, viewer):
    stored(viewer, DAILY)
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    answer = ask(viewer, Question(("likes", "comments"), period), now=NOW)
    assert {name: number.value for name, number in answer.totals.items()} == {"likes": 12.0, "comments": 1.0}


def test_it_recognises_the_very_same_file(viewer):
    found = shown(viewer, DAILY)
    assert commit.earlier(viewer, found.table) == []
    batch = stored(viewer, DAILY)
    assert [one.id for one in commit.earlier(viewer, found.table)] == [batch]
    assert commit.earlier(viewer, shown(viewer, DAILY.replace(b"5", b"6")).table) == []
    commit.undo(viewer, batch)
    assert commit.earlier(viewer, found.table) == []


def test_it_says_what_an_import_would_change(database, viewer):
    new = change.of(viewer, shown(viewer, DAILY).parsed, None)
    assert [(one.metric.name, one.new, one.before, one.after) for one in new.metrics] == [
        ("likes", 2, None, 12.0), ("comments", 2, None, 1.0),
    ]  # fmt: skip
    stored(viewer, DAILY)
    assert change.of(viewer, shown(viewer, DAILY).parsed, account_of(database)).is_nothing
    other = shown(viewer, DAILY.replace(b"5,1", b"9,1") + b"2026-01-04,1,1\n").parsed
    likes, comments = change.of(viewer, other, account_of(database)).metrics
    assert (likes.new, likes.changed, likes.same, likes.before, likes.file, likes.after) == (1, 1, 1, 12, 17, 17)
    assert (comments.new, comments.changed, comments.same) == (1, 0, 2)


@pytest.mark.parametrize("keep", [True, False], ids=["keep", "replace"])
def test_it_does_with_stored_days_what_a_person_chose(database, viewer, keep):
    stored(viewer, DAILY)
    account = account_of(database)
    before = everything(database)
    other = shown(viewer, DAILY.replace(b"5,1", b"9,1") + b"2026-01-04,1,1\n", now=LATER)
    said = change.of(viewer, other.parsed, account, keep_stored=keep).metrics[0]
    batch = commit.commit(viewer, other, Destination("facebook", account, keep_stored=keep), now=LATER)
    assert sum(facts_of(database).values()) == said.after == (13.0 if keep else 17.0)
    assert (said.kept, said.changed) == ((1, 0) if keep else (0, 1))
    commit.undo(viewer, batch, now=LATER)
    assert everything(database) == before


def test_it_never_sums_a_level_or_people(viewer):
    content = b"Date,Followers,Reach\n2026-01-02,100,10\n2026-01-03,107,12\n"
    followers, reach = change.of(viewer, shown(viewer, content).parsed, None).metrics
    assert (followers.file, followers.last_day) == (107.0, date(2026, 1, 3))
    assert (reach.file, reach.before, reach.after, reach.values) == (None, None, None, 2)


def test_it_keeps_counters_that_were_read_after_the_export(database, viewer):
    """An export of last month brought to a connected account must not turn its counters back."""
    stored(viewer, POSTS)
    before, account = everything(database), account_of(database)
    old = shown(viewer, POSTS.replace(b"5,1", b"3,1"), now=LATER)
    into = Destination("facebook", account, as_of=date(2026, 11, 1))
    said = change.of(viewer, old.parsed, account, read_at=change.reading_moment(into.as_of, "UTC", LATER)).metrics[0]
    batch = commit.commit(viewer, old, into, now=LATER)
    with database.read() as connection:
        likes = sa.select(sa.func.sum(PostTotal.value)).where(PostTotal.metric_id == metric("likes").id)
        assert connection.execute(likes).scalar_one() == said.after == 12.0
        assert connection.execute(sa.select(sa.func.min(Reading.value)).where(Reading.value > 2)).scalar_one() == 3.0
    commit.undo(viewer, batch, now=LATER)
    assert everything(database) == before


def test_it_says_when_counters_would_fall(database, viewer):
    """An export of a period would have turned the counters of connected posts down without a word."""
    stored(viewer, POSTS)
    part = shown(viewer, POSTS.replace(b"5,1", b"2,1").replace(b"7,0", b"8,0"), now=LATER)
    assert change.of(viewer, part.parsed, account_of(database), read_at=LATER).lower == 1
    assert change.of(viewer, part.parsed, account_of(database), read_at=NOW - timedelta(days=1)).lower == 0
    stored(viewer, DAILY)
    fewer = shown(viewer, DAILY.replace(b"5,1", b"2,1"), now=LATER)
    assert change.of(viewer, fewer.parsed, account_of(database)).lower == 0


def test_it_refuses_an_export_older_than_its_posts(viewer):
    with pytest.raises(BadFile, match="published after the day of the export"):
        commit.commit(viewer, shown(viewer, POSTS), Destination("facebook", None, "P", as_of=date(2026, 1, 1)), now=NOW)


def test_it_finds_a_post_again_by_its_address(database, viewer):
    first = b"Post ID,Published,Permalink,Likes\n1,2026-01-02,https://www.instagram.com/p/abc/,5\n"
    second = b"Post ID,Published,Permalink,Likes\n77,2026-01-02,https://instagram.com/p/abc/?igsh=x,9\n"
    stored(viewer, first)
    before = everything(database)
    batch = stored(viewer, second, now=LATER, account_id=account_of(database))
    with database.read() as connection:
        assert connection.execute(sa.select(PostTotal.value)).scalars().all() == [9.0]
    commit.undo(viewer, batch, now=LATER)
    assert everything(database) == before


def test_it_imports_nothing_into_the_demo(database):
    with database.write() as connection:
        demo = owner(workspaces.create(connection, "Demo", time_zone="UTC", now=NOW, kind="demo"))
    before = everything(database)
    with pytest.raises(NotAllowed, match="invented"):
        commit.commit(demo, shown(demo, DAILY), Destination("facebook", None, "Page"), now=NOW)
    assert everything(database) == before


def test_it_refuses_an_account_of_another_platform(database, viewer):
    stored(viewer, DAILY)
    with pytest.raises(BadFile, match="another platform"):
        commit.commit(viewer, shown(viewer, DAILY), Destination("instagram", account_of(database)), now=NOW)


def test_it_keeps_the_currency_that_a_person_chose(database, viewer):
    content = shown(viewer, b"Date,Revenue\n2026-01-02,5.5\n")
    commit.commit(viewer, content, Destination("youtube", None, "Channel", "CHF"), now=NOW)
    answer = ask(viewer, Question(("revenue",), Period(date(2026, 1, 2), date(2026, 1, 2))), now=NOW)
    assert (answer.totals["revenue"].value, answer.totals["revenue"].currency) == (5.5, "CHF")


FACEBOOK = """Page_T_Likes;Type;Category;Month;Weekday;Hour;Paid;T_Reach;T_Impression;Engaged_Users;Consumers;Consumption;\
LP_Impression;LP_Reach;LP_Engage_With_Post;comment;like;share;T_Interactions
139441;Photo;2;12;4;3;0;2752;5091;178;109;159;3078;1640;119;4;79;17;100
139441;Status;2;12;3;10;0;10460;19057;1457;1361;1674;11710;6112;1108;5;130;29;164
139441;Photo;3;12;3;3;0;2413;4373;177;113;154;2812;1503;132;0;66;14;80
139441;Photo;2;12;2;10;1;50128;87991;2211;790;1119;61027;32048;1386;58;1572;147;1777
139441;Photo;2;12;2;3;0;7244;13594;671;410;580;6228;3200;396;19;325;49;393
139441;Status;2;12;1;9;0;10472;20849;1191;1073;1389;16034;7852;1016;1;152;33;186
"""
"""The first rows of the data set of Moro, Rita and Vala (2016), "Facebook metrics", UCI, CC BY 4.0."""


def test_it_stores_the_sums_that_another_tool_finds_in_a_real_file(database, viewer):
    file = pd.read_csv(io.StringIO(FACEBOOK), sep=";")
    stored_posts = shown(viewer, FACEBOOK.encode(), year=2014)
    said = change.of(viewer, stored_posts.parsed, None)
    commit.commit(viewer, stored_posts, Destination("facebook", None, "Page"), now=NOW)
    query = sa.select(PostTotal.metric_id, sa.func.sum(PostTotal.value)).group_by(PostTotal.metric_id)
    with database.read() as connection:
        found = {row[0]: row[1] for row in connection.execute(query)}
    columns = {
        "impressions": "T_Impression", "reach": "T_Reach", "post_clicks": "Consumption", "comments": "comment",
        "likes": "like", "shares": "share", "interactions": "T_Interactions",
    }  # fmt: skip
    assert found == {metric(name).id: file[column].sum() for name, column in columns.items()}
    assert {one.metric.name: one.file for one in said.metrics} == {
        name: None if name == "reach" else file[column].sum() for name, column in columns.items()
    }
