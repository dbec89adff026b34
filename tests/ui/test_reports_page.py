"""The page of all reports, and that of a made one."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.errors import SourceUnavailable
from core.report import Block, Layout
from services.reports import archive, layouts, links, lists
from tests.services.seeded import Seeded
from tests.ui.conftest import open_page, plain, texts

HOSTILE = "**Bold** :material/home: [x](http://evil.example)"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """What a report looks like is tested where it is drawn."""
    monkeypatch.setattr("services.reports.preview.kinds", list)


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def labels(app: AppTest):
    return [one.label for one in app.button]


@pytest.fixture
def report(filled):
    """A small report of the filled workspace."""
    made = layouts.start(filled.viewer, "blank")
    blocks = (Block("b1", "key_numbers"), Block("b2", "text", "Thoughts", {"text": "Well done."}))
    layouts.save(filled.viewer, made, Layout("Weekly look", blocks))
    return made


@pytest.fixture
def made(filled, report):
    """The same, made."""
    layout = layouts.find(filled.viewer, report).layout
    return archive.make(filled.viewer, layout, now=clock.utc_now(), report_id=report)


def test_it_begins_a_report_from_a_template_and_opens_it(screen, filled):
    app = open_page("reports/reports.py")
    assert "There is no report yet" in texts(app)
    button(app, "Weekly report").click()
    app.run()
    (kept,) = layouts.all_of(filled.viewer)
    assert kept.template == "weekly"
    assert str(kept.id) in app.query_params["report"]
    assert "What goes into this report?" in texts(app)


def test_it_lists_the_reports_with_period_and_blocks(screen, filled, report):
    app = open_page("reports/reports.py")
    assert "Weekly look" in labels(app)
    assert "Last 30 days · 2 blocks · changed today" in plain(app)


def test_it_never_reads_a_title_as_markdown(screen, filled, report):
    layouts.save(filled.viewer, report, Layout(HOSTILE, (Block("b1", "page_break"),)))
    app = open_page("reports/reports.py")
    assert not app.exception
    assert HOSTILE not in labels(app)
    assert any("Bold" in one for one in labels(app))


def test_it_says_what_an_empty_workspace_misses(screen, sqlite_database):
    Seeded(sqlite_database, now=clock.utc_now())
    app = open_page("reports/reports.py")
    assert not app.exception
    assert "No account is read yet" in texts(app)
    assert "Connect a platform" in labels(app)


def test_it_tells_what_to_do_about_a_failing_store(screen, filled, monkeypatch):
    def fail(*_):
        raise SourceUnavailable("The store does not answer.", hint="Try again in a minute.")

    monkeypatch.setattr(layouts, "all_of", fail)
    app = open_page("reports/reports.py")
    assert not app.exception
    assert "Try again in a minute" in plain(app)
    assert "Blank report" in labels(app)


def test_it_finds_a_made_report_in_the_archive(screen, filled, made):
    app = open_page("reports/reports.py", reports="Archive")
    assert "1 made report, newest first" in texts(app)
    app.text_input(key="archive-search").set_value("nothing like it").run()
    assert "No report has this in its title" in texts(app)
    app.text_input(key="archive-search").set_value("week").run()
    button(app, "Weekly look").click()
    app.run()
    assert str(made) in app.query_params["made"]


def test_it_keeps_reports_as_long_as_chosen(screen, filled):
    app = open_page("reports/reports.py", reports="Archive")
    field = next(one for one in app.number_input if one.label == "Days a made report is kept")
    assert field.value == 400
    field.set_value(30).run()
    assert archive.kept_days(filled.viewer) == 30


def test_it_offers_every_format_with_its_size(screen, filled, made):
    app = open_page("reports/made.py", made=str(made))
    assert not app.exception
    assert len(app.get("download_button")) == len(archive.formats())
    size = len(archive.file(filled.viewer, made, "json"))
    assert f"{round(size / 1000)} kB" in texts(app)


def test_it_shows_a_share_link_once(screen, filled, made):
    app = open_page("reports/made.py", made=str(made))
    next(one for one in app.text_input if one.label == "For whom").set_value("Board")
    next(one for one in app.text_input if one.label == "Password, if you like").set_value("correct horse")
    button(app, "Make a link").click()
    app.run()
    (address,) = [one.value for one in app.code]
    token = address.rsplit("/r/", 1)[1]
    assert links.come(token, now=clock.utc_now()).locked
    assert "shown only once" in texts(app)
    app.run()
    assert not app.code
    assert token not in texts(app)
    (link,) = links.all_of(filled.viewer, made, now=clock.utc_now())
    assert link.label == "Board"
    assert link.has_password
    assert abs(link.expires_at - clock.utc_now() - timedelta(days=30)) < timedelta(minutes=5)


def test_it_refuses_a_short_password_and_makes_no_link(screen, filled, made):
    app = open_page("reports/made.py", made=str(made))
    next(one for one in app.text_input if one.label == "Password, if you like").set_value("short")
    button(app, "Make a link").click()
    app.run()
    assert "at least 8 characters" in texts(app)
    assert links.all_of(filled.viewer, made, now=clock.utc_now()) == []


def test_it_revokes_a_link(screen, filled, made):
    links.share(filled.viewer, made, now=clock.utc_now(), expires_at=None, label="Agency")
    app = open_page("reports/made.py", made=str(made))
    button(app, "Revoke").click()
    app.run()
    (link,) = links.all_of(filled.viewer, made, now=clock.utc_now())
    assert link.ended == "revoked"
    assert "revoked" in texts(app)
    assert "Revoke" not in labels(app)


def test_it_says_why_a_report_could_not_be_made(screen, filled, report, monkeypatch):
    from services.reports import build

    def fail(*_, **__):
        raise SourceUnavailable("The numbers cannot be read.", hint="")

    monkeypatch.setattr(build, "build", fail)
    layout = layouts.find(filled.viewer, report).layout
    with pytest.raises(SourceUnavailable):
        archive.make(filled.viewer, layout, now=clock.utc_now(), report_id=report)
    (run,), _ = archive.all_made(filled.viewer)
    app = open_page("reports/made.py", made=str(run.id))
    assert "The numbers cannot be read" in plain(app)
    assert "Open it in the builder" in labels(app)


def test_it_says_that_a_report_was_left_unfinished(screen, filled, report):
    layout = layouts.find(filled.viewer, report).layout
    run = archive.begin(filled.viewer, layout, now=clock.utc_now() - timedelta(hours=1), report_id=report)
    app = open_page("reports/made.py", made=str(run))
    assert "It was not finished" in plain(app)


@pytest.mark.parametrize("given", ["", "12", "x", "9" * 30])
def test_it_says_that_there_is_no_such_made_report(screen, filled, given):
    app = open_page("reports/made.py", made=given)
    assert not app.exception
    assert "There is no such report here" in texts(app)


def test_it_removes_a_made_report(screen, filled, made):
    app = open_page("reports/made.py", made=str(made))
    next(one for one in app.button if "Remove it" in one.label).click()
    app.run()
    assert archive.all_made(filled.viewer)[1] == 0


def test_it_makes_a_mailing_list_and_says_what_is_no_address(screen, filled):
    app = open_page("reports/reports.py", reports="Recipients")
    assert not app.exception
    next(one for one in app.text_input if one.label == "A new list").set_value("Board")
    button(app, "Make the list").click()
    app.run()
    (kept,) = lists.all_of(filled.viewer)
    app.session_state[f"list-{kept.id}"] = True
    app.run()
    next(one for one in app.text_area if one.label == "Add addresses").set_value("ann@example.com, nobody")
    button(app, "Add").click()
    app.run()
    assert [one.email for one in lists.people(filled.viewer, kept.id)] == ["ann@example.com"]
    assert "1 address added" in plain(app)
    assert "nobody" in plain(app)
