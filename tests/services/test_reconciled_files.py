"""A platform's own export against ours: totals, days and posts, and nothing of it stored."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from analytics.metrics.registry import METRICS
from core import records
from core.clock import epoch_ms
from core.errors import NotAllowed, NotFound
from core.viewer import Right, Viewer
from services.imports import commit
from services.reconciliation import by_day, compare, files, kept
from services.reconciliation.reasons import COULD, EXPLAINS
from storage import entities, readings
from storage.tables import Account, ImportBatch, Post, PostTotal, Reading, fact, fact_revision
from tests.services.seeded import NOW, Seeded

FIRST = date(2026, 11, 1)
TABLES = (fact, fact_revision, Post.__table__, Reading.__table__, PostTotal.__table__, Account.__table__,
          ImportBatch.__table__)  # fmt: skip


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


@pytest.fixture
def channel(seeded):
    """Thirty days of 100 to 129 views, and of two hours each."""
    account = seeded.account("youtube", "Acme")
    seeded.facts(account, "views", range(100, 130), first=FIRST)
    seeded.facts(account, "watch_time", [7200] * 30, first=FIRST)
    return account


def days(views, *, hours=2.0, first=FIRST):
    """An export of YouTube Studio by day; None leaves the day out."""
    rows = [f"{first + timedelta(days=at)},{value},{hours}" for at, value in enumerate(views) if value is not None]
    return "\n".join(["Date,Views,Watch time (hours)", *rows]).encode()


def against(seeded, account, content, name="days.csv"):
    shown = commit.recognise(seeded.viewer, name, content, now=NOW)
    return files.against(seeded.viewer, shown, account, now=NOW)


def of(found, metric):
    return next(one for one in found.found if one.metric.name == metric)


def everything(database):
    with database.read() as connection:
        return [sorted(map(repr, connection.execute(sa.select(table)))) for table in TABLES]


def test_it_agrees_with_the_same_days_and_stores_none_of_them(seeded, channel):
    before = everything(seeded.database)
    found = against(seeded, channel, days(range(100, 130)))
    assert [(one.metric.name, one.verdict, one.theirs, one.ours, one.apart) for one in found.found] == [
        ("views", "agrees", 3435, 3435, 0),
        ("watch_time", "agrees", 216_000, 216_000, 0),
    ]
    assert of(found, "views").said == "The two agree. All 30 days agree."
    assert found.source == "days.csv (YouTube Studio: days of the channel, in English)"
    assert files.period_words(found) == "1–30 Nov 2026"
    assert everything(seeded.database) == before


def test_it_tells_the_days_that_differ_most(seeded, channel):
    views = list(range(100, 130))
    views[4], views[9], views[20] = views[4] + 50, views[9] - 10, views[20] + 500
    one = of(against(seeded, channel, days(views)), "views")
    assert (one.verdict, one.theirs, one.ours, one.difference, one.apart) == ("differs", 3975, 3435, -540, 3)
    assert [(day.day.day, day.apart) for day in by_day.most_apart(one.days)] == [(21, -500), (5, -50), (10, 10)]
    assert "27 of 30 days agree; they differ on 21 Nov (−500), 5 Nov (−50), 10 Nov (+10)." in one.said


def test_it_finds_days_that_are_missing_here(seeded, channel):
    one = of(against(seeded, channel, days([*range(100, 130), 400, 500])), "views")
    reason = next(why for why in one.compared.reasons if "missing here" in why.text and "file" in why.text)
    assert (reason.fits, reason.text) == (EXPLAINS, "2 days in the file are missing here; the file has 900 there.")
    assert one.compared.layer == "read"
    assert one.said.startswith(reason.text)


def test_it_finds_days_that_the_file_lacks(seeded, channel):
    views = [None if at == 9 else 100 + at for at in range(30)]
    one = of(against(seeded, channel, days(views)), "views")
    assert one.said.startswith("1 day of these is not in the file; here 109 fall on them.")
    views[3] += 40
    one = of(against(seeded, channel, days(views)), "views")
    assert next(why for why in one.compared.reasons if "not in the file" in why.text).fits == COULD


@pytest.mark.parametrize(("shift", "words"), [(1, "a day later"), (-1, "a day earlier")], ids=["later", "earlier"])
def test_it_finds_days_that_lie_one_apart(seeded, channel, shift, words):
    first = FIRST + timedelta(days=max(shift, 0) + 2)
    views = [100 + at - shift for at in range(max(shift, 0) + 2, 25)]
    one = of(against(seeded, channel, days(views, first=first)), "views")
    assert any(words in why.text and why.fits == EXPLAINS for why in one.compared.reasons)


def test_it_finds_that_another_thing_is_counted(seeded, channel):
    one = of(against(seeded, channel, days([2 * (100 + at) for at in range(30)])), "views")
    reason = next(why for why in one.compared.reasons if "0.50 times" in why.text)
    assert (reason.fits, reason.layer) == (COULD, "normalised")


def test_it_takes_the_level_of_the_last_day(seeded):
    account = seeded.account("linkedin")
    seeded.facts(account, "followers", range(1000, 1010), first=FIRST)
    content = "\n".join(["Date,Followers", *(f"2026-11-{at + 1:02d},{1000 + at}" for at in range(10))]).encode()
    one = of(against(seeded, account, content), "followers")
    assert (one.verdict, one.theirs, one.ours) == ("agrees", 1009, 1009)


def test_it_compares_people_by_day_only(seeded):
    account = seeded.account("facebook")
    seeded.facts(account, "reach", [100, 100, 100], first=FIRST)
    content = b"Date,Reach\n2026-11-01,100\n2026-11-02,100\n2026-11-03,90\n"
    found = against(seeded, account, content)
    one = of(found, "reach")
    assert (one.verdict, one.theirs, one.ours, one.compared, one.apart) == ("differs", None, None, None, 1)
    assert "not added up" in one.said
    assert files.keep(seeded.viewer, found, now=NOW) == 0


def test_it_leaves_out_what_the_platform_does_not_give(seeded):
    account = seeded.account("instagram")
    found = against(seeded, account, b"Date,Views,Bookmarks\n2026-11-01,100,5\n2026-11-02,100,5\n")
    assert [one.metric.name for one in found.found] == ["views"]
    assert found.left_out == ("Bookmarks: not read from Instagram by day",)
    assert (found.found[0].verdict, found.found[0].ours) == ("not comparable", None)


def test_it_keeps_totals_like_typed_ones(seeded, channel):
    views = [None if at == 9 else 100 + at for at in range(30)]
    found = against(seeded, channel, days(views), "a very long name " * 8 + ".csv")
    assert files.keep(seeded.viewer, found, now=NOW) == 2
    rows, total = kept.newest(seeded.viewer, 10)
    assert (total, {(row.metric, row.stated) for row in rows}) == (2, {("views", 3326.0), ("watch_time", 208_800.0)})
    assert all(row.note.startswith("File a very long name") and len(row.note) <= kept.LONGEST_NOTE for row in rows)
    again = compare.newest(seeded.viewer, now=NOW).found
    assert {one.stated.metric: one.difference for one in again} == {"views": 109, "watch_time": 7200}


def test_it_notes_what_the_days_said(seeded, channel):
    views = [None if at == 9 else 100 + at for at in range(30)]
    files.keep(seeded.viewer, against(seeded, channel, days(views)), now=NOW)
    note = next(row.note for row in kept.newest(seeded.viewer, 10)[0] if row.metric == "views")
    assert "1 day of these is not in the file; here 109 fall on them. 29 of 30 days agree" in note


def test_it_compares_counters_post_by_post(seeded, channel):
    with seeded.database.write() as connection:
        posts = [records.Post(f"{name}aaaaaaaaaa", "video", datetime(2026, 11, 3, tzinfo=UTC), name) for name in "abc"]
        ids = entities.upsert_posts(connection, seeded.id, channel, posts)
        rows = [(ids[post.external_id], METRICS["views"].id, epoch_ms(NOW), 100.0) for post in posts]
        readings.write(connection, seeded.id, rows)
    head = "Content,Video title,Video publish time,Duration,Views,Watch time (hours)\n"
    content = head + "".join(
        f'{name}aaaaaaaaaa,{name},"Nov 3, 2026",60,{views},1\n'
        for name, views in zip("abcd", (100, 90, 60, 5), strict=True)
    )
    before = everything(seeded.database)
    found = against(seeded, channel, content.encode())
    one = of(found, "views")
    assert (one.verdict, one.theirs, one.ours, one.apart, len(one.days)) == ("differs", 250, 300, 2, 3)
    assert [(post.title, post.apart) for post in by_day.most_apart(one.days)] == [("c", 40), ("b", 10)]
    assert "ours may have been read after the file was made" in one.said
    assert of(found, "watch_time").verdict == "not comparable"
    assert found.left_out == ("1 of 4 posts: not known here, or not read yet",)
    assert files.keep(seeded.viewer, found, now=NOW) == 0
    assert everything(seeded.database) == before


def test_it_offers_the_accounts_of_the_files_platform(seeded, channel):
    other = seeded.account("tiktok")
    shown = commit.recognise(seeded.viewer, "days.csv", days([1, 2]), now=NOW)
    assert [one.id for one in files.accounts(seeded.viewer, shown)] == [channel]
    shown = commit.recognise(seeded.viewer, "any.csv", b"Date,Likes\n2026-11-01,4\n", now=NOW)
    assert {one.id for one in files.accounts(seeded.viewer, shown)} == {channel, other}
    assert files.named(seeded.viewer, shown) is None


def test_it_needs_an_account_of_the_workspace_and_the_right_to_keep(seeded, channel):
    with pytest.raises(NotFound):
        against(seeded, 12345, days([1, 2]))
    found = against(seeded, channel, days([1, 2]))
    with pytest.raises(NotAllowed):
        files.keep(Viewer("reader", seeded.id, frozenset({Right.READ})), found, now=NOW)
