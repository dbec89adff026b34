from datetime import date, timedelta

import pytest

from core import clock
from core.errors import PermissionMissing, SourceUnavailable
from core.question import Period
from services.reconciliation import kept
from storage import connections, runs
from tests.ui.conftest import open_screen, plain, texts
from ui import load

PARTS = ("Freshness", "Coverage", "Consistency", "Changes", "Reads", "Reconciliation")


@pytest.fixture
def health(sqlite_database, monkeypatch):
    """The Data health page, opened directly."""
    from streamlit.testing.v1 import AppTest

    from tests.ui.conftest import SCRIPT

    def opened(**params):
        app = AppTest.from_file(str(SCRIPT), default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page("../pages/data/health.py").run()

    return opened


def tables(app):
    return "\n".join(frame.value.to_string() for frame in app.dataframe)


@pytest.mark.parametrize("part", PARTS)
def test_it_opens_every_part_by_its_link(health, filled, part):
    app = health(part=part)
    assert not app.exception
    assert not app.error
    assert "of the days that should be known are known" in plain(app)


def test_it_names_what_needs_a_person_and_leads_there(health, filled):
    with filled.database.write() as connection:
        made = connections.add(connection, filled.id, "youtube", "Acme TV", now=filled.now, state="attention")
        said = {"reason": "The consent was revoked.", "hint": "Connect it again."}
        connections.update(connection, filled.id, made, **said)
    app = health()
    assert "YouTube (Acme TV) needs a person. The consent was revoked. Connect it again." in plain(app)
    assert "Nothing needs a person" not in plain(app)
    assert [button.label for button in app.button if button.key == "need-go-0"] == ["Open the connection"]


def test_it_leads_to_checks_that_differ(health, filled):
    account = load.accounts(load.every_workspace()[0])[0].id
    first = filled.now.date() - timedelta(days=20)
    filled.facts(account, "views", [5] * 10, first=first, dimension="device", member="mobile")
    app = health()
    assert "Numbers do not fit: views by device" in plain(app)
    next(button for button in app.button if button.key == "need-show-0").click()
    app.run()
    assert not app.exception
    assert "1 differ" in plain(app)
    assert "add up to the total" in plain(app)


def test_it_draws_the_grid_and_one_account_day_by_day(health, filled):
    app = health(part="Coverage")
    assert len(app.get("vega_lite_chart")) == 2
    assert "North instagram (Instagram)" in tables(app)
    box = next(one for one in app.selectbox if one.label == "Account")
    box.set_value("North youtube (YouTube)")
    app.run()
    assert not app.exception
    assert any("North youtube (YouTube), day by day" in chart.proto.alt for chart in app.get("vega_lite_chart"))


def test_it_draws_nothing_where_nothing_was_read(health, filled):
    app = health(part="Coverage", **{"from": "2020-01-01", "to": "2020-01-31"})
    assert not app.exception
    assert "Nothing was read in this period" in texts(app)


def test_it_says_which_numbers_changed(health, filled):
    account = load.accounts(load.every_workspace()[0])[0].id
    day = filled.now.date() - timedelta(days=80)
    filled.facts(account, "views", {day: 4321}, at=filled.now - timedelta(days=9))
    filled.facts(account, "views", {day: 8642})
    app = health(part="Changes", since="A week ago")
    assert not app.exception
    assert "1 number says something else than on" in plain(app)
    assert "8642" in tables(app)


def test_it_takes_the_first_visit_for_what_it_is(health, filled):
    app = health(part="Changes")
    assert not app.exception
    box = next(one for one in app.selectbox if one.label == "Changed since")
    assert box.value == "A week ago"
    box.set_value("Your last visit")
    app.run()
    assert "This is your first visit" in texts(app)


def test_it_says_that_too_little_was_watched_to_know_a_habit(health, filled):
    assert "not enough yet (" in plain(health(part="Changes"))


def test_it_shows_how_reading_went(health, filled):
    with filled.database.write() as connection:
        made = connections.add(connection, filled.id, "youtube", "Acme", now=filled.now, state="active")
        number = runs.start(connection, filled.id, made, "schedule", filled.now - timedelta(hours=1))
        entry = {"account": "A", "title": "Videos", "state": "failed", "reason": "It broke.", "hint": "", "facts": 0,
                 "posts": 0, "readings": 0, "comments": 0, "notes": []}  # fmt: skip
        runs.finish(connection, filled.id, number, "failed", filled.now, reason="It broke.", streams={"1/v": entry})
    app = health(part="Reads")
    assert not app.exception
    assert "It broke." in tables(app)
    log = next(one for one in app.selectbox if one.label == "Log of")
    log.set_value(0)
    app.run()
    assert "Videos" in tables(app)


def test_it_says_that_nothing_was_read(health, filled):
    assert "Nothing was read in the last 30 days" in texts(health(part="Reads"))


def test_it_compares_a_number_and_says_where_it_differs(health, filled):
    app = health(part="Reconciliation")
    assert "None yet" in texts(app)
    next(one for one in app.number_input).set_value(99.0)
    app.run()
    next(one for one in app.button if one.label == "Compare").click()
    app.run()
    assert not app.exception
    assert "It arises in what was read" in plain(app)
    assert "Theirs 99" in plain(app)
    found, total = kept.newest(filled.viewer, 10)
    assert (total, found[0].stated, found[0].metric) == (1, 99.0, "views")
    assert next(one for one in app.number_input).value is None
    next(one for one in app.button if one.label == "Remove").click()
    app.run()
    assert "None yet" in texts(app)


def field(app, kind, label):
    return next(one for one in app.get(kind) if one.label.replace("\\", "").startswith(label))


def test_it_compares_a_rate_and_says_which_part_differs(health, filled):
    app = health(part="Reconciliation")
    field(app, "selectbox", "Metric").set_value("Engagement rate")
    app.run()
    field(app, "number_input", "Rate there, %").set_value(50.0)
    field(app, "number_input", "Views there").set_value(1.0)
    app.run()
    app.button(key="rec_save").click()
    app.run()
    assert not app.exception
    assert "Both parts differ" in plain(app)
    assert [row.metric for row in kept.newest(filled.viewer, 10)[0]] == ["engagement_rate", "views"]
    assert kept.newest(filled.viewer, 10)[0][0].stated == 0.5
    assert all(one.value is None for one in app.number_input)


@pytest.fixture
def export(health, filled):
    """The tab with an export of YouTube Studio of ten days, of which one is 500 views off."""

    def brought(content=None):
        first = filled.now.date() - timedelta(days=40)
        rows = [f"{first + timedelta(days=at)},{3000 + (30 + at) % 7 + (500 if at == 4 else 0)}" for at in range(10)]
        app = health(part="Reconciliation")
        field(app, "button_group", "What to compare").set_value("An export")
        app.run()
        made = content or "\n".join(["Date,Views", *rows]).encode()
        app.file_uploader[0].set_value(("Totals.csv", made, "text/csv"))
        return app.run()

    return brought


def test_it_holds_an_export_against_ours_and_keeps_the_totals(export, filled):
    app = export()
    assert not app.exception
    assert "YouTube Studio: totals by day" in plain(app)
    assert "9 of 10 days agree" in plain(app)
    assert "1 of 10" in tables(app)
    assert kept.newest(filled.viewer, 10) == ((), 0)
    app.button(key="rec_file_keep").click()
    app.run()
    assert not app.exception
    assert [(row.metric, row.platform) for row in kept.newest(filled.viewer, 10)[0]] == [("views", "youtube")]
    assert "File Totals.csv" in plain(app)


def test_it_says_what_is_wrong_with_an_export(export):
    app = export(b"no table")
    assert not app.exception
    assert "holds no table" in " ".join(plain_error.value for plain_error in app.error)
    app = export(b"Colour,Taste\nred,sweet\n")
    assert not app.exception
    assert "Nothing in it can be compared yet" in plain(app)


def test_it_shows_a_note_as_it_was_written(health, filled):
    account = load.accounts(load.every_workspace()[0])[0].id
    today = filled.now.date()
    period = Period(today - timedelta(days=20), today - timedelta(days=10))
    kept.add(filled.viewer, account, "views", period, 1.0, "**bold** [l](http://evil.example)", now=filled.now)
    app = health(part="Reconciliation")
    assert not app.exception
    for kind in ("markdown", "caption"):
        assert not any("[l](http://evil" in str(element.value) for element in app.get(kind))


@pytest.mark.parametrize(
    "error",
    [
        SourceUnavailable("The store does not answer.", hint="Try again."),
        PermissionMissing("Refused.", hint="Connect again."),
    ],
    ids=["try later", "a person must act"],
)
def test_it_tells_what_to_do_about_a_failing_source(health, filled, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(load, "screen", fail)
    app = health()
    assert not app.exception
    assert error.message in plain(app)
    assert error.hint in plain(app)


def test_it_keeps_a_failing_part_to_itself(health, filled, monkeypatch):
    from services.quality import pace

    def fail(*_, **__):
        raise SourceUnavailable("Runs cannot be read.")

    monkeypatch.setattr(pace, "paces", fail)
    app = health(part="Reads")
    assert not app.exception
    assert "Runs cannot be read." in plain(app)
    assert "of the days that should be known are known" in plain(app)


def test_it_stands_in_the_menu(filled):
    assert date(2026, 1, 1) < clock.utc_now().date()
    assert any("Data health" in str(link.proto) for link in open_screen().get("page_link"))
