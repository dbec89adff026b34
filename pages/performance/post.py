"""How did this post do, and is that good for its age?"""

from ui import page
from ui.screens import post

PAGE = {
    "title": "Post",
    "icon": ":material/article:",
    "section": "Performance",
    "url_path": "post",
    "order": 33,
    "filters": False,
    "in_menu": False,
    "help": "How did this post do?",
}

with page.page(PAGE, title="How did this post do?"):
    post.draw(page.workspace())
