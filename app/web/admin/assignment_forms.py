"""The form that gives a cohort something to take."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.curriculum.model import Part
from app.learning.paths import assigned_parts
from app.records.cohorts.groups import WHOLE
from app.web.admin.forms import AdminForm
from app.web.i18n import in_reader_language
from app.web.kit import kit

#: Days ahead that something may be due, at most: five years.
LATEST_DUE = 5 * 365


class CheckboxesField(SelectMultipleField):
    """Several of a few."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AssignForm(AdminForm):
    """Modules, or parts of them, or a whole path; by a day, if any."""

    modules = CheckboxesField(_l("Modules"))
    parts = CheckboxesField(
        _l("Only these parts of them"),
        description=_l("Leave all of them empty to assign whole modules."),
        choices=[
            SelectChoice(Part.LESSONS.value, _l("lessons")),
            SelectChoice(Part.CHECKLIST.value, _l("checklist")),
            SelectChoice(Part.QUIZ.value, _l("quiz")),
            SelectChoice(Part.SCENARIO.value, _l("scenario")),
        ],
    )
    path = SelectField(
        _l("Or everything in a path"),
        default="",
        description=_l("A step with some lessons only is assigned as its whole module."),
    )
    due_on = DateField(_l("Due on"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        taught = kit().curriculum
        self.modules.choices = [
            SelectChoice(module.id, in_reader_language(module.title)) for module in taught.modules
        ]
        none = SelectChoice("", gettext("No path"))
        self.path.choices = [
            none,
            *(SelectChoice(path.id, in_reader_language(path.title)) for path in taught.paths),
        ]

    def validate_modules(self, _field: Any) -> None:
        """Something has to be chosen, and there."""
        if not (self.modules.data or self.path.data):
            raise ValidationError(gettext("Choose a module or a path."))
        if not any(self.assigned()):
            raise ValidationError(gettext("The modules that you chose have none of these parts."))

    def validate_due_on(self, field: Any) -> None:
        """A day that can still be kept."""
        today = kit().today()
        if field.data is None:
            return  # what was typed is no day, which is said already
        if field.data < today:
            raise ValidationError(gettext("This day has passed. Choose today or a later day."))
        if field.data > today + timedelta(days=LATEST_DUE):
            raise ValidationError(gettext("Choose a day within the next five years."))

    @property
    def by(self) -> date | None:
        """The day by which it is to be done."""
        day: date | None = self.due_on.data
        return day

    def assigned(self) -> Iterator[tuple[str, str]]:
        """What was chosen, by module and part, each once."""
        yield from dict.fromkeys([*self._of_modules(), *self._of_path()])

    def _of_modules(self) -> Iterator[tuple[str, str]]:
        parts = [part for part in Part if part.value in (self.parts.data or [])]
        for module in kit().curriculum.modules:
            if module.id in (self.modules.data or []):
                chosen = [part.value for part in parts if module.has(part)]
                yield from ((module.id, part) for part in (chosen if parts else [WHOLE]))

    def _of_path(self) -> Iterator[tuple[str, str]]:
        taught = kit().curriculum
        path = taught.paths_by_id.get(self.path.data or "")
        for step in path.steps if path else ():
            parts = assigned_parts(step, taught.modules_by_id[step.module])
            yield from ((step.module, part.value) for part in parts or ())
            if not parts:
                yield step.module, WHOLE
