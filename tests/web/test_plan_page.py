"""The plan's page: what it says to do and why, what can be done with a step, and what can be taken back."""

import sqlite3
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from app.curriculum.model import ChecklistItem, Curriculum
from app.learning.answers import Answer, Choice
from app.records.notebook import Ref
from app.web.kept import ANSWER, PUT_OFF
from app.web.paper import is_offered
from tests.conftest import Clock
from tests.web.auditing import (
    PLAN,
    REPORTER,
    TREASURER,
    answered,
    answered_everything,
    do,
    sit,
    statements,
    tell,
    week,
)
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, ReaderOf, notebook_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
#: Bytes that a page with forms may have.
HEAVIEST = 60_000
TODAY = date(2026, 11, 25)


@pytest.fixture
def ana(reader: Reader) -> Reader:
    """Somebody who was threatened lately, and has nothing in place."""
    tell(reader, REPORTER)
    answered_everything(reader, Choice.NO)
    return reader


def first(page: Page) -> str:
    """The id of the step that comes first."""
    return page.form("item").value("item") if len(page.forms) == 1 else _steps(page)[0]


def _steps(page: Page) -> list[str]:
    return list(dict.fromkeys(form.value("item") for form in page.forms if "item" in form.names()))


def answer_to(reader: Reader, item: str) -> Answer:
    found = notebook_of(reader).load_many([Ref(ANSWER, item)], Answer).values
    return found[Ref(ANSWER, item)]


def item_of(curriculum: Curriculum, name: str) -> ChecklistItem:
    item = curriculum.module_of_item[name].item(name)
    assert item is not None
    return item


@BOTH
def test_whoever_has_answered_nothing_is_led_to_ten_minutes(reader_of: ReaderOf, language: str) -> None:
    page = reader_of(language).get(PLAN)

    assert (
        said(
            "Your plan follows from your answers, and there are none yet. Ten minutes are enough for a first one.",
            language,
        )
        in page.text
    )
    assert f"/{language}/audit/" in page.links
    assert page.forms == []


@BOTH
def test_it_has_three_things_for_this_week_each_with_reason_minutes_steps_and_lesson(
    reader_of: ReaderOf, curriculum: Curriculum, language: str
) -> None:
    reader = reader_of(language)
    tell(reader, REPORTER)
    sit(reader)

    page = reader.get(PLAN)

    assert len(week(page)) == 3
    assert page.one("h1").words == said("Three things for this week", language)
    for name in _steps(page)[:3]:
        item = item_of(curriculum, name)
        assert all(" ".join(step.root[language].split()) in page.text for step in item.how)
        module = curriculum.module_of_item[name]
        assert any(link.startswith(f"/{language}/modules/{module.id}/") for link in page.links)
    option = {
        "en": "I was threatened or pressed in the last six months",
        "es": "Me amenazaron o me presionaron",
    }
    assert option[language] in page.text
    assert said("This month", language) in page.text


def test_a_step_that_another_needs_says_so_and_stands_before_it(ana: Reader, curriculum: Curriculum) -> None:
    page = ana.get(PLAN)
    steps = _steps(page)

    assert said("It comes before what needs it: “%(statement)s”").partition("%")[0] in page.text
    for place, name in enumerate(steps):
        later = set(steps[place + 1 :])
        assert not later & set(item_of(curriculum, name).needs)


@BOTH
def test_done_answers_yes_brings_up_the_next_thing_and_can_be_taken_back(
    reader_of: ReaderOf, language: str
) -> None:
    reader = reader_of(language)
    tell(reader, TREASURER)
    answered_everything(reader, Choice.NO, on=date(2026, 11, 20))
    before = reader.get(PLAN)
    name = first(before)

    after = reader.follow(do(reader, "done", name))
    assert answer_to(reader, name) == Answer(Choice.YES, "", TODAY)
    assert week(after)[:2] == week(before)[1:]
    assert any(part.get("value") == "take-back" for form in after.forms for part in form.buttons)

    again = reader.follow(do(reader, "take-back"))
    assert answer_to(reader, name) == Answer(Choice.NO, "", date(2026, 11, 20))
    assert week(again) == week(before)
    assert said("Taken back: it stands as it was.", language) in again.flashes
    assert not any(part.get("value") == "take-back" for form in again.forms for part in form.buttons)


def test_not_for_me_leaves_it_out_and_can_be_taken_back(ana: Reader) -> None:
    before = week(ana.get(PLAN))
    name = first(ana.get(PLAN))

    assert before[0] not in week(ana.follow(do(ana, "not-for-me", name)))
    assert answer_to(ana, name).choice is Choice.NOT_MINE
    assert week(ana.follow(do(ana, "take-back"))) == before


def test_a_note_survives_done_and_taking_back(ana: Reader) -> None:
    name = first(ana.get(PLAN))
    notebook_of(ana).save({Ref(ANSWER, name): Answer(Choice.NO, "llamar a Zoraida", TODAY)})

    do(ana, "done", name)
    assert answer_to(ana, name).note == "llamar a Zoraida"
    do(ana, "take-back")

    assert answer_to(ana, name) == Answer(Choice.NO, "llamar a Zoraida", TODAY)


def test_what_is_sent_twice_is_done_once_and_still_taken_back_to_what_it_was(ana: Reader) -> None:
    name = first(ana.get(PLAN))
    do(ana, "done", name)
    do(ana, "done", name)

    do(ana, "take-back")

    assert answer_to(ana, name).choice is Choice.NO


@pytest.mark.parametrize(("button", "days"), [("week", 7), ("month", 30)])
def test_not_now_puts_it_off_and_it_comes_back_on_its_day(
    ana: Reader, clock: Clock, button: str, days: int
) -> None:
    before = ana.get(PLAN)
    name, statement = first(before), week(before)[0]

    after = ana.follow(do(ana, button, name))
    assert statement not in week(after)
    assert statement in after.text
    ana.keep()
    clock.turn(days=days - 1)
    ana.sign_in()
    assert statement not in week(ana.get(PLAN))
    clock.turn(days=1)
    ana.sign_in()
    assert statement in week(ana.get(PLAN))


def test_not_now_until_a_day_of_ones_own(ana: Reader) -> None:
    name = first(ana.get(PLAN))

    page = ana.follow(do(ana, "day", name, **{f"{name}-until": "2027-02-01"}))

    assert said("Until %(date)s.", date="1 de febrero de 2027") in page.text


@BOTH
@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-25", "This day has passed, or is today. Choose a later one."),
        ("2020-01-01", "This day has passed, or is today. Choose a later one."),
        ("2031-01-01", "That is more than a year away. Choose an earlier day."),
        ("", "Choose a day."),
        ("mañana", "This isn't a day. Write it as year, month and day: %(day)s."),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words_and_stays_as_it_was_typed(
    reader_of: ReaderOf, language: str, day: str, why: str
) -> None:
    reader = reader_of(language)
    reader.answer("dx-alerts", "no")

    page = do(reader, "day", "dx-alerts", **{"dx-alerts-until": day})

    assert page.status == 422
    reason = said(why, language, day="2026-11-25") if "%" in why else said(why, language)
    assert reason in page.text
    assert page.form("dx-alerts-until").value("dx-alerts-until") == day
    assert not notebook_of(reader).load_many([Ref(PUT_OFF)], object).values


def test_what_is_put_off_can_be_taken_up_again_or_taken_back(ana: Reader) -> None:
    before = week(ana.get(PLAN))
    name = first(ana.get(PLAN))

    do(ana, "week", name)
    assert week(ana.follow(do(ana, "take-up", name))) == before
    do(ana, "month", name)
    assert week(ana.follow(do(ana, "take-back"))) == before


def test_a_plan_with_nothing_missing_says_what_is_left_to_ask_or_when_the_next_look_is(
    reader: Reader,
) -> None:
    reader.answer("dx-alerts", "yes")
    page = reader.get(PLAN)
    assert page.one("h1").words == said("Nothing is missing")
    assert "131" in page.text

    while not sit(reader, "yes").response.request.path.endswith("/exposure/"):
        pass
    page = reader.get(PLAN)
    assert said("The next look is on %(date)s.", date="24 de mayo de 2027") in page.text


def test_when_all_is_put_off_it_says_when_the_next_comes_back(reader: Reader) -> None:
    reader.answer("dx-alerts", "no")

    page = reader.follow(do(reader, "week", "dx-alerts"))

    assert page.one("h1").words == said("Nothing for this week")
    assert (
        said(
            "All that is missing is put off. The next comes back on %(date)s.", date="2 de diciembre de 2026"
        )
        in page.text
    )


def test_three_people_have_three_plans(reader_of: ReaderOf) -> None:
    plans = []
    for told in (REPORTER, TREASURER, {}):
        reader = reader_of("es")
        tell(reader, told)
        sit(reader)
        plans.append(tuple(week(reader.get(PLAN))))

    assert len(set(plans)) == 3


def test_it_takes_as_many_queries_for_everything_as_for_one_answer(app: Flask, reader: Reader) -> None:
    reader.answer("dx-alerts", "no")
    one = statements(app, reader, PLAN)
    home = statements(app, reader, "")
    tell(reader, REPORTER)
    answered_everything(reader, Choice.NO)

    assert statements(app, reader, PLAN) == one == 2
    assert statements(app, reader, "") == home == 2


@BOTH
def test_the_longest_plan_stays_within_the_weight_of_a_page(reader_of: ReaderOf, language: str) -> None:
    reader = reader_of(language)
    tell(reader, {"threats": ["happening-now", "watched", "threatened-lately"], "trust": ["collusion"]})
    answered_everything(reader, Choice.UNSURE)
    do(reader, "done", first(reader.get(PLAN)))

    assert len(reader.get(PLAN).response.get_data()) < HEAVIEST


@pytest.mark.skipif(not is_offered(), reason="WeasyPrint or Pango isn't on this machine")
@BOTH
def test_as_a_file_it_is_one_tagged_page_with_this_week_and_without_the_reasons(
    reader_of: ReaderOf, curriculum: Curriculum, language: str
) -> None:
    reader = reader_of(language)
    tell(reader, REPORTER)
    sit(reader)

    file = reader.get(f"{PLAN}paper.pdf")

    pdf = PdfReader(BytesIO(file.response.get_data()))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert len(pdf.pages) == 1
    assert "/StructTreeRoot" in pdf.root_object
    assert all(statement in words for statement in week(reader.get(PLAN)))
    assert curriculum.intake is not None
    told = [
        option.text.root[language]
        for question in curriculum.intake.questions
        for option in question.options
        if option.id in REPORTER.get(question.id, [])
    ]
    assert told
    assert not [text for text in told if text in words]


@pytest.mark.parametrize("what", ["done", "day", "take-up", ""])
def test_a_step_that_there_is_not_is_no_step(ana: Reader, what: str) -> None:
    assert do(ana, what, "dx-nothing").status == 404


def test_a_button_that_there_is_not_does_nothing(ana: Reader) -> None:
    before = week(ana.get(PLAN))

    assert do(ana, "burn", first(ana.get(PLAN))).status == 303
    assert week(ana.get(PLAN)) == before


def test_there_may_be_nothing_to_take_back(ana: Reader) -> None:
    page = ana.follow(do(ana, "take-back"))

    assert said("There was nothing to take back.") in page.flashes


def test_home_and_the_checklist_lead_to_it(ana: Reader) -> None:
    home = ana.get("")

    assert week(ana.get(PLAN))[0] in home.text
    assert "/es/plan/" in home.links
    assert "/es/plan/" in ana.checklist().links


def test_what_is_damaged_is_told_and_the_rest_is_planned(reader: Reader, records_file: Path) -> None:
    reader.answer("dx-alerts", "no")
    with sqlite3.connect(records_file) as raw:
        raw.execute("UPDATE sealed_record SET body = zeroblob(length(body))")
    raw.close()
    answered(reader, {"dx-documents": Choice.NO})

    page = reader.get(PLAN)

    assert page.status == 200
    assert [part.get("role") for part in page.all("p") if part.get("class") == "flash error"] == ["alert"]
    assert len(week(page)) == 1
