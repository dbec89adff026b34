"""How is the business doing? The overview's numbers, as the dashboard shows them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api import viewing
from core.question import Answer, Compare, Number, Question
from core.viewer import Viewer
from services import ask, overview
from services.team import custom_metrics

ROUTER = APIRouter(prefix="/api/v1/analytics", tags=["analytics"])


class NoteOut(BaseModel):
    """A caveat of a number."""

    code: str
    text: str


class NumberOut(BaseModel):
    """One number, of the registry or of the team's own, whose names begin with `own.`. `value` null is unknown, never
    zero, and `why_null` says why. `change` is relative: 0.1 is +10 %."""

    title: str
    value: float | None
    previous: float | None
    difference: float | None
    change: float | None
    unit: str
    currency: str = ""
    direction: str
    at_most: bool
    why_null: str = ""
    why_no_change: str = ""
    notes: list[NoteOut]


class OverviewOut(BaseModel):
    """The overview of a workspace over a period."""

    business_id: str
    from_date: date
    to_date: date
    compared_from: date | None
    compared_to: date | None
    time_zone: str
    data_until: str | None
    metrics: dict[str, NumberOut]
    notes: list[NoteOut]


@ROUTER.get("/overview")
def get_overview(
    business_id: Annotated[int | None, Query(description="Workspace id; may be left out when there is one.")] = None,
    user_id: Annotated[int | None, Query(description="Another name for business_id.")] = None,
    from_date: Annotated[
        date | None, Query(description="First day; with to_date. Default: the last 30 full days.")
    ] = None,
    to_date: Annotated[date | None, Query(description="Last day, included.")] = None,
) -> OverviewOut:
    """Aggregated metrics, each with its value, the value of the period before, the change, unit and notes."""
    viewer = viewing.viewer(business_id if business_id is not None else user_id)
    period = viewing.period(viewer, from_date, to_date)
    metrics = (*overview.METRICS, *custom_metrics.read(viewer))
    return _serialise(viewer, ask.ask(viewer, Question(metrics, period, compare=Compare.PREVIOUS)))


def _serialise(viewer: Viewer, answer: Answer) -> OverviewOut:
    return OverviewOut(
        business_id=str(viewer.workspace_id),
        from_date=answer.period.first,
        to_date=answer.period.last,
        compared_from=answer.compared.first if answer.compared else None,
        compared_to=answer.compared.last if answer.compared else None,
        time_zone=answer.time_zone,
        data_until=answer.data_until.isoformat() if answer.data_until else None,
        metrics={name: _number(number, answer.explain(name).title) for name, number in answer.totals.items()},
        notes=[NoteOut(code=note.code, text=note.text) for note in answer.notes if not note.metric],
    )


def _number(number: Number, title: str) -> NumberOut:
    return NumberOut(
        title=title,
        value=number.value,
        previous=number.previous,
        difference=number.difference,
        change=number.change,
        unit=number.unit,
        currency=number.currency,
        direction=number.direction,
        at_most=number.at_most,
        why_null=number.why_none,
        why_no_change=number.why_no_change,
        notes=[NoteOut(code=note.code, text=note.text) for note in number.notes],
    )
