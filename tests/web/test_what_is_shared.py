"""What a learner's administrators see of them, as the learner sees it and decides about it."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.records.cohorts import groups
from app.records.cohorts.publishing import share
from app.records.cohorts.tables import Membership
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import kit_of
from tests.web.staff import House, house_of
from tests.web.test_matrix import screen, wanted


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app, "en")


@pytest.fixture
def base(house: House) -> str:
    return house.base


def facts(page: Page) -> list[str]:
    """What is disclosed: the facts and the table."""
    return [cell.words for cell in page.all("dt", "dd", "th", "td")]


def test_learners_see_exactly_what_staff_see(house: House, base: str) -> None:
    learner, day = house["learner"], kit_of(house.app).today()
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        for module, part in (("risk", "module"), ("risk", "lessons"), ("gone", "quiz")):
            share(connection, house.places["learner"], module, part, day)

    own = learner.get("account/shared/")

    assert facts(own) == facts(house["admin"].get(f"{base}members/{house.places['learner'].hex()}/"))
    assert "/en/account/shared/" in learner.get("account/").links
    assert "365" in own.text


def test_nobody_else_is_led_there(house: House) -> None:
    for who in ("kept", "admin", "trainer"):
        assert "/en/account/shared/" not in house[who].get("account/").links
        assert house[who].get("account/shared/").forms == []


def test_learners_choose_what_they_share_and_leave(house: House, base: str) -> None:
    learner, member = house["learner"], house.places["learner"].hex()

    choose, _ = learner.get("account/shared/").forms
    answer = learner.follow(learner.post(choose.action, {**dict(choose.fields), "share": "everything"}))
    assert (
        said("From now on you share everything that you complete with this cohort.", "en") in answer.flashes
    )
    assert "everything that is completed" in house["admin"].get(f"{base}members/{member}/").text
    choose, leave = answer.forms
    learner.post(choose.action, {**dict(choose.fields), "share": "assigned"})
    assert "only what is assigned" in house["admin"].get(f"{base}members/{member}/").text

    left = learner.follow(learner.send(leave))

    assert said("You left the cohort. Nothing more is shared with it.", "en") in left.flashes
    assert left.forms == []
    assert "/en/account/shared/" in learner.get("account/").links
    assert screen(wanted(house["admin"], base, who="left"))[0][0] == "Folio learner"
    assert screen(house["admin"].get(base)) == []


@pytest.mark.parametrize("path", ["", "leave/"])
def test_nobody_decides_for_somebody_else(path: str, house: House) -> None:
    address = f"account/shared/{house.places['learner'].hex()}/{path}"
    for who in ("other learner", "trainer", "admin", "kept"):
        sent = {"csrf_token": house[who].token("account/"), "share": "everything"}
        assert house[who].post(address, sent).status == 404

    with kit_of(house.app).database.asking() as asking:
        where = Membership.id == house.places["learner"]
        kept = asking.execute(select(Membership.shares_all, Membership.left_on).where(where)).one()
    assert tuple(kept) == (False, None)


def test_what_an_archived_cohort_keeps_and_until_when_is_said(house: House) -> None:
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        groups.archive(connection, house.cohort, kit.today())

    page = house["learner"].get("account/shared/")

    assert "until November 25, 2027" in page.text
    assert [form.action.rsplit("/", 2)[1] for form in page.forms] == ["leave"]
