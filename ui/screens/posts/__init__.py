"""The Top posts page: `asking` draws what to look for, `rows` the posts themselves, `page` the rest."""

from ui.screens.posts.page import draw

__all__ = ["draw"]
