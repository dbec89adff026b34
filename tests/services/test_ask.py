"""Asking: totals, series and splits on both databases, against plain SQL and by hand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.metrics.registry import METRICS
from core.clock import epoch_day
from core.errors import BadQuestion, NotAllowed
from core.question import By, Compare, Period, Question, Where
from core.viewer import Viewer
from services.ask import ask
from tests.services.seeded import NOW, Seeded

FIRST = date(2026, 9, 1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def seeded(database):
    return Seeded(database)


def busy(seeded, days=91):
    """Three platforms with gaps, the same on every run."""
    random = np.random.default_rng(7)
    metrics = {
        "instagram": ("views", "likes", "comments", "shares", "saves", "reach", "impressions"),
        "x": ("views", "impressions", "likes", "replies", "reposts", "quotes", "link_clicks"),
        "youtube": ("views", "likes", "comments", "shares", "watch_time", "retention_sum"),
    }
    accounts = {}
    for platform, names in metrics.items():
        for number in range(2):
            account = seeded.account(platform, f"{platform} {number}")
            accounts[account] = platform
            for name in names:
                values = [int(value) if value < 900 else None for value in random.integers(0, 1000, days)]
                seeded.facts(account, name, values, first=FIRST)
    return accounts


def one_value(seeded, metric="views", platform="instagram", day=date(2026, 11, 3), value=10, **account):
    made = seeded.account(platform, **account)
    seeded.facts(made, metric, {day: value})
    return made


def total(seeded, metric, period=NOVEMBER, **options):
    return ask(seeded.viewer, Question((metric,), period, **options), now=NOW).totals[metric]


SEED_TERMS = (
    f"((a.platform <> 'x' AND f.metric_id IN ({METRICS['likes'].id}, {METRICS['comments'].id}, {METRICS['shares'].id})) "
    f"OR (a.platform = 'x' AND f.metric_id IN ({METRICS['likes'].id}, {METRICS['replies'].id}, {METRICS['reposts'].id})))"
)


def sql_engagement_rate(seeded, period):
    """Σ engagement ÷ Σ views over the account days that have both, in plain SQL."""
    here = f"f.workspace_id = {seeded.id} AND f.grain = 1 AND f.dimension_id = 0"
    days = f"f.day BETWEEN {epoch_day(period.first)} AND {epoch_day(period.last)}"
    query = f"""
        SELECT sum(e.engagement), sum(v.value) FROM (
            SELECT f.account_id, f.day, sum(f.value) AS engagement
            FROM fact f JOIN account a ON a.workspace_id = f.workspace_id AND a.id = f.account_id
            WHERE {here} AND {days} AND {SEED_TERMS} GROUP BY f.account_id, f.day
        ) e JOIN (
            SELECT f.account_id, f.day, f.value FROM fact f
            WHERE {here} AND {days} AND f.metric_id = {METRICS["views"].id}
        ) v ON v.account_id = e.account_id AND v.day = e.day"""
    with seeded.database.read() as connection:
        top, bottom = connection.exec_driver_sql(query).one()
    return top / bottom if bottom else None


def sql_sum(seeded, metric, period, accounts=None):
    where = f" AND account_id IN ({','.join(map(str, accounts))})" if accounts else ""
    query = (
        f"SELECT sum(value) FROM fact WHERE workspace_id = {seeded.id} AND metric_id = {METRICS[metric].id} AND grain = 1 "
        f"AND dimension_id = 0 AND day BETWEEN {epoch_day(period.first)} AND {epoch_day(period.last)}{where}"
    )
    with seeded.database.read() as connection:
        return connection.exec_driver_sql(query).scalar()


def test_it_agrees_with_plain_sql(seeded):
    """B1: the same sums and the same ratio of sums as a reader of the table gets, for any period and any grouping."""
    accounts = busy(seeded)

    @QUICK
    @given(start=st.integers(0, 85), days=st.integers(1, 60), by=st.sampled_from([None, By.DAY, By.WEEK, By.MONTH]),
           split=st.sampled_from([None, "platform", "account"]))  # fmt: skip
    def check(start, days, by, split):
        first = FIRST + timedelta(days=start)
        period = Period(first, min(first + timedelta(days=days - 1), NOW.date()))
        answer = ask(seeded.viewer, Question(("views", "engagement", "engagement_rate"), period, by, split), now=NOW)
        assert answer.totals["views"].value == sql_sum(seeded, "views", period)
        assert answer.totals["engagement_rate"].value == pytest.approx(sql_engagement_rate(seeded, period), rel=1e-12)
        for name in ("views", "engagement"):
            rows = answer.frame[answer.frame["metric"] == name]
            assert rows["value"].sum() == answer.totals[name].value
        if split:
            rows = [number.value or 0 for (_, name), number in answer.by_split.items() if name == "views"]
            assert sum(rows) == answer.totals["views"].value

    check()
    assert set(accounts.values()) == {"instagram", "x", "youtube"}


def test_it_divides_sums_in_every_row(seeded):
    busy(seeded)
    answer = ask(
        seeded.viewer, Question(("engagement", "views", "engagement_rate"), NOVEMBER, split="platform"), now=NOW
    )
    for platform in ("instagram", "x", "youtube"):
        explained = ask(
            seeded.viewer, Question(("engagement_rate",), NOVEMBER, where=Where(platforms=(platform,))), now=NOW
        )
        assert answer.by_split[platform, "engagement_rate"].value == explained.totals["engagement_rate"].value


def test_it_filters_by_platform_and_account(seeded):
    accounts = busy(seeded)
    of_x = [account for account, platform in accounts.items() if platform == "x"]
    assert total(seeded, "views", where=Where(platforms=("x",))).value == sql_sum(seeded, "views", NOVEMBER, of_x)
    assert total(seeded, "views", where=Where(accounts=(of_x[0],))).value == sql_sum(
        seeded, "views", NOVEMBER, of_x[:1]
    )


def test_it_reads_only_the_rows_of_the_dimension_asked_for(seeded):
    account = one_value(seeded, value=100)
    for member, value in (("DE", 30), ("US", 20)):
        seeded.facts(account, "views", {date(2026, 11, 3): value}, dimension="country", member=member)
    seeded.facts(account, "views", {date(2026, 11, 3): 7}, dimension="device", member="mobile")
    assert total(seeded, "views").value == 100
    answer = ask(seeded.viewer, Question(("views",), NOVEMBER, split="country"), now=NOW)
    assert {split: number.value for (split, _), number in answer.by_split.items()} == {"DE": 30, "US": 20}
    assert answer.totals["views"].value == 50
    chosen = Question(("views",), NOVEMBER, split="country", where=Where(members=("US",)))
    assert ask(seeded.viewer, chosen, now=NOW).totals["views"].value == 20


def test_it_names_accounts_and_platforms_of_a_split(seeded):
    account = one_value(seeded, name="Acme")
    answer = ask(seeded.viewer, Question(("views",), NOVEMBER, split="account"), now=NOW)
    assert answer.split_titles == {str(account): "Acme"}
    assert ask(seeded.viewer, Question(("views",), NOVEMBER, split="platform"), now=NOW).split_titles == {
        "instagram": "Instagram"
    }


def test_it_tells_zero_from_missing(seeded):
    """B4: a row with 0 is 0; no row is a gap, with the reason the platform or the sync gave."""
    account = seeded.account("instagram")
    seeded.facts(account, "views", {date(2026, 11, 1): 0})
    for day, state in ((2, "measured"), (3, "not_permitted"), (4, "failed"), (5, "not_yet"), (6, "not_offered")):
        seeded.mark(account, "views", date(2026, 11, day), date(2026, 11, day), state)
    answer = ask(seeded.viewer, Question(("views",), Period(date(2026, 11, 1), date(2026, 11, 7)), By.DAY), now=NOW)
    assert answer.frame["value"].tolist()[0] == 0
    assert answer.frame["value"].isna().tolist() == [False] + [True] * 6
    assert answer.frame["state"].tolist() == [
        "measured", "no_value", "not_permitted", "failed", "not_yet", "not_offered", "no_data"
    ]  # fmt: skip
    assert answer.totals["views"].value == 0


def test_it_answers_none_with_a_reason_instead_of_zero(seeded):
    empty = total(seeded, "views")
    assert (empty.value, empty.why_none) == (None, "nothing is connected")
    account = seeded.account("instagram")
    assert total(seeded, "views").why_none == "no data 1–30 Nov"
    assert total(seeded, "revenue").why_none == "not offered by the platform"
    seeded.mark(account, "views", date(2026, 11, 1), date(2026, 11, 30), "not_permitted", "The scope is missing.")
    assert total(seeded, "views").why_none == "The scope is missing"
    assert total(seeded, "impressions").why_none == "impressions ended on 21 Apr 2025"


def test_it_says_how_many_accounts_a_number_covers(seeded):
    one_value(seeded, name="A")
    seeded.account("instagram", "B")
    broken = seeded.account("instagram", "C")
    seeded.mark(broken, "views", date(2026, 11, 1), date(2026, 11, 30), "failed")
    note = next(note for note in total(seeded, "views").notes if note.code == "coverage")
    assert note.text == "1 of 3 accounts: without B (no data 1–30 Nov); C (reading it failed)."
    assert note.serious


def test_it_says_which_platforms_a_ratio_leaves_out(seeded):
    account = one_value(seeded, "views", "youtube", value=10)
    seeded.facts(account, "watch_time", {date(2026, 11, 3): 50})
    one_value(seeded, "views", "x")
    number = total(seeded, "average_view_duration")
    assert number.value == 5
    note = next(note for note in number.notes if note.code == "coverage")
    assert note.text == "1 of 2 platforms: without X (not offered by the platform)."


def test_it_marks_estimates(seeded):
    account = one_value(seeded)
    seeded.mark(account, "views", date(2026, 11, 3), date(2026, 11, 3), "estimated")
    answer = ask(seeded.viewer, Question(("views",), Period(date(2026, 11, 3), date(2026, 11, 3)), By.DAY), now=NOW)
    assert answer.frame["state"].tolist() == ["estimated"]
    assert any(note.code == "estimated" for note in answer.totals["views"].notes)


def test_it_takes_the_last_known_followers_and_says_when_they_are_old(seeded):
    fresh = seeded.account("instagram", "fresh")
    seeded.facts(fresh, "followers", [100, None, 120], first=date(2026, 11, 1))
    old = seeded.account("x", "old")
    seeded.facts(old, "followers", {date(2026, 10, 20): 1000})
    gone = seeded.account("x", "gone")
    seeded.facts(gone, "followers", {date(2026, 9, 1): 5000})
    number = total(seeded, "followers", Period(date(2026, 11, 1), date(2026, 11, 4)))
    assert number.value == 1120
    texts = {note.code: note.text for note in number.notes}
    assert texts["stale"] == "Last seen before 1–4 Nov: old."
    assert "gone" in texts["coverage"]
    answer = ask(seeded.viewer, Question(("followers",), Period(date(2026, 11, 1), date(2026, 11, 4)), By.DAY), now=NOW)
    assert answer.frame["value"].tolist()[:1] == [1100]
    assert answer.frame["value"].isna().tolist() == [False, True, False, True]


def test_it_never_adds_up_people(seeded):
    """B2."""
    account = seeded.account("instagram", "A")
    seeded.facts(account, "reach", [5, 7], first=date(2026, 11, 1))
    one_day, two_days = Period(date(2026, 11, 1), date(2026, 11, 1)), Period(date(2026, 11, 1), date(2026, 11, 2))
    assert (total(seeded, "reach", one_day).value, total(seeded, "reach", one_day).at_most) == (5, False)
    bound = total(seeded, "reach", two_days, compare=Compare.PREVIOUS)
    assert (bound.value, bound.at_most, bound.change) == (12, True, None)
    other = seeded.account("instagram", "B")
    seeded.facts(other, "reach", [5], first=date(2026, 11, 1))
    assert total(seeded, "reach", one_day).at_most
    holed = total(seeded, "reach", two_days)
    assert holed.value is None
    assert holed.why_none == "days are missing, so not even an upper bound is known"


@pytest.mark.parametrize(
    ("grain", "period", "stored_on"),
    [
        ("days_28", Period(date(2026, 11, 3), date(2026, 11, 30)), date(2026, 11, 30)),
        ("week", Period(date(2026, 11, 2), date(2026, 11, 8)), date(2026, 11, 2)),
        ("month", NOVEMBER, date(2026, 11, 1)),
    ],
)
def test_it_uses_people_counted_for_exactly_the_period(seeded, grain, period, stored_on):
    account = seeded.account("instagram")
    seeded.facts(account, "reach", [10] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "likes", [1] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "reach", {stored_on: 42}, grain=grain)
    number = total(seeded, "reach", period)
    assert (number.value, number.at_most) == (42, False)
    assert total(seeded, "engagement_rate_reach", period).value == period.days / 42
    assert total(seeded, "reach", Period(period.first, period.last - timedelta(days=1))).at_most


def test_it_uses_people_counted_for_the_weeks_of_a_series(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "reach", [10] * 14, first=date(2026, 11, 2))
    seeded.facts(account, "reach", {date(2026, 11, 9): 33}, grain="week")
    answer = ask(seeded.viewer, Question(("reach",), Period(date(2026, 11, 2), date(2026, 11, 15)), By.WEEK), now=NOW)
    assert answer.frame["value"].tolist() == [70, 33]
    assert answer.frame["at_most"].tolist() == [True, False]


def test_it_never_adds_two_currencies(seeded):
    """B23."""
    euros = one_value(seeded, "revenue", "youtube", name="A", currency="EUR", value=10)
    one_value(seeded, "revenue", "youtube", name="B", value=5)
    number = total(seeded, "revenue")
    assert number.value is None
    assert number.why_none == "several currencies, which are never added"
    assert any("10.00 EUR and 5.00 USD" in note.text for note in number.notes)
    answer = ask(seeded.viewer, Question(("revenue",), NOVEMBER, By.DAY, "account"), now=NOW)
    assert answer.by_split[str(euros), "revenue"].value == 10
    assert answer.by_split[str(euros), "revenue"].currency == "EUR"
    alone = total(seeded, "revenue", where=Where(accounts=(euros,)))
    assert (alone.value, alone.currency) == (10, "EUR")


def test_it_answers_as_it_was_known_then(seeded):
    """B6."""
    account = seeded.account("instagram")
    early, late = datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    seeded.facts(account, "views", {date(2026, 11, 3): 10}, at=early)
    seeded.facts(account, "views", {date(2026, 11, 3): 12}, at=late)
    assert total(seeded, "views").value == 12
    assert total(seeded, "views", as_of=late - timedelta(seconds=1)).value == 10


def test_it_marks_where_a_definition_changed(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "impressions", [5] * 20, first=date(2025, 4, 1))
    number = total(seeded, "impressions", Period(date(2025, 4, 1), date(2025, 4, 30)))
    note = next(note for note in number.notes if note.code == "definition_change")
    assert note.text == "Instagram ended impressions (impressions) on 21 Apr 2025, views took its place."
    assert (
        total(seeded, "impressions", Period(date(2025, 3, 1), date(2025, 4, 20))).notes[-1].code != "definition_change"
    )


def test_it_says_where_a_definition_begins(seeded):
    """The same field may be counted otherwise from a day on; a field that ended ends with its last day."""
    seeded.facts(seeded.account("youtube"), "views", [5] * 30, first=date(2025, 3, 15))
    seeded.facts(seeded.account("instagram"), "impressions", [5] * 20, first=date(2025, 4, 1))
    spring = Period(date(2025, 3, 15), date(2025, 4, 30))
    (shorts,) = (note for note in total(seeded, "views", spring).notes if note.code == "definition_change")
    assert shorts.day == date(2025, 3, 31)
    assert shorts.text.startswith("YouTube counts views (views) otherwise since 31 Mar 2025: ")
    (gone,) = (note for note in total(seeded, "impressions", spring).notes if note.code == "definition_change")
    assert gone.day == date(2025, 4, 22)


def test_it_follows_the_definition_of_engagement_that_was_chosen(seeded):
    account = seeded.account("instagram")
    for name in ("likes", "comments", "shares", "saves"):
        seeded.facts(account, name, {date(2026, 11, 3): 1})
    assert total(seeded, "engagement").value == 3
    seeded.setting("engagement_definition", "full")
    number = total(seeded, "engagement")
    assert number.value == 4
    assert any("definition 'full'" in note.text for note in number.notes)


def test_it_draws_hours_from_hourly_facts_only(seeded):
    account = one_value(seeded, day=date(2026, 11, 2), value=30)
    start = epoch_day(date(2026, 11, 2)) * 24
    seeded.facts(account, "views", {start + 9: 10, start + 18: 20, start + 7 * 24 + 9: 5}, grain="hour")
    one_day = Period(date(2026, 11, 2), date(2026, 11, 2))
    hours = ask(seeded.viewer, Question(("views",), one_day, By.HOUR), now=NOW)
    drawn = hours.frame.set_index("bucket")["value"].dropna()
    assert {moment.hour: value for moment, value in drawn.items()} == {9: 10, 18: 20}
    assert hours.totals["views"].value == 30
    two_weeks = Period(date(2026, 11, 2), date(2026, 11, 15))
    week = ask(seeded.viewer, Question(("views",), two_weeks, By.WEEKDAY_HOUR), now=NOW).frame
    assert len(week) == 168
    assert week.set_index("bucket")["value"].dropna().to_dict() == {9: 15, 18: 20}
    none = ask(seeded.viewer, Question(("likes",), one_day, By.HOUR), now=NOW)
    assert none.frame["value"].isna().all()
    assert any(note.code == "no_hours" for note in none.notes)


def test_it_explains_a_ratio_by_what_went_into_it(seeded):
    """B8: the ingredients make the number."""
    busy(seeded)
    answer = ask(
        seeded.viewer, Question(("engagement_rate", "engagement", "views"), NOVEMBER, compare=Compare.PREVIOUS), now=NOW
    )
    made = answer.explain("engagement_rate")
    top = sum(one.value for one in made.inputs if one.metric != "views")
    bottom = sum(one.value for one in made.inputs if one.metric == "views")
    assert top / bottom == pytest.approx(answer.totals["engagement_rate"].value)
    assert {one.field for one in made.inputs if one.platform == "x"} == {
        "like_count", "retweet_count", "reply_count", "impression_count"
    }  # fmt: skip
    assert made.definition_version == "seed"
    assert made.compared_with == answer.compared
    assert made.coverage == "6 of 6 accounts, 30 of 30 days"
    assert all(one.last_observed == NOW for one in made.inputs)
    assert sum(one.value for one in answer.explain("engagement").inputs) == answer.totals["engagement"].value
    assert sum(one.value for one in answer.explain("views").inputs) == answer.totals["views"].value
    with pytest.raises(BadQuestion, match="not part"):
        answer.explain("likes")


def test_it_leaves_out_of_engagement_what_another_platform_counts(seeded):
    """Comments of an imported file on X: there, replies are the comments, and counting both would count twice."""
    seeded.facts(seeded.account("instagram"), "comments", {date(2026, 11, 3): 1})
    on_x = seeded.account("x")
    for name in ("comments", "replies"):
        seeded.facts(on_x, name, {date(2026, 11, 3): 10})
    answer = ask(seeded.viewer, Question(("engagement",), NOVEMBER), now=NOW)
    assert answer.totals["engagement"].value == 11
    assert sum(one.value or 0 for one in answer.explain("engagement").inputs) == 11


def test_it_explains_growth_by_what_went_into_it(seeded):
    stated = seeded.account("youtube")
    seeded.facts(stated, "followers_gained", [5] * 30, first=date(2026, 11, 1))
    seeded.facts(stated, "followers_lost", [2] * 30, first=date(2026, 11, 1))
    seeded.facts(stated, "followers", [1000] * 31, first=date(2026, 10, 31))
    counted = seeded.account("x")
    seeded.facts(counted, "followers", [500, 503, 510], first=date(2026, 10, 31))
    answer = ask(seeded.viewer, Question(("followers_net", "follower_growth_rate"), NOVEMBER), now=NOW)
    assert answer.totals["followers_net"].value == 30 * 3 + 10
    assert answer.totals["follower_growth_rate"].value == 100 / 1500
    values = {(one.metric, one.platform): one.value for one in answer.explain("followers_net").inputs}
    assert values["followers_gained", "youtube"] == 150
    assert values["followers_lost", "youtube"] == 60
    assert values["followers", "x"] == 10


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(("veiws",), NOVEMBER), "Did you mean"),
        (Question((), NOVEMBER), "names no metric"),
        (Question(("views",), NOVEMBER, split="contry"), "country"),
        (Question(("views",), NOVEMBER, split="total"), "no way to split"),
        (Question(("views",), NOVEMBER, where=Where(accounts=(5,))), "no account 5"),
        (Question(("views",), NOVEMBER, where=Where(members=("DE",))), "split by their dimension"),
        (Question(("views",), Period(date(2027, 1, 1), date(2027, 1, 5))), "lies in the future"),
        (Question(("views",), Period(date(2000, 1, 1), date(2026, 1, 5))), "longer than ten years"),
        (Question(("views",), NOVEMBER, as_of=datetime(2026, 11, 1)), "time zone"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_refuses_what_cannot_be_asked_in_one_line(seeded, question, words):
    with pytest.raises(BadQuestion) as caught:
        ask(seeded.viewer, question, now=NOW)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_it_refuses_a_viewer_without_the_right(seeded):
    with pytest.raises(NotAllowed):
        ask(Viewer("guest", seeded.id, frozenset()), Question(("views",), NOVEMBER), now=NOW)


def test_it_never_shows_another_workspace(seeded):
    one_value(seeded)
    other = Seeded(seeded.database)
    assert total(other, "views").value is None


def test_it_survives_being_pickled(seeded):
    """Caches of the site keep answers as bytes."""
    import pickle

    busy(seeded)
    answer = ask(seeded.viewer, Question(("views",), NOVEMBER, By.DAY, compare=Compare.PREVIOUS), now=NOW)
    again = pickle.loads(pickle.dumps(answer))
    assert again.totals == answer.totals
    assert again.frame.equals(answer.frame)
