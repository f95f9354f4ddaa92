"""The list of cohorts: who is in each, a page at a time, without looking at everybody there is."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from app.records.cohorts import groups, overview
from app.records.cohorts.matrix import Presence
from app.records.cohorts.overview import CohortPage
from app.records.cohorts.roles import Role
from app.records.database import Database
from tests.records.cohort import Group
from tests.records.cohort_people import DAY, Made, cohort_of
from tests.records.conftest import People


def listed(database: Database, number: int = 1, only: list[bytes] | None = None) -> CohortPage:
    with database.reading() as session:
        return overview.overview(session.connection(), only, number)


def named(database: Database, *names: str) -> dict[str, bytes]:
    with database.changing() as connection:
        return {name: groups.create(connection, name, DAY) for name in names}


def test_it_counts_who_learns_who_is_expected_and_who_trains_and_nobody_who_left(people: People) -> None:
    database = people.database
    members = [Made("a"), Made("b"), Made("c", Presence.EXPECTED), Made("d", Presence.LEFT)]
    cohort = cohort_of(database, members)
    Group(people, cohort).join(people.kept().vault, "Quien enseña", Role.TRAINER)
    empty = named(database, "Vacía")["Vacía"]

    rows = {row.id: row for row in listed(database).rows}

    assert [(rows[each].learners, rows[each].expected, rows[each].trainers) for each in (cohort, empty)] == [
        (2, 1, 1),
        (0, 0, 0),
    ]


def test_a_large_cohort_is_counted_no_further_than_the_list_says(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "COUNTED_TO", 3)
    cohorts = [cohort_of(sqlite, [Made(f"m{number}") for number in range(size)]) for size in (3, 4, 9)]

    rows = {row.id: row.learners for row in listed(sqlite).rows}

    assert [rows[each] for each in cohorts] == [3, 4, 4]


def test_it_has_pages_by_name_and_what_is_archived_comes_last(database: Database) -> None:
    names = [f"Taller {number:02}" if number % 2 else f"taller {number:02}" for number in range(52)]
    ids = named(database, *reversed(names))
    with database.changing() as connection:
        groups.archive(connection, ids["taller 00"], DAY + timedelta(days=1))

    first, second, third = (listed(database, number) for number in (1, 2, 3))

    assert [row.name for row in first.rows] == names[1:51]
    assert [row.name for row in second.rows] == [names[51], names[0]]
    assert (first.pages, second.pages, third.rows) == (2, 2, [])
    assert [row.name for row in listed(database, 1, [ids["Taller 07"]]).rows] == ["Taller 07"]
    assert listed(database, 1, []).rows == []


def test_it_asks_two_things_and_looks_at_no_row_of_a_member(sqlite: Database) -> None:
    asked: list[tuple[str, object]] = []

    def listen(_c: object, _u: object, statement: str, parameters: object, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(sqlite.engine, "before_cursor_execute", listen)
    for size in (0, 1, 30):
        for number in range(3):
            cohort_of(sqlite, [Made(f"m{number} {each}") for each in range(size)])
        asked.clear()
        listed(sqlite)
        assert len(asked) == 2
    event.remove(sqlite.engine, "before_cursor_execute", listen)

    with sqlite.driver() as raw:
        steps = [
            row[3]
            for statement, given in asked
            for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    of_members = [step for step in steps if "membership" in step]
    assert len(of_members) == 3
    assert all("USING COVERING INDEX ix_membership_presence" in step for step in of_members)


@pytest.mark.postgresql
def test_the_index_is_there_on_postgresql_too(postgres: Database) -> None:
    with postgres.asking() as asking:
        names = asking.scalars(text("SELECT indexname FROM pg_indexes WHERE tablename = 'membership'")).all()

    assert "ix_membership_presence" in names
