from datetime import date, timedelta

import pytest

from core.question import Asked, Compare, Period
from tests.ui.conftest import texts
from ui import load


def chosen(app):
    return app.session_state["_filters"]


def today():
    return load.today(load.every_workspace()[0])


def test_it_begins_with_the_last_30_full_days_against_the_30_before(screen, filled):
    found = chosen(screen())
    assert found.period == Period(today() - timedelta(days=30), today() - timedelta(days=1))
    assert found.compare is Compare.PREVIOUS


def test_it_shows_what_a_link_says(screen, filled):
    app = screen(period="Last 7 days", cmp="A year earlier, same weekdays", p="YouTube")
    found = chosen(app)
    assert found.period.days == 7
    assert (found.compare, found.match_weekday) == (Compare.LAST_YEAR, True)
    assert found.where.platforms == ("youtube",)


def test_it_takes_dates_alone_for_custom_dates(screen, filled):
    found = chosen(screen(**{"from": "2026-01-05", "to": "2026-01-20"}))
    assert found.period == Period(date(2026, 1, 5), date(2026, 1, 20))


def test_it_names_an_invalid_range_and_keeps_the_last_valid_one(screen, filled):
    app = screen(**{"from": "2026-01-20", "to": "2026-01-05"})
    assert chosen(app).period.days == 30
    assert "ends before it begins" in texts(app)


def test_it_cuts_a_future_end_and_says_so(screen, filled):
    later = today() + timedelta(days=40)
    app = screen(**{"from": (today() - timedelta(days=3)).isoformat(), "to": later.isoformat()})
    assert chosen(app).period.last == today()
    assert "The end lies in the future" in texts(app)


@pytest.mark.parametrize("value", ["31/12/2026", "2026-02-30", "tomorrow", "0001-01-01"])
def test_it_takes_no_notice_of_dates_it_cannot_read(screen, filled, value):
    app = screen(**{"from": value, "to": "2026-01-05"})
    assert not app.exception


def test_it_takes_no_notice_of_choices_it_does_not_know(screen, filled):
    app = screen(period="For ever", p="Myspace", a="Nobody")
    assert not app.exception
    assert chosen(app).period.days == 30
    assert chosen(app).where.platforms == ()


def test_it_narrows_the_accounts_to_the_chosen_platforms(screen, filled):
    app = screen()
    app.multiselect(key="a").set_value(["North youtube (YouTube)"])
    app.run()
    assert len(chosen(app).where.accounts) == 1
    app.multiselect(key="p").set_value(["instagram"])
    app.run()
    assert not app.exception
    assert chosen(app).where.accounts == ()


def test_it_resets_in_one_click(screen, filled):
    app = screen(period="Last 7 days", cmp="No comparison", p="YouTube")
    app.button(key="reset").click()
    app.run()
    assert chosen(app) == Asked(Period(today() - timedelta(days=30), today() - timedelta(days=1)))
    assert "reset" not in {button.key for button in app.button}


def test_it_compares_with_dates_of_ones_own(screen, filled):
    app = screen(cmp="Custom comparison", cmp_from="2026-01-01", cmp_to="2026-01-10")
    assert chosen(app).compare == Period(date(2026, 1, 1), date(2026, 1, 10))


def test_it_keeps_the_filters_from_page_to_page(screen, filled):
    app = screen(period="Last 7 days")
    pages = app.session_state
    app.switch_page("../pages/reference/glossary.py")
    app.run()
    assert not app.exception
    app.switch_page("../pages/overview/overview.py")
    app.run()
    assert pages["_filters"].period.days == 7
