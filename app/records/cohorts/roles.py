"""Who may see and change what: administrators, trainers of their cohorts, learners."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select

from app.records.cohorts.tables import Membership, Staff

_STAFF = select(Staff.subject).where(Staff.learner_id == bindparam("learner"))
_PLACES = select(Membership.id, Membership.cohort_id, Membership.role).where(
    Membership.learner_id == bindparam("learner"), Membership.left_on.is_(None)
)


class Role(StrEnum):
    """What an invitation makes somebody."""

    LEARNER = "learner"
    TRAINER = "trainer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Standing:
    """What somebody is in this installation. subject: the random id by which the log of actions names them."""

    subject: bytes | None = None
    is_admin: bool = False
    trains: frozenset[bytes] = frozenset()
    learns_in: frozenset[bytes] = frozenset()

    @property
    def is_staff(self) -> bool:
        """Whether they may open the administration at all."""
        return self.is_admin or bool(self.trains)

    def may_see(self, cohort_id: bytes) -> bool:
        """Whether they may see a cohort's completions: administrators all, trainers their own."""
        return self.is_admin or cohort_id in self.trains


def standing(connection: Connection, learner_id: bytes) -> Standing:
    """What a learner is. Two statements."""
    subject = connection.scalar(_STAFF, {"learner": learner_id})
    places = connection.execute(_PLACES, {"learner": learner_id}).all()
    trained = [place for place in places if place.role == Role.TRAINER]
    return Standing(
        subject or (trained[0].id if trained else None),
        is_admin=subject is not None,
        trains=frozenset(place.cohort_id for place in trained),
        learns_in=frozenset(place.cohort_id for place in places if place.role == Role.LEARNER),
    )


def has_administrator(connection: Connection) -> bool:
    """Whether anybody administers this installation yet."""
    return connection.scalar(select(Staff.learner_id).limit(1)) is not None
