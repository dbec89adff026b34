"""Scores, shares, tags, moods and sentences: what is told of numbers and texts, beside the plain rules people use."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analytics.adjusting import known
from analytics.anomalies import explain
from analytics.best_time import slots_of
from analytics.compare import difference
from analytics.hashtags import tags_in, tags_of
from analytics.insights import Fact, write
from analytics.score import performance
from analytics.sentiment import LABELS, mood, polarity, understood
from benchmarks.statistics import peers
from benchmarks.statistics.worlds import Row, share
from core.question import Period

TAGGED = {
    "#One two #THREE": ("one", "three"),
    "#a1#b2": ("a1", "b2"),
    "(#Sale) #sale!": ("sale",),
    "#Straße": ("strasse",),
    "#हिन्दी #русский": ("हिन्दी", "русский"),
    "#kebab-case": ("kebab",),
    "we are #1 in 2026": (),
    "see https://example.org/#part": (),
    "rock &#39;n&#39; roll": (),
    "written in C#": (),
    "a#b": (),
    "#love❤️": ("love",),
}
"""Texts and the tags that a reader sees in them."""
FEELING = (
    ("so happy with my order, thank you!", 1), ("the worst support I have ever had", -1), ("😍😍 love it", 1),
    ("arrived broken and nobody answers 😡", -1), ("not bad at all, really good", 1), ("this is not good", -1),
    ("wow, beautiful colours", 1), ("I want my money back", -1), ("great work, well done team", 1),
    ("the app crashes all the time, hate it", -1), ("best purchase of the year", 1), ("what a disappointment", -1),
    ("can't wait to try this!", 1), ("never again, such a waste", -1), ("you made my day", 1), ("this is a scam", -1),
)  # fmt: skip
"""Comments of our own with the feeling anyone reads in them."""
READABLE = (
    "thanks for the quick answer", "when will the shop open again?", "das ist wirklich schön geworden",
    "leider hat mir niemand geantwortet", "merci beaucoup pour votre aide", "je ne suis pas content du service",
)  # fmt: skip
FOREIGN = (
    "muchas gracias por todo, hasta luego", "no me gusta nada este producto", "grazie mille per il vostro aiuto",
    "non mi piace per niente questo colore", "muito obrigado pela sua resposta", "dit is echt heel mooi geworden",
    "bardzo dziękuję za szybką odpowiedź", "mulțumesc foarte mult pentru ajutor", "tack så mycket för hjälpen",
    "ürün çok geç geldi, memnun kalmadım", "terima kasih banyak atas bantuannya", "köszönöm szépen a segítséget",
)  # fmt: skip


def rows(worlds: int) -> Iterator[Row]:
    """All of them, one after the other."""
    yield _carried(worlds)
    yield _hours()
    yield _tags()
    yield _score(worlds // 10)
    yield from _texts()
    yield _mood(worlds)
    yield from _sentences(worlds // 4)


def _carried(worlds: int) -> Row:
    """Six parts of a ratio: how much of its change the parts do not add up to."""
    ours, other = [], []
    for seed in range(worlds):
        random = np.random.default_rng(seed)
        under = random.lognormal(7, 1, (2, 6))
        over = under * random.uniform(0.01, 0.1, (2, 6))
        before, after = (pd.DataFrame({"numerator": over[at], "denominator": under[at]}) for at in (0, 1))
        told = explain(before, after)
        rates = over / under
        old = (under[0] / under[0].sum() * (rates[1] - rates[0])).sum()
        ours.append(abs(told.parts["contribution"].sum() - told.change) / abs(told.change))
        other.append(abs(old - told.change) / abs(told.change))
    mine, plain = (f"{100 * float(np.median(one)):.1f} %" for one in (ours, other))
    return Row("who carries a change of a ratio, 6 parts: part not explained", mine, plain, "rates at the old shares")


def _hours() -> Row:
    at = pd.Series(pd.date_range("2026-01-01", periods=5000, freq="97min"))
    posts = pd.DataFrame({"account": 1, "kind": "x", "published_local": at, "engagement": 1.0})
    same = slots_of(known(posts)) == (at.dt.dayofweek * 24 + at.dt.hour).to_numpy()
    return Row("hour of the week of 5,000 moments: right", share(same.sum(), 5000), "100.0 %", "pandas (reference)")


def _tags() -> Row:
    plain = {text: tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", text))) for text in TAGGED}
    ours = sum(tags_in(text) == tags for text, tags in TAGGED.items())
    whole = tags_of(pd.DataFrame({"text": list(TAGGED)})) == [tags_in(text) for text in TAGGED]
    other = sum(plain[text] == tags for text, tags in TAGGED.items())
    said = f"{ours} of {len(TAGGED)}" + ("" if whole else "; whole frames differ")
    return Row("hashtags read as a reader does, texts", said, f"{other} of {len(TAGGED)}", "the pattern #\\w+")


def _score(worlds: int) -> Row:
    """Posts of a known quality by 12 accounts of all sizes, young and old: does the score rank them by it?"""
    ranked: dict[str, list[float]] = {"ours": [], "engagement": [], "rate": []}
    for seed in range(max(worlds, 1)):
        random = np.random.default_rng(seed)
        account, age = random.integers(0, 12, 1500), random.exponential(12, 1500)
        quality = random.normal(size=1500)
        grown = random.normal(8, 2, 12)[account] + np.log1p(-np.exp(-(age + 0.2) / 2))
        seen = random.poisson(np.exp(grown + 0.4 * quality + random.normal(0, 0.4, 1500)))
        liked = random.binomial(seen, np.clip(0.05 * np.exp(0.3 * quality + random.normal(0, 0.3, 1500)), 0, 1))
        posts = pd.DataFrame(
            {"account_id": account, "kind": "reel", "engagement": liked, "exposure": seen, "age_days": age}
        )
        told = {"ours": performance(posts), "engagement": posts["engagement"], "rate": liked / np.maximum(seen, 1)}
        for name, values in told.items():
            ranked[name].append(float(stats.spearmanr(quality, values, nan_policy="omit").statistic))
    means = {name: float(np.mean(found)) for name, found in ranked.items()}
    other = f"{means['engagement']:.2f}; {means['rate']:.2f}"
    return Row("score: rank correlation with a planted quality", f"{means['ours']:.2f}", other, "engagement; its rate")


def _texts() -> Iterator[Row]:
    texts, feelings = zip(*FEELING, strict=True)
    right = np.sum(np.sign(np.where(np.abs(told := polarity(texts)) < 0.2, 0, told)) == np.array(feelings))
    vader = peers.vader(list(texts))
    if isinstance(vader, str):
        other = f"not measured: {vader}"
    else:
        same = [abs(one) >= 0.05 and one * two > 0 for one, two in zip(vader, feelings, strict=True)]
        other = f"{sum(same)} right"
    yield Row(f"polarity of {len(texts)} plain comments of our own", f"{right} right", other, "VADER")
    left = int((~understood(FOREIGN)).sum())
    read = int(understood(READABLE).sum())
    said = f"{left} of {len(FOREIGN)} left alone; {read} of {len(READABLE)} in English, German, French read"
    yield Row("texts of other languages", said, "none left alone: all read, as neutral", "VADER")


def _mood(worlds: int) -> Row:
    """One comment in twenty is negative, forty are read: does the interval hold 5 %?"""
    ours = other = 0
    for seed in range(worlds):
        count = int(np.random.default_rng(seed).binomial(40, 0.05))
        told = mood([LABELS[0]] * count + [LABELS[1]] * (40 - count)).negative
        ours += told.lower <= 0.05 <= told.upper
        low, high = proportion_confint(count, 40, method="normal")
        other += low <= 0.05 <= high
    return Row("share of a mood: 95 % interval holds 5 % of 40", share(ours, worlds), share(other, worlds),
               "statsmodels, normal interval")  # fmt: skip


def _sentences(worlds: int) -> Iterator[Row]:
    """Thirty metrics, four weeks over four: how often is a change told that is none, and is the real one first?"""
    period = Period(pd.Timestamp("2026-11-01").date(), pd.Timestamp("2026-11-28").date())
    before = Period(pd.Timestamp("2026-10-04").date(), pd.Timestamp("2026-10-31").date())
    ours = other = first = first_other = 0
    for seed in range(max(worlds, 1)):
        random = np.random.default_rng(seed)
        level = np.exp(random.normal(4, 2, 30))
        days = random.poisson(level[:, None, None] * np.exp(random.normal(-0.08, 0.4, (30, 2, 28))))
        days[0, 1] = random.poisson(400 * np.exp(random.normal(-0.08, 0.4, 28)) * 1.6)
        days[0, 0] = random.poisson(400 * np.exp(random.normal(-0.08, 0.4, 28)))
        facts = [_fact(at, days[at], period, before) for at in range(30)]
        told = write(facts, language="en")
        change = {f"m{at}": days[at, 1].sum() / max(days[at, 0].sum(), 1) - 1 for at in range(30)}
        plain = sorted((name for name in change if abs(change[name]) >= 0.1), key=lambda name: -abs(change[name]))
        ours += sum(one.metric != "m0" for one in told)
        other += sum(name != "m0" for name in plain)
        first += bool(told) and told[0].metric == "m0"
        first_other += bool(plain) and plain[0] == "m0"
    count, way = max(worlds, 1), "a sentence for each change of 10 %"
    yield Row("insights: sentences of nothing a month, 29 metrics", f"{ours / count:.2f}", f"{other / count:.2f}", way)
    yield Row("insights: the one real change comes first", share(first, count), share(first_other, count), way)


def _fact(at: int, days: np.ndarray, period: Period, before: Period) -> Fact:
    found = difference(days[1].astype(float), days[0].astype(float), "mean")
    return Fact(
        "change", f"m{at}", f"Metric {at}", values={"value": float(days[1].sum()), "previous": float(days[0].sum())},
        period=period, compared=before, lower=_known(found.relative_lower), upper=_known(found.relative_upper),
        verdict="" if found.reliable else found.verdict,
    )  # fmt: skip


def _known(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None
