"""The forms of joining: the code, and what is decided before one joins."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.curriculum.model import Module
from app.records.cohorts.groups import LabelUnusable, label_key, visible
from app.records.cohorts.invitations import Offer
from app.records.cohorts.publishing import Achieved
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import LABEL_LENGTH
from app.records.passphrases import normalised
from app.web.account.forms import PRIVATE, KeyForm, NewPassphraseForm
from app.web.account.showing import pseudonym
from app.web.achieved import achieved_choices

#: Longer than any code as people write codes, with spaces or hyphens.
_CODE_LENGTH = 60


class CodeForm(KeyForm):
    """The code, as it was given out."""

    code = StringField(
        _l("Code"),
        description=_l(
            "Three groups of five letters and digits. Spaces, hyphens and capitals make no difference."
        ),
        validators=[InputRequired(_l("Write the code.")), Length(max=_CODE_LENGTH)],
        render_kw={**PRIVATE, "data-from-link": ""},
    )


class Choices:
    """What is decided before joining. Which of it is asked depends on what the code offers."""

    code = HiddenField(validators=[InputRequired(), Length(max=_CODE_LENGTH)])
    label = StringField(
        _l("What you will be called here"),
        validators=[InputRequired(_l("Write what you will be called.")), Length(max=LABEL_LENGTH * 4)],
        render_kw=PRIVATE,
    )
    shares = RadioField(
        _l("From now on, share"),
        choices=[
            SelectChoice("assigned", _l("only what is assigned to the cohort")),
            SelectChoice("all", _l("every part that I complete")),
        ],
        default="assigned",
    )
    publish = SelectMultipleField(
        _l("Share what you completed before?"),
        description=_l("What you don't tick stays yours alone. A part carries the day on which you join."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    offer: Offer

    def ask_for(self, offer: Offer, achieved: Achieved, modules: Iterable[Module]) -> None:
        """Leave out what this code doesn't ask."""
        form: Any = self
        self.offer = offer
        self.publish.choices = achieved_choices(modules, achieved)
        if offer.label:
            del form.label
        if offer.role is not Role.LEARNER:
            del form.shares
        if offer.role is not Role.LEARNER or not form.publish.choices:
            del form.publish

    def validate_label(self, field: Any) -> None:
        """Refuse what can't be shown, and the name that opens a vault: others would know half of what opens it."""
        try:
            shown = visible(field.data or "")
        except LabelUnusable:
            raise ValidationError(
                gettext("Use between 1 and %(max)d characters that can be seen.", max=LABEL_LENGTH)
            ) from None
        if _opens_with(shown, self.sign_in_name):
            raise ValidationError(
                gettext(
                    "Choose something other than your pseudonym for signing in, which nobody else should know."
                )
            )

    @property
    def sign_in_name(self) -> str:
        """The pseudonym with which this person signs in."""
        return pseudonym()

    @property
    def called(self) -> str:
        """What they are called, unless a list settled it."""
        return self.offer.label or self.label.data or ""

    @property
    def shares_all(self) -> bool:
        """Whether they share more than what is assigned."""
        return bool(self.shares) and self.shares.data == "all"

    @property
    def published(self) -> set[str]:
        """The modules of which they share what they did before."""
        return set(self.publish.data or ()) if self.publish else set()


class MemberForm(Choices, KeyForm):
    """For somebody who is signed in: their vault stays as it is."""


class NewcomerForm(Choices, NewPassphraseForm):
    """For everybody else, who chooses a passphrase as well."""

    @property
    def sign_in_name(self) -> str:
        """The pseudonym that is being chosen."""
        return self.pseudonym.data or ""

    def validate_pseudonym(self, field: Any) -> None:
        """Refuse what a list settled that they are called: others would know half of what opens the vault."""
        if self.offer.label and _opens_with(self.offer.label, field.data or ""):
            raise ValidationError(
                gettext("Choose something other than what you are called here, which others know.")
            )


def _opens_with(label: str, pseudonym: str) -> bool:
    """Whether a label is a pseudonym as people see it, or as it is compared when somebody signs in."""
    return label_key(label) == label_key(pseudonym) or normalised(label) == normalised(pseudonym)
