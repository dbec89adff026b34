"""Where each public function of the statistics is measured, and beside what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """A topic and the beginning of a row (or method, for tables with one row a method) that holds these functions."""

    topic: str
    row: str
    functions: tuple[str, ...]
    beside: str


BY_HAND = "figures worked by hand"
WHERE = (
    Measured("forecast", "daily", ("forecast.forecast",), "AutoETS, AutoTheta, AutoARIMA, Prophet, seasonal naive"),
    Measured("anomalies", "Plumbline", ("anomalies.score",), "rolling z-score, STL, S-H-ESD, IsolationForest"),
    Measured("others", "who carries a change", ("anomalies.explain",), "rates compared at the old shares"),
    Measured("posts", "no best time", ("best_time.best_times",), "best mean hour with p < 0.05"),
    Measured("others", "hour of the week", ("best_time.slots_of",), "pandas"),
    Measured("posts", "idle hashtags", ("hashtags.effects",), "mean with and without, p < 0.05"),
    Measured("others", "hashtags read", ("hashtags.tags_in", "hashtags.tags_of"), "the pattern #\\w+"),
    Measured("posts", "post outcome", ("post_outcome.fit",), "the account's median"),
    Measured("compare", "engagement rate", ("compare.difference",), "statsmodels (Newcombe), scipy (Welch, bootstrap)"),
    Measured("compare", "20 rates at once", ("compare.many",), "statsmodels (Benjamini and Hochberg)"),
    Measured("others", "daily looks", ("compare.always_valid",), "statsmodels (z test at each look)"),
    Measured("others", "fair splits", ("compare.sample_ratio",), "scipy (chi-square)"),
    Measured("others", "people for a rate", ("compare.sample_size_rate",), "statsmodels (arcsine)"),
    Measured("others", "posts for a mean", ("compare.sample_size_mean",), "statsmodels (t)"),
    Measured("compare", "trend of 0.5 a day", ("trend.velocity",), "scipy (Kendall)"),
    Measured("others", "growth", ("trend.growth",), "scipy (line through logarithms), plain difference of sums"),
    Measured("others", "season", ("trend.seasonality",), "statsmodels (strength of STL above 0.3)"),
    Measured("others", "score", ("score.performance",), "engagement, engagement rate"),
    Measured("posts", "100,000 posts", ("score.performance",), "5 s"),
    Measured("sentiment", "English tweets", ("sentiment.label", "sentiment.named"), "VADER, AFINN, TextBlob"),
    Measured("others", "polarity", ("sentiment.polarity",), "VADER"),
    Measured("others", "texts of other languages", ("sentiment.understood",), "VADER (reads all)"),
    Measured("others", "share of a mood", ("sentiment.mood",), "statsmodels (normal interval)"),
    Measured("others", "insights", ("insights.write",), "a sentence for each change of 10 %"),
    Measured(
        "others",
        "campaign figures",
        (
            "campaign.average_order_value", "campaign.break_even_roas", "campaign.by_campaign", "campaign.chained",
            "campaign.cost_per", "campaign.cpm", "campaign.f1", "campaign.from_minor", "campaign.funnel",
            "campaign.lifetime_value", "campaign.ltv_to_cac", "campaign.pacing", "campaign.payback", "campaign.ratio",
            "campaign.roas", "campaign.roi", "campaign.rounded", "campaign.shares",
        ),
        BY_HAND,
    ),
)  # fmt: skip


def told() -> str:
    """Each function with its section, row and peer, in Markdown."""
    lines = ["## Where each function is measured", "", "| function | section | row | beside |", "|---|---|---|---|"]
    for one in WHERE:
        names = ", ".join(f"`{name}`" for name in one.functions)
        lines.append(f"| {names} | {one.topic} | {one.row} ... | {one.beside} |")
    return "\n".join(lines) + "\n"
