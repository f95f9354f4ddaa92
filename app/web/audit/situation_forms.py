"""The forms of somebody's situation and of its weights: their fields are what the curriculum asks, and its threats."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.curriculum.model import Intake, IntakeQuestion, Threat
from app.learning.situation import Situation, Weight
from app.web.i18n import FormMeta, in_reader_language, marked
from app.web.words import LEVELS

#: Before an id in a field's name: an id such as "data" would stand in the form's way.
PREFIX = "about-"
#: What isn't answered.
SKIPPED = SelectChoice("", _l("I'd rather not say"))


class AskingForm(FlaskForm):  # type: ignore[misc]
    """What both have in common: a field for each thing that is asked, by its id."""

    class Meta(FormMeta):
        """See there."""

    def given(self) -> dict[str, Any]:
        """What was filled in, by the ids; what was skipped isn't there."""
        return {field.name.removeprefix(PREFIX): field.data for field in self if field.data}


def situation_form(intake: Intake, situation: Situation, formdata: Any = None) -> AskingForm:
    """Every question, with what was answered before."""
    fields = {PREFIX + question.id: _asking(question) for question in intake.questions}
    before = {
        PREFIX + question.id: chosen if question.many else next(iter(chosen), "")
        for question in intake.questions
        for chosen in [list(situation.chosen.get(question.id, []))]
    }
    return _form(fields, formdata, before)


def chosen_of(form: AskingForm) -> dict[str, list[str]]:
    """What was chosen, by question."""
    return {
        name: [chosen] if isinstance(chosen, str) else list(chosen) for name, chosen in form.given().items()
    }


def _asking(question: IntakeQuestion) -> Field:
    label, why = in_reader_language(question.text), in_reader_language(question.why)
    choices = [SelectChoice(option.id, marked(option.text)) for option in question.options]
    if question.many:
        return SelectMultipleField(
            label,
            description=why,
            choices=choices,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
    return RadioField(label, description=why, choices=[*choices, SKIPPED], validators=[Optional()])


def weights_form(
    threats: Iterable[Threat],
    derived: Mapping[str, Weight],
    levels: Mapping[str, int],
    formdata: Any = None,
) -> AskingForm:
    """A level for each threat, or the one that follows from the answers."""
    threats = list(threats)
    fields = {PREFIX + threat.id: _weighing(threat, derived[threat.id]) for threat in threats}
    before = {PREFIX + threat.id: str(levels.get(threat.id, "")) for threat in threats}
    return _form(fields, formdata, before)


def _weighing(threat: Threat, derived: Weight) -> Field:
    follows = gettext("%(level)s, from my answers", level=str(LEVELS[derived.level]))
    own = [SelectChoice(str(level), words) for level, words in LEVELS.items()]
    return SelectField(
        in_reader_language(threat.name),
        choices=[SelectChoice("", follows), *own],
    )


def levels_of(form: AskingForm) -> dict[str, int]:
    """The levels that somebody set themselves, by threat."""
    return {threat: int(level) for threat, level in form.given().items()}


def _form(fields: dict[str, Field], formdata: Any, before: dict[str, Any]) -> AskingForm:
    asking: type[AskingForm] = type("AskingOfThisKit", (AskingForm,), fields)
    return asking(formdata, data=before)
