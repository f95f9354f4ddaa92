"""What somebody decides about a drill."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from app.learning.drills import FURTHEST
from app.web.i18n import FormMeta
from app.web.kit import kit


class Decision(StrEnum):
    """The buttons of a drill's page."""

    DONE = "done"
    NOT_NOW = "not-now"
    NOT_MINE = "not-for-me"
    ADD = "add"


class DrillForm(FlaskForm):  # type: ignore[misc]
    """The day until which it is put off; without one it is a week."""

    class Meta(FormMeta):
        """See there."""

    until = DateField(
        _l("Not now, but on this day"),
        description=_l("Without a day it comes back in a week."),
        validators=[Optional()],
    )

    def validate_until(self, _field: Any) -> None:
        """The day is to come, and within a year."""
        today = kit().today()
        if self.until.data is not None and not today < self.until.data <= today + FURTHEST:
            raise ValidationError(gettext("Choose a day from tomorrow on, within a year."))

    @property
    def earliest(self) -> str:
        """The first day that can be chosen, for the browser's calendar."""
        return (kit().today() + timedelta(days=1)).isoformat()
