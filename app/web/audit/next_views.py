"""Looking again: after how long, and once something has happened."""

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.web import frames
from app.web.audit import blueprint
from app.web.audit.day_forms import IncidentForm, IntervalForm, incident_form
from app.web.channel import private
from app.web.kit import kit
from app.web.plans import Audit, audit_of, look_again_every, note_incident
from app.web.visitor import say, visitor

ADDRESS = "/<language:lang>/audit/next/"


@blueprint.get(ADDRESS)
@private
def next_look() -> Response:
    """When the next look is, and what to say when something has happened."""
    audit = audit_of()
    return _shown(audit, _interval(audit), incident_form(kit().today()))


@blueprint.post(ADDRESS)
@private
def save_interval() -> AnyResponse:
    """Keep after how many days everything is looked at again."""
    form = IntervalForm(request.form)
    if not form.validate():
        return _shown(audit_of(), form, incident_form(kit().today()), status=422)
    look_again_every(int(form.every.data))
    say("saved")
    return redirect(url_for("audit.next_look"), 303)


@blueprint.post(f"{ADDRESS}happened/")
@private
def happened() -> AnyResponse:
    """Keep that something happened: what it may have changed is asked first."""
    form = incident_form(kit().today(), request.form)
    if not form.validate() or form.day.data is None:
        audit = audit_of()
        return _shown(audit, _interval(audit), form, status=422)
    note_incident(form.day.data, form.threats.data or [])
    say("incident-noted")
    return redirect(url_for("audit.overview"), 303)


def _interval(audit: Audit) -> IntervalForm:
    return IntervalForm(None, data={"every": str(audit.review.every)})


def _shown(audit: Audit, interval: IntervalForm, incident: IncidentForm, status: int = 200) -> Response:
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    return frames.uncached(
        "audit/next_look.html",
        status=status,
        interval=interval,
        incident=incident,
        review=audit.review,
        threats=kit().curriculum.threats_by_id,
        today=kit().today(),
        token=str(generate_csrf()),
        active="audit",
    )
