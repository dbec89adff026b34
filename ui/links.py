"""Links that hold in every language: a bound choice stands in the link with the words of who made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from core import language

T = TypeVar("T")


def chosen(key: str, options: Sequence[T], shown: Callable[[T], str]) -> T | None:
    """What is chosen, for what stands above the widget or must know before it is drawn: in the session, else in the
    link; None where that is none of the options."""
    understand(key, options, shown)
    if key in st.session_state:
        kept = st.session_state[key]
        return kept if kept in options else None
    given = st.query_params.get(key)
    return next((one for one in options if shown(one) == given), None)


def said(key: str, shown: Callable[[Any], str] = str) -> list[str]:
    """What is chosen of several, in words, before the widget is drawn."""
    return [shown(one) for one in st.session_state.get(key) or []] or st.query_params.get_all(key)


def understand(key: str, options: Sequence[Any], shown: Callable[[Any], str]) -> None:
    """Say choices that a link names in the words of another language in those of the reader, and begin anew; before
    their widget is drawn. `shown` says an option in the language of the moment."""
    given = st.query_params.get_all(key)
    if not given or key in st.session_state or set(given) <= {shown(one) for one in options}:
        return
    for code in language.spoken():
        with language.using(code):
            named = {shown(one): one for one in options}
        found = [named[word] for word in given if word in named]
        if found:
            st.query_params[key] = [shown(one) for one in found]
            st.rerun()
