"""The language of a person, and the form of their figures and dates: chosen in the settings, kept, and followed."""

import pytest
from streamlit.runtime.context import ContextProxy

from core import language
from core.viewer import owner
from services.team import person
from services.team.person import Preferences
from tests.ui.conftest import plain

SETTINGS, OVERVIEW = "../pages/data/settings.py", "../pages/overview/overview.py"
WORDS, FORMS = "settings-language", "settings-forms"


@pytest.fixture
def german(translated):
    """German words for a few sentences; no other language has any."""
    translated("de", {"Settings": "Einstellungen", "Language": "Sprache", "How are we doing?": "Wie läuft es?"})


def asks_for(monkeypatch, locale):
    monkeypatch.setattr(ContextProxy, "locale", property(lambda _self: locale))


def opened(screen):
    return screen().switch_page(SETTINGS).run()


def title(app):
    return app.title[0].value


def test_it_follows_figures_on_every_page_and_leaves_the_words(screen, filled, translated):
    app = opened(screen)
    assert app.selectbox(key=FORMS).value == ""
    assert "15,230" in plain(app)
    app = app.selectbox(key=FORMS).set_value("de").run()
    assert not app.exception
    assert "15.230 · 15,2 Tsd. · 1,42 EUR · 1.–20. Apr. 2026" in plain(app).replace("15.230,5", "15.230")
    assert title(app) == "Settings"
    app = screen().switch_page(OVERVIEW).run()
    assert not app.exception
    assert "Tsd." in plain(app)
    assert title(app) == "How are we doing?"


def test_it_keeps_the_choice_for_the_next_visit(screen, filled, translated):
    opened(screen).selectbox(key=FORMS).set_value("fr").run()
    assert person.read(owner(filled.id)) == Preferences("", "fr")
    app = opened(screen)
    assert app.selectbox(key=FORMS).value == "fr"
    assert "1–20 avr. 2026" in plain(app)


def test_it_speaks_the_language_that_was_chosen(screen, filled, german):
    app = opened(screen)
    assert app.selectbox(key=WORDS).options == ["As the browser asks for (English)", "English", "Deutsch"]
    app = app.selectbox(key=WORDS).set_value("de").run()
    assert not app.exception
    assert title(app) == "Einstellungen"
    assert app.selectbox(key=WORDS).label == "Sprache"
    assert "1.–20. Apr. 2026" in plain(app)
    assert title(screen()) == "Wie läuft es?"
    with language.using("de"):  # the test's own thread says the options of its widgets, too
        app = opened(screen).selectbox(key=WORDS).set_value("").run()
    assert title(app) == "Settings"
    assert person.read(owner(filled.id)) == Preferences()


def test_it_writes_figures_otherwise_than_words_when_both_are_chosen(screen, filled, german):
    app = opened(screen).selectbox(key=WORDS).set_value("de").run()
    with language.using("de"):
        app = app.selectbox(key=FORMS).set_value("en").run()
    assert title(app) == "Einstellungen"
    assert "1–20 Apr 2026" in plain(app)
    assert person.read(owner(filled.id)) == Preferences("de", "en")


@pytest.mark.parametrize("locale", ["de", "de-AT"])
def test_it_follows_the_browser_where_the_words_exist(screen, filled, german, monkeypatch, locale):
    asks_for(monkeypatch, locale)
    app = opened(screen)
    assert title(app) == "Einstellungen"
    assert "1.–20. Apr. 2026" in plain(app)
    assert person.read(owner(filled.id)) == Preferences()


@pytest.mark.parametrize("locale", ["fr-FR", "pt-BR", None])
def test_it_stays_english_where_the_words_do_not_exist(screen, filled, german, monkeypatch, locale):
    asks_for(monkeypatch, locale)
    app = opened(screen)
    assert title(app) == "Settings"
    assert "1–20 Apr 2026" in plain(app)


def test_it_prefers_the_choice_to_the_browser(screen, filled, german, monkeypatch):
    asks_for(monkeypatch, "de")
    with language.using("de"):
        app = opened(screen).selectbox(key=WORDS).set_value("en").run()
    assert title(app) == "Settings"
    assert title(opened(screen)) == "Settings"
