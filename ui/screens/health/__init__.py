"""The Data health page: one line on top, then six parts, each in a tab of its own that is only worked out when open."""

from ui.screens.health.page import draw as draw
