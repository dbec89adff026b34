"""The HTTP interface: the same numbers as the services, clear refusals, one error envelope."""

from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from analytics.metrics.registry import metric
from api.app import create, routes
from core import clock
from core.errors import RateLimited, SchemaDrift
from core.question import Compare, Period, Question
from core.records import Account
from core.viewer import owner
from services import ask, overview
from services.installation import health
from services.team import custom_metrics
from storage import database as stores
from storage import entities, facts, workspaces

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def client(database):
    stores.use(database)
    with TestClient(Starlette(routes=routes(create())), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def workspace(database):
    """A workspace with one Instagram account, and numbers for the last 60 days."""
    with database.write() as connection:
        made = workspaces.create(connection, "Northwind", time_zone="Europe/Berlin", now=NOW)
        ids = entities.upsert_accounts(connection, made, "instagram", [Account("1", "Northwind")], now=NOW)
        last = clock.epoch_day(clock.utc_now().date())
        rows = [
            (metric(name).id, 1, 0, last - back, ids["1"], 0, value + back)
            for back in range(60)
            for name, value in (
                ("views", 1000.0),
                ("likes", 50.0),
                ("comments", 5.0),
                ("shares", 1.0),
                ("followers", 9000.0),
            )
        ]
        facts.write(connection, made, rows, clock.epoch_ms(NOW))
    return made


def test_it_answers_with_the_numbers_of_the_service(client, workspace):
    period = {"from_date": "2026-10-01", "to_date": "2026-10-31", "business_id": workspace}
    answer = client.get("/api/v1/analytics/overview", params=period).json()
    asked = Question(overview.METRICS, Period(date(2026, 10, 1), date(2026, 10, 31)), compare=Compare.PREVIOUS)
    ours = ask.ask(owner(workspace), asked)
    assert set(answer["metrics"]) == set(overview.METRICS)
    for name, number in answer["metrics"].items():
        assert number["value"] == ours.totals[name].value
        assert number["previous"] == ours.totals[name].previous
        assert number["change"] == ours.totals[name].change
        assert number["unit"] == ours.totals[name].unit.value


def test_it_gives_the_metrics_of_the_team(client, workspace):
    name = custom_metrics.save(owner(workspace), "Reaction rate", "engagement / views").name
    period = {"from_date": "2026-10-01", "to_date": "2026-10-31", "business_id": workspace}
    found = client.get("/api/v1/analytics/overview", params=period).json()["metrics"]
    rate = found["engagement"]["value"] / found["views"]["value"]
    assert (found[name]["title"], found[name]["unit"]) == ("Reaction rate", "ratio")
    assert found[name]["value"] == pytest.approx(rate)


def test_it_takes_the_last_30_full_days_by_default(client, workspace):
    answer = client.get("/api/v1/analytics/overview").json()
    first, last = date.fromisoformat(answer["from_date"]), date.fromisoformat(answer["to_date"])
    assert (last - first).days == 29
    assert last == clock.local_day(clock.utc_now(), "Europe/Berlin") - timedelta(days=1)
    assert answer["business_id"] == str(workspace)


def test_it_takes_user_id_as_another_name(client, workspace):
    assert client.get("/api/v1/analytics/overview", params={"user_id": workspace}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"from_date": "2026-11-30", "to_date": "2026-11-01"}, 400, "ends"),
        ({"from_date": "2026-11-30"}, 400, "together"),
        ({"from_date": "yesterday", "to_date": "2026-11-01"}, 400, "from_date"),
        ({"business_id": "5"}, 404, "workspace"),
        ({"business_id": "five"}, 400, "business_id"),
    ],
    ids=["backwards", "one date", "no date", "unknown workspace", "no number"],
)
def test_it_refuses_a_wrong_question_and_says_what_to_do(client, workspace, query, status, says):
    answer = client.get("/api/v1/analytics/overview", params=query)
    assert answer.status_code == status
    assert says in answer.json()["error"]["message"]


def test_it_asks_which_workspace_when_there_are_several(client, workspace, database):
    with database.write() as connection:
        workspaces.create(connection, "Other", now=NOW)
    answer = client.get("/api/v1/analytics/overview")
    assert answer.status_code == 400
    assert "business_id" in answer.json()["error"]["message"]


def test_it_answers_json_for_an_unknown_path(client):
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "There is nothing here."


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RateLimited("Slow down.", retry_after_s=7), 503),
        (SchemaDrift("Strange."), 500),
        (RuntimeError("token=abc"), 500),
    ],
    ids=["retry", "stop", "bug"],
)
def test_it_tells_errors_by_their_recovery(client, workspace, monkeypatch, error, status):
    def broken(*_args, **_options):
        raise error

    monkeypatch.setattr(ask, "ask", broken)
    answer = client.get("/api/v1/analytics/overview")
    assert answer.status_code == status
    assert "abc" not in answer.text
    if status == 503:
        assert answer.headers["Retry-After"] == "7"
    else:
        assert answer.json()["error"]["id"]


def test_it_says_that_it_is_alive(client, database, monkeypatch):
    monkeypatch.setattr(health, "_STARTED", clock.monotonic())  # the process of the tests is older than a new site
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"]["status"] == "ok"
    assert client.get("/readyz").json() == {"ready": True}


def test_it_says_that_the_database_is_gone(client):
    stores.use(None)
    assert client.get("/healthz").status_code == 503
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("query", [{}, {"state": "forged", "code": "x"}], ids=["nothing", "forged state"])
def test_it_refuses_a_consent_it_did_not_begin(client, query):
    answer = client.get("/oauth/callback", params=query, follow_redirects=False)
    assert answer.status_code == 400
    assert "not valid" in answer.text


def test_it_describes_itself(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "/api/v1/analytics/overview" in paths
    assert not any(path.startswith("/oauth") for path in paths)
