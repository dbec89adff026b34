"""The Settings page over a real store: what a person changes there, the rest of the site follows."""

import logging
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock, config
from core.errors import StoreBusy
from core.question import Period, Question
from services import ask, sync
from services.connecting import connections
from services.installation import demo, site
from services.team import engagement, workspaces
from tests.services.seeded import Seeded
from tests.ui.conftest import plain, texts
from ui import load
from ui.screens import settings, settings_choices

SETTINGS = "../pages/data/settings.py"


@pytest.fixture
def opened(screen):
    """The frame with the Settings page open."""

    def run(**params) -> AppTest:
        return screen(**params).switch_page(SETTINGS).run()

    return run


def button(app, key):
    return app.button(key=key)


def toasts(app):
    return [one.value.replace("\\", "").replace("\u200b", "") for one in app.toast]


def field(app, workspace_id, name):
    kind = app.text_input if name == "name" else app.selectbox
    return kind(key=f"settings-{workspace_id}-{name}")


def test_it_shows_how_the_workspace_counts_and_what_it_is(opened, filled):
    app = opened()
    assert not app.exception
    assert not app.error
    assert field(app, filled.id, "name").value == "Test"
    assert field(app, filled.id, "zone").value == "UTC"
    assert field(app, filled.id, "currency").value == "USD"
    assert field(app, filled.id, "week").value == 0
    said = plain(app)
    assert str(filled.id) in said
    assert "SQLite, one file in the data folder" in said


def test_it_says_what_a_change_of_zone_and_currency_does_not_do(opened, filled):
    said = plain(opened())
    assert "Stored numbers stay on the days of their accounts" in said
    assert "nothing is converted" in said


def test_it_gives_the_address_for_programs_with_the_real_one(opened, filled, monkeypatch):
    monkeypatch.setattr(site._Address, "public", "http://numbers.example:8501")
    (shown,) = opened().get("code")
    wanted = f"GET http://numbers.example:8501/api/v1/analytics/overview?business_id={filled.id}"
    assert shown.value == wanted


def test_it_saves_and_the_site_follows_at_once(opened, filled):
    app = opened()
    field(app, filled.id, "name").set_value("  Harbour *Books* ")
    field(app, filled.id, "zone").set_value("Pacific/Kiritimati")
    field(app, filled.id, "currency").set_value("EUR")
    field(app, filled.id, "week").set_value(6)
    button(app, "settings-save").click()
    app.run()
    assert not app.exception
    row = workspaces.get(filled.id)
    assert (row.name, row.time_zone, row.currency, row.week_start) == (
        "Harbour *Books*",
        "Pacific/Kiritimati",
        "EUR",
        6,
    )
    assert toasts(app) == ["Saved. Every page follows."]
    assert app.selectbox(key="w").value == "Harbour *Books*"
    assert app.session_state["_workspace"].time_zone == "Pacific/Kiritimati"
    assert toasts(app.run()) == [], "it is said once"
    app.switch_page("../pages/overview/overview.py").run()
    assert not app.exception
    assert "Pacific/Kiritimati" in plain(app)


def test_it_keeps_stored_days_where_they_are_when_the_zone_changes(opened, filled):
    last = filled.now.date() - timedelta(days=5)
    question = Question(("views",), Period(last - timedelta(days=20), last))
    before = ask.ask(filled.viewer, question).totals["views"].value
    app = opened()
    field(app, filled.id, "zone").set_value("Pacific/Pago_Pago")
    button(app, "settings-save").click()
    app.run()
    assert workspaces.get(filled.id).time_zone == "Pacific/Pago_Pago"
    assert ask.ask(filled.viewer, question).totals["views"].value == before


@pytest.mark.parametrize(
    ("name", "what"),
    [(" ", "A workspace needs a name. Type one"), ("x" * 81, "81 characters. A workspace needs a name of at most 80")],
    ids=["empty", "too long"],
)
def test_it_says_what_to_do_about_a_name_that_cannot_be(opened, filled, name, what):
    app = opened()
    field(app, filled.id, "name").set_value(name)
    field(app, filled.id, "currency").set_value("EUR")
    button(app, "settings-save").click()
    app.run()
    (error,) = app.error
    assert what in error.value.replace("\\", "")
    assert workspaces.get(filled.id).currency == "USD", "nothing is saved by half"
    assert field(app, filled.id, "currency").value == "EUR", "what was chosen stays on the screen"


def test_it_counts_engagement_another_way_in_the_past_too(opened, filled):
    account = load.accounts(load.every_workspace()[0])[0].id
    day = filled.now.date() - timedelta(days=10)
    filled.facts(account, "saves", {day: 500.0})
    question = Question(("engagement",), Period(day, day))
    before = ask.ask(filled.viewer, question).totals["engagement"].value
    app = opened()
    assert button(app, "settings-count").disabled
    app.radio(key=f"settings-engagement-{filled.id}").set_value("full")
    app.run()
    button(app, "settings-count").click()
    app.run()
    assert not app.exception
    assert engagement.current(filled.viewer) == "full"
    assert ask.ask(filled.viewer, question).totals["engagement"].value == before + 500
    assert toasts(app) == ["Engagement now counts every public reaction."]
    assert button(app, "settings-count").disabled


def test_it_words_a_definition_for_the_platforms_of_the_workspace(opened, sqlite_database):
    made = Seeded(sqlite_database)
    made.account("x")
    made.account("instagram")
    captions = list(opened().radio(key=f"settings-engagement-{made.id}").proto.captions)
    assert "X: likes + replies + reposts" in captions[0].replace("\\", "").replace("\u200b", "")
    assert "YouTube" not in captions[0]


def test_it_makes_a_workspace_and_shows_it(opened, filled):
    app = opened()
    key = f"settings-new-{filled.id}"
    app.text_input(key=f"{key}-name").set_value("Quayside")
    app.selectbox(key=f"{key}-zone").set_value("Europe/Berlin")
    app.selectbox(key=f"{key}-currency").set_value("EUR")
    button(app, "settings-create-it").click()
    app.run()
    assert not app.exception
    made = workspaces.list_all()[-1]
    assert (made.name, made.time_zone, made.currency, made.kind) == ("Quayside", "Europe/Berlin", "EUR", "real")
    assert app.session_state["_workspace"].id == made.id
    assert field(app, made.id, "zone").value == "Europe/Berlin"


def test_it_makes_no_workspace_without_a_name(opened, filled):
    app = opened()
    button(app, "settings-create-it").click()
    app.run()
    assert "A workspace needs a name" in app.error[0].value.replace("\\", "")
    assert len(workspaces.list_all()) == 1


def delete(app, workspace_id, typed):
    app.text_input(key=f"settings-typed-{workspace_id}").set_value(typed)
    button(app, "settings-delete-it").click()
    return app.run()


def test_it_deletes_nothing_without_the_right_name(opened, filled):
    app = delete(opened(), filled.id, "test")
    assert "Type Test to delete it" in app.error[0].value.replace("\\", "")
    assert workspaces.get(filled.id).name == "Test"


def test_it_deletes_a_workspace_whose_name_is_typed_and_shows_another(opened, filled):
    other = workspaces.create("Quayside")
    app = delete(opened(w="Test"), filled.id, "Test")
    assert not app.exception
    assert [row.id for row in workspaces.list_all()] == [other.workspace_id]
    assert app.session_state["_workspace"].id == other.workspace_id
    assert toasts(app) == ["Test is deleted, with everything that was in it."]


def test_it_begins_anew_after_the_last_workspace(opened, filled):
    app = delete(opened(), filled.id, "Test")
    assert not app.exception
    assert workspaces.list_all() == []
    assert "Where should the numbers come from?" in texts(app)


def test_it_waits_with_deleting_while_a_sync_runs(opened, filled):
    connection_id = connections.add(filled.viewer, "youtube")
    app = opened()
    with sync.locked(connection_id):
        app = delete(app, filled.id, "Test")
        assert "YouTube is being read just now, so Test cannot be deleted yet" in plain(app)
        assert not app.error, "it is no mistake of the person"
    assert workspaces.get(filled.id)
    delete(app, filled.id, "Test")
    assert workspaces.list_all() == []


def test_it_removes_the_demo_and_leaves_the_rest(opened, filled):
    shown = workspaces.create("Northwind Coffee (demo)", kind="demo")
    app = opened(w="Northwind Coffee (demo)")
    button(app, "settings-remove-demo").click()
    app.run()
    assert not app.exception
    assert demo.existing() is None
    assert [row.id for row in workspaces.list_all()] == [filled.id]
    assert app.session_state["_workspace"].id == filled.id
    assert shown.workspace_id != filled.id
    assert button(app, "settings-make-demo").label == "Make the demo"


def test_it_stays_where_it_is_when_the_demo_of_another_workspace_goes(opened, filled):
    workspaces.create("Aardvark", kind="demo")
    other = workspaces.create("Quayside")
    app = opened(w="Quayside")
    button(app, "settings-remove-demo").click()
    app.run()
    assert demo.existing() is None
    assert app.session_state["_workspace"].id == other.workspace_id


def test_it_makes_the_demo_and_shows_the_way_to_its_progress(opened, filled, monkeypatch):
    monkeypatch.setattr(demo, "start_in_background", lambda _told: workspaces.create("Northwind", kind="demo"))
    app = opened()
    button(app, "settings-make-demo").click()
    monkeypatch.setattr(demo, "is_filling", lambda: True)
    app.run()
    assert not app.exception
    assert app.session_state["_workspace"].is_demo
    assert "It is being filled just now" in plain(app)
    assert "See how far it is" in [link.proto.label for link in app.get("page_link")]
    assert not [one for one in app.button if one.key == "settings-remove-demo"]


def test_it_says_when_the_demo_does_not_start_and_stays(opened, filled, monkeypatch):
    monkeypatch.setattr(demo, "start_in_background", lambda _told: None)
    monkeypatch.setattr("ui.starting._DEMO_WAITS", 1)
    app = opened()
    button(app, "settings-make-demo").click()
    app.run()
    assert "The demo did not start" in plain(app)
    assert [title.value for title in app.run().title] == ["Settings"]


def test_it_keeps_a_broken_part_from_the_others(opened, filled, monkeypatch, caplog):
    def fail(_viewer):
        raise StoreBusy("The database is busy.", hint="Wait a moment.")

    monkeypatch.setattr(workspaces, "about", fail)
    with caplog.at_level(logging.ERROR):
        app = opened()
    assert "The database is busy. Wait a moment." in plain(app)
    assert field(app, filled.id, "name").value == "Test"
    assert button(app, "settings-delete-it")


def test_it_shows_no_address_of_the_database(opened, filled, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://plumb:s3cret-word@db.example/plumb")
    assert "s3cret-word" in config.load().database_url
    said = plain(opened())
    assert "s3cret-word" not in said
    assert "db.example" not in said


def test_it_keeps_a_zone_of_an_old_name(opened, sqlite_database):
    made = Seeded(sqlite_database, time_zone="Asia/Calcutta")
    app = opened()
    assert not app.exception
    assert field(app, made.id, "zone").value == "Asia/Calcutta"
    button(app, "settings-save").click()
    app.run()
    assert workspaces.get(made.id).time_zone == "Asia/Calcutta"


def test_it_words_every_zone_and_currency():
    moment = clock.utc_now()
    assert all(settings_choices.zone_words(name, moment) for name in workspaces.time_zones())
    assert settings_choices.currency_words("XTS") == "XTS"


def test_it_shows_the_version_of_the_program():
    assert settings._program()["Version"].count(".") == 2
