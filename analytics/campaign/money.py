"""Money in the smallest unit of its currency, and what can be paid."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from math import isfinite

_NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF")
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
MINOR_DIGITS = {
    **dict.fromkeys((*_NONE, "XPF"), 0),
    **dict.fromkeys(_THREE, 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Digits of the minor unit by ISO 4217; all other currencies have two."""


def from_minor(amount: int, currency: str) -> Decimal:
    """Money from an integer in the currency's minor unit, exactly; yen have none, Kuwaiti dinars three digits.

    Parameters
    ----------
    amount : int
        In the minor unit, as payment interfaces give it.
    currency : str
        ISO 4217 code, any case; those not listed have two digits.

    Returns
    -------
    Decimal, money

    Raises
    ------
    Nothing.

    Notes
    -----
    Exact. Platforms with units of their own (millionths) are converted by their connectors.

    References
    ----------
    ISO 4217, list one, https://www.six-group.com/en/products-services/financial-information/market-reference-data/data-standards.html

    Examples
    --------
    >>> from_minor(12_345, "USD"), from_minor(12_345, "JPY"), from_minor(12_345, "KWD")
    (Decimal('123.45'), Decimal('12345'), Decimal('12.345'))
    """
    return Decimal(int(amount)).scaleb(-MINOR_DIGITS.get(currency.upper(), 2))


def rounded(amount: float, currency: str) -> float:
    """Money rounded to what the currency can pay, half to even; NaN stays. Only for showing: sums are made before.

    Parameters
    ----------
    amount : float
        Money; NaN unknown.
    currency : str
        ISO 4217 code, any case.

    Returns
    -------
    float, money
        NaN and infinity stay.

    Raises
    ------
    Nothing.

    Notes
    -----
    Twice rounded is once rounded.

    References
    ----------
    ISO 4217; half to even as IEEE 754.

    Examples
    --------
    >>> rounded(38.005, "USD"), rounded(38.5, "JPY"), rounded(1.23456, "KWD")
    (38.0, 38.0, 1.235)
    """
    if not isfinite(amount):
        return amount
    step = Decimal(1).scaleb(-MINOR_DIGITS.get(currency.upper(), 2))
    return float(Decimal(repr(float(amount))).quantize(step, ROUND_HALF_EVEN))
