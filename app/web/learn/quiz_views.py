"""Quizzes: an attempt of six questions, one a page, with feedback at once."""

import secrets

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Module, Quiz
from app.learning.quiz import (
    Attempt,
    ResponseIncomplete,
    answer,
    asked_at,
    begin,
    is_passed,
    options_in_order,
    solution,
    to_look_at_again,
    whole,
)
from app.records.failures import SessionEnded
from app.web import frames
from app.web.channel import private
from app.web.finding import find_module
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.quiz_forms import QuestionForm, question_form
from app.web.study import change_quiz, quiz_record
from app.web.visitor import say, visitor

ADDRESS = "/<language:lang>/modules/<module_id>/quiz/"


@blueprint.get(ADDRESS)
@private
def quiz(module_id: str) -> Response:
    """Before an attempt, in the middle of one, or after it."""
    module, bank = _find(module_id)
    record = quiz_record(module)
    attempt = whole(bank, record.attempt)
    ended = attempt is not None and attempt.finished
    return frames.uncached(
        "learn/quiz.html",
        module=module,
        quiz=bank,
        record=record,
        attempt=attempt,
        ended=ended,
        passed=attempt is not None and ended and is_passed(bank, attempt),
        again=to_look_at_again(bank, attempt) if attempt else [],
        token=generate_csrf(),
        active="learn",
    )


@blueprint.post(ADDRESS)
@private
def begin_quiz(module_id: str) -> AnyResponse:
    """Draw an attempt, unless one is under way, and go to its next question."""
    module, bank = _find(module_id)
    seed = secrets.token_hex(8)
    record, _ = change_quiz(module, lambda record: begin(bank, record, seed), kit().today())
    attempt = record.attempt
    return redirect(_place(module, attempt.next_place if attempt else 1), 303)


@blueprint.get(ADDRESS + "<int:place>/")
@private
def question(module_id: str, place: int) -> AnyResponse:
    """One question; after it was answered, with feedback for every option."""
    module, bank = _find(module_id)
    attempt = whole(bank, quiz_record(module).attempt)
    this = asked_at(bank, attempt, place) if attempt else None
    if attempt is None or this is None:
        return redirect(url_for("learn.quiz", module_id=module.id), 303)
    return _shown(module, attempt, place, question_form(this, attempt.seed))


@blueprint.post(ADDRESS + "<int:place>/")
@private
def answer_question(module_id: str, place: int) -> AnyResponse:
    """Grade and keep an answer, and show what follows from it."""
    module, bank = _find(module_id)
    if visitor().ended:
        raise SessionEnded  # the attempt is in what was kept: the answer is held until it can be opened again
    attempt = whole(bank, quiz_record(module).attempt)
    this = asked_at(bank, attempt, place) if attempt else None
    if attempt is None or this is None:
        return redirect(url_for("learn.quiz", module_id=module.id), 303)
    form = question_form(this, attempt.seed, request.form)
    if not form.is_of_this_page:
        say("other-question")
        return redirect(_place(module, place), 303)
    try:
        response = _response(form)
    except ResponseIncomplete:
        form.complain()
        return _shown(module, attempt, place, form, status=422)
    today = kit().today()
    _, completes = change_quiz(module, lambda kept: answer(bank, kept, this, response, today), today)
    if completes:
        say("module-complete")
    return redirect(_place(module, place) + "#feedback", 303)


def _response(form: QuestionForm) -> dict[str, str]:
    if not form.validate():
        raise ResponseIncomplete
    return form.response()


def _shown(module: Module, attempt: Attempt, place: int, form: QuestionForm, status: int = 200) -> Response:
    this = form.question
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
        lesson=module.lesson(this.lesson),
        token=generate_csrf(),
        active="learn",
    )


def _place(module: Module, place: int) -> str:
    return url_for("learn.question", module_id=module.id, place=place)


def _find(module_id: str) -> tuple[Module, Quiz]:
    module = find_module(module_id)
    if module.quiz is None:
        raise NotFound
    return module, module.quiz
