"""Quizzes: an attempt of six questions, one a page, with feedback at once."""

import secrets

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Module, Question, Quiz
from app.learning.quiz import (
    Attempt,
    ResponseIncomplete,
    answer,
    asked_at,
    begin,
    is_passed,
    is_right,
    to_look_at_again,
    whole,
)
from app.learning.refreshers import note
from app.records.failures import SessionEnded
from app.web import frames
from app.web.channel import private
from app.web.finding import find_module
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.asking import response_of, shown
from app.web.learn.quiz_forms import QuestionForm, question_form
from app.web.study import change_quiz, change_refreshers, quiz_record
from app.web.turns import in_turn
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
    return _shown(question_form(this, attempt.seed), attempt, place, module)


@blueprint.post(ADDRESS + "<int:place>/")
@private
@in_turn
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
        response = response_of(form)
    except ResponseIncomplete:
        return _shown(form, attempt, place, module, status=422)
    today, unsure = kit().today(), bool(form.unsure.data)
    if this.id not in attempt.answers:
        _bring_back(this, unsure=unsure, right=is_right(this, response))
    _, completes = change_quiz(
        module, lambda kept: answer(bank, kept, this, response, today, unsure=unsure), today
    )
    if completes:
        say("module-complete")
    return redirect(_place(module, place) + "#feedback", 303)


def _bring_back(this: Question, *, right: bool, unsure: bool) -> None:
    """What was missed or unsure comes back. First, as an answer that is kept couldn't be sent again."""
    if unsure or not right:
        today = kit().today()
        change_refreshers(lambda state: note(state, this.id, right=right, unsure=unsure, today=today))


def _shown(form: QuestionForm, attempt: Attempt, place: int, module: Module, status: int = 200) -> Response:
    return shown("learn/question.html", form, attempt, place, status, module=module)


def _place(module: Module, place: int) -> str:
    return url_for("learn.question", module_id=module.id, place=place)


def _find(module_id: str) -> tuple[Module, Quiz]:
    module = find_module(module_id)
    if module.quiz is None:
        raise NotFound
    return module, module.quiz
