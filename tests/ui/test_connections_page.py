"""The Connections page over a real store, its platforms played by the sandbox over real HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import ApiVersion
from core import clock
from core.errors import AuthorisationExpired
from services import sync
from services.connecting import budget, connections, consent, platforms, setup
from services.installation import demo, site
from services.team import workspaces
from storage import connections as stored
from storage import entities
from tests.ui.conftest import texts
from ui import format

REDIRECT = "http://127.0.0.1:8501/oauth/callback"


@pytest.fixture
def viewer(sqlite_database):
    return workspaces.create("Quayside")


@pytest.fixture
def waiting(viewer, sandbox):
    """X with keys, waiting for consent."""
    sandbox.world.travel(clock.utc_now())
    connections.save_app_keys(viewer, "x", "id-1", "secret-1")
    return connections.add(viewer, "x", gateway=sandbox.url)


@pytest.fixture
def consented(viewer, waiting):
    """X with consent given and accounts found, not begun."""
    address = consent.begin(viewer, waiting, redirect_uri=REDIRECT, browser_nonce="b")
    state, code, _ = demo.allow(address)
    consent.finish(state=state, code=code, error="", browser_nonce="b", hold=True)
    return waiting


@pytest.fixture
def read(viewer, consented):
    """X, read once."""
    setup.start(viewer, consented)
    sync.sync_connection(viewer.workspace_id, consented, trigger="connect")
    return consented


def open_page(screen, **params):
    app = screen()
    app.switch_page("../pages/data/connections.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def html(app):
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def test_it_shows_every_platform_and_what_it_brings(screen, viewer):
    app = open_page(screen)
    said = texts(app)
    for title in ("Instagram", "YouTube", "X", "Facebook", "LinkedIn", "TikTok"):
        assert f"**{title}**" in said
    assert "Nothing is connected yet" in said
    assert "Read every 4 hours" in said and "24 months back" in said and "From the day you connect" in said
    there = {one.platform for one in connections.available(viewer)}
    assert {one.key for one in app.button if (one.key or "").startswith("connect-")} == {
        f"connect-{one}" for one in there
    }


def test_it_begins_with_what_a_platform_needs(screen, viewer, monkeypatch):
    monkeypatch.setattr(site._Address, "public", "https://numbers.example.org")
    app = press(open_page(screen), "connect-instagram")
    assert app.code[0].value == "https://numbers.example.org/oauth/callback"
    assert "redirect address" in texts(app)
    assert "/oauth/start" not in html(app), "no consent without keys"
    (view,) = connections.list_all(viewer)
    assert (view.platform, view.state) == ("instagram", "new")


def test_it_says_when_a_platform_will_refuse_the_address(screen, viewer, monkeypatch):
    monkeypatch.setattr(site._Address, "public", "http://numbers.example.org")
    app = press(open_page(screen), "connect-instagram")
    assert "Platforms accept only https" in texts(app)


def test_it_refuses_keys_that_are_empty_and_keeps_those_given(screen, viewer):
    app = press(open_page(screen), "connect-x")
    app.text_input(key="client-id-x-0").input("  ").run()
    next(one for one in app.button if one.label == "Save the keys").click().run()
    assert "client id is empty" in app.warning[0].value
    app.text_input(key="client-id-x-0").input("id-9")
    app.text_input(key="client-secret-x-0").input("secret-9")
    next(one for one in app.button if one.label == "Save the keys").click().run()
    assert setup.keys(viewer, "x") is setup.Keys.OWN
    assert "Continue to X" in html(app) and "/oauth/start?workspace=" in html(app)
    assert "secret-9" not in str(app), "what is kept is not shown again"


def test_it_says_why_each_permission_is_needed(screen, viewer, waiting):
    app = open_page(screen, connection=str(waiting))
    said = texts(app).replace("\\", "")
    asked = connections.get(viewer, waiting).permissions
    assert len(asked) > 2
    assert all(scope.name in said and scope.why in said for scope in asked)


def test_it_lists_a_permission_once_something_needs_it(screen, viewer):
    connections.save_app_keys(viewer, "linkedin", "id-1", "secret-1")
    made = connections.add(viewer, "linkedin")
    app = open_page(screen, connection=str(made))
    assert "r_marketing_leadgen_automation" not in texts(app)
    app.toggle(key=f"leads-{made}").set_value(True).run()
    assert "r_marketing_leadgen_automation" in texts(app)


def test_it_lets_a_person_choose_accounts_test_and_begin(screen, viewer, consented, sqlite_database):
    app = open_page(screen, connection=str(consented))
    assert "Northwind Coffee" in app.checkbox[0].label
    press(app, f"test-{consented}")
    (results,) = app.dataframe
    assert results.value["Values"].sum() > 0
    assert all(results.value.loc[results.value["Values"] == 0, "If none, why"] != "")
    with sqlite_database.read() as connection:
        assert stored.due(connection, clock.utc_now()) == [], "nothing is read before it is begun"
    press(app, f"begin-{consented}")
    with sqlite_database.read() as connection:
        assert [row.id for row in stored.due(connection, clock.utc_now())] == [consented]
    assert "Waiting to begin" in str([one.proto.text for one in app.get("progress")])


def test_it_refuses_a_choice_of_no_account(screen, viewer, consented):
    app = open_page(screen, connection=str(consented))
    app.checkbox[0].uncheck().run()
    press(app, f"accounts-{consented}")
    assert "Choose at least one account" in app.warning[0].value


def test_it_forgets_a_connection_that_was_never_read(screen, viewer, consented, sqlite_database):
    press(open_page(screen, connection=str(consented)), f"discard-{consented}")
    assert connections.list_all(viewer) == []
    with sqlite_database.read() as connection:
        assert entities.accounts(connection, viewer.workspace_id) == []


def test_it_tells_how_a_connection_does(screen, viewer, read):
    app = open_page(screen, connection=str(read))
    said = texts(app)
    assert "Just now" in said.replace("\\", "") and "Renews itself" in said
    streams, runs = (one.value for one in app.dataframe)
    assert set(streams["State"]) == {"✓ Read"} and streams["Rows"].sum() > 100
    assert list(runs["Why"]) == ["First reading"] and list(runs["Outcome"]) == ["✓ Good"]
    assert not app.button(key=f"sync-{read}").disabled


def test_it_asks_for_a_sync_once(screen, viewer, read):
    app = press(open_page(screen, connection=str(read)), f"sync-{read}")
    assert connections.get(viewer, read).requested
    assert app.button(key=f"sync-{read}").disabled


def test_it_asks_for_past_days(screen, viewer, read, sqlite_database):
    app = open_page(screen, connection=str(read))
    today = clock.utc_now().date()
    first, last = today - timedelta(days=9), today - timedelta(days=3)
    app.date_input(key=f"days-{read}").set_value((first, last)).run()
    press(app, f"backfill-{read}")
    with sqlite_database.read() as connection:
        row = stored.get(connection, viewer.workspace_id, read)
    assert row.options["backfill"] == [clock.epoch_day(first), clock.epoch_day(last)]
    assert row.sync_requested_at is not None


def test_it_pauses_goes_on_and_changes_the_rhythm(screen, viewer, read):
    app = press(open_page(screen, connection=str(read)), f"pause-{read}")
    assert connections.get(viewer, read).state == "paused" and app.button(key=f"sync-{read}").disabled
    press(app, f"resume-{read}")
    assert connections.get(viewer, read).state == "active"
    app.selectbox(key=f"rhythm-{read}").select("Every hour").run()
    press(app, f"rhythm-save-{read}")
    assert connections.get(viewer, read).every == timedelta(hours=1)


def test_it_says_what_is_wrong_and_what_helps(screen, viewer, read, sqlite_database, sandbox):
    with sqlite_database.write() as connection:
        error = AuthorisationExpired("X no longer accepts our login.", hint="Connect again.")
        stored.update(connection, viewer.workspace_id, read, state="attention", reason=error.message, hint=error.hint)
    assert "1 connection needs attention" in texts(open_page(screen))
    app = open_page(screen, connection=str(read))
    assert "X no longer accepts our login" in app.warning[0].value and "Connect again" in app.warning[0].value
    assert "Connect again" in html(app)
    press(app, f"retry-{read}")
    assert connections.get(viewer, read).requested


def test_it_warns_of_a_login_that_runs_out(screen, viewer, read, sqlite_database):
    ends = clock.epoch_ms(clock.utc_now() + timedelta(days=3, hours=1))
    with sqlite_database.write() as connection:
        stored.update(connection, viewer.workspace_id, read, token_expires_at=ends)
    app = open_page(screen, connection=str(read))
    assert "runs out in 3 days" in app.warning[0].value.replace("\\", "")
    assert "Connect again" in html(app)


@pytest.mark.parametrize(("days", "said"), [(59, "ends version 2"), (-3, "ended version 2"), (70, "")])
def test_it_says_when_a_version_of_the_platforms_interface_ends(screen, viewer, read, monkeypatch, days, said):
    declared = platforms.connectors()
    ends = clock.utc_now().date() + timedelta(days=days)
    ageing = replace(declared["x"], api_version=ApiVersion("2", ends))
    monkeypatch.setattr(platforms, "connectors", lambda: {**declared, "x": ageing})
    told = [one.value for one in open_page(screen, connection=str(read)).info if "Update Plumbline" in one.value]
    assert len(told) == bool(said) and all(said in one and str(ends.year) in one for one in told)
    assert ("Update Plumbline to keep 1 of them reading" in texts(open_page(screen))) is bool(said)


@pytest.mark.parametrize(("choice", "kept"), [("Keep its numbers", True), ("Delete its numbers", False)])
def test_it_disconnects_and_keeps_or_deletes(screen, viewer, read, sqlite_database, choice, kept):
    app = open_page(screen, connection=str(read))
    app.radio(key=f"keep-{read}").set_value(choice).run()
    assert app.button(key=f"disconnect-{read}").disabled is not kept
    if not kept:
        app.checkbox(key=f"sure-{read}").check().run()
    press(app, f"disconnect-{read}")
    assert connections.list_all(viewer) == []
    with sqlite_database.read() as connection:
        assert len(entities.accounts(connection, viewer.workspace_id)) == (1 if kept else 0)


def test_it_says_what_a_first_reading_costs_and_lets_a_person_choose(screen, viewer, consented, sandbox):
    app = open_page(screen, connection=str(consented))
    said = texts(app).replace("\\", "")
    found = budget.estimate(viewer, consented)
    assert "What it costs" in said and f"**{found.posts:,} posts**" in said
    assert format.plain(found.choices[365].formula) in texts(app) and "once a day" in said
    assert "That is more than the budget" not in said
    depth = app.selectbox(key=f"depth-{consented}")
    assert [option.split(":")[0] for option in depth.options] == [
        "30 days back", "90 days back", "1 year back", "2 years back", "Everything the platform gives",
    ]  # fmt: skip
    depth.select_index(1).run()
    app.number_input(key=f"budget-{consented}").set_value(0.25).run()
    app = press(app, f"budget-save-{consented}")
    found = budget.estimate(viewer, consented)
    assert (found.days, found.budget) == (90, 0.25)
    said = texts(app).replace("\\", "")
    assert format.plain(found.choices[90].formula) in texts(app) and "more than the budget of $0.25" in said


def test_it_shows_what_was_spent_and_what_is_to_come(screen, viewer, read, sandbox):
    found = budget.view(viewer, read)
    app = open_page(screen, connection=str(read))
    said, bar = texts(app).replace("\\", ""), str([one.proto.text for one in app.get("progress")]).replace("\\", "")
    assert f"{budget.dollars(found.spent)} of $10 in {found.month:%B}" in bar
    assert f"next 30 days to about {budget.dollars(round(found.next_30_days, 2))}" in said
    assert all(format.plain(line.formula) in texts(app) for line in found.forecast)
    press(app, f"usage-{read}")
    assert "X itself counts" in texts(app)
    assert f"{budget.dollars(found.spent)} of $10 this month" in texts(open_page(screen)).replace("\\", "")


def test_it_says_when_the_budget_is_used_up_and_goes_on_when_it_is_raised(screen, viewer, consented):
    budget.set_budget(viewer, consented, 1.0)
    setup.start(viewer, consented)
    sync.sync_connection(viewer.workspace_id, consented, trigger="connect")
    cards = texts(open_page(screen)).replace("\\", "")
    assert "The monthly budget of $1 for X is used up" in cards and "1 with its limit for the month used up" in cards
    app = open_page(screen, connection=str(consented))
    warning = app.warning[0].value.replace("\\", "")
    assert "Reading resumes on 1 " in warning and "or raise the budget" in warning
    assert "needs attention" not in texts(app)
    streams = app.dataframe[0].value.set_index("What")["State"]
    assert streams["Posts of the past"] == "! Limit used up" and streams["New posts"] == "✓ Read"
    app.number_input(key=f"budget-{consented}").set_value(20.0).run()
    press(app, f"budget-save-{consented}")
    sync.sync_connection(viewer.workspace_id, consented)
    assert not open_page(screen, connection=str(consented)).warning


def test_it_shows_the_ladder_and_changes_it(screen, viewer, read):
    app = open_page(screen, connection=str(read))
    young, older = app.selectbox(key=f"ladder-48-{read}"), app.selectbox(key=f"ladder-720-{read}")
    assert (young.label, young.value) == ("Posts younger than 2 days", timedelta(hours=2))
    assert (older.label, older.value) == ("Posts younger than 30 days", timedelta(hours=6))
    older.select_index(7).run()
    press(app, f"rhythm-save-{read}")
    assert [one.every for one in connections.get(viewer, read).ladder] == [timedelta(hours=2), timedelta(days=2)]


def test_it_reads_mentions_when_a_person_switches_them_on(screen, viewer, read):
    app = open_page(screen, connection=str(read))
    assert not app.toggle(key=f"mentions-{read}").value
    app.toggle(key=f"mentions-{read}").set_value(True).run()
    assert not app.exception
    view = connections.get(viewer, read)
    assert view.optional[0].on and view.requested


def test_it_says_when_a_link_leads_nowhere(screen, viewer):
    app = open_page(screen, connection="12345")
    assert "does not exist in this workspace" in app.info[0].value
    assert "**Instagram**" in texts(app)


def test_it_says_when_nothing_reads(screen, viewer, consented, monkeypatch):
    from services.installation import health

    setup.start(viewer, consented)
    monkeypatch.setattr(health, "_STARTED", health._STARTED - 3600)
    app = open_page(screen, connection=str(consented))
    assert "the scheduler is not running" in app.warning[0].value
