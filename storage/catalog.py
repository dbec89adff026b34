"""The metric registry and the dimensions, kept in tables so that plain SQL can join them by name."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table

from core.metric import Dimension, Metric
from storage import sql
from storage.tables import DimensionRow, MetricRow


def write(connection: Connection, metrics: Iterable[Metric], dimensions: Iterable[Dimension]) -> None:
    """Make the tables `metric` and `dimension` say what the registry says; what it no longer has goes."""
    declared = [
        {"id": m.id, "name": m.name, "title": m.title, "unit": str(m.unit), "adds": str(m.adds)} for m in metrics
    ]
    ways = [{"id": d.id, "name": d.name, "title": d.title} for d in dimensions]
    _mirror(connection, sql.table(MetricRow), declared, ("name", "title", "unit", "adds"))
    _mirror(connection, sql.table(DimensionRow), ways, ("name", "title"))


def _mirror(connection: Connection, table: Table, rows: list[dict[str, object]], change: tuple[str, ...]) -> None:
    sql.lock_name(connection, table.name)
    connection.execute(table.delete().where(table.c.id.not_in([row["id"] for row in rows])))
    sql.upsert(connection, table, rows, ("id",), change)
