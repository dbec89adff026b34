"""The mark of a platform: its first letter on its one colour. Drawn by ourselves, so nothing is fetched."""

from __future__ import annotations

from html import escape

import streamlit as st

from charts import theme

_MARK = (
    '<div aria-hidden="true" style="width:{size}px;height:{size}px;line-height:{size}px;border-radius:8px;'
    "background:{colour};opacity:{opacity};color:#fff;font-size:16px;font-weight:650;text-align:center"
    '">{letter}</div>'
)


def draw(platform: str, title: str, *, size: int = 32, muted: bool = False) -> None:
    """The mark, `size` pixels wide; `muted` for a platform that is not there yet."""
    colour, letter = theme.platform_colour(platform), escape(title[:1].upper())
    st.html(_MARK.format(size=size, colour=colour, letter=letter, opacity=0.45 if muted else 1), width="content")
