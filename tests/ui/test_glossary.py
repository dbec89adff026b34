from analytics.metrics.registry import METRICS
from core import language
from services.team import custom_metrics
from services.words import glossary
from tests.ui.conftest import texts
from ui import load


def open_page(screen):
    app = screen()
    app.switch_page("../pages/reference/glossary.py")
    return app.run()


def test_it_lists_every_metric_of_the_registry(screen, filled):
    app = open_page(screen)
    assert not app.exception
    assert len(app.expander) == len(METRICS)


def test_it_finds_metrics_by_words(screen, filled):
    app = open_page(screen)
    app.text_input(key="q").set_value("engagement rate")
    app.run()
    labels = [one.label for one in app.expander]
    assert labels
    assert all("ngagement" in label for label in labels)


def test_it_says_when_nothing_is_found(screen, filled):
    app = open_page(screen)
    app.text_input(key="q").set_value("zzz")
    app.run()
    assert f"0 of {len(METRICS)} metrics" in texts(app)


def test_it_tells_formula_fields_and_how_a_metric_adds_up():
    (rate,) = [entry for entry in glossary.entries() if entry.name == "engagement_rate"]
    assert "÷" in rate.formula
    assert "never averaged" in rate.adds
    assert any(field.startswith("Likes") for _, field, _, _ in rate.fields)


def test_it_lists_the_metrics_of_the_team(screen, filled):
    custom_metrics.save(filled.viewer, "Save rate", "likes / views", description="How often a view is liked.")
    app = open_page(screen)
    assert len(app.expander) == len(METRICS) + 1
    (one,) = glossary.own(filled.viewer)
    assert any("Save rate" in entry.label and "How often" in entry.label for entry in app.expander)
    assert "÷" in one.formula
    assert {"Instagram", "YouTube"} <= set(one.platforms)
    assert {"Instagram", "YouTube"} <= {platform for platform, *_ in one.fields}


def test_it_keeps_the_words_of_one_language_from_readers_of_another():
    """The answer was kept under a key without the language: who read it next saw the words of who had read it first."""
    with language.using("de"):
        german = {entry.name: entry.title for entry in load.glossary_entries()}
    with language.using("fr"):
        french = {entry.name: entry.title for entry in load.glossary_entries()}
    assert (german["views"], french["views"]) == ("Aufrufe", "Vues")
