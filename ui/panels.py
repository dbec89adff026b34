"""A chart in its box: title, chart or table, downloads, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.language import tr
from core.question import Explanation, Number
from ui import downloads, format, made, picking, tables
from ui.fresh import of as newness_of
from ui.states import boundary


def chart(
    title: str,
    spec: dict[str, Any],
    table: pd.DataFrame,
    *,
    key: str,
    alt_text: str,
    note: str = "",
    explanation: Explanation | None = None,
    number: Number | None = None,
    time_zone: str = "UTC",
    on_pick: Callable[[], None] | None = None,
    pick_key: str = "",
    pick: Callable[[str], None] | None = None,
    stretch: bool = True,
    boxed: bool = True,
    beside: Callable[[], None] | None = None,
    fresh: str | None = None,
) -> None:
    """A titled chart that can be seen as a table. A click on a mark calls `on_pick`, or `pick` with the
    platform or account it stands for; `stretch` fills the row; without `boxed` it stands in the box it is called in.
    All else as in `head`."""
    if pick is not None:
        pick_key = picking.key(key)
        on_pick = partial(picking.clicked, pick_key, pick)
    height: Literal["stretch", "content"] = "stretch" if stretch else "content"
    box = st.container(border=True, height=height, gap="xsmall", key=f"panel-{key}") if boxed else nullcontext()
    with box, boundary():
        as_table = head(title, key=key, note=note, table=table, explanation=explanation, number=number, zone=time_zone,
                        spec=spec, beside=beside, fresh=fresh)  # fmt: skip
        if as_table:
            shown, _ = tables.told(table)
            st.dataframe(shown, hide_index=True, height=248, alt=tr("{title}, as a table", title=title))
        elif on_pick is None or not (clicks := _clicks(spec)):  # a chart without data has nothing to pick
            st.vega_lite_chart(spec=spec, alt=alt_text, key=f"chart-{key}")
        else:
            st.vega_lite_chart(spec=spec, alt=alt_text, key=pick_key or f"chart-{key}", on_select=on_pick,
                               selection_mode=clicks)  # fmt: skip


def head(
    title: str,
    *,
    key: str,
    note: str = "",
    table: pd.DataFrame | None = None,
    explanation: Explanation | None = None,
    number: Number | None = None,
    zone: str = "UTC",
    spec: dict[str, Any] | None = None,
    beside: Callable[[], None] | None = None,
    fresh: str | None = None,
) -> bool:
    """The title with its small buttons; answers whether the table is wanted. Without a chart's `spec` there is no
    choice. `beside` draws one more small button; `fresh` is a line of `ui.fresh`, by default that of the
    explanation."""
    wanted = bool(st.session_state.get(f"_table_{key}"))
    with st.container(horizontal=True, vertical_alignment="top", gap=None, wrap=False, key=f"panelhead-{key}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{title}**")
            newness = newness_of(explanation) if fresh is None and explanation is not None else fresh
            if note or newness:
                st.caption(format.line(" · ".join(filter(None, [note, newness]))))
        if beside is not None:
            beside()
        if table is not None and spec is not None:
            _switch(wanted, key)
        if table is not None:
            downloads.button(table, key, spec=spec, title=title)
        if explanation is not None:
            made.button(explanation, number, zone, f"panel-{key}")
    return wanted


def _clicks(spec: dict[str, Any]) -> list[str]:
    """What a click picks; hovering asks nothing of the page."""
    return [one["name"] for one in spec.get("params", ()) if one["select"].get("on") == "click"]


def _switch(wanted: bool, key: str) -> None:
    words = tr("Show the chart") if wanted else tr("Show as a table")
    st.button(
        words,
        key=f"table-{key}",
        type="tertiary",
        on_click=_flip,
        args=(key,),
        icon=":material/show_chart:" if wanted else ":material/table_rows:",
        help=words,
    )


def _flip(key: str) -> None:
    st.session_state[f"_table_{key}"] = not st.session_state.get(f"_table_{key}", False)
