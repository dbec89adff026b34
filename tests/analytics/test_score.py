"""The performance score: percentile ranks among peers."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analytics.score import FEWEST, performance


def posts(engagement, exposure=None, **columns):
    exposure = engagement if exposure is None else exposure
    return pd.DataFrame(
        {"account_id": 1, "kind": "reel", "age_days": 60.0} | columns | {"engagement": engagement, "exposure": exposure}
    )


def test_it_ranks_by_hand():
    """Of six, the best has rank 6: (6 - 1/2) / 6; by exposure it is the worst: (1 - 1/2) / 6."""
    score = performance(posts([1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4]))
    assert score.tolist() == [50.0] * 6
    assert performance(posts([1, 2, 3, 4, 5, 6])).iloc[-1] == 100 * 5.5 / 6


def test_it_shares_the_middle_rank_of_ties():
    assert performance(posts([7.0] * 8)).tolist() == [50.0] * 8


def test_it_says_nothing_with_too_few_peers():
    assert performance(posts([1.0] * (FEWEST - 1))).isna().all()
    two_kinds = posts([1.0] * 8, kind=["reel"] * 4 + ["image"] * 4)
    assert performance(two_kinds).isna().all()
    young = posts([1.0] * 8, age_days=[0.5, 2, 5, 20] * 2)
    assert performance(young).isna().all()


def test_it_takes_the_quantity_that_is_known():
    score = performance(posts([1.0, 2, 3, 4, 5], [np.nan] * 5))
    assert score.tolist() == [10.0, 30.0, 50.0, 70.0, 90.0]
    assert performance(posts([np.nan] * 5)).isna().all()


def test_it_accepts_no_posts():
    assert performance(posts(pd.Series(dtype=float))).empty


@given(st.lists(st.integers(0, 100), min_size=FEWEST, max_size=30), st.integers(1, 9), st.randoms())
def test_it_is_unmoved_by_scale_and_order(values, factor, random):
    plain = performance(posts([float(value) for value in values]))
    assert abs(plain.mean() - 50) < 1e-9
    assert plain.between(0, 100).all()
    assert np.allclose(performance(posts([float(value * factor) for value in values])), plain)
    order = list(range(len(values)))
    random.shuffle(order)
    turned = performance(posts([float(values[at]) for at in order]))
    assert np.allclose(turned, plain.iloc[order])


def test_it_takes_the_columns_of_other_methods():
    """`account`, `published_local` and `impressions` stand for `account_id`, `age_days` and `exposure`."""
    published = pd.Timestamp("2026-03-01") - pd.to_timedelta([0, 0.5, 40, 41, 42, 43, 44, 0.2, 0.7, 0.9], unit="D")
    frame = pd.DataFrame(
        {
            "account": "a",
            "kind": "reel",
            "published_local": published,
            "engagement": range(10),
            "impressions": range(10),
        }
    )
    named = posts(list(map(float, range(10))), age_days=(published.max() - published).total_seconds() / 86_400)
    assert performance(frame).tolist() == performance(named).tolist()
    assert performance(frame).iloc[2] == 10.0, "the worst of the five old ones"


def test_it_says_nothing_of_a_post_of_unknown_age():
    frame = posts([1.0, 2, 3, 4, 5, 6], age_days=[60.0] * 5 + [np.nan])
    assert performance(frame).tolist()[:5] == [10.0, 30.0, 50.0, 70.0, 90.0]
    assert np.isnan(performance(frame).iloc[5])
