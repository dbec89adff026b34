"""Facts: written in bulk, corrected without forgetting, read as of any moment."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SchemaDrift
from storage import facts, sql, versions

WORKSPACE = 7
VIEWS, LIKES = 1, 2


def row(value, metric=VIEWS, day=20000, account=11, member=0, dimension=0):
    return (metric, 1, dimension, day, account, member, value)


def write(database, rows, moment):
    with database.write() as connection:
        return facts.write(connection, WORKSPACE, rows, moment)


def read(database, **options):
    wanted = {"metric_ids": [VIEWS, LIKES], "grain": 1, "dimension_id": 0, "first_day": 0, "last_day": 99999}
    with database.read() as connection:
        return facts.read(connection, WORKSPACE, **(wanted | options))


def dump(database):
    with database.read() as connection:
        return [
            connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5, 6, 7, 8").fetchall()
            for table in ("fact", "fact_revision")
        ]


def version(database):
    with database.read() as connection:
        return versions.get(connection, WORKSPACE)


def test_it_reads_back_what_was_written(database):
    assert write(database, [row(5.0), row(0.5, day=20001, metric=LIKES)], 1000) == facts.Written(2, 0, 0)
    found = read(database).sort_values("day").to_dict("list")
    assert found == {
        "metric_id": [VIEWS, LIKES],
        "day": [20000, 20001],
        "account_id": [11, 11],
        "member_id": [0, 0],
        "value": [5.0, 0.5],
        "observed_at": [1000, 1000],
    }


def test_it_changes_nothing_when_the_same_batch_comes_twice(database):
    batch = [row(float(day), day=20000 + day) for day in range(50)]
    write(database, batch, 1000)
    before, counted = dump(database), version(database)
    assert write(database, batch, 2000) == facts.Written(0, 0, 50)
    assert dump(database) == before
    assert version(database) == counted


def test_it_shows_a_restated_value_and_still_answers_the_old_one(database):
    write(database, [row(5.0), row(1.0, day=20001)], 1000)
    assert write(database, [row(8.0), row(1.0, day=20001)], 2000) == facts.Written(0, 1, 1)
    write(database, [row(9.0)], 3000)

    def value(moment):
        return read(database, first_day=20000, last_day=20000, as_of_ms=moment)["value"].tolist()

    assert value(None) == [9.0]
    assert [value(moment) for moment in (999, 1000, 1999, 2000, 2999, 3000, 9999)] == [
        [], [5.0], [5.0], [8.0], [8.0], [9.0], [9.0],
    ]  # fmt: skip


def test_it_keeps_the_last_of_rows_with_the_same_key(database):
    assert write(database, [row(1.0), row(2.0), row(3.0)], 1000) == facts.Written(1, 0, 0)
    assert read(database)["value"].tolist() == [3.0]


def test_it_replaces_a_value_of_the_same_moment_without_a_revision(database):
    write(database, [row(1.0)], 1000)
    write(database, [row(2.0)], 1000)
    write(database, [row(3.0)], 2000)
    assert read(database, as_of_ms=1000)["value"].tolist() == [2.0]
    assert len(dump(database)[1]) == 1


def test_it_keeps_the_history_straight_when_a_clock_goes_back(database):
    write(database, [row(1.0)], 5000)
    write(database, [row(2.0)], 4000)
    assert read(database)["value"].tolist() == [2.0]
    assert read(database, as_of_ms=5000)["value"].tolist() == [1.0]


@pytest.mark.parametrize("value", [math.nan, math.inf, None], ids=["nan", "infinity", "nothing"])
def test_it_refuses_a_batch_with_a_value_that_is_no_number(database, value):
    with pytest.raises(SchemaDrift, match="not a number"):
        write(database, [row(1.0), row(value, day=20001)], 1000)
    assert read(database).empty


def test_it_reads_only_what_is_asked(database):
    write(
        database,
        [row(1.0, account=11), row(2.0, account=12), row(3.0, dimension=1, member=4), row(4.0, dimension=1, member=5)],
        1000,
    )
    assert read(database, account_ids=[12])["value"].tolist() == [2.0]
    assert read(database, account_ids=[])["value"].tolist() == []
    assert read(database, dimension_id=1, member_ids=[5])["value"].tolist() == [4.0]
    assert read(database, metric_ids=[])["value"].tolist() == []
    with database.read() as connection:
        options = {"metric_ids": [VIEWS], "grain": 1, "dimension_id": 0, "first_day": 0, "last_day": 99999}
        assert facts.read(connection, WORKSPACE + 1, **options).empty


def test_it_tells_what_was_restated_since_a_moment(database):
    write(database, [row(1.0), row(1.0, day=20001), row(1.0, day=20002)], 1000)
    write(database, [row(2.0), row(5.0, day=20002)], 2000)
    write(database, [row(3.0), row(1.0, day=20002)], 3000)
    with database.read() as connection:
        told = facts.changed_since(connection, WORKSPACE, 1500)
        assert told[["day", "was", "now", "changed_at"]].values.tolist() == [[20000, 1.0, 3.0, 3000]]
        told = facts.changed_since(connection, WORKSPACE, 2500).sort_values("day")
        assert told[["day", "was", "now"]].values.tolist() == [[20000, 2.0, 3.0], [20002, 5.0, 1.0]]
        assert facts.changed_since(connection, WORKSPACE, 3000).empty


def test_it_takes_a_batch_back_exactly(database):
    write(database, [row(1.0), row(7.0, day=20001)], 1000)
    before = dump(database)
    write(database, [row(2.0), row(3.0, day=20002)], 2000)
    with database.write() as connection:
        assert facts.restore(connection, WORKSPACE, 11, [VIEWS], 2000) == 2
    assert dump(database) == before


def test_it_leaves_alone_what_was_observed_anew_since_the_batch(database):
    write(database, [row(1.0)], 1000)
    write(database, [row(2.0)], 2000)
    write(database, [row(3.0)], 3000)
    with database.write() as connection:
        assert facts.restore(connection, WORKSPACE, 11, [VIEWS], 2000) == 0
    assert read(database)["value"].tolist() == [3.0]
    assert read(database, as_of_ms=1500)["value"].tolist() == [1.0]


def test_it_forgets_an_account_and_no_other(database):
    write(database, [row(1.0, account=11), row(1.0, account=12)], 1000)
    write(database, [row(2.0, account=11), row(2.0, account=12)], 2000)
    with database.write() as connection:
        assert facts.forget_account(connection, WORKSPACE, 11) == 1
    current, revisions = dump(database)
    assert {fact.account_id for fact in current} == {fact.account_id for fact in revisions} == {12}


def test_it_answers_a_question_from_the_index_alone(database, monkeypatch):
    write(database, [row(1.0, day=20000 + day) for day in range(100)], 1000)
    asked = []
    monkeypatch.setattr(sql, "frame", lambda connection, query, columns: asked.append(query))
    read(database, first_day=20010, last_day=20020, account_ids=[11])
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}").all()
            assert (
                "SEARCH fact USING PRIMARY KEY (workspace_id=? AND metric_id=? AND grain=? AND dimension_id=?"
                in str(plan)
            )
            return
        connection.exec_driver_sql("SET enable_seqscan = off; SET enable_bitmapscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {asked[0]}").all()
        assert "Index Only Scan using fact_pkey" in str(plan)


BATCHES = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 1.0, 2.0])), max_size=6), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=BATCHES)
def test_it_answers_every_moment_as_it_was_answered_then(database, batches):
    """Whatever is written, the answer of a moment stays the answer of that moment."""
    with database.write() as connection:
        facts.forget_account(connection, WORKSPACE, 11)
    answers, state = [], {}
    for number, batch in enumerate(batches, start=1):
        state |= {20000 + day: value for day, value in batch}
        write(database, [row(value, day=20000 + day) for day, value in batch], number * 10)
        answers.append(dict(state))
    for number, answer in enumerate(answers, start=1):
        found = read(database, as_of_ms=number * 10)
        assert dict(zip(found["day"], found["value"], strict=True)) == answer
    found = read(database)
    assert dict(zip(found["day"], found["value"], strict=True)) == state
