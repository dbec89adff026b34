"""From an empty folder to numbers one can trust: the same on the page, in the API and in plain SQL."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from datetime import date
from urllib.request import urlopen

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from analytics.metrics.registry import metric
from core import numbers
from core.clock import epoch_day
from core.metric import Unit
from tests.journeys.conftest import ROOT, gone, start, watched
from ui import menu

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]
PATIENCE_MS = 600_000


def fetched(site, path):
    with urlopen(f"{site.url}{path}", timeout=30) as answer:
        return json.load(answer)


def plain_sql(site, first, last, workspace):
    """Sums over the fact table, with nothing of ours in between."""
    question = (
        "SELECT sum(value) FROM fact WHERE workspace_id = ? AND metric_id = ? AND grain = 1 AND dimension_id = 0 "
        "AND day BETWEEN ? AND ?"
    )
    with sqlite3.connect(site.folder / "data" / "plumbline.db") as connection:
        return {
            name: connection.execute(
                question, (workspace, metric(name).id, epoch_day(first), epoch_day(last))
            ).fetchone()[0]
            for name in ("views", "likes", "comments", "replies", "shares", "reposts")
        }


def engaged_where_viewed(site, first, last, workspace):
    """Engagement of the days and accounts that have views: LinkedIn counts none, so its engagement is in no rate."""
    by_platform = {"x": ("likes", "replies", "reposts"), "": ("likes", "comments", "shares")}
    question = (
        "SELECT sum(f.value) FROM fact f JOIN account a ON a.id = f.account_id JOIN fact v ON v.workspace_id = "
        "f.workspace_id AND v.metric_id = ? AND v.grain = 1 AND v.dimension_id = 0 AND v.day = f.day AND v.account_id = "
        "f.account_id WHERE f.workspace_id = ? AND f.grain = 1 AND f.dimension_id = 0 AND f.day BETWEEN ? AND ? "
        "AND f.metric_id = ? AND (a.platform = 'x') = ?"
    )
    span = (metric("views").id, workspace, epoch_day(first), epoch_day(last))
    with sqlite3.connect(site.folder / "data" / "plumbline.db") as connection:
        return sum(
            connection.execute(question, (*span, metric(name).id, platform == "x")).fetchone()[0] or 0
            for platform, names in by_platform.items()
            for name in names
        )


@pytest.fixture(scope="module")
def explored(tmp_path_factory, chromium):
    """A site on which a person chose the demo on the first page, when it is filled."""
    site = start(tmp_path_factory.mktemp("explored"), PLUMBLINE_SCHEDULER="off")
    try:
        with watched(chromium) as page:
            page.goto(site.url)
            page.get_by_role("button", name="Explore the demo").click()
            page.locator('[data-testid="stMetricValue"]').first.wait_for(timeout=PATIENCE_MS)
        yield site
    finally:
        gone(site)


@pytest.fixture(scope="module")
def filled(explored):
    """The same when its history is read and studied."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while "The demo is filled." not in explored.output():
        assert time.monotonic() < deadline, explored.output()
        time.sleep(1)
    environment = os.environ | {"PLUMBLINE_DATA_DIR": str(explored.folder / "data")}
    subprocess.run([sys.executable, "-m", "services.studies"], cwd=ROOT, env=environment, check=True, timeout=600)
    return explored


def test_it_fills_a_demo_whose_numbers_hang_straight(filled, page):
    explored = filled
    answer = fetched(explored, "/api/v1/analytics/overview")
    first, last = date.fromisoformat(answer["from_date"]), date.fromisoformat(answer["to_date"])
    sums = plain_sql(explored, first, last, int(answer["business_id"]))
    assert answer["metrics"]["views"]["value"] == pytest.approx(sums["views"])
    engaged = engaged_where_viewed(explored, first, last, int(answer["business_id"]))
    assert answer["metrics"]["engagement_rate"]["value"] == pytest.approx(engaged / sums["views"])

    page.goto(explored.url)
    page.locator('[data-testid="stMetricValue"]').first.wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    shown = page.locator('[data-testid="stMetricValue"]').all_inner_texts()
    for name, unit in (("views", Unit.COUNT), ("engagement", Unit.COUNT), ("engagement_rate", Unit.RATIO),
                       ("followers", Unit.COUNT)):  # fmt: skip
        assert numbers.short(answer["metrics"][name]["value"], unit) in shown
    assert page.locator("canvas, svg.marks").count() >= 3
    assert page.get_by_text("Demo").first.is_visible()
    assert page.locator('[data-testid="stException"]').count() == 0


PAGES = [entry.spec.url_path for entry in menu.entries() if entry.spec.in_menu]
GRAVE = {"serious", "critical"}


def settled(page):
    """Wait until a page is read and drawn."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_timeout(500)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    page.wait_for_timeout(1000)


def barriers(page):
    """What keeps people out: grave violations that axe-core finds."""
    page.evaluate(AXE_SCRIPT)
    looked_at = "{exclude: [['[data-testid=stMetric] svg']]}"  # Streamlit's own sparklines name their marks by no title
    found = page.evaluate(f"axe.run({looked_at}, {{resultTypes: ['violations']}})")["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found if one["impact"] in GRAVE for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_keeps_nobody_out(filled, chromium, scheme):
    found = {}
    with watched(chromium, viewport={"width": 390, "height": 844}, color_scheme=scheme) as phone:
        for path in PAGES:
            phone.goto(f"{filled.url}/{path}")
            settled(phone)
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
            assert phone.locator('[data-testid="stException"]').count() == 0, path
            found[path] = barriers(phone)
    assert {path: some for path, some in found.items() if some} == {}


def test_it_keeps_nobody_out_on_a_wide_screen(filled, page):
    found = {}
    for path in PAGES:
        page.goto(f"{filled.url}/{path}")
        settled(page)
        assert page.locator('[data-testid="stException"]').count() == 0, path
        found[path] = barriers(page)
    assert {path: some for path, some in found.items() if some} == {}


def test_it_leads_from_a_platform_to_a_post_and_back_with_the_filters(filled, page):
    page.goto(f"{filled.url}/platform?period=Last+90+days")
    settled(page)
    page.get_by_role("button", name="TikTok").first.click()
    page.wait_for_url(re.compile("p=TikTok"), timeout=60_000)
    settled(page)
    page.get_by_role("link", name="Top posts").first.click()
    page.get_by_role("heading", name="Which posts did best?").wait_for(timeout=60_000)
    settled(page)
    assert "p=TikTok" in page.url
    assert "period=Last+90+days" in page.url
    table = page.locator('[data-testid="stDataFrame"]').first
    place = table.bounding_box()
    page.mouse.click(place["x"] + 120, place["y"] + 54)
    page.get_by_role("heading", name="How did this post do?").wait_for(timeout=60_000)
    settled(page)
    assert "post=" in page.url
    page.go_back()
    page.get_by_role("heading", name="Which posts did best?").wait_for(timeout=60_000)
    settled(page)
    page.get_by_text("TikTok", exact=True).filter(visible=True).first.wait_for(timeout=60_000)
    page.get_by_text("Last 90 days", exact=True).filter(visible=True).first.wait_for(timeout=60_000)
    with watched(page.context.browser) as other:
        other.goto(page.url)
        settled(other)
        same = other.get_by_text("Last 90 days", exact=True).filter(visible=True).first
        same.wait_for(timeout=60_000)  # a link shows another person the same view
