"""Every template: its parts and settings exist, and it can be built, in any language, with data and without."""

from dataclasses import replace

import pytest

from core import language
from core.language import tr
from core.question import Compare
from core.report import Block
from services.reports import build, layouts
from services.words import periods
from tests.services.reports.planted import Planted
from tests.services.seeded import NOW, Seeded

TEMPLATES = layouts.templates()
OWN = ("platforms", "accounts", "kinds", "tags", "period", "compare")
"""What any block may say of its question."""
NEEDED = {
    "performance": {"top_posts", "engagement_split", "over_time", "platform_insights"},
    "growth": {"gains_and_losses", "over_time", "posts_per_week", "forecast"},
    "comparison": {"platform_table", "share_of_total", "formats", "real_differences"},
    "executive": {"key_numbers", "findings"},
    "campaign": {"text", "post_totals", "top_posts"},
    "platform": {"platform_metrics"},
    "audience": {"audience"},
    "daily": {"key_numbers", "top_posts"},
    "weekly": {"key_numbers", "top_posts", "forecast"},
    "monthly": {"key_numbers", "goals", "platform_table", "findings", "forecast"},
}
"""What the seeds ask of each."""
MAY_LACK = ("No platform tells", "This is being computed", "Unusual days are being computed", "This block is about one",
            "Instagram tells nothing", "No posts were published")  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_parts_and_settings_exist(name):
    of, parts = TEMPLATES[name], build.parts()
    assert of.period in periods.TITLES
    assert len({block.id for block in of.blocks}) == len(of.blocks)
    for block in of.blocks:
        part = parts[block.part]
        assert set(block.options) <= {*(option.name for option in part.options), *OWN}
        part.settings(block)
        assert block.options.get("period", "last_30") in periods.TITLES


@pytest.mark.parametrize("name", NEEDED)
def test_it_has_what_it_is_for(name):
    assert {block.part for block in TEMPLATES[name].blocks} >= NEEDED[name]


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_can_be_built(sqlite_database, name):
    planted = Planted(sqlite_database)
    layout = layouts.from_template(TEMPLATES[name])
    if name == "platform":
        layout = replace(layout, platforms=("instagram",))
    document = build.build(planted.viewer, layout, now=NOW)
    failed = [one for one in document.sections if one.failed and not one.failed.startswith(MAY_LACK)]
    assert [f"{one.title}: {one.failed}" for one in failed] == []
    assert len(document.sections) == len(TEMPLATES[name].blocks)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_can_be_built_without_data(sqlite_database, name):
    document = build.build(Seeded(sqlite_database).viewer, layouts.from_template(TEMPLATES[name]), now=NOW)
    assert not any("log says why" in one.failed for one in document.sections)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_begins_in_the_readers_language(name):
    of = TEMPLATES[name]
    with language.using("de"):
        made = layouts.from_template(of)
        assert (made.title, made.language) == (tr(of.title), "de")
        assert [one.title for one in made.blocks] == [tr(one.title) for one in of.blocks]
        assert [one.options.get("text", "") for one in made.blocks] == [
            tr(one.options.get("text", "")) for one in of.blocks
        ]
        assert made.title != of.title
    assert (made.period, made.compare, made.match_weekday) == (of.period, of.compare, of.match_weekday)


def test_a_campaign_tells_how_to_choose_it():
    (text,) = [one for one in TEMPLATES["campaign"].blocks if one.part == "text"]
    assert "Tags" in text.options["text"]


def test_a_day_is_held_against_the_same_weekday(sqlite_database):
    document = build.build(Seeded(sqlite_database).viewer, layouts.from_template(TEMPLATES["daily"]), now=NOW)
    assert (document.period.first - document.compared.first).days == 7
    assert TEMPLATES["daily"].compare is Compare.PREVIOUS


def test_the_blank_one_is_last_and_empty():
    assert list(TEMPLATES)[-1] == "blank"
    assert TEMPLATES["blank"].blocks == ()
    assert all(isinstance(block, Block) for of in TEMPLATES.values() for block in of.blocks)
