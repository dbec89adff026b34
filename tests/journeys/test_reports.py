"""A person lays a report out, makes it, takes it as PDF, and shares it until they no longer want to."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

import storage.database
from core import clock
from services.reports import archive
from storage.database import open_database
from tests.journeys.conftest import free_port, watched
from tests.services.seeded import Seeded

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHOWN_MS, MADE_MS = 60_000, 120_000
PASSWORD = "correct horse"


@pytest.fixture
def site(serve, tmp_path):
    """A site with one account and seventy days of numbers."""
    (tmp_path / "data").mkdir()
    opened = open_database(f"sqlite:///{tmp_path / 'data' / 'plumbline.db'}", tmp_path / "data")
    storage.database.use(opened)
    made = Seeded(opened, now=clock.utc_now())
    account = made.account("instagram", "North")
    first = clock.utc_now().date() - timedelta(days=70)
    for metric, size in (("views", 1000), ("likes", 50), ("comments", 10), ("shares", 10), ("followers", 9000)):
        made.facts(account, metric, [size + day % 7 for day in range(71)], first=first)
    opened.close()
    storage.database.use(None)
    return serve(PLUMBLINE_PORT=str(free_port()), PLUMBLINE_SCHEDULER="off")


def titles(page):
    return page.locator("ol li .title").all_inner_texts()


def test_it_leads_from_a_template_to_a_shared_pdf(site, page, chromium, tmp_path):
    _lay_out(site, page)
    _take_as_pdf(page, tmp_path)
    address = _share(page)
    _read_with_password(chromium, address)
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("revoked")).to_be_visible(timeout=SHOWN_MS)
    with watched(chromium) as later:
        assert later.goto(address).status == 404
    assert page.locator('[data-testid="stException"]').count() == 0


def _lay_out(site, page):
    page.goto(f"{site.url}/reports")
    page.get_by_role("button", name="Executive summary").click(timeout=SHOWN_MS)
    expect(page.get_by_text("Saved")).to_be_visible(timeout=SHOWN_MS)
    expect(page.locator("ol li")).to_have_count(5, timeout=SHOWN_MS)
    before = titles(page)
    page.get_by_role("button", name="Add a block").click()
    page.get_by_role("dialog").get_by_role("button", name="Page break").click(timeout=SHOWN_MS)
    expect(page.locator("ol li")).to_have_count(len(before) + 1, timeout=SHOWN_MS)
    added = titles(page)
    assert added[1] == "Page break"

    grip = page.get_by_role("button", name=re.compile(r"^Move Page break: 2 of"))
    grip.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name=re.compile(r"^Move Page break: 4 of"))).to_be_focused()
    moved = [added[0], *added[2:4], added[1], *added[4:]]
    assert titles(page) == moved
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.locator("ol li")).to_have_count(len(moved), timeout=SHOWN_MS)
    assert titles(page) == moved


def _take_as_pdf(page, tmp_path):
    from pypdf import PdfReader

    if "pdf" not in archive.formats():
        pytest.fail("there is no PDF format")
    page.get_by_role("button", name="Make report").click()
    expect(page.get_by_text("Share a link", exact=True)).to_be_visible(timeout=MADE_MS)
    with page.expect_download(timeout=MADE_MS) as found:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name="PDF").click()
    file = tmp_path / "report.pdf"
    found.value.save_as(file)
    assert found.value.suggested_filename.endswith(".pdf")
    pages = PdfReader(file).pages
    assert len(pages) >= 2
    assert "Executive summary" in pages[0].extract_text()


def _share(page):
    page.get_by_role("textbox", name="Password, if you like").fill(PASSWORD)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_text("shown only once")).to_be_visible(timeout=SHOWN_MS)
    return page.get_by_test_id("stCode").inner_text().strip()


def _read_with_password(chromium, address):
    with watched(chromium) as guest:
        guest.goto(address)
        assert "Executive summary" not in guest.content()
        guest.get_by_label("Password").fill(PASSWORD)
        guest.get_by_role("button").click()
        expect(guest.get_by_role("heading", name="Executive summary")).to_be_visible(timeout=SHOWN_MS)
        guest.get_by_role("link", name="Open the report").click()
        expect(guest.get_by_role("heading", name="Executive summary").first).to_be_visible(timeout=SHOWN_MS)
