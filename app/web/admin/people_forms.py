"""The forms about people: making codes, bringing a list, giving a place again, inviting an administrator."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.records.cohorts.invitations import MOST_DAYS, MOST_USES
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import LABEL_LENGTH
from app.web.admin.forms import AdminForm

#: Codes of their own that are made at once: more are made in several goes.
MOST_CODES = 300
DAYS, ADMIN_DAYS = 14, 3


class DaysForm(AdminForm):
    """For how many days a code lets somebody in."""

    days = IntegerField(
        _l("Days for which it may be used"),
        default=DAYS,
        validators=[
            InputRequired(_l("Write a number of days.")),
            NumberRange(1, MOST_DAYS, _l("Between %(min)s and %(max)s days are possible.")),
        ],
    )

    def expires_on(self, today: date) -> date:
        """The last day on which it may be used."""
        return today + timedelta(days=self.days.data or DAYS)


class CodesForm(DaysForm):
    """Codes for people who aren't named yet."""

    people = IntegerField(
        _l("For how many people"),
        default=10,
        validators=[
            InputRequired(_l("Write a number of people.")),
            NumberRange(1, MOST_USES, _l("Between %(min)s and %(max)s people are possible.")),
        ],
    )
    kind = RadioField(
        _l("Codes"),
        choices=[
            SelectChoice("each", _l("a code for each person, which works once")),
            SelectChoice("one", _l("one code for all of them, such as for a wall or a screen")),
        ],
        default="each",
    )
    role = RadioField(
        _l("They will be"),
        choices=[
            SelectChoice(Role.LEARNER.value, _l("learners")),
            SelectChoice(Role.TRAINER.value, _l("trainers, who see what this cohort's learners completed")),
        ],
        default=Role.LEARNER.value,
    )

    def validate_people(self, field: Any) -> None:
        """Refuse more slips than a sheet is good for."""
        if self.kind.data == "each" and (field.data or 0) > MOST_CODES:
            raise ValidationError(
                gettext("At most %(max)d codes are made at once. Make the rest afterwards.", max=MOST_CODES)
            )

    def validate_kind(self, field: Any) -> None:
        """Refuse a code on a wall that makes trainers."""
        if field.data == "one" and self.chosen_role is Role.TRAINER:
            raise ValidationError(gettext("Each trainer gets a code of their own."))

    @property
    def chosen_role(self) -> Role:
        """What they will be. Where it isn't asked, learners."""
        return Role(self.role.data) if self.role else Role.LEARNER

    @property
    def is_for_each(self) -> bool:
        """Whether each person gets a code of their own."""
        return bool(self.kind.data == "each")


class ListForm(DaysForm):
    """A list of what people are called."""

    file = FileField(
        _l("The list (CSV)"),
        description=_l(
            "One line for each person: a pseudonym or a staff number, and nothing else. A heading may stand above."
        ),
        validators=[FileRequired(_l("Choose the file of the list."))],
    )


class ImportForm(DaysForm):
    """The list as it was shown, to be taken over."""

    labels = HiddenField(validators=[InputRequired()])


class FindForm(AdminForm):
    """Whom to show: by what they are called, and which page of them."""

    words = StringField(_l("Called"), validators=[Optional(), Length(max=LABEL_LENGTH)])
    page = IntegerField(default=1, validators=[Optional(), NumberRange(1, 10_000)])


class AdministratorForm(DaysForm):
    """An invitation for another administrator."""

    days = IntegerField(
        _l("Days for which it may be used"),
        default=ADMIN_DAYS,
        validators=[
            InputRequired(_l("Write a number of days.")),
            NumberRange(1, MOST_DAYS, _l("Between %(min)s and %(max)s days are possible.")),
        ],
    )
