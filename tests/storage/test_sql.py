"""The bulk upsert tells truly how many rows it touched: versions depend on it."""

import pytest

from storage import sql
from storage.tables import Setting

KEY = ("workspace_id", "name")


@pytest.mark.parametrize("value", ["dark", {"a": [1, None]}, 5], ids=["text", "object", "number"])
def test_it_counts_only_rows_that_were_inserted_or_changed(database, value):
    def put(names, value):
        rows = [{"workspace_id": 1, "name": name, "value": value} for name in names]
        with database.write() as connection:
            return sql.upsert(connection, sql.table(Setting), rows, KEY, ("value",))

    assert [put("x", value), put("x", value), put("xyz", value), put("xyz", value)] == [1, 0, 2, 0]
    assert [put("xyz", "other"), put("", value)] == [3, 0]


def test_it_keeps_what_is_there_when_nothing_is_to_change(database):
    table = sql.table(Setting)
    with database.write() as connection:
        for value, touched in ((1, 1), (2, 0)):
            row = {"workspace_id": 1, "name": "x", "value": value}
            assert sql.upsert(connection, table, [row], KEY, ()) == touched
        assert connection.execute(table.select()).one().value == 1
