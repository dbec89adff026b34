"""The audience: followers, gains and losses, pace, hints, who they are and when they are there."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.errors import NotFound
from core.question import Asked, By, Compare, Period, Where
from services.audience import described, growth, hints, online, pace, people, places
from storage import runs, studies
from storage.studies import StudyRow
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import noon, publish

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LAST = date(2026, 11, 30)
OCTOBER = date(2026, 10, 2)


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def groups(seeded, account, dimension, members, *, on=LAST, metric="followers", grain="day"):
    """What a platform tells of an audience on one day."""
    for member, value in members.items():
        seeded.facts(account, metric, {on: value}, dimension=dimension, member=member, grain=grain)


def audiences(seeded, **where):
    return people.people(seeded.viewer, NOVEMBER, Where(**where), now=NOW)


def described_as(seeded, key, period=NOVEMBER, compare=None):
    found = described.describe(seeded.viewer, Asked(period, compare), key, now=NOW)
    return {part.dimension: part for part in found.parts}


def shares(part):
    return dict(zip(part.frame["name"], part.frame["share"].round(6), strict=True))


# How it grows


def test_it_tells_followers_gains_losses_and_rate(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "followers", [1000 + 3 * day for day in range(60)], first=OCTOBER)
    seeded.facts(account, "followers_gained", [5] * 60, first=OCTOBER)
    seeded.facts(account, "followers_lost", [2] * 60, first=OCTOBER)
    answer = growth.growth(seeded.viewer, Asked(NOVEMBER), now=NOW)
    numbers = {card.number.metric: card.number for card in answer.cards}
    assert (numbers["followers"].value, numbers["followers_net"].value) == (1177, 90)
    assert (numbers["followers_gained"].value, numbers["followers_lost"].value) == (150, 60)
    assert numbers["follower_growth_rate"].value == pytest.approx(90 / 1087)
    assert numbers["followers_net"].previous == 90
    assert answer.headline == "The audience grew by 90 (8.3\u202f% of where it stood)."


def test_it_names_who_grew_fastest(seeded):
    for platform, step in (("youtube", 2), ("x", 8)):
        followers = [1000 + step * day for day in range(60)]
        seeded.facts(seeded.account(platform), "followers", followers, first=OCTOBER)
    assert "X grew fastest, by " in growth.growth(seeded.viewer, Asked(NOVEMBER), now=NOW).headline


def test_it_says_that_it_shrank(seeded):
    seeded.facts(seeded.account("x"), "followers", [1000 - day for day in range(60)], first=OCTOBER)
    assert growth.growth(seeded.viewer, Asked(NOVEMBER), now=NOW).headline.startswith("The audience shrank by 30 ")


def test_it_is_empty_without_numbers(seeded):
    assert growth.growth(seeded.viewer, Asked(NOVEMBER), now=NOW).empty
    seeded.account("x")
    answer = growth.growth(seeded.viewer, Asked(NOVEMBER), now=NOW)
    assert answer.empty
    assert answer.movement.empty
    assert answer.headline == ""


def test_it_takes_the_net_of_those_who_tell_no_gains_and_losses(seeded):
    """X tells neither; LinkedIn tells gains only, which beside no losses would look like growth."""
    one, two, three = (seeded.account(name, name.title()) for name in ("youtube", "x", "linkedin"))
    seeded.facts(one, "followers_gained", [5] * 30, first=NOVEMBER.first)
    seeded.facts(one, "followers_lost", [2] * 30, first=NOVEMBER.first)
    seeded.facts(two, "followers", [100 + day for day in range(31)], first=date(2026, 10, 31))
    seeded.facts(three, "followers", [100 + 2 * day for day in range(31)], first=date(2026, 10, 31))
    seeded.facts(three, "followers_gained", [9] * 30, first=NOVEMBER.first)
    moved = growth.movement(seeded.viewer, NOVEMBER, Where(), now=NOW)
    row = moved.frame.iloc[9]
    assert (row["gained"], row["lost"], row["net_only"], row["net"]) == (5, 2, 3, 6)
    assert moved.words == "Net only, where gains and losses are not both told: LinkedIn and X."


def test_it_conserves_the_net_change(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "followers_gained", [day % 7 for day in range(60)], first=OCTOBER)
    seeded.facts(account, "followers_lost", [day % 3 for day in range(60)], first=OCTOBER)
    whole = Period(OCTOBER, LAST)
    net = growth.growth(seeded.viewer, Asked(whole), now=NOW).by_day.totals["followers_net"].value
    for period in (whole, Period(date(2026, 6, 1), LAST), Period(date(2025, 6, 1), LAST)):
        assert growth.movement(seeded.viewer, period, Where(), now=NOW).frame["net"].sum() == net


@pytest.mark.parametrize(
    ("days", "by"), [(62, By.DAY), (63, By.WEEK), (400, By.WEEK), (401, By.MONTH)], ids=["62", "63", "400", "401"]
)
def test_it_draws_longer_periods_in_wider_buckets(seeded, days, by):
    seeded.account("x")
    period = Period(LAST - timedelta(days=days - 1), LAST)
    assert growth.movement(seeded.viewer, period, Where(), now=NOW).by is by


def test_it_names_who_is_missing_on_a_day(seeded):
    one, two = seeded.account("youtube", "Acme"), seeded.account("tiktok", "Acme")
    for account, days in ((one, 30), (two, 20)):
        seeded.facts(account, "followers_gained", [5] * days, first=NOVEMBER.first)
        seeded.facts(account, "followers_lost", [1] * days, first=NOVEMBER.first)
    frame = growth.movement(seeded.viewer, NOVEMBER, Where(), now=NOW).frame
    assert frame["without"].tolist()[19:21] == ["", "Acme (TikTok)"]
    assert frame["gained"].tolist()[19:21] == [10, 5]


# Pace in words


def test_it_tells_speed_only_where_there_is_a_trend(seeded):
    account = seeded.account("x")
    seeded.facts(account, "followers", [1000 + 5 * day + day % 3 for day in range(60)], first=OCTOBER)
    told = pace.pace(seeded.viewer, Where(), LAST, now=NOW)
    assert told.speed.startswith("Followers are rising by about 5.0 a day (likely ")
    assert "judged from 60 days up to 30 Nov" in told.speed
    assert told.growth.startswith("At this pace that is +")
    assert "30 days" in told.growth


def test_it_does_not_make_a_trend_of_chance(seeded):
    steps = [0, 9, -9, 3, -7, 8, -4, 1, -6, 7]
    seeded.facts(seeded.account("x"), "followers", [1000 + steps[day % 10] for day in range(60)], first=OCTOBER)
    told = pace.pace(seeded.viewer, Where(), LAST, now=NOW)
    assert told.speed.startswith("No reliable trend")
    assert told.growth == ""


def test_it_says_what_a_trend_needs(seeded):
    account = seeded.account("x")
    assert pace.pace(seeded.viewer, Where(), LAST, now=NOW).speed.startswith("Not enough data for a trend")
    seeded.facts(account, "followers", [1000, 1001, 1003], first=date(2026, 11, 27))
    told = pace.pace(seeded.viewer, Where(), LAST, now=NOW)
    assert told.speed == "Not enough data for a trend: there are 3 of at least 8 values."
    assert told.weekdays == "Not enough days yet to see a weekly pattern (2 of 28)."


def test_it_names_the_weekday_of_a_pattern(seeded):
    account = seeded.account("youtube")
    first = date(2026, 8, 5)  # a Wednesday
    extra = {5: 40, 1: -20}
    gained = [30 + day * 13 % 5 + extra.get((first + timedelta(days=day)).weekday(), 0) for day in range(117)]
    seeded.facts(account, "followers_gained", gained, first=first)
    seeded.facts(account, "followers_lost", [0] * 117, first=first)
    seeded.facts(account, "followers", [1000 + sum(gained[: day + 1]) for day in range(117)], first=first)
    told = pace.pace(seeded.viewer, Where(), LAST, now=NOW).weekdays
    assert "most on Saturdays" in told
    assert "least on Tuesdays" in told


def test_it_finds_no_weekday_where_there_is_none(seeded):
    seeded.facts(
        seeded.account("x"), "followers", [1000 + 5 * day + (day * 31 % 11) for day in range(100)],
        first=date(2026, 8, 23),
    )  # fmt: skip
    assert pace.pace(seeded.viewer, Where(), LAST, now=NOW).weekdays.startswith("No weekly pattern")


# Posts before unusual gains


def keep(seeded, found, *, platform, state="ok", reason=""):
    row = StudyRow(
        seeded.id, "unusual", f"followers_net/{platform}", clock.epoch_ms(NOW), clock.epoch_day(LAST), 0, 1, 5,
        state, reason, found,
    )  # fmt: skip
    with seeded.database.write() as connection:
        studies.put(connection, row)


def unusual(day, value=90.0, expected=10.0):
    return {"day": day, "value": value, "expected": expected, "lower": 2.0, "upper": 30.0}


def test_it_names_posts_of_the_three_days_up_to_a_gain(seeded):
    account = seeded.account("youtube", "Acme")
    for name, day, likes in (("same", 12, 1), ("near", 10, 9), ("far", 9, 99), ("after", 13, 99)):
        publish(seeded, account, name, noon(11, day), {"likes": likes})
    keep(seeded, {"days": [unusual("2026-11-12"), unusual("2026-11-20", value=-50.0)]}, platform="youtube")
    (day,) = hints.hints(seeded.viewer, NOVEMBER, Where(), now=NOW).days
    assert (day.day, day.title, day.value, day.upper, day.inside) == (date(2026, 11, 12), "YouTube", 90, 30, True)
    assert [(post.text, post.days_before) for post in day.posts] == [("about near", 2), ("about same", 0)]
    assert day.posts_total == 2


def test_it_names_each_post_with_its_own_gain(seeded):
    account = seeded.account("youtube", "Acme")
    for day in (12, 17, 18):
        publish(seeded, account, f"on {day}", noon(11, day), {"likes": 1})
    keep(seeded, {"days": [unusual("2026-11-12"), unusual("2026-11-20")]}, platform="youtube")
    found = hints.hints(seeded.viewer, NOVEMBER, Where(), now=NOW).days
    assert {day.day.day: [post.text for post in day.posts] for day in found} == {
        20: ["about on 18"], 12: ["about on 12"],
    }  # fmt: skip


def test_it_tells_posts_of_the_same_platform_only(seeded):
    seeded.account("youtube")
    publish(seeded, seeded.account("x"), "elsewhere", noon(11, 12), {"likes": 1})
    keep(seeded, {"days": [unusual("2026-11-12")]}, platform="youtube")
    (day,) = hints.hints(seeded.viewer, NOVEMBER, Where(), now=NOW).days
    assert (day.posts, day.posts_total) == ((), 0)


def test_it_falls_back_to_the_last_gain_before_the_period(seeded):
    seeded.account("youtube")
    days = [unusual("2026-10-12"), unusual("2026-10-20"), unusual("2026-06-01")]
    keep(seeded, {"days": days}, platform="youtube")
    found = hints.hints(seeded.viewer, NOVEMBER, Where(), now=NOW)
    assert [(day.day, day.inside) for day in found.days] == [(date(2026, 10, 20), False)]


def test_it_says_which_platform_is_not_studied_yet(seeded):
    for platform in ("youtube", "x"):
        seeded.account(platform)
    keep(seeded, {}, platform="x", state="not_enough", reason="12 days are known; more are needed.")
    found = hints.hints(seeded.viewer, NOVEMBER, Where(), now=NOW)
    assert found.waiting == (
        "X: 12 days are known; more are needed.", "YouTube: being computed, usually within a few minutes.",
    )  # fmt: skip
    assert (found.days, found.looked) == ((), ())
    only = hints.hints(seeded.viewer, NOVEMBER, Where(platforms=("x",)), now=NOW)
    assert len(only.waiting) == 1


# Who they are


def test_it_takes_shares_of_all_followers_and_says_what_is_covered(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", {LAST: 1000})
    groups(seeded, account, "country", {"DE": 600, "AT": 330})
    part = described_as(seeded, "followers-instagram")["country"]
    assert shares(part) == {"Germany": 0.6, "Austria": 0.33}
    assert part.coverage == "covers 93\u202f% of followers"
    assert part.dated == "30 Nov 2026"


def test_it_adds_accounts_of_one_platform_and_never_platforms(seeded):
    sizes = {("instagram", "One"): 100, ("instagram", "Two"): 300, ("facebook", "Three"): 500}
    for (platform, name), size in sizes.items():
        account = seeded.account(platform, name)
        seeded.facts(account, "followers", {LAST: size})
        groups(seeded, account, "country", {"DE": size / 2, "FR": size / 2 if name == "One" else 0.0})
    found = audiences(seeded)
    assert [one.key for one in found.audiences] == ["followers-facebook", "followers-instagram"], "the largest first"
    part = described_as(seeded, "followers-instagram")["country"]
    assert dict(zip(part.frame["key"], part.frame["value"], strict=True)) == {"DE": 200, "FR": 50}
    assert shares(part) == {"Germany": 0.5, "France": 0.125}


def test_it_keeps_given_shares_apart_by_account(seeded):
    for name, share in (("One", 0.4), ("Two", 0.8)):
        groups(seeded, seeded.account("tiktok", name), "gender", {"F": share, "M": 1 - share}, metric="follower_share")
    found = audiences(seeded).audiences
    assert [one.title for one in found] == ["TikTok followers: One", "TikTok followers: Two"]
    part = described_as(seeded, found[1].key)["gender"]
    assert shares(part) == {"Women": 0.8, "Men": 0.2}
    assert part.frame["value"].isna().all(), "how many they are is never told"
    assert part.coverage == "covers all followers"


def test_it_tells_the_change_against_an_earlier_date(seeded):
    account = seeded.account("instagram")
    earlier = date(2026, 10, 28)
    seeded.facts(account, "followers", {LAST: 1000, earlier: 800})
    groups(seeded, account, "country", {"DE": 600, "AT": 300})
    groups(seeded, account, "country", {"DE": 400, "CH": 100}, on=earlier)
    part = described_as(seeded, "followers-instagram", compare=Compare.PREVIOUS)["country"]
    rows = part.frame.set_index("key")
    assert rows.loc["DE", "change"] == pytest.approx(0.1)
    assert math.isnan(rows.loc["AT", "change"]), "not listed then is not nobody"
    assert (part.dated, part.earlier_dated) == ("30 Nov 2026", "28 Oct 2026")


def test_it_does_not_compare_some_accounts_with_all(seeded):
    one, two = seeded.account("instagram", "One"), seeded.account("instagram", "Two")
    for account in (one, two):
        seeded.facts(account, "followers", {LAST: 100, date(2026, 10, 28): 100})
        groups(seeded, account, "country", {"DE": 60})
    groups(seeded, one, "country", {"DE": 50}, on=date(2026, 10, 28))
    part = described_as(seeded, "followers-instagram", compare=Compare.PREVIOUS)["country"]
    assert part.earlier_dated == ""
    assert part.frame["change"].isna().all()


def test_it_takes_the_newest_day_up_to_the_end_of_the_period(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", {date(2026, 11, day): 100 for day in range(1, 31)})
    for day, value in ((10, 10), (20, 20), (26, 26), (30, 30)):
        groups(seeded, account, "country", {"DE": value}, on=date(2026, 11, day))
    until = Period(date(2026, 11, 1), date(2026, 11, 25))
    assert described_as(seeded, "followers-instagram", until)["country"].dated == "20 Nov 2026"
    early = Period(date(2026, 11, 1), date(2026, 11, 5))
    assert described_as(seeded, "followers-instagram", early)["country"].dated == "10 Nov 2026", "the first after it"


def test_it_does_not_carry_a_group_that_is_no_longer_listed(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", {LAST: 100})
    groups(seeded, account, "city", {"Graz": 40}, on=LAST - timedelta(days=1))
    groups(seeded, account, "city", {"Linz": 50})
    assert shares(described_as(seeded, "followers-instagram")["city"]) == {"Linz": 0.5}


def test_it_takes_shares_of_those_described_where_they_are_more_than_all(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", {LAST: 100})
    groups(seeded, account, "country", {"DE": 150, "AT": 50})
    part = described_as(seeded, "followers-instagram")["country"]
    assert shares(part) == {"Germany": 0.75, "Austria": 0.25}
    assert part.coverage.startswith("shares of those described")


def test_it_says_when_a_list_is_cut(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", {LAST: 1000})
    groups(seeded, account, "city", {f"City {at}": 10 for at in range(45)})
    part = described_as(seeded, "followers-instagram")["city"]
    assert part.coverage == "covers 45\u202f% of followers, the 45 largest groups only"
    assert len(part.frame) == 45


def test_it_tells_viewers_of_months_that_are_over(seeded):
    account = seeded.account("youtube")
    both = {"18-24 F": 0.5, "18-24 M": 0.5}
    for month in (date(2026, 9, 1), date(2026, 10, 1)):
        groups(seeded, account, "age_gender", both, on=month, metric="viewer_share", grain="month")
    (one,) = audiences(seeded).audiences
    assert (one.title, one.who) == ("YouTube viewers", "viewers")
    assert described_as(seeded, one.key)["age_gender"].dated == "1–31 Oct 2026"
    groups(seeded, account, "age_gender", both, on=date(2026, 12, 1), metric="viewer_share", grain="month")
    running = Period(date(2026, 11, 5), date(2026, 12, 4))
    assert described_as(seeded, one.key, running)["age_gender"].dated == "1–31 Oct 2026", "December is not over"


def test_it_takes_views_by_country_over_the_period(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "views", [100] * 60, first=OCTOBER)
    for member, part_of in (("DE", 60), ("ZZ", 40)):
        seeded.facts(account, "views", [part_of] * 60, first=OCTOBER, dimension="country", member=member)
    part = described_as(seeded, "views-youtube", compare=Compare.PREVIOUS)["country"]
    assert shares(part) == {"Germany": 0.6, "Elsewhere or unknown": 0.4}
    assert part.frame["value"].tolist() == [1800, 1200]
    assert (part.dated, part.earlier_dated) == ("1–30 Nov 2026", "2–31 Oct 2026")
    assert part.frame["change"].tolist() == pytest.approx([0, 0])


def test_it_says_why_nothing_is_told(seeded):
    small, large = seeded.account("instagram", "Small"), seeded.account("instagram", "Large")
    seeded.facts(small, "followers", {LAST: 55})
    seeded.facts(large, "followers", {LAST: 5000})
    seeded.facts(seeded.account("x", "Birds"), "followers", {LAST: 9000})
    found = audiences(seeded)
    assert found.audiences == ()
    assert set(found.silent) == {
        "Small (Instagram) has 55 followers; platforms describe an audience from 100 on.",
        "Large (Instagram): nothing is known of the audience around this period.",
        "X does not tell who follows an account.",
    }


def test_it_gives_the_reason_of_a_refusal(seeded):
    account = seeded.account("instagram", "Acme")
    entry = {"state": "not_permitted", "reason": "Instagram refused to describe the audience."}
    with seeded.database.write() as connection:
        run = runs.start(connection, seeded.id, 1, "schedule", NOW)
        runs.finish(connection, seeded.id, run, "partial", NOW, streams={f"{account}/audience": entry})
    assert audiences(seeded).silent == ("Acme (Instagram): Instagram refused to describe the audience.",)


def test_it_refuses_an_audience_that_is_not_there(seeded):
    seeded.account("instagram")
    with pytest.raises(NotFound):
        described_as(seeded, "followers-instagram")


def test_it_stays_inside_the_chosen_platforms(seeded):
    for platform in ("instagram", "facebook"):
        groups(seeded, seeded.account(platform), "country", {"DE": 60})
    assert [one.platform for one in audiences(seeded, platforms=("facebook",)).audiences] == ["facebook"]


def test_it_names_members(seeded):
    assert places.name("country", "US", "US") == "United States"
    assert places.name("language", "pt-BR", "") == "Portuguese (BR)"
    assert places.name("seniority", "3", "Entry") == "Entry"


# When they are there


def test_it_takes_the_mean_of_each_hour_of_the_week(seeded):
    account = seeded.account("tiktok", "Acme")
    start = clock.epoch_day(date(2026, 11, 3)) * 24
    hours = {start + step: 100 + step % 24 + 100 * (step // 168) for step in range(28 * 24)}
    seeded.facts(account, "followers_active", hours, grain="hour")
    (one,) = online.online(seeded.viewer, Where(), NOVEMBER, "UTC", now=NOW)
    monday = one.frame[(one.frame["weekday"] == 0) & (one.frame["hour"] == 5)].iloc[0]
    assert (monday["mean"], monday["low"], monday["high"], monday["seen"]) == (255, 105, 405, 4)
    assert one.best.endswith("23:00 to 00:00")
    assert one.frame["seen"].sum() == 28 * 24


def test_it_tells_hours_by_the_workspaces_clock(seeded):
    account = seeded.account("tiktok")
    noon_utc = clock.epoch_day(date(2026, 11, 24)) * 24 + 12  # a Tuesday
    seeded.facts(account, "followers_active", {noon_utc: 100}, grain="hour")
    (one,) = online.online(seeded.viewer, Where(), NOVEMBER, "Asia/Tokyo", now=NOW)
    assert one.frame[["weekday", "hour"]].to_numpy().tolist() == [[1, 21]]
    assert one.best == "", "one week does not tell"


def test_it_has_no_hours_where_no_platform_tells_them(seeded):
    seeded.account("x")
    seeded.account("tiktok")
    assert online.online(seeded.viewer, Where(), NOVEMBER, "UTC", now=datetime(2026, 12, 1, tzinfo=UTC)) == ()
