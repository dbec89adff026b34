"""What is happening right now?"""

from ui import page
from ui.screens import pulse

PAGE = {
    "title": "Pulse",
    "icon": ":material/vital_signs:",
    "section": "",
    "url_path": "pulse",
    "order": 20,
    "dated": False,
    "help": "What is happening right now?",
}

with page.page(PAGE, title="What is happening right now?"):
    pulse.draw(page.workspace())
