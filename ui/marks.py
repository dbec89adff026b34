"""The mark of a platform: its first letter on its one colour. Drawn by ourselves, so nothing is fetched."""

from __future__ import annotations

from html import escape

import streamlit as st

from charts import theme

_SVG = (
    '<svg width="{size}" height="{size}" viewBox="0 0 32 32" aria-hidden="true" style="display:block{dim}">'
    '<rect width="32" height="32" rx="8" fill="{colour}"/>'
    '<text x="16" y="21.5" text-anchor="middle" font-size="16" font-weight="650" fill="#fff">{letter}</text></svg>'
)


def draw(platform: str, title: str, *, size: int = 32, muted: bool = False) -> None:
    """The mark, `size` pixels wide; `muted` for a platform that is not there yet."""
    svg = _SVG.format(
        size=size,
        dim=";opacity:.45" if muted else "",
        colour=theme.platform_colour(platform),
        letter=escape(title[:1].upper()),
    )
    st.html(svg, width="content")
