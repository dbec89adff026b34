"""Who reads: the language and the forms of this session, chosen by the person or else asked for by the browser."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import language
from core.language import LANGUAGES, Language, Reader
from core.viewer import owner
from services.team import person
from services.team.person import Preferences

_READER = "_reader"
_EVERYWHERE = 0


def settle() -> None:
    """Note who reads, at the start of a run. Parts that run alone later find it in the session."""
    language.provide(_reader)
    chosen = chosen_by_person()
    words = LANGUAGES[chosen.words] if chosen.words else asked_for()
    st.session_state[_READER] = Reader(words, LANGUAGES[chosen.forms] if chosen.forms else words)


def chosen_by_person() -> Preferences:
    """What the person chose in the settings."""
    return person.read(owner(_EVERYWHERE))


def choose(chosen: Preferences) -> None:
    """Keep a choice for the person; it shows from the next run on."""
    person.choose(owner(_EVERYWHERE), chosen)


def asked_for() -> Language:
    """The language the browser asks for, if the words exist in it."""
    found = language.nearest(st.context.locale)
    return found if found.code in language.spoken() else language.ENGLISH


def _reader() -> Reader | None:
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    found = st.session_state.get(_READER)
    return found if isinstance(found, Reader) else None
