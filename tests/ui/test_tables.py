"""Headings and figures of tables in the reader's language and form."""

import pandas as pd
import pytest
import streamlit as st

from core import language
from core.language import using
from ui import downloads, figures, tables

GERMAN = {"Views": "Aufrufe", "Reads": "Aufrufe", "Day": "Tag", "n/a": "k. A."}
TABLE = pd.DataFrame({"Day": ["x"], "Views": [1.0], "Reads": [2.0], "Northwind": [3.0]})


class Catalogue:
    def gettext(self, text):
        return GERMAN.get(text, text)

    def ngettext(self, one, many, n):
        return one if n == 1 else many


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(language, "_catalogue", lambda code: Catalogue())
    with using("de"):
        yield


def test_it_leaves_an_english_table_as_it_is():
    shown, config = tables.told(TABLE, {"Views": None})
    assert list(shown.columns) == list(TABLE.columns)
    assert config == {"Views": None}


def test_it_tells_headings_and_settings_in_the_readers_language(german):
    shown, config = tables.told(TABLE, {"Day": st.column_config.TextColumn(width=80), "Views": None})
    assert list(shown.columns) == ["Tag", "Aufrufe", "Reads", "Northwind"], "no two columns share a heading"
    assert config.keys() == {"Tag", "Aufrufe"}
    assert list(TABLE.columns) == ["Day", "Views", "Reads", "Northwind"], "inside, names stay"


def test_it_writes_days_in_columns_in_the_readers_form(german):
    day = st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")
    _, config = tables.told(TABLE, {"Day": day})
    assert config["Tag"]["type_config"]["format"] == "DD.MM.YYYY, HH:mm"


def test_it_downloads_what_is_shown(german, monkeypatch):
    made = {}
    monkeypatch.setattr(downloads, "_file", lambda words, make, name, mime: made.update({name: make()}))
    downloads.files(TABLE, "views")
    assert made["views.csv"].decode("utf-8-sig").splitlines()[0] == "Tag,Aufrufe,Reads,Northwind"


RATES = pd.DataFrame({"Rate": [5.64, float("nan")], "Seen": [1_250_000.0, 900.0], "Share": [20.0, 80.0]})


def settings():
    column = st.column_config
    return {
        "Rate": column.NumberColumn(format="%.1f%%", width=62),
        "Seen": column.NumberColumn(format="compact"),
        "Share": column.ProgressColumn(format="%.1f%%", min_value=0, max_value=100),
    }


def test_it_writes_figures_in_the_readers_form_and_sorts_numbers(german):
    shown, config = tables.told(RATES, settings())
    said = shown.to_html()
    assert "5,6\u202f%" in said and "1,2 Mio." in said and "nan" not in said
    assert shown.data["Rate"].iloc[0] == 5.64, "what is sorted is the number"
    assert config["Rate"]["type_config"]["format"] is None, "nothing writes it otherwise"
    assert config["Rate"]["width"] == 62


def test_it_leaves_the_words_of_a_bar_to_the_browser(german):
    shown, config = tables.told(RATES, settings())
    assert shown.data["Share"].tolist() == [0.2, 0.8]
    assert config["Share"]["type_config"]["format"] == "percent"
    assert config["Share"]["type_config"]["max_value"] == 1


def test_it_leaves_english_figures_and_very_long_tables_to_the_browser(monkeypatch):
    assert isinstance(tables.told(RATES, settings())[0], pd.DataFrame)
    monkeypatch.setattr(figures, "_MOST", 5)
    with using("de"):
        assert isinstance(tables.told(RATES, settings())[0], pd.DataFrame)
