"""How metrics add up: conservation, second opinions by plain loops, bounds that are bounds, and what is undefined."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analytics.metrics.arithmetic import Parts, Shape, Why, fold, parts
from analytics.metrics.levels import CARRY_DAYS, changes, levels
from analytics.metrics.registry import METRICS
from core.metric import Adds

NAN = np.nan


def table(shape, *, least=0, most=1000):
    counts = st.integers(least, most).map(float)
    return hnp.arrays(float, shape, elements=st.one_of(st.just(NAN), counts))


@st.composite
def tables(draw, n=1, **options):
    shape = (draw(st.integers(1, 5)), draw(st.integers(1, 20)))
    return [draw(table(shape, **options)) for _ in range(n)]


def grouping(draw, length, most):
    n = draw(st.integers(1, most))
    return np.array(draw(st.lists(st.integers(0, n - 1), min_size=length, max_size=length)), np.int64), n


def whole(values, **options):
    rows, columns = values.shape
    return Shape(np.zeros(rows, np.int64), 1, np.zeros(columns, np.int64), 1, **options)


def folded(name, values, shape, counts=None):
    return fold(parts(METRICS[name], values, METRICS, counts or {}), shape)


@given(st.data())
def test_it_gives_the_same_grand_total_for_any_grouping(data):
    """B1: whatever the split and the buckets, a flow adds up to the same total."""
    (views,) = data.draw(tables())
    groups, n_groups = grouping(data.draw, views.shape[0], 4)
    buckets, n_buckets = grouping(data.draw, views.shape[1], 6)
    total = folded("views", {"views": views}, whole(views)).value[0, 0]
    split = folded("views", {"views": views}, Shape(groups, n_groups, buckets, n_buckets)).value
    if np.isnan(views).all():
        assert np.isnan(total)
        assert np.isnan(split).all()
    else:
        assert np.nansum(split) == total == np.nansum(views)


@given(st.data())
def test_it_rebuilds_a_ratio_from_its_parts_at_every_level(data):
    """B1: over any grouping, the numerators and denominators of the rows make the ratio of the total."""
    likes, views = data.draw(tables(2))
    values = {"likes": likes, "views": views}
    groups, n_groups = grouping(data.draw, views.shape[0], 4)
    buckets, n_buckets = grouping(data.draw, views.shape[1], 6)
    total = folded("engagement_rate", values, whole(views))
    rows = folded("engagement_rate", values, Shape(groups, n_groups, buckets, n_buckets))
    top, bottom = np.nansum(rows.top), np.nansum(rows.bottom)
    both = ~np.isnan(likes) & ~np.isnan(views)
    assert top == likes[both].sum()
    assert bottom == views[both].sum()
    if not both.any():
        assert total.why[0, 0] == Why.MISSING
    elif bottom == 0:
        assert total.why[0, 0] == Why.ZERO
    else:
        assert total.value[0, 0] == top / bottom


def test_it_never_averages_ratios():
    """Two days, 50 % of 2 and 1 % of 1000: the rate is 11 of 1002, not 25.5 %."""
    values = {"likes": np.array([[1.0, 10.0]]), "views": np.array([[2.0, 1000.0]])}
    assert folded("engagement_rate", values, whole(values["likes"])).value[0, 0] == 11 / 1002


def test_it_leaves_out_cells_of_which_one_part_is_unknown():
    values = {"likes": np.array([[5.0, 7.0], [100.0, 100.0]]), "views": np.array([[10.0, NAN], [NAN, NAN]])}
    rate = folded("engagement_rate", values, whole(values["likes"]))
    assert rate.value[0, 0] == 0.5
    assert rate.counted[:, 0].tolist() == [True, False]


def test_it_weights_a_mean_by_what_it_is_a_mean_of():
    values = {"watch_time": np.array([[60.0, 10.0]]), "views": np.array([[1.0, 10.0]])}
    assert folded("average_view_duration", values, whole(values["views"])).value[0, 0] == pytest.approx(70 / 11)


def test_it_takes_revenue_per_thousand_views():
    values = {"revenue": np.array([[3.0, 1.0]]), "views": np.array([[1000.0, 1000.0]])}
    assert folded("revenue_per_mille", values, whole(values["views"])).value[0, 0] == 2.0


@given(st.data())
def test_it_takes_the_last_known_level_of_each_bucket(data):
    """Second opinion: a plain loop."""
    (level,) = data.draw(tables())
    length = level.shape[1]
    cuts = sorted(data.draw(st.sets(st.integers(1, length - 1), max_size=4))) if length > 1 else []
    edges = [0, *cuts, length]
    codes = np.concatenate([np.full(b - a, i) for i, (a, b) in enumerate(pairwise(edges))])
    value, own = levels(level, codes, len(edges) - 1)
    for row in range(level.shape[0]):
        for bucket, (begin, end) in enumerate(pairwise(edges)):
            seen = [day for day in range(end) if not np.isnan(level[row, day])]
            if not seen:
                assert np.isnan(value[row, bucket])
            else:
                assert value[row, bucket] == level[row, seen[-1]]
                assert own[row, bucket] == (seen[-1] >= begin)


def test_it_forgets_a_level_that_was_not_seen_for_too_long():
    level = np.full((1, CARRY_DAYS + 3), NAN)
    level[0, 1] = 9.0
    codes = np.arange(level.shape[1])
    value, _ = levels(level, codes, len(codes))
    assert value[0, CARRY_DAYS + 1] == 9.0
    assert np.isnan(value[0, CARRY_DAYS + 2])


def test_it_draws_a_gap_where_no_level_was_seen_and_carries_beside_one_that_was():
    level = np.array([[100.0, NAN, NAN], [50.0, 60.0, NAN]])
    shape = Shape(np.zeros(2, np.int64), 1, np.arange(3), 3)
    assert folded("followers", {"followers": level}, shape).value.tolist()[0][:2] == [150.0, 160.0]
    assert np.isnan(folded("followers", {"followers": level}, shape).value[0, 2])
    assert folded("followers", {"followers": level}, whole(level, carry=True)).value[0, 0] == 160.0


@given(st.data())
def test_it_telescopes_the_changes_of_a_level(data):
    (level,) = data.draw(tables())
    moved = changes(level)
    for row in range(level.shape[0]):
        seen = level[row][~np.isnan(level[row])]
        if len(seen) > 1:
            assert np.nansum(moved[row]) == seen[-1] - seen[0]
        else:
            assert np.isnan(moved[row]).all()


def test_it_prefers_gains_and_losses_to_the_change_of_a_rounded_count():
    values = {
        "followers_gained": np.array([[NAN, 5.0, 3.0], [NAN, NAN, NAN]]),
        "followers_lost": np.array([[NAN, 1.0, 0.0], [NAN, NAN, NAN]]),
        "followers": np.array([[1000.0, 1000.0, 1010.0], [10.0, 12.0, NAN]]),
    }
    assert folded("followers_net", values, whole(values["followers"])).top[:, 0].tolist() == [7.0, 2.0]


def test_it_measures_growth_against_the_level_before_the_bucket():
    values = {
        "followers_gained": np.full((1, 3), NAN),
        "followers_lost": np.full((1, 3), NAN),
        "followers": np.array([[100.0, 110.0, 121.0]]),
    }
    shape = Shape(np.zeros(1, np.int64), 1, np.array([-1, 0, 1]), 2)
    assert folded("follower_growth_rate", values, shape).value.tolist() == [[0.1, 0.1]]


@given(st.data())
def test_it_never_understates_people(data):
    """B2: whatever people there were, the bound holds them all, and what is called exact is exact."""
    accounts, days = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 5))
    people = [[data.draw(st.sets(st.integers(0, 9))) for _ in range(days)] for _ in range(accounts)]
    reach = np.array([[float(len(seen)) for seen in row] for row in people])
    groups, n_groups = grouping(data.draw, accounts, 2)
    buckets, n_buckets = grouping(data.draw, days, 3)
    got = folded("reach", {"reach": reach}, Shape(groups, n_groups, buckets, n_buckets))
    for group in range(n_groups):
        for bucket in range(n_buckets):
            cells = [
                people[a][d]
                for a in range(accounts)
                for d in range(days)
                if groups[a] == group and buckets[d] == bucket
            ]
            if not cells:
                assert np.isnan(got.value[group, bucket])
            elif got.at_most[group, bucket]:
                assert got.value[group, bucket] >= len(set().union(*cells))
            else:
                assert got.value[group, bucket] == len(set().union(*cells))
                assert len(cells) == 1


def test_it_knows_no_bound_of_people_when_days_are_missing():
    reach = np.array([[5.0, NAN, 7.0]])
    assert folded("reach", {"reach": reach}, whole(reach)).why[0, 0] == Why.HOLES
    due = np.array([[True, False, True]])
    bound = folded("reach", {"reach": reach}, whole(reach, due=due))
    assert (bound.value[0, 0], bound.at_most[0, 0]) == (12.0, True)


def test_it_takes_people_counted_for_the_whole_bucket_as_exact():
    reach = np.array([[5.0, NAN, 7.0]])
    exact = folded("reach", {"reach": reach}, whole(reach, exact=np.array([[9.0]])))
    assert (exact.value[0, 0], exact.at_most[0, 0]) == (9.0, False)


def test_it_refuses_a_rate_over_people_that_are_only_bounded():
    values = {"likes": np.array([[1.0, 2.0]]), "reach": np.array([[10.0, 10.0]])}
    assert folded("engagement_rate_reach", values, whole(values["likes"])).why[0, 0] == Why.NOT_EXACT
    one_day = Shape(np.zeros(1, np.int64), 1, np.arange(2), 2)
    assert folded("engagement_rate_reach", values, one_day).value.tolist() == [[0.1, 0.2]]


def test_it_does_not_add_shares_of_people():
    share = np.array([[0.25], [0.75]])
    shape = Shape(np.zeros(2, np.int64), 1, np.zeros(1, np.int64), 1)
    assert folded("viewer_share", {"viewer_share": share}, shape).why[0, 0] == Why.NOT_EXACT
    apart = Shape(np.arange(2), 2, np.zeros(1, np.int64), 1)
    assert folded("viewer_share", {"viewer_share": share}, apart).value[:, 0].tolist() == [0.25, 0.75]


def test_it_never_adds_two_currencies():
    """B23."""
    revenue = np.array([[1.0, 2.0], [4.0, NAN]])
    mixed = folded("revenue", {"revenue": revenue}, whole(revenue, currency=np.array([0, 1])))
    assert np.isnan(mixed.value[0, 0])
    assert mixed.why[0, 0] == Why.CURRENCIES
    by_day = Shape(np.zeros(2, np.int64), 1, np.arange(2), 2, currency=np.array([0, 1]))
    assert folded("revenue", {"revenue": revenue}, by_day).value[0, 1] == 2.0, "only one currency that day"
    same = folded("revenue", {"revenue": revenue}, whole(revenue, currency=np.array([1, 1])))
    assert same.value[0, 0] == 7.0


def test_it_counts_in_engagement_only_what_the_definition_says():
    values = {name: np.array([[1.0], [10.0]]) for name in ("likes", "comments", "saves")}
    counts = {"saves": np.array([False, True]), "comments": np.array([True, False])}
    total = folded("engagement", values, whole(values["likes"]), counts)
    assert total.top[:, 0].tolist() == [2.0, 20.0]


@pytest.mark.parametrize("name", sorted(METRICS))
def test_it_says_missing_where_nothing_is_known(name):
    nothing = {other: np.full((2, 3), NAN) for other in METRICS if not METRICS[other].derived}
    for n, buckets in ((1, np.zeros(3, np.int64)), (3, np.arange(3))):
        got = folded(name, nothing, Shape(np.zeros(2, np.int64), 1, buckets, n))
        assert np.isnan(got.value).all()
        assert (got.why == Why.MISSING).all()


@pytest.mark.parametrize("name", sorted(METRICS))
def test_it_needs_no_series(name):
    nothing = {other: np.full((0, 3), NAN) for other in METRICS if not METRICS[other].derived}
    got = folded(name, nothing, Shape(np.zeros(0, np.int64), 1, np.arange(3), 3))
    assert np.isnan(got.value).all()


@given(st.data())
def test_it_does_not_depend_on_the_order_of_series(data):
    likes, views = data.draw(tables(2))
    order = np.array(data.draw(st.permutations(range(len(likes)))))
    plain = folded("engagement_rate", {"likes": likes, "views": views}, whole(views)).value
    turned = folded("engagement_rate", {"likes": likes[order], "views": views[order]}, whole(views)).value
    assert np.array_equal(plain, turned, equal_nan=True)


def test_it_has_no_levels_by_hour_of_the_week():
    made = Parts(METRICS["followers"], Adds.STOCK, np.array([[1.0, 2.0, 3.0]]))
    got = fold(made, Shape(np.zeros(1, np.int64), 1, np.array([0, 1, 0]), 2))
    assert (got.why == Why.NOT_EXACT).all()
