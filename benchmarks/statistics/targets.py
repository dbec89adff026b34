"""The targets that the requirements name, each read out of the tables that a topic prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

Table = list[dict[str, str]]
NUMBER = re.compile(r"-?[\d,]*\.?\d+")


@dataclass(frozen=True, slots=True)
class Found:
    """A measured figure in words, and whether it reaches the target; None where the target names no figure."""

    words: str
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a topic should reach; `judge` finds it in the topic's tables, None if it is not there."""

    topic: str
    what: str
    judge: Callable[[list[Table]], Found | None]

    def row(self, printed: str) -> str:
        """The target in Markdown, beside what was printed."""
        found = self.judge(tables(printed))
        if found is None:
            return f"| {self.what} | not measured | - |"
        reached = {True: "yes", False: "**no**", None: "-"}[found.reached]
        return f"| {self.what} | {found.words} | {reached} |"


def tables(printed: str) -> list[Table]:
    """The Markdown tables of a text, as rows by column.

    >>> tables("| a | b |\\n|---|--:|\\n| x | 1 |")
    [[{'a': 'x', 'b': '1'}]]
    """
    made: list[Table] = []
    columns: list[str] | None = None
    for line in printed.splitlines():
        if not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = _cells(line)
            made.append([])
        elif not set(line) <= set("|-: "):
            made[-1].append(dict(zip(columns, _cells(line), strict=False)))
    return made


def figure(text: str) -> float | None:
    """The first number in a cell.

    >>> figure("1,204.5 KiB"), figure("-")
    (1204.5, None)
    """
    found = NUMBER.search(text)
    return float(found[0].replace(",", "")) if found else None


def figures(found: list[Table], column: str, **where: str) -> dict[str, float]:
    """Figures of a column by their row's first cell, of rows whose cells begin as `where` says (`_` is a space)."""
    named = {name.replace("_", " "): text for name, text in where.items()}
    return {
        " ".join(row[name] for name in list(row)[:3]): value
        for table in found
        for row in table
        if column in row and all(name in row and row[name].startswith(text) for name, text in named.items())
        if (value := figure(row[column])) is not None
    }


def within(
    column: str, least: float = -inf, most: float = inf, unit: str = "", digits: int = 2, **where: str
) -> Callable[[list[Table]], Found | None]:
    """Every such figure lies between two limits; what is told is their span."""

    def judge(found: list[Table]) -> Found | None:
        values = sorted(figures(found, column, **where).values())
        if not values:
            return None
        ends = [f"{value:,.{digits}f}" for value in dict.fromkeys((values[0], values[-1]))]
        return Found(f"{' to '.join(dict.fromkeys(ends))}{unit}", least <= values[0] and values[-1] <= most)

    return judge


def ahead(column: str, ours: str = "Plumbline") -> Callable[[list[Table]], Found | None]:
    """Our figure is larger than that of each other method."""

    def judge(found: list[Table]) -> Found | None:
        for table in found:
            by_method = {
                row["method"]: value
                for row in table
                if "method" in row and (value := figure(row.get(column, ""))) is not None
            }
            if ours in by_method and len(by_method) > 1:
                own = by_method.pop(ours)
                best = max(by_method, key=lambda name: by_method[name])
                return Found(f"{own:.2f}; best of the others {by_method[best]:.2f} ({best})", own > by_method[best])
        return None

    return judge


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _mase(group: str, what: str, most: float, peers: str) -> Target:
    judge = within("MASE, mean", most=most, digits=3, group=group, series="all", method="Plumbline")
    return Target("forecast", f"{what}: mean MASE at most {most:.2f} ({peers})", judge)


def _covers(group: str) -> Target:
    judge = within("95 % band holds", 93, 97, " %", 1, group=group, series="all", method="Plumbline")
    return Target("forecast", f"{group}: 95 % intervals cover 93-97 %", judge)


def _quiet(found: list[Table]) -> Found | None:
    every = figures(found, "Plumbline", **{"nothing_happened:_false_alarms_per_quarter": ""})
    if not every:
        return None
    worst = max(every.values())
    mean = sum(every.values()) / len(every)
    return Found(f"mean {mean:.2f}, worst kind of series {worst:.2f}", worst <= 1)


TARGETS = (
    _mase("daily", "daily, 28 days", 0.88, "named: Prophet about 0.99, AutoETS 0.96, seasonal naive 1.02"),
    _mase("weekly", "weekly, 13 weeks", 1.30, "named: AutoARIMA 1.45, Prophet 2.0"),
    _mase("monthly", "monthly, 12 months", 0.86, "named: AutoARIMA 0.89"),
    _mase("followers", "followers, 14 days", 1.9, "named: AutoETS 2.2"),
    *(_covers(group) for group in ("daily", "weekly", "monthly", "followers")),
    Target(
        "forecast",
        "at most 0.5 s a series (median, one core)",
        within("s, median", most=0.5, unit=" s", digits=3, series="all", method="Plumbline"),
    ),
    Target(
        "forecast",
        "at most 1 MB of new memory a series",
        within("new KiB", most=976.5, unit=" KiB", digits=0, series="all", method="Plumbline"),
    ),
    Target("anomalies", "better F1 than each peer on labelled streams", ahead("F1")),
    Target("anomalies", "at most one false alarm per daily series and quarter, where nothing happened", _quiet),
    Target(
        "posts",
        "where there is no best time, one is claimed in at most 5 % of worlds",
        within("Plumbline", most=5, unit=" %", digits=0, measure="no best time"),
    ),
    Target(
        "posts",
        "outcome of a post: error never above the account's median (1.00)",
        within("Plumbline", most=1, measure="post outcome"),
    ),
    Target(
        "posts",
        "100,000 posts through best times, effects and score in under 5 s",
        within("Plumbline", most=5, unit=" s", digits=1, measure="100,000 posts"),
    ),
    Target(
        "sentiment",
        "macro recall of at least 0.60 on tweets (named: VADER 0.57)",
        within("macro recall", least=0.60, digits=3, texts="English tweets", method="ours"),
    ),
    Target(
        "cost",
        "the import of the app gets at most 0.3 s slower",
        within("Plumbline", most=0.3, unit=" s", measure="the site's import: what the methods add"),
    ),
)
