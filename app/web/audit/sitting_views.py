"""The self-audit: every checklist as one, in sittings of ten minutes; and how far somebody is in all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import ChecklistItem, Module
from app.learning.answers import Answer, Choice
from app.learning.audit import PAGE, Asked
from app.records.notebook import Ref
from app.web import frames
from app.web.audit import blueprint
from app.web.audit.cards import answered_meter, card_of, refused_as_json, saved_as_json
from app.web.audit.forms import ItemForm, changed_forms
from app.web.channel import private
from app.web.kept import ANSWER
from app.web.kit import kit
from app.web.plans import Audit, audit_of, begin_sitting, finish_look, save_sitting
from app.web.requests import is_from_script
from app.web.turns import in_turn
from app.web.visitor import say, visitor

ADDRESS = "/<language:lang>/audit/"


@dataclass(frozen=True)
class ModuleAnswered:
    """How many of a module's statements that concern somebody are answered."""

    module: Module
    answered: int
    total: int


@blueprint.get(ADDRESS)
@private
def overview() -> Response:
    """How far somebody is, how to go on, and what doesn't concern them."""
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    audit, today = audit_of(), kit().today()
    left = audit.asked(today)
    return frames.uncached(
        "audit/overview.html",
        audit=audit,
        left=left,
        going_on=_going_on(audit, left),
        may_finish=audit.may_finish(left),
        modules=_by_module(audit),
        module_of=kit().curriculum.module_of_item,
        today=today,
        token=str(generate_csrf()),
        active="audit",
    )


def _by_module(audit: Audit) -> list[ModuleAnswered]:
    theirs = {item.id for item in audit.theirs}
    found = []
    for module in kit().curriculum.modules:
        items = [item for item in module.checklist if item.id in theirs]
        answered = sum(audit.choice(item) is not None for item in items)
        found += [ModuleAnswered(module, answered, len(items))] if items else []
    return found


def _going_on(audit: Audit, left: list[Asked]) -> int | None:
    """The page of the sitting under way on which something is left; None where none is."""
    ahead = audit.sat_through(left)
    return audit.sitting.items.index(ahead[0].item.id) // PAGE + 1 if ahead else None


@blueprint.post(ADDRESS)
@private
def begin() -> AnyResponse:
    """Begin the next ten minutes, or keep what this look came to."""
    audit, today = audit_of(), kit().today()
    left = audit.asked(today)
    if request.form.get("do") == "finish" and audit.may_finish(left):
        finish_look(audit, today)
        say("look-kept")
        return redirect(url_for("audit.exposure"), 303)
    if not left:
        say("nothing-to-ask")
        return redirect(url_for("audit.overview"), 303)
    begin_sitting(audit, today)
    return redirect(url_for("audit.sitting", page=1), 303)


@blueprint.get(f"{ADDRESS}<int:page>/")
@private
def sitting(page: int) -> AnyResponse:
    """A page of a sitting; after its last one, what to do next."""
    visitor()
    audit = audit_of()
    if not audit.sitting.items or not 1 <= page <= audit.sitting.pages + 1:
        return redirect(url_for("audit.overview"), 303)
    return _over(audit) if page > audit.sitting.pages else _shown(audit, page, {})


@blueprint.post(f"{ADDRESS}<int:page>/")
@private
@in_turn
def save_page(page: int) -> AnyResponse:
    """Save what was changed on a page, all of it or nothing, and go on where that is asked for."""
    audit, today = audit_of(), kit().today()
    changed = changed_forms(_items_on(audit, page), request.form)
    invalid = [item_id for item_id, form in changed.items() if not form.validate()]
    if invalid:
        first = changed[invalid[0]]
        return refused_as_json(first) if is_from_script() else _shown(audit, page, changed, status=422)
    answers = {name: _answer(form, audit.answers.get(name)) for name, form in changed.items()}
    completes, over = save_sitting(audit, answers, today)
    if is_from_script():
        return saved_as_json(answers, completes=completes)
    if over:
        say("look-over")
        return redirect(url_for("audit.exposure"), 303)
    if completes or "on" not in request.form:
        say("module-complete" if completes else "saved" if answers else "nothing-to-save")
    return redirect(_continue_at(page), 303)


def _items_on(audit: Audit, page: int) -> list[ChecklistItem]:
    taught = kit().curriculum.module_of_item
    found = (taught[name].item(name) for name in audit.sitting.page(page) if name in taught)
    return [item for item in found if item is not None]


def _answer(form: ItemForm, before: Answer | None) -> Answer:
    note = form.note.data or ""
    if not form.choice.data and before is not None and before.choice is not None:
        return replace(before, note=note)  # the note alone was changed: that says nothing about today
    return Answer(Choice(form.choice.data) if form.choice.data else None, note, kit().today())


def _shown(audit: Audit, page: int, typed: Mapping[str, ItemForm], status: int = 200) -> Response:
    """A page of the sitting. What is asked again is shown without its answer: nobody confirms what they don't read."""
    left = {each.item.id: each for each in audit.asked(kit().today())}
    items = _items_on(audit, page)
    wrong = [item for item in items if item.id in typed]
    slots: dict[str, frames.Slot] = {
        "meter": lambda: _meter(audit, page, left),
        "errors": lambda: render_template("audit/_errors.html", items=wrong, forms=typed) if wrong else "",
    }
    for item in items:
        answer = audit.answers.get(item.id)
        asked_anew = replace(answer, choice=None) if answer and item.id in left else answer
        damaged = audit.is_damaged(Ref(ANSWER, item.id))
        slots[f"item-{item.id}"] = card_of(item, asked_anew, typed.get(item.id), damaged=damaged)
    return frames.uncached(
        "audit/sitting.html",
        slots,
        status=status,
        page=page,
        pages=audit.sitting.pages,
        items=items,
        asked=left,
        audit=audit,
        module_of=kit().curriculum.module_of_item,
        sources=kit().curriculum.sources_by_id,
        drills=kit().curriculum.drills,
        threats=kit().curriculum.threats_by_id,
        today=kit().today(),
        token=str(generate_csrf()),
        active="audit",
    )


def _meter(audit: Audit, page: int, left: Mapping[str, Asked]) -> bytes:
    answered = {name for name in audit.sitting.items if name not in left}
    elsewhere = answered.difference(audit.sitting.page(page))
    return answered_meter(len(answered), len(audit.sitting.items), len(elsewhere))


def _over(audit: Audit) -> Response:
    left = audit.asked(kit().today())
    return frames.uncached(
        "audit/over.html",
        audit=audit,
        left=left,
        may_finish=audit.may_finish(left),
        token=str(generate_csrf()),
        active="audit",
    )


def _continue_at(page: int) -> str:
    """The next page; or back to the card whose button was pressed, or to this page in another language."""
    language = request.form.get("switch", "")
    if language in kit().curriculum.languages:
        return url_for("audit.sitting", page=page, lang=language)
    if "on" in request.form:
        return url_for("audit.sitting", page=page + 1)
    item_id = request.form.get("at", "")
    anchor = f"#item-{item_id}" if item_id in kit().curriculum.module_of_item else ""
    return url_for("audit.sitting", page=page) + anchor
