"""How does the audience grow, and who is it?"""

from ui import page
from ui.screens import audience

PAGE = {
    "title": "Audience",
    "icon": ":material/groups:",
    "section": "Audience",
    "url_path": "audience",
    "order": 50,
    "help": "Followers, gains and losses, who they are and where",
}

with page.page(PAGE):
    audience.draw(page.workspace())
