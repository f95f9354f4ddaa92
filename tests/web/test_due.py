"""What a learner finds due: by when, done or not, shared or not; and the days for a calendar."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from app.curriculum.model import Curriculum, Module
from app.learning.progress import Completion, LessonsRead
from app.records.cohorts import groups
from app.records.cohorts.due import asked_of
from app.records.notebook import Ref
from app.web import places
from app.web.kept import COMPLETION, LESSONS
from app.web.learn.calendar import AllDay, calendar_file
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, kit_of, notebook_of
from tests.web.staff import House, assign, house_of
from tests.web.test_assignments import statements

DUE, CALENDAR = "due/", "due/calendar.ics"


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


@pytest.fixture
def ana(house: House) -> Reader:
    return house["learner"]


def complete(reader: Reader, module: str, day: date) -> None:
    """A module that was completed before anybody asked for it."""
    notebook_of(reader).save({Ref(COMPLETION, module): Completion(day)})


def read_all(reader: Reader, module: Module) -> None:
    days = {lesson.slug: date(2026, 11, 20) for lesson in module.lessons}
    notebook_of(reader).save({Ref(LESSONS, module.id): LessonsRead(days)})


def shared(house: House, who: str = "learner") -> dict[tuple[str, str], date]:
    """What the first cohort sees of somebody."""
    with kit_of(house.app).database.asking() as asking:
        found = asked_of(asking, notebook_of(house[who]).vault.learner_id)
    return {(each.module, part): day for each in found for part, day in each.shared.items()}


@contextmanager
def written(app: Flask) -> Iterator[list[str]]:
    """The statements that change something, while the block runs."""
    found: list[str] = []

    def listen(_c: object, _u: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(statement)

    engine = kit_of(app).database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def rows(reader: Reader, path: str = DUE) -> list[str]:
    page = reader.get(path)
    return [part.words for part in page.all("li") if part.inside[-1].get("class") == "rows"]


def test_what_is_asked_is_shown_by_when_with_a_link_to_where_it_is_done(
    house: House, ana: Reader, module: Module
) -> None:
    today = kit_of(house.app).today()
    assign(house, "doxxing", "quiz", today + timedelta(days=9))
    assign(house, "risk", "checklist", today)
    assign(house, "accounts", "scenario")
    assign(house, "kidnapping", "lessons", today + timedelta(days=90))
    assign(house, "extortion", groups.WHOLE, today + timedelta(days=99))

    page = ana.get(DUE)

    links = [link for link in page.links if "/modules/" in link and link != "/es/modules/"]
    assert links == [
        "/es/modules/risk/checklist/",
        "/es/modules/doxxing/quiz/",
        "/es/modules/kidnapping/#parts",
        "/es/modules/extortion/",
        "/es/modules/accounts/scenario/",
    ]
    first, second, *_, last = rows(ana)
    assert said("due today") in first
    assert said("due on %(date)s", date="4 de diciembre de 2026") in second
    assert said("no day set") in last
    for link in links:
        assert ana.get(link.partition("#")[0]).status == 200


def test_overdue_is_said_as_a_fact(house: House, ana: Reader, clock: Clock) -> None:
    assign(house, "risk", "quiz", kit_of(house.app).today() + timedelta(days=1))
    clock.turn(days=30)
    ana.sign_in("clave learner")

    (row,) = rows(ana)

    assert said("was due on %(date)s", date="26 de noviembre de 2026") in row
    assert said("not done yet") in row
    assert said("was due on %(date)s", date="26 de noviembre de 2026") in ana.get("").text


def share_now(reader: Reader) -> Page:
    """Press the button on the page of what is due."""
    (form,) = reader.get(DUE).forms
    return reader.follow(reader.send(form))


def test_what_was_done_before_it_was_asked_is_shared_by_a_button_and_only_that(
    house: House, ana: Reader, curriculum: Curriculum
) -> None:
    complete(ana, "risk", date(2026, 11, 2))
    complete(ana, "accounts", date(2026, 11, 3))
    read_all(ana, curriculum.modules_by_id["doxxing"])
    assign(house, "risk")
    assign(house, "doxxing", "lessons")
    assign(house, "extortion")

    page = ana.get(DUE)
    assert said("done, not shared yet") in page.text
    assert page.one("form").words.count(curriculum.modules_by_id["risk"].title.in_language("es")) == 1
    assert curriculum.modules_by_id["accounts"].title.in_language("es") not in page.text
    assert shared(house) == {}
    page = share_now(ana)

    assert page.flashes == [said("What you had done of it already is shared now.")]
    assert page.forms == []
    assert shared(house) == {
        ("risk", groups.WHOLE): date(2026, 11, 2),
        ("doxxing", "lessons"): date(2026, 11, 25),
    }
    left, *done = rows(ana)
    assert said("not done yet") in left
    assert any(said("shared as completed on %(date)s", date="2 de noviembre de 2026") in row for row in done)


def test_looking_writes_nothing_and_the_next_sign_in_shares_it(house: House, ana: Reader) -> None:
    complete(ana, "risk", date(2026, 11, 2))
    assign(house, "risk")
    with written(house.app) as before_signing_in:
        for path in ("", DUE, CALENDAR, "account/", "account/shared/", "progress/", "modules/"):
            ana.get(path)
    assert before_signing_in == []
    assert shared(house) == {}

    with written(house.app) as by_signing_in:
        ana.sign_in("clave learner")

    assert by_signing_in
    assert shared(house) == {("risk", groups.WHOLE): date(2026, 11, 2)}
    assert ana.get(DUE).forms == []


def test_what_was_kept_back_on_joining_is_not_shared_with_the_rest(house: House, ana: Reader) -> None:
    complete(ana, "risk", date(2026, 11, 2))
    complete(ana, "accounts", date(2026, 11, 3))
    vault = notebook_of(ana).vault
    with kit_of(house.app).database.changing() as connection, house.app.app_context():
        places.remember_place(connection, vault, house.places["learner"], [("risk", groups.WHOLE)])
    assign(house, "risk")
    assert ana.get(DUE).forms == []
    assign(house, "accounts")

    share_now(ana)

    (first, second) = rows(ana)
    assert shared(house) == {("accounts", groups.WHOLE): date(2026, 11, 3)}
    assert said("shared as completed on %(date)s", date="3 de noviembre de 2026") in first
    assert said("done, not shared") in second
    assert said("done, not shared yet") not in second


def test_what_is_shared_stays_said_where_ones_own_study_no_longer_has_it(house: House, ana: Reader) -> None:
    assign(house, "risk")
    complete(ana, "risk", date(2026, 11, 2))
    share_now(ana)
    notebook_of(ana).save({Ref(COMPLETION, "risk"): {"achieved_on": "broken"}})

    (row,) = rows(ana)

    assert said("shared as completed on %(date)s", date="2 de noviembre de 2026") in row
    assert said("not done yet") not in row


def test_nothing_of_another_cohort_or_of_somebody_without_one(house: House) -> None:
    assign(house, "risk", due_on=kit_of(house.app).today())

    for who in ("other learner", "trainer", "admin", "kept"):
        assert rows(house[who]) == []
        assert said("Nothing is asked of you at present.") in house[who].get(DUE).text
        assert said("What is due") not in house[who].get("").text
        assert house[who].get(CALENDAR).headers["Location"] == "/es/due/"
    assert "/es/due/" not in house["kept"].get("account/").links
    assert "/es/due/" in house["learner"].get("account/").links
    assert said("Nothing is asked of you at present.") in house["guest"].get(DUE).text
    assert house["guest"].get(CALENDAR).headers["Location"] == "/es/due/"
    assert house["nobody"].get(DUE).headers["Location"] == "/es/account/sign-in/?next=/es/due/"


def test_the_home_page_says_what_is_next_and_when_all_is_done(house: House, ana: Reader) -> None:
    today = kit_of(house.app).today()
    assign(house, "risk", due_on=today + timedelta(days=9))
    assign(house, "accounts", due_on=today + timedelta(days=2))
    text = ana.get("").text
    assert said("due on %(date)s", date="27 de noviembre de 2026") in text
    assert "(y 1 más)" in text

    complete(ana, "accounts", today)
    assert said("due on %(date)s", date="4 de diciembre de 2026") in ana.get("").text
    complete(ana, "risk", today)
    assert said("You have done everything that is asked of you.") in ana.get("").text
    assert said("You have done everything that is asked of you.") in ana.get(DUE).text


def test_pages_ask_as_much_for_many_as_for_one(house: House, ana: Reader, curriculum: Curriculum) -> None:
    assign(house, "risk")
    ones = [statements(house, ana, path) for path in (DUE, "")]
    for module in curriculum.modules:
        assign(house, module.id, "quiz")

    assert [statements(house, ana, path) for path in (DUE, "")] == ones
    before = statements(house, house["kept"], "")
    assert ones[1] == before + 1


def unfolded(file: bytes) -> list[str]:
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert b"\r" not in file.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    return file.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events(file: bytes) -> list[dict[str, str]]:
    """A calendar's events, by the names of their properties."""
    lines = unfolded(file)
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in {"BEGIN", "END"}:
            assert name not in found[-1]
            found[-1][name] = value
    return found


@pytest.mark.parametrize(("language", "title"), [("en", "Reading"), ("es", "Lectura")])
def test_the_calendar_has_each_day_once_and_says_nothing_of_what_for(
    language: str, title: str, house: House, ana: Reader, curriculum: Curriculum
) -> None:
    today = kit_of(house.app).today()
    assign(house, "risk", due_on=today + timedelta(days=9))
    assign(house, "kidnapping", "quiz", today + timedelta(days=9))
    assign(house, "accounts", due_on=today)
    assign(house, "extortion")
    assign(house, "doxxing", due_on=today + timedelta(days=40))
    complete(ana, "doxxing", today)
    ana.language = language

    answer = ana.get(CALENDAR)
    again = ana.get(CALENDAR)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    assert answer.headers["Cache-Control"] == "no-store"
    file = answer.response.data
    assert file == again.response.data
    found = events(file)
    assert [(each["DTSTART;VALUE=DATE"], each["DTEND;VALUE=DATE"], each["SUMMARY"]) for each in found] == [
        ("20261125", "20261126", title),
        ("20261204", "20261205", title),
    ]
    assert all(each["DTSTAMP"] == "20261125T000000Z" for each in found)
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", each["UID"]) for each in found)
    assert len({each["UID"] for each in found}) == 2
    words = file.decode().casefold()
    for name in (
        "resguardo",
        "localhost",
        "risk",
        "kidnapping",
        "quiz",
        "taller",
        "folio",
        house.cohort.hex(),
    ):
        assert name not in words
    for taught in curriculum.modules:
        assert taught.title.in_language(language).casefold() not in words


def test_the_calendars_of_two_people_have_no_mark_in_common(house: House, ana: Reader, app: Flask) -> None:
    from app.records.cohorts.roles import Role
    from tests.web.staff import member

    berta = Reader(app)
    berta.keep("Berta")
    member(app, berta, house.cohort, Role.LEARNER, "Folio 2")
    assign(house, "risk", due_on=kit_of(app).today())

    (mine,), (hers,) = events(ana.get(CALENDAR).response.data), events(berta.get(CALENDAR).response.data)

    assert mine["DTSTART;VALUE=DATE"] == hers["DTSTART;VALUE=DATE"]
    assert mine["UID"] != hers["UID"]


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=120)


@given(
    st.lists(st.builds(AllDay, st.dates(max_value=date(9998, 1, 1)), TEXTS, st.uuids().map(str)), max_size=4)
)
def test_a_calendar_is_read_back_as_it_was_written(days: list[AllDay]) -> None:
    found = events(calendar_file(days, date(2026, 11, 25)))

    assert [each["UID"] for each in found] == [each.uid for each in days]
    assert [unescaped(each["SUMMARY"]) for each in found] == [each.title for each in days]
    assert [each["DTSTART;VALUE=DATE"] for each in found] == [
        each.day.isoformat().replace("-", "") for each in days
    ]


def unescaped(text: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)
