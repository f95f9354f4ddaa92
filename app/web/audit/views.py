"""A module's checklist: shown, and saved as you go."""

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import ChecklistItem, Module
from app.learning.answers import Answer, Choice
from app.web import frames
from app.web.audit import blueprint
from app.web.audit.forms import ItemForm, item_form
from app.web.channel import private
from app.web.kit import kit
from app.web.learn.views import find_module
from app.web.study import Study, save_answers, study_of
from app.web.visitor import say

ADDRESS = "/<language:lang>/modules/<module_id>/checklist/"


@blueprint.get(ADDRESS)
@private
def checklist(module_id: str) -> Response:
    """The checklist with this visitor's answers in it."""
    module = find_module(module_id)
    study = study_of([module])
    forms = {item.id: item_form(item.id, study.answers.get(item.id)) for item in module.checklist}
    return _shown(module, study, forms)


@blueprint.post(ADDRESS)
@private
def save_checklist(module_id: str) -> AnyResponse:
    """Save what was changed, all of it or nothing; what isn't valid stays on the page as it was typed."""
    module = find_module(module_id)
    forms = {item.id: ItemForm(prefix=item.id) for item in module.checklist}
    changed = {item_id: form for item_id, form in forms.items() if form.is_changed()}
    invalid = [item_id for item_id, form in changed.items() if not form.validate()]
    if invalid and _wants_json():
        return jsonify(ok=False, message=_first_error(forms[invalid[0]])), 422  # type: ignore[return-value]
    if invalid:
        return _shown(module, study_of([module]), forms, status=422)
    answers = {item_id: _answer(form) for item_id, form in changed.items()}
    complete = save_answers(module, answers, kit().today()) if answers else False
    if _wants_json():
        return _saved_as_json(module, forms, complete=complete)
    say("module-complete" if complete else "saved" if answers else "nothing-to-save")
    return redirect(_continue_at(module), 303)


def _answer(form: ItemForm) -> Answer:
    choice = Choice(form.choice.data) if form.choice.data else None
    return Answer(choice, form.typed_note(), kit().today())


def _shown(module: Module, study: Study, forms: dict[str, ItemForm], status: int = 200) -> Response:
    """The page: its frame is the same for everybody, the cards' states and the token are the reader's."""
    slots: dict[str, frames.Slot] = {
        "token": lambda: str(generate_csrf()),
        "meter": lambda: render_template("audit/_meter.html", **_progress(module, study)),
        "errors": lambda: render_template("audit/_errors.html", items=module.checklist, forms=forms),
    }
    for item in module.checklist:
        slots[f"item_{item.id.replace('-', '_')}"] = _card_of(item, forms[item.id], study)
    response = frames.page(
        "audit/checklist.html",
        slots,
        module=module,
        sources=kit().curriculum.sources_by_id,
        threats=kit().curriculum.threats_by_id,
        today=kit().today(),
        active="learn",
    )
    response.status_code = status
    return response


def _card_of(item: ChecklistItem, form: ItemForm, study: Study) -> frames.Slot:
    damaged = any(ref.name == item.id for ref in study.damaged)
    return lambda: render_template("audit/_answer.html", item=item, form=form, damaged=damaged)


def _progress(module: Module, study: Study) -> dict[str, object]:
    progress = study.progress(module)
    answered = next(part for part in progress.parts if part.part == "checklist")
    text = ngettext(
        "%(done)s of %(num)s answered", "%(done)s of %(num)s answered", answered.total, done=answered.done
    )
    return {"value": answered.done, "max": answered.total, "text": text}


def _saved_as_json(module: Module, forms: dict[str, ItemForm], *, complete: bool) -> Response:
    shown = {
        form.shown.name: item_form(item_id, _answer(form)).shown.data
        for item_id, form in forms.items()
        if form.was_sent()
    }
    message = gettext("Saved. That completes this module.") if complete else gettext("Saved.")
    progress = _progress(module, study_of([module]))
    return jsonify(ok=True, message=message, shown=shown, progress=progress, token=generate_csrf())


def _wants_json() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


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
