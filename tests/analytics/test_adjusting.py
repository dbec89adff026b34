"""Account, kind, age and growth are taken out, as a plain regression would, and nothing else is."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analytics import adjusting
from analytics.adjusting import adjusted, coded, known, local_times


def posts(n=300, accounts=3, seed=0):
    random = np.random.default_rng(seed)
    account, kind = random.integers(0, accounts, n), random.integers(0, 2, n)
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(random.uniform(0, 300, n)), unit="D")
    value = np.exp(5 + 2 * account + kind + np.arange(n) / n + random.normal(0, 0.3, n))
    return pd.DataFrame({"account": account, "kind": kind, "published_local": at, "engagement": value})


def test_it_takes_out_level_kind_and_growth():
    frame = posts()
    judged = known(frame)
    rest = adjusted(judged).rest(adjusted(judged).response)
    by = pd.Series(rest).groupby([judged.account, judged.kind]).mean()
    assert by.abs().max() < 0.05
    third = pd.Series(rest).groupby(np.arange(len(rest)) // 100).mean()
    assert third.abs().max() < 0.1


def test_it_multiplies_as_dense_algebra_does():
    """left' S right with S = I - X (X'X + penalty)^-1 X', by hand."""
    judged = known(posts())
    found = adjusted(judged)
    columns = np.random.default_rng(1).normal(size=(300, 4))
    design, penalty = adjusting._nuisance(judged)
    weighted = design.toarray() * found.weight[:, None]
    inverse = np.linalg.inv(weighted.T @ weighted + np.diag(penalty))
    left, right = columns * found.weight[:, None], found.response * found.weight
    out = np.eye(300) - weighted @ inverse @ weighted.T
    assert np.allclose(found.cross(columns, found.response) * found.noise, left.T @ out @ right)
    assert np.allclose(found.cross(columns, columns) * found.noise, left.T @ out @ left)
    some = sparse.csc_array(columns)
    assert np.allclose(found.sizes(some), np.diag(found.cross(some, some)))


def test_it_solves_many_columns_as_it_solves_few(monkeypatch):
    judged = known(posts())
    few = adjusted(judged).rest(np.arange(300.0))
    monkeypatch.setattr(adjusting, "_DENSE", 0)
    assert np.allclose(adjusted(judged).rest(np.arange(300.0)), few, atol=1e-6)


def test_it_weighs_accounts_by_their_spread():
    frame = posts(accounts=2)
    loud = frame["account"] == 1
    random = np.random.default_rng(2)
    frame["engagement"] *= np.exp(np.where(loud, random.normal(0, 2, 300), 0))
    weight = adjusted(known(frame)).weight
    assert weight[~loud].mean() > 2 * weight[loud].mean()


def test_it_draws_in_one_viral_post():
    """A million times what it was: its logarithm grows by 13.8, and what is left of that after drawing in is small."""
    frame = posts()
    usual = adjusted(known(frame)).response
    frame.loc[150, "engagement"] *= 1e6
    viral = adjusted(known(frame)).response
    assert np.abs(viral - usual).max() < 4


@pytest.mark.parametrize("result", [np.nan, -1.0, np.inf])
def test_it_knows_only_what_can_be_judged(result):
    frame = posts()
    frame.loc[:9, "engagement"] = result
    frame.loc[10:19, "published_local"] = pd.NaT
    assert known(frame).rows.tolist() == list(range(20, 300))


def test_it_counts_age_from_the_newest_post_unless_told():
    frame = posts()
    assert known(frame).age_days.min() == 0
    assert known(frame.assign(age_days=[7.0, np.nan] * 150)).age_days[0] == 7
    assert known(frame.assign(age_days=np.nan)).age_days.tolist() == known(frame).age_days.tolist()


def test_it_codes_values_whatever_their_order():
    assert len(set(coded(pd.Series(["b", "a", None, "b"])).tolist())) == 3
    turned = pd.Series(["x", "y", "x"])
    assert coded(turned).tolist() == coded(turned[::-1])[::-1].tolist()


def test_it_keeps_the_wall_clock():
    zoned = pd.Series(pd.to_datetime(["2026-03-29 09:00"])).dt.tz_localize("Europe/Berlin")
    assert local_times(zoned).iloc[0] == pd.Timestamp("2026-03-29 09:00")
    assert local_times(pd.Series(["no time"])).isna().all()
