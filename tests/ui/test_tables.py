"""Headings of tables in the reader's language."""

import pandas as pd
import pytest
import streamlit as st

from core import language
from core.language import using
from ui import downloads, tables

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
