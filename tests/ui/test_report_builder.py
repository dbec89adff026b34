"""The builder: every change is kept at once, and what cannot be is said."""

from io import BytesIO

import pytest
from PIL import Image

from core import clock
from core.errors import SourceUnavailable
from core.question import Compare, Period
from core.report import Block, Layout
from services.reports import archive, build, layouts, lists, schedules
from tests.services.seeded import Seeded
from tests.ui.conftest import open_page, plain, texts


@pytest.fixture
def report(filled):
    made = layouts.start(filled.viewer, "blank")
    blocks = (
        Block("b1", "key_numbers"), Block("b2", "over_time", options={"metric": "views"}),
        Block("b3", "text", "Thoughts", {"text": "Well done."}),
    )  # fmt: skip
    layouts.save(filled.viewer, made, Layout("Weekly look", blocks))
    return made


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """The preview's files are tested where they are written."""
    monkeypatch.setattr(archive, "written", lambda of, kind: b"<p>Seen</p>")
    monkeypatch.setattr("services.reports.preview.kinds", lambda: ["html"])


def opened(report, side=""):
    app = open_page("reports/report.py", report=str(report))
    if side:
        app.session_state["report-side"] = side
        app.run()
    assert not app.exception
    return app


def kept(filled, report):
    return layouts.find(filled.viewer, report).layout


def ids(filled, report):
    return [one.id for one in kept(filled, report).blocks]


def press(app, label):
    next(one for one in app.button if one.label == label).click()
    app.run()
    assert not app.exception


def field(app, kind, label):
    return next(one for one in app.get(kind) if one.label == label)


def test_it_moves_a_block_with_buttons(screen, filled, report):
    app = opened(report)
    assert next(one for one in app.button if one.label == "Move up").disabled
    press(app, "Move down")
    assert ids(filled, report) == ["b2", "b1", "b3"]
    press(app, "Move down")
    assert ids(filled, report) == ["b2", "b3", "b1"]
    assert next(one for one in app.button if one.label == "Move down").disabled
    press(app, "Move up")
    assert ids(filled, report) == ["b2", "b1", "b3"]
    assert "Saved" in texts(app)


def test_it_removes_a_block_and_brings_it_back(screen, filled, report):
    app = opened(report)
    press(app, "Remove this block")
    assert ids(filled, report) == ["b2", "b3"]
    assert "Removed: Key numbers" in plain(app)
    press(app, "Undo")
    assert ids(filled, report) == ["b1", "b2", "b3"]
    assert "Undo" not in [one.label for one in app.button]


def test_it_duplicates_a_block_with_its_settings(screen, filled, report):
    app = opened(report)
    app.session_state["report-chosen"] = "b3"
    app.run()
    press(app, "Duplicate this block")
    *_, third, fourth = kept(filled, report).blocks
    assert third.id != fourth.id
    assert (third.part, third.title, third.options) == (fourth.part, fourth.title, fourth.options)


def test_it_adds_a_block_after_the_chosen_one(screen, filled, report):
    app = opened(report)
    press(app, "Add a block")
    offered = {one.label for one in app.button}
    assert {"Top posts", "Page break", "Cover"} <= offered
    press(app, "Top posts")
    assert [one.part for one in kept(filled, report).blocks] == ["key_numbers", "top_posts", "over_time", "text"]
    assert field(app, "number_input", "How many posts").value == 10


def test_it_keeps_a_setting_of_a_block(screen, filled, report):
    app = opened(report)
    app.session_state["report-chosen"] = "b2"
    app.run()
    field(app, "selectbox", "Metric").select("engagement").run()
    field(app, "text_input", "Title").set_value("How much they react").run()
    second = kept(filled, report).blocks[1]
    assert second.options["metric"] == "engagement"
    assert second.title == "How much they react"


def test_it_gives_a_block_a_period_of_its_own_and_takes_it_back(screen, filled, report):
    app = opened(report)
    key = f"report-{report}-b1-period"
    app.selectbox(key=key).select("last_90").run()
    app.multiselect(key=f"report-{report}-b1-platforms").select("youtube").run()
    assert dict(kept(filled, report).blocks[0].options) == {"period": "last_90", "platforms": ["youtube"]}
    app.selectbox(key=f"report-{report}-b1-compare").select("").run()
    assert kept(filled, report).blocks[0].options["compare"] == ""
    app.selectbox(key=key).select("as-report").run()
    assert "period" not in kept(filled, report).blocks[0].options


def test_it_keeps_what_holds_for_the_whole_report(screen, filled, report):
    app = opened(report, "whole")
    field(app, "text_input", "Title").set_value("Monday's look").run()
    field(app, "selectbox", "Period").select("last_week").run()
    field(app, "selectbox", "Compare with").select("last_year_weekdays").run()
    field(app, "multiselect", "Platforms").select("instagram").run()
    field(app, "selectbox", "Language of the report").select("de").run()
    layout = kept(filled, report)
    assert (layout.title, layout.period, layout.platforms) == ("Monday's look", "last_week", ("instagram",))
    assert (layout.compare, layout.match_weekday, layout.language) == (Compare.LAST_YEAR, True, "de")


def test_it_takes_dates_and_refuses_an_end_before_the_beginning(screen, filled, report):
    app = opened(report, "whole")
    field(app, "selectbox", "Period").select("custom").run()
    fixed = kept(filled, report).period
    assert isinstance(fixed, Period)
    app.date_input(key=f"report-{report}-period-last").set_value(fixed.first.replace(year=2020)).run()
    assert "ends" in "\n".join(one.value for one in app.error)
    assert kept(filled, report).period == fixed


def test_it_refuses_an_empty_title_and_keeps_the_old_one(screen, filled, report):
    app = opened(report, "whole")
    field(app, "text_input", "Title").set_value("  ").run()
    assert "A report has a title of 1 to 120 characters" in plain(app)
    assert kept(filled, report).title == "Weekly look"


def picture(kind, size=(200, 80)):
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def upload(app, name, content):
    app.file_uploader[0].set_value((name, content, "image/png")).run()
    assert not app.exception


def test_it_keeps_a_logo_and_removes_it(screen, filled, report):
    app = opened(report, "looks")
    upload(app, "logo.png", picture("PNG"))
    assert kept(filled, report).branding.logo.startswith(b"\x89PNG")
    press(app, "Remove the logo")
    assert kept(filled, report).branding.logo == b""


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"<svg onload=alert(1)>", "no PNG or JPEG"), (picture("PNG", (4, 4)), "too few"), (picture("GIF"), "no PNG")],
    ids=["no picture", "too small", "another format"],
)
def test_it_refuses_a_wrong_logo_and_says_why(screen, filled, report, content, why):
    app = opened(report, "looks")
    upload(app, "logo.png", content)
    assert why in plain(app)
    assert kept(filled, report).branding.logo == b""


def test_it_judges_the_contrast_of_a_colour_in_figures(screen, filled, report):
    app = opened(report, "looks")
    field(app, "color_picker", "Accent").set_value("#ffe680").run()
    assert kept(filled, report).branding.accent.lower() == "#ffe680"
    assert "1.2 : 1 against white" in texts(app)
    assert "ink is used instead" in texts(app)


def test_it_duplicates_and_deletes_the_report(screen, filled, report):
    app = opened(report)
    press(app, "Duplicate")
    titles = sorted(one.layout.title for one in layouts.all_of(filled.viewer))
    assert titles == ["Weekly look", "Weekly look (copy)"]
    app = opened(report)
    next(one for one in app.button if "Delete this report" in one.label).click()
    app.run()
    assert [one.layout.title for one in layouts.all_of(filled.viewer)] == ["Weekly look (copy)"]


def test_it_saves_a_template_for_the_team(screen, filled, report):
    app = opened(report)
    field(app, "text_input", "Name of the template").set_value("Our Monday")
    press(app, "Save the template")
    assert [one.layout.title for one in layouts.own_templates(filled.viewer)] == ["Our Monday"]


def test_it_makes_the_report_and_shows_how_far_it_is(screen, filled, report):
    app = opened(report)
    press(app, "Make report")
    run = int("".join(app.query_params["made"]))
    for _ in range(200):
        if archive.find(filled.viewer, run).state != "making":
            break
        clock.sleep(0.1)
    assert archive.find(filled.viewer, run).state == "ready"


def test_it_makes_the_preview_only_when_something_changed(screen, filled, report, monkeypatch):
    made, real = [], build.build

    def counted(*args, **options):
        made.append(args)
        return real(*args, **options)

    monkeypatch.setattr(build, "build", counted)
    app = opened(report)
    app.run()
    assert len(made) == 1
    press(app, "Move down")
    assert len(made) == 2


def test_it_keeps_the_builder_when_the_preview_fails(screen, filled, report, monkeypatch):
    def fail(*_, **__):
        raise SourceUnavailable("Instagram does not answer.", hint="It is asked again in five minutes.")

    monkeypatch.setattr(build, "build", fail)
    app = opened(report)
    assert "It is asked again in five minutes" in plain(app)
    press(app, "Move down")
    assert ids(filled, report) == ["b2", "b1", "b3"]


@pytest.mark.parametrize("given", ["", "12", "x", "9" * 30])
def test_it_says_that_there_is_no_such_report(screen, filled, given):
    app = open_page("reports/report.py", report=given)
    assert not app.exception
    assert "There is no such report here" in texts(app)


def test_it_never_opens_the_report_of_another_workspace(screen, filled, report, sqlite_database):
    other = Seeded(sqlite_database, now=clock.utc_now())
    theirs = layouts.start(other.viewer, "blank")
    assert "There is no such report here" in texts(open_page("reports/report.py", report=str(theirs)))


def test_it_lays_out_a_blank_report(screen, filled):
    made = layouts.start(filled.viewer, "blank")
    app = opened(made)
    assert "Nothing is laid out yet" in texts(app)
    assert next(one for one in app.button if one.label == "Make report").disabled


def test_it_sends_the_report_by_itself(screen, filled, report):
    opened_once = opened(report, "sending")
    assert "There is no mailing list and no channel yet" in texts(opened_once)
    board = lists.add(filled.viewer, "Board", now=clock.utc_now())
    app = opened(report, "sending")
    to = field(app, "multiselect", "To")
    to.select(to.options[0]).run()
    press(app, "Keep the schedule")
    (one,) = schedules.all_of(filled.viewer, report)
    assert one.rhythm.every == "workday"
    assert [target.id for target in one.targets] == [board]
    assert "Every weekday" in plain(app)
    press(app, "Pause")
    assert not schedules.find(filled.viewer, one.id).active
