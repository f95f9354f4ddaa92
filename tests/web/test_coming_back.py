"""What is due, for whoever comes back: on the home page, on its own page, in a calendar, in what can be taken away."""

import json

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Module
from app.records.notebook import Ref
from app.web.kept import DRILLS as DRILLS_RECORD
from app.web.kept import REFRESHERS
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.coming_back import DRILLS, DUE, REFRESH, bank, comes_back, decides, misses_one
from tests.web.readers import Reader, ReaderOf, Rows, kit_of, notebook_of, rows_of
from tests.web.staff import House, assign, house_of
from tests.web.test_assignments import statements
from tests.web.test_due import events

CALENDAR = "due/calendar.ics"
BOTH = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


def has_something(reader: Reader, module: Module) -> None:
    """Miss a question, and have three drills: one from an answer, one for today, one put off."""
    misses_one(reader, module)
    reader.answer("dx-search-yourself", "yes")
    decides(reader, "dl-call-rule", "add")
    decides(reader, "dl-two-words", "add")
    decides(reader, "dl-two-words", "not-now", "2027-01-10")


@BOTH
def test_a_lone_learner_sees_what_is_due_and_when_the_rest_is(
    language: str, reader_of: ReaderOf, module: Module, clock: Clock
) -> None:
    reader = reader_of(language)
    has_something(reader, module)
    reader.keep()

    page = reader.get(DUE)
    rows = [part.words for part in page.all("li") if part.inside[-1].get("class") == "rows"]
    assert len(rows) == 1
    assert said("due today", language) in rows[0]
    assert said("Later", language) in [part.words for part in page.all("h2")]

    clock.turn(days=2)
    reader.sign_in()
    page = reader.get(DUE)
    rows = [part.words for part in page.all("li") if part.inside[-1].get("class") == "rows"]
    overdue = {"en": "was due on November 26, 2026", "es": "26 de noviembre de 2026"}[language]
    assert len(rows) == 2
    assert said("Some questions again", language) in rows[0]
    assert overdue in rows[0]
    home = reader.get("")
    assert {f"/{language}/{REFRESH}", f"/{language}/{DRILLS}dl-call-rule/"} <= set(home.links)
    assert f"/{language}/{DRILLS}dl-two-words/" not in home.links
    for address in ("", DUE, REFRESH, DRILLS, "progress/"):
        assert not any(digit in reader.get(address).title for digit in "0123456789"), "no title counts"


def test_the_home_page_names_two_drills_and_counts_the_rest(reader: Reader, curriculum: Curriculum) -> None:
    for drill in curriculum.drills[:4]:
        decides(reader, drill.id, "add")

    home = reader.get("")

    assert sum("/drills/dl-" in link for link in home.links) == 2
    assert "(y 2 más)" in home.text


def test_home_and_due_ask_the_database_as_often_as_before_whatever_comes_back(
    house: House, module: Module, curriculum: Curriculum
) -> None:
    kept = house["kept"]
    without = [statements(house, kept, path) for path in ("", DUE, DRILLS, REFRESH)]
    has_something(kept, module)
    for drill in curriculum.drills[5:]:
        decides(kept, drill.id, "not-for-me" if drill.id == "dl-search-yourself" else "add")

    assert [statements(house, kept, path) for path in ("", DUE, DRILLS, REFRESH)] == without
    # A session and one query for the records, no more.
    assert without == [2, 2, 2, 2]


def test_nobodys_home_page_says_nothing_of_it(reader: Reader) -> None:
    page = reader.get("")

    assert not [link for link in page.links if "/refresh/" in link or "/drills/" in link]
    assert "Set-Cookie" not in page.headers


def test_what_is_ones_own_is_neither_shared_nor_seen_by_staff(house: House, module: Module) -> None:
    ana = house["learner"]
    has_something(ana, module)
    assign(house, "risk", due_on=kit_of(house.app).today())

    page = ana.get(DUE)

    assert said("And for yourself; nobody sees any of this but you:") in page.text
    assert "/es/drills/dl-call-rule/" in page.links
    for who in ("admin", "trainer"):
        for path in (
            house.base,
            f"{house.base}matrix/",
            f"{house.base}people/{house.places['learner'].hex()}/",
        ):
            seen = house[who].get(path)
            assert "dl-" not in seen.html
            assert "refresh" not in seen.html


@pytest.mark.parametrize(
    ("language", "reading", "reminder"), [("en", "Reading", "Reminder"), ("es", "Lectura", "Recordatorio")]
)
def test_the_calendar_has_neutral_titles_for_all_of_it(
    language: str, reading: str, reminder: str, reader_of: ReaderOf, module: Module, curriculum: Curriculum
) -> None:
    reader = reader_of(language)
    has_something(reader, module)
    assert reader.get(CALENDAR).headers["Location"] == f"/{language}/due/", "a guest's days mean nothing"
    reader.keep()

    file = reader.get(CALENDAR).response.data

    found = events(file)
    assert [(each["DTSTART;VALUE=DATE"], each["SUMMARY"]) for each in found] == [
        ("20261126", reading),
        ("20261125", reminder),
        ("20270110", reminder),
        ("20270524", reminder),
    ]
    assert len({each["UID"] for each in found}) == 4
    assert file == reader.get(CALENDAR).response.data
    words = file.decode().casefold()
    for drill in curriculum.drills:
        assert drill.id not in words
        assert drill.title.in_language(language).casefold() not in words
    for name in ("resguardo", "drill", "refresh", "doxxing", "repaso"):
        assert name not in words


def test_a_day_with_both_has_two_marks(house: House, module: Module) -> None:
    ana = house["learner"]
    decides(ana, "dl-call-rule", "add")
    assign(house, "risk", due_on=kit_of(house.app).today())

    one, other = events(ana.get(CALENDAR).response.data)

    assert one["DTSTART;VALUE=DATE"] == other["DTSTART;VALUE=DATE"]
    assert {one["SUMMARY"], other["SUMMARY"]} == {"Lectura", "Recordatorio"}
    assert one["UID"] != other["UID"]


@BOTH
def test_everything_to_take_away_has_it_in_words(language: str, reader_of: ReaderOf, module: Module) -> None:
    reader = reader_of(language)
    question = misses_one(reader, module)
    decides(reader, "dl-call-rule", "add")
    decides(reader, "dl-call-rule", "done")
    decides(reader, "dl-two-words", "add")
    decides(reader, "dl-two-words", "not-for-me")

    text = reader.get("account/take/everything.html").text
    program = json.loads(reader.get("account/take/everything.json").html)

    prompt = " ".join(question.prompt.in_language(language).split())
    assert text.count(prompt) == 2  # in its quiz, and among what comes back
    for drill in ("dl-call-rule", "dl-two-words"):
        title = kit_of(reader.app).curriculum.drills_by_id[drill].title.in_language(language)
        assert title in text
    assert said("put away", language) in text
    assert question.id not in text
    (entry,) = program["questions"]
    assert (entry["reviewed_on"], entry["comes_back_on"]) == ("2026-11-25", "2026-11-26")
    assert [drill["done_on"] for drill in program["drills"]] == ["2026-11-25", None]
    assert program["other"] == []


def test_nothing_of_it_stands_in_the_clear_and_deleting_deletes_it(
    app: Flask, reader: Reader, module: Module, records_file: object
) -> None:
    has_something(reader, module)
    reader.keep()
    names = [
        REFRESHERS,
        DRILLS_RECORD,
        "dl-call-rule",
        "dl-two-words",
        *comes_back(reader).cards,
        "2027-01-10",
    ]
    file = kit_of(app).database.file
    assert file is not None
    for path in file.parent.glob(f"{file.name}*"):
        content = path.read_bytes()
        assert [name for name in names if name.encode() in content] == [], path.name

    reader.follow(reader.send(reader.get("account/delete/").form("csrf_token"), sure="y"))

    assert rows_of(app) == Rows(0, 0, 0)


def test_another_machine_takes_it_over_and_refuses_what_it_cant_be(reader: Reader, module: Module) -> None:
    from app.web.kept import is_sound

    has_something(reader, module)
    entries = {entry.ref: entry.value for entry in notebook_of(reader).everything()[0]}

    for ref in (Ref(REFRESHERS), Ref(DRILLS_RECORD)):
        assert is_sound(ref, entries[ref])
        assert not is_sound(ref, {"cards": 3, "decided": 3})
    card = {"stability": "NaN", "difficulty": 5, "reviewed_on": "2026-11-25", "due_on": "2026-11-26"}
    assert not is_sound(Ref(REFRESHERS), {"cards": {"x": card}})
    assert bank(reader).keys() >= comes_back(reader).cards.keys()
