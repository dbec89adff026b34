"""Formulas: what is understood, what is refused, and that they come to what they say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.formula import LONGEST, parse
from core.errors import BadQuestion

KNOWN = ("likes", "shares", "views", "spend")
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("likes", 10),
        ("likes + shares", 15),
        ("likes - shares - 1", 4),
        ("likes − shares × 2", 0),
        ("(likes + 2*shares) / views", 0.1),
        ("-likes / -views", 0.05),
        ("1000 * spend / views", 0.5 * 1000),
        ("likes / (views - 200)", math.nan),
        ("likes / views / shares", 0.01),
    ],
)
def test_it_comes_to_what_it_says(text, expected):
    values = {"likes": 10.0, "shares": 5.0, "views": 200.0, "spend": 100.0}
    found = parse(text, KNOWN).value(values)
    assert found == pytest.approx(expected, nan_ok=True)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_it_agrees_with_arithmetic(a, b, c):
    values = {"likes": a, "shares": b, "views": c}
    expected = (a + 2 * b) / c if c else math.nan
    expected = expected if math.isfinite(expected) else math.nan
    assert parse("(likes + 2 * shares) / views", KNOWN).value(values) == pytest.approx(expected, nan_ok=True)


def test_it_is_undefined_where_an_ingredient_is_unknown():
    made = parse("likes + shares", KNOWN)
    assert math.isnan(made.value({"likes": 1.0}))
    assert not made.zero_divisor({"likes": 1.0})
    assert parse("likes / views", KNOWN).zero_divisor({"likes": 1.0, "views": 0.0})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("3 + 4", "no metric"),
        ("like / views", "no metric called 'like'"),
        ("likes ** 9999999", "not understood"),
        ("likes(1)", "not understood"),
        ("__import__('os').system('x')", "not understood"),
        ("likes.real", "not understood"),
        ("likes if views else shares", "not understood"),
        ("[likes for likes in views]", "not understood"),
        ("'a' + likes", "not understood"),
        ("True + likes", "not understood"),
        ("likes; views", "cannot be read"),
        ("(likes", "cannot be read"),
        ("likes\x00", "cannot be read"),
        ("1e999 * likes", "not understood"),
        ("likes" + " + likes" * LONGEST, "longer than"),
        ("likes" + "-" * 100 + "views", "too many steps"),
        ("likes // views", "not understood"),
        ("likes % views", "not understood"),
        ("+likes", "not understood"),
        ("likes := 3", "cannot be read"),
        ("lambda: likes", "not understood"),
    ],
)
def test_it_refuses_what_it_does_not_understand(text, said):
    with pytest.raises(BadQuestion, match=said) as caught:
        parse(text, KNOWN)
    assert caught.value.hint


def test_it_says_which_name_was_meant():
    with pytest.raises(BadQuestion) as caught:
        parse("share / views", KNOWN)
    assert "shares" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(likes+shares)/views", "(Likes + shares) ÷ views"),
        ("likes-(shares-views)", "Likes − (shares − views)"),
        ("likes/(shares*views)", "Likes ÷ (shares × views)"),
        ("likes*(shares*views)", "Likes × shares × views"),
        ("-(likes+1.5)", "−(Likes + 1.5)"),
    ],
)
def test_it_says_itself_in_words(text, words):
    assert parse(text, KNOWN).words({"likes": "Likes"}) == words


@given(st.text(max_size=80))
def test_it_never_breaks(text):
    try:
        parse(text, KNOWN).value({"likes": 1.0})
    except BadQuestion as error:
        assert error.message
