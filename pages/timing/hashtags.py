"""Which hashtags and subjects go with better posts, and which come and go?"""

from ui import page
from ui.screens import hashtags

PAGE = {
    "title": "Hashtags and topics",
    "icon": ":material/tag:",
    "section": "Timing and topics",
    "url_path": "hashtags",
    "order": 61,
    "dated": False,
    "posts": "all",
    "help": "Which hashtags and subjects go with better posts, and which come and go?",
}

with page.page(PAGE, title="Which hashtags and topics work?"):
    hashtags.draw(page.workspace())
