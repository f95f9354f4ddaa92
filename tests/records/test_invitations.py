"""Ways in: who gets through with which code, on both databases, and what is left when somebody doesn't."""

import logging
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from app.records import actions, throttle
from app.records.cohorts import administrators, groups
from app.records.cohorts import people as places
from app.records.cohorts.administrators import NotForThem
from app.records.cohorts.groups import LabelTaken, LabelUnusable
from app.records.cohorts.invitations import (
    InvitationSpent,
    MemberAlready,
    Offer,
    drop_old,
    enrol,
    invite,
    invite_first,
    look,
    look_slowly,
    revoke,
)
from app.records.cohorts.publishing import places_of, publish, share
from app.records.cohorts.roles import Role, standing
from app.records.cohorts.tables import Invitation, Membership, Published
from app.records.crypto import random_id
from app.records.failures import PassphraseTaken, TooSoon
from app.records.keyring import NewPassphrase, Opened
from app.records.tables import Learner
from app.records.vault import Vault
from tests.records.conftest import HOST_SECRET, NOW, PASSPHRASE, People
from tests.records.test_concurrency import together

TODAY = date(2026, 11, 25)
SOON = TODAY + timedelta(days=14)


class Cohort:
    """One cohort of a database, and what is done with it, each in one line."""

    def __init__(self, people: People):
        self.people, self.database = people, people.database
        with self.database.changing() as connection:
            self.id = groups.create(connection, "Taller de marzo", TODAY)

    def code(self, role: Role = Role.LEARNER, uses: int | None = 1, until: date = SOON) -> str:
        with self.database.changing() as connection:
            where = None if role is Role.ADMIN else self.id
            return invite(connection, role=role, cohort_id=where, today=TODAY, expires_on=until, uses=uses)

    def join(self, code: str, label: str, vault: Vault, on: date = TODAY) -> bytes:
        with self.database.changing() as connection:
            return enrol(connection, vault, code, label, on, shares_all=False)

    def keep(self, name: str, code: str, label: str) -> Opened:
        """Keep nothing under a passphrase, and join with it: one transaction."""
        return self.people.keyring.keep_from_nothing(
            NewPassphrase(name, PASSPHRASE),
            NOW,
            lambda connection, vault: enrol(connection, vault, code, label, TODAY, shares_all=False),
        )

    def look(self, code: str, on: date = TODAY) -> Offer:
        with self.database.asking() as asking:
            return look(asking, code, on)

    def count(self, table: type) -> int:
        with self.database.asking() as asking:
            return asking.scalar(select(func.count()).select_from(table)) or 0

    def labels(self) -> list[str]:
        with self.database.asking() as asking:
            return [member.label for member in places.members(asking, self.id)[0]]


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


def test_a_list_brings_a_place_and_a_code_for_each_or_none_at_all(cohort: Cohort) -> None:
    with cohort.database.changing() as connection:
        batch, slips = places.place_list(connection, cohort.id, ["Ñandú", "Folio 2"], TODAY, SOON)

    assert [slip.label for slip in slips] == ["Ñandú", "Folio 2"]
    offer = cohort.look(slips[0].code)
    assert (offer.label, offer.again) == ("Ñandú", False)
    with cohort.database.asking() as asking:
        (made,) = places.batches(asking, cohort.id, TODAY)
        assert (made.id, made.codes, made.places, made.uses) == (batch, 2, 2, 2)
        assert places.taken(asking, cohort.id) == {"ñandú", "folio 2"}
    with pytest.raises(LabelTaken), cohort.database.changing() as connection:
        places.place_list(connection, cohort.id, ["Folio 3", "FOLIO 2"], TODAY, SOON)
    assert cohort.labels() == ["Folio 2", "Ñandú"]
    assert cohort.count(Invitation) == 2
    vault = cohort.people.kept().vault
    cohort.join(slips[0].code, "se ignora", vault)
    assert cohort.labels() == ["Folio 2", "Ñandú"]


def test_a_place_given_again_keeps_what_was_shared_and_leaves_the_old_vault_to_its_owner(
    cohort: Cohort,
) -> None:
    people, old = cohort.people, cohort.people.kept().vault
    place = cohort.join(cohort.code(), "Folio 1", old)
    people.write(old, "nota", "mía")
    with cohort.database.changing() as connection:
        share(connection, place, "doxxing", "quiz", TODAY)
        first = places.give_again(connection, cohort.id, place, TODAY, SOON)
        slip = places.give_again(connection, cohort.id, place, TODAY, SOON)

    with pytest.raises(InvitationSpent):
        cohort.look(first.code)
    assert replace(slip, code="") == places.Slip("", "Folio 1")
    assert cohort.look(slip.code).again
    later = TODAY + timedelta(days=3)
    new = people.kept("otro nombre").vault
    assert cohort.join(slip.code, "", new, later) == place

    with cohort.database.changing() as connection:
        assert standing(connection, old.learner_id).learns_in == frozenset()
        assert publish(connection, old.learner_id, {("doxxing", "quiz"): TODAY}) == 0
        (mine,) = places_of(connection, new.learner_id)
        assert (mine.joined_on, mine.reissued_on) == (TODAY, later)
        assert places.holders(connection, [place]) == {place: (new.learner_id, True)}
        assert connection.scalars(select(Published.part)).all() == ["quiz"]
    assert people.read(people.sign_in().vault, "nota") == "mía"


def test_ending_a_place_stops_sharing_and_voids_its_codes(cohort: Cohort) -> None:
    vault = cohort.people.kept().vault
    place = cohort.join(cohort.code(), "Folio 1", vault)
    done = {("doxxing", "quiz"): TODAY}
    with cohort.database.changing() as connection:
        groups.assign(connection, cohort.id, "doxxing", "quiz", TODAY, None)
        slip = places.give_again(connection, cohort.id, place, TODAY, SOON)
        assert places.end(connection, cohort.id, place, TODAY) is True
        assert publish(connection, vault.learner_id, done) == 0

    with pytest.raises(InvitationSpent):
        cohort.look(slip.code)


def test_a_place_that_nobody_took_is_taken_off_the_list_with_its_code(cohort: Cohort) -> None:
    with cohort.database.changing() as connection:
        _batch, (slip,) = places.place_list(connection, cohort.id, ["Folio 1"], TODAY, SOON)
    with cohort.database.changing() as connection:
        (member,), total = places.members(connection, cohort.id)
        assert (member.expected, member.invited_until, total) == (True, SOON, 1)
        assert places.end(connection, cohort.id, member.id, TODAY) is False

    assert (cohort.count(Membership), cohort.count(Invitation)) == (0, 0)
    with pytest.raises(InvitationSpent):
        cohort.look(slip.code)


def test_what_was_done_before_and_kept_back_is_not_shared_later_either(cohort: Cohort) -> None:
    vault = cohort.people.kept().vault
    place = cohort.join(cohort.code(), "Folio 1", vault)
    done = {("doxxing", "quiz"): TODAY, ("doxxing", "lessons"): TODAY}
    with cohort.database.changing() as connection:
        groups.assign(connection, cohort.id, "doxxing", groups.WHOLE, TODAY, None)
        assert publish(connection, vault.learner_id, done, {place: [("doxxing", "quiz")]}) == 1
        assert connection.scalars(select(Published.part)).all() == ["lessons"]


def test_places_are_found_by_what_they_are_called_and_whatever_is_typed(cohort: Cohort) -> None:
    with cohort.database.changing() as connection:
        places.place_list(connection, cohort.id, ["Folio 1", "Ñandú 50%", "folio_2"], TODAY, SOON)
    found = {}
    with cohort.database.asking() as asking:
        for words in ("FOLIO", "ñANDÚ", "%", "_", "", "nadie", "' OR 1=1"):
            rows, total = places.members(asking, cohort.id, words, count=2)
            found[words] = total
            assert len(rows) == min(total, 2)

    assert found == {"FOLIO": 2, "ñANDÚ": 1, "%": 1, "_": 1, "": 3, "nadie": 0, "' OR 1=1": 0}


def administrators_of(cohort: Cohort, *names: str) -> dict[str, bytes]:
    """Administrators, by the subjects by which the log knows them."""
    return {
        name: cohort.join(cohort.code(Role.ADMIN), name, cohort.people.kept(name).vault) for name in names
    }


def note(cohort: Cohort, verb: str, actor: bytes, subject: bytes) -> None:
    with cohort.database.changing() as connection:
        actions.note(connection, b"k" * 32, NOW, actor, verb, subject)


def agree(cohort: Cohort, actor: bytes, subject: bytes, now: int = NOW) -> str:
    with cohort.database.changing() as connection:
        return administrators.agree(connection, actor, subject, now, TODAY, SOON)


def test_an_administrator_s_role_is_given_again_by_two_others_alone(cohort: Cohort) -> None:
    who = administrators_of(cohort, "Ana", "Beto", "Carla")
    with pytest.raises(NotForThem):
        agree(cohort, who["Beto"], who["Carla"])  # nobody asked
    note(cohort, administrators.ASKED, who["Ana"], who["Carla"])

    for refused in ("Ana", "Carla"):
        with pytest.raises(NotForThem):
            agree(cohort, who[refused], who["Carla"])
    with pytest.raises(NotForThem):
        agree(cohort, random_id(), who["Carla"])
    with pytest.raises(NotForThem):
        agree(cohort, who["Beto"], who["Carla"], NOW + administrators.ASKED_FOR)
    code = agree(cohort, who["Beto"], who["Carla"])

    offer = cohort.look(code)
    assert (offer.label, offer.again, offer.role) == ("Carla", True, Role.ADMIN)
    new = cohort.people.kept("Carla de nuevo").vault
    assert cohort.join(code, "", new) == who["Carla"]
    with cohort.database.asking() as asking:
        assert standing(asking, new.learner_id).subject == who["Carla"]
        old = cohort.people.sign_in("Carla").vault
        assert not standing(asking, old.learner_id).is_admin


@pytest.mark.parametrize("how", ["withdrawn", "ended", "asker ended"])
def test_what_was_withdrawn_or_asked_by_nobody_who_is_there_is_not_agreed_to(
    cohort: Cohort, how: str
) -> None:
    who = administrators_of(cohort, "Ana", "Beto", "Carla")
    note(cohort, administrators.ASKED, who["Ana"], who["Carla"])
    if how == "withdrawn":
        note(cohort, administrators.WITHDRAWN, who["Carla"], who["Carla"])
    else:
        with cohort.database.changing() as connection:
            gone = who["Carla"] if how == "ended" else who["Ana"]
            administrators.end_role(connection, who["Beto"], gone)

    with pytest.raises(NotForThem):
        agree(cohort, who["Beto"], who["Carla"])


def test_of_two_who_end_each_other_s_role_at_once_one_is_left(cohort: Cohort) -> None:
    who = administrators_of(cohort, "Ana", "Beto")

    def end(actor: str, other: str) -> None:
        with cohort.database.changing() as connection:
            administrators.end_role(connection, who[actor], who[other])

    results = together(lambda: end("Ana", "Beto"), lambda: end("Beto", "Ana"))

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotForThem"]
    with cohort.database.asking() as asking:
        assert len(administrators.administrators(asking, NOW)) == 1
    with pytest.raises(NotForThem):
        end("Ana", "Ana")


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
