"""Where a narrowed page stands: all platforms, one platform, one account. Each step leads back to it."""

from __future__ import annotations

import streamlit as st

from core.language import tr
from ui import filters, format, load
from ui.load import Workspace


def draw(workspace: Workspace) -> None:
    """The way here, if the page is narrowed to one platform or account."""
    where = filters.current().where
    options = {one.id: one for one in load.accounts(workspace)}
    account = options.get(where.accounts[0]) if len(where.accounts) == 1 else None
    platform = account.platform if account else where.platforms[0] if len(where.platforms) == 1 else ""
    if not platform:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="crumbs"):
        st.button(tr("All platforms"), key="crumb-all", type="tertiary", on_click=filters.widen, args=("all",))
        _step(load.platform_titles().get(platform, platform), last=account is None)
        if account:
            st.markdown(":gray[/]", width="content")
            st.markdown(f"**{format.plain(account.title)}**")


def _step(title: str, *, last: bool) -> None:
    st.markdown(":gray[/]", width="content")
    if last:
        st.markdown(f"**{format.plain(title)}**", width="content")
    else:
        st.button(title, key="crumb-platform", type="tertiary", on_click=filters.widen, args=("platform",))
