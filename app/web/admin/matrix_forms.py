"""What of a cohort's matrix is wanted."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SearchField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from app.curriculum.model import Module
from app.records.cohorts.matrix import BY_LABEL, BY_NUMBER, PRESENT, Presence, State, Wanted
from app.records.cohorts.tables import LABEL_LENGTH
from app.web.admin.forms import AdminForm
from app.web.i18n import in_reader_language
from app.web.words import PRESENCES, STATES

#: Names of choices that stand for more than one presence.
PRESENT_NAME, EVERYBODY_NAME = "present", "everybody"
_WHO = {
    PRESENT_NAME: (_l("Here or expected"), PRESENT),
    **{presence.value: (words, frozenset({presence})) for presence, words in PRESENCES.items()},
    EVERYBODY_NAME: (_l("Everybody"), frozenset(Presence)),
}
_ORDERS = {BY_LABEL: _l("Label"), BY_NUMBER: _l("How many are complete")}


def _choices(words: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(name), label) for name, label in words.items()]


class MatrixForm(AdminForm):
    """Search, filters, order and page. It is posted, so that what is looked for stands in no address and no log."""

    search = SearchField(_l("Label contains"), validators=[Length(max=LABEL_LENGTH)])
    module = SelectField(_l("Module"), default="")
    state = SelectField(_l("How far"), choices=_choices(dict([("", _l("Any")), *STATES.items()])), default="")
    who = SelectField(
        _l("Who"), choices=_choices({name: words for name, (words, _) in _WHO.items()}), default=PRESENT_NAME
    )
    order = SelectField(_l("Sort by"), default=BY_LABEL)
    page = IntegerField(validators=[Optional()])

    def __init__(self, modules: Sequence[Module], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        titles = {module.id: in_reader_language(module.title) for module in modules}
        self.module.choices = _choices({"": gettext("Any"), **titles})
        self.order.choices = _choices({**_ORDERS, **titles})
        self._ids = [module.id for module in modules]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all of it fits together: how far in which module."""
        if not super().validate(extra_validators):
            return False
        if bool(self.module.data) == bool(self.state.data):
            return True
        if self.state.data:
            self.module.errors = [gettext("Choose the module that you mean.")]
        else:
            self.state.errors = [gettext("Choose how far in this module.")]
        return False

    @property
    def wanted(self) -> Wanted:
        """All of it, once it is valid."""
        state = self.state.data
        return Wanted(
            self._ids,
            _WHO[self.who.data][1],
            self.module.data if state else "",
            State(state) if state else None,
            (self.search.data or "").strip(),
            self.order.data,
        )
