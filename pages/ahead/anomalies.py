"""Which days were not as expected, and why?"""

from ui import page
from ui.screens import anomalies

PAGE = {
    "title": "Unusual days",
    "icon": ":material/notification_important:",
    "section": "Forecasts and anomalies",
    "url_path": "anomalies",
    "order": 71,
    "help": "Which days were not as expected, and why?",
}

with page.page(PAGE, title="Which days were unusual?"):
    anomalies.draw(page.workspace())
