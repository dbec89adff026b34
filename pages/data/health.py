"""How well is everything read, and can the numbers be trusted?"""

from ui import page
from ui.screens import health

PAGE = {
    "title": "Data health",
    "icon": ":material/health_and_safety:",
    "section": "Data",
    "url_path": "health",
    "order": 130,
    "help": "How well everything is read: fresh, complete, consistent, and the same as on the platforms.",
}

with page.page(PAGE):
    health.draw(page.workspace())
