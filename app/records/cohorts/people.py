"""The people of a cohort as its staff handle them: who has a place, who is invited, places given again or ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from app.records.cohorts.groups import LabelTaken, label_key, leave, visible
from app.records.cohorts.invitations import invite
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Invitation, Membership, Staff
from app.records.crypto import random_id
from app.records.failures import RecordsFailure


class NoSuchMember(RecordsFailure):
    """This cohort has no place with this id."""


@dataclass(frozen=True)
class Member:
    """A place in a cohort. expected: nobody has taken it yet. invited_until: while an invitation to it is open."""

    id: bytes
    label: str
    role: Role
    joined_on: date | None
    left_on: date | None
    reissued_on: date | None
    expected: bool
    invited_until: date | None


@dataclass(frozen=True)
class Batch:
    """Open invitations that were made together. uses: how many people they can still let in.

    places: how many of them are for a place that is there already, such as a list's.
    """

    id: bytes
    role: Role
    made_on: date
    expires_on: date
    codes: int
    places: int
    uses: int


@dataclass(frozen=True)
class Slip:
    """What is given to one person: a code, and what they are called where that is settled."""

    code: str
    label: str = ""


_OPEN_UNTIL = (
    select(func.max(Invitation.expires_on))
    .where(Invitation.membership_id == Membership.id)
    .correlate(Membership)
    .scalar_subquery()
)
_MEMBER = (
    Membership.id,
    Membership.label,
    Membership.role,
    Membership.joined_on,
    Membership.left_on,
    Membership.reissued_on,
    Membership.learner_id.is_(None),
    _OPEN_UNTIL,
)


def members(
    connection: Connection, cohort_id: bytes, words: str = "", first: int = 0, count: int = 100
) -> tuple[list[Member], int]:
    """Some of a cohort's places by their labels, those that left at last; and how many there are of them in all.

    words: only labels that have them, as labels are compared.
    """
    where = [Membership.cohort_id == cohort_id]
    if words.strip():
        where.append(Membership.label_key.contains(label_key(words.strip()), autoescape=True))
    total = connection.scalar(select(func.count()).select_from(Membership).where(*where)) or 0
    order = (Membership.left_on.is_not(None), Membership.label_key, Membership.id)
    rows = connection.execute(select(*_MEMBER).where(*where).order_by(*order).offset(first).limit(count))
    return [_member(row) for row in rows.all()], total


def member(connection: Connection, cohort_id: bytes, member_id: bytes) -> Member:
    """One place of a cohort. Raises NoSuchMember."""
    asked = select(*_MEMBER).where(Membership.cohort_id == cohort_id, Membership.id == member_id)
    row = connection.execute(asked).first()
    if row is None:
        raise NoSuchMember
    return _member(row)


def _member(row: Sequence[object]) -> Member:
    member_id, label, role, joined, left, reissued, expected, until = row
    return Member(member_id, label, Role(role), joined, left, reissued, bool(expected), until)  # type: ignore[arg-type]


def batches(connection: Connection, cohort_id: bytes | None, today: date) -> list[Batch]:
    """The open invitations of a cohort, or of none, the latest first. One query."""
    belongs = Invitation.cohort_id == cohort_id if cohort_id else Invitation.cohort_id.is_(None)
    what = (Invitation.batch, Invitation.role, Invitation.made_on, Invitation.expires_on)
    counts = (func.count(), func.count(Invitation.membership_id), func.sum(Invitation.uses_left))
    usable = or_(Invitation.uses_left.is_(None), Invitation.uses_left > 0)
    asked = select(*what, *counts).where(belongs, Invitation.expires_on >= today, usable).group_by(*what)
    found = [
        Batch(batch, Role(role), made, expires, codes, places, int(uses or 0))
        for batch, role, made, expires, codes, places, uses in connection.execute(asked).all()
    ]
    return sorted(found, key=lambda each: (each.made_on, each.expires_on, each.id), reverse=True)


def taken(connection: Connection, cohort_id: bytes) -> set[str]:
    """The labels of a cohort as they are compared."""
    return set(connection.scalars(select(Membership.label_key).where(Membership.cohort_id == cohort_id)))


def place_list(
    connection: Connection, cohort_id: bytes, labels: Collection[str], today: date, expires_on: date
) -> tuple[bytes, list[Slip]]:
    """A place and a code of their own for each of a list: all, or none. Returns the batch's id and the slips.

    Raises LabelUnusable, and LabelTaken where two are alike or one is there already.
    """
    batch = random_id()
    placed = [(random_id(), visible(label)) for label in labels]
    fixed = {"cohort_id": cohort_id, "learner_id": None, "role": Role.LEARNER.value, "shares_all": False}
    rows = [
        {**fixed, "id": place_id, "label": label, "label_key": label_key(label)} for place_id, label in placed
    ]
    try:
        with connection.begin_nested():
            connection.execute(insert(Membership), rows)
    except IntegrityError:
        raise LabelTaken from None
    slips = [
        Slip(_for_place(connection, cohort_id, Role.LEARNER, place_id, today, expires_on, batch), label)
        for place_id, label in placed
    ]
    return batch, slips


def give_again(
    connection: Connection, cohort_id: bytes, member_id: bytes, today: date, expires_on: date
) -> Slip:
    """An invitation to a place that is there: for somebody who lost their passphrase, left, or never came.

    Whoever uses it takes the place over with a vault of their own; until then all stays as it is. Codes that
    were given out for it before are void. Raises NoSuchMember.
    """
    found = member(connection, cohort_id, member_id)
    connection.execute(delete(Invitation).where(Invitation.membership_id == member_id))
    code = _for_place(connection, cohort_id, found.role, member_id, today, expires_on, random_id())
    return Slip(code, found.label)


def _for_place(  # noqa: PLR0913, PLR0917 - what an invitation to a place is
    connection: Connection,
    cohort_id: bytes,
    role: Role,
    member_id: bytes,
    today: date,
    expires_on: date,
    batch: bytes,
) -> str:
    return invite(
        connection,
        role=role,
        cohort_id=cohort_id,
        today=today,
        expires_on=expires_on,
        membership_id=member_id,
        batch=batch,
    )


def end(connection: Connection, cohort_id: bytes, member_id: bytes, on: date) -> bool:
    """End somebody's place: from this day on nothing of theirs is published, and no code opens it.

    A place that nobody took is gone altogether. Returns whether somebody had it. Raises NoSuchMember.
    """
    found = member(connection, cohort_id, member_id)
    connection.execute(delete(Invitation).where(Invitation.membership_id == member_id))
    # By what the row says now: somebody may have come in between the look and this.
    empty = (Membership.id == member_id, Membership.learner_id.is_(None))
    if connection.execute(delete(Membership).where(*empty)).rowcount:
        return False
    if found.left_on is None:
        leave(connection, member_id, on)
    return True


def holders(connection: Connection, ids: Collection[bytes]) -> dict[bytes, tuple[bytes, bool]]:
    """Who has these places now, of cohorts and of the administration; and whether each was given again.

    Places that are gone, and those that nobody has, are left out. Two queries.
    """
    held = select(Membership.id, Membership.learner_id, Membership.reissued_on).where(
        Membership.id.in_(ids), Membership.learner_id.is_not(None)
    )
    found = {row.id: (row.learner_id, row.reissued_on is not None) for row in connection.execute(held)}
    staff = select(Staff.subject, Staff.learner_id).where(Staff.subject.in_(ids))
    return found | {row.subject: (row.learner_id, False) for row in connection.execute(staff)}
