"""Exporting: what to choose, what to remove first, whom to give it to; and the file itself."""

from collections.abc import Iterable
from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import format_date, gettext
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response as AnyResponse

from app.learning.incidents import Incident
from app.web import paper
from app.web.channel import private
from app.web.incidents import blueprint
from app.web.incidents.exporting import Shown, chosen, folder, report, with_paths
from app.web.incidents.file_views import INERT
from app.web.incidents.forms import ExportForm
from app.web.incidents.log import read_log
from app.web.incidents.views import shown_form
from app.web.kit import kit
from app.web.security import POLICY
from app.web.unsaved import decides
from app.web.visitor import visitor

#: Characters of what happened by which an incident is known in a list.
BEGINNING = 70


@blueprint.get("/<language:lang>/incidents/export/")
@private
def export() -> AnyResponse:
    """What to choose; one incident is chosen already where its own page led here."""
    log = read_log()
    if not log.incidents:
        return redirect(url_for("incidents.log"), 303)
    only = request.args.get("incident", "")
    ids = [name for name, _ in log.incidents]
    form = ExportForm(formdata=None, data={"incidents": [only] if only in ids else ids})
    return _export_form(form, log.incidents)


def _export_form(form: Any, incidents: Iterable[tuple[str, Incident]], status: int = 200) -> Response:
    form.offer((name, named(incident)) for name, incident in incidents)
    return shown_form("incidents/export.html", form, status)


def named(incident: Incident) -> str:
    """What an incident is called in a list: its day and how it begins."""
    day = format_date(incident.on, "long") if incident.on else gettext("No day")
    words = " ".join(incident.happened.split())
    return f"{day}: {words[:BEGINNING]}{'…' if len(words) > BEGINNING else ''}"


@blueprint.post("/<language:lang>/incidents/export/")
@private
@decides
def submit_export() -> AnyResponse:
    """The page, as HTML or as a PDF file, or the folder with the files: a download."""
    session, log, form = visitor().session, read_log(), ExportForm()
    if session is None or not log.incidents:
        return redirect(url_for("incidents.log"), 303)
    form.offer((name, named(incident)) for name, incident in log.incidents)
    if not form.validate():
        return _export_form(form, log.incidents, 422)
    incidents = chosen(log.incidents, form.incidents.data or (), form.leave_out.data or ())
    sheet, today = kit().curriculum.worksheet, kit().today()
    if request.form.get("as") != "folder":
        files = [[Shown(file) for file in incident.files] for incident in incidents]
        alone = _download(report(incidents, files, sheet, today), "text/html; charset=utf-8", "html")
        return paper.as_pdf(alone, "log") if request.form.get("as") == "pdf" else alone
    database, learner_id = kit().database, session.vault.learner_id
    placed = with_paths(incidents, database, learner_id)
    page = report(incidents, placed, sheet, today)
    return _download(folder(page, placed, database, learner_id), "application/zip", "zip")


def _download(body: Any, kind: str, ending: str) -> Response:
    """A file with a name as neutral as the kit's own here."""
    name = secure_filename(kit().config.site_name).lower() or "log"
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-log.{ending}"'
    response.headers[POLICY] = INERT
    return response
