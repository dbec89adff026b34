"""The report on the statistics is made of what was measured: sections are kept apart, and what is missing is said."""

import importlib
import inspect
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from benchmarks.statistics import forecast, functions, others, report, sets, targets
from benchmarks.statistics.topics import TOPICS
from tests.contracts.project import ROOT

BY_NAME = {topic.name: topic for topic in TOPICS}
METHODS = (
    "forecast", "anomalies", "best_time", "hashtags", "post_outcome", "compare", "trend", "campaign", "score",
    "sentiment", "insights",
)  # fmt: skip
FORECASTS = """\
daily: 2 series; 1 that never change are left out
| group | series | method | n | MASE, mean | MASE, median | 95 % band holds | s, median | new KiB |
|---|---|---|---|---|---|---|---|---|
| daily | all | Plumbline | 2 | {mase} | 0.800 | 92.0% | 0.200 | 300 |
| daily | all | Prophet | 2 | 0.990 | 0.900 | 90.0% | 0.900 | - |
| daily | held out | Plumbline | 1 | 2.000 | 2.000 | 50.0% | 9.000 | 9000 |
"""


def public():
    """Every public function of the methods, as `module.name`."""
    for method in METHODS:
        module = importlib.import_module(f"analytics.{method}")
        for name, one in vars(module).items():
            own = getattr(one, "__module__", "").startswith(f"analytics.{method}")
            if inspect.isfunction(one) and own and not name.startswith("_"):
                yield f"{method}.{name}"


def rows_of(text):
    return {row["target"]: row for table in targets.tables(text) for row in table if "target" in row}


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv(sets.VARIABLE, str(tmp_path))
    monkeypatch.delenv(report.PEERS, raising=False)
    return tmp_path


def test_it_replaces_one_section_and_leaves_the_others():
    first = report.remade("", {"posts": "## Posts\n\nof April\n", "compare": "## Compare\n\nkept, of May\n"})
    again = report.remade(first, {"posts": "## Posts\n\nnew\n"})
    assert report.sections(again) | {"posts": ""} == report.sections(first) | {"posts": ""}
    assert "new" in again
    assert "of April" not in again
    assert again == report.remade(again, {}), "nothing made, nothing changed"
    assert list(report.sections(again)) == list(BY_NAME)
    assert report.NOT_YET in report.sections(again)["forecast"]


def test_it_writes_only_what_was_measured(monkeypatch, tmp_path):
    monkeypatch.setattr(report, "FILE", tmp_path / "statistics.md")
    monkeypatch.setattr(report, "ran", lambda topic: report.Outcome(f"| {topic.name} |\n|---|\n| 7 |\n"))
    report.write(["compare"])
    before = (tmp_path / "statistics.md").read_text()
    report.write(["others"])
    after = (tmp_path / "statistics.md").read_text()
    assert report.sections(before)["compare"] == report.sections(after)["compare"]
    assert report.NOT_YET not in report.sections(after)["others"]


def test_it_keeps_a_section_whose_topic_fails(monkeypatch, tmp_path):
    monkeypatch.setattr(report, "FILE", tmp_path / "statistics.md")
    (tmp_path / "statistics.md").write_text("as it was")
    monkeypatch.setattr(report, "TOPICS", (replace(BY_NAME["compare"], name="nowhere"),))
    with pytest.raises(RuntimeError, match=r"nowhere failed: .*No module named"):
        report.write(["nowhere"])
    assert (tmp_path / "statistics.md").read_text() == "as it was"


def test_it_says_which_set_is_missing(elsewhere):
    told = report.section(BY_NAME["forecast"], report.Outcome(""), day="2026-11-21")
    for group in ("daily", "weekly", "monthly", "followers"):
        assert f"Set missing, {group}: {group}/*__*.csv is missing in $PLUMBLINE_SERIES" in told
    assert str(elsewhere) not in told, "no folder of this machine"


def test_it_counts_the_sets_that_are_there(elsewhere):
    (elsewhere / "daily").mkdir()
    for name in ("a__one", "a__two", "b__one"):
        (elsewhere / "daily" / f"{name}.csv").touch()
    (elsewhere / "posts").mkdir()
    (elsewhere / "posts" / "dataset_Facebook.csv").write_text("Type;Hour\nPhoto;3\nLink;4\n")
    assert sets.size("daily") == "daily, 3 series of 2 sources"
    assert sets.size("posts") == "posts, dataset_Facebook 2 rows"
    with pytest.raises(sets.MissingSet, match="tweets/"):
        sets.size("tweets")


def test_it_says_that_a_topic_without_its_set_was_not_measured(elsewhere):
    outcome = report.ran(BY_NAME["sentiment"])
    assert "tweets/test.csv is missing" in outcome.missing
    told = report.section(BY_NAME["sentiment"], outcome, day="2026-11-21")
    assert "**Not measured**: tweets/test.csv is missing in $PLUMBLINE_SERIES" in told
    assert "target" not in told


def test_it_says_which_peer_is_missing(elsewhere, monkeypatch):
    assert "Not measured: statsforecast, prophet; PLUMBLINE_PEERS names no Python" in report.section(
        BY_NAME["forecast"], report.Outcome(""), day="2026-11-21"
    )
    monkeypatch.setenv(report.PEERS, sys.executable)
    topic = replace(BY_NAME["forecast"], peers=("numpy", "no-such-peer"))
    told = report.section(topic, report.Outcome(""), day="2026-11-21")
    assert "Installed beside it: numpy 2" in told
    assert "not installed: no-such-peer" in told


def test_it_tells_day_command_machine_and_versions(elsewhere):
    told = report.section(BY_NAME["forecast"], report.Outcome(""), day="2026-05-04")
    command = "PLUMBLINE_SERIES=... PLUMBLINE_PEERS=.../bin/python python -m benchmarks.statistics.forecast"
    assert f"Measured on 2026-05-04 with `{command}`" in told
    assert f"{os.cpu_count()} cores" in told
    assert "Python 3." in told
    assert "statsmodels 0." in told


@pytest.mark.parametrize(("mase", "reached"), [("0.879", "yes"), ("0.880", "yes"), ("0.881", "**no**")])
def test_it_holds_figures_against_targets(mase, reached):
    told = report.section(BY_NAME["forecast"], report.Outcome(FORECASTS.format(mase=mase)), day="2026-11-21")
    rows = rows_of(told)
    daily = next(row for target, row in rows.items() if target.startswith("daily, 28 days"))
    assert (daily["measured"], daily["reached"]) == (mase, reached)
    weekly = next(row for target, row in rows.items() if target.startswith("weekly, 13 weeks"))
    assert (weekly["measured"], weekly["reached"]) == ("not measured", "-")
    assert rows["daily: 95 % intervals cover 93-97 %"]["reached"] == "**no**"
    assert rows["at most 0.5 s a series (median, one core)"]["reached"] == "yes", "the held-out half is no group"
    assert "- daily: 2 series; 1 that never change are left out\n\n| group |" in told


def test_it_tells_first_which_targets_are_open(elsewhere):
    made = report.section(BY_NAME["forecast"], report.Outcome(FORECASTS.format(mase="0.881")), day="2026-11-21")
    head = report.remade("", {"forecast": made}).split("<!-- section")[0]
    assert "Of 10 targets named below, 2 are reached. Open:" in head
    assert "- Forecasts: daily, 28 days: mean MASE at most 0.88" in head
    assert "; measured: 0.881\n" in head
    assert "- Sentiment: not measured yet" in head


def test_it_finds_the_columns_that_targets_ask_for():
    columns = forecast.table([]).splitlines()[0].strip("| ").split(" | ")
    assert {"group", "series", "method", "MASE, mean", "95 % band holds", "s, median", "new KiB"} <= set(columns)


def test_it_claims_a_lead_only_over_every_peer():
    def judged(f1):
        text = f"| method | F1 |\n|---|---|\n| Plumbline | {f1} |\n| STL | 0.40 |\n| forest | 0.31 |"
        return targets.ahead("F1")(targets.tables(text))

    assert judged("0.41").reached
    assert not judged("0.40").reached
    assert "0.40 (STL)" in judged("0.39").words
    assert targets.ahead("F1")(targets.tables("| method | F1 |\n|---|---|\n| Plumbline | 1 |")) is None


def test_it_counts_false_alarms_by_the_worst_kind_of_series():
    printed = (
        "| method | F1 |\n|---|---|\n| Plumbline | 9 |\n| STL | 8 |\n\n"
        "| nothing happened: false alarms per quarter | Plumbline | STL |\n|---|---|---|\n"
        "| noise | 0.20 | 5.00 |\n| counts | {worst} | 0.00 |\n\n| method, made-up streams | Plumbline |\n|---|---|\n| x | 70 |"
    )
    for worst, reached in (("1.00", "yes"), ("1.01", "**no**")):
        told = report.section(BY_NAME["anomalies"], report.Outcome(printed.format(worst=worst)), day="2026-11-21")
        rows = rows_of(told)
        assert rows["better F1 than each peer on labelled streams"]["reached"] == "yes"
        quiet = rows["at most one false alarm per daily series and quarter, where nothing happened"]
        assert (quiet["reached"], f"worst kind of series {worst}" in quiet["measured"]) == (reached, True)


def test_it_measures_every_public_function():
    measured = {name for one in functions.WHERE for name in one.functions}
    assert sorted(set(public()) - measured) == []
    assert sorted(measured - set(public())) == [], "measured, but no longer there"
    assert {one.topic for one in functions.WHERE} <= set(BY_NAME)
    assert all(one.beside for one in functions.WHERE)


def test_it_finds_the_row_of_every_function_in_the_report():
    written = report.sections(report.FILE.read_text(encoding="utf-8"))
    for one in functions.WHERE:
        if report.NOT_YET not in written[one.topic] and "**Not measured**" not in written[one.topic]:
            assert f"\n| {one.row}" in written[one.topic], f"{one.functions} has no row in {one.topic}"


def test_it_makes_every_golden_figure_of_campaigns():
    for name, (made, right) in others.golden().items():
        assert float(made) == pytest.approx(float(right), abs=5e-6), name
    assert {f"campaign.{name}" for name in others.golden()} == {
        name for name in public() if name.startswith("campaign.")
    }


def test_it_makes_the_sections_that_are_asked_for_only():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.statistics", "weather"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no topic weather; there are forecast, anomalies" in done.stderr
