"""The Forecasts page: a band with its report card, hidden where it does not beat a simple guess, and targets."""

from datetime import timedelta

import numpy as np
import pytest

from core import clock
from services.team import targets
from tests.services.seeded import Seeded
from tests.services.test_ahead import keep
from tests.ui.conftest import open_page, plain

DAYS = 120


@pytest.fixture
def seeded(sqlite_database):
    """One account with views and followers of 120 days up to yesterday."""
    made = Seeded(sqlite_database, now=clock.utc_now())
    account = made.account("x", "North")
    first = made.now.date() - timedelta(days=DAYS)
    noise = np.random.default_rng(1).normal(0, 12, DAYS)
    made.facts(account, "views", [100.0 + float(round(noise[day])) for day in range(DAYS)], first=first)
    made.facts(account, "likes", [5.0] * DAYS, first=first)
    made.facts(account, "followers", [5000.0 + 10 * day for day in range(DAYS)], first=first)
    return made


def shown(**params):
    return open_page("ahead/forecasts.py", **params)


def keep_views(seeded, **how):
    keep(seeded.database, seeded.id, "views", 110.0, until=seeded.now.date() - timedelta(days=1), **how)


def test_it_shows_what_comes_with_its_report_card_and_sum(seeded):
    keep_views(seeded)
    app = shown()
    assert not app.exception
    said = plain(app)
    assert "Views: about 3.1K in the next 28 days (the 28 days before: " in said
    assert "In 9 trials on the past its misses were 50 % smaller than those of the guess" in said
    assert "94 of 100; it should be about 95." in said
    assert "2.8K to 3.4K" in said
    assert "Pool of 2 models of the values." in said
    (chart,) = app.get("vega_lite_chart")
    assert chart.proto.alt.startswith("Views: about 3.1K")


def test_it_hides_a_forecast_that_is_no_better_than_a_guess(seeded):
    keep_views(seeded, trusted=False)
    app = shown()
    said = plain(app)
    assert "This forecast is hidden" in said
    assert "about 3.1K" not in said
    assert not app.get("vega_lite_chart")
    next(button for button in app.button if button.label == "Show it anyway").click().run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 1
    assert "was not nearer than the simple guess" in plain(app), "the caveat stays beside it"


def test_it_follows_the_link(seeded):
    app = shown(ahead_metric="Followers", ahead_days="14 days")
    assert not app.exception
    assert app.selectbox(key="ahead_metric").value == "followers"
    assert "Followers: about 6," in plain(app)
    assert "Why there is no sum" in plain(app)


def test_it_says_whether_a_target_will_be_reached(seeded):
    targets.put(seeded.viewer, {"followers": 5500.0})
    app = shown(ahead_metric="Followers")
    (field,) = app.number_input
    assert field.value == 5500.0
    assert "It stands there already." in plain(app)
    field.set_value(20_000.0).run()
    said = plain(app)
    assert "no part of the forecast reaches it" in said
    assert "Needed from now: +" in said


def test_it_asks_for_a_target_where_none_is_set(seeded):
    keep_views(seeded)
    app = shown()
    assert app.number_input[0].value is None
    assert "Type what you want to reach." in plain(app)
    app.number_input[0].set_value(4000.0).run()
    assert "4K by " in plain(app)
    assert "no part of the forecast reaches it" in plain(app)


def test_it_forecasts_a_rate_and_says_how(seeded):
    app = shown(ahead_metric="Engagement rate")
    assert not app.exception
    if "is hidden" in plain(app):
        next(button for button in app.button if button.label == "Show it anyway").click().run()
    assert "rates are neither added nor averaged over days" in plain(app)
    assert app.number_input[0].label == "Engagement rate, %"


def test_it_says_what_is_missing(sqlite_database):
    made = Seeded(sqlite_database, now=clock.utc_now())
    account = made.account("x")
    made.facts(account, "views", [5.0, 6.0, 7.0], first=made.now.date() - timedelta(days=3))
    app = shown()
    assert not app.exception
    assert "Not enough days yet (3 of 8) for a forecast." in plain(app)
    assert len(app.get("vega_lite_chart")) == 1, "what is known is shown"


def test_it_says_that_no_day_is_known(sqlite_database):
    made = Seeded(sqlite_database, now=clock.utc_now())
    made.account("x")
    app = shown()
    assert not app.exception
    assert "No day is known yet." in plain(app)


def test_it_opens_a_link_with_its_target(seeded):
    """Metric, day and target are another person's; what they leave as it is does not stand in the link."""
    keep_views(seeded)
    until = (seeded.now.date() + timedelta(days=9)).isoformat()
    app = shown(ahead_metric="Views", ahead_until=until, ahead_goal="1234567")
    assert app.date_input[0].value.isoformat() == until
    assert app.number_input[0].value == 1_234_567
    assert "1.2M by " in plain(app)
    app.number_input[0].set_value(2_345_678.0).run()
    assert app.query_params["ahead_goal"] in ("2345678", ["2345678"])
    assert "2.3M by " in plain(app)
    assert app.query_params["ahead_until"] in (until, [until])
    app.button_group(key="ahead_days").set_value("14").run()
    assert app.date_input[0].value > seeded.now.date() + timedelta(days=11), "each span has its own last day"


def test_it_keeps_the_target_of_one_metric_from_another(seeded):
    keep_views(seeded)
    app = shown(ahead_metric="Views", ahead_goal="4000")
    app.selectbox(key="ahead_metric").set_value("followers").run()
    assert not app.exception
    assert app.number_input[0].value is None
    assert "ahead_goal" not in app.query_params


def test_it_leaves_a_day_of_a_link_that_has_passed(seeded):
    keep_views(seeded)
    app = shown(ahead_metric="Views", ahead_until="2020-01-01", ahead_goal="much")
    assert not app.exception
    assert app.date_input[0].value > seeded.now.date()
    assert app.number_input[0].value is None
