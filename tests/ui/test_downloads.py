"""What leaves a panel, opened again by other programs."""

from datetime import date, datetime
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd

from charts import picture
from ui import downloads

TABLE = pd.DataFrame(
    {
        "Day": [date(2026, 11, 1), date(2026, 11, 2)],
        "Read": [datetime(2026, 11, 1, 9, 30), None],
        "Views": [1234.5, np.nan],
        "Said": ["=1+1", "-5 °C, fine"],
    }
)


def test_it_writes_a_workbook_with_types():
    sheet = openpyxl.load_workbook(BytesIO(downloads.to_xlsx(TABLE, "Views / by day"))).active
    assert sheet.title == "Views by day"
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Day", "Read", "Views", "Said")
    assert rows[1] == (datetime(2026, 11, 1), datetime(2026, 11, 1, 9, 30), 1234.5, "=1+1")
    assert rows[2] == (datetime(2026, 11, 2), None, None, "-5 °C, fine")
    assert sheet["D2"].data_type == "s", "text stays text, whatever it begins with"
    assert sheet.freeze_panes == "A2"


def test_it_defuses_formulas_in_csv_only():
    lines = downloads.to_csv(TABLE).decode("utf-8-sig").splitlines()
    assert lines[1] == "2026-11-01,2026-11-01 09:30:00,1234.5,'=1+1"


def test_it_writes_an_empty_table():
    sheet = openpyxl.load_workbook(BytesIO(downloads.to_xlsx(TABLE.head(0), ""))).active
    assert [cell.value for cell in sheet[1]] == list(TABLE.columns)
    assert sheet.title == "Data"


def test_it_draws_a_chart_as_a_picture():
    import altair as alt

    spec = alt.Chart(pd.DataFrame({"x": [1, 2], "y": [3, 4]})).mark_line().encode(x="x", y="y").to_dict()
    drawn = picture.draw(spec, "svg", title="Views by day").decode()
    assert drawn.startswith("<svg")
    assert "Views by day" in drawn
    assert picture.draw(spec, "png")[:8] == b"\x89PNG\r\n\x1a\n"
    assert "width" not in spec, "what a screen draws stays as it is"
