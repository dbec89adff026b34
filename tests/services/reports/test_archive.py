"""Reports that were made: kept as documents, written again the same, told when they fail, gone when their time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import BadQuestion, NotFound, TookTooLong
from core.question import Period
from core.report import Block, Layout
from services.reports import archive, build, layouts
from storage import database as stores
from tests.services.seeded import NOW, Seeded

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
LAYOUT = Layout(
    "Größe & Co: November",
    (
        Block("a", "cover", "", {"text": "Hello"}),
        Block("b", "key_numbers", "", {"metrics": ["views", "followers"]}),
        Block("c", "over_time", "", {"metric": "views"}),
    ),
    Period(FIRST, LAST),
)


@pytest.fixture
def seeded(database):
    stores.use(database)
    made = Seeded(database, time_zone="Europe/Berlin")
    account = made.account("instagram", "Northwind")
    made.facts(account, "views", [100.0 + n for n in range(60)], first=date(2026, 10, 2))
    made.facts(account, "followers", [9000.0 + n for n in range(60)], first=date(2026, 10, 2))
    return made


def test_it_keeps_what_it_made(seeded):
    run = archive.make(seeded.viewer, LAYOUT, now=NOW)
    made, document = archive.find(seeded.viewer, run), archive.document(seeded.viewer, run)
    assert (made.state, made.done, made.title, made.period) == ("ready", 1.0, LAYOUT.title, Period(FIRST, LAST))
    assert document.sections[1].figures[0].value == sum(100.0 + n for n in range(30, 60))
    assert len(document.sections[2].table.rows) == 30
    assert document.workspace == "Test"
    assert {one.metric for one in document.definitions} >= {"views", "followers"}


def test_its_files_stay_the_same_though_the_numbers_change(seeded):
    run = archive.make(seeded.viewer, LAYOUT, now=NOW)
    before = {kind: archive.file(seeded.viewer, run, kind) for kind in ("json", "csv", "xlsx")}
    account = next(iter(archive.document(seeded.viewer, run).sections)) and seeded.account("instagram", "Northwind")
    seeded.facts(account, "views", [9.0] * 60, first=date(2026, 10, 2), at=NOW + timedelta(hours=1))
    assert {kind: archive.file(seeded.viewer, run, kind) for kind in before} == before
    again = archive.make(seeded.viewer, LAYOUT, now=NOW + timedelta(hours=2))
    assert archive.find(seeded.viewer, again).hash != archive.find(seeded.viewer, run).hash
    assert archive.document(seeded.viewer, again).sections[1].figures[0].value == 9.0 * 30


def test_it_lists_the_newest_first_and_finds_by_any_letters(seeded):
    runs = [archive.make(seeded.viewer, Layout(title, ()), now=NOW + timedelta(minutes=n))
            for n, title in enumerate(["Weekly", "GRÖSSE", "weekly two"])]  # fmt: skip
    found, total = archive.all_made(seeded.viewer)
    assert ([one.id for one in found], total) == (runs[::-1], 3)
    assert [one.title for one in archive.all_made(seeded.viewer, search="größe")[0]] == ["GRÖSSE"]
    assert archive.all_made(seeded.viewer, search="WEEKLY", limit=1)[1] == 2
    assert archive.all_made(seeded.viewer, skip=2)[0][0].title == "Weekly"


def test_it_notes_why_a_report_failed(seeded, monkeypatch):
    def broken(*given, **named):
        raise BadQuestion("There is no such thing.")

    monkeypatch.setattr(build, "build", broken)
    with pytest.raises(BadQuestion):
        archive.make(seeded.viewer, LAYOUT, now=NOW)
    (failed,), _ = archive.all_made(seeded.viewer)
    assert (failed.state, failed.problem) == ("failed", "There is no such thing.")
    with pytest.raises(NotFound):
        archive.document(seeded.viewer, failed.id)


def test_it_gives_up_what_takes_too_long(seeded, monkeypatch):
    monkeypatch.setattr(archive, "LONGEST_S", -1)
    with pytest.raises(TookTooLong):
        archive.make(seeded.viewer, LAYOUT, now=NOW)
    assert archive.all_made(seeded.viewer)[0][0].state == "failed"


def test_it_forgets_what_was_kept_long_enough(seeded):
    archive.keep_days(seeded.viewer, 30)
    run = archive.make(seeded.viewer, LAYOUT, now=NOW)
    archive.keep_days(seeded.viewer, 90)
    kept = archive.make(seeded.viewer, LAYOUT, now=NOW)
    assert archive.tidy(NOW + timedelta(days=29)) == 0
    assert archive.tidy(NOW + timedelta(days=31)) == 1
    assert [one.id for one in archive.all_made(seeded.viewer)[0]] == [kept]
    with pytest.raises(NotFound):
        archive.find(seeded.viewer, run)


def test_nobody_of_another_workspace_sees_it(seeded, database):
    run = archive.make(seeded.viewer, LAYOUT, now=NOW)
    other = Seeded(database).viewer
    for ask in (lambda: archive.find(other, run), lambda: archive.file(other, run, "json")):
        with pytest.raises(NotFound):
            ask()
    archive.remove(other, run)
    assert archive.find(seeded.viewer, run).state == "ready"
    archive.remove(seeded.viewer, run)
    assert archive.all_made(seeded.viewer) == ([], 0)


def test_it_names_its_files(seeded):
    made = archive.find(seeded.viewer, archive.make(seeded.viewer, LAYOUT, now=NOW))
    assert archive.file_name(made, "json") == "Größe-Co-November_2026-11-30.json"
    with pytest.raises(NotFound, match="no format"):
        archive.file(seeded.viewer, made.id, "wordperfect")


def test_a_report_begins_from_every_template(seeded):
    for name in layouts.templates():
        found = layouts.find(seeded.viewer, layouts.start(seeded.viewer, name, now=NOW))
        assert (found.template, found.layout.title != "") == (name, True)
        assert len({one.id for one in found.layout.blocks}) == len(found.layout.blocks)
    assert len(layouts.all_of(seeded.viewer)) == len(layouts.templates())


def test_a_layout_is_changed_copied_saved_as_a_template_and_removed(seeded):
    viewer = seeded.viewer
    report = layouts.start(viewer, "blank", now=NOW)
    layouts.save(viewer, report, LAYOUT, now=NOW + timedelta(minutes=1))
    assert layouts.find(viewer, report).layout == LAYOUT
    copy = layouts.copy(viewer, report, now=NOW)
    assert layouts.find(viewer, copy).layout.title == f"{LAYOUT.title} (copy)"
    assert [one.part for one in layouts.find(viewer, copy).layout.blocks] == ["cover", "key_numbers", "over_time"]
    mine = layouts.save_as_template(viewer, report, "Our month", now=NOW)
    assert [one.layout.title for one in layouts.own_templates(viewer)] == ["Our month"]
    begun = layouts.copy(viewer, mine, now=NOW)
    assert layouts.find(viewer, begun).layout.title == "Our month"
    layouts.remove(viewer, report)
    assert {one.id for one in layouts.all_of(viewer)} == {copy, begun}
    with pytest.raises(NotFound):
        layouts.save(viewer, report, LAYOUT)


def test_its_moments_are_utc(seeded):
    made = archive.find(seeded.viewer, archive.make(seeded.viewer, LAYOUT, now=NOW))
    assert made.made_at == NOW == datetime(2026, 12, 5, 12, tzinfo=UTC)
