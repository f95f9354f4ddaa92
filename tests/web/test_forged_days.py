"""Days that somebody made up: no copy brings them in, and where one stands it breaks no page of administrators."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.learning.insight import Replied
from app.learning.progress import Completion
from app.records.notebook import Entry, Ref
from app.web.kept import COMPLETION, EARLIEST, LATEST, REPLY
from tests.web.carrying import bring
from tests.web.readers import ITEM, MODULE, Reader, kit_of, notebook_of, rows_of
from tests.web.staff import House, assign, house_of
from tests.web.test_refused_copies import made

DAYS = ("0001-01-01", "1899-12-30", "9999-12-31")
THEIRS = ("due/", "progress/", "account/shared/", "account/campaigns/", "account/take/everything.html")
STAFF = ("", "summary/", "export.csv", "export.xlsx", "certificates/")


def records_of(day: str) -> list[tuple[str, str, Any]]:
    """A record of every kind that holds a day, wherever in it."""
    answer = {"choice": "yes", "note": "", "answered_on": day}
    card = {"stability": 1.0, "difficulty": 1.0, "reviewed_on": day, "due_on": day}
    return [
        ("answer", ITEM, answer),
        ("lessons", MODULE, {"read": {"first-hours": day}}),
        ("completion", MODULE, {"achieved_on": day}),
        ("quiz", MODULE, {"passed_on": day}),
        ("scenario", MODULE, {"finished_on": day}),
        ("situation", "", {"told_on": day}),
        ("sitting", "", {"begun_on": day}),
        ("review", "", {"done_on": day}),
        ("history", "", {"snapshots": [{"on": day, "threats": {}}]}),
        ("put-off", "", {"until": {ITEM: day}}),
        ("refreshers", "", {"cards": {"x": card}}),
        ("drills", "", {"decided": {"x": {"due_on": None, "decided_on": day}}}),
        ("lately", "", {"answer": answer}),
        ("reply", MODULE, {"on": day}),
    ]


def test_no_copy_brings_a_day_of_another_century(app: Flask) -> None:
    reader = Reader(app)
    reader.keep()
    for day in DAYS:
        for kind, name, value in records_of(day):
            refused = bring(reader, made(app, [Entry(Ref(kind, name), value)]))
            assert (kind, refused.status) == (kind, 422)
    before = rows_of(app)

    for day in (EARLIEST, LATEST):
        entries = [Entry(Ref(kind, name), value) for kind, name, value in records_of(day.isoformat())]
        assert bring(reader, made(app, entries)).status == 303

    assert rows_of(app).records == before.records + len(records_of(""))
    for path in ("", *THEIRS, "plan/", "audit/", "due/calendar.ics"):
        assert reader.get(path).status in {200, 303}, path


def brought(app: Flask, day: str) -> House:
    """A learner with a completion and a reply of this day, who shares what is asked for."""
    house = house_of(app)
    assign(house, MODULE)
    learner, on = house["learner"], date.fromisoformat(day)
    notebook_of(learner).save({Ref(COMPLETION, MODULE): Completion(on), Ref(REPLY, MODULE): Replied(on)})
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
