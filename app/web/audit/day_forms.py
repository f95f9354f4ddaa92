"""Forms with days in them: when to look again, on which day something happened, until when a step is put off."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.learning.audit import INTERVALS
from app.web.i18n import FormMeta, marked
from app.web.kit import kit

#: How long ago something may have happened: longer than anything is looked at again.
LONGEST_AGO = timedelta(days=366)
#: How far a step may be put off: what is put off further is forgotten.
FURTHEST = timedelta(days=366)

_WORDS = {30: _l("Every month"), 90: _l("Every three months"), 180: _l("Every half year")}


class DayField(DateField):
    """A day, as a browser's own field for days sends it; where there is none, it is typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent. Raises ValueError with words of ours."""
        try:
            super().process_formdata(valuelist)
        except ValueError as unreadable:
            raise ValueError(
                gettext("This isn't a day. Write it as year, month and day: %(day)s.", day=kit().today())
            ) from unreadable


class IntervalForm(FlaskForm):  # type: ignore[misc]
    """After how many days everything is looked at again."""

    class Meta(FormMeta):
        """See there."""

    every = RadioField(
        _l("How often do you want to look at everything again?"),
        choices=[SelectChoice(str(days), _WORDS[days]) for days in INTERVALS],
        validators=[InputRequired()],
    )


class IncidentForm(FlaskForm):  # type: ignore[misc]
    """That something happened: on which day, and what it was about; never what it was."""

    class Meta(FormMeta):
        """See there."""

    day = DayField(_l("On which day?"), validators=[InputRequired(_l("Choose a day."))])
    threats = SelectMultipleField(
        _l("What was it about?"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    today: date

    def validate_day(self, field: DayField) -> None:
        """A day that was, and not long ago."""
        if field.data is None:
            return  # what was typed is no day, and that is said already
        if field.data > self.today:
            raise ValidationError(gettext("This day is still to come. Choose one that was."))
        if field.data < self.today - LONGEST_AGO:
            raise ValidationError(gettext("That is more than a year ago. Choose a later day."))


def incident_form(today: date, formdata: Any = None) -> IncidentForm:
    """The form with the threats that there are to choose."""
    form = IncidentForm(formdata, data={"day": today})
    form.today = today
    form.threats.choices = [
        SelectChoice(threat.id, marked(threat.name)) for threat in kit().curriculum.threats
    ]
    return form


class UntilForm(FlaskForm):  # type: ignore[misc]
    """Until which day a step is put off."""

    class Meta(FormMeta):
        """See there."""

    until = DayField(_l("Until which day?"), validators=[InputRequired(_l("Choose a day."))])
    today: date

    def validate_until(self, field: DayField) -> None:
        """A day to come, within a year."""
        if field.data is None:
            return
        if field.data <= self.today:
            raise ValidationError(gettext("This day has passed, or is today. Choose a later one."))
        if field.data > self.today + FURTHEST:
            raise ValidationError(gettext("That is more than a year away. Choose an earlier day."))


def until_form(item_id: str, today: date, formdata: Any) -> UntilForm:
    """A step's form as of today: its fields bear the step's id, as a page has many."""
    form = UntilForm(formdata, prefix=item_id)
    form.today = today
    return form
