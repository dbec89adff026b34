"""Which numbers does this file hold?"""

from ui import page
from ui.screens import importing

PAGE = {
    "title": "Import",
    "icon": ":material/upload_file:",
    "section": "Data",
    "url_path": "import",
    "order": 120,
    "filters": False,
    "help": "Bring numbers in by file.",
}

with page.page(PAGE, title="Import a file", lead=importing.LEAD):
    importing.draw(page.workspace())
