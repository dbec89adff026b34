"""When do posts do better, and does it hold on later posts?"""

from ui import page
from ui.screens import best_time

PAGE = {
    "title": "Best time",
    "icon": ":material/schedule:",
    "section": "Timing and topics",
    "url_path": "best-time",
    "order": 60,
    "dated": False,
    "posts": "all",
    "help": "When do posts do better, and does it hold on later posts?",
}

with page.page(PAGE, title="When is the best time to post?"):
    best_time.draw(page.workspace())
