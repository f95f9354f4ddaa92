"""The form of one question, by its kind. It turns what was sent into a response of `learning`."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.curriculum.model import Question, QuestionKind
from app.learning.quiz import (
    CHOICE_KINDS,
    CHOSEN,
    ONE_CHOICE_KINDS,
    Response,
    ResponseIncomplete,
    is_right,
    matches_in_order,
    options_in_order,
)
from app.web.i18n import in_reader_language

UNSET = ("", _l("Choose"))


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """What every kind has in common. The page's token is checked before any view."""

    class Meta:
        """See above."""

        csrf = False

    question: Question
    seed: str

    def response(self) -> Response:
        """What was answered. Raises ResponseIncomplete."""
        given = self._given()
        is_right(self.question, given)
        return given

    def _given(self) -> Response:
        raise NotImplementedError

    def complain(self) -> None:
        """Say what is missing."""
        field = next(iter(self))
        if self.question.kind is QuestionKind.ORDERING:
            field.errors = [gettext("Give each a place of its own, from first to last.")]
        elif self.question.kind is QuestionKind.MATCHING:
            field.errors = [gettext("Choose a match for each.")]
        else:
            field.errors = [gettext("Choose an answer. If you aren't sure, guess: nothing depends on it.")]


class ChoiceForm(QuestionForm):
    """One or several options to choose."""

    def _given(self) -> Response:
        chosen = self.chosen.data or []
        return dict.fromkeys([chosen] if isinstance(chosen, str) else chosen, CHOSEN)


class PlacesForm(QuestionForm):
    """A select for each option: its place in an order, or its match."""

    def _given(self) -> Response:
        offered = matches_in_order(self.question, self.seed)
        given: Response = {}
        for name in options_in_order(self.question, self.seed):
            text = self[name].data or ""
            if not text:
                raise ResponseIncomplete
            given[name] = text if self.question.kind is QuestionKind.ORDERING else offered[int(text) - 1]
        return given


def question_form(question: Question, seed: str, formdata: Any = None) -> QuestionForm:
    """The form that asks this question, its options in the order of this attempt."""
    fields = (
        _choice_fields(question, seed) if question.kind in CHOICE_KINDS else _place_fields(question, seed)
    )
    base = ChoiceForm if question.kind in CHOICE_KINDS else PlacesForm
    form: QuestionForm = type("OneQuestionForm", (base,), fields)(formdata)
    form.question, form.seed = question, seed
    return form


def _choice_fields(question: Question, seed: str) -> dict[str, Any]:
    by_id = {option.id: option for option in question.options}
    choices = [(name, in_reader_language(by_id[name].text)) for name in options_in_order(question, seed)]
    label = in_reader_language(question.prompt)
    if question.kind in ONE_CHOICE_KINDS:
        return {"chosen": RadioField(label, choices=choices, validators=[Optional()], validate_choice=True)}
    widget = ListWidget(prefix_label=False)
    several = SelectMultipleField(label, choices=choices, widget=widget, option_widget=CheckboxInput())
    return {"chosen": several}


def _place_fields(question: Question, seed: str) -> dict[str, Any]:
    by_id = {option.id: option for option in question.options}
    if question.kind is QuestionKind.ORDERING:
        choices = [(str(place), str(place)) for place in range(1, len(by_id) + 1)]
    else:
        offered = [by_id[name].match for name in matches_in_order(question, seed)]
        choices = [(str(place), in_reader_language(match)) for place, match in enumerate(offered, 1)]
    return {
        name: SelectField(in_reader_language(by_id[name].text), choices=[UNSET, *choices])
        for name in options_in_order(question, seed)
    }
