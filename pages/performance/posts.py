"""Which posts did best?"""

from ui import page
from ui.screens import posts

PAGE = {
    "title": "Top posts",
    "icon": ":material/trophy:",
    "section": "Performance",
    "url_path": "posts",
    "order": 32,
    "posts": "all",
    "help": "Which posts did best?",
}

with page.page(PAGE, title="Which posts did best?"):
    posts.draw(page.workspace())
