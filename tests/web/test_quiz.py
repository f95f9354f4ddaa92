"""A quiz over HTTP: passed and failed, every kind right and wrong, gone on with later and in the other language."""

import re

import pytest
from flask import Flask

from app.curriculum.model import Module, QuestionKind
from app.learning.quiz import CHOICE_KINDS, QuizRecord, Response, solution
from app.records.notebook import Ref
from app.web.kept import QUIZ as RECORD
from tests.web.catalogue import said
from tests.web.practice import (
    QUIZ,
    asks_all,
    begin,
    fields,
    question_on,
    reply,
    take_quiz,
    wrong,
)
from tests.web.readers import MODULE, Reader, ReaderOf, Rows, notebook_of, rows_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
KINDS = pytest.mark.parametrize("kind", list(QuestionKind), ids=lambda kind: kind.value)


def words(text: str) -> str:
    return " ".join(text.split())


@BOTH
def test_before_it_begins_a_quiz_says_how_long_it_is_and_records_nothing(
    language: str, app: Flask, reader_of: ReaderOf
) -> None:
    page = reader_of(language).get(QUIZ)

    assert "6" in page.text
    assert "5" in page.text
    assert rows_of(app) == Rows(0, 0, 0)


@BOTH
@pytest.mark.parametrize(("right", "passes"), [(6, True), (5, True), (4, False), (0, False)])
def test_five_of_six_pass(
    right: int, passes: bool, language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)

    page = take_quiz(reader, module, right)

    assert said("%(right)s of %(all)s as we would answer.", language, right=right, all=6) in page.text
    assert (said("Passed.", language) in page.text) is passes
    assert (said("To look at again", language) in page.text) is (right < 6)
    again = [link for link in page.links if re.fullmatch(rf"/{language}/{QUIZ}\d/", link)]
    assert again == [f"/{language}/{QUIZ}{place}/" for place in range(right + 1, 7)]
    lessons = [link for link in page.links if "/lessons/" in link]
    assert len(lessons) == 6 - right
    progress = reader.get("progress/").text
    assert (said("Quiz passed", language) in progress) is passes


@BOTH
@KINDS
@pytest.mark.parametrize("rightly", [True, False])
def test_every_option_of_every_kind_teaches_whatever_was_answered(
    rightly: bool, kind: QuestionKind, language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    page, question = asks_all(reader, module, kind)
    response = solution(question) if rightly else wrong(question)

    answered = reply(reader, page, question, response)

    assert answered.status == 200
    (verdict,) = [part.words for part in answered.all("h2")]
    assert verdict == said("Right." if rightly else "Not quite.", language)
    for option in question.options:
        assert words(option.feedback.in_language(language)) in answered.text
        assert words(option.feedback.in_language("es" if language == "en" else "en")) not in answered.text
    assert f"/{language}/modules/{MODULE}/lessons/{question.lesson}/" in answered.links
    assert not any("asked" in form.names() for form in answered.forms), "it can't be answered twice"
    marks = [part.words for part in answered.all("span") if part.get("class") == "mark"]
    if kind in CHOICE_KINDS:
        mine = [mark for mark in marks if said("your answer", language) in mark]
        assert len(mine) == len(response)
        fitting = [mark for mark in marks if mark.startswith(said("Fits", language))]
        assert len(fitting) == len(solution(question))
    elif not rightly:
        told = said("you put it in place %(place)s" if kind is QuestionKind.ORDERING else "you chose: %(match)s",
                    language, place="", match="")  # fmt: skip
        assert told.strip() in answered.text
    if question.myth:
        assert (words(question.myth.in_language(language)) in answered.text) is not rightly


@BOTH
@KINDS
def test_a_question_says_nothing_of_its_answer_before_it_is_answered(
    kind: QuestionKind, language: str, reader_of: ReaderOf, module: Module
) -> None:
    page, question = asks_all(reader_of(language), module, kind)

    assert question_on(page, module) == question
    assert not any(words(option.feedback.in_language(language)) in page.text for option in question.options)
    assert "checked" not in page.html
    assert "selected" not in page.html
    if question.post:
        assert words(question.post.in_language(language)) in page.text
    for option in question.options:
        assert words(option.text.in_language(language)) in page.text


@BOTH
@KINDS
def test_what_answers_nothing_is_refused_with_a_way_to_the_field_and_keeps_what_was_chosen(
    kind: QuestionKind, language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    page, question = asks_all(reader, module, kind)
    sent = fields(page, question, solution(question), language)
    lacking = next(name for name in sent if name == "chosen" or name.startswith("option-"))

    refused = reader.post(f"{QUIZ}1/", {name: value for name, value in sent.items() if name != lacking})

    assert refused.status == 422
    (summary,) = [part for part in refused.elements if part.get("class") == "error-summary"]
    assert summary.get("role") == "alert"
    targets = [part.get("href")[1:] for part in refused.all("a") if summary in part.inside]
    controls = {part.get("id") for part in refused.all("input", "select")}
    assert targets
    assert set(targets) <= controls
    if kind not in CHOICE_KINDS:
        assert targets == [lacking]
        chosen = [
            part for part in refused.all("option") if "selected" in part.attributes and part.get("value")
        ]
        assert len(chosen) == len(question.options) - 1
        (faulty,) = [part for part in refused.all("select") if part.get("aria-invalid")]
        assert faulty.get("aria-describedby") in {part.get("id") for part in refused.all("p")}
    assert question_on(refused, module) == question
    again = reply(reader, refused, question, solution(question))
    assert said("Right.", language) in again.text


@pytest.mark.parametrize(
    "sent",
    [
        {"chosen": "no-such-option"},
        {"chosen": ""},
        {"option-x": "1"},
        {"chosen": ["\x00", "’;--"]},
        {"chosen": ["a"] * 500},
    ],
)
def test_made_up_answers_change_nothing(
    sent: dict[str, str | list[str]], reader: Reader, module: Module
) -> None:
    for kind in QuestionKind:
        page, _question = asks_all(reader, module, kind)
        form = dict(page.form("asked").fields)

        assert reader.post(f"{QUIZ}1/", {**form, **sent}).status == 422
        assert reader.get(f"{QUIZ}1/").forms


def test_a_place_given_twice_is_named_at_both(reader: Reader, module: Module) -> None:
    page, question = asks_all(reader, module, QuestionKind.ORDERING)
    sent = fields(page, question, solution(question), "es")
    first, second = [name for name in sent if name.startswith("option-")][:2]

    refused = reader.post(f"{QUIZ}1/", {**sent, second: sent[first]})

    invalid = [part.get("name") for part in refused.all("select") if part.get("aria-invalid")]
    assert sorted(invalid) == sorted([first, second])


def test_an_answer_that_is_sent_twice_counts_once_and_stands(reader: Reader, module: Module) -> None:
    page = begin(reader)
    question = question_on(page, module)
    reply(reader, page, question, wrong(question))

    again = reply(reader, page, question, solution(question))

    assert said("Not quite.") in again.text


def test_the_response_that_is_kept_is_the_one_that_was_given(reader: Reader, module: Module) -> None:
    for kind in QuestionKind:
        page, question = asks_all(reader, module, kind)
        given: Response = wrong(question)

        reply(reader, page, question, given)

        record = notebook_of(reader).load(Ref(RECORD, MODULE), QuizRecord, QuizRecord())
        assert record.attempt is not None
        assert record.attempt.answers[question.id].response == given
        assert not record.attempt.answers[question.id].right
