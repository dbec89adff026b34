"""The Forecasts page: `reading` makes the answer with its chart, `target` asks for one, `page` draws the rest."""

from ui.screens.forecasts.page import draw

__all__ = ["draw"]
