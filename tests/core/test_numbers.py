import pytest

from core import numbers
from core.metric import Unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, Unit.COUNT, "0"),
        (999, Unit.COUNT, "999"),
        (1000, Unit.COUNT, "1K"),
        (15_230, Unit.COUNT, "15.2K"),
        (999_960, Unit.COUNT, "1M"),
        (1_280_000, Unit.COUNT, "1.3M"),
        (-4200, Unit.COUNT, "−4.2K"),
        (0.5, Unit.COUNT, "0.5"),
        (75, Unit.SECONDS, "1\u202fmin 15\u202fs"),
        (1.0, Unit.RATIO, "100.0\u202f%"),
        (float("nan"), Unit.COUNT, "n/a"),
    ],
)
def test_it_writes_short_numbers(value, unit, text):
    assert numbers.short(value, unit) == text


def test_it_writes_money_with_its_currency():
    assert numbers.short(12_345.678, Unit.MONEY, "EUR") == "EUR 12.3K"
    assert numbers.exact(12_345.678, Unit.MONEY, "EUR") == "EUR 12,345.68"


def test_it_never_writes_minus_zero():
    assert numbers.percent(-0.0001) == "0.0\u202f%"
