"""Which numbers of our own do we watch, and how are they made?"""

from ui import page
from ui.screens import own_metrics

PAGE = {
    "title": "Your metrics",
    "icon": ":material/function:",
    "section": "Data",
    "url_path": "metrics",
    "order": 140,
    "help": "Metrics of your own: a formula over those that are there.",
}

with page.page(PAGE, lead=own_metrics.LEAD):
    own_metrics.draw(page.workspace())
