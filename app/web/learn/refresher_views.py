"""Refreshers: a set of some minutes from the questions that are due, one a page, with feedback at once."""

import secrets

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.learning.quiz import Attempt, ResponseIncomplete
from app.learning.refreshers import (
    Asked,
    answer,
    bank_of,
    begin,
    due,
    next_day,
    set_of,
    to_look_at_again,
)
from app.records.failures import SessionEnded
from app.web import frames
from app.web.channel import private
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.asking import response_of, shown
from app.web.learn.quiz_forms import question_form
from app.web.study import change_refreshers, coming_back
from app.web.turns import in_turn
from app.web.visitor import say, visitor

ADDRESS = "/<language:lang>/refresh/"


@blueprint.get(ADDRESS)
@private
def refresh() -> Response:
    """What is due today, where one stands in a set, or what to look at again after one; and when the next is due."""
    bank, state, today = _bank(), coming_back().refreshers, kit().today()
    current = set_of(state, bank)
    ended = current is not None and current.finished
    return frames.uncached(
        "learn/refresh.html",
        current=current,
        ended=ended,
        again=to_look_at_again(current, bank) if current and ended else [],
        due=due(state, today, bank),
        next_day=next_day(state, bank),
        token=generate_csrf(),
        active="learn",
    )


@blueprint.post(ADDRESS)
@private
def begin_refresher() -> AnyResponse:
    """Draw a set, unless one is under way, and go to its next question. Where nothing is due nothing is written."""
    if visitor().ended:
        raise SessionEnded
    bank, today, seed = _bank(), kit().today(), secrets.token_hex(8)
    state = coming_back().refreshers
    if begin(state, seed, today, bank) is not state:
        state = change_refreshers(lambda kept: begin(kept, seed, today, bank))
    current = set_of(state, bank)
    if current is None or current.finished:
        return redirect(url_for("learn.refresh"), 303)
    return redirect(url_for("learn.refresher", place=current.next_place), 303)


@blueprint.get(ADDRESS + "<int:place>/")
@private
def refresher(place: int) -> AnyResponse:
    """One question of a set; after it was answered, with feedback for every option and the day it comes back."""
    bank, state = _bank(), coming_back().refreshers
    current = set_of(state, bank)
    this = _at(current, place, bank)
    if current is None or this is None:
        return redirect(url_for("learn.refresh"), 303)
    card = state.cards.get(this.question.id)
    form = question_form(this.question, current.seed)
    return shown(
        "learn/refresher.html",
        form,
        current,
        place,
        module=this.module,
        comes_back=card.due_on if card else None,
    )


@blueprint.post(ADDRESS + "<int:place>/")
@private
@in_turn
def answer_refresher(place: int) -> AnyResponse:
    """Keep an answer: it is shown with what follows from it, and decides when the question comes back."""
    if visitor().ended:
        raise SessionEnded  # the set is in what was kept: the answer is held until it can be opened again
    bank = _bank()
    current = set_of(coming_back().refreshers, bank)
    this = _at(current, place, bank)
    if current is None or this is None:
        return redirect(url_for("learn.refresh"), 303)
    where = url_for("learn.refresher", place=place)
    form = question_form(this.question, current.seed, request.form)
    if not form.is_of_this_page:
        say("other-question")
        return redirect(where, 303)
    try:
        response = response_of(form)
    except ResponseIncomplete:
        return shown("learn/refresher.html", form, current, place, status=422, module=this.module)
    today, unsure = kit().today(), bool(form.unsure.data)
    change_refreshers(lambda state: answer(state, this.question, response, unsure=unsure, today=today))
    return redirect(where + "#feedback", 303)


def _bank() -> dict[str, Asked]:
    return bank_of(kit().curriculum.modules)


def _at(current: Attempt | None, place: int, bank: dict[str, Asked]) -> Asked | None:
    """The question at a place of a set, from 1."""
    if current is None or not 1 <= place <= len(current.questions):
        return None
    return bank[current.questions[place - 1]]
