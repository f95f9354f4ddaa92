"""What a learner's cohorts ask of them, and what of it is shared there already: one statement, whatever the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, bindparam, select

from app.records.cohorts.groups import WHOLE
from app.records.cohorts.tables import Assignment, Cohort, Membership, Published

_ASKED = (
    select(
        Membership.id,
        Cohort.name,
        Assignment.module,
        Assignment.part,
        Assignment.assigned_on,
        Assignment.due_on,
        Published.part.label("shared_part"),
        Published.achieved_on,
    )
    .join(Cohort, Cohort.id == Membership.cohort_id)
    .join(Assignment, Assignment.cohort_id == Cohort.id)
    .outerjoin(
        Published,
        and_(Published.membership_id == Membership.id, Published.module == Assignment.module),
    )
    .where(
        Membership.learner_id == bindparam("learner"),
        Membership.role == "learner",
        Membership.left_on.is_(None),
        Cohort.archived_on.is_(None),
    )
)


@dataclass(frozen=True)
class Asked:
    """Something that a cohort asks of a learner. shared: what of its module is shared there, with the days."""

    membership_id: bytes
    cohort: str
    module: str
    part: str
    assigned_on: date
    due_on: date | None
    shared: Mapping[str, date]

    @property
    def shared_on(self) -> date | None:
        """The day on which it was done, as it is shared; None while it isn't shared."""
        return self.shared.get(self.part)

    def covers(self, part: str) -> bool:
        """Whether a part of its module is asked for by it."""
        return self.part in {part, WHOLE}


def asked_of(connection: Connection, learner_id: bytes) -> list[Asked]:
    """What is asked of a learner, what is due first at first. Archived cohorts, and those they left, ask nothing."""
    shared: dict[tuple[bytes, str, str], dict[str, date]] = {}
    facts: dict[tuple[bytes, str, str], tuple[str, date, date | None]] = {}
    for row in connection.execute(_ASKED, {"learner": learner_id}).all():
        key = (row.id, row.module, row.part)
        facts[key] = (row.name, row.assigned_on, row.due_on)
        parts = shared.setdefault(key, {})
        if row.shared_part is not None:
            parts[row.shared_part] = row.achieved_on
    found = [
        Asked(place, cohort, module, part, assigned_on, due_on, shared[place, module, part])
        for (place, module, part), (cohort, assigned_on, due_on) in facts.items()
    ]
    return sorted(found, key=lambda each: (each.due_on or date.max, each.cohort, each.module, each.part))
