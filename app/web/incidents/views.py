"""The log's pages: the list, one incident, writing it down, changing it, deleting it."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import format_decimal, gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.learning.incidents import FILES, INCIDENTS, Incident
from app.records.attachments import LARGEST_FILE
from app.web import frames
from app.web.channel import private
from app.web.i18n import current_language
from app.web.incidents import blueprint
from app.web.incidents.forms import FileForm, IncidentForm, LogForm, SureForm, fingerprint, shown_as
from app.web.incidents.log import LogFull, change, delete, read_log, room_left, with_incident, write_down
from app.web.kit import kit
from app.web.unsaved import decides
from app.web.visitor import Kind, say, visitor

KB = 1024
ONE = "/<language:lang>/incidents/<string(length=32):incident_id>/"


class ChangedMeanwhile(Exception):
    """The incident isn't as the page showed it that this form comes from."""


@blueprint.app_template_filter("as_size")
def _as_size(size: int) -> str:
    """Bytes as people say them."""
    if size < KB * KB:
        return f"{format_decimal(-(-size // KB))} KB"
    return f"{format_decimal(round(size / KB / KB, 1))} MB"


@blueprint.get("/<language:lang>/incidents/")
@private
def log() -> Response:
    """What the log is, and the visitor's own."""
    found = read_log()
    return frames.uncached("incidents/log.html", log=found, active="incidents", **advice())


def advice() -> dict[str, Any]:
    """What the log's pages say of what to do with it, where that comes from, and whether it is due to be checked."""
    sheet, sources = kit().curriculum.worksheet, kit().curriculum.sources_by_id
    if sheet is None:
        return {"worksheet": None}
    return {
        "worksheet": sheet,
        "sources": [sources[source] for source in sheet.sources],
        "expired": sheet.is_expired(kit().today()),
    }


def shown_form(template: str, form: LogForm, status: int = 200, **context: Any) -> Response:
    """A form, with a token of this session's."""
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    token = str(generate_csrf())
    given = {**advice(), **context}
    return frames.uncached(template, status=status, form=form, token=token, active="incidents", **given)


@blueprint.get("/<language:lang>/incidents/new/")
@private
def new() -> Response:
    """The form for a new incident."""
    return shown_form("incidents/write.html", IncidentForm(formdata=None), incident_id=None)


@blueprint.post("/<language:lang>/incidents/new/")
@private
def submit_new() -> AnyResponse:
    """File a new incident; a visitor without records becomes a guest."""
    form = IncidentForm()
    if form.validate():
        today = kit().today()
        try:
            name = write_down(form.told(Incident("", today, today), today))
        except LogFull:
            full = gettext(
                "Your log has %(num)d incidents, which is as many as it may have. Export and delete some first.",
                num=INCIDENTS,
            )
            form.form_errors.append(full)
        else:
            say("saved")
            return redirect(onward(name), 303)
    return shown_form("incidents/write.html", form, 422, incident_id=None)


def onward(incident_id: str) -> str:
    """The incident's page, in the language that was asked for."""
    language = request.form.get("switch", "")
    known = language in kit().curriculum.languages
    return url_for(
        "incidents.incident", incident_id=incident_id, lang=language if known else current_language()
    )


@blueprint.get(ONE)
@private
@with_incident
def incident(incident_id: str, found: Incident) -> AnyResponse:
    """One incident, with its files and what was judged of it."""
    return shown_incident(incident_id, found, FileForm(formdata=None))


def shown_incident(incident_id: str, found: Incident, form: FileForm, status: int = 200) -> Response:
    """An incident's page, perhaps with what is wrong about a file."""
    return shown_form(
        "incidents/incident.html",
        form,
        status,
        incident_id=incident_id,
        incident=found,
        room=room_left(),
        largest=LARGEST_FILE,
        most=FILES,
        by_kept_only=files_are_for_kept(),
    )


def files_are_for_kept() -> bool:
    """Whether this visitor must keep their progress first: where strangers may come, files are for who was invited."""
    return kit().config.by_invitation and visitor().kind is not Kind.KEPT


@blueprint.get(f"{ONE}edit/")
@private
@with_incident
def edit(incident_id: str, found: Incident) -> AnyResponse:
    """The form to change an incident."""
    form = IncidentForm(formdata=None, data=shown_as(found))
    return shown_form("incidents/write.html", form, incident_id=incident_id)


@blueprint.post(f"{ONE}edit/")
@private
@with_incident
def submit_edit(incident_id: str, found: Incident) -> AnyResponse:
    """Change an incident, unless it was changed since the page was opened."""
    form = IncidentForm()
    if not form.validate():
        return shown_form("incidents/write.html", form, 422, incident_id=incident_id)

    def told(standing: Incident) -> Incident:
        if fingerprint(standing) != form.shown.data:
            raise ChangedMeanwhile
        return form.told(standing, kit().today())

    try:
        change(incident_id, told)
    except ChangedMeanwhile:
        return changed_meanwhile("incidents/write.html", form, incident_id, found)
    say("saved")
    return redirect(onward(incident_id), 303)


def changed_meanwhile(template: str, form: Any, incident_id: str, found: Incident) -> Response:
    """The form as it was typed; sent once more, it replaces what came between."""
    form.shown.data = fingerprint(found)
    form.shown.raw_data = None
    form.form_errors.append(
        gettext(
            "It was changed from another window since you opened this page. Look there first: saving again here "
            "replaces that."
        )
    )
    return shown_form(template, form, 409, incident_id=incident_id, meanwhile=True)


@blueprint.get(f"{ONE}delete/")
@private
@with_incident
def ask_delete(incident_id: str, found: Incident) -> AnyResponse:
    """The last question before an incident is deleted."""
    form = SureForm(formdata=None)
    return shown_form("incidents/delete.html", form, incident_id=incident_id, incident=found, file=None)


@blueprint.post(f"{ONE}delete/")
@private
@decides
@with_incident
def submit_delete(incident_id: str, found: Incident) -> AnyResponse:
    """Delete an incident and its files for good."""
    form = SureForm()
    if not form.validate():
        return shown_form(
            "incidents/delete.html", form, 422, incident_id=incident_id, incident=found, file=None
        )
    say("incident-deleted" if delete(incident_id) else "incident-deleting")
    return redirect(url_for("incidents.log"), 303)
