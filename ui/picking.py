"""A click on a mark that stands for a platform or an account narrows the page to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from charts import theme
from ui import filters, load
from ui.load import Workspace


def key(name: str) -> str:
    """The key of a chart that can be clicked: another one once it was, so that nothing stays chosen in it."""
    where = filters.current().where
    return "-".join(["pick", name, *where.platforms, *map(str, where.accounts)])


def clicked(chart: str, pick: Callable[[str], None]) -> None:
    """Call `pick` with what the mark stands for that was clicked in the chart of this key."""
    points = st.session_state[chart].selection.get(theme.PICK) or []
    if points and points[0].get(theme.PICK):
        pick(str(points[0][theme.PICK]))


def accounts(workspace: Workspace) -> dict[str, str]:
    """The accounts as a chart knows them -> their titles, which the filter bar has."""
    return {str(option.id): option.title for option in load.accounts(workspace)}


def narrow(named: Mapping[str, str], split: str, side: str) -> None:
    """Narrow the page to a platform, or to an account of `named`; what is neither narrows nothing."""
    if split == "platform" and side in load.platform_titles():
        filters.pick_platform(side)
    elif split == "account" and side in named:
        filters.pick_account(named[side])
