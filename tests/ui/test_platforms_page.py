from datetime import timedelta

import pytest

from core.question import Asked, Period
from tests.ui.conftest import HOSTILE, open_page, texts
from ui import load
from ui.screens import platforms, sides


@pytest.fixture
def page(sqlite_database, filled):
    return lambda **params: opened(**params)


def opened(**params):
    return open_page("performance/platforms.py", **params)


def tables(app):
    return [table.value for table in app.dataframe]


def test_it_sets_platforms_side_by_side_with_a_total(page):
    app = page()
    assert not app.exception
    table = tables(app)[0]
    assert table["Platform"].tolist() == ["YouTube", "Instagram", "All platforms"]
    assert table["Views"].iloc[2] == table["Views"].iloc[0] + table["Views"].iloc[1]
    assert table["Share of engagement"].iloc[2] == 100
    rates = table["Engagement rate"]
    assert rates.iloc[2] == pytest.approx(100 * table["Engagement"].iloc[2] / table["Views"].iloc[2])


def test_it_switches_to_accounts(page):
    app = page()
    app.segmented_control(key="compare_by").set_value("account").run()
    assert tables(app)[0]["Account"].tolist()[:2] == ["North youtube (YouTube)", "North instagram (Instagram)"]


def test_it_offers_the_metrics_that_have_data(page):
    picker = page().selectbox(key="compare_metric")
    assert {"Views", "Likes", "Followers", "Engagement rate"} <= set(picker.options)
    assert "Revenue" not in picker.options
    assert picker.value == "views"


def test_it_draws_the_chosen_metric_indexed(page):
    app = page()
    app.selectbox(key="compare_metric").set_value("likes").run()
    app.segmented_control(key="compare_scale").set_value("index").run()
    assert not app.exception
    said = texts(app)
    assert "Likes by day" in said
    assert "which is 100" in said


def test_it_gives_every_chart_words(page):
    charts = page().get("vega_lite_chart")
    assert len(charts) >= 3
    assert all(chart.proto.alt for chart in charts)


def test_it_says_how_many_posts_a_comparison_needs(page):
    said = texts(page())
    assert "Not enough posts yet: a comparison needs 5 on each side." in said
    assert "Not enough posts yet: a format needs 5" in said.replace("\\", "").replace("\u200b", "")


def test_it_says_why_cells_are_empty(page, filled):
    account = filled.account("linkedin", "Acme")
    first = filled.now.date() - timedelta(days=40)
    filled.facts(account, "impressions", [float(20 + day) for day in range(41)], first=first)
    said = texts(page())
    assert "Views of LinkedIn" in said


def test_it_narrows_to_a_platform_and_leaves_for_its_page(page, monkeypatch):
    app = page()
    gone = []
    monkeypatch.setattr(platforms.menu, "go", lambda to, **_: gone.append(to))
    app.button(key="side-youtube").click().run()
    assert gone == ["platform"]
    assert app.session_state["p"] == ["youtube"]
    assert not platforms.st.session_state.get("_go_platform")


def test_it_opens_the_page_of_the_platform(page):
    app = page()
    app.button(key="side-youtube").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["YouTube"]


def test_it_narrows_to_an_account(page):
    app = page()
    app.segmented_control(key="compare_by").set_value("account").run()
    account = next(one for one in load.accounts(load.every_workspace()[0]) if one.platform == "instagram")
    app.button(key=f"side-{account.id}").click().run()
    assert app.session_state["a"] == [account.title]


def test_it_picks_the_row_that_was_clicked_and_never_the_total(monkeypatch, filled):
    workspace = load.every_workspace()[0]
    day = filled.now.date() - timedelta(days=1)
    asked = Asked(Period(day - timedelta(days=29), day))
    answer = platforms.read_sides(workspace.viewer, asked, "platform", now=filled.now)
    picked = []
    for row in (0, 1, 2):
        chosen = type("Chosen", (), {"selection": {"cells": [(row, "Views")]}})
        monkeypatch.setattr(sides.st, "session_state", {"k": chosen})
        sides.picked(answer, "k", picked.append)
    assert picked == ["youtube", "instagram"]


def test_it_keeps_the_rest_when_one_part_fails(page, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(load, "learnt", fail)
    app = page()
    assert not app.exception
    assert len(app.error) == 1
    assert tables(app)
    assert "secret detail" not in texts(app)


def test_it_never_reads_the_name_of_an_account_as_markdown(page, filled):
    account = filled.account("x", HOSTILE)
    first = filled.now.date() - timedelta(days=40)
    filled.facts(account, "views", [float(20 + day) for day in range(41)], first=first)
    app = page()
    app.segmented_control(key="compare_by").set_value("account").run()
    assert not app.exception
    for kind in ("markdown", "caption", "title"):
        assert all("**Bold** <script>" not in str(element.value) for element in app.get(kind))
    assert all("**Bold** <script>" not in str(button.label) for button in app.button)
