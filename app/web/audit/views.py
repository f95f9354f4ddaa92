"""A module's checklist: shown, and saved as you go."""

from collections.abc import Mapping

from flask import Response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Module, Part
from app.learning.answers import Answer, Choice
from app.web import frames, paper
from app.web.audit import blueprint
from app.web.audit.cards import answered_meter, card_of, refused_as_json, saved_as_json
from app.web.audit.forms import ItemForm, changed_forms
from app.web.channel import private
from app.web.finding import find_module
from app.web.kit import kit
from app.web.requests import is_from_script
from app.web.study import Study, save_answers, study_of
from app.web.turns import in_turn
from app.web.visitor import say

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
@in_turn
def save_checklist(module_id: str) -> AnyResponse:
    """Save what was changed, all of it or nothing; what isn't valid stays on the page as it was typed."""
    module = find_module(module_id)
    changed = changed_forms(module.checklist, request.form)
    invalid = [item_id for item_id, form in changed.items() if not form.validate()]
    if invalid and is_from_script():
        return refused_as_json(changed[invalid[0]])
    if invalid:
        return _shown(module, study_of([module]), changed, status=422)
    answers = {item_id: _answer(form) for item_id, form in changed.items()}
    completes = bool(answers) and save_answers(module, answers, kit().today())
    if is_from_script():
        return saved_as_json(answers, completes=completes)
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
        damaged = any(ref.name == item.id for ref in study.damaged)
        answer = study.answers.get(item.id)
        slots[f"item-{item.id}"] = card_of(item, answer, typed.get(item.id), damaged=damaged)
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


def _meter(module: Module, study: Study) -> bytes:
    answered = next(part for part in study.progress(module).parts if part.part is Part.CHECKLIST)
    return answered_meter(answered.done, answered.total)


def _continue_at(module: Module) -> str:
    """Back to the card whose button was pressed, or to the page in the language that was asked for."""
    language = request.form.get("switch", "")
    if language in kit().curriculum.languages:
        return url_for("audit.checklist", module_id=module.id, lang=language)
    item_id = request.form.get("at", "")
    anchor = f"#item-{item_id}" if module.item(item_id) else ""
    return url_for("audit.checklist", module_id=module.id) + anchor
