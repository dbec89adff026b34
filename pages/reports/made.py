"""What is in this made report, and who may read it?"""

from ui import page
from ui.screens.reports import made

PAGE = {
    "title": "Made report",
    "icon": ":material/task:",
    "section": "Reports",
    "url_path": "made",
    "order": 92,
    "filters": False,
    "in_menu": False,
    "help": "A made report with its files and links.",
}

with page.page(PAGE):
    made.draw(page.workspace())
