"""Days that somebody made up in a copy of their own: they break no page, theirs or their administrators'."""

from datetime import date

import pytest
from flask import Flask

from app.learning.insight import Replied
from app.records.notebook import Entry, Ref
from tests.web.carrying import bring
from tests.web.readers import MODULE, PASSPHRASE, PSEUDONYM, kit_of
from tests.web.staff import House, assign, house_of
from tests.web.test_refused_copies import made

DAYS = ("0001-01-01", "1899-12-30", "9999-12-31")
THEIRS = ("due/", "progress/", "account/shared/", "account/campaigns/", "account/take/everything.html")
STAFF = ("", "summary/", "export.csv", "export.xlsx", "certificates/")


def brought(app: Flask, day: str) -> House:
    """A learner who brings a completion and a reply of this day, and shares what is asked for."""
    house = house_of(app)
    assign(house, MODULE)
    entries = [
        Entry(Ref("completion", MODULE), {"achieved_on": day}),
        Entry(Ref("reply", MODULE), {"on": day}),
    ]
    learner = house["learner"]
    assert bring(learner, made(app, entries), PSEUDONYM, PASSPHRASE).status == 303
    learner.sign_out()
    assert learner.sign_in("clave learner").status == 303
    return house


@pytest.mark.parametrize("day", DAYS)
def test_no_page_breaks(day: str, app: Flask) -> None:
    house = brought(app, day)

    assert {path: house["learner"].get(path).status for path in THEIRS} == dict.fromkeys(THEIRS, 200)
    pages = {path: house["admin"].get(house.base + path).status for path in STAFF}
    assert pages == dict.fromkeys(STAFF, 200)


def test_a_day_to_come_is_shared_as_the_day_it_is(app: Flask) -> None:
    house = brought(app, "9999-12-31")

    exported = house["admin"].get(f"{house.base}export.csv").response.get_data(as_text=True)

    assert "9999" not in exported
    assert f'"{kit_of(app).today()}"' in exported
    assert "9999" not in house["admin"].get(f"{house.base}summary/").html


@pytest.mark.parametrize("on", [date.min, date.max])
def test_a_reply_of_any_day_rests_or_doesn_t(on: date) -> None:
    assert Replied(on).rests(date(2026, 11, 25), 90) == (on == date.max)
