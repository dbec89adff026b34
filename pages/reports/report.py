"""What goes into this report, and how will it look?"""

from ui import page
from ui.screens.reports import builder

PAGE = {
    "title": "Report",
    "icon": ":material/edit_document:",
    "section": "Reports",
    "url_path": "report",
    "order": 91,
    "filters": False,
    "in_menu": False,
    "help": "Lay a report out.",
}

with page.page(PAGE, title="What goes into this report?"):
    builder.draw(page.workspace())
