"""The form of one checklist item, and what of it has changed since it was shown."""

from hashlib import sha256

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from app.learning.answers import NOTE_LENGTH, Answer, Choice

CHOICES = [
    SelectChoice(Choice.YES.value, _l("Yes")),
    SelectChoice(Choice.NO.value, _l("No")),
    SelectChoice(Choice.NOT_MINE.value, _l("Not for me")),
    SelectChoice(Choice.UNSURE.value, _l("Not sure")),
]


class ItemForm(FlaskForm):  # type: ignore[misc]
    """An answer to one item. `shown` tells what the page showed, so that an old page overwrites nothing newer."""

    class Meta:
        """The token is the whole page's, not each item's."""

        csrf = False

    choice = RadioField(
        _l("Your answer"),
        choices=CHOICES,
        validators=[Optional()],
        validate_choice=True,
    )
    note = TextAreaField(
        _l("Note, for you alone"),
        validators=[
            Optional(),
            Length(
                max=NOTE_LENGTH,
                message=_l("A note may have %(max)d characters at most. Shorten it and save again."),
            ),
        ],
    )
    shown = HiddenField()

    def was_sent(self) -> bool:
        """Whether the request brought this item at all."""
        return bool(self.shown.raw_data)

    def is_changed(self) -> bool:
        """Whether somebody changed this item on the page that they sent."""
        return self.was_sent() and self.shown.data != fingerprint(self.choice.data or "", self.typed_note())

    def typed_note(self) -> str:
        """The note with the line ends and margins that it is kept with."""
        return (self.note.data or "").replace("\r\n", "\n").strip()


def item_form(item_id: str, answer: Answer | None) -> ItemForm:
    """The form of an item, showing its answer."""
    choice = answer.choice.value if answer and answer.choice else ""
    note = answer.note if answer else ""
    form = ItemForm(prefix=item_id, formdata=None, data={"choice": choice, "note": note})
    form.shown.data = fingerprint(choice, note)
    return form


def fingerprint(choice: str, note: str) -> str:
    """What a page showed of an answer, in few characters that don't tell it."""
    return sha256(f"{choice}\n{note}".encode()).hexdigest()[:16]
