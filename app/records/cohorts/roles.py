"""Who may see and change what: administrators, trainers of their cohorts, learners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """What somebody is in this installation.

    subject: an administrator's random id. trains: the ids of a trainer's places, by the cohorts'.
    """

    subject: bytes | None = None
    trains: Mapping[bytes, bytes] = field(default_factory=dict)
    learns_in: frozenset[bytes] = frozenset()

    @property
    def is_admin(self) -> bool:
        """Whether they administer this installation."""
        return self.subject is not None

    @property
    def is_staff(self) -> bool:
        """Whether they may open the administration at all."""
        return self.is_admin or bool(self.trains)

    def may_see(self, cohort_id: bytes) -> bool:
        """Whether they may see a cohort's completions: administrators all, trainers their own."""
        return self.is_admin or cohort_id in self.trains

    def acts_as(self, cohort_id: bytes | None) -> bytes | None:
        """By which random id the log of actions names them there; None for whoever may do nothing there.

        A trainer's is their place in that very cohort: else the log would tell which places are one person's.
        """
        return self.subject or self.trains.get(cohort_id or b"")


def standing(connection: Connection, learner_id: bytes) -> Standing:
    """What a learner is. Two statements."""
    places = connection.execute(_PLACES, {"learner": learner_id}).all()
    return Standing(
        connection.scalar(_STAFF, {"learner": learner_id}),
        trains={place.cohort_id: place.id for place in places if place.role == Role.TRAINER},
        learns_in=frozenset(place.cohort_id for place in places if place.role == Role.LEARNER),
    )


def has_administrator(connection: Connection) -> bool:
    """Whether anybody administers this installation yet."""
    return connection.scalar(select(Staff.learner_id).limit(1)) is not None
