"""Paging over real HTTP: every page once, and an end to platforms that go in circles."""

import pytest

from connectors import paging
from connectors.http import Client
from core.errors import SchemaDrift
from core.ports import Token
from tests.connectors.desk import HOST, KEYS, NoLimits, Tokens, connector


@pytest.fixture
def reading(desk):
    return Client(connector(), Tokens(Token("t")), KEYS, NoLimits(), gateway=desk.url, sleep=lambda _s: None)


def by_token(reading):
    return paging.by_token(reading, "/posts", {"size": 2}, next_at="meta.next", next_param="after")


def by_next_url(reading):
    return paging.by_next_url(reading, "/posts", {"size": 2}, next_at="paging.next")


def by_offset(reading, first=0):
    return paging.by_offset(reading, "/posts", {"size": 2}, rows_at="rows", offset_param="start", size=2, first=first)


def rows(pages):
    return [row for page in pages for row in page["rows"]]


def test_it_follows_tokens_to_the_last_page(desk, reading):
    desk.lay_out(
        {"rows": [1, 2], "meta": {"next": "b"}}, {"rows": [3], "meta": {"next": "c"}}, {"rows": [], "meta": {}}
    )
    assert rows(by_token(reading)) == [1, 2, 3]
    assert [asked.query for asked in desk.asked] == [
        {"size": "2"},
        {"size": "2", "after": "b"},
        {"size": "2", "after": "c"},
    ]


def test_it_reads_one_page(desk, reading):
    desk.lay_out({"rows": [1]}, {"rows": [1]}, {"rows": [1]})
    assert [rows(way(reading)) for way in (by_token, by_next_url, by_offset)] == [[1]] * 3


def test_it_asks_for_pages_only_as_they_are_used(desk, reading):
    desk.lay_out({"rows": [1], "meta": {"next": "b"}})
    next(by_token(reading))
    assert len(desk.asked) == 1


def test_it_follows_addresses_whole_or_relative(desk, reading):
    whole = f"https://{HOST}/v1/posts?cursor=b"
    desk.lay_out(
        {"rows": [1], "paging": {"next": whole}}, {"rows": [2], "paging": {"next": "?cursor=c"}}, {"rows": [3]}
    )
    assert rows(by_next_url(reading)) == [1, 2, 3]
    assert [asked.query for asked in desk.asked] == [{"size": "2"}, {"cursor": "b"}, {"cursor": "c"}]
    assert {asked.path for asked in desk.asked} == {f"/{HOST}/v1/posts"}


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/v1/posts", "http://api.desk.example/v1/posts", "//evil.example/"]
)
def test_it_shows_its_token_to_no_other_host(desk, reading, next_url):
    desk.lay_out({"rows": [1], "paging": {"next": next_url}})
    with pytest.raises(SchemaDrift, match="another host"):
        rows(by_next_url(reading))
    assert len(desk.asked) == 1


def test_it_counts_on_by_offset(desk, reading):
    desk.lay_out({"rows": [1, 2]}, {"rows": [3, 4]}, {"rows": []})
    assert rows(by_offset(reading, first=1)) == [1, 2, 3, 4]
    assert [asked.query["start"] for asked in desk.asked] == ["1", "3", "5"]


def test_it_stops_when_a_platform_goes_in_circles(desk, reading):
    page = {"rows": [1, 2], "meta": {"next": "b"}, "paging": {"next": f"https://{HOST}/v1/posts?cursor=b"}}
    for way in (by_token, by_next_url, by_offset):
        desk.lay_out(page, page)
        with pytest.raises(SchemaDrift, match="twice"):
            rows(way(reading))


def test_it_stops_when_a_platform_does_not(desk, reading, monkeypatch):
    monkeypatch.setattr(paging, "MAX_PAGES", 3)
    for way in (by_token, by_next_url, by_offset):
        desk.lay_out(*[
            {"rows": [n, n], "meta": {"next": n}, "paging": {"next": f"?cursor={n}"}} for n in range(1, 4)
        ])  # fmt: skip
        with pytest.raises(SchemaDrift, match="does not stop"):
            rows(way(reading))
