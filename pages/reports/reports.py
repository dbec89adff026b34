"""Which reports does the team have, and what was made of them?"""

from ui import page
from ui.screens import reports
from ui.screens.reports import team

PAGE = {
    "title": "Reports",
    "icon": ":material/description:",
    "section": "Reports",
    "url_path": "reports",
    "order": 90,
    "filters": False,
    "help": "Lay reports out, make them, and find what was made.",
}

with page.page(PAGE, lead=reports.LEAD):
    team.draw(page.workspace())
