"""The page of one post: what it is, how it grew, how it stands, what people write, and what is like it."""

from ui.screens.post.page import draw

__all__ = ["draw"]
