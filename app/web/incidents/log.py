"""The log in its writer's notebook: read, written, changed and deleted, each in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import redirect, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.learning.incidents import INCIDENTS, EvidenceFile, Incident, in_order
from app.records import attachments, erasure
from app.records.attachments import SealedFile
from app.records.crypto import random_id
from app.records.failures import RecordDamaged, RecordsFailure, SessionEnded, VaultGone
from app.records.notebook import Entry, Ref
from app.records.vault import lock_vault
from app.web import frames
from app.web.kept import INCIDENT, KINDS
from app.web.kit import kit
from app.web.unsaved import is_decision
from app.web.visitor import notebook_to_write, visitor

P = ParamSpec("P")
#: Stands for an incident that isn't there.
_NONE = Incident("", date.min, date.min)


class LogFull(Exception):
    """There are as many incidents in the log as it may have."""


@dataclass(frozen=True)
class Log:
    """Incidents with their ids, the latest first, and how many records of the whole notebook can't be read."""

    incidents: list[tuple[str, Incident]]
    unreadable: int


def incidents_in(entries: list[Entry]) -> tuple[list[tuple[str, Incident]], int]:
    """The incidents among a notebook's records, the latest first, and how many aren't what they should be."""
    found, misshapen = [], 0
    for ref, value in entries:
        if ref.kind == INCIDENT:
            try:
                found.append((ref.name, KINDS[INCIDENT].read(value)))
            except ValidationError:
                misshapen += 1
    return in_order(found), misshapen


def read_log() -> Log:
    """The visitor's log."""
    book = visitor().notebook
    entries, damaged = book.everything() if book else ([], 0)
    found, misshapen = incidents_in(entries)
    return Log(found, damaged + misshapen)


def with_incident(
    view: Callable[Concatenate[str, Incident, P], AnyResponse],
) -> Callable[..., AnyResponse]:
    """A view of one incident of the visitor's; to whoever has no log, the page that says what it is.

    Raises SessionEnded and VaultGone for what was written and has nowhere to go any more: it is carried on in a page.
    """

    @wraps(view)
    def found(incident_id: str, *args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        book, brings_text = visitor().notebook, request.method == "POST" and not is_decision()
        if book is None and visitor().ended and request.method == "POST":
            raise SessionEnded
        if book is None and not brings_text:
            return redirect(url_for("incidents.log"), 303)
        if book is None:
            raise VaultGone
        try:
            incident = book.load(Ref(INCIDENT, incident_id), Incident, _NONE)
        except RecordDamaged:
            return frames.uncached("incidents/unreadable.html", status=409, active="incidents")
        if incident is _NONE:
            raise VaultGone if brings_text else NotFound
        return view(incident_id, incident, *args, **kwargs)

    return found


def write_down(incident: Incident) -> str:
    """File a new incident; its id. Raises LogFull, SessionEnded, VaultGone and the storage failures."""
    book = notebook_to_write()
    if len(read_log().incidents) >= INCIDENTS:
        raise LogFull
    name = random_id().hex()
    book.save({Ref(INCIDENT, name): incident})
    return name


def change(incident_id: str, changed: Callable[[Incident], Incident]) -> None:
    """Change an incident. Raises NotFound when it was deleted meanwhile, and what `changed` raises; then it stands."""
    with notebook_to_write().editing(Ref(INCIDENT, incident_id), Incident, _NONE) as editing:
        if editing.replaces_damaged:
            raise RecordDamaged
        if editing.value is _NONE:
            raise NotFound
        editing.value = changed(editing.value)


def attach(
    incident_id: str, body: bytes, described: Callable[[SealedFile], EvidenceFile], until: int
) -> None:
    """Store a file in sealed pieces and name it in its incident: whole, or not at all.

    Raises NoRoom, AddingGivenUp, NotFound when the incident was deleted meanwhile, and the storage failures.
    """
    book = notebook_to_write()
    file = attachments.add(kit().database, book.vault, body, until)
    with (
        kit().database.changing() as connection,
        book.editing_within(connection, Ref(INCIDENT, incident_id), Incident, _NONE) as editing,
    ):
        if editing.replaces_damaged or editing.value is _NONE:
            raise NotFound
        attachments.finish_adding(connection, book.vault, file)
        editing.value = replace(editing.value, files=(*editing.value.files, described(file)))


def detach(incident_id: str, file_id: str) -> None:
    """Delete a file for good: the record that names it goes first, then its pieces."""
    book, ref = notebook_to_write(), Ref(INCIDENT, incident_id)
    with kit().database.writing() as session:
        connection = session.connection()
        with book.editing_within(connection, ref, Incident, _NONE) as editing:
            if editing.value is _NONE:
                raise NotFound
            rest = tuple(file for file in editing.value.files if file.id != file_id)
            editing.value = replace(editing.value, files=rest)
        attachments.let_go(connection, book.vault.learner_id, [bytes.fromhex(file_id)])
        erasure.note_deletions(session, [bytes.fromhex(file_id)])
    _finish()


def delete(incident_id: str) -> bool:
    """Delete an incident and its files for good. Returns whether the files of the records are clean of it already."""
    book, ref = notebook_to_write(), Ref(INCIDENT, incident_id)
    with kit().database.writing() as session:
        lock_vault(session, book.vault)
        connection = session.connection()
        files = book.read(connection, ref, Incident, _NONE).files
        ids = [bytes.fromhex(file.id) for file in files]
        book.drop(connection, ref)
        attachments.let_go(connection, book.vault.learner_id, ids)
        erasure.note_deletions(session, [*ids, incident_id.encode()])
    return _finish()


def _finish() -> bool:
    try:
        return erasure.finish(kit().database)
    except RecordsFailure:
        return False  # gone for everybody, and the files are still to be cleaned: that is tried again


def room_left() -> int:
    """Bytes that the visitor's files may still take."""
    session = visitor().session
    if session is None:
        return attachments.ROOM * attachments.PIECE
    with kit().database.asking() as asking:
        taken = attachments.pieces_taken(asking, session.vault.learner_id)
    return max(0, attachments.ROOM - taken) * attachments.PIECE
