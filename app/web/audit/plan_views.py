"""The plan: what to do this week, this month and later, each with its reason; done, put off, or not for one."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import ChecklistItem
from app.learning.lately import Deed
from app.learning.plan import Plan
from app.web import frames, paper
from app.web.audit import blueprint
from app.web.audit.day_forms import UntilForm, until_form
from app.web.audit.explaining import lesson_about
from app.web.audit.picture import Bar, bars
from app.web.channel import private
from app.web.kit import kit
from app.web.plans import Audit, answer_step, audit_of, put_off, take_back, take_up
from app.web.visitor import say, visitor

ADDRESS = "/<language:lang>/plan/"
#: "Not now" without a day of one's own.
WAITS = {"week": timedelta(days=7), "month": timedelta(days=30)}
DEEDS = {"done": Deed.DONE, "not-for-me": Deed.NOT_MINE}
#: Threats in the small picture beside the plan.
BARS = 5


@blueprint.get(ADDRESS)
@private
def plan() -> Response:
    """What to do first, and why."""
    return _shown(audit_of(), {})


@blueprint.get(f"{ADDRESS}paper.pdf")
@private
def plan_as_pdf() -> Response:
    """The same as a file: what is printed of it, without its reasons."""
    return paper.as_pdf(plan(), "plan")


@blueprint.post(ADDRESS)
@private
def change_plan() -> AnyResponse:
    """Do something with one step, or take back what was done last."""
    audit, do = audit_of(), request.form.get("do", "")
    if do == "take-back":
        say("taken-back" if take_back(audit, kit().today()) else "nothing-to-take-back")
        return redirect(url_for("audit.plan"), 303)
    item = _item(request.form.get("item", ""))
    if do == "day":
        form = until_form(item.id, kit().today(), request.form)
        if not form.validate() or form.until.data is None:
            return _shown(audit, {item.id: form}, status=422)
        put_off(audit, item, form.until.data, kit().today())
    else:
        _change(audit, item, do)
    return redirect(url_for("audit.plan"), 303)


def _change(audit: Audit, item: ChecklistItem, do: str) -> None:
    today = kit().today()
    if do in DEEDS:
        if answer_step(audit, item, DEEDS[do], today):
            say("module-complete")
    elif do in WAITS:
        put_off(audit, item, today + WAITS[do], today)
    elif do == "take-up":
        take_up(item)


def _item(item_id: str) -> ChecklistItem:
    module = kit().curriculum.module_of_item.get(item_id)
    item = module.item(item_id) if module else None
    if item is None:
        raise NotFound
    return item


def _shown(audit: Audit, typed: Mapping[str, UntilForm], status: int = 200) -> Response:
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    today, curriculum = kit().today(), kit().curriculum
    made = audit.plan(today)
    shown = made.week + made.month
    forms = {step.item.id: typed.get(step.item.id) or until_form(step.item.id, today, None) for step in shown}
    lessons = {
        step.item.id: lesson_about(curriculum.module_of_item[step.item.id], step.item) for step in shown
    }
    return frames.uncached(
        "audit/plan.html",
        status=status,
        audit=audit,
        plan=made,
        forms=forms,
        wrong=next(iter(typed.values()), None),
        lessons=lessons,
        lately=_lately(audit),
        bars=_bars(audit, made),
        module_of=curriculum.module_of_item,
        threats=curriculum.threats_by_id,
        left=len(audit.asked(today)),
        today=today,
        token=str(generate_csrf()) if made.steps or made.put_off or audit.lately.deed else "",
        active="plan",
    )


def _lately(audit: Audit) -> ChecklistItem | None:
    """What was done last, if it was today: it can be taken back."""
    last = audit.lately
    if last.deed is None or last.on != kit().today():
        return None
    module = kit().curriculum.module_of_item.get(last.item)
    return module.item(last.item) if module else None


def _bars(audit: Audit, made: Plan) -> list[Bar]:
    """The exposure beside the plan: where there is none yet, there is nothing to show."""
    if not made.steps and not made.put_off:
        return []
    return bars(audit.exposures(), audit.history.before(kit().today()))[:BARS]
