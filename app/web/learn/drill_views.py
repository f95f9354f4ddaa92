"""Drills: what is to be practised or looked at again, and what somebody decides about each."""

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import ChecklistItem, Drill, Module
from app.learning.drills import Drills, Place, Standing, add, done, put_away, put_off, standing, standings
from app.web import frames
from app.web.channel import private
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.drill_forms import Decision, DrillForm
from app.web.study import Study, change_drills, coming_back
from app.web.visitor import say

ADDRESS = "/<language:lang>/drills/"
MESSAGES = {
    Decision.DONE: "drill-done",
    Decision.NOT_NOW: "drill-put-off",
    Decision.NOT_MINE: "drill-put-away",
    Decision.ADD: "drill-added",
}


@blueprint.get(ADDRESS)
@private
def drills() -> Response:
    """Every drill there is: one's own by their days, then the others."""
    taught = kit().curriculum.drills
    study = coming_back(drill.item for drill in taught)
    everything = standings(taught, study.answers, study.drills)
    return frames.uncached(
        "learn/drills.html",
        mine=[each for each in everything if each.place is Place.MINE],
        offered=[each for each in everything if each.place is not Place.MINE],
        today=kit().today(),
        active="progress",
    )


@blueprint.get(ADDRESS + "<drill_id>/")
@private
def drill(drill_id: str) -> Response:
    """One drill: why, how, and what to decide about it."""
    this = _find(drill_id)
    return _shown(this, DrillForm(formdata=None))


@blueprint.post(ADDRESS + "<drill_id>/")
@private
def decide_drill(drill_id: str) -> AnyResponse:
    """Keep what was decided, and go back to what is due."""
    this, form = _find(drill_id), DrillForm()
    try:
        decision = Decision(request.form.get("did", ""))
    except ValueError:
        raise BadRequest from None
    if decision is Decision.NOT_NOW and not form.validate():
        return _shown(this, form, status=422)
    now, today = _standing(this, coming_back([this.item])), kit().today()

    def decided(state: Drills) -> Drills:
        if decision is Decision.DONE:
            return done(state, now, today)
        if decision is Decision.NOT_NOW:
            return put_off(state, now, form.until.data, today)
        return add(state, now, today) if decision is Decision.ADD else put_away(state, now, today)

    change_drills(decided)
    say(MESSAGES[decision])
    return redirect(url_for("learn.drills"), 303)


def _shown(this: Drill, form: DrillForm, status: int = 200) -> Response:
    module, item = _item(this)
    sources = kit().curriculum.sources_by_id
    return frames.uncached(
        "learn/drill.html",
        status=status,
        drill=this,
        now=_standing(this, coming_back([this.item])),
        module=module,
        item=item,
        form=form,
        sources=[sources[source] for source in this.sources],
        expired=this.is_expired(kit().today()),
        today=kit().today(),
        token=generate_csrf(),
        active="progress",
    )


def _standing(this: Drill, study: Study) -> Standing:
    return standing(this, study.answers.get(this.item), study.drills)


def _item(this: Drill) -> tuple[Module, ChecklistItem]:
    """The item that a drill belongs to: content without it isn't taught."""
    return next(
        (module, item)
        for module in kit().curriculum.modules
        for item in module.checklist
        if item.id == this.item
    )


def _find(drill_id: str) -> Drill:
    found = kit().curriculum.drills_by_id.get(drill_id)
    if found is None:
        raise NotFound
    return found
