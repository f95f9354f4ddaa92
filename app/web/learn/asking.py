"""A question on a page of its own, asked or answered: what quizzes and refreshers have in common."""

from typing import Any

from flask import Response
from flask_wtf.csrf import generate_csrf

from app.learning.quiz import Attempt, ResponseIncomplete, options_in_order, solution
from app.learning.quiz import Response as Given
from app.web import frames
from app.web.learn.quiz_forms import QuestionForm


def response_of(form: QuestionForm) -> Given:
    """What was answered. Raises ResponseIncomplete, with a word at each field that lacks something."""
    try:
        return _response(form)
    except ResponseIncomplete:
        form.complain()
        raise


def _response(form: QuestionForm) -> Given:
    if not form.validate():
        raise ResponseIncomplete
    return form.response()


def shown(
    template: str, form: QuestionForm, attempt: Attempt, place: int, status: int = 200, **context: Any
) -> Response:
    """The question at a place of an attempt or a set; after it was answered, with feedback for every option."""
    this = form.question
    by_id = {option.id: option for option in this.options}
    return frames.uncached(
        template,
        status=status,
        attempt=attempt,
        question=this,
        number=place,
        form=form,
        given=attempt.answers.get(this.id),
        right=solution(this),
        options=[by_id[name] for name in options_in_order(this, attempt.seed)],
        token=generate_csrf(),
        active="learn",
        **context,
    )
