"""A cohort that is asked how it stands, and what its people do about it, each in one line."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.records.cohorts.campaign_tables import Slot
from app.records.cohorts.campaigns import campaigns_of
from app.records.cohorts.roles import Role
from tests.web.pages import Page
from tests.web.readers import ITEM, MODULE, OTHER_ITEM, Reader, kit_of
from tests.web.staff import House, house_of, member

LIST = "account/campaigns/"


def learners(house: House) -> list[Reader]:
    return [house[f"learner {number}"] for number in range(1, 8)]


def open_one(house: House, who: str = "trainer", module: str = MODULE, days: int = 14) -> Page:
    closes_on = kit_of(house.app).today() + timedelta(days=days)
    form = house[who].get(f"{house.base}insight/").form("closes_on")
    return house[who].send(form, module=module, closes_on=closes_on.isoformat())


def asked(house: House) -> str:
    """The id of the latest campaign, as addresses have it."""
    with kit_of(house.app).database.asking() as asking:
        return campaigns_of(asking, house.cohort)[0].id.hex()


def reply(reader: Reader, campaign: str, word: str = "give") -> Page:
    form = next(f for f in reader.get(f"{LIST}{campaign}/").forms if f.action.endswith(f"{campaign}/"))
    return reader.send(form, reply=word)


def result(house: House, who: str = "trainer", campaign: str | None = None) -> Page:
    return house[who].get(f"{house.base}insight/{campaign or asked(house)}/")


def slots(app: Flask) -> set[bytes]:
    with kit_of(app).database.asking() as asking:
        return {row.address + row.body for row in asking.execute(select(Slot.address, Slot.body)).all()}


def asked_house_of(app: Flask, language: str) -> House:
    """The first cohort has seven learners who answered two statements: four say yes to the first of them."""
    house = house_of(app, language)
    house.people["learner 1"] = house["learner"]
    for number in range(2, 8):
        reader = house.people[f"learner {number}"] = Reader(app, language)
        reader.keep(f"clave {number}")
        house.places[f"learner {number}"] = member(app, reader, house.cohort, Role.LEARNER, f"Folio {number}")
    for number, reader in enumerate(learners(house)):
        reader.answer(ITEM, "yes" if number < 4 else "no", "mi nota")
        reader.answer(OTHER_ITEM, "not-for-me" if number < 4 else "yes")
    return house
