"""Metered requests: set aside before they are made, settled by what came, and not made when the budget is used up."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from connectors import http
from connectors.base import Depth, Tariff
from connectors.http import Client
from core.errors import BudgetReached, RefusedRequest, SourceUnavailable
from core.ports import Purchase, Receipt, Token
from tests.connectors.desk import KEYS, NOW, Clock, NoLimits, Reply, Tokens, connector, open_desk

TARIFF = Tariff(
    {"sheet": 1.0},
    asked=lambda path, params: Purchase({}, {"sheet": int(params["n"])} if path == "/sheets" else {}),
    given=lambda path, body: {"sheet": body["sheets"]},
    monthly_budget=1.0,
    back_days=1,
    newest=1,
    depth=lambda client: Depth(0, date(2026, 1, 1)),
)


@dataclass
class Till:
    """A meter that writes down what it is told, and refuses when it is `empty`."""

    empty: bool = False
    log: list = field(default_factory=list)

    def reserve(self, purchase, now):
        if self.empty:
            raise BudgetReached("Nothing left.", until=NOW)
        self.log.append(dict(purchase.unknown))
        return Receipt(now, {})

    def settle(self, receipt, given):
        self.log.append(dict(given))

    def room(self, kind, now):
        return 7


@pytest.fixture
def desk():
    with open_desk() as made:
        yield made


@pytest.fixture
def till():
    return Till()


@pytest.fixture
def client(desk, till):
    clock, tokens = Clock(), Tokens(Token("t"))
    return Client(
        connector(tariff=TARIFF),
        tokens,
        KEYS,
        NoLimits(),
        gateway=desk.url,
        now=clock.now,
        sleep=clock.sleep,
        meter=till,
    )


def test_it_settles_what_came_for_what_was_set_aside(desk, client, till):
    desk.lay_out({"sheets": ["a", "b"]})
    client.get("/sheets", {"n": 5})
    assert till.log == [{"sheet": 5}, {"sheet": ["a", "b"]}]


def test_it_does_not_ask_when_the_budget_is_used_up(desk, client, till):
    till.empty = True
    with pytest.raises(BudgetReached):
        client.get("/sheets", {"n": 5})
    assert desk.asked == [] and client.requests_made == 0


def test_it_asks_for_free_whatever_the_budget(desk, client, till):
    till.empty = True
    desk.lay_out({"pencils": 3})
    assert client.get("/pencils") == {"pencils": 3}
    assert till.log == []


@pytest.mark.parametrize(
    ("reply", "error"), [(Reply(status=400), RefusedRequest), (Reply(b"{", 200), SourceUnavailable)], ids=["400", "cut"]
)
def test_it_pays_nothing_for_an_answer_without_things(desk, client, till, monkeypatch, reply, error):
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    desk.lay_out(reply)
    with pytest.raises(error):
        client.get("/sheets", {"n": 5})
    assert till.log == [{"sheet": 5}, {}]


def test_it_sets_aside_anew_for_every_attempt(desk, client, till):
    desk.lay_out(Reply(status=500), {"sheets": ["a"]})
    client.get("/sheets", {"n": 2})
    assert till.log == [{"sheet": 2}, {}, {"sheet": 2}, {"sheet": ["a"]}]


def test_it_knows_how_much_there_is_room_for(client, desk):
    assert client.room("sheet") == 7
    assert Client(connector(), None, KEYS, NoLimits()).room("sheet") > 10**9
