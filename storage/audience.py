"""Which groups of people the stored facts tell of, and on which days they do. Never how many."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from storage import sql

_COLUMNS = ("metric_id", "grain", "dimension_id", "account_id", "day")


def described(
    connection: Connection,
    workspace_id: int,
    *,
    metric_ids: Collection[int],
    grains: Collection[int],
    dimension_ids: Collection[int],
    first_day: int | date,
    last_day: int | date,
) -> pd.DataFrame:
    """One row per metric, grain, dimension, account and day with a fact: metric_id, grain, dimension_id, account_id and
    day, all int64. Days are included on both ends."""
    columns = ", ".join(_COLUMNS)
    query = (
        f"SELECT DISTINCT {columns} FROM fact WHERE workspace_id = {int(workspace_id)} "
        f"AND metric_id IN ({sql.numbers(metric_ids)}) AND grain IN ({sql.numbers(grains)}) "
        f"AND dimension_id IN ({sql.numbers(dimension_ids)}) "
        f"AND day BETWEEN {sql.day_number(first_day)} AND {sql.day_number(last_day)}"
    )
    return sql.frame(connection, query, _COLUMNS)
