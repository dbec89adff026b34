"""Schedules: said in words, one run for each slot, what is late, and what is made again after a crash."""

from datetime import UTC, datetime, time, timedelta

import pytest

from core import clock
from core.errors import BadSetting, NotAllowed, NotFound, StoreBusy
from core.question import Period
from core.viewer import Viewer
from services.installation.leasing import Lease
from services.reports import archive, build, delivery, lateness, layouts, lists, rhythm, schedules, slots
from services.reports.rhythm import Rhythm
from services.reports.targets import Target
from services.sending import channels
from storage import reports
from tests.alerts.postbox import Postbox, serving
from tests.services.reports.office import EVERY_WEEKDAY, PEOPLE, START, Office, make_due, settings

EIGHT = datetime(2026, 10, 19, 6, 0, 5, tzinfo=UTC)
HOOK = "https://hooks.slack.com/services/T000/B000/sEcReTsEcReT"


class Watch:
    def __init__(self, monkeypatch):
        self.moment = EIGHT
        monkeypatch.setattr(clock, "utc_now", lambda: self.moment)

    def wait(self, **span):
        self.moment += timedelta(**span)


@pytest.fixture
def watch(monkeypatch):
    return Watch(monkeypatch)


@pytest.fixture
def office(database, watch):
    return Office(database)


def runs(office):
    return archive.all_made(office.viewer)[0]


def test_it_says_when_it_comes_and_when_next(office):
    made = schedules.find(office.viewer, office.schedule())
    assert made.words == "Every weekday, Monday to Friday, at 08:00 (Europe/Berlin), next: Thu 15 Oct 08:00"
    assert made.to == ("Team (3 addresses)",)
    assert made.title == "Numbers"
    schedules.pause(office.viewer, made.id)
    assert schedules.find(office.viewer, made.id).words.endswith("(Europe/Berlin), paused")


def test_it_shows_the_next_moments_over_the_night_when_clocks_change():
    friday = datetime(2026, 10, 23, 12, tzinfo=UTC)
    assert schedules.upcoming(EVERY_WEEKDAY, now=friday, count=3) == [
        "Mon 26 Oct 08:00", "Tue 27 Oct 08:00", "Wed 28 Oct 08:00",
    ]  # fmt: skip
    assert EVERY_WEEKDAY.next_after(friday) == datetime(2026, 10, 26, 7, tzinfo=UTC)


def test_it_makes_one_run_for_each_slot_however_often_it_looks(office, watch, database):
    schedule = office.schedule()
    for _ in range(4):
        make_due(database)
    (only,) = runs(office)
    assert (only.state, only.trigger, only.schedule_id) == ("ready", "schedule", schedule)
    found = schedules.find(office.viewer, schedule)
    assert found.last_at == datetime(2026, 10, 19, 6, tzinfo=UTC)
    assert found.next_at == datetime(2026, 10, 20, 6, tzinfo=UTC)


def test_it_takes_a_slot_once_when_two_processes_look_at_the_same_time(office, database, monkeypatch):
    office.schedule()
    real = slots.period_of

    def meanwhile(*arguments):
        monkeypatch.setattr(slots, "period_of", real)
        assert slots.take_due(database, now=EIGHT) == 1
        return real(*arguments)

    monkeypatch.setattr(slots, "period_of", meanwhile)
    assert slots.take_due(database, now=EIGHT) == 0
    assert len(slots.waiting(database)) == 1
    assert len(delivery.log_of(office.viewer)) == 3


def test_it_reports_about_the_days_before_its_slot(office, watch, database):
    office.schedule(Rhythm("week", time(8), "Europe/Berlin", (0,)), period="last_week")
    watch.wait(days=2)
    make_due(database)
    (made,) = runs(office)
    assert made.period == Period(datetime(2026, 10, 12).date(), datetime(2026, 10, 18).date())
    assert made.made_at == watch.moment


def test_it_makes_up_for_the_newest_moment_only(office, watch, database):
    office.schedule()
    watch.wait(days=20)
    assert make_due(database) == 1
    assert runs(office)[0].period.last == datetime(2026, 11, 5).date()


def test_it_does_nothing_while_it_is_paused_and_goes_on_with_the_next(office, watch, database):
    schedule = office.schedule()
    schedules.pause(office.viewer, schedule)
    assert make_due(database) == 0
    schedules.resume(office.viewer, schedule, now=watch.moment)
    assert make_due(database) == 0
    watch.wait(days=1)
    assert make_due(database) == 1


def test_it_changes_a_schedule_and_reckons_its_next_moment_anew(office, watch, database):
    schedule = office.schedule()
    other = Rhythm("month", time(6, 30), "Asia/Tokyo", day=rhythm.LAST_DAY)
    to = [Target("mail", office.list_id)]
    schedules.change(
        office.viewer, schedule, other, to, formats=["json"], when_late="skip", now=watch.moment
    )  # fmt: skip
    found = schedules.find(office.viewer, schedule)
    assert (found.rhythm, found.formats, found.when_late) == (other, ("json",), "skip")
    assert found.next_at == datetime(2026, 10, 30, 21, 30, tzinfo=UTC)
    assert make_due(database) == 0


def test_it_makes_again_what_was_cut_off(office, watch, database, monkeypatch):
    """The process dies while the report is being made: its lease runs out, and another makes the very same run."""
    office.schedule()

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    real = build._section
    monkeypatch.setattr(build, "_section", die)
    monkeypatch.setattr(Lease, "release", lambda self: None)
    with pytest.raises(Killed):
        make_due(database)
    monkeypatch.setattr(build, "_section", real)
    (made,) = runs(office)
    assert made.state == "making"
    watch.wait(seconds=10)
    make_due(database)
    assert runs(office)[0].state == "making", "whoever holds the lease may still be at work"
    watch.wait(seconds=slots.LEASE_S)
    make_due(database)
    assert [(one.id, one.state) for one in runs(office)] == [(made.id, "ready")]
    assert len(delivery.log_of(office.viewer)) == 3


def test_it_gives_up_a_report_that_is_cut_off_each_time(office, watch, database):
    schedule = office.schedule()
    slots.take_due(database, now=watch.moment)
    (run,) = slots.waiting(database)
    with database.write() as connection:
        reports.put(connection, office.viewer.workspace_id, run.id, "making")
    watch.wait(days=1, hours=1)
    slots.make(database, run)
    assert runs(office)[0].state == "failed"
    assert "cut off" in schedules.find(office.viewer, schedule).problem
    assert {one.state for one in delivery.log_of(office.viewer)} == {"stopped"}


def test_it_tries_again_while_the_store_is_busy(office, watch, database, monkeypatch):
    office.schedule()
    real = archive.fill

    def busy(*_, **__):
        raise StoreBusy("The database is busy.")

    monkeypatch.setattr(archive, "fill", busy)
    make_due(database)
    assert runs(office)[0].state == "waiting"
    monkeypatch.setattr(archive, "fill", real)
    make_due(database)
    assert runs(office)[0].state == "ready"


def test_it_tells_the_owner_when_a_report_cannot_be_made(office, watch, database, monkeypatch):
    schedule = office.schedule()

    def broken(*_, **__):
        raise ValueError("a bug")

    monkeypatch.setattr(archive, "fill", broken)
    make_due(database)
    assert runs(office)[0].state == "failed"
    assert "could not be made" in schedules.find(office.viewer, schedule).problem
    assert {one.state for one in delivery.log_of(office.viewer)} == {"stopped"}


def test_it_pauses_a_schedule_whose_report_was_removed(office, watch, database):
    schedule = office.schedule()
    layouts.remove(office.viewer, schedules.find(office.viewer, schedule).report_id)
    assert make_due(database) == 0
    found = schedules.find(office.viewer, schedule)
    assert (found.active, found.title) == (False, "a removed report")
    assert "removed" in found.problem


@pytest.mark.parametrize(
    ("when_late", "state", "banner"),
    [("banner", "ready", "Instagram is late."), ("send", "ready", ""), ("skip", "skipped", None)],
)
def test_it_does_with_late_data_as_it_was_told(office, watch, database, monkeypatch, when_late, state, banner):
    monkeypatch.setattr(lateness, "late", lambda *_, **__: "Instagram is late.")
    schedule = office.schedule(when_late=when_late)
    make_due(database)
    (made,) = runs(office)
    assert made.state == state
    if banner is None:
        assert {one.state for one in delivery.log_of(office.viewer)} == {"stopped"}
        assert "Instagram is late." in schedules.find(office.viewer, schedule).problem
    else:
        assert archive.document(office.viewer, made.id).banner == banner


def test_it_sends_a_test_to_one_address_only(office, watch, database, monkeypatch):
    with serving(Postbox()) as box:
        settings(monkeypatch, box)
        schedule = office.schedule(when_late="skip")
        run_id = schedules.test(office.viewer, schedule, "me@example.com", now=watch.moment)
        schedules.pause(office.viewer, schedule)
        make_due(database)
        delivery.send_due(database)
        (mail,) = box.mails
    assert mail.to == ["me@example.com"]
    assert mail.read["Subject"].startswith("[Test] Numbers")
    assert [one.run_id for one in delivery.log_of(office.viewer)] == [run_id]


def test_it_refuses_a_test_without_a_mail_server(office, watch):
    with pytest.raises(BadSetting, match="PLUMBLINE_SMTP_HOST"):
        schedules.test(office.viewer, office.schedule(), "me@example.com", now=watch.moment)


def test_it_runs_now_besides_its_rhythm(office, watch, database):
    schedule = office.schedule()
    schedules.run_now(office.viewer, schedule, now=watch.moment)
    assert make_due(database) == 2
    assert len(delivery.log_of(office.viewer)) == 6
    assert sorted(one.trigger for one in runs(office)) == ["person", "schedule"]


def test_it_sends_to_an_address_once_though_it_is_on_two_lists(office, watch, database):
    other = lists.add(office.viewer, "Board", now=START)
    lists.add_people(office.viewer, other, f"{PEOPLE[0]}, {PEOPLE[1]}, dee@example.com", now=START)
    bob = next(one for one in lists.people(office.viewer, other) if one.email == PEOPLE[1])
    lists.unsubscribe(lists.token(office.viewer.workspace_id, bob.id), now=START)
    office.schedule(to=[Target("mail", office.list_id), Target("mail", other)])
    make_due(database)
    assert sorted(one.to for one in delivery.log_of(office.viewer)) == [PEOPLE[0], PEOPLE[2], "dee@example.com"]


def test_it_sends_to_a_chat_whose_address_nobody_sees(office, watch, database, monkeypatch):
    posted = []
    way = channels.ways()["slack"]
    fake = type(way)(
        way.title, way.about, True, way.check, lambda message, to, *_: posted.append((message, to)) or "ok"
    )
    channel = channels.add(office.viewer, "slack", "#marketing", HOOK)
    schedule = office.schedule(to=[Target("slack", channel)])
    assert schedules.find(office.viewer, schedule).to == ("#marketing (Slack)",)
    with database.read() as connection:
        for table in ("setting", "report_schedule", "secret"):
            assert "sEcReT" not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    monkeypatch.setattr(channels, "ways", lambda: {"slack": fake})
    make_due(database)
    delivery.send_due(database)
    ((message, to),) = posted
    assert to == HOOK
    assert message.points[0].title == "Views"
    assert [(one.state, one.to) for one in delivery.log_of(office.viewer)] == [("sent", "#marketing")]
    channels.remove(office.viewer, channel)
    assert schedules.find(office.viewer, schedule).to == ("a removed channel",)
    watch.wait(days=1)
    make_due(database)
    delivery.send_due(database)
    assert [one.state for one in delivery.log_of(office.viewer, open_only=True)] == ["failed"]


def test_it_refuses_what_cannot_be(office, watch):
    to, report = [Target("mail", office.list_id)], office.report()

    def made(**given):
        wanted = {"report_id": report, "of": EVERY_WEEKDAY, "to": to, "now": watch.moment} | given
        return schedules.create(office.viewer, **wanted)

    for wrong in ({"to": [Target("mail", 1)]}, {"to": [Target("slack", office.list_id)]}, {"formats": ["doc"]},
                  {"when_late": "never"}):  # fmt: skip
        with pytest.raises(BadSetting):
            made(**wrong)
    with pytest.raises(NotFound):
        made(report_id=1)
    for act in (schedules.pause, schedules.find):
        with pytest.raises(NotFound):
            act(office.viewer, 1)
    guest = Viewer("guest", office.viewer.workspace_id, frozenset())
    for act in (schedules.pause, schedules.remove, schedules.find):
        with pytest.raises(NotAllowed):
            act(guest, 1)
    schedule = made()
    schedules.remove(office.viewer, schedule)
    assert schedules.all_of(office.viewer) == []
