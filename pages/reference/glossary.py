"""What does each metric mean, and where does it come from?"""

from ui import page
from ui.screens import glossary

PAGE = {
    "title": "Glossary",
    "icon": ":material/menu_book:",
    "section": "Reference",
    "url_path": "glossary",
    "order": 900,
    "needs_workspace": False,
    "filters": False,
    "help": "What does each metric mean, and where does it come from?",
}

with page.page(PAGE, title="What does each metric mean?", lead="Definitions, formulas and the fields they come from."):
    glossary.draw()
