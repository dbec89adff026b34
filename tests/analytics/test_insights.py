"""Written insights: what is said, what is not, in which order, and that every figure is evidence."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.insights import KINDS, LANGUAGES, Category, Fact, Form, Subject, write
from analytics.insights.checking import verify
from analytics.insights.names import TOKEN
from core.errors import BadQuestion
from core.metric import Direction, Unit
from core.question import Period
from tests.analytics.insight_facts import BEFORE, END, EVERY, MONEY, NOVEMBER, SPEND, change, fact, facts, lift

COST = {"direction": Direction.DOWN, "title": "CPC", **MONEY}


def one(said, language="en"):
    [insight] = write([said], language=language)
    return insight


def cost(value, previous, **more):
    values = {"value": value, "previous": previous}
    return fact("change", values=values, period=NOVEMBER, compared=BEFORE, confidence=0.99, **COST, **more)


WORKED = {
    "change": "Views +27 % (+1,200, 1–30 November against 2–31 October 2026), from Instagram +1,500 and X −300.",
    "post": "Views (Instagram, Acme): “about hit” has 90, 6.9 times the median 13 of 7 comparable posts.",
    "frequency": "Views: 24 % above the usual in weeks with 3 to 5 posts (30 weeks compared); now it is 1.5 a week.",
    "format": "Views (Instagram): Reel 24 % below the other formats (31 posts).",
    "slot": "Views: 31 % above the usual on Tuesday around 18:00 (31 posts).",
    "pattern": "Views: 31 % above the usual for posts with “a question” (31 posts).",
    "growth": "Followers +2.1 % a week, likely +1.8 % to +2.4 % (12 weeks observed).",
    "platform": "Views (Acme): TikTok is 131 % above the other platforms (31 posts).",
    "forecast": "Followers: 10,400 expected by 31 December 2026, likely 10,100 to 10,800; now 9,900.",
    "outlook": "Views: 10,400 expected for 1–28 December 2026, likely 9,100 to 11,800; 9,000 in the period before.",
    "goal": "Followers: 12,000 by 31 December 2026 will probably not be reached: 10,400 expected, "
    "likely 10,100 to 10,800.",
    "audience": "Reach: Germany makes up 34 %, after 20 % before.",
    "hashtag": "Views: 30 % above the usual in posts with #fun2026 (24 uses).",
    "viral": "Views (TikTok): “cat” has 30,000 after 6 hours, 7.5 times the usual 4,000 at that age.",
    "season": "Views: 30 % above the rest of the year in December (3 years of data).",
    "shift": "Reach (X): a lasting step of −30 % since 1 March 2026, in 3 accounts alike.",
    "benchmark": "Engagement rate: 2 %, 41 % below the industry with 3.4 %.",
    "anomaly": "Views: 200 on 3 November 2026, where 800 to 1,200 was expected, from X −700 and TikTok −100.",
    "pacing": "Ad spend: 700.00 EUR of 1,000.00 EUR spent after 50 % of the time; at this pace 1,400.00 EUR "
    "by 31 December 2026, 40 % above the budget.",
    "failing": "YouTube (Acme) was last read on 3 November 2026. Connect the account again.",
    "late": "YouTube: the newest data is of 3 November 2026, 2 days later than usual.",
    "coverage": "Views: told by 3 of 5 accounts.",
}


def test_it_has_a_worked_example_of_every_kind():
    assert set(WORKED) == set(EVERY) == set(KINDS)
    assert {KINDS[kind].category for kind in WORKED} == set(Category)


@pytest.mark.parametrize("kind", WORKED)
def test_it_says_what_was_computed(kind):
    assert one(EVERY[kind]).text == WORKED[kind]


@pytest.mark.parametrize("kind", WORKED)
def test_it_says_what_to_do(kind):
    assert all(one(EVERY[kind], language).action for language in LANGUAGES)


@pytest.mark.parametrize(
    ("kind", "language", "text"),
    [
        (
            "change",
            "de",
            "Aufrufe +27 % (+1.200, 1.–30. November gegenüber 2.–31. Oktober 2026), davon Instagram +1.500 und X −300.",
        ),
        ("slot", "de", "Aufrufe: 31 % über dem Üblichen am Dienstag gegen 18 Uhr (31 Beiträge)."),
        ("benchmark", "de", "Interaktionsrate: 2 %, 41 % unter the industry mit 3,4 %."),
        (
            "change",
            "fr",
            "Vues +27 % (+1 200, 1er–30 novembre contre 2–31 octobre 2026), dont Instagram +1 500 et X −300.",
        ),
        ("slot", "fr", "Vues : 31 % au-dessus de l’habituel le mardi vers 18 h (31 publications)."),
        (
            "shift",
            "fr",
            "Portée (X) : un palier durable de −30 % depuis le 1er mars 2026, sur 3 comptes de la même façon.",
        ),
        (
            "change",
            "es",
            "Visualizaciones +27 % (+1200, 1–30 de noviembre frente a 2–31 de octubre de 2026), "
            "de ello Instagram +1500 y X −300.",
        ),
        ("slot", "es", "Visualizaciones: 31 % por encima de lo habitual el martes hacia las 18:00 (31 publicaciones)."),
        (
            "shift",
            "es",
            "Alcance (X): un nivel nuevo de −30 % desde el 1 de marzo de 2026, en 3 cuentas por igual.",
        ),
    ],
    ids=lambda value: value[:9],
)
def test_it_writes_numbers_as_the_language_does(kind, language, text):
    assert re.sub("[\u00a0\u202f]", " ", one(EVERY[kind], language).text) == text


def test_it_never_breaks_a_number_across_lines():
    """A space inside a number or before a per cent sign does not break, where the language writes one."""
    assert "1\u202f200" in one(EVERY["change"], "fr").text
    assert "27\u00a0%" in one(EVERY["change"], "de").text


@pytest.mark.parametrize("language", ["", "xx", "EN", "english"])
def test_it_refuses_a_language_it_does_not_write(language):
    with pytest.raises(BadQuestion, match="not written in") as refused:
        write([], language=language)
    assert "en, de, fr" in refused.value.hint


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (Fact("horoscope"), "horoscope"),
        (replace(EVERY["change"], confidence=1.2), "between 0 and 1"),
        (replace(EVERY["slot"], lower=0.5, upper=0.1), "wrong order"),
        (replace(EVERY["slot"], subject=Subject(weekday=7, hour=1)), "weekday 7"),
        (replace(EVERY["slot"], subject=Subject(weekday=1, hour=-1)), "hour -1"),
    ],
    ids=["kind", "confidence", "bounds", "weekday", "hour"],
)
def test_it_refuses_a_fact_that_cannot_be(wrong, says):
    with pytest.raises(BadQuestion, match=says):
        write([wrong], language="en")


# -- what is not said


@pytest.mark.parametrize(
    "verdict", ["no reliable pattern", "No clear difference", "not enough posts yet (3 of 5)", "used in too few weeks"]
)
@pytest.mark.parametrize("kind", EVERY)
def test_it_says_nothing_where_the_method_found_nothing(kind, verdict):
    assert write([replace(EVERY[kind], verdict=verdict)], language="en") == []


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.effect in {"lift"}])
def test_it_says_nothing_when_the_interval_includes_no_effect(kind):
    assert write([replace(EVERY[kind], lower=-0.1, upper=0.7)], language="en") == []
    assert write([replace(EVERY[kind], lower=0.0, upper=0.7)], language="en") == []


@pytest.mark.parametrize("kind", EVERY)
def test_it_says_nothing_with_an_unknown_value(kind):
    for name in EVERY[kind].values:
        if name not in {"posts", "uses"} or name in KINDS[kind].needs:
            for unknown in (math.nan, math.inf):
                values = {**EVERY[kind].values, name: unknown}
                needed = (*KINDS[kind].needs, *KINDS[kind].over, KINDS[kind].effect)
                said = write([replace(EVERY[kind], values=values)], language="en")
                assert (said == []) == (name in needed)


def test_it_keeps_quiet_about_what_is_too_small():
    assert write([change(1040.0, 1000.0, confidence=0.99)], language="en") == []
    assert write([change(1060.0, 1000.0, confidence=0.99)], language="en") != []


def test_it_keeps_quiet_about_what_is_less_likely_than_not():
    assert write([change(2000.0, 1000.0, confidence=0.49)], language="en") == []


def test_it_calls_no_value_within_its_bounds_an_anomaly():
    usual = replace(EVERY["anomaly"], values={"value": 900.0, "expected": 1000.0})
    assert write([usual], language="en") == []


def test_it_sees_no_gap_where_all_accounts_tell():
    assert write([fact("coverage", values={"known": 5.0, "accounts": 5.0})], language="en") == []


def test_it_says_that_nothing_was_tested():
    assert one(change(2000.0, 1000.0)).certainty == "Not tested against chance."
    assert one(change(2000.0, 1000.0, confidence=0.7)).certainty == "A hint, no more."
    assert one(change(2000.0, 1000.0, confidence=0.85)).certainty == "Likely, but not certain."


def test_it_leaves_out_parts_that_do_not_add_up():
    told = one(replace(EVERY["change"], parts=(("Instagram", 1500.0), ("X", -200.0))))
    assert "Instagram" not in told.text
    assert told.text.endswith("2026).")


def test_it_gives_no_percentage_of_nothing_or_less():
    assert one(change(120.0, 0.0)).text == "Views: 120 after 0 (1–30 November against 2–31 October 2026)."
    assert one(change(-50.0, 30.0)).text.startswith("Views: −50 after 30")
    assert one(change(-50.0, 30.0)).good is False


# -- which way is good


def test_it_knows_that_lower_is_better():
    dearer, cheaper = one(cost(0.5, 0.4)), one(cost(0.4, 0.5))
    assert dearer.good is False
    assert dearer.text.endswith("Lower is better: this is bad news.")
    assert "Compare the posts" in dearer.action
    assert cheaper.good is True
    assert cheaper.text.startswith("CPC −20 % (−0.10 EUR")
    assert cheaper.text.endswith("Lower is better: this is good news.")


def test_it_recommends_the_slot_where_the_cost_is_lower():
    better = lift("slot", -0.3, Subject(weekday=1, hour=18), lower=-0.4, upper=-0.2, **COST)
    assert one(better).action.startswith("Publish more at that time")
    assert one(replace(better, values={**better.values, "lift": 0.3}, lower=0.2, upper=0.4)).action.startswith("Move")


def test_it_judges_nothing_that_has_no_good_direction():
    told = one(change(200.0, 100.0, direction=Direction.NEITHER))
    assert told.good is None
    assert told.action == ""


def test_it_plans_with_the_cautious_end():
    assert "10,100" in one(EVERY["forecast"]).action
    falling = replace(
        EVERY["forecast"],
        direction=Direction.DOWN,
        values={"expected": 9500.0, "value": 9900.0},
        lower=9400.0,
        upper=9700.0,
    )
    assert "9,700" in one(falling).action


@pytest.mark.parametrize(
    ("values", "action"),
    [
        (SPEND, "Lower the daily budget to 20.00 EUR to end on budget."),
        (
            {**SPEND, "spent": 300.0, "projected": 600.0, "days_left": 14.0},
            "Raise the daily budget to 50.00 EUR, or move what will be left.",
        ),
        ({**SPEND, "spent": 1100.0}, "Pause the campaigns, or agree on a larger budget."),
        ({**SPEND, "spent": 600.0, "projected": 600.0, "days_left": 0.0}, ""),
    ],
    ids=["too fast", "too slow", "spent", "over"],
)
def test_it_says_what_may_be_spent_a_day(values, action):
    assert one(fact("pacing", values=values, days={"by": END}, **MONEY)).action == action


@pytest.mark.parametrize(
    ("target", "says"), [(12000.0, "not be reached"), (10500.0, "is open"), (10000.0, "probably be passed")]
)
def test_it_says_how_a_target_stands(target, says):
    assert says in one(replace(EVERY["goal"], values={"expected": 10400.0, "target": target})).text


# -- ranking


def tags(count, **more):
    return [lift("hashtag", 0.2 + number / 100, Subject(tag=f"#t{number}"), **more) for number in range(count)]


def test_it_puts_large_and_certain_findings_first():
    large, small = (
        change(4000.0, 1000.0, confidence=0.9),
        fact(
            "change",
            "Likes",
            values={"value": 12.0, "previous": 10.0},
            period=NOVEMBER,
            compared=BEFORE,
            confidence=0.9,
        ),
    )
    unsure = replace(large, confidence=0.55, metric="reach")
    told = write([small, unsure, large], language="en")
    assert [insight.metric for insight in told] == ["views", "reach", "likes"]


def test_it_puts_what_makes_numbers_incomplete_first():
    assert write(list(EVERY.values()), language="en")[0].kind == "failing"


def test_it_weighs_a_fact_by_the_part_it_concerns():
    most, little = replace(EVERY["slot"], weight=0.9), replace(EVERY["hashtag"], weight=0.05)
    assert [told.kind for told in write([little, most], language="en")] == ["slot", "hashtag"]


def test_it_says_at_most_three_of_a_kind_and_how_many_more():
    told = write([*tags(7), EVERY["format"]], language="en")
    assert [insight.kind for insight in told].count("hashtag") == 3
    assert sorted(insight.more for insight in told) == [0, 0, 0, 4]
    assert told[-1].more == 4


def test_it_mixes_kinds():
    formats = [lift("format", 0.3 + n / 100, Subject(content=f"kind {n}")) for n in range(3)]
    slot = lift("slot", 0.25, Subject(weekday=1, hour=18))
    assert [told.kind for told in write([*formats, slot], language="en")] == ["format", "slot", "format", "format"]


@given(st.permutations([*EVERY.values(), *tags(5)]))
@settings(max_examples=15, deadline=None)
def test_it_does_not_depend_on_the_order_of_facts(shuffled):
    assert write(shuffled, language="en") == write([*EVERY.values(), *tags(5)], language="en")


def test_it_says_the_same_thing_once():
    assert write([EVERY["slot"]] * 3, language="en") == write([EVERY["slot"]], language="en")


def test_it_hands_on_the_questions():
    assert one(replace(EVERY["slot"], questions=("best_times/acme",))).questions == ("best_times/acme",)


@pytest.mark.parametrize("factor", [2.0, 5.0])
def test_it_calls_doubling_and_halving_equally_large(factor):
    up, down = one(change(100.0 * factor, 100.0)), one(change(100.0, 100.0 * factor))
    assert up.size == pytest.approx(down.size) == pytest.approx(math.log(factor))


def test_it_takes_the_confidence_of_an_interval():
    """z = 0.3 / (0.2 / 1.96): 1 - p of the normal distribution, by table 0.9967."""
    assert one(lift("slot", 0.3, Subject(weekday=1, hour=1), lower=0.1, upper=0.5)).confidence == pytest.approx(
        0.99672, abs=1e-4
    )


# -- any facts


def test_it_calls_next_to_nothing_nothing():
    fact = Fact("audience", "reach", "Reach", subject=Subject(segment="Germany"),
                values={"share": 1e-38, "previous": 0.2})  # fmt: skip
    [insight] = write([fact], language="en")
    assert verify(insight.pattern, insight.evidence, language="en").text == insight.pattern


@given(st.lists(facts(), max_size=6), st.sampled_from(sorted(LANGUAGES)))
@settings(max_examples=80, deadline=None)
def test_it_states_no_figure_without_evidence(some, language):
    """The checker, which knows nothing of templates, finds a computed figure for all that is stated."""
    for insight in write(some, language=language):
        assert (
            verify(
                insight.pattern, insight.evidence, language=language, source=insight.pattern, good=insight.good
            ).dropped
            == ()
        )
        assert all(math.isfinite(figure.value) for figure in insight.evidence)
        assert "nan" not in insight.pattern
        assert 0.5 <= insight.confidence <= 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EVERY)
def test_it_states_no_figure_in_an_action_without_evidence(kind, language):
    for direction in (Direction.UP, Direction.DOWN, Direction.NEITHER):
        told = one(replace(EVERY[kind], direction=direction), language)
        action = told.action.replace("#fun2026", "⟦b⟧")
        assert verify(action, told.evidence, language=language).dropped == ()


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_it_keeps_what_people_wrote_inside_its_quotation(caption):
    told = write([replace(EVERY["viral"], subject=Subject("TikTok", post=caption))], language="en")
    for insight in told:
        assert "\n" not in insight.text
        assert insight.text.count("“") == insight.text.count("”") == 1
        assert not any(hidden in insight.text for hidden in "\u202e\u200b\u2066\x00")
        assert len(TOKEN.findall(insight.pattern)) == len(insight.names) == 3


@pytest.mark.parametrize(
    ("turn", "says"), [("rising", "(24 uses, used more and more)"), ("steady", "(24 uses)"), ("?", "(24 uses)")]
)
def test_it_says_where_the_use_of_a_tag_goes(turn, says):
    assert says in one(lift("hashtag", 0.3, Subject(tag="#fun", turn=turn))).text


@pytest.mark.parametrize("caption", ["", " ", "\u200b\u202e"], ids=["empty", "space", "invisible"])
def test_it_names_a_post_without_text(caption):
    assert "“a post without text” has" in one(replace(EVERY["post"], subject=Subject("X", post=caption))).text


def test_it_takes_no_token_from_a_caption():
    told = one(replace(EVERY["viral"], subject=Subject("TikTok", post="⟦a⟧ ⟦b⟧")))
    assert "“[a] [b]”" in told.text


@pytest.mark.parametrize(
    ("period", "compared", "says"),
    [
        (
            Period(date(2026, 1, 1), date(2026, 1, 31)),
            Period(date(2025, 12, 1), date(2025, 12, 31)),
            "1–31 January 2026 against 1–31 December 2025",
        ),
        (
            Period(date(2026, 2, 20), date(2026, 3, 5)),
            Period(date(2026, 2, 6), date(2026, 2, 19)),
            "20 February – 5 March against 6–19 February 2026",
        ),
        (
            Period(date(2028, 2, 29), date(2028, 2, 29)),
            Period(date(2028, 2, 28), date(2028, 2, 28)),
            "29 February against 28 February 2028",
        ),
        (
            Period(date(2025, 12, 29), date(2026, 1, 4)),
            Period(date(2025, 12, 22), date(2025, 12, 28)),
            "29 December 2025 – 4 January 2026 against 22–28 December 2025",
        ),
    ],
    ids=["years", "months", "leap day", "new year"],
)
def test_it_words_periods(period, compared, says):
    told = one(replace(EVERY["change"], period=period, compared=compared))
    assert says in told.text
    assert verify(told.pattern, told.evidence, language="en", source=told.pattern).dropped == ()


@pytest.mark.parametrize(
    ("unit", "value", "previous", "says"),
    [
        (Unit.RATIO, 0.034, 0.025, "+0.90 points"),
        (Unit.MONEY, 0.034, 0.025, "+0.0090 EUR"),
        (Unit.SECONDS, 90.0, 60.0, "+30 s"),
        (Unit.SCORE, 61.5, 50.0, "+11.5"),
        (Unit.COUNT, 1234567.0, 1000000.0, "+234,567"),
    ],
)
def test_it_writes_a_difference_in_its_unit(unit, value, previous, says):
    told = one(change(value, previous, unit=unit, currency="EUR"))
    assert says in told.text
    assert {figure.form for figure in told.evidence} >= {Form.CHANGE, Form.DATE}
