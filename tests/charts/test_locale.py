"""Figures and days in charts, in the form of who reads."""

import re
from datetime import date, timedelta

import altair as alt
import pandas as pd
import pytest

from charts import days, locale, picture, theme
from core.language import using

DAYS = [date(2026, 3, 1) + timedelta(at) for at in range(60)]


def drawn(values, *, ratio=False):
    rows = pd.DataFrame({"day": [theme.utc_ms(day) for day in DAYS], "value": values})
    x = theme.x_days("day", first=DAYS[0], last=DAYS[-1])
    return theme.spec(alt.Chart(rows).mark_line().encode(x, theme.y_values("value", "Views", ratio=ratio)))


def said(spec):
    return re.findall(r">([^<>]+)</text>", picture.draw(spec, "svg").decode())


def test_it_says_nothing_of_forms_in_english():
    assert "locale" not in drawn(range(60)).get("config", {})
    assert theme.x_days("day", first=DAYS[0], last=DAYS[-1]).to_dict()["axis"]["format"] == "%-d %b"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("de", ["1. März", "5. Apr.", "2 Mio.", "500 Tsd."]),
        ("es", ["1 mar", "5 abr", "2 M", "500 mil"]),
        ("fr", ["1 mars", "5 avr.", "2 M", "500 k"]),
        ("en", ["1 Mar", "5 Apr", "2M", "500K"]),
    ],
)
def test_it_writes_axes_as_the_reader_does(code, words):
    with using(code):
        found = {*said(drawn([at * 2e6 / 59 for at in range(60)])), *said(drawn([at * 6e5 / 59 for at in range(60)]))}
    assert set(words) <= found


def test_it_writes_shares_as_the_reader_does():
    with using("de"):
        assert "2,0\u202f%" in said(drawn([at / 1000 for at in range(60)], ratio=True))


def test_it_names_all_days_and_months():
    with using("es"):
        time = locale.config()["locale"]["time"]
    assert (time["days"][0], time["shortDays"][1], time["months"][11]) == ("domingo", "lun", "diciembre")
    assert (len(time["days"]), len(time["shortMonths"]), time["date"]) == (7, 12, "%-d/%-m/%Y")


@pytest.mark.parametrize(
    ("code", "when", "span"), [("de", "Mo., 2. Nov. 2026", "1.–20. Nov."), ("en", "Mon 2 Nov 2026", "1–20 Nov")]
)
def test_it_says_days_on_hover_as_the_reader_does(code, when, span):
    with using(code):
        assert days.when(date(2026, 11, 2)) == when
        assert days.span(date(2026, 11, 1), date(2026, 11, 20)) == span


def test_it_leaves_room_for_longer_names():
    assert theme.room("so far", "before", "now") == theme.LABELS
    assert theme.room("bis jetzt", "davor") > theme.LABELS


def test_it_quotes_text_inside_expressions():
    assert theme.quoted("d'ordinaire") == "'d\\'ordinaire'"
