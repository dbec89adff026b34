"""Every connector, every fault, over real HTTP: it waits, asks again, says what is wrong, makes up nothing, tells nothing.

Nothing here knows a platform by name. What is expected follows from what the connector declares; a new connector with
its sandbox is tested by being there.
"""

from __future__ import annotations

import logging
import math
import re
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.metrics.registry import DIMENSIONS, METRICS
from connectors import http
from connectors.base import ApiVersion, Connector, Stream, Window
from core import clock
from core.errors import AppError, AuthorisationExpired, PermissionMissing, RateLimited, Recovery, SourceUnavailable
from core.metric import Adds, Unit
from core.ports import KnownPost
from core.records import GRAINS, Account, Comment, Coverage, Fact, Post, Reading, Record, State
from core.registry import discover
from sandbox.server import Platform, Running
from services.connecting.credentials import VaultTokens
from storage import connections, workspaces
from storage.limits import SqlLimitStore
from tests.connectors.stage import Player, Shelf, Told
from tests.fixtures_sandbox import NOW

PLATFORMS = discover("sandbox", "PLATFORM", Platform)
CONNECTORS = {
    name: connector
    for name, connector in discover("connectors", "CONNECTOR", Connector).items()
    if name in PLATFORMS  # tests/contracts/test_plugins.py minds those without a sandbox
}
MEMBER_KEYS = {
    "country": re.compile(r"[A-Z]{2}"),
    "age_gender": re.compile(r"(\d+-\d+|\d+\+) [FMU]|[FMU]"),
    "age": re.compile(r"\d+-\d+|\d+\+"),
    "gender": re.compile(r"[FMU]"),
    "device": re.compile(r"mobile|desktop|tablet|tv|other"),
    "content_kind": re.compile(r"[a-z_]+"),
    "follow_type": re.compile(r"[a-z_]+"),
    "language": re.compile(r"[a-z]{2,3}(-\w+)?"),
}
Key = tuple[object, ...]
SECRET_PARAMETERS = {"access_token", "refresh_token", "client_secret", "fb_exchange_token", "input_token", "code"}


@pytest.fixture(params=CONNECTORS)
def connector(request: pytest.FixtureRequest) -> Connector:
    return CONNECTORS[request.param]


@pytest.fixture
def player(connector: Connector, sandbox: Running, caplog: pytest.LogCaptureFixture) -> Iterator[Player]:
    """A connected player of a small account. Afterwards nothing that anybody could see holds a secret."""
    caplog.set_level(logging.DEBUG)
    sandbox.faults.set(connector.platform, "one_page")
    made = Player(sandbox, connector).connect()
    yield made
    made.note_secrets()
    logged = [logging.Formatter().format(one) for phase in ("setup", "call") for one in caplog.get_records(phase)]
    assert any(" HTTP/1.1" in line for line in logged), "the addresses that were asked are not in the log"
    shown = "\n".join([*logged, *(_everything(error) for error in made.errors)])
    assert len(made.secrets) >= 4
    assert not [secret for secret in made.secrets if secret in shown]
    assert not [seen for seen in sandbox.app.seen if seen.host and SECRET_PARAMETERS.intersection(seen.parameters)]
    assert sandbox.app.unexpected == []


def _everything(error: AppError) -> str:
    return f"{error!r} {error} {error.hint} {error.context!r} {''.join(traceback.format_exception(error))}"


@pytest.fixture
def fault(player: Player):
    """Switch a fault on for the platform, for as long as the test lasts."""
    return lambda name, **options: player.running.faults.set(player.connector.platform, name, **options)


# -- what a record must be


def flaws(connector: Connector, told: Told, known_posts: set[str]) -> Iterator[str]:
    """What is wrong with the records of a stream."""
    window, stream = told.window, told.stream
    for record in told.records:
        if isinstance(record, Account | Post):
            yield from _flaws_of_thing(record, window)
            continue
        if isinstance(record, Comment):
            yield from _flaws_of_comment(record, window)
        if isinstance(record, Fact | Reading | Coverage):
            metric = METRICS.get(record.metric)
            if metric is None or metric.derived or connector.platform not in metric.platforms:
                yield f"{record}: not a stored metric of {connector.title}"
            elif record.metric not in stream.metrics:
                yield f"{record}: the stream does not declare it"
        if isinstance(record, Fact | Reading):
            yield from _flaws_of_value(record)
        if isinstance(record, Fact):
            yield from _flaws_of_fact(record, stream, window)
        if isinstance(record, Reading):
            if record.post not in known_posts:
                yield f"{record}: of a post that nobody knows"
            if record.captured_at and (record.captured_at.tzinfo is None or record.captured_at > window.now):
                yield f"{record}: its moment is naive or to come"
        if isinstance(record, Coverage) and (record.first > record.last or not record.reason.strip()):
            yield f"{record}: no days, or no reason"
    yield from (f"{key}: came {n} times" for key, n in Counter(map(_key, told.records)).items() if n > 1)


def _flaws_of_thing(record: Account | Post, window: Window) -> Iterator[str]:
    if not record.external_id:
        yield f"{record}: no id"
    if isinstance(record, Account):
        clock.zone(record.time_zone)
        if not record.name:
            yield f"{record}: no name"
        return
    if record.published_at.tzinfo is None or record.published_at > window.now:
        yield f"{record}: its moment is naive or to come"
    if not re.fullmatch(r"[a-z_]+", record.kind):
        yield f"{record}: a kind in another form"
    if any(tag != tag.lower() or tag.startswith("#") for tag in record.tags) or len(set(record.tags)) < len(
        record.tags
    ):
        yield f"{record}: tags in another form"
    if not record.permalink.startswith("https://"):
        yield f"{record}: no address"


def _flaws_of_comment(record: Comment, window: Window) -> Iterator[str]:
    if not record.external_id:
        yield f"{record}: no id"
    if record.written_at.tzinfo is None or record.written_at > window.now:
        yield f"{record}: its moment is naive or to come"
    answers = bool(record.parent or record.post)
    if record.kind not in {"comment", "reply", "mention"} or (record.kind == "reply" and not answers):
        yield f"{record}: a kind in another form"
    if record.likes is not None and record.likes < 0:
        yield f"{record}: less than nothing"


def _flaws_of_value(record: Fact | Reading) -> Iterator[str]:
    if isinstance(record.value, bool) or not isinstance(record.value, int | float) or not math.isfinite(record.value):
        yield f"{record}: not a number"
    elif record.value < 0 and METRICS[record.metric].unit is not Unit.MONEY:
        yield f"{record}: less than nothing"
    elif record.value > 1 and METRICS[record.metric].unit is Unit.RATIO:
        yield f"{record}: more than all"


def _flaws_of_fact(record: Fact, stream: Stream, window: Window) -> Iterator[str]:
    first = window.first.replace(day=1) if record.grain in {"month", "week"} else window.first
    if stream.windowed and not first <= record.day <= window.last:
        yield f"{record}: outside {first} to {window.last}"
    if record.day > window.last:
        yield f"{record}: a day to come"
    if record.grain not in GRAINS or not 0 <= record.hour < 24:
        yield f"{record}: an unknown grain"
    if record.member:
        if record.member.dimension not in DIMENSIONS or not record.member.key.strip():
            yield f"{record}: an unknown split"
        elif (form := MEMBER_KEYS.get(record.member.dimension)) and not form.fullmatch(record.member.key):
            yield f"{record}: a member in another form"


def shelf_of(found: dict[str, Told]) -> Shelf:
    """The posts that a first reading brought."""
    shelf = Shelf()
    for told in found.values():
        for record in told.records:
            if isinstance(record, Post):
                shelf.put(record)
    return shelf


def keyed(told: Told) -> dict[Key, Record]:
    return {_key(record): record for record in told.records}


def _key(record: Record) -> Key:
    """What a record is about, without what it says."""
    if isinstance(record, Fact):
        return "fact", record.metric, record.grain, record.day, record.hour, record.member
    if isinstance(record, Reading):
        return "reading", record.post, record.metric, record.captured_at
    if isinstance(record, Coverage):
        return "coverage", record.metric, record.first, record.last
    return type(record).__name__, record.external_id


def assert_sound(connector: Connector, found: dict[str, Told]) -> None:
    posts = {record.external_id for told in found.values() for record in told.records if isinstance(record, Post)}
    assert [flaw for told in found.values() for flaw in flaws(connector, told, posts)] == []


def records(found: dict[str, Told]) -> dict[str, list[Record]]:
    return {name: told.records for name, told in found.items()}


def errors(found: dict[str, Told]) -> dict[str, AppError]:
    return {name: told.error for name, told in found.items() if told.error}


def numbers(found: dict[str, Told]) -> dict[Key, float]:
    """What was measured, by what it is about."""
    return {
        (name, *_key(record)): record.value
        for name, told in found.items()
        for record in told.records
        if isinstance(record, Fact | Reading)
    }


# -- what it reads


def test_it_reads_every_stream_of_a_full_account(player, sandbox):
    sandbox.faults.clear()
    found = player.read_all()
    assert errors(found) == {}
    assert [name for name, told in found.items() if not told.records] == []
    assert_sound(player.connector, found)
    brought = {
        record.metric for told in found.values() for record in told.records if isinstance(record, Fact | Reading)
    }
    refused = {record.metric for told in found.values() for record in told.records if isinstance(record, Coverage)}
    assert {metric for stream in player.connector.streams for metric in stream.metrics} <= brought | refused
    by_day = {name for name, told in found.items() if any(isinstance(one, Fact | Coverage) for one in told.records)}
    windowed = {one.name for one in player.connector.streams if one.windowed and one.metrics}
    lifetime = {one.name for one in player.connector.streams if one.lifetime}
    assert windowed - by_day == lifetime, "a stream that brings no days makes no promise about days"


def test_it_reads_the_same_twice(player):
    assert records(player.read_all()) == records(player.read_all())


@pytest.mark.parametrize(
    "login", [(name, one.key) for name in CONNECTORS for one in PLATFORMS[name].logins], ids="/".join
)
def test_it_finds_the_accounts_of_every_login(sandbox, login):
    name, key = login
    accounts = Player(sandbox, CONNECTORS[name]).connect(key).accounts
    specs = next(one.accounts for one in PLATFORMS[name].logins if one.key == key)
    assert len(accounts) <= len(specs)
    assert len({account.external_id for account in accounts}) == len(accounts)
    assert all(account.name and clock.zone(account.time_zone) for account in accounts)


def test_it_makes_up_nothing_for_an_empty_account(player, fault):
    fault("empty_account")
    found = player.read_all()
    assert {error.recovery for error in errors(found).values()} <= {Recovery.SKIP}
    assert_sound(player.connector, found)
    made_up = (Post, Reading, Comment)
    assert not [record for told in found.values() for record in told.records if isinstance(record, made_up)]
    assert set(numbers(found).values()) <= {0.0}


def test_it_reads_the_same_from_many_pages_as_from_one(player, fault):
    player.running.faults.clear(player.connector.platform, "one_page")
    player.recent_days, client = 20, player.client()
    one = player.read_all(client=client)
    asked = client.requests_made
    fault("many_pages", size=4)
    many = player.read_all(client=client)
    assert records(many) == records(one)
    assert client.requests_made - asked > asked, "there were no more pages than before"


def test_it_notices_what_the_platform_restates(player, fault):
    before = numbers(player.read_all())
    fault("restated", factor=2, days=5)
    after = numbers(player.read_all())
    assert after.keys() == before.keys()
    assert any(after[key] > before[key] for key in before)
    assert all(after[key] >= before[key] for key in before)


def test_it_reads_on_when_there_is_a_kind_nobody_has_seen(player, fault):
    before = player.read_all()
    fault("new_enum", value="HOLOGRAM")
    after = player.read_all()
    assert errors(after) == {}
    assert_sound(player.connector, after)
    assert _posts(after) == _posts(before)


def _posts(found: dict[str, Told]) -> set[str]:
    return {record.external_id for told in found.values() for record in told.records if isinstance(record, Post)}


# -- days and cursors that cannot be


@pytest.mark.parametrize("ahead", [1, 40], ids=["tomorrow", "far ahead"])
def test_it_finds_nothing_in_days_to_come(player, ahead):
    today = player.today()
    shelf, client = Shelf(), player.client()
    for stream in player.connector.streams:
        if stream.windowed:
            window = Window(today + timedelta(days=ahead), today + timedelta(days=ahead + 5), player.clock.now())
            told = player.read(stream, shelf, window, client)
            assert told.recovery in {None, Recovery.SKIP}, told.error
            assert not [record for record in told.records if isinstance(record, Fact | Reading | Post)]


def test_it_is_not_misled_by_a_post_from_the_future(player):
    before = records(player.read_all())
    ghost = KnownPost(str(2**63 - 1), "post", player.clock.now() + timedelta(days=400))
    assert records(player.read_all(Shelf(ghost))) == before


# -- trouble that passes


def _is_the_same(player: Player, before: dict[str, Told]) -> bool:
    found = player.read_all()
    assert errors(found) == {}
    return records(found) == records(before)


def test_it_waits_when_it_is_told_to_slow_down(player, fault):
    before = player.read_all()
    fault("rate_limited", times=2, retry_after_s=7)
    assert _is_the_same(player, before)
    assert sum(player.clock.slept) >= 2 * 7 - 1
    assert max(player.clock.slept) <= http.LONGEST_WAIT_S


def test_it_makes_everyone_wait_who_reads_for_the_connection(player, fault, sqlite_database):
    """The first to be told blocks the limit in the store: another process does not ask before it is over."""
    player.limits = SqlLimitStore(sqlite_database)
    stream = player.connector.streams[0]
    fault("rate_limited", retry_after_s=600)
    first = player.read(stream, Shelf())
    assert isinstance(first.error, RateLimited)
    free_at = player.clock.now() + timedelta(seconds=first.error.retry_after_s)
    player.running.faults.clear(player.connector.platform, "rate_limited")
    asked = len(player.running.app.seen)
    second = player.read(stream, Shelf())
    if isinstance(second.error, RateLimited):
        assert len(player.running.app.seen) == asked, "it asked although it knew better"
        assert second.error.retry_after_s == pytest.approx(first.error.retry_after_s, abs=1)
        player.clock.sleep(second.error.retry_after_s + 1)
        second = player.read(stream, Shelf())
    assert second.error is None
    assert player.clock.now() >= free_at - timedelta(seconds=1)


@pytest.mark.parametrize("name", ["server_error", "truncated_json", "time_out"])
def test_it_asks_again_after_a_broken_answer(player, fault, monkeypatch, name):
    before = player.read_all()
    if name == "time_out":  # only here: on a busy machine a good answer may take as long
        monkeypatch.setattr(http, "READ_TIMEOUT_S", 1.5)
    fault(name, times=2)
    assert _is_the_same(player, before)
    assert len(player.clock.slept) == 2


@pytest.mark.parametrize("name", ["server_error", "truncated_json", "time_out"])
def test_it_gives_up_on_answers_that_stay_broken(player, fault, monkeypatch, name):
    monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.1)
    fault(name)
    asked = len(player.running.app.seen)
    told = player.read(player.connector.streams[0], Shelf())
    assert isinstance(told.error, SourceUnavailable)
    assert told.records == []
    if name != "time_out":
        assert len(player.running.app.seen) - asked == http.ATTEMPTS


# -- trouble that a person must end


def _refreshes(player: Player) -> bool:
    return bool(player.tokens and player.tokens.token.refresh_token)


def _token_requests(player: Player) -> int:
    host_and_path = player.connector.auth.token_url.removeprefix("https://")
    return sum(f"{seen.host}{seen.path}" == host_and_path for seen in player.running.app.seen)


def test_it_refreshes_an_expired_token_once_and_goes_on(player, fault):
    before, asked, stale = player.read_all(), _token_requests(player), player.tokens.token
    fault("expired_token")
    if _refreshes(player):
        assert _is_the_same(player, before)
        assert _token_requests(player) == asked + 1
        assert player.tokens.token.access_token != stale.access_token
    else:
        _assert_consent_is_needed(player)
        assert player.tokens.token == stale


@pytest.mark.parametrize("connector", [c for c in CONNECTORS.values() if c.renew is None], ids=lambda c: c.platform)
def test_it_never_shows_a_refresh_token_twice(player, fault, database):
    """Six readers meet an expired token at once, each as a process of its own would: through the store and its lock.

    A platform whose refresh tokens rotate takes back the whole consent when it sees one for the second time.
    """
    with database.write() as connection:
        workspace = workspaces.create(connection, "Northwind", now=NOW)
        row = connections.add(connection, workspace, player.connector.platform, "Northwind", now=NOW)
    VaultTokens(database, workspace, row).save(player.tokens.token)
    fault("expired_token")
    asked, start = _token_requests(player), threading.Barrier(6)

    def read() -> Told:
        client = player.client(VaultTokens(database, workspace, row))
        start.wait()
        return player.read(player.connector.streams[0], Shelf(), client=client)

    with ThreadPoolExecutor(6) as pool:
        told = [future.result() for future in [pool.submit(read) for _ in range(6)]]
    assert [one.error for one in told] == [None] * 6
    assert all(one.records == told[0].records != [] for one in told)
    assert _token_requests(player) == asked + 1
    kept = VaultTokens(database, workspace, row).load()
    assert kept.access_token != player.tokens.token.access_token
    player.tokens.save(kept)


def test_it_refreshes_before_a_token_ends(player):
    before = player.read_all()
    token, asked = player.tokens.token, _token_requests(player)
    if not _refreshes(player) and player.connector.renew is None:
        pytest.skip("its tokens cannot be renewed")
    player.tokens.save(replace(token, expires_at=player.clock.now() + timedelta(minutes=4)))
    assert _is_the_same(player, before)
    assert _token_requests(player) == asked + 1
    assert player.tokens.token.expires_at > player.clock.now() + timedelta(minutes=30)


def test_it_asks_for_a_new_consent_when_it_was_revoked(player, fault):
    player.read_all()
    fault("revoked_token")
    _assert_consent_is_needed(player)


def _assert_consent_is_needed(player: Player) -> None:
    for stream in player.connector.streams:
        told = player.read(stream, _shelf_of_old(player))
        assert isinstance(told.error, AuthorisationExpired), stream.name
        assert told.error.hint
        assert told.records == []


def _shelf_of_old(player: Player) -> Shelf:
    """A shelf with posts of every age, so that every stream has something to ask about."""
    ages = [timedelta(hours=20), timedelta(days=9), timedelta(days=20)]
    return Shelf(*(KnownPost(str(10**15 + n), "post", player.clock.now() - age) for n, age in enumerate(ages)))


def _scopes(stream: Stream) -> list[set[str]]:
    return [set(needed.split("|")) for needed in stream.scopes]


def _needed(connector: Connector) -> list[str]:
    return sorted({scope for stream in connector.streams for needed in _scopes(stream) for scope in needed})


def test_it_speaks_a_version_that_has_not_ended(connector):
    version = connector.api_version
    assert isinstance(version, ApiVersion)
    assert version.name.strip()
    assert version.ends is None or NOW.date() < version.ends


def test_it_declares_which_permissions_its_streams_need(connector):
    asked = {scope.name for scope in connector.auth.scopes}
    assert all(stream.scopes for stream in connector.streams)
    assert all(needed & asked for stream in connector.streams for needed in _scopes(stream))


def test_it_says_which_permission_is_missing_and_reads_the_rest(player, fault):
    shelf = shelf_of(player.read_all())
    before = player.read_all(shelf)
    for scope in _needed(player.connector):
        fault("missing_scope", scope=scope)
        after = player.read_all(shelf)
        for stream in player.connector.streams:
            _assert_scope_costs_only_its_streams(stream, scope, before[stream.name], after[stream.name])


def _assert_scope_costs_only_its_streams(stream: Stream, scope: str, before: Told, after: Told) -> None:
    about = f"{stream.name} without {scope}"
    if {scope} not in _scopes(stream):
        assert (after.records, after.error) == (before.records, None), about
        return
    if after.error is None and before.records:
        said = [record for record in after.records if isinstance(record, Coverage)]
        assert {State.NOT_PERMITTED} == {record.state for record in said}, about
    elif after.error:
        assert isinstance(after.error, PermissionMissing), about
        assert after.error.hint
    assert not [record for record in after.records if isinstance(record, Fact | Reading)], about


def test_it_says_that_the_account_is_gone(player, fault):
    before = {stream.name: player.read(stream, Shelf()) for stream in player.connector.streams}
    fault("account_gone")
    found = {stream.name: player.read(stream, Shelf()) for stream in player.connector.streams}
    silent = [name for name, told in found.items() if before[name].records and not told.error and not told.records]
    assert silent == [], "gone is not empty"
    assert any(told.recovery in {Recovery.FIX_CONFIG, Recovery.GRANT} for told in found.values())
    assert {error.recovery for error in errors(found).values()} <= {Recovery.FIX_CONFIG, Recovery.GRANT, Recovery.SKIP}
    assert numbers(found) == {}


# -- a metric that is no more


def test_it_loses_only_the_metric_that_is_no_more(player, fault):
    """Every metric in turn, by the names that the registry has for it on the platform."""
    shelf = shelf_of(player.read_all())
    plain = {name: keyed(told) for name, told in player.read_all(shelf).items()}
    lost = set()
    for stream, metric, field in _fields(player.connector):
        fault("retired_metric", metric=field)
        told = player.read(stream, shelf)
        lost |= _lost(told, plain[stream.name], metric, _fed_by(player.connector, field))
    assert lost, "nothing was ever refused"


def _fields(connector: Connector) -> Iterator[tuple[Stream, str, str]]:
    for stream in connector.streams:
        for metric in stream.metrics:
            for source in METRICS[metric].sources:
                if source.platform == connector.platform:
                    yield stream, metric, source.field


def _fed_by(connector: Connector, field: str) -> set[str]:
    """The metrics that the platform's field is registered for."""
    return {
        one.name
        for one in METRICS.values()
        if any(source.platform == connector.platform and source.field == field for source in one.sources)
    }


def _lost(told: Told, plain: dict[Key, Record], metric: str, fed: set[str]) -> set[str]:
    """The metrics that the stream now lacks: this one, what is `fed` by the same field or weighted by it, no other."""
    about = f"{told.stream.name} without {metric}"
    assert told.recovery in {None, Recovery.SKIP}, about
    left = keyed(told)
    assert {key: left[key] for key in left if key in plain} == {key: plain[key] for key in plain if key in left}, about
    gone = [plain[key] for key in plain if key not in left]
    weighted = {one.numerator for one in METRICS.values() if one.adds is Adds.WEIGHTED and one.denominator == metric}
    assert {record.metric for record in gone} <= {metric, *fed, *weighted}, about
    if told.error is None and any(isinstance(record, Fact) and record.member is None for record in gone):
        said = [left[key] for key in left if key not in plain]
        assert metric in {one.metric for one in said} <= {record.metric for record in gone}, (
            f"{about}: it does not say why"
        )
        assert {one.state for one in said} == {State.NOT_OFFERED}, about
    return {record.metric for record in gone}
