"""Ways into a cohort, or into the administration: codes that are shown once and kept as hashes."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.records import throttle
from app.records.cohorts.groups import CohortFacts, LabelTaken, find, label_key, visible
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Invitation, Membership, Staff
from app.records.crypto import derive, random_id
from app.records.database import Database
from app.records.failures import RecordsFailure
from app.records.passphrases import CODE_ALPHABET, CODE_GROUP, normalised_code
from app.records.vault import Vault

#: Groups of five letters and digits in a code: 75 random bits, which the slowing of wrong tries makes ample.
CODE_GROUPS = 3
#: People whom one code may let in, at most.
MOST_USES = 5000
#: Days for which an invitation may be used, at most.
MOST_DAYS = 90
#: The batch of the codes that a server says at its start while nobody administers it: each start takes back the
#: one before, and the first administrator all of them, for a start's words may stand in some journal.
FIRST_BATCH = b"first invitation"


class InvitationSpent(RecordsFailure):
    """No invitation opens with this code: mistyped, used up, taken back, or past its day."""


class MemberAlready(RecordsFailure):
    """Whoever holds this vault is in this cohort already."""


@dataclass(frozen=True)
class Offer:
    """What a code offers. label: what its bearer is called, where the administrator wrote it down."""

    tag: bytes
    role: Role
    cohort: CohortFacts | None
    membership_id: bytes | None
    staff_subject: bytes | None
    label: str
    expires_on: date
    #: Whether a place that somebody had is given again: its completions stay, its old vault opens it no more.
    again: bool


def new_code() -> str:
    """A code in groups of five: `7K2QX-…`."""
    return "-".join(
        "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS)
    )


def tag_of(code: str) -> bytes:
    """What a typed code is found by."""
    return derive(normalised_code(code).encode(), "invitation tag")


def invite(  # noqa: PLR0913 - what an invitation is
    connection: Connection,
    *,
    role: Role,
    cohort_id: bytes | None,
    today: date,
    expires_on: date,
    uses: int | None = 1,
    membership_id: bytes | None = None,
    staff_subject: bytes | None = None,
    batch: bytes | None = None,
) -> str:
    """Make an invitation. Returns its code, which nothing else remembers."""
    code = new_code()
    connection.execute(
        insert(Invitation).values(
            tag=tag_of(code),
            batch=batch or random_id(),
            cohort_id=cohort_id,
            membership_id=membership_id,
            staff_subject=staff_subject,
            role=role.value,
            uses_left=uses,
            made_on=today,
            expires_on=expires_on,
        )
    )
    return code


def invite_administrator(connection: Connection, today: date, expires_on: date) -> str:
    """An invitation to administer, for one person. Returns the code."""
    return invite(connection, role=Role.ADMIN, cohort_id=None, today=today, expires_on=expires_on)


def invite_first(connection: Connection, today: date, expires_on: date) -> str:
    """The invitation of the first administrator: it takes the place of the one that was made so before."""
    connection.execute(delete(Invitation).where(Invitation.batch == FIRST_BATCH))
    return invite(
        connection, role=Role.ADMIN, cohort_id=None, today=today, expires_on=expires_on, batch=FIRST_BATCH
    )


def look_slowly(database: Database, host_secret: bytes, code: str, today: date, now: int) -> Offer:
    """`look`, where after many wrong codes in a short time everybody waits some seconds.

    Raises InvitationSpent and TooSoon.
    """
    slowed = throttle.codes_tag(host_secret)
    with database.writing() as session:
        throttle.take_turn(session, slowed, now)
        offer = _found(session.connection(), code, today)
        if offer is None:
            throttle.count_failure(session, slowed, now, throttle.FREE_CODES, throttle.LONGEST_CODE_WAIT)
    if offer is None:
        raise InvitationSpent
    return offer


def look(connection: Connection, code: str, today: date) -> Offer:
    """What a code offers, without using it. Raises InvitationSpent."""
    return _offer(connection, code, today)


def place(connection: Connection, cohort_id: bytes, label: str) -> bytes:
    """A place in a cohort for somebody who hasn't come yet. Raises LabelUnusable and LabelTaken."""
    membership_id = random_id()
    _add_member(connection, membership_id, cohort_id, label, Role.LEARNER)
    return membership_id


def enrol(
    connection: Connection, vault: Vault, code: str, label: str, today: date, *, shares_all: bool
) -> bytes:
    """Use a code within the transaction that holds this learner's lock. Returns the membership's or staff's id.

    Raises InvitationSpent, MemberAlready, LabelUnusable, LabelTaken.
    """
    offer = _offer(connection, code, today, lock=True)
    shown = visible(offer.label or label)
    if offer.role is Role.ADMIN or offer.cohort is None:
        return _enrol_staff(connection, vault, offer, shown, today)
    if offer.membership_id is None:
        membership_id = random_id()
        _add_member(connection, membership_id, offer.cohort.id, shown, offer.role)
    else:
        membership_id = offer.membership_id
    _take_place(connection, vault, offer, membership_id, today, shares_all=shares_all)
    _count_use(connection, offer.tag)
    return membership_id


def revoke(connection: Connection, batch: bytes, cohort_id: bytes | None, *roles: Role) -> int:
    """Take back what was made together for a cohort, or for no cohort, as far as it is for one of these roles.

    Returns how many invitations there were.
    """
    chosen = (
        Invitation.batch == batch,
        Invitation.cohort_id == cohort_id if cohort_id else Invitation.cohort_id.is_(None),
        Invitation.role.in_([role.value for role in roles]),
    )
    return int(connection.execute(delete(Invitation).where(*chosen)).rowcount)


def drop_old(connection: Connection, today: date) -> None:
    """Forget invitations past their day."""
    # Rows that another worker holds are left to it: waiting for them here could wait in a circle.
    old = select(Invitation.tag).where(Invitation.expires_on < today).with_for_update(skip_locked=True)
    connection.execute(delete(Invitation).where(Invitation.tag.in_(old)))


def _offer(connection: Connection, code: str, today: date, *, lock: bool = False) -> Offer:
    found = _found(connection, code, today, lock=lock)
    if found is None:
        raise InvitationSpent
    return found


def _found(connection: Connection, code: str, today: date, *, lock: bool = False) -> Offer | None:
    asked = select(Invitation).where(Invitation.tag == tag_of(code))
    row = connection.execute(asked.with_for_update() if lock else asked).mappings().first()
    if row is None or row["expires_on"] < today or row["uses_left"] == 0:
        return None
    cohort = find(connection, row["cohort_id"]) if row["cohort_id"] else None
    if cohort is not None and cohort.archived_on is not None:
        return None
    place, subject = row["membership_id"], row["staff_subject"]
    label, again = "", False
    if place:
        held = select(Membership.label, Membership.learner_id).where(Membership.id == place)
        label, holder = connection.execute(held).one()
        again = holder is not None
    elif subject:
        label, again = connection.scalars(select(Staff.label).where(Staff.subject == subject)).one(), True
    return Offer(row["tag"], Role(row["role"]), cohort, place, subject, label, row["expires_on"], again)


def _add_member(
    connection: Connection, membership_id: bytes, cohort_id: bytes, label: str, role: Role
) -> None:
    shown = visible(label)
    try:
        with connection.begin_nested():
            connection.execute(
                insert(Membership).values(
                    id=membership_id,
                    cohort_id=cohort_id,
                    learner_id=None,
                    role=role.value,
                    label=shown,
                    label_key=label_key(shown),
                    shares_all=False,
                )
            )
    except IntegrityError:
        raise LabelTaken from None


def _take_place(
    connection: Connection, vault: Vault, offer: Offer, membership_id: bytes, today: date, *, shares_all: bool
) -> None:
    values = {"learner_id": vault.learner_id, "shares_all": shares_all, "left_on": None}
    values |= {"reissued_on": today} if offer.again else {"joined_on": today}
    try:
        with connection.begin_nested():
            connection.execute(update(Membership).where(Membership.id == membership_id).values(**values))
    except IntegrityError:
        raise MemberAlready from None


def _enrol_staff(connection: Connection, vault: Vault, offer: Offer, label: str, today: date) -> bytes:
    subject = offer.staff_subject or random_id()
    new = insert(Staff).values(learner_id=vault.learner_id, subject=subject, label=label, since=today)
    again = update(Staff).where(Staff.subject == subject).values(learner_id=vault.learner_id)
    try:
        with connection.begin_nested():
            connection.execute(again if offer.staff_subject else new)
    except IntegrityError:
        raise MemberAlready from None
    _count_use(connection, offer.tag)
    connection.execute(delete(Invitation).where(Invitation.batch == FIRST_BATCH))
    return subject


def _count_use(connection: Connection, tag: bytes) -> None:
    connection.execute(
        update(Invitation)
        .where(Invitation.tag == tag, Invitation.uses_left.is_not(None))
        .values(uses_left=Invitation.uses_left - 1)
    )
    connection.execute(delete(Invitation).where(Invitation.tag == tag, Invitation.uses_left <= 0))
