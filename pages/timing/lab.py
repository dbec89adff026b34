"""What may this draft bring, what moves it, and when would it do better?"""

from ui import page
from ui.screens import lab

PAGE = {
    "title": "Content lab",
    "icon": ":material/experiment:",
    "section": "Timing and topics",
    "url_path": "lab",
    "order": 62,
    "dated": False,
    "posts": "all",
    "help": "What may a draft bring, what moves it, and when would it do better?",
}

with page.page(PAGE, title="What may this draft bring?"):
    lab.draw(page.workspace())
