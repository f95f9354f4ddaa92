"""What somebody tells of their situation: skipped or told, what follows from it, and that nobody else reads it."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Intake
from app.records.notebook import Ref
from app.web.kept import SITUATION as KIND
from app.web.words import LEVELS
from tests.web.auditing import PLAN, REPORTER, SITUATION, TREASURER, WEIGHTS, tell
from tests.web.catalogue import said
from tests.web.pages import Element, Page
from tests.web.readers import PSEUDONYM, Reader, ReaderOf, Rows, notebook_of, rows_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
DAMAGED = (
    "Part of what you told the kit can't be read: its record was changed or damaged in the file. "
    "The rest is complete. Answer again to replace it."
)


@pytest.fixture
def intake(curriculum: Curriculum) -> Intake:
    assert curriculum.intake is not None
    return curriculum.intake


def checked(page: Page) -> set[str]:
    return {part.get("value") for part in page.all("input") if "checked" in part.attributes} - {""}


def level_of(page: Page, threat: str, language: str) -> str:
    """What a page shows as a threat's weight."""
    select = next(part for part in page.all("select") if part.get("name") == f"about-{threat}")
    options = [part for part in page.all("option") if select in part.inside]
    chosen = next(part for part in options if "selected" in part.attributes)
    return chosen.words.removesuffix(said("%(level)s, from my answers", language, level=""))


def level(number: int, language: str) -> str:
    return said(LEVELS[number]._args[0], language)


@BOTH
def test_it_asks_eight_questions_at_most_and_says_why_it_asks_each(
    reader_of: ReaderOf, intake: Intake, language: str
) -> None:
    page = reader_of(language).get(SITUATION)

    asked = [part.words for part in page.all("legend")]
    assert asked == [question.text.root[language] for question in intake.questions]
    assert len(asked) <= 8
    for question in intake.questions:
        assert " ".join(question.why.root[language].split()) in page.text


def test_nothing_can_be_typed_so_no_name_and_no_address_is_ever_told(reader: Reader) -> None:
    page = reader.get(SITUATION)

    form = [part for part in page.all("input", "textarea", "select") if part.inside[-1].name != "head"]
    assert {part.get("type") for part in form} == {"hidden", "checkbox", "radio"}


def test_every_question_may_be_skipped(reader: Reader) -> None:
    page = reader.follow(tell(reader, {}))

    assert page.response.request.path == "/es/situation/weights/"
    assert said("You have told nothing of your situation, so everything weighs as for anybody.") in page.text


@BOTH
def test_what_was_told_is_there_again_and_raises_what_it_should(reader_of: ReaderOf, language: str) -> None:
    reader = reader_of(language)

    page = reader.follow(tell(reader, REPORTER))

    assert level_of(page, "intimidation", language) == level(4, language)
    assert level_of(page, "lures", language) == level(1, language)
    assert checked(reader.get(SITUATION)) == {"reporter", "crime", "threatened-lately", "alone"}


def test_each_weight_names_the_answers_that_raised_it(reader: Reader, intake: Intake) -> None:
    page = reader.follow(tell(reader, TREASURER))

    row = next(part for part in page.all("li") if any(_names(page, part, "about-extortion")))
    told = {option.text.root["es"] for question in intake.questions for option in question.options
            if option.id in {"treasurer", "children"}}  # fmt: skip
    assert all(text in row.words for text in told)


def _names(page: Page, part: Element, name: str) -> list[Element]:
    return [each for each in page.all("select") if part in each.inside and each.get("name") == name]


def test_the_reader_may_set_a_weight_and_put_back_what_follows(reader: Reader) -> None:
    tell(reader, REPORTER)
    form = reader.get(WEIGHTS).form("csrf_token")

    page = reader.follow(reader.send(form, WEIGHTS, **{"about-lures": "4", "about-intimidation": "1"}))
    assert level_of(page, "lures", "es") == level(4, "es")
    assert said("You set this yourself.") in page.text
    tell(reader, TREASURER)
    assert level_of(reader.get(WEIGHTS), "lures", "es") == level(4, "es")

    page = reader.follow(reader.send(form, WEIGHTS, follow="yes"))
    assert level_of(page, "lures", "es") == level(1, "es")
    assert said("You set this yourself.") not in page.text


@BOTH
def test_whoever_is_in_danger_is_sent_to_the_first_steps(reader_of: ReaderOf, language: str) -> None:
    reader = reader_of(language)

    answer = tell(reader, {"threats": ["happening-now"]})
    assert (answer.status, answer.headers["Location"]) == (303, f"/{language}/help/")
    page = reader.follow(answer)
    assert page.flashes
    assert reader.get("help/").flashes == []

    door = next(
        part
        for part in reader.get(PLAN).all("a")
        if part.get("class") == "now" and part.inside[-2].name == "aside"
    )
    assert door.get("href") == f"/{language}/help/"
    tell(reader, {"threats": ["nothing-yet"]})
    assert said("You said that it is happening now", language) not in reader.get(PLAN).text


def test_the_cookie_that_carries_the_message_does_not_say_what_was_told(reader: Reader) -> None:
    tell(reader, {"threats": ["happening-now"]})

    assert "danger" not in str(reader.cookie("fid"))
    assert "happening" not in str(reader.cookie("fid"))


def test_saving_and_switching_the_language_loses_nothing(reader: Reader) -> None:
    page = reader.follow(tell(reader, TREASURER, switch="en"))

    assert page.response.request.path == "/en/situation/"
    assert checked(page) == {"treasurer", "money", "children"}


def test_an_answer_that_is_not_offered_is_refused_and_the_rest_is_kept_on_the_page(reader: Reader) -> None:
    page = tell(reader, {"role": ["spy"], "home": ["children"]})

    assert page.status == 422
    assert "children" in checked(page)
    assert checked(reader.get(SITUATION)) == set()


def test_the_file_on_disk_says_nothing_of_it(
    app: Flask, reader: Reader, records_file: Path, intake: Intake
) -> None:
    tell(
        reader, {question.id: [option.id for option in question.options][:1] for question in intake.questions}
    )
    reader.send(reader.get(WEIGHTS).form("csrf_token"), WEIGHTS, **{"about-kidnapping": "4"})
    reader.keep()

    marks = {option.id for question in intake.questions for option in question.options if len(option.id) > 6}
    for file in (records_file, records_file.with_name(records_file.name + "-wal")):
        content = file.read_bytes()
        assert not [
            mark for mark in {*marks, "kidnapping", "situation", "levels"} if mark.encode() in content
        ]


def test_a_guests_situation_joins_what_is_kept(app: Flask, reader: Reader) -> None:
    tell(reader, {"role": ["editor"], "home": ["alone"]})
    reader.keep()
    guest = Reader(app)
    tell(guest, {"role": ["reporter"]})

    guest.sign_in(PSEUDONYM, visit="merge")

    assert checked(guest.get(SITUATION)) == {"reporter", "alone"}


def test_deleting_leaves_nothing_of_it(app: Flask, reader: Reader) -> None:
    tell(reader, REPORTER)
    reader.send(reader.get("account/delete/").form("csrf_token"), sure="y")

    assert rows_of(app) == Rows(0, 0, 0)
    assert checked(reader.get(SITUATION)) == set()


def test_what_cannot_be_read_is_told_and_told_again(reader: Reader, records_file: Path) -> None:
    tell(reader, REPORTER)
    notebook_of(reader)
    with sqlite3.connect(records_file) as raw:
        ((address, body),) = raw.execute("SELECT address, body FROM sealed_record").fetchall()
        raw.execute(
            "UPDATE sealed_record SET body = ? WHERE address = ?",
            (body[:40] + bytes([body[40] ^ 1]) + body[41:], address),
        )
    raw.close()

    page = reader.get(SITUATION)
    assert page.status == 200
    assert said(DAMAGED) in page.text
    assert reader.get(PLAN).status == 200

    tell(reader, TREASURER)
    assert said(DAMAGED) not in reader.get(SITUATION).text


def test_it_is_one_record_whatever_is_told(app: Flask, reader: Reader) -> None:
    tell(reader, REPORTER)
    tell(reader, TREASURER)

    assert rows_of(app).records == 1
    assert notebook_of(reader).load_many([Ref(KIND)], object).values
