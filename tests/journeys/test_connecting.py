"""A person connects a platform: from an empty site through the consent screen to a number on the overview."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import free_port, gone, start

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHOWN_MS, READ_MS = 30_000, 120_000


@pytest.fixture
def empty(serve):
    """A site without anything, whose platforms are played by its own sandbox."""
    port = free_port()
    return serve(PLUMBLINE_PORT=str(port), PLUMBLINE_GATEWAY=f"http://127.0.0.1:{port}/sandbox")


def test_it_leads_from_nothing_to_a_number(empty, page):
    page.goto(empty.url)
    page.get_by_role("button", name="Connect", exact=True).click(timeout=SHOWN_MS)
    page.get_by_role("button", name="Connect X").click(timeout=SHOWN_MS)
    expect(page.get_by_text(f"{empty.url}/oauth/callback")).to_be_visible(timeout=SHOWN_MS)
    page.get_by_label("Client id").fill("id-1")
    page.get_by_label("Client secret").fill("secret-1")
    page.get_by_role("button", name="Save the keys").click()
    page.get_by_role("link", name="Continue to X").click(timeout=SHOWN_MS)

    page.get_by_role("button", name="Allow").click(timeout=SHOWN_MS)
    page.wait_for_url(re.compile(r"/connections\?.*connection=\d+"), timeout=SHOWN_MS)
    page.get_by_role("button", name="Begin to read").first.click(timeout=SHOWN_MS)
    expect(page.get_by_text(re.compile(r"Connected$"))).to_be_visible(timeout=READ_MS)
    expect(page.get_by_role("region", name="The last run", exact=True).first).to_be_visible()

    page.get_by_role("link", name="Overview").click()
    expect(page.locator('[data-testid="stMetricValue"]').first).to_be_visible(timeout=SHOWN_MS)
    assert page.locator('[data-testid="stException"]').count() == 0


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A site for all platforms, each connected beside those before."""
    port = free_port()
    site = start(
        tmp_path_factory.mktemp("site"),
        PLUMBLINE_PORT=str(port),
        PLUMBLINE_GATEWAY=f"http://127.0.0.1:{port}/sandbox",
    )
    yield site
    gone(site)


@pytest.mark.parametrize("title", ["Facebook", "Instagram", "LinkedIn", "TikTok", "X", "YouTube"])
def test_it_takes_a_person_through_every_step(shared, page, title):
    page.goto(f"{shared.url}/connections")
    first = page.get_by_role("button", name="Connect", exact=True)
    connect = page.get_by_role("button", name=f"Connect {title}", exact=True)
    expect(first.or_(connect)).to_be_visible(timeout=SHOWN_MS)
    if first.is_visible():
        first.click()
    connect.click(timeout=SHOWN_MS)
    expect(page.get_by_text(f"{shared.url}/oauth/callback")).to_be_visible(timeout=SHOWN_MS)
    page.get_by_label("Client id").fill("id-1")
    page.get_by_label("Client secret").fill("secret-1")
    page.get_by_role("button", name="Save the keys").click()
    page.get_by_role("link", name=f"Continue to {title}").click(timeout=SHOWN_MS)
    page.get_by_role("button", name="Allow").click(timeout=SHOWN_MS)
    page.get_by_role("button", name="Test first").click(timeout=SHOWN_MS)
    expect(page.get_by_text(re.compile(r"\d+ of \d+ metrics answered"))).to_be_visible(timeout=READ_MS)
    expect(page.get_by_role("checkbox", name=re.compile("Northwind")).first).to_be_checked()
    expect(page.get_by_role("button", name="Begin to read").first).to_be_enabled()
    assert page.locator('[data-testid="stException"]').count() == 0


def test_it_comes_back_with_a_reason_when_a_person_refuses(empty, page):
    page.goto(f"{empty.url}")
    page.get_by_role("button", name="Connect", exact=True).click(timeout=SHOWN_MS)
    page.get_by_role("button", name="Connect X").click(timeout=SHOWN_MS)
    page.get_by_label("Client id").fill("id-1")
    page.get_by_label("Client secret").fill("secret-1")
    page.get_by_role("button", name="Save the keys").click()
    page.get_by_role("link", name="Continue to X").click(timeout=SHOWN_MS)
    page.get_by_role("button", name="Deny").click(timeout=SHOWN_MS)
    expect(page.get_by_text("was not given")).to_be_visible(timeout=SHOWN_MS)
    page.get_by_role("link", name="Back to Connections").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=SHOWN_MS)
