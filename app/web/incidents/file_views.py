"""Files of an incident: taken in, given out as a download and never as a page, and deleted."""

from collections.abc import Iterator
from hashlib import sha256

from flask import Response, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.learning.filetypes import FileKind, kind_of
from app.learning.incidents import FILES, NAME_LENGTH, EvidenceFile, Incident
from app.records.attachments import LARGEST_FILE, AddingGivenUp, NoRoom, SealedFile, read
from app.records.sessions import QUARTER_HOUR, rounded_up
from app.web import frames
from app.web.channel import private
from app.web.incidents import blueprint
from app.web.incidents.files import file_name, is_whole, sealed_file
from app.web.incidents.forms import FileForm, SureForm
from app.web.incidents.log import attach as attach_to
from app.web.incidents.log import detach, with_incident
from app.web.incidents.views import ONE, files_are_for_kept, shown_form, shown_incident
from app.web.kit import kit
from app.web.security import POLICY
from app.web.unsaved import decides
from app.web.visitor import say, visitor

FILE = f"{ONE}files/<string(length=32):file_id>/"
#: Whoever opens it is to download it: no page, no script, nothing of this place within its reach.
INERT = "default-src 'none'; sandbox"


@blueprint.post(f"{ONE}files/")
@private
@decides
@with_incident
def attach(incident_id: str, found: Incident) -> AnyResponse:
    """Take a file in, if it is of a kind that is taken: seal its pieces, then name it in the incident."""
    form = FileForm()
    if form.validate():
        body = form.file.data.read()
        kind = kind_of(body)
        fault = _fault(found, body, kind)
        if fault is None and kind is not None:
            try:
                attach_to(incident_id, body, _described(form.file.data, body, kind), _until())
            except NoRoom:
                fault = gettext("There is no room for this file: yours have 50 MB in all. Delete some first.")
            except AddingGivenUp:
                fault = gettext("That took too long, and the file was not kept. Choose it again.")
            else:
                say("file-added")
                return redirect(url_for("incidents.incident", incident_id=incident_id) + "#files", 303)
        form.file.errors = [fault]
    return shown_incident(incident_id, found, form, 422)


def _fault(found: Incident, body: bytes, kind: FileKind | None) -> str | None:
    """Why a file isn't taken, in words."""
    faults = (
        (files_are_for_kept(), _l("Here files can be added once your progress is kept.")),
        (
            len(found.files) >= FILES,
            _l("This incident has %(num)d files, which is as many as it may have.", num=FILES),
        ),
        (not body, _l("This file is empty.")),
        (len(body) > LARGEST_FILE, _l("This file is larger than 10 MB.")),
        (
            kind is None,
            _l(
                "This isn't a whole file of a kind that is taken here, whatever its name says. Nothing was kept of it."
            ),
        ),
    )
    return next((str(words) for applies, words in faults if applies), None)


def _until() -> int:
    return rounded_up(kit().now() + QUARTER_HOUR)


def _described(sent: FileStorage, body: bytes, kind: FileKind) -> "_Describe":
    return _Describe(_shown_name(sent.filename or ""), body, kind)


class _Describe:
    """What an incident says of a file, once its pieces are stored; its hash is of the bytes as they came."""

    def __init__(self, name: str, body: bytes, kind: FileKind):
        self._name, self._kind = name, kind
        self._hash = sha256(body).hexdigest()

    def __call__(self, file: SealedFile) -> EvidenceFile:
        return EvidenceFile(
            file.id.hex(), file.key.hex(), file.size, self._kind, self._hash, self._name, kit().today()
        )


def _shown_name(name: str) -> str:
    """A file's name as its owner knows it, without the folders that some browsers tell."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:NAME_LENGTH].strip()


@blueprint.get(FILE)
@private
@with_incident
def file(incident_id: str, found: Incident, file_id: str) -> AnyResponse:
    """A file as it was added, to download: piece by piece, after all of it was seen to be whole."""
    session, kept = visitor().session, found.file(file_id)
    if session is None or kept is None:
        raise NotFound
    sealed = sealed_file(kept)
    if sealed is None or not is_whole(kit().database, session.vault.learner_id, kept):
        return frames.uncached(
            "incidents/unreadable.html",
            status=409,
            incident_id=incident_id,
            file=kept,
            elsewhere=sealed is None,
            active="incidents",
        )
    response = Response(_given_out(session.vault.learner_id, sealed), content_type="application/octet-stream")
    response.content_length = kept.size
    name = file_name(found, kept)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers[POLICY] = INERT
    return response


def _given_out(learner_id: bytes, sealed: SealedFile) -> Iterator[bytes]:
    return read(kit().database, learner_id, sealed)


@blueprint.get(f"{FILE}delete/")
@private
@with_incident
def ask_delete_file(incident_id: str, found: Incident, file_id: str) -> AnyResponse:
    """The last question before a file is deleted."""
    return _asked(incident_id, found, file_id, SureForm(formdata=None))


@blueprint.post(f"{FILE}delete/")
@private
@decides
@with_incident
def submit_delete_file(incident_id: str, found: Incident, file_id: str) -> AnyResponse:
    """Delete a file for good."""
    form = SureForm()
    if not form.validate():
        return _asked(incident_id, found, file_id, form, 422)
    detach(incident_id, file_id)
    say("file-deleted")
    return redirect(url_for("incidents.incident", incident_id=incident_id) + "#files", 303)


def _asked(incident_id: str, found: Incident, file_id: str, form: SureForm, status: int = 200) -> Response:
    kept = found.file(file_id)
    if kept is None:
        raise NotFound
    return shown_form(
        "incidents/delete.html", form, status, incident_id=incident_id, incident=found, file=kept
    )
