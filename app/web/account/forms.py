"""The forms of the learner's key. Limits come from where the values are made."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.records.keyring import NewPassphrase
from app.records.passphrases import PASSPHRASE_LENGTH, PSEUDONYM_LENGTH, Credentials, weakness
from app.web.i18n import FormMeta
from app.web.words import WEAKNESSES

#: What a browser is told about these fields: store nothing, correct nothing, send nothing for translation.
PRIVATE = {"autocomplete": "off", "spellcheck": "false", "translate": "no", "autocapitalize": "none"}
#: Longer than any passphrase that is taken, so that a long one gets its reason rather than being cut.
_TYPED_LENGTH = PASSPHRASE_LENGTH * 2
#: Longer than a code with spaces or hyphens anywhere.
_CODE_LENGTH = 40


class KeyForm(FlaskForm):  # type: ignore[misc]
    """A form of this place. The page's token is checked for every form before any view."""

    class Meta(FormMeta):
        """See there."""


def _pseudonym() -> StringField:
    return StringField(
        _l("Pseudonym"),
        description=_l("A name you make up, not your own. You need it to sign in; nobody else sees it."),
        validators=[
            InputRequired(_l("Write a pseudonym.")),
            Length(max=PSEUDONYM_LENGTH, message=_l("A pseudonym may have %(max)d characters at most.")),
        ],
        render_kw=PRIVATE,
    )


def _passphrase(label: Any, hint: Any = "") -> PasswordField:
    return PasswordField(
        label,
        description=hint,
        validators=[
            InputRequired(_l("Write the passphrase.")),
            Length(max=_TYPED_LENGTH, message=_l("Too long: 200 characters are enough.")),
        ],
        render_kw=PRIVATE,
    )


class CodeField(StringField):
    """A code that is good once: never put back into the page."""

    def _value(self) -> str:
        return ""


def _second_factor() -> CodeField:
    return CodeField(
        _l("Code of your second factor, if you use one"),
        description=_l("From your app, or one of your backup codes."),
        validators=[Length(max=_CODE_LENGTH, message=_l("A code may have %(max)d characters at most."))],
        render_kw=PRIVATE,
    )


class NewPassphraseForm(KeyForm):
    """A pseudonym, and a passphrase that is strong enough, twice."""

    pseudonym = _pseudonym()
    passphrase = _passphrase(_l("Passphrase"), _l("Capital letters and accents make no difference."))
    again = PasswordField(
        _l("The same passphrase again"),
        validators=[EqualTo("passphrase", _l("The two passphrases are not the same. Type both again."))],
        render_kw=PRIVATE,
    )

    def validate_passphrase(self, field: Any) -> None:
        """Refuse a weak passphrase with the reason."""
        reason = weakness(Credentials.typed(self.pseudonym.data or "", field.data or ""))
        if reason is not None:
            raise ValidationError(str(WEAKNESSES[reason]))

    @property
    def new(self) -> NewPassphrase:
        """What was chosen."""
        return NewPassphrase(self.pseudonym.data or "", self.passphrase.data or "")


class SignInForm(KeyForm):
    """A pseudonym and its passphrase; and what becomes of this visit's answers, where there are any."""

    pseudonym = _pseudonym()
    passphrase = _passphrase(_l("Passphrase"))
    second_factor = _second_factor()
    visit = RadioField(
        _l("You have answers from this visit that you haven't kept yet"),
        choices=[
            SelectChoice("merge", _l("Add them to mine")),
            SelectChoice("discard", _l("Delete them")),
        ],
        default="merge",
    )

    @property
    def credentials(self) -> Credentials:
        """What was typed, as it is compared."""
        return Credentials.typed(self.pseudonym.data or "", self.passphrase.data or "")


class RecoverForm(NewPassphraseForm):
    """A recovery code, and the passphrase to open the vault with from now on."""

    code = StringField(
        _l("Recovery code"),
        description=_l(
            "Five groups of five letters and digits. Spaces, hyphens and capitals make no difference."
        ),
        validators=[InputRequired(_l("Write the recovery code.")), Length(max=60)],
        render_kw=PRIVATE,
    )
    second_factor = _second_factor()


class ChangeForm(NewPassphraseForm):
    """The passphrase of now, and the one of from now on."""

    current = _passphrase(_l("Your current passphrase"))


class CopyForm(KeyForm):
    """The passphrase, once more, to seal a copy with it."""

    passphrase = _passphrase(
        _l("Your passphrase"), _l("The copy opens with your pseudonym and this passphrase.")
    )


class BringForm(KeyForm):
    """A copy, and what opens it."""

    copy = FileField(_l("The encrypted copy"), validators=[FileRequired(_l("Choose the file of the copy."))])
    pseudonym = _pseudonym()
    passphrase = _passphrase(_l("Passphrase"))
    second_factor = _second_factor()


class FactorForm(KeyForm):
    """A code of the second factor; and its secret, while it is being set up."""

    secret = HiddenField()
    second_factor = CodeField(
        _l("Code"),
        validators=[
            InputRequired(_l("Write the code.")),
            Length(max=_CODE_LENGTH, message=_l("A code may have %(max)d characters at most.")),
        ],
        render_kw=PRIVATE,
    )


class DeleteForm(KeyForm):
    """The last question before everything is deleted."""

    sure = BooleanField(
        _l("I understand that nobody can bring this back"),
        validators=[InputRequired(_l("Tick the box to delete everything."))],
    )
