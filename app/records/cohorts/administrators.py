"""Administrators: who they are, ending one's role, and giving a lost one's role again, which takes two others."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, select

from app.records.action_tables import Action
from app.records.cohorts.invitations import invite
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Invitation, Staff
from app.records.failures import RecordsFailure

#: What the log of actions calls the steps of giving an administrator's role again: it is where the first is kept.
ASKED, WITHDRAWN, GIVEN = "admin-again-asked", "admin-again-withdrawn", "admin-again-given"
#: Seconds within which the second administrator must agree.
ASKED_FOR = 7 * 24 * 60 * 60


class NotForThem(RecordsFailure):
    """An administrator who isn't there, or who may not do this: it is their own role, or a step is another's."""


@dataclass(frozen=True)
class Administrator:
    """One of them. asked_by: the subject of whoever asked, within the last week, that their role be given again."""

    subject: bytes
    label: str
    since: date
    asked_by: bytes | None = None


def administrators(connection: Connection, now: int) -> list[Administrator]:
    """All of them, and which of their roles somebody asked to be given again. Two queries."""
    asked = _asked(connection, now)
    rows = connection.execute(select(Staff.subject, Staff.label, Staff.since)).all()
    found = [Administrator(*row, asked.get(row.subject)) for row in rows]
    return sorted(found, key=lambda each: (each.label.casefold(), each.subject))


def end_role(connection: Connection, actor: bytes, subject: bytes) -> None:
    """End another's role: there is always one left, who did it. Raises NotForThem."""
    _both(connection, actor, subject)
    connection.execute(delete(Staff).where(Staff.subject == subject))


def may_ask(connection: Connection, actor: bytes, subject: bytes) -> None:
    """Whether this administrator may ask that the other's role be given again. Raises NotForThem."""
    _both(connection, actor, subject)


def agree(
    connection: Connection, actor: bytes, subject: bytes, now: int, today: date, expires_on: date
) -> str:
    """The second step, by another than the first: the code by which a lost administrator takes their role again.

    Raises NotForThem unless somebody else, who still is an administrator, asked for it within a week.
    """
    held = _both(connection, actor, subject)
    asked_by = _asked(connection, now).get(subject)
    if asked_by is None or asked_by == actor or asked_by not in held:
        raise NotForThem
    connection.execute(delete(Invitation).where(Invitation.staff_subject == subject))
    return invite(
        connection,
        role=Role.ADMIN,
        cohort_id=None,
        today=today,
        expires_on=expires_on,
        staff_subject=subject,
    )


def withdraw(connection: Connection, subject: bytes) -> None:
    """Void what was made so that an administrator's role be given again. Raises NotForThem."""
    if subject not in _locked(connection):
        raise NotForThem
    connection.execute(delete(Invitation).where(Invitation.staff_subject == subject))


def _locked(connection: Connection) -> set[bytes]:
    """Every administrator's subject, locked: of two who end each other's roles one is too late."""
    asked = select(Staff.subject).order_by(Staff.subject).with_for_update()
    return set(connection.scalars(asked))


def _both(connection: Connection, actor: bytes, subject: bytes) -> set[bytes]:
    held = _locked(connection)
    if actor == subject or not {actor, subject} <= held:
        raise NotForThem
    return held


def _asked(connection: Connection, now: int) -> dict[bytes, bytes]:
    """By subject: who asked last, unless it was done or withdrawn since."""
    steps = (
        select(Action.verb, Action.actor, Action.subject)
        .where(Action.verb.in_((ASKED, WITHDRAWN, GIVEN)), Action.at > now - ASKED_FOR)
        .order_by(Action.number)
    )
    found: dict[bytes, bytes] = {}
    for verb, actor, subject in connection.execute(steps):
        if subject is None:
            continue
        if verb != ASKED:
            found.pop(subject, None)
        elif subject not in found:
            found[subject] = actor
    return found
