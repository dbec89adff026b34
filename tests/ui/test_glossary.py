from analytics.metrics.registry import METRICS
from services.words import glossary
from tests.ui.conftest import texts


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
