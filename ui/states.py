"""What a page shows instead of numbers: nothing yet, something missing, something broken. One sentence, one button."""

from __future__ import annotations

import streamlit as st

from core.errors import AppError, Recovery


def empty(icon: str, message: str, *, button: str = "", target: str = "") -> None:
    """One sentence and the one button that helps. `target` is the address of a page."""
    with st.container(border=True, horizontal_alignment="center", key=f"empty-{abs(hash(message)) % 10**8}"):
        st.space("small")
        st.markdown(f":material/{icon}: {message}", text_alignment="center")
        if button:
            from ui import menu

            st.page_link(menu.target(target), label=button, icon=":material/arrow_forward:")
        st.space("small")


def nothing_connected() -> None:
    """The workspace has no account yet."""
    empty("link_off", "Nothing is connected yet.", button="Connect a platform", target="connections")


def no_data(period: str) -> None:
    """There are accounts, but nothing for the period."""
    empty("event_busy", f"There are no numbers for {period}. Choose another period, or read further back.",
          button="See connections", target="connections")  # fmt: skip


def problem(error: AppError) -> None:
    """An error with its cause and the next step."""
    show = st.info if error.recovery is Recovery.SKIP else st.warning if error.recovery is Recovery.RETRY else st.error
    again = " It is tried again by itself." if error.recovery is Recovery.RETRY and not error.hint else ""
    show(f"**{error.message}** {error.hint}{again}", icon=":material/info:")


def broken(message: str, error_id: str) -> None:
    """Something unexpected; the log tells more under the id."""
    st.error(
        f"**{message}** Reload the page; if it stays, the log tells more under `{error_id}`.", icon=":material/error:"
    )
