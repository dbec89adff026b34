"""What feeds this workspace, and is it well?"""

from ui import page
from ui.screens import connecting

PAGE = {
    "title": "Connections",
    "icon": ":material/cable:",
    "section": "Data",
    "url_path": "connections",
    "order": 110,
    "filters": False,
    "help": "Connect platforms, and see how well each is read.",
}

with page.page(PAGE, lead=connecting.LEAD):
    connecting.draw(page.workspace())
