"""A module's checklist: shown, and saved as you go."""

from collections.abc import Mapping

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import ChecklistItem, Module, Part
from app.learning.answers import Answer, Choice
from app.web import frames, paper
from app.web.audit import blueprint
from app.web.audit.forms import ItemForm, changed_forms, fingerprint, item_form
from app.web.channel import private
from app.web.finding import find_module
from app.web.kit import kit
from app.web.requests import is_from_script
from app.web.study import Study, save_answers, study_of
from app.web.visitor import is_new_session, say

ADDRESS = "/<language:lang>/modules/<module_id>/checklist/"


@blueprint.get(ADDRESS)
@private
def checklist(module_id: str) -> Response:
    """The checklist with this visitor's answers in it."""
    module = find_module(module_id)
    return _shown(module, study_of([module]), {})


@blueprint.get(f"{ADDRESS}paper.pdf")
@private
def checklist_as_pdf(module_id: str) -> Response:
    """The same as a file, with what was answered."""
    return paper.as_pdf(checklist(module_id), module_id)


@blueprint.post(ADDRESS)
@private
def save_checklist(module_id: str) -> AnyResponse:
    """Save what was changed, all of it or nothing; what isn't valid stays on the page as it was typed."""
    module = find_module(module_id)
    changed = changed_forms(module, request.form)
    invalid = [item_id for item_id, form in changed.items() if not form.validate()]
    if invalid and is_from_script():
        return jsonify(ok=False, message=_first_error(changed[invalid[0]])), 422  # type: ignore[return-value]
    if invalid:
        return _shown(module, study_of([module]), changed, status=422)
    answers = {item_id: _answer(form) for item_id, form in changed.items()}
    completes = bool(answers) and save_answers(module, answers, kit().today())
    if is_from_script():
        return _saved_as_json(answers, completes=completes)
    say("module-complete" if completes else "saved" if answers else "nothing-to-save")
    return redirect(_continue_at(module), 303)


def _answer(form: ItemForm) -> Answer:
    choice = Choice(form.choice.data) if form.choice.data else None
    return Answer(choice, form.note.data or "", kit().today())


def _shown(module: Module, study: Study, typed: Mapping[str, ItemForm], status: int = 200) -> Response:
    """The page: its frame is the same for everybody, the cards' states and the token are the reader's.

    `typed`: what couldn't be saved, to be shown as it was typed.
    """
    wrong = [item for item in module.checklist if item.id in typed]
    slots: dict[str, frames.Slot] = {
        "token": lambda: str(generate_csrf()),
        "meter": lambda: _meter(module, study),
        "errors": lambda: render_template("audit/_errors.html", items=wrong, forms=typed) if wrong else "",
    }
    for item in module.checklist:
        slots[f"item-{item.id}"] = _card_of(item, typed.get(item.id), study)
    response = frames.page(
        "audit/checklist.html",
        slots,
        module=module,
        sources=kit().curriculum.sources_by_id,
        threats=kit().curriculum.threats_by_id,
        drills=kit().curriculum.drills,
        today=kit().today(),
        active="learn",
    )
    response.status_code = status
    return response


def _card_of(item: ChecklistItem, typed: ItemForm | None, study: Study) -> frames.Slot:
    damaged = any(ref.name == item.id for ref in study.damaged)
    if typed is not None:
        return lambda: render_template("audit/_answer.html", item=item, form=typed, damaged=damaged)
    return lambda: _card(item, study.answers.get(item.id), damaged=damaged)


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


def _meter(module: Module, study: Study) -> bytes:
    answered = next(part for part in study.progress(module).parts if part.part is Part.CHECKLIST)
    return frames.fragment(
        "audit/_meter.html",
        (answered.done, answered.total),
        lambda: {
            "value": answered.done,
            "max": answered.total,
            "text": _answered(answered.done, answered.total),
            "text_for_script": _answered("{done}", answered.total),
        },
    )


def _answered(done: int | str, total: int) -> str:
    text: str = ngettext("%(done)s of %(num)s answered", "%(done)s of %(num)s answered", total, done=done)
    return text


def _saved_as_json(answers: Mapping[str, Answer], *, completes: bool) -> Response:
    """What the page's script needs to go on: it moves the meter itself, by the cards that it shows."""
    shown = {
        f"{item_id}-shown": fingerprint(answer.choice or "", answer.note)
        for item_id, answer in answers.items()
    }
    message = gettext("Saved. That completes this module.") if completes else gettext("Saved.")
    # Only a guest's first answer brings a new session, and with it a new token.
    token = generate_csrf() if is_new_session() else None
    return jsonify(ok=True, message=message, shown=shown, token=token)


def _first_error(form: ItemForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _continue_at(module: Module) -> str:
    """Back to the card whose button was pressed, or to the page in the language that was asked for."""
    language = request.form.get("switch", "")
    if language in kit().curriculum.languages:
        return url_for("audit.checklist", module_id=module.id, lang=language)
    item_id = request.form.get("at", "")
    anchor = f"#item-{item_id}" if module.item(item_id) else ""
    return url_for("audit.checklist", module_id=module.id) + anchor
