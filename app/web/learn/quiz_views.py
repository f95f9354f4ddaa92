"""Quizzes: an attempt of six questions, one a page, with feedback at once."""

import secrets

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Module, Question, Quiz
from app.learning.quiz import (
    Attempt,
    QuizRecord,
    ResponseIncomplete,
    answer,
    begin,
    is_passed,
    matches_in_order,
    options_in_order,
    solution,
    to_look_at_again,
)
from app.web import frames
from app.web.channel import private
from app.web.finding import find_module
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.quiz_forms import QuestionForm, question_form
from app.web.study import change_quiz, quiz_record
from app.web.visitor import say

ADDRESS = "/<language:lang>/modules/<module_id>/quiz/"


@blueprint.get(ADDRESS)
@private
def quiz(module_id: str) -> Response:
    """Before an attempt, in the middle of one, or after it."""
    module, bank = _find(module_id)
    record = quiz_record(module)
    attempt = _still_whole(bank, record.attempt)
    ended = attempt is not None and attempt.finished
    questions = {question.id: question for question in bank.questions}
    return frames.uncached(
        "learn/quiz.html",
        module=module,
        quiz=bank,
        record=record,
        attempt=attempt,
        ended=ended,
        passed=attempt is not None and ended and is_passed(bank, attempt),
        again=to_look_at_again(attempt, questions) if attempt else [],
        token=generate_csrf(),
        active="learn",
    )


@blueprint.post(ADDRESS)
@private
def begin_quiz(module_id: str) -> AnyResponse:
    """Draw an attempt, unless one is under way."""
    module, bank = _find(module_id)
    seed = secrets.token_hex(8)
    change_quiz(module, lambda record: _begun(bank, record, seed), kit().today())
    attempt = quiz_record(module).attempt
    return redirect(
        url_for("learn.question", module_id=module.id, place=attempt.next_place if attempt else 1), 303
    )


def _begun(bank: Quiz, record: QuizRecord, seed: str) -> QuizRecord:
    attempt = _still_whole(bank, record.attempt)
    return begin(bank, record, seed) if attempt is None or attempt.finished else record


@blueprint.get(ADDRESS + "<int:place>/")
@private
def question(module_id: str, place: int) -> AnyResponse:
    """One question; after it was answered, with feedback for every option."""
    module, bank = _find(module_id)
    attempt, this = _asked(bank, quiz_record(module), place)
    if attempt is None or this is None:
        return redirect(url_for("learn.quiz", module_id=module.id), 303)
    return _shown(module, attempt, this, place, question_form(this, attempt.seed))


@blueprint.post(ADDRESS + "<int:place>/")
@private
def answer_question(module_id: str, place: int) -> AnyResponse:
    """Grade and keep an answer, and show what follows from it."""
    module, bank = _find(module_id)
    attempt, this = _asked(bank, quiz_record(module), place)
    if attempt is None or this is None:
        return redirect(url_for("learn.quiz", module_id=module.id), 303)
    form = question_form(this, attempt.seed, request.form)
    try:
        response = _response(form)
    except ResponseIncomplete:
        form.complain()
        return _shown(module, attempt, this, place, form, status=422)
    today = kit().today()
    if change_quiz(module, lambda kept: answer(bank, kept, this, response, today), today).completes:
        say("module-complete")
    return redirect(url_for("learn.question", module_id=module.id, place=place) + "#feedback", 303)


def _response(form: QuestionForm) -> dict[str, str]:
    if not form.validate():
        raise ResponseIncomplete
    return form.response()


def _shown(
    module: Module, attempt: Attempt, this: Question, place: int, form: QuestionForm, status: int = 200
) -> Response:
    by_id = {option.id: option for option in this.options}
    return frames.uncached(
        "learn/question.html",
        status=status,
        module=module,
        attempt=attempt,
        question=this,
        number=place,
        form=form,
        given=attempt.answers.get(this.id),
        right=solution(this),
        options=[by_id[name] for name in options_in_order(this, attempt.seed)],
        matches={name: by_id[name].match for name in matches_in_order(this, attempt.seed)},
        lesson=module.lesson(this.lesson),
        token=generate_csrf(),
        active="learn",
    )


def _find(module_id: str) -> tuple[Module, Quiz]:
    module = find_module(module_id)
    if module.quiz is None:
        raise NotFound
    return module, module.quiz


def _still_whole(bank: Quiz, attempt: Attempt | None) -> Attempt | None:
    """An attempt whose questions are all still in the bank; one that lost a question is begun anew."""
    names = {question.id for question in bank.questions}
    return attempt if attempt is not None and set(attempt.questions) <= names else None


def _asked(bank: Quiz, record: QuizRecord, place: int) -> tuple[Attempt | None, Question | None]:
    attempt = _still_whole(bank, record.attempt)
    if attempt is None or not 1 <= place <= len(attempt.questions):
        return attempt, None
    name = attempt.questions[place - 1]
    return attempt, next(question for question in bank.questions if question.id == name)
