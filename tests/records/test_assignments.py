"""What a cohort is to take, and what of it its members find due."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from app.records.cohorts import groups
from app.records.cohorts.due import Asked, asked_of
from app.records.cohorts.groups import WHOLE, Assigned
from app.records.cohorts.roles import Role
from app.records.vault import Vault
from tests.records.cohort import TODAY, Group, group_of
from tests.records.conftest import People

SOON, LATER = TODAY + timedelta(days=3), TODAY + timedelta(days=30)


@pytest.fixture
def group(people: People) -> Group:
    return group_of(people)


@pytest.fixture
def ana(people: People) -> Vault:
    return people.kept("Ana").vault


def assigned(group: Group) -> list[Assigned]:
    with group.people.database.asking() as asking:
        return groups.assigned(asking, group.id)


def asked(group: Group, vault: Vault) -> list[Asked]:
    with group.people.database.asking() as asking:
        return asked_of(asking, vault.learner_id)


def names(found: list[Asked]) -> list[tuple[str, str, date | None]]:
    return [(each.module, each.part, each.due_on) for each in found]


def test_what_is_due_first_stands_first_and_what_has_no_day_last(group: Group):
    group.assign("risk")
    group.assign("accounts", "quiz", LATER)
    group.assign("doxxing", due_on=SOON)

    assert [(each.module, each.part, each.due_on) for each in assigned(group)] == [
        ("doxxing", WHOLE, SOON),
        ("accounts", "quiz", LATER),
        ("risk", WHOLE, None),
    ]


def test_assigned_again_only_the_day_by_which_changes(group: Group):
    group.assign("risk", due_on=SOON)
    group.assign("risk", due_on=LATER, on=TODAY + timedelta(days=1))

    assert assigned(group) == [Assigned("risk", WHOLE, TODAY, LATER)]


def test_taken_back_it_is_asked_no_more_and_what_was_shared_stays(group: Group, ana: Vault):
    group.join(ana, "Folio 1")
    group.assign("risk")
    group.complete(ana, "risk")

    with group.people.database.changing() as connection:
        groups.unassign(connection, group.id, "risk", WHOLE)

    assert asked(group, ana) == []
    group.assign("risk")
    assert asked(group, ana)[0].shared_on == TODAY


def test_a_member_finds_what_all_their_cohorts_ask_and_what_is_shared_with_each(
    group: Group, people: People, ana: Vault
):
    other = group_of(people, "Otra redacción")
    group.join(ana, "Folio 1")
    group.assign("risk", due_on=LATER)
    group.complete(ana, "risk")
    other.join(ana, "A-7")
    other.assign("risk", due_on=SOON)
    other.assign("accounts", "quiz")

    found = asked(group, ana)

    assert names(found) == [("risk", WHOLE, SOON), ("risk", WHOLE, LATER), ("accounts", "quiz", None)]
    assert [(each.cohort, each.shared_on) for each in found] == [
        ("Otra redacción", None),
        ("Taller de marzo", TODAY),
        ("Otra redacción", None),
    ]


def test_nothing_is_asked_of_trainers_leavers_strangers_or_by_archived_cohorts(
    group: Group, people: People, ana: Vault
):
    group.assign("risk")
    place = group.join(ana, "Folio 1")
    trainer, stranger = people.kept("Berta").vault, people.kept("Carmen").vault
    group.join(trainer, "Folio 2", Role.TRAINER)
    assert len(asked(group, ana)) == 1
    assert asked(group, trainer) == asked(group, stranger) == []

    with people.database.changing() as connection:
        groups.archive(connection, group.id, TODAY)
    assert asked(group, ana) == []
    with people.database.changing() as connection:
        groups.archive(connection, group.id, None)
        groups.leave(connection, place, TODAY)
    assert asked(group, ana) == []


def test_it_takes_one_statement_whatever_is_asked_and_shared(group: Group, ana: Vault):
    group.join(ana, "Folio 1")
    for number in range(12):
        group.assign(f"m{number}")
        group.complete(ana, f"m{number}")
    statements: list[str] = []
    engine = group.people.database.engine
    listener = lambda *about: statements.append(about[2])  # noqa: E731

    event.listen(engine, "before_cursor_execute", listener)
    found = asked(group, ana)
    event.remove(engine, "before_cursor_execute", listener)

    assert len(found) == 12
    assert len(statements) == 1
