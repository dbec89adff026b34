"""What a page says when it has no numbers: why, and the one thing that helps."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import AppError, Recovery
from core.kept import retold
from core.language import tr
from ui import format, menu

log = logging.getLogger(__name__)


def empty(sentence: str, *, icon: str = ":material/inbox:", to: str = "", label: str = "", key: str = "state") -> None:
    """One sentence and one button. `to` is the address of the page that helps; without such a page, no button."""
    with st.container(border=True, horizontal_alignment="center", key=f"empty-{key}"):
        st.space("small")
        st.markdown(f":gray[{icon}]", width="content")
        st.markdown(format.plain(sentence), text_alignment="center")
        if to and menu.exists(to) and st.button(label, key=f"empty-go-{key}", type="primary"):
            menu.go(to)
        st.space("small")


def not_connected() -> None:
    """Nothing feeds this workspace yet."""
    empty(
        tr("Nothing is connected yet. Connect a platform, and its numbers appear here."),
        icon=":material/cable:",
        to="connections",
        label=tr("Connect a platform"),
        key="connect",
    )


def no_such_posts() -> None:
    """No post is of the content type and tag that were chosen above."""
    empty(tr("No post is of this content type and tag here. Choose others, or reset the filters."),
          icon=":material/filter_alt_off:", key="noposts")  # fmt: skip


def no_data(why: str = "") -> None:
    """There is nothing in this period: no data, not offered, or a permission is missing."""
    if "permission" in why or tr("permission is missing") in why:
        empty(
            tr("A permission is missing, so there are no numbers to show."),
            icon=":material/lock:",
            to="connections",
            label=tr("Check the connection"),
            key="permission",
        )
    elif "not offered" in why or tr("not offered by the platform") in why:
        empty(tr("The platform does not offer these numbers."), icon=":material/do_not_disturb_on:", key="offered")
    else:
        told = why and why not in ("no data", tr("no data"))
        empty(
            tr("There are no numbers in this period ({why}). Choose a longer one, or another platform.", why=why)
            if told
            else tr("There are no numbers in this period. Choose a longer one, or another platform."),
            icon=":material/event_busy:",
            to="connections",
            label=tr("Check the connections"),
            key="nodata",
        )


def failed(error: AppError) -> None:
    """An error a person can do something about: what, what to do, one button. A broken assumption: see `crashed`."""
    if error.recovery is Recovery.STOP:
        crashed(error)
        return
    waiting = error.recovery in (Recovery.RETRY, Recovery.SKIP)
    show, icon = (st.info, ":material/hourglass_top:") if waiting else (st.warning, ":material/error:")
    show(format.plain(f"{retold(error.message)} {retold(error.hint)}".strip()), icon=icon)
    _again()
    if error.context:
        log.warning("%s: %s %s", error.code, error.message, error.context)


def crashed(error: BaseException) -> None:
    """A generic text with an id, under which the log tells the rest."""
    number = secrets.token_hex(4)
    log.error("a page failed, error %s", number, exc_info=error)
    st.error(
        tr(
            "Something went wrong here. Your data is safe. The log has the details under error {number}.", number=number
        ),
        icon=":material/error:",
    )
    _again()


def _again() -> None:
    """Any click draws the page again; the key is fresh because several parts of a page may fail at once."""
    st.button(tr("Try again"), key=f"again-{secrets.token_hex(4)}", icon=":material/refresh:")


@contextmanager
def boundary() -> Iterator[None]:
    """What the body raises stays here: an AppError as its text and hint, anything else as a text with an error id.

    Also for a part of a page: what fails costs this part, not the page.
    """
    try:
        yield
    except AppError as error:
        failed(error)
    except Exception as error:
        crashed(error)
