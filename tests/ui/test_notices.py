"""What the Connections page says of the notices that platforms send by themselves."""

import pytest

from core import clock
from core.records import Account
from sandbox import webhooks as senders
from services.connecting import connections, webhooks
from services.installation import site
from services.team import workspaces
from storage import connections as stored
from storage import entities
from tests.ui.conftest import texts

PUBLIC = "https://numbers.example.org"


@pytest.fixture
def viewer(sqlite_database, monkeypatch):
    monkeypatch.setattr(site._Address, "public", PUBLIC)
    return workspaces.create("Quayside")


@pytest.fixture
def link(sqlite_database, viewer):
    def made(platform):
        connections.save_app_keys(viewer, platform, "app-1", "secret-1")
        now = clock.utc_now()
        with sqlite_database.write() as connection:
            found = stored.add(connection, viewer.workspace_id, platform, "", now=now, state="active")
            accounts = [Account("1784", "Quayside")]
            entities.upsert_accounts(connection, viewer.workspace_id, platform, accounts, now=now, connection_id=found)
        return found

    return made


def opened(screen, connection_id):
    app = screen()
    app.switch_page("../pages/data/connections.py")
    app.query_params["connection"] = str(connection_id)
    app.run()
    assert not app.exception
    return app


def labels(app):
    return [one.label for one in app.expander if one.label.startswith("Notices")]


def test_it_shows_what_to_enter_at_the_platform(screen, viewer, link):
    made = link("instagram")
    app = opened(screen, made)
    assert labels(app) == ["Notices from Instagram: none yet"]
    codes = [one.value for one in app.code]
    assert f"{PUBLIC}/webhooks/instagram?workspace={viewer.workspace_id}" in codes
    assert webhooks.notices(viewer, made).token in codes
    assert "Subscribe to the fields comments, mentions" in texts(app)
    assert "PLUMBLINE\\_BASE\\_URL" not in texts(app)


def test_it_says_when_the_last_one_came(screen, viewer, link):
    made, now = link("instagram"), clock.utc_now()
    parcel = senders.meta("instagram", "1784", "secret-1", now)
    headers = {name.lower(): value for name, value in parcel.headers.items()}
    assert webhooks.receive("instagram", headers, parcel.body, now=now) == 1
    assert labels(opened(screen, made)) == ["Notices from Instagram: last one just now"]


def test_it_says_that_nothing_is_to_be_done(screen, viewer, link):
    app = opened(screen, link("youtube"))
    assert labels(app) == ["Notices from YouTube: none yet"]
    assert "Asked for every hour until YouTube confirms" in texts(app)
    assert not [one.value for one in app.code if "webhooks" in one.value], "there is nothing to copy"


def test_it_says_when_no_platform_can_reach_the_site(screen, viewer, link, monkeypatch):
    monkeypatch.setattr(site._Address, "public", "http://localhost:8501")
    app = opened(screen, link("youtube"))
    assert "public https address" in texts(app)
    assert "Asked for every hour" not in texts(app)


def test_it_says_nothing_where_a_platform_sends_none(screen, viewer, link):
    assert labels(opened(screen, link("x"))) == []
