"""What the pages of statements share: the cards, the meter, and what the page's script is told."""

from collections.abc import Mapping

from flask import Response, jsonify, render_template
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from app.curriculum.model import ChecklistItem
from app.learning.answers import Answer
from app.web import frames
from app.web.audit.forms import ItemForm, fingerprint, item_form
from app.web.visitor import is_new_session


def card_of(
    item: ChecklistItem, answer: Answer | None, typed: ItemForm | None, *, damaged: bool
) -> frames.Slot:
    """A card with an answer in it, or with what couldn't be saved as it was typed."""
    if typed is not None:
        return lambda: render_template("audit/_answer.html", item=item, form=typed, damaged=damaged)
    return lambda: _card(item, answer, damaged=damaged)


def _card(item: ChecklistItem, answer: Answer | None, *, damaged: bool) -> bytes:
    """A card: few values decide what it looks like; the note and the fingerprint are put in."""
    choice = answer.choice.value if answer and answer.choice else ""
    note = answer.note if answer else ""
    return frames.fragment(
        "audit/_answer.html",
        (item.id, choice, bool(note), damaged),
        lambda: {
            "item": item,
            "damaged": damaged,
            "form": item_form(item.id, choice, frames.slot("note") if note else "", frames.slot("shown")),
        },
        {"note": lambda: str(escape(note)), "shown": lambda: fingerprint(choice, note)},
    )


def answered_meter(done: int, total: int, elsewhere: int = 0) -> bytes:
    """How many are answered. elsewhere: how many of these aren't among the page's cards."""
    return frames.fragment(
        "audit/_meter.html",
        (done, total, elsewhere),
        lambda: {
            "value": done,
            "max": total,
            "text": _answered(done, total),
            "text_for_script": _answered("{done}", total),
            "elsewhere": elsewhere,
        },
    )


def _answered(done: int | str, total: int) -> str:
    text: str = ngettext("%(done)s of %(num)s answered", "%(done)s of %(num)s answered", total, done=done)
    return text


def saved_as_json(answers: Mapping[str, Answer], *, completes: bool) -> Response:
    """What the page's script needs to go on: it moves the meter itself, by the cards that it shows."""
    shown = {
        f"{item_id}-shown": fingerprint(answer.choice or "", answer.note)
        for item_id, answer in answers.items()
    }
    message = gettext("Saved. That completes this module.") if completes else gettext("Saved.")
    # Only a guest's first answer brings a new session, and with it a new token.
    token = generate_csrf() if is_new_session() else None
    return jsonify(ok=True, message=message, shown=shown, token=token)


def refused_as_json(form: ItemForm) -> Response:
    """What is wrong with one answer, for the page's script."""
    wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
    response = jsonify(ok=False, message=wrong)
    response.status_code = 422
    return response
