"""The part of the settings that holds for one person only: the language, and the form of figures and dates."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core import language, numbers
from core.errors import AppError
from core.kept import retold
from core.language import LANGUAGES, tr
from core.metric import Unit
from core.question import Period
from services.team.person import Preferences
from services.words import calendar
from ui import format, reading

_EXAMPLE = Period(date(2026, 4, 1), date(2026, 4, 20))


def draw() -> None:
    """The fields; a choice holds at once."""
    now = reading.chosen_by_person()
    words = st.selectbox(
        tr("Language"),
        codes := ("", *language.spoken()),
        codes.index(now.words) if now.words in codes else 0,
        _language,
        key="settings-language",
    )
    forms = st.selectbox(
        tr("Figures and dates"), codes := ("", *LANGUAGES), codes.index(now.forms), _forms, key="settings-forms"
    )
    st.caption(_example(forms or reading_words(words)))
    chosen = Preferences(words or "", forms or "")
    if chosen == now:
        return
    try:
        reading.choose(chosen)
    except AppError as error:
        st.error(format.plain(retold(error.message)), icon=":material/error:")
        return
    st.rerun()


def reading_words(code: str | None) -> str:
    """The language of the words where none, or one, is chosen."""
    return code or reading.asked_for().code


def _language(code: str) -> str:
    if code:
        return LANGUAGES[code].name
    return tr("As the browser asks for ({language})", language=reading.asked_for().name)


def _forms(code: str) -> str:
    return LANGUAGES[code].name if code else tr("As the language")


def _example(code: str) -> str:
    with language.using(reading_words(code)):
        found = (
            numbers.exact(15_230.5, Unit.COUNT),
            numbers.short(15_230, Unit.COUNT),
            numbers.short(1.42, Unit.MONEY, "EUR"),
            calendar.words(_EXAMPLE, year=True),
        )
    return " · ".join(found)
