"""The form by which a learner shares later what they had kept to themselves."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.curriculum.model import Module
from app.records.cohorts.disclosure import Disclosure
from app.records.cohorts.publishing import Achieved
from app.web.account.forms import KeyForm
from app.web.achieved import achieved_choices


class EarlierForm(KeyForm):
    """Modules of which everything that is done, and isn't shared with one cohort, is to be shared with it."""

    publish = SelectMultipleField(
        _l("Share what you have done until now?"),
        description=_l(
            "What you don't tick stays yours alone. What you share can't be taken back: it stays as long as it says"
            " above, and in files that were made of it. A part carries today's date."
        ),
        validators=[InputRequired(_l("Tick what you want to share."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, one: Disclosure, achieved: Achieved, modules: Iterable[Module], **more: Any):
        super().__init__(prefix=f"m{one.id.hex()}-", **more)
        there = {(shared.module, shared.part) for shared in one.rows}
        self.unshared = {done: day for done, day in achieved.items() if done not in there}
        self.publish.choices = achieved_choices(modules, self.unshared)

    @property
    def chosen(self) -> Achieved:
        """What is to be shared now."""
        return {done: day for done, day in self.unshared.items() if done[0] in (self.publish.data or ())}
