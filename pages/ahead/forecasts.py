"""Where is it heading, and how sure is that?"""

from ui import page
from ui.screens import forecasts

PAGE = {
    "title": "Forecasts",
    "icon": ":material/query_stats:",
    "section": "Forecasts and anomalies",
    "url_path": "forecasts",
    "order": 70,
    "dated": False,
    "help": "Where is it heading, and how sure is that?",
}

with page.page(PAGE, title="Where is it heading?"):
    forecasts.draw(page.workspace())
