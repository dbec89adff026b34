"""The Hashtags and topics page: `read` is its answer with charts, `page.draw` puts it on the screen."""

from ui.screens.hashtags.page import draw

__all__ = ["draw"]
