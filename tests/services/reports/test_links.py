"""Links to made reports: for who has them, until they end, behind a password, and every visit noted."""

from datetime import timedelta

import pytest

from core.errors import BadSetting, NotAllowed, NotFound
from core.report import Layout
from services.reports import archive, links
from storage import database as stores
from tests.services.seeded import NOW, Seeded

SOON = NOW + timedelta(days=7)


@pytest.fixture
def seeded(database):
    stores.use(database)
    return Seeded(database)


@pytest.fixture
def run(seeded):
    return archive.make(seeded.viewer, Layout("Weekly", ()), now=NOW)


def test_a_link_leads_to_its_report_until_it_ends(seeded, run):
    token = links.share(seeded.viewer, run, now=NOW, expires_at=SOON)
    found = links.come(token, now=SOON - timedelta(seconds=1))
    assert (found.made.id, found.locked, found.expires_at) == (run, False, SOON)
    with pytest.raises(NotFound):
        links.come(token, now=SOON)


def test_a_revoked_link_is_as_unknown_as_one_that_never_was(seeded, run):
    token = links.share(seeded.viewer, run, now=NOW, expires_at=None)
    (link,) = links.all_of(seeded.viewer, run, now=NOW)
    links.revoke(seeded.viewer, link.id, now=NOW)
    told = []
    for one in (
        token,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "1." + "x" * 32,
        "nonsense",
        "",
        f"fffffffffffffff.{'x' * 32}",
    ):
        with pytest.raises(NotFound) as refused:
            links.come(one, now=NOW)
        told.append(str(refused.value))
    assert len(set(told)) == 1
    assert links.all_of(seeded.viewer, run, now=NOW)[0].ended == "revoked"


def test_its_secret_is_long_and_not_stored(seeded, run, database):
    tokens = {links.share(seeded.viewer, run, now=NOW, expires_at=None, password="open sesame") for _ in range(5)}
    assert len(tokens) == 5
    secrets = [one.partition(".")[2] for one in tokens]
    assert min(map(len, secrets)) >= 32  # 24 bytes are 192 bits
    with database.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM share_link").fetchall())
    assert not any(one in kept for one in [*secrets, "open sesame"])


def test_a_password_opens_it_for_the_browser_that_gave_it(seeded, run):
    token = links.share(seeded.viewer, run, now=NOW, expires_at=SOON, password="open sesame")
    other = links.share(seeded.viewer, run, now=NOW, expires_at=SOON, password="open sesame")
    assert links.come(token, now=NOW).locked
    with pytest.raises(NotAllowed):
        links.unlock(token, "open says me", now=NOW)
    key = links.unlock(token, "open sesame", now=NOW).pass_key
    assert not links.come(token, now=NOW, pass_key=key).locked
    assert links.come(other, now=NOW, pass_key=key).locked
    assert links.come(token, now=NOW, pass_key="ü").locked


def test_too_many_wrong_passwords_close_it_for_an_hour(seeded, run):
    token = links.share(seeded.viewer, run, now=NOW, expires_at=SOON, password="open sesame")
    for _ in range(links.MOST_TRIES):
        with pytest.raises(NotAllowed, match="not the password"):
            links.unlock(token, "guess", now=NOW)
    with pytest.raises(NotAllowed, match="Too many"):
        links.unlock(token, "open sesame", now=NOW + timedelta(minutes=59))
    assert not links.unlock(token, "open sesame", now=NOW + timedelta(minutes=61)).locked


def test_every_visit_is_noted(seeded, run):
    token = links.share(seeded.viewer, run, now=NOW, expires_at=SOON, label="For the board")
    found = links.come(token, now=NOW)
    for step, what in enumerate((links.SEEN, "pdf")):
        links.note(found.viewer, found.link_id, what, now=NOW + timedelta(minutes=step))
    (link,) = links.all_of(seeded.viewer, run, now=NOW)
    assert (link.label, link.has_password) == ("For the board", False)
    assert link.visits == ((NOW + timedelta(minutes=1), "pdf"), (NOW, "seen"))


@pytest.mark.parametrize("given", [{"password": "short"}, {"expires_at": NOW}])
def test_it_refuses_what_protects_nothing(seeded, run, given):
    with pytest.raises(BadSetting):
        links.share(seeded.viewer, run, now=NOW, **{"expires_at": SOON, **given})


def test_nobody_shares_or_ends_what_is_not_theirs(seeded, run, database):
    other = Seeded(database).viewer
    with pytest.raises(NotFound):
        links.share(other, run, now=NOW, expires_at=None)
    token = links.share(seeded.viewer, run, now=NOW, expires_at=None)
    links.revoke(other, links.all_of(seeded.viewer, run, now=NOW)[0].id, now=NOW)
    assert links.come(token, now=NOW).made.id == run


def test_a_removed_report_takes_its_links_with_it(seeded, run):
    token = links.share(seeded.viewer, run, now=NOW, expires_at=None)
    archive.remove(seeded.viewer, run)
    with pytest.raises(NotFound):
        links.come(token, now=NOW)
    assert links.all_of(seeded.viewer, run, now=NOW) == []
