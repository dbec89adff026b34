"""Reports and raw numbers by HTTP: made, had as files, shared, exported."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from starlette.applications import Starlette

from api.app import create, routes
from core import clock
from core.question import By, Period, Question
from core.viewer import owner
from services import ask, exports
from services.reports import archive, links
from storage import database as stores
from tests.services.seeded import NOW, Seeded

DAYS = {"from_date": "2025-10-05", "to_date": "2025-11-30"}


@pytest.fixture
def seeded(database):
    stores.use(database)
    made = Seeded(database)
    for platform, name in (("instagram", "=Northwind"), ("x", "Ünïcode")):
        account = made.account(platform, name)
        made.facts(account, "views", [100.0 + n for n in range(60)], first=date(2025, 10, 2))
        made.facts(account, "likes", [10.0] * 60, first=date(2025, 10, 2))
    return made


@pytest.fixture
def client(seeded):
    with TestClient(
        Starlette(routes=routes(create())), raise_server_exceptions=False, follow_redirects=False
    ) as opened:
        yield opened


def made(client, **given):
    wanted = {"report_type": "blank", "report_name": "Näme / one", "date_range_start": "2026-11-01",
              "date_range_end": "2026-11-30", **given}  # fmt: skip
    return client.post("/api/v1/analytics/reports", json=wanted)


def test_a_report_is_made_listed_had_and_removed(client):
    answer = made(client, report_type="performance")
    assert answer.status_code == 201
    report = answer.json()
    assert (report["state"], report["report_name"]) == ("ready", "Näme / one")
    assert {"csv", "html", "json", "pdf", "pptx", "xlsx"} <= set(report["formats"])
    assert client.get("/api/v1/analytics/reports").json() == {"reports": [report], "total": 1}
    address = f"/api/v1/analytics/reports/{report['id']}"
    one, two = (client.get(address, params={"format": "json"}) for _ in range(2))
    assert one.content == two.content
    assert json.loads(one.content)["title"] == "Näme / one"
    assert "N_me-one_2026-11-30.json" in one.headers["content-disposition"]
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("given", "status"), [
    ({"report_type": "horoscope"}, 404), ({"report_id": 7}, 404), ({"date_range_end": None}, 400),
    ({"language": "tlh"}, 400), ({"report_name": "x" * 500}, 400),
    ({"date_range_start": "2026-12-01", "date_range_end": "2026-11-01"}, 400),
])  # fmt: skip
def test_a_report_that_cannot_be_is_refused(client, given, status):
    answer = made(client, **given)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert client.get("/api/v1/analytics/reports").json()["total"] == 0


def test_a_report_that_takes_too_long_is_a_408(client, monkeypatch):
    monkeypatch.setattr(archive, "LONGEST_S", -1)
    answer = made(client, report_type="performance")
    assert (answer.status_code, answer.json()["error"]["code"]) == (408, "took_too_long")


def test_the_raw_numbers_are_those_of_the_service(client, seeded):
    answer = client.get("/api/v1/analytics/export", params={**DAYS, "metrics": "views,likes", "split": "account"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["x-row-count"] == str(len(rows)) == str(2 * 57)
    question = Question(("views", "likes"), Period(date(2025, 10, 5), date(2025, 11, 30)), By.DAY, "account")
    frame = ask.ask(owner(seeded.id), question).frame
    for name, title in (("views", "Views"), ("likes", "Likes")):
        assert sum(float(row[title]) for row in rows) == frame.loc[frame["metric"] == name, "value"].sum()
    assert not any(row["Name"].startswith("=") for row in rows)
    assert any("Ünïcode" in row["Name"] for row in rows)


def test_the_raw_numbers_are_the_same_in_every_format(client):
    asked = {**DAYS, "metrics": "views", "split": "platform"}
    as_csv = client.get("/api/v1/analytics/export", params={**asked, "format": "csv"})
    as_xlsx = client.get("/api/v1/analytics/export", params={**asked, "format": "xlsx"})
    as_json = client.get("/api/v1/analytics/export", params={**asked, "format": "json"})
    sheet = load_workbook(io.BytesIO(as_xlsx.content)).active
    cells = [[*row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    rows = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    listed = json.loads(as_json.content)
    assert len(cells) == len(rows) == len(listed) == 2 * 57
    assert [float(row["Views"]) for row in rows] == [row["Views"] for row in listed] == [row[3] for row in cells]


def test_a_long_period_is_asked_piece_by_piece(seeded):
    told = []
    question = Question(("views", "engagement_rate"), Period(date(2025, 1, 1), date(2025, 12, 31)), By.DAY, "platform")
    found = exports.table(seeded.viewer, question, now=NOW, told=told.append)
    rows = list(found.rows)
    assert [column.title for column in found.columns] == [
        "Day",
        "Key",
        "Name",
        "Views",
        "Engagement rate",
        "Unfinished",
    ]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert len({row[:2] for row in rows}) == len(rows) == 2 * 60
    assert told == [0.0, 0.25, 0.5, 0.75, 1.0]
    whole = ask.ask(seeded.viewer, question, now=NOW).frame
    assert sum(row[3] for row in rows) == whole.loc[whole["metric"] == "views", "value"].sum()


def test_a_table_that_is_too_long_is_refused_whole(client, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 10)
    answer = client.get("/api/v1/analytics/export", params={**DAYS, "metrics": "views"})
    assert answer.status_code == 413
    assert "shorter period" in answer.json()["error"]["hint"]


@pytest.mark.parametrize("wrong", [
    {"format": "pdf"}, {"by": "fortnight"}, {"metrics": "horoscope"}, {"split": "sign"}, {"to_date": "2020-01-01"},
])  # fmt: skip
def test_an_export_that_cannot_be_is_refused(client, wrong):
    answer = client.get("/api/v1/analytics/export", params={**DAYS, "metrics": "views", **wrong})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def shared(client, seeded, **given):
    run = int(made(client).json()["id"])
    return links.share(
        seeded.viewer, run, now=clock.utc_now(), **{"expires_at": clock.utc_now() + timedelta(days=7), **given}
    )


def test_a_link_shows_the_report_and_its_files(client, seeded):
    token = shared(client, seeded)
    page = client.get(f"/r/{token}")
    assert page.status_code == 200
    assert "Näme / one" in page.text
    for name in ("noindex", "no-referrer", "no-store"):
        assert name in " ".join(page.headers.values())
    found = re.findall(rf'href="({re.escape(token)}/\w+)"', page.text)
    assert len(found) == len(archive.formats())
    for address in found:
        file = client.get(f"/r/{address}")
        assert file.status_code == 200
        assert file.content
    assert client.get(f"/r/{token}/exe").status_code == 404
    (report,), _ = archive.all_made(seeded.viewer)
    (link,) = links.all_of(seeded.viewer, report.id, now=NOW)
    assert {what for _, what in link.visits} == {"seen", *archive.formats()}


def test_a_locked_link_asks_for_its_password_first(client, seeded):
    token = shared(client, seeded, password="open sesame")
    assert "Näme" not in client.get(f"/r/{token}").text
    assert client.get(f"/r/{token}/json").status_code == 303
    assert client.post(f"/r/{token}", data={"password": "wrong"}).status_code == 403
    opened = client.post(f"/r/{token}", data={"password": "open sesame"})
    assert (opened.status_code, opened.headers["location"]) == (303, token)
    assert "HttpOnly" in opened.headers["set-cookie"]
    assert "Näme" in client.get(f"/r/{token}").text
    assert client.get(f"/r/{token}/json").status_code == 200


def test_what_people_wrote_is_text_on_the_page_of_a_link(client, seeded):
    run = int(made(client, report_name="<script>alert(1)</script>").json()["id"])
    token = links.share(seeded.viewer, run, now=clock.utc_now(), expires_at=None)
    page = client.get(f"/r/{token}").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_an_unknown_link_is_not_found_in_the_readers_language(client, seeded):
    answer = client.get("/r/5.nothing", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert answer.status_code == 404
    assert 'lang="de"' in answer.text
    assert client.get("/readyz").status_code == 200  # an address that begins alike


def test_its_moment_is_told(client):
    answer = made(client).json()
    assert abs(datetime.fromisoformat(answer["generated_at"]) - datetime.now(UTC)) < timedelta(minutes=5)
