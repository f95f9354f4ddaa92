"""Completions that members share: written when a part is done, never read back into a vault."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select, text

from app.records.cohorts.groups import WHOLE
from app.records.cohorts.tables import Assignment, Cohort, Membership

#: A part of a module that was done, by the module's id and the part's name; `WHOLE` for all of it.
Achieved = Mapping[tuple[str, str], date]


@dataclass(frozen=True)
class KeptBack:
    """What somebody did and doesn't share with a cohort of theirs.

    always: what they chose to keep to themselves on joining. unless_asked: what was done before they chose to share
    everything from then on; where it is assigned, it is shared like everybody's.
    """

    always: Collection[tuple[str, str]] = ()
    unless_asked: Collection[tuple[str, str]] = ()


#: What is kept back, by the ids of memberships.
Withheld = Mapping[bytes, KeptBack]

_PLACES = (
    select(
        Membership.id,
        Membership.cohort_id,
        Membership.label,
        Membership.shares_all,
        Membership.joined_on,
        Membership.reissued_on,
        Cohort.name,
        Cohort.keep_days,
    )
    .join(Cohort, Cohort.id == Membership.cohort_id)
    .where(
        Membership.learner_id == bindparam("learner"),
        Membership.role == "learner",
        Membership.left_on.is_(None),
        Cohort.archived_on.is_(None),
    )
)
_ASSIGNED = select(Assignment.cohort_id, Assignment.module, Assignment.part).where(
    Assignment.cohort_id.in_(bindparam("cohorts", expanding=True))
)
_ADD = text(
    "INSERT INTO published (membership_id, module, part, achieved_on)"
    " VALUES (:membership_id, :module, :part, :achieved_on) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Place:
    """A cohort that somebody learns in, and what they share there."""

    membership_id: bytes
    cohort_id: bytes
    label: str
    shares_all: bool
    joined_on: date | None
    reissued_on: date | None
    cohort: str
    keep_days: int


def places_of(connection: Connection, learner_id: bytes) -> list[Place]:
    """Where a learner learns now. Archived cohorts, and those that they left, are none of them."""
    return [Place(*row) for row in connection.execute(_PLACES, {"learner": learner_id}).all()]


def publish(
    connection: Connection, learner_id: bytes, achieved: Achieved, withheld: Withheld | None = None
) -> int:
    """Share what was done where it was assigned, or where the member shares everything. Returns how many rows are new.

    A part of a module that was assigned whole counts as assigned. What was shared before keeps its day, and what is
    kept back isn't shared.
    """
    places = places_of(connection, learner_id)
    if not places or not achieved:
        return 0
    rows = connection.execute(_ASSIGNED, {"cohorts": [place.cohort_id for place in places]}).all()
    asked: dict[bytes, set[tuple[str, str]]] = {}
    for row in rows:
        asked.setdefault(row.cohort_id, set()).add((row.module, row.part))
    new = 0
    for place in places:
        kept_back = (withheld or {}).get(place.membership_id, KeptBack())
        for (module, part), day in achieved.items():
            if (module, part) in kept_back.always:
                continue
            is_theirs = place.shares_all and (module, part) not in kept_back.unless_asked
            if is_theirs or _is_asked(asked.get(place.cohort_id, set()), module, part):
                new += share(connection, place.membership_id, module, part, day)
    return new


def share(connection: Connection, membership_id: bytes, module: str, part: str, day: date) -> int:
    """Share one completion with one cohort, whatever is assigned there: what a learner chose to publish."""
    row = {"membership_id": membership_id, "module": module, "part": part, "achieved_on": day}
    return int(connection.execute(_ADD, row).rowcount)


def _is_asked(asked: Collection[tuple[str, str]], module: str, part: str) -> bool:
    return (module, part) in asked or (module, WHOLE) in asked
