"""As whom staff act: by what they are in that cohort and at that moment."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.records.action_tables import Action
from app.records.cohorts import administrators, people
from app.records.cohorts.roles import Role
from app.web.admin.acting import acting
from app.web.admin.guard import cohort_of, here
from tests.web.readers import kit_of
from tests.web.staff import House, house_of, member


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


def exported(house: House, who: str, cohort: bytes) -> bytes:
    """Somebody takes a cohort's completions away. Returns as whom the log names them."""
    assert house[who].get(f"admin/cohorts/{cohort.hex()}/export.csv").status == 200
    with kit_of(house.app).database.asking() as asking:
        return asking.scalars(select(Action.actor).order_by(Action.number)).all()[-1]


def test_a_trainer_of_two_cohorts_is_named_in_the_log_by_their_place_in_each(house: House) -> None:
    other = member(house.app, house["trainer"], house.other_cohort, Role.TRAINER, "Otro nombre")

    assert exported(house, "trainer", house.cohort) == house.places["trainer"]
    assert exported(house, "trainer", house.other_cohort) == other
    entries = [entry.words for entry in house["admin"].get("admin/actions/").all("li")]
    (named,) = [entry for entry in entries if "Otro nombre" in entry]
    assert "Otra redacción" in named
    assert "Taller de marzo" not in named


def test_an_administrator_is_one_wherever_they_act(house: House) -> None:
    member(house.app, house["admin"], house.cohort, Role.TRAINER, "También aquí")

    assert {exported(house, "admin", house.cohort), exported(house, "admin", house.other_cohort)} == {
        house.places["admin"]
    }


@pytest.mark.parametrize("who", ["trainer", "admin"])
def test_whose_role_was_ended_while_their_request_was_on_its_way_does_nothing_more(
    who: str, house: House
) -> None:
    database, today = kit_of(house.app).database, kit_of(house.app).today()
    member(house.app, house["kept"], None, Role.ADMIN, "Otra administración")
    cookie = f"sid={house[who].cookie('sid')}"

    near = {"REMOTE_ADDR": "127.0.0.1"}
    with house.app.test_request_context("/es/admin/", headers={"Cookie": cookie}, environ_base=near):
        assert cohort_of(house.cohort.hex())
        assert here().is_staff
        with database.changing() as connection:
            people.end(connection, house.cohort, house.places["trainer"], today)
            (other,) = {
                each.subject for each in administrators.administrators(connection, kit_of(house.app).now())
            } - {house.places["admin"]}
            administrators.end_role(connection, other, house.places["admin"])
        with pytest.raises(NotFound), acting() as act:
            act.note("cohort-archived", house.cohort)

    with database.asking() as asking:
        assert asking.scalars(select(Action.verb)).all() == []
