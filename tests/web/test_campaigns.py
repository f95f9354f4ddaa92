"""Group insight as staff meet it: when a cohort may be asked, what is shown, and when."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.curriculum.model import Module
from app.records.actions import entries
from app.records.cohorts import groups
from app.records.cohorts.campaigns import SLOT_BYTES
from app.records.cohorts.invitations import place
from tests.conftest import Clock
from tests.web.campaign import LIST, asked, asked_house_of, learners, open_one, reply, result, slots
from tests.web.catalogue import said
from tests.web.readers import MODULE, Reader, kit_of
from tests.web.staff import House, house_of

BAND = {0: "0–20 %", 2: "40–60 %", 4: "80–100 %"}
in_both_languages = pytest.mark.parametrize("house", ["en", "es"], indirect=True)


@pytest.fixture
def house(request: pytest.FixtureRequest, app: Flask) -> House:
    return asked_house_of(app, getattr(request, "param", "es"))


def close(house: House, clock: Clock) -> None:
    clock.turn(days=15)
    sign_in(house)


def sign_in(house: House) -> None:
    """Staff, whose sessions ended long ago."""
    for who in ("trainer", "admin"):
        house[who].sign_in(f"clave {who}")


@in_both_languages
@pytest.mark.parametrize(("contributors", "shown"), [(4, False), (5, True), (7, True)])
def test_four_who_contribute_are_not_shown_and_five_are(
    house: House, clock: Clock, contributors: int, shown: bool
) -> None:
    open_one(house)
    for number, reader in enumerate(learners(house)):
        reply(reader, asked(house), "give" if number < contributors else "keep")

    close(house, clock)

    page = result(house)
    few = said("Fewer than %(num)s people contributed, so nothing is shown. The contributions are deleted.",
               house["trainer"].language, num=5)  # fmt: skip
    assert (few in page.text) is not shown
    assert len(page.all("progress")) == (1 if shown else 0)
    if shown:
        # Four of five are 80 %, and four of seven 57 %; the other statement concerns at most three.
        assert page.one("progress").inside[-1].words == BAND[4 if contributors == 5 else 2]
    assert slots(house.app) == set()


@in_both_languages
def test_while_it_is_open_staff_see_no_number(house: House) -> None:
    house["trainer"].follow(open_one(house))
    before = {who: result(house, who).text for who in ("trainer", "admin")}
    listed = house["trainer"].get(f"{house.base}insight/").text

    for reader in learners(house):
        reply(reader, asked(house))

    assert {who: result(house, who).text for who in ("trainer", "admin")} == before
    assert house["trainer"].get(f"{house.base}insight/").text == listed


def test_it_closes_when_its_last_day_has_passed_and_not_before(house: House, clock: Clock) -> None:
    open_one(house)
    for reader in learners(house):
        reply(reader, asked(house))

    clock.turn(days=14)
    sign_in(house)
    assert result(house).all("progress") == []
    assert len(slots(house.app)) == 16

    clock.turn(days=1)
    sign_in(house)
    assert len(result(house).all("progress")) == 1
    assert slots(house.app) == set()


def test_nobody_needs_to_look_for_it_to_be_closed(house: House, clock: Clock) -> None:
    open_one(house)

    clock.turn(days=15)
    Reader(house.app).answer()

    assert slots(house.app) == set()


def test_the_log_says_who_asked_about_what(house: House) -> None:
    open_one(house)

    with kit_of(house.app).database.asking() as asking:
        (entry,) = entries(asking, None, 5)
    assert (entry.verb, entry.details) == ("campaign-opened", MODULE)
    assert (entry.actor, entry.subject) == (house.places["trainer"], bytes.fromhex(asked(house)))


def test_the_same_module_is_not_asked_again_soon(house: House, clock: Clock) -> None:
    assert open_one(house).status == 303
    assert open_one(house).status == 422
    close(house, clock)
    assert open_one(house).status == 422
    assert open_one(house, module="accounts").status == 303
    clock.turn(days=89)
    house["trainer"].sign_in("clave trainer")
    assert open_one(house).status == 303


@pytest.mark.parametrize(("days", "status"), [(2, 422), (3, 303), (30, 303), (31, 422)])
def test_it_is_open_for_three_to_thirty_days(app: Flask, days: int, status: int) -> None:
    house = house_of(app)
    with kit_of(app).database.changing() as connection:
        for number in range(4):
            place(connection, house.cohort, f"Folio {number}")

    assert open_one(house, days=days).status == status


def test_a_group_of_four_and_an_archived_cohort_are_not_asked(app: Flask) -> None:
    house = house_of(app, "en")
    with kit_of(app).database.changing() as connection:
        for number in range(3):
            place(connection, house.cohort, f"Folio {number}")
    small = open_one(house)
    assert "Fewer than 5 learn in this cohort, so nothing could ever be shown." in small.text

    form = house["trainer"].get(f"{house.base}insight/").form("closes_on")
    with kit_of(app).database.changing() as connection:
        groups.archive(connection, house.cohort, kit_of(app).today())
    closes_on = (kit_of(app).today() + timedelta(days=7)).isoformat()
    assert house["trainer"].send(form, module=MODULE, closes_on=closes_on).status == 422


def test_every_checklist_answered_whole_fits_into_a_slot(app: Flask) -> None:
    def longest(module: Module) -> int:
        return len(json.dumps(["0" * 32, {item.id: "not-for-me" for item in module.checklist}]))

    assert max(map(longest, kit_of(app).curriculum.modules)) <= SLOT_BYTES


def test_the_number_of_statements_does_not_depend_on_how_many_are_asked_or_ask(house: House) -> None:
    pages = (
        ("trainer", lambda: f"{house.base}insight/"),
        ("learner", lambda: LIST),
        ("learner", lambda: f"{LIST}{asked(house)}/"),
    )
    open_one(house)
    before = [_statements(house, who, path) for who, path in pages]

    for module in ("accounts", "lures", "risk"):
        open_one(house, module=module)

    assert [_statements(house, who, path) for who, path in pages] == before


def _statements(house: House, who: str, path: Callable[[], str]) -> int:
    engine, found, address = kit_of(house.app).database.engine, [], path()

    def listen(_c: object, _u: object, statement: str, *_more: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    assert house[who].get(address).status == 200
    event.remove(engine, "before_cursor_execute", listen)
    return len(found)
