"""Leaving a mailing list without an account, and the pictures of a shared report."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from starlette.applications import Starlette

from api.app import create, routes
from core import clock
from core.report import Block
from services.reports import archive, layouts, links, lists
from tests.services.reports.office import Office

NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)


@pytest.fixture
def office(database):
    return Office(database)


@pytest.fixture
def client(office):
    with TestClient(
        Starlette(routes=routes(create())), raise_server_exceptions=False, follow_redirects=False
    ) as opened:
        yield opened


@pytest.fixture
def token(office):
    return lists.token(office.viewer.workspace_id, lists.people(office.viewer, office.list_id)[0].id)


def left(office):
    return [one.email for one in lists.people(office.viewer, office.list_id) if one.unsubscribed_at]


def test_it_changes_nothing_when_a_link_is_opened(client, office, token):
    """Mail servers open every link in a mail to see where it leads."""
    page = client.get(f"/u/{token}")
    assert page.status_code == 200
    assert "ann@example.com is on the list “Team”." in page.text
    assert client.head(f"/u/{token}").status_code in {200, 405}
    assert left(office) == []


def test_it_lets_go_by_one_click_and_takes_back_by_another(client, office, token):
    gone = client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    assert gone.status_code == 200
    assert "You get no more of these mails" in gone.text
    assert left(office) == ["ann@example.com"]
    assert client.post(f"/u/{token}").status_code == 200
    assert f'action="/u/{token}/again"' in gone.text
    assert "is on the list" in client.post(f"/u/{token}/again").text
    assert left(office) == []


def test_it_tells_nothing_to_who_has_no_link(client, office, token):
    for wrong in ("x", "1.x", token[:-2] + "zz", token.partition(".")[0] + "."):
        for answer in (client.get(f"/u/{wrong}"), client.post(f"/u/{wrong}"), client.post(f"/u/{wrong}/again")):
            assert answer.status_code == 404
            assert "example.com" not in answer.text
    assert left(office) == []


def test_it_is_in_no_search_engine_and_no_frame(client, token):
    head = client.get(f"/u/{token}").headers
    assert "noindex" in head["X-Robots-Tag"]
    assert head["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in head["Content-Security-Policy"]
    assert head["Cache-Control"] == "no-store"


def test_it_speaks_the_readers_language(client, token):
    page = client.get(f"/u/{token}", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert '<html lang="de">' in page.text
    assert "No more of these mails?" not in page.text


def test_it_shows_names_as_text(client, office, token):
    lists.rename(office.viewer, office.list_id, "<script>alert(1)</script>")
    assert "<script>" not in client.get(f"/u/{token}").text


@pytest.fixture
def shared(office):
    made = office.report(blocks=(Block("c", "over_time", options={"metrics": ["views"]}),), period="last_7")
    return archive.make(office.viewer, layouts.find(office.viewer, made).layout, now=NOW)


def test_it_gives_the_charts_of_a_shared_report_as_pictures(client, office, shared):
    token = links.share(office.viewer, shared, now=NOW, expires_at=None)
    answer = client.get(f"/r/{token}/chart/1.png")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert Image.open(BytesIO(answer.content)).size[0] > 600
    for number in ("2", "0", "-1", "x", "99999"):
        assert client.get(f"/r/{token}/chart/{number}.png").status_code in {400, 404}
    (link,) = links.all_of(office.viewer, shared, now=NOW)
    assert [what for _, what in link.visits] == ["png"]


def test_it_gives_no_pictures_past_a_password_or_an_end(client, office, shared):
    locked = links.share(office.viewer, shared, now=NOW, expires_at=None, password="open sesame")
    assert client.get(f"/r/{locked}/chart/1.png").status_code == 403
    open_one = links.share(office.viewer, shared, now=NOW, expires_at=None)
    for one in links.all_of(office.viewer, shared, now=clock.utc_now()):
        links.revoke(office.viewer, one.id, now=clock.utc_now())
    assert client.get(f"/r/{open_one}/chart/1.png").status_code == 404
