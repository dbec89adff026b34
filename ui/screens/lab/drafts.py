"""The drafts of the lab as they are typed: up to three, kept for the session. Owns the keys that begin with `lab_`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import streamlit as st

from core import language
from core.language import mark, tr
from services.content.lab import Author, Draft
from services.words import wording
from ui import format, load
from ui.load import Workspace

T = TypeVar("T")

MOST = 3
NAMES = (mark("Draft A"), mark("Draft B"), mark("Draft C"))
_SHOWN, _FRESH = "lab_shown", "lab_fresh"
_FIELDS = ("account", "kind", "day", "time", "text", "tags")
_NOON = time(12)


def shown() -> tuple[int, ...]:
    """The numbers of the drafts on the screen, first to last."""
    found = st.session_state.get(_SHOWN)
    return found if isinstance(found, tuple) and found else (0,)


def add() -> None:
    """One more draft, as the last one is. For callbacks."""
    here = shown()
    fresh = int(st.session_state.get(_FRESH, 0)) + 1
    for name in _FIELDS:
        if _key(name, here[-1]) in st.session_state:
            st.session_state[_key(name, fresh)] = st.session_state[_key(name, here[-1])]
    st.session_state[_SHOWN], st.session_state[_FRESH] = (*here, fresh)[:MOST], fresh


def remove(number: int) -> None:
    """Take a draft away. For callbacks."""
    st.session_state[_SHOWN] = tuple(one for one in shown() if one != number) or (0,)


def form(number: int, authors: Sequence[Author], workspace: Workspace) -> Draft:
    """The fields of a draft, and the draft in them."""
    by_id = {one.id: one for one in authors}
    titles = {one.id: one.title for one in load.accounts(workspace)}
    account = _choice(tr("Account"), list(by_id), "account", number, lambda one: titles.get(one, str(one)))
    author = by_id[account]
    kind = _choice(tr("Kind of post"), list(author.kinds), "kind", number, lambda one: wording.kind(one).capitalize())
    left, right = st.columns(2, gap="xsmall")
    with left:
        day = st.date_input(tr("Day"), _tomorrow(workspace), key=_key("day", number), persist_state="session",
                            format=format.picker_pattern())  # fmt: skip
    with right:
        at = st.time_input(tr("Time"), _NOON, key=_key("time", number), persist_state="session", step=1800)
    on = day if isinstance(day, date) else _tomorrow(workspace)
    weekday, zone = language.weekday(on.weekday()), format.plain(author.time_zone)
    st.caption(tr("{weekday}, on the clock of the account: {time_zone}", weekday=weekday, time_zone=zone))
    text = st.text_area(tr("Text"), key=_key("text", number), persist_state="session", height=120, max_chars=20_000,
                        placeholder=tr("What the post says"))  # fmt: skip
    tags = st.text_input(tr("More hashtags"), key=_key("tags", number), persist_state="session", max_chars=500,
                         placeholder=tr("brew, latteart"), help=tr("Those in the text count already"))  # fmt: skip
    return Draft(account, kind, datetime.combine(on, at or _NOON), text or "", _words(tags or ""))


def _words(tags: str) -> tuple[str, ...]:
    """Hashtags as people type them in a field.

    >>> _words("#brew, latte art;")
    ('brew', 'latte', 'art')
    """
    found = tags.replace("#", " ").replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(found))


def _choice(label: str, options: list[T], name: str, number: int, words: Callable[[Any], str]) -> T:
    """A choice that is kept while it is offered."""
    key = _key(name, number)
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]
    found = st.selectbox(label, options, key=key, persist_state="session", format_func=words)
    return found if found in options else options[0]


def _tomorrow(workspace: Workspace) -> date:
    return load.today(workspace) + timedelta(days=1)


def _key(name: str, number: int) -> str:
    return f"lab_{name}_{number}"
