"""The Audience page: `growing` draws how it grows, `who` who it is and when it is there, `reading` makes the charts."""

from ui.screens.audience.page import draw

__all__ = ["draw"]
