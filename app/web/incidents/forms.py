"""The forms of the incident log. Every answer but what happened may stay empty; limits stand on the incident."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.learning.incidents import LINE_LENGTH, STORY_LENGTH, TEXT_LENGTH, WRITTEN, Incident
from app.web.i18n import FormMeta

#: What a browser is told about these fields: store nothing, correct nothing, send nothing for translation.
PRIVATE = {"autocomplete": "off", "spellcheck": "false", "translate": "no", "autocapitalize": "none"}


class LogForm(FlaskForm):  # type: ignore[misc]
    """A form of this place."""

    class Meta(FormMeta):
        """See there."""


def plain(typed: str | None) -> str:
    """What was typed, with the line ends that are kept."""
    return (typed or "").replace("\r\n", "\n").strip()


def line(label: Any, hint: Any = "") -> StringField:
    """A line that may stay empty."""
    too_long = _l("One line may have %(max)d characters at most.")
    return StringField(
        label,
        description=hint,
        filters=[plain],
        validators=[Optional(), Length(max=LINE_LENGTH, message=too_long)],
        render_kw=PRIVATE,
    )


def text(label: Any, hint: Any = "", rows: int = 3) -> TextAreaField:
    """A text that may stay empty."""
    too_long = _l("This text may have %(max)d characters at most. Shorten it and save again.")
    return TextAreaField(
        label,
        description=hint,
        filters=[plain],
        validators=[Optional(), Length(max=TEXT_LENGTH, message=too_long)],
        render_kw={**PRIVATE, "rows": rows},
    )


class IncidentForm(LogForm):
    """An incident as its writer tells it. `shown`: what the page showed, so that an old page overwrites nothing."""

    happened = TextAreaField(
        _l("What happened"),
        description=_l("What was seen, heard or received, in order. The words themselves, as they were."),
        filters=[plain],
        validators=[
            InputRequired(_l("Write what happened. Everything else may stay empty.")),
            Length(
                max=STORY_LENGTH,
                message=_l("This text may have %(max)d characters at most. Shorten it and save again."),
            ),
        ],
        render_kw={**PRIVATE, "rows": 7},
    )
    on = DateField(
        _l("Day"),
        description=_l("A day is enough."),
        validators=[Optional()],
        render_kw={"autocomplete": "off"},
    )
    hour = line(_l("Hour"), _l("As you would say it, with the time zone if you know it."))
    where = line(
        _l("Where"), _l("A platform or a place. Not your address: “at home” or “on the way” is enough.")
    )
    address = line(_l("Address of the post"), _l("The link of the post, the profile or the message."))
    who = line(_l("Who did it, as far as known"), _l("The name of the account as it was shown, or a number."))
    knows = text(_l("Who knows of it"), _l("An initial or a role is enough."))
    done = text(
        _l("What was done"), _l("Saved, told, reported, blocked, moved: by whom, when, and what followed.")
    )
    effect = text(
        _l("What it did to you"), _l("At work, at home, to your sleep. A record of harm can help later.")
    )
    shown = HiddenField()

    def validate_happened(self, field: Any) -> None:
        """Refuse what holds no word."""
        if not field.data:
            raise ValidationError(gettext("Write what happened. Everything else may stay empty."))

    def told(self, incident: Incident, today: date) -> Incident:
        """The incident as it is told now."""
        lines: dict[str, Any] = {name: getattr(self, name).data or "" for name in WRITTEN}
        return replace(incident, on=self.on.data, changed_on=today, **lines)


def shown_as(incident: Incident) -> dict[str, Any]:
    """An incident's values as its form shows them."""
    lines = {name: getattr(incident, name) for name in WRITTEN}
    return {**lines, "on": incident.on, "shown": fingerprint(incident)}


def fingerprint(incident: Incident) -> str:
    """What a page showed of an incident, in few characters that don't tell it."""
    told = [str(incident.on), *(getattr(incident, name) for name in WRITTEN)]
    judged = incident.assessment
    told += [*judged.red_lines, *judged.holds, *judged.steps.values(), judged.opinion]
    return sha256("\0".join(told).encode()).hexdigest()[:16]


class FileForm(LogForm):
    """A file for an incident."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])


class SureForm(LogForm):
    """The last question before something of the log is deleted."""

    sure = BooleanField(
        _l("I understand that nobody can bring this back"),
        validators=[InputRequired(_l("Tick the box to delete it."))],
    )


class CheckboxesField(SelectMultipleField):
    """Several of a few."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ExportForm(LogForm):
    """Which incidents to export, and what to leave out of them."""

    incidents = CheckboxesField(
        _l("Incidents"), validators=[InputRequired(_l("Choose at least one incident."))]
    )
    leave_out = CheckboxesField(
        _l("Leave out"),
        choices=[
            SelectChoice("assessment", _l("what you judged of it, and the second opinion")),
            SelectChoice("knows", _l("who knows of it")),
            SelectChoice("effect", _l("what it did to you")),
        ],
    )

    def offer(self, incidents: Iterable[tuple[str, str]]) -> None:
        """Let these be chosen: ids and what they are called."""
        self.incidents.choices = [SelectChoice(name, words) for name, words in incidents]
