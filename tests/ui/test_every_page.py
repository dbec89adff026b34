"""What pages have in common: what they say before anything is connected, where there are no numbers, and when what they
show cannot be read."""

import pytest

from core.errors import SourceUnavailable
from tests.services.seeded import Seeded
from tests.ui.conftest import open_page, plain
from ui import load

OF_NUMBERS = (
    "ahead/anomalies",
    "ahead/forecasts",
    "audience/audience",
    "performance/platform",
    "performance/platforms",
    "performance/posts",
    "timing/best_time",
    "timing/hashtags",
)
PAGES = (*OF_NUMBERS, "data/health", "overview/overview", "overview/pulse", "timing/lab")


@pytest.mark.parametrize("page", PAGES)
def test_it_says_that_nothing_is_connected(sqlite_database, page):
    Seeded(sqlite_database)
    app = open_page(f"{page}.py")
    assert not app.exception
    assert "Nothing is connected yet" in plain(app)
    assert not app.metric


@pytest.mark.parametrize("page", ["audience/audience", "overview/overview", "performance/platforms"])
def test_it_says_that_there_are_no_numbers_in_the_period(filled, page):
    app = open_page(f"{page}.py", **{"from": "2020-01-01", "to": "2020-01-31"})
    assert not app.exception
    assert "There are no numbers in this period" in plain(app)


@pytest.mark.parametrize("page", OF_NUMBERS)
def test_it_tells_what_to_do_about_a_failing_source(filled, monkeypatch, page):
    def fail(*_):
        raise SourceUnavailable("Instagram does not answer.", hint="It is asked again in five minutes.")

    monkeypatch.setattr(load, "screen", fail)
    app = open_page(f"{page}.py", p="instagram")
    assert not app.exception
    assert "Instagram does not answer. It is asked again in five minutes." in plain(app)
