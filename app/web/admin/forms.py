"""The forms of the administration."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.records.cohorts.groups import one_line
from app.records.cohorts.tables import KEEP_DAYS, NAME_LENGTH
from app.web.i18n import FormMeta

#: Days that a cohort's completions may be kept after it was archived.
SHORTEST_KEEPING, LONGEST_KEEPING = 1, 3650


class AdminForm(FlaskForm):  # type: ignore[misc]
    """A form of this place. The page's token is checked for every form before any view."""

    class Meta(FormMeta):
        """See there."""


def _stripped(typed: Any) -> str:
    return one_line(str(typed or ""))


class CohortForm(AdminForm):
    """A cohort's name, and how long its completions are kept after it was archived."""

    @property
    def chosen(self) -> tuple[str, int]:
        """Both, once they are valid."""
        return self.name.data or "", self.keep_days.data or KEEP_DAYS

    name = StringField(
        _l("Name"),
        description=_l("What its learners see, too. Neutral words draw fewer eyes."),
        filters=[_stripped],
        validators=[
            DataRequired(_l("Give it a name.")),
            Length(max=NAME_LENGTH, message=_l("A name may have %(max)d characters at most.")),
        ],
    )
    keep_days = IntegerField(
        _l("Days for which completions are kept after you archive it"),
        default=KEEP_DAYS,
        validators=[
            InputRequired(_l("Write a number of days.")),
            NumberRange(
                SHORTEST_KEEPING, LONGEST_KEEPING, _l("Between %(min)s and %(max)s days are possible.")
            ),
        ],
    )


class RevokeForm(AdminForm):
    """The last question before a certificate is revoked."""

    sure = BooleanField(
        _l("I understand that this certificate will never be valid again"),
        validators=[InputRequired(_l("Tick the box to revoke it."))],
    )
