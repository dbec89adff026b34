"""How do platforms and accounts stand beside each other, and which differences are real?"""

from ui import page
from ui.screens import platforms

PAGE = {
    "title": "Platforms",
    "icon": ":material/compare:",
    "section": "Performance",
    "url_path": "platforms",
    "order": 30,
    "posts": "some",
    "help": "How do platforms and accounts stand beside each other?",
}

with page.page(PAGE, title="How do platforms compare?"):
    platforms.draw(page.workspace())
