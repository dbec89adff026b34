"""Campaign arithmetic: the consistent figures of the founding documents, and nothing made up where one is missing."""

import copy
import math
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import campaign

MONEY = st.floats(0.01, 1e9)


def test_it_makes_the_figures_of_the_launch_campaign():
    """$47,500 of $50,000 in 30 of 30 days; 75,000 clicks, 1,250 conversions: 1.67 %, $38, 95 %."""
    assert round(campaign.ratio(1_250, 75_000), 4) == 0.0167
    assert campaign.cost_per(47_500, 1_250) == 38
    pace = campaign.pacing(47_500, 50_000, 30, 30)
    assert (pace.spent_share, pace.time_share, pace.index) == (0.95, 1.0, 0.95)
    assert (pace.pace, pace.projected, pace.left) == ("on pace", 47_500, 2_500)


def test_it_makes_the_figures_of_the_retargeting_campaign():
    shares = campaign.funnel({"impressions": 850_000, "clicks": 12_750, "conversions": 425})
    assert shares["clicks"] == 0.015
    assert round(shares["conversions"], 4) == 0.0333


def test_it_makes_the_other_consistent_seed_figures():
    assert round(campaign.ltv_to_cac(4_800, 450), 2) == 10.67
    assert campaign.chained(0.028, 0.25, 0.35) == pytest.approx(0.00245)
    assert round(campaign.f1(0.84, 0.78), 3) == 0.809
    leads = {"content": 40, "paid": 30, "social": 20, "events": 10}
    assert sum(leads.values()) == 100
    assert campaign.shares(leads) == {"content": 0.4, "paid": 0.3, "social": 0.2, "events": 0.1}


def test_it_makes_a_total_from_sums_and_never_from_ratios():
    table = pd.DataFrame(
        {"spend": [15_000.0, 25_000, 8_000], "revenue": [63_000.0, 95_000, 40_800], "clicks": [12_000, 8_000, 9_000]},
        index=["launch", "brand", "retargeting"],
    )
    made = campaign.by_campaign(table)
    assert made["roas"].tolist() == pytest.approx([4.2, 3.8, 5.1, 198_800 / 48_000])
    assert made.loc["total", "roas"] != pytest.approx(made["roas"][:3].mean(), abs=0.1)
    assert made.loc["total", "cpc"] == pytest.approx(48_000 / 29_000)
    halves = pd.concat(
        [
            table.drop("brand"),
            (table.loc[["brand"]] / 2).set_axis(["one"]),
            (table.loc[["brand"]] / 2).set_axis(["two"]),
        ]
    )
    assert campaign.by_campaign(halves).loc["total"].tolist() == pytest.approx(made.loc["total"].tolist())


def test_it_keeps_unknown_unknown_in_a_table():
    table = pd.DataFrame({"spend": [10.0, 0, 5], "revenue": [20.0, 7, np.nan], "profit": [15.0, 1, np.nan]})
    made = campaign.by_campaign(table)
    assert made["roas"].tolist()[0] == 2
    assert made["roi"].tolist()[0] == 0.5
    assert made["roas"].iloc[1:].isna().all(), "no spend, no revenue known, and so no total"
    with pytest.raises(ValueError, match="more than one currency"):
        campaign.by_campaign(table.assign(currency=["USD", "EUR", "USD"]))
    with pytest.raises(ValueError, match="same name"):
        campaign.by_campaign(table.set_axis(["a", "a", "b"]))


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (campaign.roas(5, 0), "spend is 0."),
        (campaign.roi(5, 0), "cost is 0."),
        (campaign.cost_per(5, 0, what="the count of leads"), "the count of leads is 0."),
        (campaign.cpm(5, 0), "the count of impressions is 0."),
        (campaign.average_order_value(0, 0), "the count of orders is 0."),
        (campaign.ltv_to_cac(100, 0), "the cost of winning a customer is 0."),
        (campaign.lifetime_value(100, 0.5, 0), "churn is 0."),
        (campaign.payback(100, 0, 0.5), "a customer earns nothing."),
        (campaign.break_even_roas(0), "there is no margin to earn it back."),
        (campaign.f1(0, 0), "precision and recall is 0."),
        (campaign.roas(math.nan, 5), "a number it is made of is not known."),
        (campaign.roas(math.inf, 5), "a number it is made of is not known."),
        (campaign.chained(0.5, math.nan), "a share is not known."),
    ],
)
def test_it_says_why_there_is_no_figure(figure, reason):
    assert math.isnan(figure)
    assert figure.reason == reason
    for same in (copy.copy(figure), pickle.loads(pickle.dumps(figure))):
        assert same.reason == reason


@given(MONEY, MONEY, MONEY)
def test_it_does_not_mind_the_currency(revenue, spend, rate):
    assert campaign.roas(revenue * rate, spend * rate) == pytest.approx(campaign.roas(revenue, spend))
    assert campaign.roi(revenue * rate, spend * rate) == pytest.approx(campaign.roi(revenue, spend), rel=1e-6, abs=1e-6)


@given(st.floats(0.01, 1), st.floats(1, 1e6))
def test_it_breaks_even_at_the_break_even_roas(margin, spend):
    revenue = campaign.break_even_roas(margin) * spend
    assert campaign.roi(revenue * margin, spend) == pytest.approx(0, abs=1e-9)


def test_it_relates_lifetime_payback_and_cost():
    assert campaign.lifetime_value(200, 0.6, 0.025) == 4_800
    assert campaign.payback(450, 200, 0.6) == 3.75
    with pytest.raises(ValueError, match="Churn"):
        campaign.lifetime_value(200, 0.6, 2.5)


@pytest.mark.parametrize(
    ("spent", "elapsed", "pace", "projected"),
    [(1000, 10, "on pace", 3000), (1100, 10, "on pace", 3300), (1101, 10, "too fast", 3303), (899, 10, "too slow", 2697),
     (0, 10, "too slow", 0), (50, 0.5, "on pace", 3000)],
)  # fmt: skip
def test_it_tells_the_pace(spent, elapsed, pace, projected):
    found = campaign.pacing(spent, 3000, elapsed, 30)
    assert found.pace == pace
    assert found.projected == pytest.approx(projected)
    assert found.left_per_day * (30 - elapsed) == pytest.approx(3000 - spent)


def test_it_knows_no_pace_without_budget_or_time():
    assert campaign.pacing(5, 0, 3, 30).words() == "Pace unknown: the budget is 0."
    early = campaign.pacing(0, 100, -2, 30)
    assert (early.pace, early.time_share) == ("unknown", 0)
    assert math.isnan(early.projected)
    over = campaign.pacing(150, 100, 40, 30)
    assert (over.time_share, over.left, over.pace) == (1, -50, "too fast")
    assert over.left_per_day.reason == "no day is left."
    assert "50 % spent in 33 % of the time" in campaign.pacing(1500, 3000, 10, 30).words("EUR")
    for bad in ((1, 1, 1, 0), (-1, 1, 1, 1), (1, -1, 1, 1)):
        with pytest.raises(ValueError, match="days above 0"):
            campaign.pacing(*bad)


def test_it_minds_the_minor_unit():
    assert campaign.from_minor(12_345, "eur") == Decimal("123.45")
    assert campaign.from_minor(-5, "BHD") == Decimal("-0.005")
    assert campaign.from_minor(10**18 + 1, "USD") == Decimal("10000000000000000.01"), "exactly"
    assert campaign.rounded(2.675, "USD") == 2.68, "as it is written, not as binary fractions have it"
    assert campaign.rounded(99.5, "KRW") == 100
    assert math.isnan(campaign.rounded(math.nan, "USD"))


def test_it_knows_no_funnel_of_one_step_and_no_shares_of_nothing():
    assert campaign.funnel({"visits": 5}) == {}
    assert campaign.funnel({"visits": 0, "sales": 0})["overall"].reason == "visits is 0."
    assert all(math.isnan(one) for one in campaign.shares({"a": 0, "b": 0}).values())
    assert campaign.shares({}) == {}


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=6))
def test_it_multiplies_a_funnel_up_to_its_whole(counts):
    shares = campaign.funnel({str(k): count for k, count in enumerate(counts)})
    overall = shares.pop("overall")
    assert campaign.chained(*shares.values()) == pytest.approx(overall)
