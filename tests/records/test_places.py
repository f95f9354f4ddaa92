"""Places in a cohort and in the administration: brought by a list, given again, ended; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.records import actions
from app.records.cohorts import administrators, groups
from app.records.cohorts import people as places
from app.records.cohorts.administrators import NotForThem
from app.records.cohorts.groups import LabelTaken
from app.records.cohorts.invitations import (
    InvitationSpent,
)
from app.records.cohorts.publishing import KeptBack, places_of, publish, share
from app.records.cohorts.roles import Role, standing
from app.records.cohorts.tables import Invitation, Membership, Published
from app.records.crypto import random_id
from tests.records.conftest import NOW, People
from tests.records.inviting import SOON, TODAY, Cohort
from tests.records.test_concurrency import together


@pytest.fixture
def cohort(people: People) -> Cohort:
    return Cohort(people)


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
        assert publish(connection, vault.learner_id, done, {place: KeptBack([("doxxing", "quiz")])}) == 1
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
