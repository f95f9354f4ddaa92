"""The form of one question, by its kind. It turns what was sent into a response of `learning`."""

from collections import Counter
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
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
from app.web.i18n import FormMeta, foreign_language, in_reader_language, marked

UNSET = SelectChoice("", _l("Choose"))
#: Before an option's id in a field's name: an id such as "data" or "main" would stand in the form's or the page's way.
PREFIX = "option-"


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """What every kind has in common. `asked` names the question and the attempt or set that the page showed."""

    class Meta(FormMeta):
        """See there."""

    asked = HiddenField()
    #: It counts the same. It only brings the question back.
    unsure = BooleanField(_l("I wasn't sure, or I guessed"))
    question: Question
    seed: str

    @property
    def is_of_this_page(self) -> bool:
        """Whether what was sent answers this question of this attempt, not one that a page kept open asked before."""
        return bool(self.asked.raw_data == [_mark(self.question, self.seed)])

    @property
    def controls(self) -> list[Any]:
        """The fields to fill in, in their order."""
        return [field for field in self if field not in (self.asked, self.unsure)]

    def response(self) -> Response:
        """What was answered. Raises ResponseIncomplete."""
        given = self._given()
        is_right(self.question, given)
        return given

    def complain(self) -> None:
        """Say at each field what is missing there."""
        for field in self._lacking():
            field.errors = [self._complaint()]

    def _given(self) -> Response:
        raise NotImplementedError

    def _lacking(self) -> list[Any]:
        raise NotImplementedError

    def _complaint(self) -> str:
        if self.question.kind is QuestionKind.ORDERING:
            return str(gettext("Give each a place of its own, from first to last."))
        if self.question.kind is QuestionKind.MATCHING:
            return str(gettext("Choose a match for each."))
        return str(gettext("Choose an answer. If you aren't sure, guess: nothing depends on it."))


class ChoiceForm(QuestionForm):
    """Options to choose. Its choices and label are the question's, put in once the form is made."""

    chosen: Any

    def _given(self) -> Response:
        chosen = self.chosen.data or []
        return dict.fromkeys([chosen] if isinstance(chosen, str) else chosen, CHOSEN)

    def _lacking(self) -> list[Any]:
        return [self.chosen]


class OneChoiceForm(ChoiceForm):
    """One option to choose."""

    chosen = RadioField(choices=[], validators=[Optional()], validate_choice=True)


class SeveralChoicesForm(ChoiceForm):
    """Any number of options to choose."""

    chosen = SelectMultipleField(
        choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class PlacesForm(QuestionForm):
    """A select for each option: its place in an order, or its match."""

    def _given(self) -> Response:
        offered = matches_in_order(self.question, self.seed)
        given: Response = {}
        for field in self.controls:
            if not field.data:
                raise ResponseIncomplete
            name, text = field.name.removeprefix(PREFIX), field.data
            given[name] = text if self.question.kind is QuestionKind.ORDERING else offered[int(text) - 1]
        return given

    def _lacking(self) -> list[Any]:
        """What wasn't chosen, and in an order the places that were given twice."""
        ordering = self.question.kind is QuestionKind.ORDERING
        given = Counter(field.data for field in self.controls)
        return [field for field in self.controls if not field.data or (ordering and given[field.data] > 1)]


def question_form(question: Question, seed: str, formdata: Any = None) -> QuestionForm:
    """The form that asks this question, its options in the order of this attempt."""
    shown = {"asked": _mark(question, seed)}
    form: QuestionForm
    if question.kind in ONE_CHOICE_KINDS:
        form = OneChoiceForm(formdata, data=shown)
    elif question.kind in CHOICE_KINDS:
        form = SeveralChoicesForm(formdata, data=shown)
    else:
        form = type("PlacesOfThisForm", (PlacesForm,), _place_fields(question, seed))(formdata, data=shown)
    if isinstance(form, ChoiceForm):
        form.chosen.label.text = in_reader_language(question.prompt)
        form.chosen.choices = _choices(question, seed)
    form.question, form.seed = question, seed
    return form


def _mark(question: Question, seed: str) -> str:
    return f"{question.id} {seed}"


def _choices(question: Question, seed: str) -> list[SelectChoice]:
    by_id = {option.id: option for option in question.options}
    return [SelectChoice(name, marked(by_id[name].text)) for name in options_in_order(question, seed)]


def _place_fields(question: Question, seed: str) -> dict[str, Any]:
    by_id = {option.id: option for option in question.options}
    if question.kind is QuestionKind.ORDERING:
        choices = [SelectChoice(str(place), str(place)) for place in range(1, len(by_id) + 1)]
    else:
        offered = [by_id[name].match for name in matches_in_order(question, seed)]
        choices = [
            SelectChoice(str(place), in_reader_language(match), foreign_language(match))
            for place, match in enumerate(offered, 1)
        ]
    return {
        PREFIX + name: SelectField(marked(by_id[name].text), choices=[UNSET, *choices])
        for name in options_in_order(question, seed)
    }
