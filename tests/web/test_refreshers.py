"""Refreshers over HTTP: they come on their day, are answered like a quiz, and go on anywhere."""

from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Module, QuestionKind
from app.learning.quiz import CHOICE_KINDS, solution
from app.learning.refreshers import SET, Refreshers
from app.records.notebook import Ref
from app.web.kept import REFRESHERS
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.coming_back import (
    DUE,
    REFRESH,
    answers,
    asked_on,
    bank,
    begins,
    comes_back,
    is_asked,
    misses,
    misses_one,
)
from tests.web.practice import (
    QUIZ,
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
from tests.web.readers import PASSPHRASE, PSEUDONYM, Reader, ReaderOf, Rows, kit_of, notebook_of, rows_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
KINDS = pytest.mark.parametrize("kind", list(QuestionKind), ids=lambda kind: kind.value)


@pytest.fixture
def others(curriculum: Curriculum) -> tuple[Module, Module]:
    return curriculum.modules_by_id["risk"], curriculum.modules_by_id["accounts"]


def sleeps(reader: Reader, clock: Clock, days: float = 1) -> None:
    """Days pass, after which somebody who kept their progress signs in again."""
    clock.turn(days=days)
    reader.sign_in()


@BOTH
def test_what_was_missed_comes_on_its_day_and_not_before(
    language: str, reader_of: ReaderOf, module: Module, clock: Clock
) -> None:
    reader = reader_of(language)
    question = misses_one(reader, module)
    reader.keep()

    page = reader.get(REFRESH)
    assert page.forms == []
    tomorrow = {"en": "November 26, 2026", "es": "26 de noviembre de 2026"}[language]
    assert (
        said("Nothing is due now. The next questions come back on %(date)s.", language, date=tomorrow)
        in page.text
    )
    assert f"/{language}/{REFRESH}" not in reader.get("").links
    assert rows_of(reader.app).records == 3  # the pseudonym, the quiz, and what comes back

    sleeps(reader, clock)

    assert f"/{language}/{REFRESH}" in reader.get("").links
    page = begins(reader)
    assert asked_on(reader, page) == question


@BOTH
@KINDS
@pytest.mark.parametrize("rightly", [True, False])
def test_every_kind_teaches_and_comes_back_sooner_or_later(
    rightly: bool, kind: QuestionKind, language: str, reader_of: ReaderOf
) -> None:
    reader = reader_of(language)
    reader.answer()
    is_asked(reader, kind)
    page = reader.get(f"{REFRESH}1/")
    question = asked_on(reader, page)
    assert not any(" ".join(o.feedback.in_language(language).split()) in page.text for o in question.options)

    page = answers(reader, page, solution(question) if rightly else wrong(question))

    (verdict,) = [part.words for part in page.all("h2")]
    assert verdict == said("Right." if rightly else "Not quite.", language)
    for option in question.options:
        assert " ".join(option.feedback.in_language(language).split()) in page.text
    module = bank(reader)[question.id].module
    assert f"/{language}/modules/{module.id}/lessons/{question.lesson}/" in page.links
    days = (comes_back(reader).cards[question.id].due_on - kit_of(reader.app).today()).days
    assert days == 1 if not rightly else days > 1


@BOTH
@KINDS
def test_what_answers_nothing_is_refused_and_keeps_what_was_ticked(
    kind: QuestionKind, language: str, reader_of: ReaderOf
) -> None:
    reader = reader_of(language)
    reader.answer()
    before = is_asked(reader, kind)
    page = reader.get(f"{REFRESH}1/")
    question = asked_on(reader, page)

    refused = reader.post(f"{REFRESH}1/", {**fields(page, question, {}, language), "unsure": ["y"]})

    assert refused.status == 422
    (summary,) = [part for part in refused.all("div") if part.get("class") == "error-summary"]
    assert said("Not answered yet", language) in summary.words
    assert [part.get("id") for part in refused.with_attribute("checked")] == ["unsure"]
    assert comes_back(reader) == before
    if kind not in CHOICE_KINDS:
        assert len(summary.words) > 40


@pytest.mark.parametrize("right", [True, False])
def test_an_unsure_answer_counts_the_same_in_the_quiz_and_brings_the_question_back(
    right: bool, reader: Reader, module: Module, clock: Clock
) -> None:
    page = begin(reader)
    question = question_on(page, module)

    page = reply(reader, page, question, solution(question) if right else wrong(question), unsure=True)

    (verdict,) = [part.words for part in page.all("h2")]
    assert verdict == said("Right." if right else "Not quite.")
    assert said("This question comes back in a refresher.") in page.text
    assert list(comes_back(reader).cards) == [question.id]
    assert comes_back(reader).cards[question.id].due_on == kit_of(reader.app).today() + timedelta(days=1)


def test_what_was_answered_right_and_surely_brings_nothing_back(reader: Reader, module: Module) -> None:
    page = take_quiz(reader, module, right=6)

    assert said("Passed.") in page.text
    assert comes_back(reader) == Refreshers()
    assert said("Nothing comes back yet.") in reader.get(REFRESH).text


def test_an_answer_sent_twice_or_from_an_old_page_changes_nothing(
    reader: Reader, module: Module, clock: Clock
) -> None:
    page = begin(reader)
    question = question_on(page, module)
    sent = fields(page, question, wrong(question), "es")
    reader.post(f"{QUIZ}1/", sent)
    reader.keep()
    kept = comes_back(reader)
    sleeps(reader, clock, 3)
    token = {"csrf_token": [reader.token("account/")]}

    again = reader.post(f"{QUIZ}1/", {**sent, **token})

    assert again.status == 303
    assert comes_back(reader) == kept
    first = begins(reader)
    asked = asked_on(reader, first)
    sent = fields(first, asked, wrong(asked), "es")
    reader.post(f"{REFRESH}1/", sent)
    kept = comes_back(reader)
    reader.post(f"{REFRESH}1/", {**sent, "chosen": list(solution(asked))})
    assert comes_back(reader) == kept
    sleeps(reader, clock)
    begins(reader)
    landed = reader.follow(reader.post(f"{REFRESH}1/", {**sent, "csrf_token": [reader.token("account/")]}))
    assert landed.flashes == [
        said("That page was from an earlier attempt, so it answered nothing. This is the question of now.")
    ]


def test_a_set_is_mixed_small_and_without_repeats(
    reader: Reader, module: Module, others: tuple[Module, Module], clock: Clock
) -> None:
    misses(reader, module, *others, right=3)
    reader.keep()
    sleeps(reader, clock)
    assert "9 preguntas" in reader.get(REFRESH).text

    page, asked = begins(reader), []
    for _ in range(SET):
        asked.append(asked_on(reader, page).id)
        page = go_on(reader, answers(reader, page, solution(bank(reader)[asked[-1]].question)))

    modules = [bank(reader)[name].module.id for name in asked]
    assert len(set(asked)) == SET
    assert set(modules) == {module.id, "risk", "accounts"}
    assert all(one != other for one, other in pairwise(modules))
    assert said("Of your last set there is nothing to look at again.") in page.text
    assert len(page.forms) == 1, "four more are due, and may be taken at once"


def test_the_end_says_what_to_look_at_again_with_its_lesson_and_when(
    reader: Reader, module: Module, others: tuple[Module, Module], clock: Clock
) -> None:
    misses(reader, module, others[0], right=4)
    reader.keep()
    sleeps(reader, clock)
    page = begins(reader)
    missed = asked_on(reader, page)
    page = go_on(reader, answers(reader, page, wrong(missed)))
    guessed = asked_on(reader, page)
    page = go_on(reader, answers(reader, page, solution(guessed), unsure=True))
    for _ in range(2):
        page = go_on(reader, answers(reader, page, solution(asked_on(reader, page))))

    assert page.response.request.path == f"/es/{REFRESH}"
    again = [link for link in page.links if link.startswith(f"/es/{REFRESH}") and link != f"/es/{REFRESH}"]
    assert again == [f"/es/{REFRESH}1/", f"/es/{REFRESH}2/"]
    assert {link.rstrip("/").rpartition("/")[2] for link in page.links if "/lessons/" in link} == {
        missed.lesson,
        guessed.lesson,
    }
    assert "27 de noviembre de 2026" in page.text
    assert page.forms == []
    for word in ("%", "racha", "puntaje:", "4 de 4", "2 de 4"):
        assert word not in page.text


def test_a_set_goes_on_in_the_other_language_in_the_same_order_and_after_signing_out(
    reader: Reader, module: Module, others: tuple[Module, Module], clock: Clock
) -> None:
    misses(reader, module, *others, right=4)
    reader.keep()
    sleeps(reader, clock)
    page = begins(reader)
    page = go_on(reader, answers(reader, page, wrong(asked_on(reader, page))))
    address = page.response.request.path.removeprefix("/es/")
    question, shown = asked_on(reader, page), options_on(page)

    switch = next(part for part in page.all("a") if part.get("hreflang") == "en")
    reader.language = "en"
    in_english = reader.get(switch.get("href"))
    assert (asked_on(reader, in_english), options_on(in_english)) == (question, shown)
    reader.sign_out()
    assert reader.get(address).headers["Location"] == f"/en/{REFRESH}"
    reader.sign_in()
    resumed = reader.get(REFRESH)
    assert f"/en/{address}" in resumed.links
    page = reader.get(address)
    assert (asked_on(reader, page), options_on(page)) == (question, shown)
    answers(reader, page, solution(question))
    assert len(comes_back(reader).set.answers) == 2  # type: ignore[union-attr]


def test_what_a_guest_missed_joins_what_was_kept(
    app: Flask, reader_of: ReaderOf, module: Module, others: tuple[Module, Module], clock: Clock
) -> None:
    ana = reader_of()
    one = misses_one(ana, module)
    ana.keep()
    ana.sign_out()
    clock.turn(days=1)
    guest = reader_of()
    other = misses_one(guest, others[0])

    guest.sign_in(visit="merge")

    cards = comes_back(guest).cards
    assert set(cards) == {one.id, other.id}
    assert cards[one.id].due_on < cards[other.id].due_on


def test_a_question_that_left_the_content_is_asked_no_more(
    make_kit, app: Flask, reader: Reader, module: Module, curriculum: Curriculum, clock: Clock
) -> None:
    misses(reader, module, right=4)
    reader.keep()
    sleeps(reader, clock)
    page = begins(reader)
    gone = asked_on(reader, page)
    quiz = module.quiz
    assert quiz is not None
    left = quiz.model_copy(update={"questions": tuple(q for q in quiz.questions if q.id != gone.id)})
    smaller = make_kit(teaching(curriculum, module.model_copy(update={"quiz": left})))
    later = Reader(smaller)
    later.sign_in()

    page = go_on(later, later.get(REFRESH))

    assert asked_on(later, page) != gone
    assert "1 de 1" in page.text
    page = go_on(later, answers(later, page, solution(asked_on(later, page))))
    assert page.response.request.path == f"/es/{REFRESH}"
    assert later.get("account/take/everything.html").status == 200


def test_nobody_leaves_no_trace_by_looking_or_pressing(app: Flask, reader: Reader) -> None:
    reader.get(REFRESH)
    reader.get(f"{REFRESH}1/")
    answer = reader.post(REFRESH, {"csrf_token": [reader.token()]})

    assert answer.headers["Location"] == f"/es/{REFRESH}"
    assert rows_of(app) == Rows(0, 0, 0)


def test_an_answer_after_the_session_ended_is_held_and_counts_after_signing_in(
    reader: Reader, module: Module, clock: Clock
) -> None:
    misses_one(reader, module)
    reader.keep()
    sleeps(reader, clock)
    page = begins(reader)
    question = asked_on(reader, page)
    clock.turn(hours=20)

    held = reader.post(f"{REFRESH}1/", fields(page, question, solution(question), "es"))

    assert held.status == 409
    assert said("Your session ended before this was saved. What you typed is still here.") in held.text
    page = reader.send(next(form for form in held.forms if form.action.endswith("/sign-in/resume/")))
    page = reader.send(page.form("pseudonym", "passphrase"), pseudonym=PSEUDONYM, passphrase=PASSPHRASE)
    page = reader.follow(
        reader.send(next(form for form in page.forms if form.action.endswith("/refresh/1/")))
    )
    assert said("Right.") in page.text
    assert len(comes_back(reader).set.answers) == 1  # type: ignore[union-attr]


def test_a_record_that_is_damaged_is_said_and_replaced(reader: Reader, module: Module) -> None:
    misses_one(reader, module)
    notebook_of(reader).save({Ref(REFRESHERS): {"cards": {"x": "broken"}}})

    assert reader.get(REFRESH).status == 200
    assert reader.get(DUE).status == 200
    assert reader.get("").status == 200
    page = reader.get(f"{QUIZ}2/")
    question = question_on(page, module)
    page = reply(reader, page, question, wrong(question))
    assert (
        said(
            "An earlier answer could not be read: it was changed or damaged in the file. Yours stands in its place."
        )
        in page.flashes
    )
    assert list(comes_back(reader).cards) == [question.id]
