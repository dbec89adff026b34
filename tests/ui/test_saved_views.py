from services import views
from tests.ui.conftest import texts
from tests.ui.test_filters import chosen


def opened(screen, **params):
    app = screen(**params)
    app.session_state["views"] = True
    return app.run()


def press(app, label, at=0):
    [one for one in app.button if one.label == label][at].click().run()
    assert not app.exception
    return app


def test_it_keeps_and_shows_what_the_bar_shows(screen, filled):
    app = opened(screen, period="Custom dates", **{"from": "2026-10-01", "to": "2026-10-20"}, p="YouTube")
    kept = chosen(app)
    app.text_input(key="view_name").set_value("October on YouTube")
    press(app, "Save")
    assert list(views.read(filled.viewer)) == ["October on YouTube"]
    app.button(key="reset").click().run()
    assert chosen(app) != kept
    app.session_state["views"] = True
    app.run()
    app.button(key="view-0").click().run()
    assert chosen(app) == kept


def test_it_asks_for_a_name_and_removes(screen, filled):
    app = press(opened(screen), "Save")
    assert "needs" in texts(app) or "A view has a name" in texts(app).replace("\\", "")
    views.save(filled.viewer, "Mine", {"period": "last_7"})
    app = press(opened(screen), "Remove")
    assert views.read(filled.viewer) == {}


def test_it_leaves_out_what_no_longer_exists(screen, filled):
    views.save(filled.viewer, "Old", {"period": "gone", "cmp": "year", "p": ["tiktok", "youtube"], "a": ["Nobody"]})
    app = opened(screen)
    app.button(key="view-0").click().run()
    assert not app.exception
    assert chosen(app).where.platforms == ("youtube",) and chosen(app).where.accounts == ()
    assert app.session_state["cmp"] == "year" and app.session_state["period"] == "last_30"
