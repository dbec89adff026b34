"""What statistical methods find, kept: what is due, what is made, what a page reads."""

import json
import os
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotEnoughData, SourceUnavailable
from services import studies
from services.studies import packing
from services.studies.kind import Found, Kind, of_metrics
from services.studies.numbers import Numbers
from services.studies.refit import due_workspaces, refit
from services.studies.registry import KINDS
from services.studies.subject import Subject
from storage import versions
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import publish

HOUR = timedelta(hours=1)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shop(database):
    return Seeded(database)


class Counted:
    """A kind of study that counts how often it was computed."""

    def __init__(self, *names, error=None, method=1):
        self.asked, self.names, self.error, self.method = [], names, error, method

    @property
    def kinds(self):
        subjects = [Subject(name) for name in self.names]
        return {"count": Kind("count", self.method, 6 * HOUR, lambda platforms: subjects, self.compute)}

    def compute(self, numbers, subject):
        self.asked.append(subject.metric)
        if self.error:
            raise self.error
        return Found(date(2026, 11, 20), {"of": subject.metric, "n": len(self.asked)})


def bump(shop):
    with shop.database.write() as connection:
        versions.bump(connection, shop.id)


def test_it_keeps_what_was_found(shop):
    made = Counted("views", "likes")
    assert studies.find(shop.viewer, "count", Subject("views")) is None
    assert refit(made.kinds, shop.id, NOW) == {"count": 2}
    kept = studies.find(shop.viewer, "count", Subject("views"))
    assert (kept.state, kept.found, kept.until, kept.computed_at) == (
        "ok", {"of": "views", "n": 1}, date(2026, 11, 20), NOW,
    )  # fmt: skip
    assert [one.subject for one in studies.all_of(shop.viewer, "count")] == [Subject("likes"), Subject("views")]


def test_it_reads_many_at_once_in_the_order_asked(shop):
    refit(Counted("views", "likes", "saves").kinds, shop.id, NOW)
    names = [("count", "views"), ("count", "none"), ("other", "saves"), ("count", "likes")]
    asked = [(kind, Subject(metric)) for kind, metric in names]
    assert [one.subject.metric for one in studies.find_many(shop.viewer, asked)] == ["views", "likes"]
    assert studies.find_many(shop.viewer, []) == []
    assert studies.find_many(Seeded(shop.database).viewer, asked) == [], "another workspace"


def test_it_computes_anew_only_what_is_due(shop):
    made = Counted("views")
    refit(made.kinds, shop.id, NOW)
    refit(made.kinds, shop.id, NOW + 7 * HOUR)
    assert made.asked == ["views"], "nothing has changed"
    bump(shop)
    refit(made.kinds, shop.id, NOW + 5 * HOUR)
    assert made.asked == ["views"], "what is six hours old at most is good enough"
    assert due_workspaces(made.kinds, NOW + 7 * HOUR) == [shop.id]
    refit(made.kinds, shop.id, NOW + 7 * HOUR)
    assert made.asked == ["views", "views"]
    assert due_workspaces(made.kinds, NOW + 8 * HOUR) == []
    refit(made.kinds, shop.id, NOW + 32 * HOUR)
    assert made.asked == ["views"] * 3, "a day has passed"
    better = Counted("views", method=2)
    refit(better.kinds, shop.id, NOW + 32 * HOUR)
    assert better.asked == ["views"], "the method has changed"


def test_it_says_why_nothing_was_found(shop):
    refit(Counted("views", error=NotEnoughData("3 days are known.", hint="Wait.")).kinds, shop.id, NOW)
    kept = studies.find(shop.viewer, "count", Subject("views"))
    assert (kept.state, kept.reason, kept.found) == ("not_enough", "3 days are known. Wait.", {})
    refit(Counted("likes", error=SourceUnavailable("Broken.")).kinds, shop.id, NOW)
    assert studies.find(shop.viewer, "count", Subject("likes")).state == "failed"
    assert studies.find(shop.viewer, "count", Subject("views")) is None, "it is no subject any more"


def test_it_studies_derived_metrics_where_their_parts_are():
    assert of_metrics(("engagement", "revenue"))(["instagram", "youtube"]) == [
        Subject("engagement", ""), Subject("engagement", "instagram"), Subject("engagement", "youtube"),
        Subject("revenue", ""), Subject("revenue", "youtube"),
    ]  # fmt: skip


def test_it_learns_from_planned_posts_only(shop):
    account = shop.account("x", "north")
    now = NOW - timedelta(days=3)
    publish(shop, account, "planned", now, {"likes": 5.0}, kind="tweet")
    publish(shop, account, "answer", now, {"likes": 1.0}, kind="reply")
    assert Numbers(shop.viewer, NOW).posts()["kind"].tolist() == ["tweet"]
    with pytest.raises(NotEnoughData, match="No post"):
        Numbers(shop.viewer, NOW).posts("youtube")


def test_it_stops_when_told(shop):
    stop = threading.Event()
    stop.set()
    assert refit(Counted("views").kinds, shop.id, NOW, stop) == {"count": 0}


def test_it_keeps_workspaces_apart(shop):
    other = Seeded(shop.database)
    refit(Counted("views").kinds, shop.id, NOW)
    assert studies.all_of(other.viewer, "count") == []


@given(
    st.lists(
        st.tuples(st.floats(allow_infinity=False), st.sampled_from(["a", "", "ü"]), st.integers(-9, 9)), min_size=1
    )
)
def test_it_brings_a_table_back_from_json_as_it_was(rows):
    frame = pd.DataFrame(rows, columns=["value", "text", "count"]).astype({"value": float})
    frame.index = pd.date_range("2026-01-01", periods=len(frame), name="day")
    back = packing.unpack(json.loads(json.dumps(packing.pack(frame))))
    pd.testing.assert_frame_equal(back, frame.reset_index(), check_dtype=False, check_freq=False)


def test_it_takes_finished_days_and_leaves_gaps_missing(shop):
    account = shop.account("x", "north")
    first = NOW.date() - timedelta(days=9)
    shop.facts(account, "views", [5.0, None, 7.0, 0.0, 9.0, 9.0, 9.0, 9.0, 9.0, 1.0], first=first)
    shop.mark(account, "views", first, NOW.date(), "measured")
    days = Numbers(shop.viewer, NOW).daily(Subject("views"))
    assert days.index[0].date() == first
    assert days.index[-1].date() < NOW.date(), "today is not over"
    assert np.isnan(days.iloc[1]) or days.iloc[1] == 0.0
    assert (days.iloc[0], days.iloc[2], days.iloc[3]) == (5.0, 7.0, 0.0)
    with pytest.raises(NotEnoughData, match="No day is known"):
        Numbers(shop.viewer, NOW).daily(Subject("likes"))


@pytest.mark.slow
def test_it_is_made_by_a_process_of_its_own(sqlite_url, tmp_path, sqlite_database):
    shop = Seeded(sqlite_database)
    account = shop.account("x", "north")
    days = 200
    first = shop.now.date() - timedelta(days=days)
    shop.facts(account, "views", [100.0 + 30 * (day % 7 == 2) for day in range(days)], first=first)
    environment = os.environ | {"DATABASE_URL": sqlite_url, "PLUMBLINE_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "services.studies"], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    kinds = {one.kind for name in KINDS for one in studies.all_of(shop.viewer, name)}
    assert kinds == set(KINDS)
