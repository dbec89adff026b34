"""One of a few: choices that stand in the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.language import tr
from ui import links, load, page


def one_of(label: str, options: Mapping[str, str], key: str) -> str:
    """A row of buttons, of name -> what it is called in English; the first unless another is chosen."""
    names = list(options)
    shown = {name: tr(called) for name, called in options.items()}
    links.understand(key, names, lambda name: tr(options[name]))
    found = st.segmented_control(
        label, names, default=names[0], required=True, key=key, bind="query-params", format_func=shown.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    return str(found or names[0])


def metric(names: Sequence[str], key: str, usual: str = "") -> str:
    """A metric out of some, of the registry or the team's own; the `usual` one, or the first, unless another is
    chosen."""
    own = load.own_titles(page.workspace())

    def title(name: str) -> str:
        found = load.metric(name)
        return tr(found.title) if found else own.get(name, name)

    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    links.understand(key, names, title)
    chosen = st.selectbox(
        tr("Metric"),
        list(names),
        index=list(names).index(usual) if usual in names else 0,
        key=key,
        bind="query-params",
        format_func=title,
        label_visibility="collapsed",
        width=260,
    )
    return str(chosen)
