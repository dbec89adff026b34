"""What is measured: the topics of the report, what they read and beside whom they stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One section. `sets` are read by it (`sets.size` knows them); `peers` are packages of the peers' Python; `beside`
    names all that it is held against."""

    name: str
    title: str
    about: str
    beside: str
    sets: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What runs it, and prints what it found."""
        return f"python -m benchmarks.statistics.{self.name}"

    @property
    def asked(self) -> str:
        """The command with what it needs from the environment."""
        needs = [("PLUMBLINE_SERIES=...", self.sets), ("PLUMBLINE_PEERS=.../bin/python", self.peers)]
        return " ".join([*(name for name, needed in needs if needed), self.command])


TOPICS = (
    Topic(
        "forecast",
        "Forecasts",
        "The last stretch of every series is held back and forecast from what stands before it: 28 days, 13 weeks, 12 "
        "months, 14 days of followers. MASE: mean absolute error over the mean absolute change from season to season.",
        "AutoETS, AutoTheta and AutoARIMA of statsforecast, Prophet, and the seasonal naive forecast",
        ("daily", "weekly", "monthly", "followers"),
        ("statsforecast", "prophet"),
    ),
    Topic(
        "anomalies",
        "Unusual values",
        "Labelled windows that hold an alarm, alarms outside all windows, and alarms in worlds where nothing happened.",
        "a rolling z-score, residuals of STL (statsmodels), Twitter's S-H-ESD (computed as published) and "
        "IsolationForest (scikit-learn)",
        ("anomalies",),
    ),
    Topic(
        "posts",
        "Best times, hashtags, outcome of posts",
        "Claims in simulated accounts with and without a best time, idle hashtags, the error on later posts of two "
        "public accounts, and the seconds that 100,000 posts take.",
        "what a spreadsheet does (best mean hour, Student's test by tag) and the account's median",
        ("posts",),
    ),
    Topic(
        "compare",
        "Comparisons and trends",
        "How often an interval covers the truth, how often a difference is claimed where there is none, and where "
        "there is one.",
        "scipy (Welch, bootstrap, Kendall) and statsmodels (proportions, false-discovery control)",
    ),
    Topic(
        "sentiment",
        "Sentiment",
        "Macro-averaged recall of negative, neutral and positive on labelled public texts.",
        "VADER, AFINN and TextBlob",
        ("tweets", "sentiment"),
        ("vaderSentiment", "afinn", "textblob"),
    ),
    Topic(
        "others",
        "Tests of two versions, growth, seasons, scores, words, campaigns",
        "What the sections above leave out, in simulated worlds with a known truth, on sentences of our own, and on "
        "figures worked by hand.",
        "scipy, statsmodels, the plain rules that people use in a spreadsheet, and figures worked by hand",
    ),
    Topic(
        "cost",
        "What it costs",
        "Seconds of one core that imports take (the median of five fresh processes), memory, and forecasting time.",
        "statsforecast, statsmodels (ETSModel) and pandas",
        (),
        ("statsforecast",),
    ),
)
