"""A quiz gone on with: later, in the other language, with other questions, after something changed meanwhile."""

import pytest

from app.curriculum.model import Curriculum, Module, QuestionKind
from app.learning.quiz import QuizRecord, options_in_order, solution
from app.records.notebook import Ref
from app.web.kept import QUIZ as RECORD
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.practice import (
    QUIZ,
    asks_all,
    bank_of,
    begin,
    fields,
    go_on,
    options_on,
    question_on,
    reply,
    take_quiz,
    teaching,
    wrong,
)
from tests.web.readers import MODULE, PASSPHRASE, Reader, ReaderOf, notebook_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
KINDS = pytest.mark.parametrize("kind", list(QuestionKind), ids=lambda kind: kind.value)


@BOTH
def test_somebody_goes_on_where_they_stopped_after_signing_in_again(
    language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    page = begin(reader)
    for _ in range(2):
        question = question_on(page, module)
        page = reply(reader, page, question, solution(question))
        page = go_on(reader, page)
    third, order = question_on(page, module), options_on(page)
    reader.keep()
    reader.sign_out()
    assert reader.get(f"{QUIZ}3/").status == 303, "nothing of it is open to whoever signs out"
    reader.sign_in()

    start = reader.get(QUIZ)
    page = begin(reader)

    assert said("You are at question %(number)s of %(all)s.", language, number=3, all=6) in start.text
    assert question_on(page, module) == third
    assert options_on(page) == order


@KINDS
def test_the_language_switched_in_the_middle_changes_the_words_and_nothing_else(
    kind: QuestionKind, reader: Reader, module: Module
) -> None:
    spanish, question = asks_all(reader, module, kind)
    reader.language = "en"
    english = reader.get(f"{QUIZ}1/")

    assert question_on(english, module) == question
    assert options_on(english) == options_on(spanish)
    names = [name.removeprefix("option-") for name in options_on(english)]
    assert names == list(options_in_order(question, "a seed"))
    assert [part.get("value") for part in english.all("option")] == [
        part.get("value") for part in spanish.all("option")
    ]
    # Filled in on the Spanish page, read in English.
    sent = fields(spanish, question, solution(question), "es")
    reader.language = "es"
    reader.post(f"{QUIZ}1/", sent)
    reader.language = "en"
    assert "Right." in reader.get(f"{QUIZ}1/").text


def test_a_second_attempt_asks_other_questions_and_a_third_begins_with_those_of_longest_ago(
    reader: Reader, module: Module
) -> None:
    asked: list[list[str]] = []
    for _ in range(4):
        take_quiz(reader, module, right=0)
        record = notebook_of(reader).load(Ref(RECORD, MODULE), QuizRecord, QuizRecord())
        assert record.attempt is not None
        asked.append(list(record.attempt.questions))

    bank = {question.id for question in bank_of(module).questions}
    for number, names in enumerate(asked):
        before = {name for earlier in asked[:number] for name in earlier}
        assert not before & set(names) or bank - before <= set(names)
    assert set(asked[0] + asked[1] + asked[2]) == bank
    assert set(asked[3]) == set(asked[0])


def test_pressing_begin_twice_begins_once(reader: Reader, module: Module) -> None:
    form = reader.get(QUIZ).forms[0]
    reader.send(form, QUIZ)
    first = notebook_of(reader).load(Ref(RECORD, MODULE), QuizRecord, QuizRecord())

    reader.send(reader.get(QUIZ).forms[0], QUIZ)

    assert notebook_of(reader).load(Ref(RECORD, MODULE), QuizRecord, QuizRecord()) == first


def test_a_page_of_an_earlier_attempt_answers_nothing_in_the_one_of_now(
    reader: Reader, module: Module
) -> None:
    old = begin(reader)
    question = question_on(old, module)
    take_quiz(reader, module)
    begin(reader)

    page = reader.post(f"{QUIZ}1/", fields(old, question, solution(question), "es"))

    landed = reader.follow(page)
    assert landed.flashes == [
        said("That page was from an earlier attempt, so it answered nothing. This is the question of now.")
    ]
    assert question_on(landed, module) != question


def test_places_may_be_answered_in_any_order_and_going_on_leads_to_the_first_that_is_open(
    reader: Reader, module: Module
) -> None:
    begin(reader)
    for place in (6, 2, 4):
        page = reader.get(f"{QUIZ}{place}/")
        question = question_on(page, module)
        page = reply(reader, page, question, solution(question))
        assert f"/es/{QUIZ}1/" in page.links

    assert said("You are at question %(number)s of %(all)s.", number=1, all=6) in reader.get(QUIZ).text


@pytest.mark.parametrize("place", ["0", "7", "99999999999999999999", "-1", "x", "1.5"])
def test_there_is_no_question_beside_the_six(place: str, reader: Reader) -> None:
    begin(reader)

    page = reader.get(f"{QUIZ}{place}/")

    assert page.status in {303, 404}
    assert reader.post(f"{QUIZ}{place}/", {"csrf_token": reader.token(QUIZ + "1/")}).status in {303, 404}


def test_an_attempt_that_lost_a_question_is_begun_anew(
    reader: Reader, curriculum: Curriculum, module: Module, make_kit: MakeKit
) -> None:
    page = begin(reader)
    lost = question_on(page, module)
    bank = bank_of(module)
    fewer = tuple(question for question in bank.questions if question != lost)
    changed = module.model_copy(update={"quiz": bank.model_copy(update={"questions": fewer})})
    later = Reader(make_kit(taught=teaching(curriculum, changed)))
    later.set_cookie("sid", str(reader.cookie("sid")))

    assert later.get(f"{QUIZ}1/").status == 303
    assert "passed" not in later.get(QUIZ).html
    assert question_on(begin(later), changed) != lost


def test_feedback_stands_where_an_option_was_added_since(
    reader: Reader, curriculum: Curriculum, module: Module, make_kit: MakeKit
) -> None:
    for kind in QuestionKind:
        page, question = asks_all(reader, module, kind)
        reply(reader, page, question, wrong(question))
        more = question.options[0].model_copy(update={"id": "one-more"})
        grown = question.model_copy(update={"options": (*question.options, more)})
        bank = bank_of(module)
        questions = tuple(grown if known == question else known for known in bank.questions)
        changed = module.model_copy(update={"quiz": bank.model_copy(update={"questions": questions})})
        later = Reader(make_kit(taught=teaching(curriculum, changed)))
        later.set_cookie("sid", str(reader.cookie("sid")))

        assert said("Not quite.") in later.get(f"{QUIZ}1/").text


def test_an_answer_sent_after_the_session_ended_is_held_and_saved_after_signing_in(
    reader: Reader, module: Module, clock: Clock
) -> None:
    begin(reader)
    reader.keep()
    page = reader.get(f"{QUIZ}1/")
    question = question_on(page, module)
    clock.turn(hours=2)

    held = reader.post(f"{QUIZ}1/", fields(page, question, solution(question), "es"))

    assert held.status == 409
    form = next(form for form in held.forms if form.action.endswith("/resume/"))
    signing_in = reader.send(form).form("passphrase")
    saving = reader.send(signing_in, pseudonym="Golondrina", passphrase=PASSPHRASE)
    kept = reader.follow(
        reader.send(next(form for form in saving.forms if form.action.endswith(f"{QUIZ}1/")))
    )
    assert said("Right.") in kept.text


def test_the_record_of_a_quiz_that_can_t_be_read_is_replaced_and_that_is_said(reader: Reader) -> None:
    begin(reader)
    notebook_of(reader).save({Ref(RECORD, MODULE): "no quiz at all"})

    page = begin(reader)

    assert page.status == 200
    assert any(
        said(
            "An earlier answer could not be read: it was changed or damaged in the file. Yours stands in its place."
        )
        == flash
        for flash in page.flashes
    )


def test_a_module_without_a_quiz_or_a_scenario_has_no_page_for_one(
    curriculum: Curriculum, module: Module, make_kit: MakeKit
) -> None:
    without = module.model_copy(update={"quiz": None, "scenario": None, "required": ()})
    reader = Reader(make_kit(taught=teaching(curriculum, without)))

    for path in (QUIZ, f"{QUIZ}1/", f"modules/{MODULE}/scenario/", "modules/none/quiz/"):
        assert reader.get(path).status == 404


def test_ids_of_options_never_stand_in_the_way_of_the_form(
    reader: Reader, curriculum: Curriculum, module: Module, make_kit: MakeKit
) -> None:
    page, question = asks_all(reader, module, QuestionKind.ORDERING)
    hostile = ("data", "errors", "main", "meta", "asked", "chosen", "question", "validate")
    options = tuple(
        option.model_copy(update={"id": name})
        for option, name in zip(question.options, hostile, strict=False)
    )
    renamed = question.model_copy(update={"options": options})
    bank = bank_of(module)
    changed = module.model_copy(update={"quiz": bank.model_copy(update={"questions": (renamed,), "ask": 1})})
    later = Reader(make_kit(taught=teaching(curriculum, changed)))
    page = begin(later)
    identities = [part.get("id") for part in page.with_attribute("id")]

    assert len(identities) == len(set(identities))
    assert said("Right.") in reply(later, page, renamed, solution(renamed)).text
