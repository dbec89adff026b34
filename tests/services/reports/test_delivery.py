"""Delivery: each recipient once, what is tried again and when, what is in doubt, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from services.reports import archive, delivery, lists, schedules, slots
from services.sending import channels
from storage import deliveries
from tests.alerts.postbox import Postbox, serving
from tests.services.reports.office import PEOPLE, Office, make_due, settings

MONDAY_EIGHT = datetime(2026, 10, 19, 6, 0, 5, tzinfo=UTC)
"""In Berlin it is 08:00."""


class Watch:
    def __init__(self, monkeypatch):
        self.moment = MONDAY_EIGHT
        monkeypatch.setattr(clock, "utc_now", lambda: self.moment)

    def wait(self, **span):
        self.moment += timedelta(**span)


@pytest.fixture
def watch(monkeypatch):
    return Watch(monkeypatch)


@pytest.fixture
def box(monkeypatch):
    with serving(Postbox()) as made:
        settings(monkeypatch, made)
        yield made


@pytest.fixture
def office(database, box, watch):
    return Office(database)


def states(office, **narrowed):
    return sorted(one.state for one in delivery.log_of(office.viewer, **narrowed))


def sent_to(box):
    return sorted(mail.to[0] for mail in box.mails)


def test_it_sends_a_due_report_to_everyone_once(office, box, watch, database):
    schedule = office.schedule(formats=("csv", "json"))
    assert make_due(database) == 1
    assert delivery.send_due(database) == 3
    assert sent_to(box) == sorted(PEOPLE)
    for _ in range(3):
        watch.wait(minutes=10)
        assert make_due(database) == 0
        assert delivery.send_due(database) == 0
    assert states(office, schedule_id=schedule) == ["sent"] * 3
    mail = box.mails[0].read
    assert mail["Subject"] == "Numbers: 18 Oct 2026"
    assert mail["Date"].datetime == MONDAY_EIGHT.replace(microsecond=0)
    names = [one.get_filename() for one in mail.iter_attachments()]
    assert [name.rpartition(".")[2] for name in names] == ["zip", "json"]
    assert "Views" in mail.get_body(("html",)).get_content()


def test_it_says_less_to_people_without_a_base_address(office, box, database):
    office.schedule()
    make_due(database)
    delivery.send_due(database)
    assert box.mails[0].read["List-Unsubscribe"] is None
    assert "http" not in box.mails[0].read.get_body(("plain",)).get_content()


def test_it_gives_everyone_their_own_link_to_leave(office, box, watch, database, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_BASE_URL", "https://plumbline.example")
    office.schedule()
    make_due(database)
    delivery.send_due(database)
    links = {mail.to[0]: mail.read["List-Unsubscribe"].strip("<>") for mail in box.mails}
    assert len(set(links.values())) == 3
    token = links["bob@example.com"].rpartition("/")[2]
    assert lists.unsubscribe(token, now=watch.moment).email == "bob@example.com"
    html = box.mails[0].read.get_body(("html",)).get_content()
    assert "https://plumbline.example/r/" in html
    assert links[box.mails[0].to[0]] in html
    watch.wait(days=1)
    box.mails.clear()
    make_due(database)
    delivery.send_due(database)
    assert sent_to(box) == ["ann@example.com", "cem@example.com"]


def test_it_sends_nothing_to_who_left_after_the_report_was_queued(office, box, watch, database):
    office.schedule()
    make_due(database)
    (ann, *_) = lists.people(office.viewer, office.list_id)
    lists.unsubscribe(lists.token(office.viewer.workspace_id, ann.id), now=watch.moment)
    delivery.send_due(database)
    assert sent_to(box) == ["bob@example.com", "cem@example.com"]
    assert states(office) == ["sent", "sent", "stopped"]


def test_it_tries_again_after_one_five_and_fifteen_minutes_and_gives_up_after_six(office, box, watch, database):
    schedule = office.schedule()
    box.refuse = {"rcpt": "451 later"}
    make_due(database)
    tried = []
    for minute in (0, 0.5, 1, 2, 5, 6, 7, 20, 21, 22, 80, 81, 82, 320, 321, 322, 500, 1000):
        watch.moment = MONDAY_EIGHT + timedelta(minutes=minute)
        if delivery.send_due(database):
            tried.append(minute)
    assert tried == [0, 1, 6, 21, 81, 321]
    assert states(office) == ["failed"] * 3
    assert "451 later" in schedules.find(office.viewer, schedule).problem
    assert box.mails == []


def test_it_sends_what_was_refused_for_a_while(office, box, watch, database):
    office.schedule()
    box.refuse = {"data": "452 full"}
    make_due(database)
    delivery.send_due(database)
    one = delivery.log_of(office.viewer)[0]
    assert (one.state, one.attempts, one.next_try) == ("waiting", 1, watch.moment + timedelta(minutes=1))
    box.refuse = {}
    watch.wait(minutes=1)
    delivery.send_due(database)
    assert sent_to(box) == sorted(PEOPLE)


def test_it_stops_at_once_where_trying_again_is_of_no_use(office, box, watch, database):
    schedule = office.schedule()
    box.refuse = {"rcpt": "550 no such user"}
    make_due(database)
    delivery.send_due(database)
    watch.wait(hours=5)
    assert delivery.send_due(database) == 0
    found = delivery.log_of(office.viewer, open_only=True)
    assert [one.state for one in found] == ["failed"] * 3
    assert "no such user" in found[0].problem
    assert "no such user" in schedules.find(office.viewer, schedule).problem
    box.refuse = {}
    assert delivery.again(office.viewer, found[0].id, now=watch.moment)
    delivery.send_due(database)
    assert sent_to(box) == [found[0].to]


def test_it_asks_a_server_that_is_gone_once_and_not_for_everyone(office, box, watch, database, monkeypatch):
    asked = []
    way = channels.ways()["mail"]
    office.schedule()
    make_due(database)
    monkeypatch.setenv("PLUMBLINE_SMTP_PORT", "9")
    real = way.send
    monkeypatch.setattr(
        channels, "ways",
        lambda: {"mail": type(way)(way.title, way.about, False, way.check, lambda *a: asked.append(1) or real(*a))},
    )  # fmt: skip
    assert delivery.send_due(database) == 3
    assert len(asked) == 1
    assert {one.attempts for one in delivery.log_of(office.viewer)} == {1}


def test_it_never_sends_by_itself_what_may_have_arrived(office, box, watch, database):
    """The process died after the message was handed over: the row says so, and nobody holds its lease."""
    schedule = office.schedule()
    make_due(database)
    (row, *_) = deliveries_waiting(office, database)
    with database.write() as connection:
        claimed = deliveries.claim(connection, row, watch.moment)
        assert deliveries.hand_over(connection, claimed)
    for _ in range(5):
        watch.wait(hours=1)
        delivery.send_due(database)
    assert sent_to(box) == sorted(set(PEOPLE) - {row.to_whom})
    (doubt,) = delivery.log_of(office.viewer, open_only=True)
    assert (doubt.state, doubt.to, doubt.can_again) == ("doubt", row.to_whom, True)
    assert "may have arrived" in schedules.find(office.viewer, schedule).problem
    delivery.again(office.viewer, doubt.id, now=watch.moment)
    delivery.send_due(database)
    assert sent_to(box) == sorted(PEOPLE)


def test_it_sends_what_was_cut_off_before_it_was_handed_over(office, box, watch, database):
    office.schedule()
    make_due(database)
    (row, *_) = deliveries_waiting(office, database)
    with database.write() as connection:
        deliveries.claim(connection, row, watch.moment)
    delivery.send_due(database)
    assert sent_to(box) == sorted(PEOPLE)


def test_it_hands_nothing_over_once_another_process_has_it(office, box, watch, database):
    """A process that slept through its lease wakes up in the middle of sending."""
    office.schedule()
    make_due(database)
    (row, *_) = deliveries_waiting(office, database)
    with database.write() as connection:
        slept = deliveries.claim(connection, row, watch.moment)
    watch.wait(minutes=1)
    delivery.send_due(database)
    with database.write() as connection:
        assert not deliveries.hand_over(connection, slept)
        assert not deliveries.end(connection, slept, "failed")
    assert sent_to(box) == sorted(PEOPLE)
    assert states(office) == ["sent"] * 3


def test_it_stops_what_waits_for_a_report_that_was_removed(office, box, watch, database):
    office.schedule()
    make_due(database)
    (made,), _ = archive.all_made(office.viewer)
    archive.remove(office.viewer, made.id)
    delivery.send_due(database)
    assert box.mails == []
    assert states(office) == ["stopped"] * 3


def test_it_sends_a_report_of_the_archive_to_a_list_once(office, box, watch, database):
    office.schedule()
    make_due(database)
    delivery.send_due(database)
    (made,), _ = archive.all_made(office.viewer)
    other = lists.add(office.viewer, "Others", now=watch.moment)
    lists.add_people(office.viewer, other, "ann@example.com, dee@example.com", now=watch.moment)
    to = [slots.targets.Target("mail", other)]
    assert delivery.send(office.viewer, made.id, to, ["json"], now=watch.moment) == 1
    delivery.send_due(database)
    assert sent_to(box) == sorted([*PEOPLE, "dee@example.com"])


def test_it_forgets_deliveries_together_with_their_report(office, box, watch, database):
    office.schedule()
    make_due(database)
    delivery.send_due(database)
    watch.wait(days=archive.KEPT_DAYS + 1)
    assert archive.tidy(watch.moment) == 1
    assert delivery.tidy(database) == 3
    assert delivery.log_of(office.viewer) == []


def deliveries_waiting(office, database):
    with database.read() as connection:
        return deliveries.due(connection, office.viewer.workspace_id, clock.utc_now())
