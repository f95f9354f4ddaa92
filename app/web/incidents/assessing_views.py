"""The worksheet: judging a threat in steps, with a second person."""

from dataclasses import replace
from typing import Any

from flask import redirect
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from app.curriculum.model import Worksheet, WorksheetStep
from app.learning.incidents import Assessment, Incident
from app.web.channel import private
from app.web.i18n import in_reader_language
from app.web.incidents import blueprint
from app.web.incidents.forms import CheckboxesField, LogForm, fingerprint, text
from app.web.incidents.log import change, with_incident
from app.web.incidents.views import ONE, ChangedMeanwhile, changed_meanwhile, onward, shown_form
from app.web.kit import kit
from app.web.visitor import say


def _sheet() -> Worksheet:
    found = kit().curriculum.worksheet
    if found is None:
        raise NotFound
    return found


def _form(sheet: Worksheet, incident: Incident | None = None) -> Any:
    """The form of a worksheet, whose fields are its steps; with an incident's own, or as it was sent."""

    class AssessForm(LogForm):
        red_lines = CheckboxesField()
        holds = CheckboxesField()
        shown = HiddenField()

    for step in (*sheet.steps, sheet.opinion):
        setattr(AssessForm, _field(step), text(in_reader_language(step.ask), in_reader_language(step.hint)))
    form: Any = AssessForm(formdata=None, data=_values(sheet, incident)) if incident else AssessForm()
    for name in ("red_lines", "holds"):
        form[name].choices = [
            SelectChoice(statement.id, in_reader_language(statement.text))
            for statement in getattr(sheet, name)
        ]
    return form


def _field(step: WorksheetStep) -> str:
    return f"{step.id}_note"


def _values(sheet: Worksheet, incident: Incident) -> dict[str, object]:
    judged = incident.assessment
    return {
        **{_field(step): judged.steps.get(step.id, "") for step in sheet.steps},
        _field(sheet.opinion): judged.opinion,
        "red_lines": [name for name in judged.red_lines if name in _ids(sheet.red_lines)],
        "holds": [name for name in judged.holds if name in _ids(sheet.holds)],
        "shown": fingerprint(incident),
    }


def _ids(statements: Any) -> set[str]:
    return {statement.id for statement in statements}


def _judged(sheet: Worksheet, form: Form, standing: Assessment) -> Assessment:
    """What was sent; what a worksheet of another day asked, and this one doesn't, stays."""
    sent = {step.id: form[_field(step)].data or "" for step in sheet.steps}
    gone = {name: words for name, words in standing.steps.items() if name not in sent}
    return Assessment(
        tuple(form["red_lines"].data or ()),
        tuple(form["holds"].data or ()),
        {**gone, **{name: words for name, words in sent.items() if words}},
        form[_field(sheet.opinion)].data or "",
        kit().today(),
    )


@blueprint.get(f"{ONE}assess/")
@private
@with_incident
def assess(incident_id: str, found: Incident) -> AnyResponse:
    """The worksheet of an incident."""
    return shown_form("incidents/assess.html", _form(_sheet(), found), incident_id=incident_id)


@blueprint.post(f"{ONE}assess/")
@private
@with_incident
def submit_assess(incident_id: str, found: Incident) -> AnyResponse:
    """Keep what was judged, unless the incident was changed since the page was opened."""
    sheet = _sheet()
    form = _form(sheet)
    if not form.validate():
        return shown_form("incidents/assess.html", form, 422, incident_id=incident_id)

    def judged(standing: Incident) -> Incident:
        if fingerprint(standing) != form.shown.data:
            raise ChangedMeanwhile
        return replace(standing, assessment=_judged(sheet, form, standing.assessment))

    try:
        change(incident_id, judged)
    except ChangedMeanwhile:
        return changed_meanwhile("incidents/assess.html", form, incident_id, found)
    say("saved")
    return redirect(onward(incident_id), 303)
