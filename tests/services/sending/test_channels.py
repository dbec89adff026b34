"""Chat channels of a workspace: kept under a name, their addresses in the vault, and a test that tells the answer."""

from datetime import UTC, datetime

import pytest

from core.errors import BadSetting, NotAllowed, NotFound
from core.viewer import Viewer
from services.sending import channels
from storage import database as stores
from tests.alerts.postbox import Postbox, serving
from tests.alerts.test_chats import SLACK, TEAMS, chat
from tests.services.reports.office import settings
from tests.services.seeded import Seeded

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def viewer(database):
    stores.use(database)
    return Seeded(database).viewer


def test_it_keeps_channels_by_name_and_their_addresses_to_itself(viewer):
    one = channels.add(viewer, "slack", " #marketing ", f" {SLACK} ")
    two = channels.add(viewer, "teams", "Board", TEAMS)
    assert [(each.id, each.way, each.name) for each in channels.all_of(viewer)] == [
        (one, "slack", "#marketing"), (two, "teams", "Board")
    ]  # fmt: skip
    assert channels.address(viewer.workspace_id, one) == SLACK
    assert "sEcReT" not in repr(channels.all_of(viewer))
    channels.remove(viewer, one)
    assert [each.id for each in channels.all_of(viewer)] == [two]
    with pytest.raises(NotFound):
        channels.address(viewer.workspace_id, one)


def test_it_refuses_what_cannot_be_a_channel(viewer):
    channels.add(viewer, "slack", "Board", SLACK)
    for way, name, address in (("slack", "", SLACK), ("slack", "board", SLACK), ("slack", "Other", TEAMS), ("mail", "M", "a@b.example"),
                               ("fax", "Fax", "1"), ("teams", "Other", "https://evil.example/x")):  # fmt: skip
        with pytest.raises(BadSetting):
            channels.add(viewer, way, name, address)
    with pytest.raises(NotAllowed):
        channels.add(Viewer("guest", viewer.workspace_id, frozenset()), "slack", "Mine", SLACK)


def test_it_shows_no_workspace_the_channels_of_another(viewer, database):
    mine = channels.add(viewer, "slack", "Board", SLACK)
    other = Seeded(database).viewer
    assert channels.all_of(other) == []
    with pytest.raises(NotFound):
        channels.address(other.workspace_id, mine)


def test_it_tells_what_the_other_side_said_to_a_test(viewer, monkeypatch):
    made = channels.add(viewer, "slack", "Board", SLACK)
    for status, body, taken in ((200, "ok", True), (404, "no_service", False)):
        with chat(status, body) as (through, seen):
            monkeypatch.setenv("PLUMBLINE_GATEWAY", through.gateway)
            good, said = channels.test(viewer, "slack", str(made), now=NOW)
        assert (good, body in said) == (taken, True)
        assert "This is a test from Plumbline" in str(seen)
    with serving(Postbox()) as box:
        settings(monkeypatch, box)
        assert channels.test(viewer, "mail", "me@example.com", now=NOW) == (True, "250 2.0.0 queued as 7")
        assert "This is a test" in box.mails[0].read.get_content()
        good, said = channels.test(viewer, "mail", "nobody", now=NOW)
        assert not good
        assert "no mail address" in said


def test_it_says_in_a_test_that_there_is_no_mail_server(viewer):
    assert not channels.mail_is_set_up()
    good, said = channels.test(viewer, "mail", "me@example.com", now=NOW)
    assert not good
    assert "PLUMBLINE_SMTP_HOST" in said
