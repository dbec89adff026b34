"""The Connections page: `cards` shows all platforms, `steps` makes a connection, `health` tells how one does, `actions`
changes it; `page` chooses between them and `words` has the words."""

from ui.screens.connecting.page import LEAD, draw

__all__ = ["LEAD", "draw"]
