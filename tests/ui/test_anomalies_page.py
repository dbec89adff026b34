"""The Unusual days page: the list, the chosen day and why, marks, and what is said where there is nothing."""

from datetime import timedelta

import pandas as pd
import pytest

from core import clock
from services import unusual_days
from services.studies.packing import pack
from services.team import annotation
from storage import studies
from storage.studies import StudyRow
from tests.services.seeded import Seeded
from tests.services.test_posts import publish
from tests.ui.conftest import HOSTILE, open_page, plain
from ui import load

DAYS = 91


@pytest.fixture
def seeded(sqlite_database):
    """Two platforms whose views stood out on days of the last month."""
    made = Seeded(sqlite_database, now=clock.utc_now())
    for platform, back in (("instagram", 4), ("x", 9)):
        account = made.account(platform, f"North {platform}")
        first = made.now.date() - timedelta(days=DAYS)
        values = [100.0 if at != DAYS - back else 400.0 for at in range(DAYS)]
        made.facts(account, "views", values, first=first)
        keep(made, "views", platform, back)
    return made


def day(seeded, back):
    return seeded.now.date() - timedelta(days=back)


def keep(seeded, metric, platform, back=None, *, state="ok", reason="", score=0.8):
    days = pd.date_range(end=pd.Timestamp(day(seeded, 1)), periods=DAYS, name="day")
    columns = {"expected": 100.0, "lower": 50.0, "upper": 150.0, "score": 0.1, "is_anomaly": False, "value": 100.0}
    frame, told = pd.DataFrame(columns, index=days), []
    if back is not None:
        score -= back / 100
        frame.loc[pd.Timestamp(day(seeded, back)), ["value", "score", "is_anomaly"]] = [400.0, score, True]
        told = [{"day": day(seeded, back).isoformat(), "value": 400.0, "expected": 100.0, "lower": 50.0,
                 "upper": 150.0, "score": score, "sentence": "", "carried_by": [], "parts": None}]  # fmt: skip
    found = {"frame": pack(frame.astype({"is_anomaly": bool})), "days": told} if state == "ok" else {}
    row = StudyRow(seeded.id, "unusual", f"{metric}/{platform}", clock.epoch_ms(seeded.now),
                   clock.epoch_day(day(seeded, 1)), 1, 2, 5, state, reason, found)  # fmt: skip
    with seeded.database.write() as connection:
        studies.put(connection, row)


def shown(**params):
    return open_page("ahead/anomalies.py", **params)


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_it_lists_days_and_explains_the_most_striking(seeded):
    app = shown()
    assert not app.exception
    said = plain(app)
    assert "2 days stood out of what 2 series let expect. Most striking: views on Instagram" in said
    assert "At most about one false alarm is to be expected per series and quarter" in said
    assert "Why? Views on Instagram" in said
    assert "400 where 100 was expected, and 50 to 150 would have been usual." in said
    assert "Views rose to 400, against 100 on the same weekday of the four weeks before." in said
    (table,) = (frame.value for frame in app.dataframe)
    assert table["Where"].tolist() == ["Instagram", "X"]
    (chart,) = app.get("vega_lite_chart")
    assert "Unusual: " in chart.proto.alt


def test_it_looks_at_another_day_from_the_list(seeded):
    app = shown()
    line = next(button for button in app.button if button.label.startswith("Views on X"))
    line.click().run()
    assert not app.exception
    assert "Why? Views on X" in plain(app)
    assert app.query_params["unusual_on"] == "x"
    assert app.query_params["unusual_day"] == day(seeded, 9).isoformat()


def test_it_opens_at_the_day_of_a_link(seeded):
    app = shown(unusual_metric="views", unusual_on="x", unusual_day=day(seeded, 9).isoformat())
    assert "Why? Views on X" in plain(app)
    other = shown(unusual_metric="nonsense", unusual_on="myspace", unusual_day="never")
    assert not other.exception
    assert "Why? Views on Instagram" in plain(other)


def test_it_shows_all_together_by_platform(seeded):
    keep(seeded, "views", "", 4)
    app = shown(unusual_metric="views", unusual_on="")
    assert not app.exception
    assert "Instagram carries 100 % of the change." in plain(app)
    assert len(app.get("vega_lite_chart")) == 2
    assert "Instagram 100%" in app.get("vega_lite_chart")[1].proto.alt


def test_it_keeps_a_mark_and_can_hide_what_is_not_useful(seeded):
    app = shown()
    app.text_input(key="unusual_word").set_value("a sale")
    press(app, "Not useful")
    assert "You marked this not useful: a sale" in plain(app)
    key = ("views", "instagram", day(seeded, 4))
    assert unusual_days.marks(seeded.viewer)[key].word == "a sale"
    assert "not useful" in app.dataframe[0].value["Marked"].tolist()
    app.toggle(key="unusual_hide").set_value(True).run()
    assert app.dataframe[0].value["Where"].tolist() == ["X"]
    press(app, "Take back")
    assert unusual_days.marks(seeded.viewer) == {}


def test_it_annotates_the_day(seeded):
    app = shown()
    app.session_state["unusual_annotate"] = True
    app.run()
    app.text_input(key="unusual_annotate_text").set_value("Spring sale")
    press(app, "Add")
    from core.question import Period

    (found,) = annotation.between(seeded.viewer, Period(day(seeded, 9), day(seeded, 1)))
    assert (found.day, found.text) == (day(seeded, 4), "Spring sale")
    assert "Spring sale" in plain(shown())


def test_it_shows_posts_as_text(seeded):
    (account,) = (one.id for one in load.accounts(load.every_workspace()[0]) if one.platform == "instagram")
    at = seeded.now.replace(hour=0, minute=5) - timedelta(days=4)
    publish(seeded, account, HOSTILE, at, {"likes": 90.0, "views": 100.0}, at=seeded.now)
    app = shown()
    assert not app.exception
    assert "Published that day (1)" in plain(app)
    for kind in ("markdown", "caption", "button"):
        for element in app.get(kind):
            assert "**Bold** <script>" not in str(getattr(element, "label", "") or element.value)


def test_it_keeps_missing_numbers_apart(seeded):
    both = load.accounts(load.every_workspace()[0])
    late = seeded.account("youtube", "Late")
    seeded.facts(late, "views", [9000.0] * 5, first=day(seeded, 5))
    keep(seeded, "views", "", 5, score=0.99)
    app = shown()
    assert len(both) == 2
    assert "First counted about this day: YouTube." in plain(app)
    assert app.dataframe[0].value["Where"].tolist() == ["Instagram", "X"]
    assert any("probably a matter of what was counted" in one.label for one in app.expander)


def test_it_says_that_studies_are_being_computed(sqlite_database):
    made = Seeded(sqlite_database, now=clock.utc_now())
    made.facts(made.account("x"), "views", [5.0] * 10, first=made.now.date() - timedelta(days=10))
    app = shown()
    assert not app.exception
    assert "Unusual days are being computed, usually within a few minutes." in plain(app)
    assert "Not enough days yet (10 of 21) to know what is usual." in plain(app)


def test_it_says_that_nothing_was_unusual_and_what_failed(seeded):
    keep(seeded, "views", "instagram")
    keep(seeded, "views", "x", state="failed", reason="It broke.")
    app = shown()
    assert not app.exception
    assert "Nothing unusual happened in 1 series in this period." in plain(app)
    assert "Views, X: It broke." in plain(app)
    assert "No day of this period stands out." in plain(app)
