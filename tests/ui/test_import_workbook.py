"""The Import page takes LinkedIn's XLS as it comes, stores it, and says what is wrong with one it cannot open."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.tables import PostTotal
from tests.services.seeded import Seeded
from tests.ui.test_import_page import PAGE, bring, checked, choose, field, press, said

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FOLDER = Path(__file__).parents[1] / "services" / "imports" / "workbooks"


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database, now=NOW, time_zone="Europe/Berlin", currency="EUR")


@pytest.fixture
def opened(screen, seeded):
    app = screen()
    app.switch_page(PAGE)
    return checked(app.run())


def test_it_takes_an_xls_of_linkedin_at_one_look(opened, seeded):
    assert "The XLS file can be brought as it is" in said(opened)
    assert ".xls" in opened.file_uploader[0].proto.type
    app = bring(opened, "northwind_updates.xls", (FOLDER / "linkedin_updates.xls").read_bytes())
    assert "This looks like LinkedIn page analytics: posts, in English." in said(app)
    assert "XLS, sheet “Update engagement”" in said(app)
    assert field(app, "Sheet").options == ["Update metrics (aggregated)", "Update engagement"]
    app = press(choose(app, "Name of the account", "Northwind", "text_input"), "Store 2 posts")
    assert "2 posts stored" in said(app)
    with seeded.database.read() as connection:
        assert (
            1934.0
            in connection.execute(sa.select(sa.func.sum(PostTotal.value)).group_by(PostTotal.metric_id)).scalars()
        )


def test_it_says_that_a_workbook_has_a_password(opened):
    app = bring(opened, "northwind.xls", (FOLDER / "locked.xls").read_bytes())
    (error,) = app.error
    assert "has a password. Open it in a spreadsheet program and save it without a password." in error.value.replace(
        "\\", ""
    )
