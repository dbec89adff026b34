"""The Import page: `welcome` before there is a file, `reading` how it is understood, `preview` what it holds, `storing`
where it goes, `history` the way back; `page` calls them in this order and `kept` remembers what was read."""

from ui.screens.importing.page import LEAD, draw

__all__ = ["LEAD", "draw"]
