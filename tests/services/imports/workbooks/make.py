"""How the workbooks beside this file were made; run it where `soffice` (LibreOffice 7) is installed.

Each pair was written by openpyxl and saved as XLS and as XLSX by LibreOffice, so that formulas have results. Cells
follow LinkedIn's page analytics; all names and numbers are invented. The two called `locked` are the followers again,
with the password "secret": `locked.xls` saved by LibreOffice, `locked.xlsx` encrypted by msoffcrypto-tool.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
POST_HEADS = (
    "Update title", "Update link", "Update type", "Campaign name", "Posted by", "Created date", "Campaign start date",
    "Campaign end date", "Audience", "Impressions", "Video views", "Offsite Views", "Clicks",
    "Click through rate (CTR)", "Likes", "Comments", "Shares", "Follows", "Engagement rate",
)  # fmt: skip
_LINK = "https://www.linkedin.com/feed/update/urn:li:activity:"
POSTS = (
    ("We are hiring baristas in Berlin", f"{_LINK}7080000000000000001", "Organic", None, "Ana Example", "07/03/2026",
     None, None, "All followers", 700, None, None, 22, 0.0314, 31, 4, 2, 1, 0.0843),
    ("Süßes für alle ☕", f"{_LINK}7080000000000000002", "Organic", None, "Ana Example", "07/14/2026",
     None, None, "All followers", 1234, 210, None, 40, "3.24%", 50, 0, "=NA()", None, "7.29%"),
)  # fmt: skip
DAY_HEADS = (
    "Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)", "Unique impressions (organic)",
    "Clicks (organic)", "Clicks (sponsored)", "Clicks (total)", "Engagement rate (organic)",
)  # fmt: skip
DAYS = (
    ("07/03/2026", 400, 50, 450, 300, 12, 1, 13, 0.0925),
    ("07/04/2026", 380, 0, 380, 290, 10, 0, 10, 0.07),
)
_ABOUT = "The data is aggregated from 07/03/2026 to 07/14/2026. All times are UTC; organic and sponsored posts."


def updates(book: Workbook) -> None:
    """A line of text, then two rows of headings; dates are text, and rates are formatted or text."""
    days = book.create_sheet("Update metrics (aggregated)")
    _fill(days, (_ABOUT,), (None, "Impressions", *[None] * 3, "Clicks"), DAY_HEADS, *DAYS)
    posts = book.create_sheet("Update engagement")
    _fill(posts, ("Engagement metrics for individual updates",), ("Update", *[None] * 8, "Numbers"), POST_HEADS, *POSTS)
    for sheet, groups in ((days, ("A2:A2", "B2:E2", "F2:H2")), (posts, ("A2:I2", "J2:S2"))):
        for group in groups:
            sheet.merge_cells(group)
    for sheet, columns in ((days, "I"), (posts, "NS")):
        for column in columns:
            for cell in sheet[column]:
                cell.number_format = "0.00%"


def followers(book: Workbook) -> None:
    """Real dates; a sheet of something else, an empty one and a hidden one."""
    gained = book.create_sheet("New followers")
    heads = ("Date", "Sponsored followers", "Organic followers", "Auto-invited followers", "Total followers")
    _fill(gained, heads, (date(2026, 7, 3), 2, 9, 1, 12), (date(2026, 7, 4), 0, 7, 0, "=B3+C3+D3"))
    for row in (2, 3):
        gained.cell(row, 1).number_format = "M/D/YYYY"
    _fill(book.create_sheet("Location"), ("Location", "Total followers"), ("Berlin, Germany", 812))
    book.create_sheet("Empty")
    hidden = book.create_sheet("Notes")
    _fill(hidden, ("Note", "By"), ("Nothing of interest", "Ana Example"))
    hidden.sheet_state = "hidden"


def kinds(book: Workbook) -> None:
    """Every kind of cell, with blank lines between."""
    sheet = book.create_sheet("Kinds")
    _fill(
        sheet,
        ("Date", "Post ID", "Likes", "Revenue", "Text", "Result", "Mood"),
        (datetime(2024, 2, 29, 8, 30, 15), 71234567890123, 12.0, 1.234, "  007 ", "=C2+1", True),
        (),
        (),
        (date(2026, 1, 2), "7123456789012345678", 0, -2.5, "1,234", "=1/0", False),
        (date(2026, 1, 3), None, 1e-7, 12345678.125, "=2=3", '="a"&"b"', time(17, 30)),
    )


def since_1904(book: Workbook) -> None:
    """Dates as old Macs count them."""
    book.epoch = MAC_EPOCH
    _fill(book.create_sheet("Days"), ("Date", "Likes"), (date(2026, 1, 2), 3), (datetime(2026, 1, 3, 6), 4))


def _fill(sheet: Worksheet, *lines: tuple[object, ...]) -> None:
    for line in lines:
        sheet.append(line)


def main() -> None:
    """Write all pairs."""
    makers = {"linkedin_updates": updates, "linkedin_followers": followers, "kinds": kinds, "since_1904": since_1904}
    for name, fill in makers.items():
        book = Workbook()
        book.remove(book.active)
        fill(book)
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / f"{name}.xlsx"
            book.save(written)
            for kind in ("xls", "xlsx"):
                out = Path(folder) / kind
                subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", out, written], check=True)
                shutil.copy(out / f"{name}.{kind}", HERE)


if __name__ == "__main__":
    main()
