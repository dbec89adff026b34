from core.viewer import Right, Viewer
from services.team import views
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
    assert [(one.name, one.shared) for one in views.read(filled.viewer)] == [("October on YouTube", False)]
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
    assert views.read(filled.viewer) == ()


def test_it_leaves_out_what_no_longer_exists(screen, filled):
    views.save(filled.viewer, "Old", {"period": "gone", "cmp": "year", "p": ["tiktok", "youtube"], "a": ["Nobody"]})
    app = opened(screen)
    app.button(key="view-0").click().run()
    assert not app.exception
    assert chosen(app).where.platforms == ("youtube",) and chosen(app).where.accounts == ()
    assert app.session_state["cmp"] == "year" and app.session_state["period"] == "last_30"


def test_it_saves_for_everyone_and_shows_both_lists_under_their_headings(screen, filled):
    views.save(filled.viewer, "Weekly", {"period": "last_7"})
    app = opened(screen)
    app.text_input(key="view_name").set_value("Weekly")
    app.radio(key="view_for").set_value(True)
    app = press(app, "Save")
    app.session_state["views"] = True
    app.run()
    said = texts(app)
    assert said.index("Only for me") < said.index("For everyone in this workspace")
    assert [(one.name, one.shared) for one in views.read(filled.viewer)] == [("Weekly", False), ("Weekly", True)]
    press(app, "Remove", at=1)
    assert [one.shared for one in views.read(filled.viewer)] == [False]


def test_it_offers_no_change_of_shared_views_to_who_only_reads(screen, filled, monkeypatch):
    views.save(filled.viewer, "Ours", {"period": "last_7"}, shared=True)
    reader = Viewer("somebody", filled.id, frozenset({Right.READ}))
    monkeypatch.setattr("ui.load.Workspace.viewer", property(lambda _: reader))
    app = opened(screen)
    assert [one.key for one in app.button if str(one.key).startswith("view-")] == ["view-0"]
    assert not app.radio
    app.text_input(key="view_name").set_value("My own")
    press(app, "Save")
    assert [(one.name, one.shared) for one in views.read(reader)] == [("My own", False), ("Ours", True)]


def test_it_opens_with_the_start_view_unless_the_link_says_something(screen, filled):
    views.save(filled.viewer, "Weekly", {"period": "last_7", "cmp": "year", "p": ["youtube"]})
    app = opened(screen)
    assert chosen(app).period.days == 30
    app.selectbox(key="view_start").set_value("own/Weekly").run()
    assert chosen(app).period.days == 30
    fresh = screen()
    assert chosen(fresh).period.days == 7 and chosen(fresh).where.platforms == ("youtube",)
    assert fresh.query_params["p"] == "YouTube", "what it shows is a link"
    assert chosen(screen(p="Instagram")).period.days == 30
    fresh.button(key="reset").click().run()
    assert chosen(fresh).period.days == 30
    fresh.session_state["views"] = True
    fresh.run()
    fresh.selectbox(key="view_start").set_value("").run()
    assert chosen(screen()).period.days == 30
