"""What tests of connectors share."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest

from core import logs
from tests.connectors.desk import Desk, open_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A platform that gives the answers the test lays out."""
    with open_desk() as opened:
        yield opened


@pytest.fixture
def logged(monkeypatch) -> Iterator[io.StringIO]:
    """What the program writes to its log at level debug, as it writes it."""
    root, chatty, written = logging.getLogger(), logging.getLogger("urllib3"), io.StringIO()
    kept, level, chatty_level = root.handlers, root.level, chatty.level
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", written)
        logs.configure("debug")
    yield written
    root.handlers = kept
    root.setLevel(level)
    chatty.setLevel(chatty_level)
