"""One fact of every kind, and a Hypothesis strategy of facts: what the tests of written insights begin with."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from analytics.insights import Fact, Subject
from core.metric import Direction, Unit
from core.question import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
BEFORE = Period(date(2026, 10, 2), date(2026, 10, 31))
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 28))
END = date(2026, 12, 31)


def fact(kind, title="Views", **more):
    return Fact(kind, title.lower().replace(" ", "_"), title, **more)


def change(value, previous, **more):
    return fact("change", values={"value": value, "previous": previous}, period=NOVEMBER, compared=BEFORE, **more)


def lift(kind, size, subject, **more):
    values = {"lift": size, "posts": 31.0, "uses": 24.0, "years": 3.0, "low": 3.0, "high": 5.0, "weeks": 30.0}
    spread = {"lower": size - abs(size) / 2, "upper": size + abs(size) / 2, "subject": subject}
    return fact(kind, values={**values, "per_week": 1.5}, **{**spread, **more})


SPEND = {"spent": 700.0, "budget": 1000.0, "elapsed": 0.5, "projected": 1400.0, "days_left": 15.0}
MONEY = {"unit": Unit.MONEY, "currency": "EUR"}
EVERY = {
    "change": change(5700.0, 4500.0, parts=(("Instagram", 1500.0), ("X", -300.0)), confidence=0.97),
    "post": fact(
        "post",
        values={"value": 90.0, "usual": 13.0, "others": 7.0},
        subject=Subject("Instagram", "Acme", post="about hit"),
        confidence=0.9,
    ),
    "frequency": lift("frequency", 0.24, Subject()),
    "format": lift("format", -0.24, Subject("Instagram", content="Reel")),
    "slot": lift("slot", 0.31, Subject(weekday=1, hour=18)),
    "pattern": lift("pattern", 0.31, Subject(feature="a question")),
    "growth": fact(
        "growth", "Followers", values={"growth": 0.021, "weeks": 12.0}, lower=0.018, upper=0.024, questions=("trend",)
    ),
    "platform": lift("platform", 1.31, Subject("TikTok", "Acme")),
    "forecast": fact(
        "forecast",
        "Followers",
        values={"expected": 10400.0, "value": 9900.0},
        lower=10100.0,
        upper=10800.0,
        days={"by": END},
    ),
    "outlook": fact(
        "outlook",
        values={"expected": 10400.0, "previous": 9000.0},
        lower=9100.0,
        upper=11800.0,
        period=DECEMBER,
        compared=NOVEMBER,
    ),
    "goal": fact(
        "goal",
        "Followers",
        values={"expected": 10400.0, "target": 12000.0},
        lower=10100.0,
        upper=10800.0,
        days={"by": END},
    ),
    "audience": fact(
        "audience", "Reach", values={"share": 0.34, "previous": 0.2}, subject=Subject(segment="Germany"), confidence=0.9
    ),
    "hashtag": lift("hashtag", 0.3, Subject(tag="#fun2026")),
    "viral": fact(
        "viral",
        values={"value": 30000.0, "usual": 4000.0, "age": 6.0},
        subject=Subject("TikTok", post="cat"),
        confidence=0.99,
    ),
    "season": lift("season", 0.3, Subject(month=12)),
    "shift": fact(
        "shift",
        "Reach",
        values={"change": -0.3, "accounts": 3.0},
        days={"since": date(2026, 3, 1)},
        lower=-0.4,
        upper=-0.2,
        subject=Subject("X"),
    ),
    "benchmark": fact(
        "benchmark",
        "Engagement rate",
        unit=Unit.RATIO,
        values={"value": 0.02, "benchmark": 0.034},
        subject=Subject(peer="the industry"),
        confidence=0.9,
    ),
    "anomaly": fact(
        "anomaly",
        values={"value": 200.0, "expected": 1000.0},
        lower=800.0,
        upper=1200.0,
        days={"on": date(2026, 11, 3)},
        parts=(("X", -700.0), ("TikTok", -100.0)),
    ),
    "pacing": fact("pacing", "Ad spend", direction=Direction.NEITHER, values=SPEND, days={"by": END}, **MONEY),
    "failing": fact(
        "failing",
        "",
        subject=Subject("YouTube", "Acme"),
        days={"since": date(2026, 11, 3)},
        hint="Connect the account again.",
    ),
    "late": fact("late", "", subject=Subject("YouTube"), values={"late": 2.0}, days={"last": date(2026, 11, 3)}),
    "coverage": fact("coverage", values={"known": 3.0, "accounts": 5.0}),
}
"""A fact of each kind about which there is something to say."""

_numbers = st.one_of(
    st.floats(-1e9, 1e9), st.integers(-1000, 100000).map(float), st.just(float("nan")), st.just(float("inf"))
)
_texts = st.text(max_size=90)


@st.composite
def facts(draw):
    """Any fact: of a known kind, with numbers and texts of any sort."""
    base = EVERY[draw(st.sampled_from(sorted(EVERY)))]
    values = {name: draw(_numbers) if draw(st.booleans()) else value for name, value in base.values.items()}
    bounds = sorted([draw(st.floats(-1e6, 1e6)), draw(st.floats(-1e6, 1e6))])
    lower, upper = draw(st.sampled_from([(base.lower, base.upper), (None, None), tuple(bounds)]))
    subject = replace(
        base.subject,
        account=draw(_texts),
        post=draw(_texts) if base.subject.post else "",
        tag=draw(_texts) if base.subject.tag else "",
    )
    return replace(
        base,
        values=values,
        lower=lower,
        upper=upper,
        subject=subject,
        unit=draw(st.sampled_from(Unit)),
        direction=draw(st.sampled_from(Direction)),
        currency=draw(st.sampled_from(["EUR", "USD", "CHF"])),
        confidence=draw(st.one_of(st.none(), st.floats(0, 1))),
        weight=draw(st.floats(0, 1)),
    )
