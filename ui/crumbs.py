"""Where a narrowed page stands: all platforms, one platform, one account, some posts. Each step leads back to it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.language import tr
from ui import filters, format, load, of_posts
from ui.load import Workspace

_Step = tuple[Literal["all", "platform", "posts"], str]


def draw(workspace: Workspace) -> None:
    """The way here, if the page is narrowed to one platform or account, or to some posts."""
    asked = filters.current()
    where, options = asked.where, {one.id: one for one in load.accounts(workspace)}
    account = options.get(where.accounts[0]) if len(where.accounts) == 1 else None
    platform = account.platform if account else where.platforms[0] if len(where.platforms) == 1 else ""
    steps: list[_Step] = []
    if platform:
        steps += [("all", tr("All platforms")), ("platform", load.platform_titles().get(platform, platform))]
    if account:
        steps.append(("posts", account.title))
    if asked.posts:
        steps += [] if platform else [("posts", tr("All posts"))]
        steps.append(("posts", ", ".join(of_posts.words(asked.posts))))
    if not steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="crumbs"):
        for at, (to, title) in enumerate(steps):
            if at:
                st.markdown(":gray[/]", width="content")
            if at == len(steps) - 1:
                st.markdown(f"**{format.plain(title)}**", width="content")
            else:
                st.button(format.plain(title), key=f"crumb-{to}", type="tertiary", on_click=filters.widen, args=(to,))
