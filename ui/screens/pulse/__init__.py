"""The Pulse page: `posts` draws the newest posts with their speed, `page` the rest, and renews it all."""

from ui.screens.pulse.page import draw

__all__ = ["draw"]
