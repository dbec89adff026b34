"""Every figure of every campaign, and a total that is made from sums."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

SUMMED = ("spend", "impressions", "clicks", "leads", "conversions", "orders", "new_customers", "revenue", "profit")


def by_campaign(campaigns: pd.DataFrame) -> pd.DataFrame:
    """All figures of each campaign, and a row "total" whose ratios come from sums.

    ROAS of the total = sum of revenue / sum of spend. Commonly got wrong: the mean of the campaigns' ratios, which a
    tiny campaign moves as much as the largest.

    Parameters
    ----------
    campaigns : DataFrame, one row per campaign
        Any of `spend`, `revenue`, `profit` (money, one currency), `impressions`, `clicks`, `leads`, `conversions`,
        `orders`, `new_customers` (counts, 0 or more); NaN unknown. `currency` (str) is checked if it is there.

    Returns
    -------
    DataFrame, one row per campaign and "total" as the last
        The given columns, and of `ctr`, `conversion_rate` (per click), `cpm`, `cpc`, `cpl`, `cpa`, `cac`, `roas`,
        `roi`, `aov` those whose inputs are there; NaN where one is unknown or a denominator is 0. A total is NaN when
        a row of it is.

    Raises
    ------
    ValueError
        More than one currency, or two rows of one name when the index holds names.

    Notes
    -----
    Conversions may be more than clicks (people who only saw the advertisement), so that a rate above 1 is let stand.
    Invariants: the order of rows; splitting a campaign into two leaves the total as it is.

    References
    ----------
    Ours.

    Examples
    --------
    >>> two = pd.DataFrame({"spend": [100.0, 900.0], "revenue": [1000.0, 900.0]}, index=["small", "large"])
    >>> by_campaign(two)["roas"].tolist()
    [10.0, 1.0, 1.9]
    >>> by_campaign(two.head(0))["roas"].isna().all()
    np.True_
    """
    if "currency" in campaigns and campaigns["currency"].nunique() > 1:
        raise ValueError("The campaigns are in more than one currency. Convert them first.")
    if not campaigns.index.is_unique:
        raise ValueError("Two campaigns have the same name. Add them up first.")
    known = [name for name in SUMMED if name in campaigns]
    sums = campaigns[known].astype(float).sum(skipna=False, min_count=1)
    whole = pd.concat([campaigns[known].astype(float), sums.to_frame("total").T])
    given = {name: whole[name] for name in known}
    return whole.assign(**_derived(given))


def _derived(given: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    ratios = {
        "ctr": ("clicks", "impressions", 1),
        "conversion_rate": ("conversions", "clicks", 1),
        "cpm": ("spend", "impressions", 1000),
        "cpc": ("spend", "clicks", 1),
        "cpl": ("spend", "leads", 1),
        "cpa": ("spend", "conversions", 1),
        "cac": ("spend", "new_customers", 1),
        "roas": ("revenue", "spend", 1),
        "roi": ("profit", "spend", 1),
        "aov": ("revenue", "orders", 1),
    }
    found = {
        name: factor * given[top] / given[under].where(given[under] != 0)
        for name, (top, under, factor) in ratios.items()
        if top in given and under in given
    }
    return found | ({"roi": found["roi"] - 1} if "roi" in found else {})
