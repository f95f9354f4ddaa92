"""The form of one checklist item, and what of it has changed since it was shown."""

from collections.abc import Iterable
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from app.curriculum.model import ChecklistItem
from app.learning.answers import NOTE_LENGTH, Choice
from app.web.i18n import FormMeta

CHOICES = [
    SelectChoice(Choice.YES.value, _l("Yes")),
    SelectChoice(Choice.NO.value, _l("No")),
    SelectChoice(Choice.NOT_MINE.value, _l("Not for me")),
    SelectChoice(Choice.UNSURE.value, _l("Not sure")),
]


class ItemForm(FlaskForm):  # type: ignore[misc]
    """An answer to one item. `shown` tells what the page showed, so that an old page overwrites nothing newer."""

    class Meta(FormMeta):
        """See there."""

    choice = RadioField(
        _l("Your answer"),
        choices=CHOICES,
        validators=[Optional()],
        validate_choice=True,
    )
    note = TextAreaField(
        _l("Note, for you alone"),
        filters=[lambda typed: (typed or "").replace("\r\n", "\n").strip()],
        validators=[
            Optional(),
            Length(
                max=NOTE_LENGTH,
                message=_l("A note may have %(max)d characters at most. Shorten it and save again."),
            ),
        ],
    )
    shown = HiddenField()


def item_form(item_id: str, choice: str, note: str, shown: str) -> ItemForm:
    """The form of an item as a page shows it."""
    return ItemForm(prefix=item_id, formdata=None, data={"choice": choice, "note": note, "shown": shown})


def changed_forms(items: Iterable[ChecklistItem], sent: "MultiDict[str, str]") -> dict[str, ItemForm]:
    """The forms of those items that somebody changed on the page that they sent, by the items' ids.

    Forms are made for these alone: making one for every item costs several times what saving one does.
    """
    return {item.id: ItemForm(prefix=item.id) for item in items if _is_changed(item.id, sent)}


def _is_changed(item_id: str, sent: "MultiDict[str, str]") -> bool:
    if f"{item_id}-shown" not in sent:
        return False  # the page's script sends what was changed alone
    note = sent.get(f"{item_id}-note", "").replace("\r\n", "\n").strip()
    return sent[f"{item_id}-shown"] != fingerprint(sent.get(f"{item_id}-choice", ""), note)


def fingerprint(choice: str, note: str) -> str:
    """What a page showed of an answer, in few characters that don't tell it."""
    return sha256(f"{choice}\n{note}".encode()).hexdigest()[:16]
