"""How are we doing, and what changed?"""

from ui import page
from ui.screens import overview

PAGE = {
    "title": "Overview",
    "icon": ":material/space_dashboard:",
    "section": "",
    "url_path": "overview",
    "order": 10,
    "default": True,
    "posts": "some",
    "help": "How are we doing, and what changed?",
}

with page.page(PAGE, title="How are we doing?"):
    overview.draw(overview.shown(page.workspace()))
