"""What did a campaign cost, and what did it bring?"""

from __future__ import annotations

from math import nan

from analytics.campaign.figure import Figure, ratio
from core.language import mark, tr


def roas(revenue: float, spend: float) -> Figure:
    """Return on ad spend: revenue / spend, in times. Commonly got wrong: averaged over campaigns, see `by_campaign`.

    Parameters
    ----------
    revenue, spend : float
        Money in one currency; NaN unknown.

    Returns
    -------
    Figure, times
        NaN with a reason when spend is 0 or a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    It counts revenue, not profit: see `break_even_roas`. Invariant: the currency does not matter.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> roas(63_000, 15_000)
    4.2
    """
    return ratio(revenue, spend, what=mark("spend"))


def roi(value: float, cost: float) -> Figure:
    """Return on investment: (value - cost) / cost, a fraction; `value` is profit before the cost, not revenue.

    Parameters
    ----------
    value, cost : float
        Money in one currency; NaN unknown.

    Returns
    -------
    Figure, fraction
        NaN with a reason when cost is 0 or a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    -1 is all lost, 0 is even. Invariant: the currency does not matter.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> roi(150.0, 100.0), roi(1.0, 0.0).reason
    (0.5, 'cost is 0.')
    """
    return ratio(value - cost, cost, what=mark("cost"))


def cost_per(spend: float, count: float, *, what: str = mark("the count")) -> Figure:
    """Cost per one of anything: spend / count. CPA by conversions, CPL by leads, CPC by clicks, CAC by new customers.

    Parameters
    ----------
    spend : float
        Money; NaN unknown.
    count : float
        What it brought, 0 or more.
    what : str
        What `count` is called in the reason.

    Returns
    -------
    Figure, money
        NaN with a reason when nothing was counted or a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    It is a mean: the next one may cost more. Invariant: doubling both changes nothing.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> cost_per(47_500, 1_250)
    38.0
    """
    return ratio(spend, count, what=what)


def cpm(spend: float, impressions: float) -> Figure:
    """Cost per thousand impressions: 1000 x spend / impressions.

    Parameters
    ----------
    spend : float
        Money; NaN unknown.
    impressions : float
        Count, 0 or more.

    Returns
    -------
    Figure, money per 1,000
        NaN with a reason without impressions or when a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariant: doubling both changes nothing.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> cpm(125.0, 10_000)
    12.5
    """
    return ratio(1000 * spend, impressions, what=mark("the count of impressions"))


def average_order_value(revenue: float, orders: float) -> Figure:
    """Revenue per order (AOV): revenue / orders; refunds are taken off both or neither.

    Parameters
    ----------
    revenue : float
        Money; NaN unknown.
    orders : float
        Count, 0 or more.

    Returns
    -------
    Figure, money
        NaN with a reason without orders or when a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Few large orders move it. Invariant: doubling both changes nothing.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> average_order_value(900.0, 12)
    75.0
    """
    return ratio(revenue, orders, what=mark("the count of orders"))


def lifetime_value(revenue_per_period: float, margin: float, churn: float) -> Figure:
    """What a customer brings until they leave (LTV), as gross profit.

    revenue per customer and period x gross margin / churn per period. Commonly got wrong: revenue in place of profit,
    and a yearly churn beside monthly revenue.

    Parameters
    ----------
    revenue_per_period : float
        Money per customer, by month or year.
    margin : float
        Gross margin, a fraction, at most 1.
    churn : float
        The share of customers who leave in the same period, a fraction, above 0 and at most 1.

    Returns
    -------
    Figure
        Money per customer; NaN with a reason when nobody leaves - then it has no end - or a number is unknown.

    Raises
    ------
    ValueError
        A churn below 0 or above 1, or a margin above 1.

    Notes
    -----
    Assumes that customers leave at a steady rate, without discounting: with a high early churn it is too low for those
    who stayed. Invariant: monthly or yearly, both give the same.

    References
    ----------
    S. Gupta, D. R. Lehmann, Customers as assets, J. Interactive Marketing 17 (2003), with no discounting.

    Examples
    --------
    >>> lifetime_value(200.0, 0.6, 0.025)
    4800.0
    >>> lifetime_value(200.0, 0.6, 0.0).reason
    'churn is 0.'
    """
    if churn < 0 or churn > 1 or margin > 1:
        raise ValueError("Churn is a fraction between 0 and 1, and the margin at most 1.")
    return ratio(revenue_per_period * margin, churn, what=mark("churn"))


def ltv_to_cac(lifetime: float, acquisition: float) -> Figure:
    """Lifetime value over the cost of winning a customer, in times; about 3 is often held for sound.

    Parameters
    ----------
    lifetime, acquisition : float
        Money per customer in one currency; NaN unknown.

    Returns
    -------
    Figure, times
        NaN with a reason when winning a customer costs nothing or a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Both over the same customers. Invariant: the currency does not matter.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> round(ltv_to_cac(4_800, 450), 2)
    10.67
    """
    return ratio(lifetime, acquisition, what=mark("the cost of winning a customer"))


def payback(acquisition: float, revenue_per_period: float, margin: float) -> Figure:
    """Periods until a customer has earned what winning them cost: cost / (revenue per period x gross margin).

    Parameters
    ----------
    acquisition, revenue_per_period : float
        Money per customer in one currency; NaN unknown.
    margin : float
        Gross margin, a fraction.

    Returns
    -------
    Figure, periods (months of monthly revenue)
        NaN with a reason when a customer earns nothing or a number is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Customers who leave before are not counted. Invariant: the currency does not matter.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> payback(450.0, 200.0, 0.6)
    3.75
    >>> payback(450.0, 200.0, -0.1).reason
    'a customer earns nothing.'
    """
    earned = revenue_per_period * margin
    return Figure(nan, tr("a customer earns nothing.")) if earned <= 0 else ratio(acquisition, earned)


def break_even_roas(margin: float) -> Figure:
    """The return on ad spend at which a campaign earns its cost: 1 / gross margin (a fraction).

    Parameters
    ----------
    margin : float
        Gross margin, a fraction, at most 1.

    Returns
    -------
    Figure, times
        NaN with a reason without a margin or when it is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Below it every sale by the campaign loses money, other costs not counted. Never below 1; a better margin lowers it.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> break_even_roas(0.25), break_even_roas(-0.1).reason
    (4.0, 'there is no margin to earn it back.')
    """
    return Figure(nan, tr("there is no margin to earn it back.")) if margin <= 0 else ratio(1.0, margin)
