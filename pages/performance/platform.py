"""How does one platform do, in its own terms?"""

from ui import page
from ui.screens import platform

PAGE = {
    "title": "Platform",
    "icon": ":material/donut_small:",
    "section": "Performance",
    "url_path": "platform",
    "order": 31,
    "posts": "some",
    "help": "How does one platform do, in its own terms?",
}

with page.page(PAGE, title=platform.title()):
    platform.draw(page.workspace())
