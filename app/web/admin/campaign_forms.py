"""The form that opens a campaign of group insight."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, ValidationError

from app.curriculum.model import Module
from app.records.cohorts.campaigns import LONGEST_DAYS, SHORTEST_DAYS, Plan
from app.web.admin.forms import AdminForm
from app.web.i18n import in_reader_language

#: Days that are offered.
USUAL_DAYS = 14


class CampaignForm(AdminForm):
    """A module, and the last day on which people may reply."""

    module = SelectField(_l("Module"))
    closes_on = DateField(
        _l("Last day"),
        description=_l(
            "Between %(min)s and %(max)s days from today. It can't be changed afterwards, nor closed before.",
            min=SHORTEST_DAYS,
            max=LONGEST_DAYS,
        ),
        validators=[InputRequired(_l("Choose a day."))],
    )

    def __init__(self, modules: Iterable[Module], today: date, **given: Any):
        super().__init__(data={"closes_on": today + timedelta(days=USUAL_DAYS)}, **given)
        self.today = today
        self.module.choices = [(module.id, in_reader_language(module.title)) for module in modules]

    def validate_closes_on(self, field: Any) -> None:
        """Refuse a day that is too near or too far."""
        if field.data is None:
            return  # what was typed is no day, which is said already
        if not SHORTEST_DAYS <= (field.data - self.today).days <= LONGEST_DAYS:
            raise ValidationError(
                str(
                    _l(
                        "Choose a day between %(min)s and %(max)s days from today.",
                        min=SHORTEST_DAYS,
                        max=LONGEST_DAYS,
                    )
                )
            )

    def plan(self, cohort_id: bytes) -> Plan:
        """What is to be opened, once the form is valid."""
        assert self.closes_on.data is not None  # noqa: S101 - it is required
        return Plan(cohort_id, self.module.data, self.today, self.closes_on.data)
