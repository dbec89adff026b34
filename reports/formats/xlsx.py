"""A workbook: a sheet for each block, with typed cells and charts that Excel draws itself; or one long table."""

from __future__ import annotations

from core.report import Format
from reports.sheets import pages, streamed

FORMAT = Format(
    "Excel",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    pages.write,
    streamed.write,
    streamed.ROWS,
)
