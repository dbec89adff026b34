"""Metrics of one's own, written, tried and kept on the page."""

from core.errors import SourceUnavailable
from services.team import custom_metrics, targets
from tests.services.seeded import Seeded
from tests.ui.conftest import texts
from ui import load


def opened(screen):
    app = screen()
    return app.switch_page("../pages/data/metrics.py").run()


def written(app, title, text):
    app.text_input(key="own_title").set_value(title)
    return app.text_input(key="own_text").set_value(text).run()


def test_it_shows_what_a_formula_comes_to_while_one_writes(screen, filled):
    app = written(opened(screen), "Like rate", "likes / views")
    assert not app.exception
    said = texts(app).replace("\\", "")
    assert "likes ÷ views" in said
    app = app.selectbox(key="own_unit").set_value("ratio").run()
    assert "%" in texts(app)
    app = app.button(key="own_save").click().run()
    assert [one.title for one in custom_metrics.read(filled.viewer).values()] == ["Like rate"]
    assert app.text_input(key="own_text").value == ""
    assert "Like rate" in texts(app)


def test_it_says_what_is_wrong_and_keeps_what_was_written(screen, filled):
    app = written(opened(screen), "Wrong", "lkes / views")
    assert "no metric called" in texts(app)
    assert "likes" in texts(app)
    app = app.button(key="own_save").click().run()
    assert custom_metrics.read(filled.viewer) == {}
    assert app.text_input(key="own_text").value == "lkes / views"


def test_it_changes_and_removes_one(screen, filled):
    custom_metrics.save(filled.viewer, "Like rate", "likes / views")
    app = opened(screen)
    app = app.button(key="own-edit-own.like_rate").click().run()
    assert app.text_input(key="own_text").value == "likes / views"
    app = written(app, "Likes each", "likes / posts_published").button(key="own_save").click().run()
    assert [one.text for one in custom_metrics.read(filled.viewer).values()] == ["likes / posts_published"]
    app = app.button(key="own-remove-own.like_rate").click().run()
    assert custom_metrics.read(filled.viewer) == {}
    assert not app.exception


def test_it_inserts_a_metric_by_its_title(screen, filled):
    app = written(opened(screen), "", "likes /")
    app = app.selectbox(key="own_insert").set_value("views").run()
    assert app.text_input(key="own_text").value == "likes / views"


def test_it_tells_a_failing_source_from_a_wrong_formula(screen, filled, monkeypatch):
    def fail(*_):
        raise SourceUnavailable("The store does not answer.", hint="Try again.")

    custom_metrics.save(filled.viewer, "Like rate", "likes / views")
    monkeypatch.setattr(load, "screen", fail)
    app = opened(screen)
    assert not app.exception
    assert "The store does not answer." in texts(app).replace("\\", "")


def test_it_asks_for_a_connection_first(screen, sqlite_database):
    Seeded(sqlite_database)
    app = opened(screen)
    assert not app.exception
    assert "Nothing is connected yet" in texts(app)
    assert not app.text_input


def test_it_keeps_a_target_with_a_metric_and_forgets_it_with_it(screen, filled):
    app = written(opened(screen), "Like rate", "likes / views")
    app = app.selectbox(key="own_unit").set_value("ratio").run()
    app = app.number_input(key="own_target").set_value(4.0).run()
    assert not app.exception
    app = app.button(key="own_save").click().run()
    assert targets.read(filled.viewer) == {"own.like_rate": 0.04}
    app = app.button(key="own-edit-own.like_rate").click().run()
    assert app.number_input(key="own_target").value == 4.0
    app = app.button(key="own-remove-own.like_rate").click().run()
    assert targets.read(filled.viewer) == {}
    assert not app.exception
