"""What a page is, and the frame around each: title, error boundary. A page file declares `PAGE` and renders inside."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from core.errors import AppError, Recovery
from ui import states

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its place in the menu and its address. `filtered` pages show the filter bar."""

    title: str
    icon: str
    url: str
    section: str = ""
    order: int = 100
    heading: str = ""
    filtered: bool = False
    hidden: bool = False
    default: bool = False
    needs_workspace: bool = True


@contextlib.contextmanager
def page(declared: Page) -> Iterator[None]:
    """Render inside a boundary: an AppError is told with its hint; anything else gets an id and goes to the log.

    Streamlit's own control flow (stop, rerun) passes through.
    """
    if declared.heading:
        st.title(declared.heading, anchor=False)
    try:
        yield
    except AppError as error:
        if error.recovery is Recovery.STOP:
            _unexpected(error, error.message)
        else:
            states.problem(error)
    except Exception as error:
        _unexpected(error, "Something went wrong on our side.")


def _unexpected(error: Exception, message: str) -> None:
    error_id = secrets.token_hex(4)
    _log.error("page error %s", error_id, exc_info=error)
    states.broken(message, error_id)
