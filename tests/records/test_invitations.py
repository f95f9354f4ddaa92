"""Ways in: who gets through with which code, on both databases, and what is left when somebody doesn't."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.records import throttle
from app.records.cohorts import groups
from app.records.cohorts import people as places
from app.records.cohorts.groups import LabelTaken, LabelUnusable
from app.records.cohorts.invitations import (
    InvitationSpent,
    MemberAlready,
    Offer,
    drop_old,
    invite,
    invite_first,
    look_slowly,
    revoke,
)
from app.records.cohorts.publishing import places_of, share
from app.records.cohorts.roles import Role, standing
from app.records.cohorts.tables import Invitation, Membership, Published
from app.records.crypto import random_id
from app.records.failures import PassphraseTaken, TooSoon
from app.records.keyring import Opened
from app.records.tables import Learner
from tests.records.conftest import HOST_SECRET, NOW, People
from tests.records.inviting import SOON, TODAY, Cohort
from tests.records.test_concurrency import together


@pytest.fixture
def cohort(people: People) -> Cohort:
    return Cohort(people)


def test_a_code_for_one_lets_one_in_and_is_gone(cohort: Cohort) -> None:
    code = cohort.code()
    vault = cohort.people.kept().vault

    place = cohort.join(code.lower().replace("-", " "), "  Folio   7 ", vault)

    assert cohort.labels() == ["Folio 7"]
    with cohort.database.asking() as asking:
        assert standing(asking, vault.learner_id).learns_in == {cohort.id}
        (mine,) = places_of(asking, vault.learner_id)
    assert (mine.membership_id, mine.joined_on, mine.shares_all) == (place, TODAY, False)
    assert cohort.count(Invitation) == 0
    with pytest.raises(InvitationSpent):
        cohort.look(code)


def test_no_code_is_in_the_database(cohort: Cohort) -> None:
    code = cohort.code()
    with cohort.database.asking() as asking:
        rows = asking.execute(select(Invitation)).all()

    assert code not in str(rows)
    assert code.replace("-", "") not in str(rows)


def test_a_code_for_three_lets_three_in(cohort: Cohort) -> None:
    code = cohort.code(uses=3)
    for number in range(3):
        cohort.join(code, f"Folio {number}", cohort.people.kept(f"nombre {number}").vault)

    with pytest.raises(InvitationSpent):
        cohort.join(code, "Folio 4", cohort.people.kept("nombre 4").vault)
    assert cohort.labels() == ["Folio 0", "Folio 1", "Folio 2"]


@pytest.mark.parametrize("uses", [1, 3])
def test_of_many_at_once_on_one_code_as_many_get_in_as_it_is_for(cohort: Cohort, uses: int) -> None:
    code = cohort.code(uses=uses)
    jobs = [
        lambda number=number: cohort.keep(f"nombre {number}", code, f"Folio {number}") for number in range(6)
    ]

    results = together(*jobs)

    assert sum(isinstance(result, Opened) for result in results) == uses
    assert sum(isinstance(result, InvitationSpent) for result in results) == 6 - uses
    assert len(cohort.labels()) == uses
    assert cohort.count(Learner) == uses  # who didn't get in kept nothing either


def test_of_two_at_once_with_one_label_one_gets_in(cohort: Cohort) -> None:
    code = cohort.code(uses=5)

    results = together(
        lambda: cohort.keep("uno", code, "Folio 7"), lambda: cohort.keep("dos", code, "FOLIO 7")
    )

    assert {type(result) for result in results} == {Opened, LabelTaken}
    assert cohort.count(Learner) == 1


def test_one_vault_pressed_twice_has_one_place(cohort: Cohort) -> None:
    code, vault = cohort.code(uses=5), cohort.people.kept().vault

    results = together(lambda: cohort.join(code, "Uno", vault), lambda: cohort.join(code, "Dos", vault))

    assert sum(isinstance(result, MemberAlready) for result in results) == 1
    assert len(cohort.labels()) == 1


@pytest.mark.parametrize("why", ["passphrase", "label", "unusable"])
def test_whoever_can_t_join_has_kept_nothing_and_the_code_is_still_good(cohort: Cohort, why: str) -> None:
    cohort.keep("Golondrina", cohort.code(), "Folio 1")
    code = cohort.code()
    name = "Golondrina" if why == "passphrase" else "otra"
    label = {"passphrase": "Folio 2", "label": "folio 1", "unusable": "\u200b"}[why]
    wanted = {"passphrase": PassphraseTaken, "label": LabelTaken, "unusable": LabelUnusable}[why]

    with pytest.raises(wanted):
        cohort.keep(name, code, label)

    assert cohort.count(Learner) == 1
    assert cohort.look(code).role is Role.LEARNER


def test_a_code_is_good_until_the_end_of_its_day_and_then_forgotten(cohort: Cohort) -> None:
    code = cohort.code(until=TODAY)

    assert cohort.look(code, TODAY).expires_on == TODAY
    with pytest.raises(InvitationSpent):
        cohort.look(code, TODAY + timedelta(days=1))
    with cohort.database.changing() as connection:
        drop_old(connection, TODAY)
    assert cohort.count(Invitation) == 1
    with cohort.database.changing() as connection:
        drop_old(connection, TODAY + timedelta(days=1))
    assert cohort.count(Invitation) == 0


def test_an_archived_cohort_lets_nobody_in_until_it_is_open_again(cohort: Cohort) -> None:
    code, vault = cohort.code(), cohort.people.kept().vault
    with cohort.database.changing() as connection:
        groups.archive(connection, cohort.id, TODAY)

    with pytest.raises(InvitationSpent):
        cohort.join(code, "Folio 1", vault)
    with cohort.database.changing() as connection:
        groups.archive(connection, cohort.id, None)
    cohort.join(code, "Folio 1", vault)


def test_taking_back_takes_what_was_made_together_and_no_other_cohort_s_nor_role_s(cohort: Cohort) -> None:
    batch, other = random_id(), Cohort(cohort.people)
    with cohort.database.changing() as connection:
        for role in (Role.LEARNER, Role.LEARNER, Role.TRAINER):
            invite(connection, role=role, cohort_id=cohort.id, today=TODAY, expires_on=SOON, batch=batch)
        assert revoke(connection, batch, other.id, Role.LEARNER, Role.TRAINER) == 0
        assert revoke(connection, batch, None, Role.LEARNER, Role.TRAINER) == 0
        assert revoke(connection, batch, cohort.id, Role.LEARNER) == 2
        assert revoke(connection, batch, cohort.id, Role.TRAINER) == 1


def test_wrong_codes_wait_after_many_and_right_ones_are_let_in_afterwards(cohort: Cohort) -> None:
    code = cohort.code()

    def tried(typed: str, now: int) -> Offer:
        return look_slowly(cohort.database, HOST_SECRET, typed, TODAY, now)

    for _ in range(throttle.FREE_CODES + 1):
        with pytest.raises(InvitationSpent):
            tried("AAAAA-AAAAA-AAAAA", NOW)
    with pytest.raises(TooSoon) as soon:
        tried(code, NOW)
    assert 0 < soon.value.seconds <= throttle.LONGEST_CODE_WAIT
    for number in range(1, 12):  # however many follow, the wait stays short
        with pytest.raises(InvitationSpent):
            tried("AAAAA-AAAAA-AAAAA", NOW + 10 * number)
    assert tried(code, NOW + 110 + throttle.LONGEST_CODE_WAIT).role is Role.LEARNER


def test_batches_say_how_many_they_let_in_and_not_what_is_spent(cohort: Cohort) -> None:
    cohort.code(until=TODAY - timedelta(days=1))
    one, many = cohort.code(), cohort.code(uses=30)
    cohort.join(many, "Folio 1", cohort.people.kept().vault)
    with cohort.database.asking() as asking:
        found = places.batches(asking, cohort.id, TODAY)
        assert places.batches(asking, None, TODAY) == []

    assert sorted((batch.codes, batch.uses, batch.places) for batch in found) == [(1, 1, 0), (1, 29, 0)]
    assert cohort.look(one)


def test_codes_that_a_start_said_are_void_once_somebody_administers(cohort: Cohort) -> None:
    with cohort.database.changing() as connection:
        first = invite_first(connection, TODAY, SOON)
        second = invite_first(connection, TODAY, SOON)
    with pytest.raises(InvitationSpent):
        cohort.look(first)
    other = cohort.code(Role.ADMIN)

    cohort.join(other, "Ana", cohort.people.kept().vault)

    with pytest.raises(InvitationSpent):
        cohort.look(second)


def test_deleting_a_vault_deletes_its_places_and_what_it_shared(cohort: Cohort) -> None:
    vault = cohort.people.kept().vault
    place = cohort.join(cohort.code(), "Folio 1", vault)
    with cohort.database.changing() as connection:
        share(connection, place, "doxxing", "quiz", TODAY)
        connection.execute(delete(Learner).where(Learner.id == vault.learner_id))

    assert (cohort.count(Membership), cohort.count(Published)) == (0, 0)


def test_no_code_and_no_label_is_in_a_log_or_a_failure(
    cohort: Cohort, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code, vault = cohort.code(), cohort.people.kept().vault
    cohort.join(code, "Folio secreto", vault)
    failures = []
    for again in (code, cohort.code()):
        with pytest.raises((InvitationSpent, LabelTaken)) as failure:
            cohort.join(again, "Folio secreto", cohort.people.kept(f"otra {again}").vault)
        failures.append(repr(failure.value) + str(failure.value.__cause__))

    assert "Folio" not in caplog.text + "".join(failures)
    assert code not in caplog.text + "".join(failures)
