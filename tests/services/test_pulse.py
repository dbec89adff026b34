"""Right now: the newest posts against the usual, the last 24 hours, today beside the usual day, and how fresh it is."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from analytics.metrics.registry import METRICS
from core import records
from core.clock import epoch_ms
from core.errors import NotAllowed
from core.question import Where
from core.viewer import Viewer
from services import pulse
from storage import connections, entities, readings
from tests.services.seeded import Seeded

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def seeded(database):
    return Seeded(database, now=NOW)


def ago(**span):
    return NOW - timedelta(**span)


def publish(seeded, account, name, published_at, series=(), *, kind="reel", metric="views"):
    """A post with readings: (hours after publishing, value)."""
    post = records.Post(name, kind, published_at, text=f"about {name}", permalink=f"https://example.org/{name}")
    with seeded.database.write() as connection:
        made = entities.upsert_posts(connection, seeded.id, account, [post])[name]
    read(seeded, made, published_at, series, metric)
    return made


def read(seeded, post, published_at, series, metric="views"):
    rows = [(post, METRICS[metric].id, epoch_ms(published_at + timedelta(hours=age)), value) for age, value in series]
    with seeded.database.write() as connection:
        readings.write(connection, seeded.id, [(*row[:3], float(row[3])) for row in rows])


def history(seeded, account, n, at_4=100, at_6=200, *, kind="reel", first_read=4, metric="views"):
    """Posts of the last weeks, read at the ages of 4 and 6 hours, and once more later."""
    return [
        publish(
            seeded, account, f"{kind}{number}-{metric}", ago(days=10 + number),
            [(age, value) for age, value in ((4, at_4), (6, at_6), (30, 5000)) if age >= first_read],
            kind=kind, metric=metric,
        )
        for number in range(n)
    ]  # fmt: skip


def connected(seeded, account, *, state="active", reason="", success=NOW, next_run=None):
    """Feed an account by a connection."""
    with seeded.database.write() as connection:
        platform = entities.account(connection, seeded.id, account).platform
        made = connections.add(connection, seeded.id, platform, platform, now=ago(days=90), state=state)
        connections.update(
            connection, seeded.id, made, last_success_at=epoch_ms(success), reason=reason,
            next_run_at=epoch_ms(next_run) if next_run else None,
        )  # fmt: skip
        connection.execute(
            text("UPDATE account SET connection_id = :made, created_at = :at WHERE id = :account"),
            {"made": made, "account": account, "at": epoch_ms(ago(days=90))},
        )


def ask(seeded, where=None, **options):
    return pulse.pulse(seeded.viewer, where, now=NOW, **options)


def newest(seeded, **options):
    return ask(seeded, **options).posts[0]


# The newest posts


def test_it_says_how_fast_a_post_is_at_its_age(seeded):
    """At 5 hours the others stood half way between 100 and 200."""
    account = seeded.account("instagram", "Acme")
    history(seeded, account, 9)
    publish(seeded, account, "new", ago(hours=5.5), [(1, 80), (5, 480)])
    post = newest(seeded)
    assert post.speed.ratio == pytest.approx(3.2)
    assert post.speed.age_h == 5, "the age at which it was read, not its age now"
    assert (post.speed.metric, post.speed.base.posts, post.speed.same_kind) == ("views", 9, True)
    assert post.speed.base.median == 150
    assert post.speed.viral
    assert post.age_h == 5.5
    assert post.read_at == ago(hours=0.5)
    assert ask(seeded).viral == (post,)


def test_it_marks_no_ordinary_post(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 9)
    publish(seeded, account, "new", ago(hours=5), [(5, 160)])
    answer = ask(seeded)
    assert answer.posts[0].speed.ratio == pytest.approx(160 / 150)
    assert not answer.viral


def test_it_leaves_out_posts_that_were_first_read_later(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 9, first_read=30)
    publish(seeded, account, "new", ago(hours=5), [(5, 480)])
    post = newest(seeded)
    assert post.speed is None
    assert post.why == "not enough posts yet: 0 of 8 at this age"


def test_it_says_how_many_posts_are_missing(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 7)
    publish(seeded, account, "new", ago(hours=5), [(5, 480)])
    assert newest(seeded).why == "not enough posts yet: 7 of 8 at this age"


def test_it_compares_with_the_same_account_only(seeded):
    one, other = seeded.account("instagram", "One"), seeded.account("instagram", "Other")
    history(seeded, other, 9)
    publish(seeded, one, "new", ago(hours=5), [(5, 480)])
    assert newest(seeded).speed is None


def test_it_compares_with_posts_of_the_last_90_days_only(seeded):
    account = seeded.account("instagram")
    for number in range(9):
        publish(seeded, account, f"old{number}", ago(days=91 + number), [(4, 100), (6, 200)])
    publish(seeded, account, "new", ago(hours=5), [(5, 480)])
    assert newest(seeded).why == "not enough posts yet: 0 of 8 at this age"


def test_it_is_not_misled_by_a_post_that_is_yet_to_come(seeded):
    account = seeded.account("instagram")
    publish(seeded, account, "planned", ago(days=-2))
    history(seeded, account, 9)
    publish(seeded, account, "new", ago(hours=5), [(5, 480)])
    publish(seeded, account, "planned, too", ago(days=-3))
    (post,) = ask(seeded).posts
    assert post.speed.ratio == pytest.approx(3.2)


def test_it_prefers_posts_of_the_same_kind(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 8, at_4=299, at_6=301)
    history(seeded, account, 8, kind="image")
    publish(seeded, account, "new", ago(hours=5), [(5, 300)])
    speed = newest(seeded).speed
    assert (speed.ratio, speed.base.posts, speed.same_kind) == (1.0, 8, True)


def test_it_takes_all_kinds_when_there_are_too_few_of_one(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 3)
    history(seeded, account, 6, kind="image")
    history(seeded, account, 20, kind="story", at_4=9, at_6=9)
    publish(seeded, account, "new", ago(hours=5), [(5, 300)])
    speed = newest(seeded).speed
    assert (speed.ratio, speed.base.posts, speed.same_kind) == (2.0, 9, False), "stories live otherwise"


def test_it_holds_a_story_against_stories_only(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 20)
    publish(seeded, account, "new", ago(hours=5), [(5, 9)], kind="story")
    assert newest(seeded).why == "not enough posts yet: 0 of 8 at this age"


def test_it_turns_to_interactions_where_views_tell_too_little(seeded):
    account = seeded.account("instagram")
    for post, number in zip(history(seeded, account, 8, metric="likes"), range(8), strict=True):
        read(seeded, post, ago(days=10 + number), [(4, 10), (6, 10)], "comments")
    new = publish(seeded, account, "new", ago(hours=5), [(5, 640)], metric="likes")
    read(seeded, new, ago(hours=5), [(5, 0)], "comments")
    read(seeded, new, ago(hours=5), [(5, 9000)], "views")
    post = newest(seeded)
    assert (post.speed.metric, post.speed.ratio, post.speed.base.median) == ("engagement", 4.0, 160)
    assert (post.exposure, post.exposure_name, post.engagement) == (9000, "views", 640)


def test_it_gives_no_speed_where_posts_usually_have_nothing_yet(seeded):
    account = seeded.account("instagram")
    for post, number in zip(history(seeded, account, 9, first_read=99), range(9), strict=True):
        read(seeded, post, ago(days=10 + number), [(4, 0), (20, 1)])
    publish(seeded, account, "new", ago(hours=5), [(5, 480)])
    assert newest(seeded).why == "posts usually have nothing yet at this age"


def test_it_shows_a_post_that_was_not_read_yet(seeded):
    account = seeded.account("instagram", "Acme")
    publish(seeded, account, "new", ago(minutes=20), kind="image")
    post = newest(seeded)
    assert (post.read_at, post.exposure, post.engagement, post.speed) == (None, None, None, None)
    assert post.why == "not read yet"
    assert (post.platform, post.account, post.kind, post.text) == ("instagram", "Acme", "image", "about new")


def test_it_shows_the_twenty_newest_of_a_week(seeded):
    account = seeded.account("instagram")
    for number in range(25):
        publish(seeded, account, f"p{number}", ago(hours=1 + 8 * number))
    shown = [post.text for post in ask(seeded).posts]
    assert shown == [f"about p{number}" for number in range(20)]


def test_it_narrows_to_platforms_and_accounts(seeded):
    one, two = seeded.account("instagram", "One"), seeded.account("x", "Two")
    publish(seeded, one, "a", ago(hours=1))
    publish(seeded, two, "b", ago(hours=2))
    assert [post.text for post in ask(seeded, Where(platforms=("x",))).posts] == ["about b"]
    answer = ask(seeded, Where(accounts=(one,)))
    assert [post.text for post in answer.posts] == ["about a"]
    assert [one.account for one in answer.fresh] == ["One"]


def test_it_reads_around_an_age_what_plain_sql_would(seeded):
    """A second opinion on the readings a speed is made of."""
    account = seeded.account("instagram")
    posts = history(seeded, account, 3)
    wanted = [(7, account, METRICS["views"].id, 5 * 3_600_000), (8, account, METRICS["views"].id, 40 * 3_600_000)]
    with seeded.database.read() as connection:
        found = readings.around(connection, seeded.id, wanted, published_from_ms=epoch_ms(ago(days=11, hours=1)))
        assert readings.around(connection, seeded.id, [], published_from_ms=0).empty
    table = found.set_index(["target", "post_id"])[["was", "now"]]
    assert set(table.index) == {(target, post) for target in (7, 8) for post in posts[:2]}
    assert table.loc[7].values.tolist() == [[100, 200], [100, 200]]
    assert table.loc[8, "was"].tolist() == [5000, 5000]
    assert table.loc[8, "now"].isna().all()
    assert (found.loc[found["target"] == 8, "after_at"] == 0).all()


# The last 24 hours


def by_hour(answer, platform):
    mine = answer.hours[answer.hours["platform"] == platform]
    return mine.set_index(pd.DatetimeIndex(mine["start"]).hour)["value"]


def test_it_lays_growth_into_the_hours_between_readings(seeded):
    account = seeded.account("instagram")
    connected(seeded, account)
    old = ago(days=30, hours=0.5)
    publish(seeded, account, "p", old, [(0, 10), (717, 100), (719, 140), (720, 160)], metric="likes")
    found = by_hour(ask(seeded), "instagram")
    assert len(found) == 24
    assert found[[6, 7, 8]].tolist() == [20, 20, 20]
    assert found[9] == 0, "the running hour: nothing came after the reading"
    assert found[5] == pytest.approx(90 / 717)


def test_it_adds_the_counters_that_make_an_interaction(seeded):
    account = seeded.account("x")
    connected(seeded, account)
    post = publish(seeded, account, "p", ago(hours=3.5), [(1, 4), (2, 10)], metric="likes")
    for metric in ("replies", "reposts", "quotes", "bookmarks"):
        read(seeded, post, ago(hours=3.5), [(1, 0), (2, 5)], metric)
    answer = ask(seeded)
    assert by_hour(answer, "x")[7] == 6 + 5 + 5, "quotes and bookmarks do not count by the plain definition"
    assert answer.cards[0].number.value == 4 + 6 + 5 + 5


def test_it_knows_nothing_of_hours_in_which_nothing_was_read(seeded):
    account = seeded.account("instagram")
    connected(seeded, account, success=ago(hours=3, minutes=30))
    publish(seeded, account, "p", ago(days=3), [(1, 5), (60, 20), (68, 30)], metric="likes")
    answer = ask(seeded)
    assert np.isnan(by_hour(answer, "instagram")[[6, 7, 8, 9]]).all()
    assert not np.isnan(by_hour(answer, "instagram")[5])
    assert answer.hours["known"].tolist() == [1] * 20 + [0] * 4


def test_it_never_shows_0_for_a_platform_without_readings(seeded):
    seeded.account("instagram")
    answer = ask(seeded)
    assert answer.hours["value"].isna().all()
    assert answer.cards[0].number.value is None
    assert answer.cards[0].number.why_none == "no post was read in the last 24 hours"


def test_it_says_that_an_account_was_silent(seeded):
    account = seeded.account("instagram")
    connected(seeded, account)
    answer = ask(seeded)
    assert by_hour(answer, "instagram").tolist() == [0.0] * 24
    assert answer.cards[0].number.value == 0


def test_it_gives_hours_in_the_zone_of_the_workspace(database):
    seeded = Seeded(database, now=NOW, time_zone="Asia/Kolkata")
    seeded.account("instagram")
    starts = ask(seeded).hours["start"]
    assert [f"{start:%d %H:%M}" for start in (starts.iloc[0], starts.iloc[-1])] == ["20 16:00", "21 15:00"]


# Today


def known_on(seeded, account, metric, day, value, at):
    seeded.facts(account, metric, {day: value}, at=at)


def a_week(seeded, account, metric="posts_published", parts=(2, 4, 6, 8, 10, 12, 14), whole=99):
    """Earlier days: a part known by half past nine, the whole later."""
    for back, part in enumerate(parts, 1):
        day = TODAY - timedelta(days=back)
        known_on(seeded, account, metric, day, part, ago(days=back, hours=1))
        known_on(seeded, account, metric, day, whole, ago(days=back, hours=-8))


def card(answer, metric):
    return next(one for one in answer.cards if one.number.metric == metric)


def test_it_holds_today_against_the_same_part_of_the_usual_day(seeded):
    account = seeded.account("instagram")
    a_week(seeded, account)
    known_on(seeded, account, "posts_published", TODAY, 12, ago(hours=1))
    found = card(ask(seeded), "posts_published")
    number = found.number
    assert (number.value, number.previous, number.difference, number.change) == (12, 8, 4, 0.5)
    assert found.values == (14, 12, 10, 8, 6, 4, 2, 12)
    assert "median of 7 of the last 7 days" in found.explanation.notes[-1].text


def test_it_says_that_there_is_no_usual_day_yet(seeded):
    account = seeded.account("instagram")
    a_week(seeded, account, parts=(2, 4, 6))
    known_on(seeded, account, "posts_published", TODAY, 12, ago(hours=1))
    number = card(ask(seeded), "posts_published").number
    assert (number.value, number.change, number.previous) == (12, None, None)
    assert number.why_no_change == "no usual day yet: 3 of 4 days"


def test_it_does_not_divide_by_a_usual_0(seeded):
    account = seeded.account("instagram")
    a_week(seeded, account, parts=(0,) * 7)
    known_on(seeded, account, "posts_published", TODAY, 2, ago(hours=1))
    number = card(ask(seeded), "posts_published").number
    assert (number.difference, number.change, number.why_no_change) == (2, None, "usually none by now")


def test_it_says_why_there_is_no_number_yet(seeded):
    account = seeded.account("youtube")
    seeded.mark(account, "views", TODAY, TODAY, "not_yet", "YouTube shows days two days later.")
    number = card(ask(seeded), "views").number
    assert number.value is None
    assert number.why_none


def test_it_compares_accounts_like_for_like(seeded):
    one, new = seeded.account("instagram", "One"), seeded.account("instagram", "New")
    a_week(seeded, one)
    known_on(seeded, one, "posts_published", TODAY, 12, ago(hours=1))
    known_on(seeded, new, "posts_published", TODAY, 5, ago(hours=1))
    number = card(ask(seeded), "posts_published").number
    assert (number.value, number.compared, number.previous) == (17, 12, 8)


def test_it_takes_a_usual_day_that_is_given_but_not_yesterdays(seeded):
    account = seeded.account("instagram")
    a_week(seeded, account)
    known_on(seeded, account, "posts_published", TODAY, 12, ago(hours=1))
    usual = pulse.usual_day(seeded.viewer, now=NOW)
    assert usual.day == TODAY
    five = pulse.UsualDay(TODAY, {name: frame * 0 + 5 for name, frame in usual.earlier.items()})
    assert card(ask(seeded, usual=five), "posts_published").number.previous == 5
    old = pulse.UsualDay(date(2026, 11, 20), five.earlier)
    assert card(ask(seeded, usual=old), "posts_published").number.previous == 8


def test_it_gives_followers_beside_the_new_ones(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", {TODAY: 1200.0})
    assert card(ask(seeded), "followers_net").beside.value == 1200


# Fresh


def test_it_says_when_each_account_is_read(seeded):
    one, two = seeded.account("facebook", "One"), seeded.account("x", "Two")
    seeded.account("youtube", "File")
    connected(seeded, one, success=ago(minutes=12), next_run=ago(minutes=-48))
    connected(seeded, two, state="attention", reason="The login has run out.", success=ago(days=2), next_run=NOW)
    fresh = {one.account: one for one in ask(seeded).fresh}
    assert (fresh["One"].read_at, fresh["One"].next_at) == (ago(minutes=12), ago(minutes=-48))
    assert (fresh["Two"].state, fresh["Two"].reason, fresh["Two"].next_at) == (
        "attention", "The login has run out.", None,
    )  # fmt: skip
    assert (fresh["File"].state, fresh["File"].read_at) == ("imported", None)


def test_it_answers_an_empty_workspace(seeded):
    answer = ask(seeded)
    assert answer.posts == answer.fresh == answer.viral == ()
    assert answer.hours.empty
    assert all(one.number.value is None for one in answer.cards)


def test_it_asks_for_the_right_to_read(seeded):
    with pytest.raises(NotAllowed):
        pulse.pulse(Viewer("guest", seeded.id, frozenset()), now=NOW)
