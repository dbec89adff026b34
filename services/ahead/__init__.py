"""Where is a metric heading? `outlook` foretells it and says how it did on the past; `goals` holds a target against it;
`words` says both in plain sentences."""

from services.ahead.goals import Goal, goal, kept_target
from services.ahead.outlook import HORIZONS, PAST, Outlook, Report, Sum, first, outlook

__all__ = ["HORIZONS", "PAST", "Goal", "Outlook", "Report", "Sum", "first", "goal", "kept_target", "outlook"]
