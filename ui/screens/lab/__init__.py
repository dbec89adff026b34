"""The Content lab: `drafts` keeps what is typed, `page.draw` shows what to expect of it."""

from ui.screens.lab.page import draw

__all__ = ["draw"]
