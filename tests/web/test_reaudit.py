"""Looking again: when it is due, what is asked first and why, and that nothing is confirmed which nobody looked at."""

from datetime import date

import pytest

from app.curriculum.model import Curriculum
from app.learning.answers import Answer, Choice
from app.learning.audit import Review
from app.records.notebook import Ref
from app.web.kept import ANSWER, REVIEW
from tests.conftest import Clock
from tests.web.auditing import AUDIT, NEXT, answered, answered_everything, asked_on, begin, sit
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, ReaderOf, notebook_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
#: The statements were reviewed on 24 November 2026; this is the day after.
TODAY = date(2026, 11, 25)


@pytest.fixture
def looked(reader: Reader) -> Reader:
    """Somebody who keeps what they answered: everything, in one look that they finished today."""
    reader.answer("dx-alerts", "yes")
    reader.keep()
    answered_everything(reader, Choice.YES)
    form = next(form for form in reader.get(AUDIT).forms if "csrf_token" in form.names())
    reader.send(form, AUDIT, do="finish")
    return reader


def comes_back(reader: Reader, clock: Clock, days: int) -> Page:
    """Sign in again after some days: the home page."""
    clock.turn(days=days)
    reader.sign_in()
    return reader.get("")


def happened(reader: Reader, day: str, *threats: str) -> Page:
    form = reader.get(NEXT).form("day")
    return reader.post(
        f"{NEXT}happened/", {"csrf_token": form.value("csrf_token"), "day": day, "threats": list(threats)}
    )


def answer_to(reader: Reader, item: str) -> Answer:
    return notebook_of(reader).load_many([Ref(ANSWER, item)], Answer).values[Ref(ANSWER, item)]


def look_due(reader: Reader) -> date | None:
    found = notebook_of(reader).load_many([Ref(REVIEW)], Review)
    return found.values.get(Ref(REVIEW), Review()).due_on


def test_a_look_is_due_after_half_a_year_and_not_before(looked: Reader, clock: Clock) -> None:
    due = said("Check your exposure again")

    assert due not in comes_back(looked, clock, 179).text
    page = comes_back(looked, clock, 1)
    assert "/es/audit/" in [part.get("href") for part in page.all("a") if part.words == due]
    assert look_due(looked) == date(2027, 5, 24)


def test_before_the_first_look_is_finished_none_is_due(reader: Reader) -> None:
    reader.answer("dx-alerts", "yes")

    assert look_due(reader) is None


def test_the_reader_says_how_often(looked: Reader, clock: Clock) -> None:
    form = looked.get(NEXT).form("every")
    assert dict(form.fields)["every"] == "180"

    page = looked.follow(looked.send(form, NEXT, every="30"))

    assert dict(page.form("every").fields)["every"] == "30"
    assert said("Check your exposure again") in comes_back(looked, clock, 30).text
    assert looked.send(looked.get(NEXT).form("every"), NEXT, every="7").status == 422


@BOTH
def test_what_is_asked_again_says_why_and_what_was_answered(
    reader_of: ReaderOf, clock: Clock, language: str
) -> None:
    reader = reader_of(language)
    reader.answer("dx-alerts", "yes")
    reader.keep()
    answered_everything(reader, Choice.YES)
    answered(reader, {"lu-site-protocol": Choice.UNSURE})
    comes_back(reader, clock, 181)

    page = begin(reader)

    assert asked_on(page)[0] == "lu-site-protocol"
    day = {"en": "November 25, 2026", "es": "25 de noviembre de 2026"}[language]
    assert said("Asked again because you weren't sure.", language) in page.text
    assert said("On %(date)s you answered: not sure.", language, date=day) in page.text
    assert said("Asked again because your answer is old.", language) in page.text


def test_what_the_kit_says_otherwise_now_is_asked_again(reader: Reader) -> None:
    reader.answer("dx-alerts", "yes")
    answered_everything(reader, Choice.YES)
    answered(reader, {"dx-documents": Choice.YES}, on=date(2026, 6, 1))

    page = begin(reader)

    assert asked_on(page) == ["dx-documents"]
    assert said("Asked again because the kit says this differently now.") in page.text


def test_going_on_confirms_nothing_that_nobody_answered(reader: Reader) -> None:
    reader.answer("dx-alerts", "yes")
    answered_everything(reader, Choice.YES)
    answered(reader, {"dx-documents": Choice.YES}, on=date(2026, 6, 1))
    page = begin(reader)
    form = page.form("dx-documents-shown")
    assert "dx-documents-choice" not in form.names()

    reader.send(form, "audit/1/", on="yes")
    assert answer_to(reader, "dx-documents") == Answer(Choice.YES, "", date(2026, 6, 1))
    reader.send(form, "audit/1/", **{"dx-documents-note": "preguntar en la oficina"})
    assert answer_to(reader, "dx-documents") == Answer(
        Choice.YES, "preguntar en la oficina", date(2026, 6, 1)
    )

    form = reader.get("audit/1/").form("dx-documents-shown")
    reader.send(form, "audit/1/", **{"dx-documents-choice": "yes"})
    assert answer_to(reader, "dx-documents") == Answer(Choice.YES, "preguntar en la oficina", TODAY)


def test_after_something_happened_what_it_may_have_changed_is_asked_first(
    looked: Reader, clock: Clock, curriculum: Curriculum
) -> None:
    comes_back(looked, clock, 20)

    page = looked.follow(happened(looked, "2026-12-10", "account-takeover"))
    assert said("Noted. What may have changed is asked first now.") in page.flashes
    assert look_due(looked) == date(2026, 12, 10)
    page = begin(looked)

    items = {item.id: item for item in curriculum.items}
    assert all("account-takeover" in items[name].threats for name in asked_on(page))
    assert page.text.count(said("Asked again because of what happened.")) == len(asked_on(page))


def test_a_look_after_it_counts_from_then_on(looked: Reader, clock: Clock) -> None:
    comes_back(looked, clock, 20)
    happened(looked, "2026-12-10")
    while not sit(looked, "yes").response.request.path.endswith("/exposure/"):
        pass

    assert look_due(looked) == date(2027, 6, 13)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-26", "This day is still to come. Choose one that was."),
        ("2024-11-26", "That is more than a year ago. Choose a later day."),
        ("", "Choose a day."),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_what_was_chosen_stays(
    reader: Reader, day: str, why: str
) -> None:
    page = happened(reader, day, "doxxing")

    assert page.status == 422
    assert said(why) in page.text
    fields = page.form("day").fields
    assert ("day", day) in fields
    assert ("threats", "doxxing") in fields
    assert not notebook_of(reader).load_many([Ref(REVIEW)], Review).values if reader.cookie("sid") else True


def test_what_happened_is_never_asked_for_in_words(reader: Reader) -> None:
    form = reader.get(NEXT).all("input", "textarea")

    assert {part.get("type") for part in form} == {"hidden", "radio", "checkbox", "date"}


def test_a_damaged_record_of_it_is_told_and_makes_nothing_due(looked: Reader) -> None:
    notebook_of(looked).save({Ref(REVIEW): {"every": "never"}})

    assert look_due(looked) is None
    assert looked.get(AUDIT).status == 200
    assert looked.get("").status == 200
