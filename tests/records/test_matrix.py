"""Who completed what: page, stream, figures and one member's rows agree with each other and with the tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from app.records.cohorts import disclosure, figures, groups, matrix
from app.records.cohorts.disclosure import NoSuchMember
from app.records.cohorts.invitations import enrol, invite
from app.records.cohorts.matrix import BY_NUMBER, PAGE, Cell, Line, Presence, State, Wanted
from app.records.cohorts.roles import Role
from app.records.database import Database
from tests.records.cohort_people import DAY, MEMBERS, MODULES, Made, cohort_of
from tests.records.conftest import People

EVERYBODY = Wanted(MODULES, frozenset(Presence))
on_generated = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def asked(database: Database, question: Callable[..., Any], *about: Any) -> Any:
    with database.reading() as session:
        return question(session.connection(), *about)


def streamed(connection: Connection, *about: Any) -> list[Line]:
    return list(matrix.stream(connection, *about))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)


@on_generated
@given(members=MEMBERS)
def test_every_line_says_what_its_member_published_and_nothing_else(members: list[Made], database: Database):
    cohort = cohort_of(database, members)

    lines = asked(database, matrix.page, cohort, EVERYBODY).lines

    assert {line.label: line.presence for line in lines} == {made.label: made.presence for made in members}
    by_label = {made.label: made for made in members}
    for line in lines:
        made = by_label[line.label]
        assert {m: line.state(m) for m in MODULES} == {m: made.state(m) for m in MODULES}
        assert {m: line.cells.get(m, Cell()).done_on for m in MODULES} == {
            m: made.done_on(m) for m in MODULES
        }
        assert set(line.cells) <= set(MODULES)
        assert line.complete == sum(made.state(m) == "complete" for m in MODULES)


@on_generated
@given(members=MEMBERS, order=st.sampled_from(["label", BY_NUMBER, *MODULES]))
def test_the_stream_is_the_page_and_one_member_is_their_line(
    members: list[Made], order: str, database: Database
):
    cohort = cohort_of(database, members)
    wanted = replace(EVERYBODY, order=order)

    lines = asked(database, matrix.page, cohort, wanted).lines

    assert asked(database, streamed, cohort, wanted) == lines
    for line in lines:
        one = asked(database, disclosure.one, line.id)
        theirs = {(row.module, row.part): row.achieved_on for row in one.rows}
        assert (one.label, one.presence, one.joined_on, one.left_on) == (
            line.label, line.presence, line.joined_on, line.left_on)  # fmt: skip
        begun = {module for module, _ in theirs} & set(MODULES)
        assert line.cells == {module: Cell(theirs.get((module, "module"))) for module in begun}


@on_generated
@given(members=MEMBERS)
def test_the_figures_are_the_matrix_counted(members: list[Made], database: Database):
    cohort = cohort_of(database, members)
    lines = asked(database, matrix.page, cohort, Wanted(MODULES)).lines

    summary = asked(database, figures.summary, cohort, MODULES)
    over_time = asked(database, figures.over_time, cohort, MODULES, 3)

    assert summary.learners == len(lines)
    assert summary.expected == sum(line.presence is Presence.EXPECTED for line in lines)
    for module in summary.modules:
        states = [line.state(module.module) for line in lines]
        assert (module.complete, module.begun, module.not_started) == tuple(
            states.count(state) for state in (State.COMPLETE, State.BEGUN, State.NOT_STARTED)
        )
    days = [cell.done_on for line in lines for cell in line.cells.values() if cell.done_on]
    assert over_time.before + sum(week.complete for week in over_time.weeks) == len(days)
    assert len(over_time.weeks) <= 3
    for week in over_time.weeks:
        assert week.begins.weekday() == 0
        assert week.complete == sum(week.begins <= day < week.begins + timedelta(days=7) for day in days)


@on_generated
@given(members=MEMBERS, state=st.sampled_from(list(State)), presence=st.sets(st.sampled_from(list(Presence))))
def test_filters_leave_whom_they_name(
    members: list[Made], state: State, presence: set[Presence], database: Database
):
    cohort = cohort_of(database, members)
    wanted = Wanted(MODULES, frozenset(presence), "risk", state)

    page = asked(database, matrix.page, cohort, wanted)

    left = {made.label for made in members if made.state("risk") == state and made.presence in presence}
    assert {line.label for line in page.lines} == left
    assert page.total == len(left)


@on_generated
@given(members=MEMBERS, words=st.sampled_from(["FOLIO1", "%", "_", "=hyper", "ñan", "'", "\\", "０012"]))
def test_a_search_takes_every_sign_for_itself(members: list[Made], words: str, database: Database):
    cohort = cohort_of(database, members)

    page = asked(database, matrix.page, cohort, replace(EVERYBODY, search=words))

    key = groups.label_key(words)
    assert {line.label for line in page.lines} == {
        made.label for made in members if key in groups.label_key(made.label)
    }


def test_the_orders(database: Database):
    early, late = DAY - timedelta(days=9), DAY
    cohort = cohort_of(
        database,
        [
            Made("d", shared={("risk", "module"): late, ("lures", "module"): late}),
            Made("c", shared={("risk", "module"): early}),
            Made("b", shared={("risk", "lessons"): early}),
            Made("a", shared={("no-longer-taught", "module"): early, ("x", "module"): early}),
        ],
    )

    def order(by: str) -> str:
        return "".join(
            line.label for line in asked(database, matrix.page, cohort, replace(EVERYBODY, order=by)).lines
        )

    assert order("label") == "abcd"
    assert order(BY_NUMBER) == "dcab"
    assert order("risk") == "cdba"


def test_pages_follow_each_other_and_one_beyond_the_end_is_the_last(database: Database):
    cohort = cohort_of(database, [Made(f"folio{number:03}") for number in range(PAGE + 7)])

    first, second, beyond = (asked(database, matrix.page, cohort, EVERYBODY, number) for number in (1, 2, 99))

    assert [line.label for line in first.lines + second.lines] == [f"folio{n:03}" for n in range(PAGE + 7)]
    assert (first.pages, first.total, second.number, len(second.lines)) == (2, PAGE + 7, 2, 7)
    assert beyond == second
    assert asked(database, matrix.page, cohort, EVERYBODY, 0) == first


@pytest.mark.parametrize("size", [3, 60])
def test_the_number_of_statements_never_depends_on_the_rows(size: int, database: Database):
    shared = {(module, part): DAY for module in MODULES for part in ("lessons", "module")}
    cohort = cohort_of(database, [Made(f"folio{number}", shared=shared) for number in range(size)])
    someone = asked(database, matrix.page, cohort, EVERYBODY).lines[0].id
    costs = {}
    with database.reading() as session:
        connection = session.connection()
        for name, question in {
            "page": lambda: matrix.page(connection, cohort, replace(EVERYBODY, order="risk", search="folio")),
            "stream": lambda: streamed(connection, cohort, EVERYBODY),
            "one": lambda: disclosure.one(connection, someone),
            "summary": lambda: figures.summary(connection, cohort, MODULES),
            "over time": lambda: figures.over_time(connection, cohort, MODULES),
        }.items():
            with statements(database) as said:
                question()
            costs[name] = len(said)

    assert costs == {"page": 2, "stream": 1, "one": 2, "summary": 2, "over time": 1}


def test_other_cohorts_and_trainers_are_in_none_of_it(people: People):
    database = people.database
    others = cohort_of(database, [Made("otra", shared={("risk", "module"): DAY})])
    cohort = cohort_of(database, [])
    trainer = people.kept().vault
    with database.changing() as connection:
        code = invite(connection, role=Role.TRAINER, cohort_id=cohort, today=DAY, expires_on=DAY)
        trainer_id = enrol(connection, trainer, code, "formadora", DAY, shares_all=False)

    assert asked(database, matrix.page, cohort, EVERYBODY).total == 0
    assert asked(database, figures.summary, cohort, MODULES).learners == 0
    assert asked(database, figures.over_time, cohort, MODULES).weeks == []
    assert asked(database, matrix.page, others, EVERYBODY).total == 1
    with pytest.raises(NoSuchMember):
        asked(database, disclosure.one, trainer_id)
    assert asked(database, disclosure.of_learner, trainer.learner_id) == []


def test_what_learners_see_is_what_staff_see_and_they_alone_decide(people: People):
    database, vault, stranger = people.database, people.kept().vault, people.kept("Otra").vault
    cohort = cohort_of(database, [])
    with database.changing() as connection:
        code = invite(connection, role=Role.LEARNER, cohort_id=cohort, today=DAY, expires_on=DAY)
        member = enrol(connection, vault, code, "Folio 1", DAY, shares_all=False)
        disclosure.choose(connection, vault.learner_id, member, shares_all=True)
    (own,) = asked(database, disclosure.of_learner, vault.learner_id)

    assert own == asked(database, disclosure.one, member)
    assert own.shares_all
    assert own.is_open
    for change in (
        lambda c: disclosure.choose(c, stranger.learner_id, member, shares_all=False),
        lambda c: disclosure.leave_as(c, stranger.learner_id, member, DAY),
    ):
        with pytest.raises(NoSuchMember), database.changing() as connection:
            change(connection)

    with database.changing() as connection:
        disclosure.leave_as(connection, vault.learner_id, member, DAY)
    (left,) = asked(database, disclosure.of_learner, vault.learner_id)
    assert (left.presence, left.left_on, left.is_open) == (Presence.LEFT, DAY, False)
    with pytest.raises(NoSuchMember), database.changing() as connection:
        disclosure.choose(connection, vault.learner_id, member, shares_all=False)


def test_a_completion_before_the_last_review_is_older_than_it():
    assert Cell(DAY).is_older_than(DAY + timedelta(days=1))
    assert not Cell(DAY).is_older_than(DAY)
    assert not Cell().is_older_than(DAY)
