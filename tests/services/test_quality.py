"""How well everything is read: freshness, coverage, checks, changes, pace; each wrong in a way that must be seen."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.clock import epoch_day, epoch_ms
from core.question import Period, Where
from services.quality import checks, covered, fresh, pace, restated, summary, visits
from services.quality.check import AGREES, DIFFERS, UNCHECKED
from storage import connections, runs
from storage.database import Database
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
EVERYTHING = Where()


@pytest.fixture
def seeded(database: Database) -> Seeded:
    return Seeded(database)


def connect(seeded, platform, account, *, state="active", success=NOW, due=NOW + timedelta(hours=2), **changes):
    from sqlalchemy import text

    with seeded.database.write() as connection:
        made = connections.add(connection, seeded.id, platform, platform, now=NOW, state=state)
        moments = {"last_success_at": success and epoch_ms(success), "next_run_at": due and epoch_ms(due)}
        connections.update(connection, seeded.id, made, **moments, **changes)
        connection.execute(text("UPDATE account SET connection_id = :c WHERE id = :a"), {"c": made, "a": account})
    return made


def read_streams(seeded, account, platform, at):
    """Note that every stream of an account ran at a moment."""
    from services.connecting import platforms

    with seeded.database.write() as connection:
        for stream in platforms.connector(platform).streams:
            runs.save_cursor(connection, seeded.id, account, stream.name, forward_to=epoch_day(at.date()),
                             back_to=0, state={}, ran_at=epoch_ms(at))  # fmt: skip


def cell(found, metric):
    (row,) = found.cells[found.cells["metric"] == metric].to_dict("records")
    return row


# Coverage


def test_it_tells_the_states_of_days_apart(seeded):
    account = seeded.account("instagram")
    days = {date(2026, 11, day): 10.0 for day in range(1, 31) if day not in (5, 6, 7, 8)}
    seeded.facts(account, "views", days)
    seeded.mark(account, "views", date(2026, 10, 1), date(2026, 11, 30), "measured")
    seeded.mark(account, "views", date(2026, 11, 5), date(2026, 11, 5), "failed", "It broke.")
    seeded.mark(account, "views", date(2026, 11, 6), date(2026, 11, 6), "not_offered", "Not then.")
    seeded.mark(account, "views", date(2026, 11, 9), date(2026, 11, 9), "estimated", "About.")
    found = covered.covered(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW)
    row = cell(found, "views")
    assert (row["measured"], row["estimated"], row["failed"], row["not_offered"]) == (25, 1, 1, 1)
    assert row["missing"] == 2, "noted as measured, and without a number"
    assert (row["known"], row["should"]) == (26, 29)
    assert row["share"] == pytest.approx(26 / 29)
    assert (row["state"], row["reason"]) == ("failed", "It broke.")
    assert found.share == pytest.approx(26 / 29)


def test_it_does_not_expect_days_before_reading_began(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10] * 10, first=date(2026, 11, 21))
    seeded.mark(account, "views", date(2026, 11, 21), date(2026, 11, 30), "measured")
    row = cell(covered.covered(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW), "views")
    assert (row["known"], row["should"], row["before"], row["share"]) == (10, 10, 20, 1.0)


def test_it_expects_days_after_reading_stopped(seeded):
    """A connection that died long ago is not 100 % complete."""
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10] * 20, first=date(2026, 10, 12))
    seeded.mark(account, "views", date(2026, 10, 12), date(2026, 10, 31), "measured")
    found = covered.covered(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW)
    row = cell(found, "views")
    assert (row["known"], row["missing"], row["share"], row["state"]) == (0, 30, 0.0, "missing")
    assert found.by_account["gaps"].tolist() == [1]


def test_it_does_not_call_late_days_missing_that_the_platform_shows_later(seeded):
    account = seeded.account("instagram")
    period = Period(date(2026, 11, 26), date(2026, 12, 5))
    seeded.facts(account, "views", [10] * 7, first=date(2026, 11, 26))
    row = cell(covered.covered(seeded.viewer, period, EVERYTHING, now=NOW), "views")
    assert row["measured"] == 7
    assert row["not_yet"] + row["missing"] == 3
    assert row["not_yet"] >= 2


def test_it_shows_stretches_of_days_with_their_reason(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", dict.fromkeys((date(2026, 11, one) for one in (1, 2, 5)), 1))
    seeded.mark(account, "views", date(2026, 11, 1), date(2026, 11, 5), "measured")
    seeded.mark(account, "views", date(2026, 11, 3), date(2026, 11, 4), "not_permitted", "A permission is missing.")
    found = covered.covered(seeded.viewer, Period(date(2026, 11, 1), date(2026, 11, 5)), EVERYTHING, now=NOW)
    spans = [(row.first.day, row.last.day, row.state, row.reason) for row in found.spans.itertuples()]
    assert spans == [
        (1, 2, "measured", ""), (3, 4, "not_permitted", "A permission is missing."), (5, 5, "measured", ""),
    ]  # fmt: skip


def test_it_answers_nothing_for_an_empty_workspace(seeded):
    found = covered.covered(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW)
    assert found.cells.empty
    assert found.share is None
    assert summary.summary(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW).line == (
        "Nothing is connected yet. No day of this period should be known yet. No check could be made in this period."
    )


# Checks


def found_checks(seeded, title):
    answer = checks.checked(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW)
    return [one for one in answer.checks if one.title == title]


def test_it_finds_a_split_that_does_not_add_up(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1))
    for member, value in (("mobile", 60), ("desktop", 40)):
        seeded.facts(account, "views", [value] * 30, first=date(2026, 11, 1), dimension="device", member=member)
    (check,) = found_checks(seeded, "Views by device")
    assert (check.verdict, check.left, check.right, check.off_days) == (AGREES, 3000, 3000, 0)
    seeded.facts(account, "views", {date(2026, 11, 12): 45}, dimension="device", member="mobile")
    (check,) = found_checks(seeded, "Views by device")
    assert (check.verdict, check.difference, check.off_days, check.days) == (DIFFERS, -15, 1, 30)
    assert check.why == "Most on 12 Nov: 85 against 100."


def test_it_lets_a_split_be_less_where_not_every_part_is_given(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "views", [50] * 30, first=date(2026, 11, 1), dimension="country", member="DE")
    (check,) = found_checks(seeded, "Views by country")
    assert (check.verdict, check.one_way, check.sign) == (AGREES, True, "≤")
    seeded.facts(account, "views", {date(2026, 11, 3): 200}, dimension="country", member="DE")
    (check,) = found_checks(seeded, "Views by country")
    assert check.verdict == DIFFERS


def test_it_holds_followers_against_gains_and_losses(seeded):
    account = seeded.account("tiktok")
    seeded.facts(account, "followers", [1000 + 7 * day for day in range(30)], first=date(2026, 11, 1))
    seeded.facts(account, "followers_gained", [10] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "followers_lost", [3] * 30, first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Followers against gains and losses")
    assert (check.verdict, check.left, check.right, check.days) == (AGREES, 203, 203, 29)
    seeded.facts(account, "followers", {date(2026, 11, 30): 1300})
    (check,) = found_checks(seeded, "Followers against gains and losses")
    assert (check.verdict, check.difference) == (DIFFERS, 97)


def test_it_does_not_judge_followers_by_a_few_days(seeded):
    account = seeded.account("tiktok")
    for metric in ("followers", "followers_gained", "followers_lost"):
        seeded.facts(account, metric, [10] * 4, first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Followers against gains and losses")
    assert (check.verdict, check.why) == (UNCHECKED, "Not enough days with all three yet (3 of 7).")


def test_it_leaves_out_days_without_a_level_instead_of_guessing(seeded):
    account = seeded.account("tiktok")
    levels = {date(2026, 11, 1 + day): 1000.0 + 7 * day for day in range(30) if day not in (10, 11)}
    seeded.facts(account, "followers", levels)
    seeded.facts(account, "followers_gained", [10] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "followers_lost", [3] * 30, first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Followers against gains and losses")
    assert (check.verdict, check.days, check.left, check.right) == (AGREES, 26, 182, 182)


def test_it_finds_more_people_than_views(seeded):
    account = seeded.account("facebook")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "reach", [90] * 29 + [120], first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Reach within views")
    assert (check.verdict, check.off_days) == (DIFFERS, 1)


def test_it_holds_people_of_28_days_between_their_days(seeded):
    account = seeded.account("facebook")
    seeded.facts(account, "reach", [100] * 60, first=date(2026, 10, 1))
    seeded.facts(account, "reach", {date(2026, 11, 20): 900}, grain="days_28")
    (check,) = found_checks(seeded, "Reach of 28 days")
    assert (check.verdict, check.left, check.right) == (AGREES, 900, 2800)
    seeded.facts(account, "reach", {date(2026, 11, 21): 60}, grain="days_28")
    (check,) = found_checks(seeded, "Reach of 28 days")
    assert (check.verdict, check.right_name, check.right) == (DIFFERS, "its largest day", 100)
    seeded.facts(account, "reach", {date(2026, 11, 21): 3000}, grain="days_28")
    (check,) = found_checks(seeded, "Reach of 28 days")
    assert (check.verdict, check.right_name) == (DIFFERS, "the sum of its days")


def test_it_finds_kinds_of_interaction_beyond_their_total(seeded):
    account = seeded.account("instagram")
    for metric, value in (("likes", 50), ("comments", 10), ("shares", 5), ("interactions", 70)):
        seeded.facts(account, metric, [value] * 30, first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Interactions and their kinds")
    assert check.verdict == AGREES
    seeded.facts(account, "interactions", {date(2026, 11, 8): 40})
    (check,) = found_checks(seeded, "Interactions and their kinds")
    assert check.verdict == DIFFERS


def test_it_holds_posts_against_the_accounts_count(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "posts_total", [100 + day for day in range(30)], first=date(2026, 11, 1))
    seeded.facts(account, "posts_published", [1] * 30, first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Posts against the account's count")
    assert (check.verdict, check.left, check.right) == (AGREES, 29, 29)
    seeded.facts(account, "posts_published", [0] * 10, first=date(2026, 11, 10))
    (check,) = found_checks(seeded, "Posts against the account's count")
    assert (check.verdict, check.difference) == (DIFFERS, 10)


def test_it_finds_posts_that_have_more_than_their_account(seeded):
    from analytics.metrics.registry import METRICS
    from core import records
    from storage import entities, readings

    account = seeded.account("youtube")
    seeded.facts(account, "lifetime_views", [1000] * 5, first=date(2026, 11, 20))
    with seeded.database.write() as connection:
        posts = [records.Post(f"p{at}", "video", NOW - timedelta(days=30), "Hi") for at in range(2)]
        ids = list(entities.upsert_posts(connection, seeded.id, account, posts).values())
        readings.write(connection, seeded.id, [(ids[0], METRICS["views"].id, epoch_ms(NOW), 900.0)])
    (check,) = found_checks(seeded, "Views in all and the posts'")
    assert (check.verdict, check.left, check.right) == (AGREES, 900, 1000)
    assert check.why == "Counters of 1 of 2 known posts were not read."
    with seeded.database.write() as connection:
        readings.write(connection, seeded.id, [(ids[1], METRICS["views"].id, epoch_ms(NOW), 900.0)])
    (check,) = found_checks(seeded, "Views in all and the posts'")
    assert (check.verdict, check.why) == (DIFFERS, "")


def test_it_finds_numbers_that_cannot_be(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "views", [10] * 30, first=date(2026, 11, 1))
    (check,) = found_checks(seeded, "Impossible numbers")
    assert check.verdict == AGREES
    seeded.facts(account, "shares", {date(2026, 11, 4): -3})
    seeded.facts(account, "likes", {date(2026, 11, 4): -3})
    seeded.facts(account, "comments", {date(2027, 1, 4): 3})
    (check,) = found_checks(seeded, "Impossible numbers")
    assert (check.verdict, check.left, check.why) == (DIFFERS, 2, "In comments, shares.")


def test_it_leaves_out_days_that_are_still_counted(seeded):
    seeded.facts(seeded.account("youtube"), "views", [10] * 30, first=date(2026, 11, 1))
    recent = Period(date(2026, 12, 3), date(2026, 12, 5))
    assert checks.checked(seeded.viewer, recent, EVERYTHING, now=NOW).period is None
    week = checks.checked(seeded.viewer, Period(date(2026, 11, 28), date(2026, 12, 5)), EVERYTHING, now=NOW)
    assert week.period == Period(date(2026, 11, 28), date(2026, 12, 2))


# Changes


def test_it_tells_what_was_changed_since_a_moment(seeded):
    account = seeded.account("instagram", "Acme")
    first, later = NOW - timedelta(days=4), NOW - timedelta(hours=1)
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1), at=first)
    seeded.facts(account, "followers", [1000] * 30, first=date(2026, 11, 1), at=first)
    seeded.facts(account, "views", {date(2026, 11, 29): 130, date(2026, 11, 30): 90, date(2026, 11, 28): 100}, at=later)
    seeded.facts(account, "followers", {date(2026, 11, 30): 1005}, at=later)
    seeded.facts(account, "views", {date(2026, 12, 1): 70}, at=later)
    period = Period(date(2026, 11, 1), date(2026, 12, 1))
    found = restated.restated(seeded.viewer, NOW - timedelta(days=2), period, EVERYTHING, now=NOW)
    rows = {(row.metric, row.day.day): (row.before, row.after, row.difference) for row in found.changes.itertuples()}
    assert rows == {("views", 29): (100, 130, 30), ("views", 30): (100, 90, -10), ("followers", 30): (1000, 1005, 5)}
    assert set(found.changes["seen"]) == {later}
    by_metric = {row.metric: row for row in found.by_metric.itertuples()}
    assert (by_metric["views"].changes, by_metric["views"].difference) == (2, 20)
    assert by_metric["followers"].difference != by_metric["followers"].difference, "a level does not add up"
    periods = {row.metric: row for row in found.periods.itertuples()}
    views = periods["views"]
    assert (views.then, views.now, views.restated, views.arrived) == (3000, 3090, 20, 70)
    assert (periods["followers"].then, periods["followers"].now) == (1000, 1005)


def test_it_says_why_a_period_is_not_held_against_itself(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1), at=NOW - timedelta(days=60))
    since = NOW - timedelta(days=2)
    found = restated.restated(seeded.viewer, since, NOVEMBER, EVERYTHING, now=NOW)
    assert found.changes.empty
    assert found.why_none == "No daily total of this period was changed."
    early = restated.restated(seeded.viewer, datetime(2026, 10, 1, tzinfo=UTC), NOVEMBER, EVERYTHING, now=NOW)
    assert early.why_none == "The period had not begun at that moment."


def watch(seeded, account, *, changes_at, days=60):
    """Read each day of the last two months on the day after it, and again with another value at some ages."""
    for back in range(days, 1, -1):
        day = NOW.date() - timedelta(days=back)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        seeded.facts(account, "views", {day: 100}, at=at + timedelta(hours=1))
        for step, age in enumerate(changes_at, 1):
            if at + timedelta(days=age) < NOW:
                seeded.facts(account, "views", {day: 100 + step}, at=at + timedelta(days=age, hours=1))


def test_it_learns_how_long_a_platform_changes_its_numbers(seeded):
    watch(seeded, seeded.account("instagram"), changes_at=(1, 3))
    (habit,) = restated.habits(seeded.viewer, EVERYTHING, now=NOW)
    assert habit.shares[0] == pytest.approx(1.0)
    assert habit.shares[1] == 0.0
    assert habit.shares[2] == pytest.approx(1.0, abs=0.05), "the youngest of that age was not read again yet"
    assert habit.settles == 3
    assert restated.settles_words(habit) == "Instagram: hardly any number changes later than 3 days after its day."


def test_it_does_not_learn_a_habit_from_one_correction(seeded):
    account = seeded.account("instagram")
    watch(seeded, account, changes_at=())
    seeded.facts(account, "views", {NOW.date() - timedelta(days=back): 7 for back in range(2, 40)}, at=NOW)
    (habit,) = restated.habits(seeded.viewer, EVERYTHING, now=NOW)
    assert habit.settles is None
    assert "on 1 day only" in habit.why


def test_it_says_how_much_it_needs_to_learn_a_habit(seeded):
    seeded.facts(seeded.account("instagram"), "views", [100] * 30, first=date(2026, 11, 1))
    (habit,) = restated.habits(seeded.viewer, EVERYTHING, now=NOW)
    assert habit.settles is None
    assert "of 50 daily numbers" in habit.why, "history that was read in one go was never watched"


def test_it_remembers_the_visit_before(seeded):
    assert visits.last(seeded.viewer, now=NOW) is None
    assert visits.last(seeded.viewer, now=NOW + timedelta(minutes=10)) is None, "the same visit"
    later = NOW + timedelta(hours=5)
    assert visits.last(seeded.viewer, now=later) == NOW + timedelta(minutes=10)
    assert visits.last(seeded.viewer, now=later + timedelta(minutes=5)) == NOW + timedelta(minutes=10)


def test_it_empties_no_cache_by_a_visit(seeded):
    from services.installation import site

    before = site.version(seeded.viewer)
    visits.last(seeded.viewer, now=NOW)
    assert site.version(seeded.viewer) == before


# Freshness


def test_it_calls_what_is_read_in_time_on_time(seeded):
    account = seeded.account("youtube")
    connect(seeded, "youtube", account)
    read_streams(seeded, account, "youtube", NOW - timedelta(minutes=30))
    (found,) = fresh.fresh(seeded.viewer, EVERYTHING, now=NOW).connections
    assert (found.state, found.why) == ("on time", "")
    assert all(one.state == "on time" for one in found.streams)


def test_it_calls_a_read_late_that_did_not_happen(seeded):
    account = seeded.account("youtube")
    connect(seeded, "youtube", account, due=NOW - timedelta(hours=5))
    read_streams(seeded, account, "youtube", NOW - timedelta(days=3))
    (found,) = fresh.fresh(seeded.viewer, EVERYTHING, now=NOW).connections
    assert found.state == "late"
    assert found.why.startswith("A read was due on 5 Dec at 07:00 UTC")
    said = summary.summary(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW)
    assert said.line.startswith("0 of 1 connections are read on time.")
    assert [need.connection_id for need in said.needs] == [found.id]


def test_it_says_that_a_platform_shows_no_newer_day_though_it_is_read(seeded):
    account = seeded.account("youtube")
    connect(seeded, "youtube", account)
    read_streams(seeded, account, "youtube", NOW - timedelta(minutes=30))
    seeded.facts(account, "views", [10] * 10, first=date(2026, 11, 10))
    (found,) = fresh.fresh(seeded.viewer, EVERYTHING, now=NOW).connections
    late = [one for one in found.streams if one.state == "late"]
    assert late
    assert late[0].why.startswith("Read on time, but YouTube has shown no day after 19 Nov:")


def test_it_says_what_a_connection_needs(seeded):
    account = seeded.account("youtube")
    connect(seeded, "youtube", account, state="attention", reason="The consent was revoked.", hint="Connect again.")
    (found,) = fresh.fresh(seeded.viewer, EVERYTHING, now=NOW).connections
    assert (found.state, found.why) == ("needs a person", "The consent was revoked. Connect again.")


def test_it_says_that_the_last_read_failed_though_nothing_is_late_yet(seeded):
    account = seeded.account("youtube")
    made = connect(seeded, "youtube", account)
    read_streams(seeded, account, "youtube", NOW - timedelta(minutes=30))
    with seeded.database.write() as connection:
        number = runs.start(connection, seeded.id, made, "schedule", NOW)
        runs.finish(connection, seeded.id, number, "failed", NOW, reason="YouTube did not answer.")
    found = summary.summary(seeded.viewer, NOVEMBER, EVERYTHING, now=NOW)
    (one,) = found.freshness.connections
    assert (one.state, one.why) == ("tries again", "The last read failed. YouTube did not answer.")
    assert found.line.startswith("0 of 1 connections are read on time.")
    assert found.needs == (), "it is tried again by itself"


def test_it_names_accounts_that_nothing_reads(seeded):
    seeded.account("youtube", "Old files")
    found = fresh.fresh(seeded.viewer, EVERYTHING, now=NOW)
    assert found.connections == ()
    assert found.imported == ("YouTube · Old files",)


def test_it_keeps_to_the_filters(seeded):
    one, other = seeded.account("youtube"), seeded.account("x")
    connect(seeded, "youtube", one)
    connect(seeded, "x", other)
    found = fresh.fresh(seeded.viewer, Where(platforms=("x",)), now=NOW)
    assert [row.platform for row in found.connections] == ["x"]


# Pace


def run(seeded, made, outcome, began, seconds, *, trigger="schedule", requests=10):
    with seeded.database.write() as connection:
        number = runs.start(connection, seeded.id, made, trigger, began)
        runs.finish(connection, seeded.id, number, outcome, began + timedelta(seconds=seconds), requests=requests)


def test_it_counts_outcomes_and_times(seeded):
    made = connect(seeded, "youtube", seeded.account("youtube"))
    for hours, outcome, seconds in ((1, "ok", 10), (5, "ok", 20), (9, "failed", 30), (13, "interrupted", 5)):
        run(seeded, made, outcome, NOW - timedelta(hours=hours), seconds)
    run(seeded, made, "ok", NOW - timedelta(days=40), 999)
    run(seeded, made, "ok", NOW - timedelta(days=2), 86_400, trigger="rehearsal")
    (found,) = pace.paces(seeded.viewer, EVERYTHING, now=NOW).connections
    assert found.outcomes == (3, 0, 1, 0, 1)
    assert found.success == pytest.approx(3 / 4), "a run that was cut off says nothing of the platform"
    assert found.typical_s == pytest.approx(15.0)
    assert found.per_request_s == pytest.approx(1.5)
    assert found.rehearsed == 1


def test_it_has_no_share_without_a_run(seeded):
    connect(seeded, "youtube", seeded.account("youtube"))
    (found,) = pace.paces(seeded.viewer, EVERYTHING, now=NOW).connections
    assert (found.runs, found.success, found.typical_s) == (0, None, None)


def test_it_keeps_the_log_of_a_run(seeded):
    made = connect(seeded, "youtube", seeded.account("youtube"))
    entry = {"account": "A", "title": "Videos", "state": "failed", "reason": "It broke.", "hint": "Wait.", "facts": 2,
             "posts": 1, "readings": 0, "comments": 0, "notes": ["Set back."]}  # fmt: skip
    with seeded.database.write() as connection:
        number = runs.start(connection, seeded.id, made, "schedule", NOW)
        runs.finish(connection, seeded.id, number, "partial", NOW, streams={"1/videos": entry}, facts=2, posts=1)
    (log,) = pace.latest(seeded.viewer, EVERYTHING, now=NOW)
    assert log.rows == 3
    assert log.streams == (("A", "Videos", "failed", "It broke. Wait.", 3, "Set back."),)
