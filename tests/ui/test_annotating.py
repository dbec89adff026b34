import json
from datetime import timedelta

from core.question import Period
from services.team import annotation


def opened(screen):
    app = screen()
    app.session_state["annotate"] = True
    return app.run()


def specs(app):
    return [json.dumps(json.loads(chart.proto.spec)) for chart in app.get("vega_lite_chart")]


def test_it_marks_what_happened_on_every_chart_over_time(screen, filled):
    app = opened(screen)
    app.text_input(key="annotate_text").set_value("Spring sale <b>began</b>")
    next(one for one in app.button if one.label == "Add").click().run()
    assert not app.exception
    day = filled.now.date()
    (kept,) = annotation.between(filled.viewer, Period(day - timedelta(days=40), day))
    assert kept.text == "Spring sale <b>began</b>"
    assert sum("triangle-up" in spec for spec in specs(app)) == 2, "engagement and audience"


def test_it_hides_and_removes_marks(screen, filled):
    day = filled.now.date() - timedelta(days=3)
    made = annotation.add(filled.viewer, day, "Sale")
    app = opened(screen)
    app.toggle(key="annotations_shown").set_value(False).run()
    assert not any("triangle-up" in spec for spec in specs(app))
    app.toggle(key="annotations_shown").set_value(True).run()
    assert any("triangle-up" in spec for spec in specs(app))
    app.button(key=f"annotation-{made}").click().run()
    assert not any("triangle-up" in spec for spec in specs(app))


def test_it_asks_what_happened(screen, filled):
    app = opened(screen)
    next(one for one in app.button if one.label == "Add").click().run()
    assert "1 to 200 characters" in app.warning[0].value
