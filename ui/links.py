"""Links that hold in every language: a bound choice stands in the link with the words of who made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core import language


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
