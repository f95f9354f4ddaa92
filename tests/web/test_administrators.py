"""Administrators: one invites another, ends another's role; a lost one's is given again by two others."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select

from app.records.action_tables import Action
from app.records.cohorts.administrators import ASKED_FOR
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Staff
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.inviting import KEY, decision, join, type_code
from tests.web.pages import Page
from tests.web.readers import PASSPHRASE, Reader, ReaderOf, kit_of
from tests.web.staff import House, house_of, member
from tests.web.test_people import codes_on, make, verbs

LIST = "admin/administrators/"


@pytest.fixture
def house(app: Flask) -> House:
    """With three administrators: "admin", "second" and "third"."""
    house = house_of(app)
    for who in ("second", "third"):
        house.people[who] = Reader(app)
        house.people[who].keep(f"clave {who}")
        house.places[who] = member(app, house[who], None, Role.ADMIN, f"Folio {who}")
    return house


def press(house: House, who: str, step: str, whom: str) -> Page:
    path = f"{LIST}{house.places[whom].hex()}/{step}/"
    return house[who].post(path, {"csrf_token": house[who].token()})


def offered(house: House, who: str, whom: str) -> set[str]:
    """The steps that a page offers to somebody about somebody."""
    marked = f"/{house.places[whom].hex()}/"
    return {form.action.partition(marked)[2] for form in house[who].get(LIST).forms if marked in form.action}


def test_one_administrator_invites_another(house: House, reader_of: ReaderOf) -> None:
    admin, other = house["admin"], reader_of()
    page = admin.send(admin.get(LIST).form("days"))
    (code,) = codes_on(page)

    join(other, code, label="Ana")

    assert "Ana" in other.get(LIST).text
    assert code not in admin.get(LIST).html
    assert verbs(house.app) == ["admin-invited"]


def test_an_administrator_s_invitation_can_be_taken_back(house: House, reader_of: ReaderOf) -> None:
    admin = house["admin"]
    (code,) = codes_on(admin.send(admin.get(LIST).form("days")))
    (form,) = [form for form in admin.get(LIST).forms if "revoke" in form.action]

    admin.send(form)

    assert type_code(reader_of(), code).status == 422


def test_ending_another_s_role_closes_the_administration_to_them(house: House) -> None:
    assert press(house, "admin", "end", "second").status == 303

    assert house["second"].get("admin/").status == 404
    assert house["second"].is_kept()
    assert "admin-ended" in verbs(house.app)


def test_nobody_ends_their_own_role(house: House) -> None:
    page = house["admin"].follow(press(house, "admin", "end", "admin"))

    assert said("That isn't possible any more: the list below shows how things stand.") in page.text
    assert house["admin"].get("admin/").status == 200
    assert verbs(house.app) == []


def test_giving_a_role_again_takes_two_others(house: House, reader_of: ReaderOf) -> None:
    assert offered(house, "admin", "third") == {"again/ask/", "end/"}
    assert press(house, "admin", "again/agree", "third").status == 303  # nobody asked
    press(house, "admin", "again/ask", "third")

    assert offered(house, "admin", "third") == {"again/withdraw/", "end/"}
    assert offered(house, "second", "third") == {"again/agree/", "again/withdraw/", "end/"}
    assert offered(house, "third", "third") == {"again/withdraw/"}
    for who in ("admin", "third"):
        assert press(house, who, "again/agree", "third").status == 303
    page = press(house, "second", "again/agree", "third")

    (code,) = codes_on(page)
    new = reader_of()
    before = type_code(new, code)
    assert said("This place was somebody's before") in before.text
    new.send(decision(before), **KEY)
    assert "Folio third" in new.get(LIST).text
    assert house["third"].get("admin/").status == 404
    assert verbs(house.app) == ["admin-again-asked", "admin-again-given"]
    with kit_of(house.app).database.asking() as asking:
        subjects = set(asking.scalars(select(Staff.subject)))
        actors = set(asking.scalars(select(Action.actor)))
    assert house.places["third"] in subjects
    assert actors == {house.places["admin"], house.places["second"]}
    assert offered(house, "admin", "third") == {"again/ask/", "end/"}


def test_whoever_s_role_it_is_can_stop_it_even_after_the_code_was_made(
    house: House, reader_of: ReaderOf
) -> None:
    press(house, "admin", "again/ask", "third")
    assert (
        said("If you did not lose your passphrase, withdraw it, and ask the others.")
        in house["third"].get(LIST).text
    )
    (code,) = codes_on(press(house, "second", "again/agree", "third"))

    press(house, "third", "again/withdraw", "third")

    assert type_code(reader_of(), code).status == 422
    assert house["third"].get("admin/").status == 200


def test_after_a_week_one_must_ask_again(house: House, clock: Clock) -> None:
    press(house, "admin", "again/ask", "third")
    clock.turn(seconds=ASKED_FOR)
    house["second"].sign_in("clave second")

    assert press(house, "second", "again/agree", "third").status == 303


def test_nothing_of_this_is_in_a_log_but_random_ids(
    house: House, reader_of: ReaderOf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    codes = codes_on(make(house["admin"], house, people="2"))
    join(reader_of(), codes[0], label="Folio secreto")
    join(reader_of(), codes[1], label="folio SECRETO", pseudonym="otra")
    press(house, "admin", "again/ask", "third")
    codes += codes_on(press(house, "second", "again/agree", "third"))
    with kit_of(house.app).database.asking() as asking:
        written = [str(row) for row in asking.execute(select(Action.verb, Action.details))]

    everything = caplog.text + "".join(written)
    for secret in (*codes, "olio", "ecret", "clave", PASSPHRASE):
        assert secret not in everything
