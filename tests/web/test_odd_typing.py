"""What no browser's field would send, in forms of the administration: said to be wrong, never an error of ours."""

import pytest
from flask import Flask

from tests.web.pages import Page
from tests.web.readers import MODULE
from tests.web.staff import House, house_of


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


def post(house: House, path: str, **typed: str) -> Page:
    return house["admin"].post(path, {"csrf_token": house["admin"].token(), **typed})


@pytest.mark.parametrize("typed", ["no day", "2026-13-45", "\0", "9" * 500])
def test_a_last_day_that_is_no_day_is_said_to_be_none(typed: str, house: House) -> None:
    page = post(house, f"{house.base}insight/", module=MODULE, closes_on=typed)

    assert page.status == 422
    assert "#closes_on" in page.html


@pytest.mark.parametrize("name", [" ", "\0", "\u202e", "\u3164"], ids=ascii)
def test_a_cohort_has_a_name_that_can_be_seen(name: str, house: House) -> None:
    assert post(house, "admin/", name=name, keep_days="30").status == 422


def test_nothing_in_a_cohort_s_name_turns_round_what_follows_it(house: House) -> None:
    assert post(house, "admin/", name="Taller\u202e de\0 abril", keep_days="30").status == 303

    assert "Taller de abril" in house["admin"].get("admin/").text


def test_a_module_that_can_t_be_one_is_not_certified(house: House) -> None:
    place = house.places["learner"].hex()

    assert post(house, f"{house.base}certificates/issue/{place}/ri%00sk/").status == 404
