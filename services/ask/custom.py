"""Custom metrics in an answer: their formula is worked out anew from the ingredients' sums in every cell and total.

Only accounts of which every ingredient is known take part, so that both sides of a ratio are of the same accounts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from core.errors import BadQuestion
from core.language import tr
from core.question import Answer, Explanation, Note, Number, Question
from core.viewer import Viewer
from services.team import custom_metrics
from services.team.custom_metrics import CustomMetric
from storage import database

Ask = Callable[[Viewer, Question, datetime], Answer]


def answer(viewer: Viewer, question: Question, now: datetime, ask: Ask) -> Answer:
    """Answer a question in which at least one metric is custom; `ask` answers one of registered metrics only."""
    with database.current().read() as connection:
        known = custom_metrics.stored(connection, viewer.workspace_id)
    plain = tuple(name for name in question.metrics if not custom_metrics.is_custom(name))
    wanted = [_find(name, known) for name in dict.fromkeys(question.metrics) if custom_metrics.is_custom(name)]
    parts = [ask(viewer, replace(question, metrics=plain), now)] if plain else []
    parts += [of_one(viewer, question, now, one, ask) for one in wanted]
    totals = {name: number for part in parts for name, number in part.totals.items()}
    return replace(
        parts[0],
        question=question,
        frame=pd.concat([part.frame for part in parts], ignore_index=True),
        totals={name: totals[name] for name in dict.fromkeys(question.metrics)},
        by_split={key: number for part in parts for key, number in part.by_split.items()},
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        explanations={name: told for part in parts for name, told in part.explanations.items()},
    )


def _find(name: str, known: Mapping[str, CustomMetric]) -> CustomMetric:
    if name not in known:
        raise BadQuestion(tr("There is no metric called '{name}'.", name=name), hint=tr("It may have been removed."))
    return known[name]


def of_one(viewer: Viewer, question: Question, now: datetime, one: CustomMetric, ask: Ask) -> Answer:
    """One custom metric as an answer of its own, over the accounts that have all ingredients."""
    names = one.formula.names
    asked = replace(question, metrics=names)
    left = ""
    if len(names) > 1 and question.split in (None, "platform", "account"):
        apart = ask(viewer, replace(asked, by=None, split="account", compare=None), now)
        every = list(apart.split_titles)
        whole = [key for key in every if all(_known(apart, key, name) for name in names)]
        if whole and len(whole) < len(every):
            asked = replace(asked, where=replace(asked.where, accounts=tuple(int(key) for key in whole)))
            left = ", ".join(apart.split_titles[key] for key in every if key not in whole)
    found = ask(viewer, asked, now)
    notes = _notes(one, found, left)
    total = _number(one, [found.totals[name] for name in names], notes)
    keys = dict.fromkeys(split for split, _ in found.by_split)
    rows = {
        (key, one.name): _number(one, [found.by_split[key, name] for name in names], ())
        for key in keys
        if all((key, name) in found.by_split for name in names)
    }
    return replace(
        found,
        frame=_frame(one, found.frame),
        totals={one.name: total},
        by_split=rows,
        notes=(*(note for note in found.notes if not note.metric), *notes),
        explanations={one.name: _explained(one, found, notes)},
    )


def _known(answer: Answer, key: str, name: str) -> bool:
    number = answer.by_split.get((key, name))
    return number is not None and number.value is not None


def _notes(one: CustomMetric, found: Answer, left: str) -> tuple[Note, ...]:
    inherited = [replace(note, metric=one.name) for name in one.formula.names for note in found.totals[name].notes]
    if left:
        inherited.append(
            Note("ingredients", tr("Without {left}: not every ingredient is known there.", left=left), one.name, True)
        )
    return tuple(dict.fromkeys(inherited))


def _number(one: CustomMetric, parts: Sequence[Number], notes: tuple[Note, ...]) -> Number:
    """The formula over the ingredients' numbers; a bound is no value to work with, nor are several currencies."""
    currencies = {part.currency for part in parts if part.currency}
    unsure = any(part.at_most for part in parts) or len(currencies) > 1
    value = None if unsure else _worked(one, ((part.metric, part.value) for part in parts))
    mine = None if unsure else _worked(one, ((part.metric, part.compared) for part in parts))
    previous = None if unsure else _worked(one, ((part.metric, part.previous) for part in parts))
    difference = None if mine is None or previous is None else mine - previous
    change = difference / abs(previous) if difference is not None and previous else None
    why = next((part.why_no_change for part in parts if part.why_no_change), "")
    return Number(
        one.name,
        value,
        one.unit,
        one.direction,
        previous,
        difference,
        change,
        why_none="" if value is not None else _why_none(one, parts, currencies),
        why_no_change=why if change is None else "",
        currency=next(iter(currencies), "") if len(currencies) == 1 else "",
        notes=notes,
        compared=mine,
    )


def _worked(one: CustomMetric, parts: Iterable[tuple[str, float | None]]) -> float | None:
    values = {name: math.nan if value is None else value for name, value in parts}
    found = one.formula.value(values)
    return None if math.isnan(found) else found


def _why_none(one: CustomMetric, parts: Sequence[Number], currencies: set[str]) -> str:
    if len(currencies) > 1:
        return tr("several currencies, which are never added")
    missing = next((part for part in parts if part.value is None), None)
    if missing is not None:
        return missing.why_none or tr("no data")
    if any(part.at_most for part in parts):
        return tr("an ingredient is only an upper bound")
    return tr("something is divided by 0")


def _frame(one: CustomMetric, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the ingredients as rows of the metric: the same cells in the same order."""
    names = one.formula.names
    cells = [frame[frame["metric"] == name].reset_index(drop=True) for name in names]
    made = cells[0].assign(metric=one.name)
    for column in ("value", "previous"):
        sides = [cell[column].to_numpy(float) for cell in cells]
        made[column] = [one.formula.value(dict(zip(names, row, strict=True))) for row in zip(*sides, strict=True)]
    made["unfinished"] = np.logical_or.reduce([cell["unfinished"].to_numpy(bool) for cell in cells])
    bound = np.logical_or.reduce([cell["at_most"].to_numpy(bool) for cell in cells])
    made["value"] = made["value"].where(~bound)
    made["at_most"] = False
    made["state"] = _states(cells, made["value"].isna().to_numpy(), bound)
    return made


def _states(cells: Sequence[pd.DataFrame], lacking: np.ndarray, bound: np.ndarray) -> list[str]:
    """Measured or estimated where there is a value; else why the first ingredient without one has none."""
    values = np.array([cell["value"].to_numpy(float) for cell in cells])
    states = np.array([cell["state"].to_numpy(str) for cell in cells])
    found = []
    for at, missing in enumerate(lacking):
        unknown = states[np.isnan(values[:, at]), at]
        if not missing:
            found.append("estimated" if "estimated" in states[:, at] else "measured")
        else:
            found.append("not_exact" if bound[at] else str(unknown[0]) if len(unknown) else "undefined")
    return found


def _explained(one: CustomMetric, found: Answer, notes: tuple[Note, ...]) -> Explanation:
    parts = [found.explain(name) for name in one.formula.names]
    return Explanation(
        metric=one.name,
        title=one.title,
        definition=one.description or tr("A metric of your own."),
        formula=one.words,
        inputs=tuple(dict.fromkeys(each for part in parts for each in part.inputs)),
        coverage=" · ".join(dict.fromkeys(part.coverage for part in parts)),
        notes=notes,
        period=found.period,
        compared_with=found.compared,
        definition_version=next((part.definition_version for part in parts if part.definition_version), ""),
    )
