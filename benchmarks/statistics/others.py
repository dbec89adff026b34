"""What the other topics leave out: `python -m benchmarks.statistics.others [worlds]`. It needs no data set."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from analytics import campaign
from benchmarks.statistics import told, worlds

WORLDS = 400


def rows(count: int = WORLDS) -> Iterator[worlds.Row]:
    """All measures, one after the other."""
    yield from told.rows(count)
    yield from worlds.rows(count)
    yield _golden()


def golden() -> dict[str, tuple[Any, Any]]:
    """Figures of campaigns as our functions make them, and as worked by hand."""
    funnel = campaign.funnel({"impressions": 850_000, "clicks": 12_750, "conversions": 425})
    table = pd.DataFrame({"spend": [100.0, 900.0], "revenue": [1000.0, 900.0]}, index=["small", "large"])
    return {
        "average_order_value": (campaign.average_order_value(900, 12), 75),
        "break_even_roas": (campaign.break_even_roas(0.25), 4),
        "by_campaign": (campaign.by_campaign(table).loc["total", "roas"], 1.9),
        "chained": (campaign.chained(0.028, 0.25, 0.35), 0.00245),
        "cost_per": (campaign.cost_per(47_500, 1_250), 38),
        "cpm": (campaign.cpm(125, 10_000), 12.5),
        "f1": (campaign.f1(0.84, 0.78), 0.80889),
        "from_minor": (campaign.from_minor(12_345, "KWD"), Decimal("12.345")),
        "funnel": (funnel["conversions"], 0.03333),
        "lifetime_value": (campaign.lifetime_value(200, 0.6, 0.025), 4_800),
        "ltv_to_cac": (campaign.ltv_to_cac(4_800, 450), 10.66667),
        "pacing": (campaign.pacing(47_500, 50_000, 30, 30).index, 0.95),
        "payback": (campaign.payback(450, 200, 0.6), 3.75),
        "ratio": (campaign.ratio(1_250, 75_000), 0.01667),
        "roas": (campaign.roas(63_000, 15_000), 4.2),
        "roi": (campaign.roi(150, 100), 0.5),
        "rounded": (campaign.rounded(38.005, "JPY"), 38),
        "shares": (campaign.shares({"organic": 60, "paid": 30, "social": 10})["paid"], 0.3),
    }


def _golden() -> worlds.Row:
    every = golden()
    wrong = [name for name, (made, right) in every.items() if abs(float(made) - float(right)) > 5e-6]
    said = f"{len(every) - len(wrong)} of {len(every)}" + (f"; not {', '.join(wrong)}" if wrong else "")
    return worlds.Row(
        "campaign figures that are right (arithmetic: golden figures are all there is to hold it against)",
        said, f"{len(every)}", "worked by hand",
    )  # fmt: skip


def main(count: int = WORLDS) -> None:
    """Print the table."""
    print("| what | Plumbline | other | which other |")
    print("|---|---|---|---|")
    for row in rows(count):
        print(f"| {row.what} | {row.ours} | {row.other} | {row.way} |", flush=True)


if __name__ == "__main__":
    main(*(int(count) for count in sys.argv[1:]))
