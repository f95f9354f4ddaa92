"""What one member shares: the page of an administrator and the member's own are made of the same rows, by one query."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from app.records.cohorts.certificates import Certified, of_members
from app.records.cohorts.groups import CohortFacts, leave
from app.records.cohorts.matrix import Presence, presence_of
from app.records.cohorts.publishing import Achieved, places_of, share
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Cohort, Membership, Published
from app.records.failures import RecordsFailure


class NoSuchMember(RecordsFailure):
    """Nobody learns in a cohort under this id, or it isn't whose it should be."""


@dataclass(frozen=True)
class Shared:
    """One thing that a member published: a part of a module, or `module` for all of it, and the day."""

    module: str
    part: str
    achieved_on: date


@dataclass(frozen=True)
class Disclosure:
    """All that a cohort's administrator sees of one member."""

    id: bytes
    label: str
    presence: Presence
    shares_all: bool
    joined_on: date | None
    left_on: date | None
    reissued_on: date | None
    cohort: CohortFacts
    rows: list[Shared]
    certificates: list[Certified]

    @property
    def is_open(self) -> bool:
        """Whether what they complete from now on is shared."""
        return self.presence is Presence.HERE and self.cohort.archived_on is None


def one(connection: Connection, membership_id: bytes) -> Disclosure:
    """What is seen of a member. Two statements. Raises NoSuchMember."""
    found = _disclosed(connection, Membership.id == membership_id)
    if not found:
        raise NoSuchMember
    return found[0]


def of_learner(connection: Connection, learner_id: bytes) -> list[Disclosure]:
    """What each cohort that holds something of a learner sees of them, those that they left, too. Two statements."""
    return _disclosed(connection, Membership.learner_id == learner_id)


def holds_something_of(connection: Connection, learner_id: bytes) -> bool:
    """Whether any cohort knows a learner, or knew them and keeps what they shared."""
    place = select(Membership.id).where(
        Membership.learner_id == learner_id, Membership.role == Role.LEARNER.value
    )
    return connection.execute(place.limit(1)).first() is not None


def choose(connection: Connection, learner_id: bytes, membership_id: bytes, *, shares_all: bool) -> None:
    """Share everything from now on, or only what is assigned. What was shared stays. Raises NoSuchMember."""
    theirs = _place_of(learner_id, membership_id)
    if not connection.execute(update(Membership).where(theirs).values(shares_all=shares_all)).rowcount:
        raise NoSuchMember


def share_as(connection: Connection, learner_id: bytes, membership_id: bytes, chosen: Achieved) -> int:
    """Share what a member chose, whatever is assigned. Returns how many completions are new to the cohort.

    Raises NoSuchMember where it isn't theirs, where they left, and where the cohort is archived.
    """
    if membership_id not in {place.membership_id for place in places_of(connection, learner_id)}:
        raise NoSuchMember
    return sum(share(connection, membership_id, module, part, day) for (module, part), day in chosen.items())


def leave_as(connection: Connection, learner_id: bytes, membership_id: bytes, on: date) -> None:
    """Leave a cohort oneself. What was shared stays. Raises NoSuchMember."""
    if connection.execute(select(Membership.id).where(_place_of(learner_id, membership_id))).first() is None:
        raise NoSuchMember
    leave(connection, membership_id, on)


def _place_of(learner_id: bytes, membership_id: bytes) -> ColumnElement[bool]:
    return (
        (Membership.id == membership_id)
        & (Membership.learner_id == learner_id)
        & (Membership.role == Role.LEARNER.value)
        & Membership.left_on.is_(None)
    )


_MEMBER = (
    Membership.id,
    Membership.label,
    Membership.learner_id,
    Membership.shares_all,
    Membership.joined_on,
    Membership.left_on,
    Membership.reissued_on,
)
_COHORT = (Cohort.id, Cohort.name, Cohort.created_on, Cohort.archived_on, Cohort.keep_days)
_SHARED = (Published.module, Published.part, Published.achieved_on)


def _disclosed(connection: Connection, whose: ColumnElement[bool]) -> list[Disclosure]:
    learns = whose & (Membership.role == Role.LEARNER.value)
    asked = (
        select(*_MEMBER, *_COHORT, *_SHARED)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .outerjoin(Published, Published.membership_id == Membership.id)
        .where(learns)
        .order_by(Cohort.name, Membership.id, Published.module, Published.achieved_on, Published.part)
    )
    rows: Any = connection.execute(asked).all()
    certified = of_members(connection, learns)
    return [
        _disclosure(list(same), [each for each in certified if each.membership_id == place])
        for place, same in groupby(rows, key=lambda row: row[0])
    ]


def _disclosure(rows: list[Row[Any]], certificates: list[Certified]) -> Disclosure:
    first, end = rows[0], len(_MEMBER) + len(_COHORT)
    membership_id, label, learner_id, shares_all, joined_on, left_on, reissued_on = first[: len(_MEMBER)]
    return Disclosure(
        membership_id,
        label,
        presence_of(learner_id, left_on),
        shares_all,
        joined_on,
        left_on,
        reissued_on,
        CohortFacts(*first[len(_MEMBER) : end]),
        [Shared(*row[end:]) for row in rows if row[end] is not None],
        certificates,
    )
