"""Reports: the team's list, the builder, and what was made."""

from core.language import mark

LEAD = mark("Lay a report out once, look at it as it will be, and send it as often as you like.")
