"""How does this workspace count, and what is it?"""

from ui import page
from ui.screens import settings

PAGE = {
    "title": "Settings",
    "icon": ":material/settings:",
    "section": "Data",
    "url_path": "settings",
    "order": 190,
    "filters": False,
    "help": "Name, time zone, currency, what counts as engagement, and the workspaces themselves.",
}

with page.page(PAGE, lead=settings.LEAD):
    settings.draw(page.workspace())
