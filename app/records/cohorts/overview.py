"""The list of cohorts with their numbers: one grouped query, whatever their size."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select

from app.records.cohorts.tables import Cohort, Membership


@dataclass(frozen=True)
class CohortRow:
    """A cohort and how many learn in it, are expected, and train it."""

    id: bytes
    name: str
    archived_on: date | None
    learners: int
    expected: int
    trainers: int


def overview(connection: Connection, only: Collection[bytes] | None = None) -> list[CohortRow]:
    """Every cohort, or those of these ids; what is archived comes last."""
    here = Membership.left_on.is_(None)
    learning = here & (Membership.role == "learner")

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    asked = (
        select(
            Cohort.id,
            Cohort.name,
            Cohort.archived_on,
            counted(learning & Membership.learner_id.is_not(None)),
            counted(learning & Membership.learner_id.is_(None) & Membership.id.is_not(None)),
            counted(here & (Membership.role == "trainer") & Membership.learner_id.is_not(None)),
        )
        .outerjoin(Membership, Membership.cohort_id == Cohort.id)
        .group_by(Cohort.id, Cohort.name, Cohort.archived_on)
    )
    if only is not None:
        asked = asked.where(Cohort.id.in_(only))
    rows = [CohortRow(row[0], row[1], row[2], *map(int, row[3:])) for row in connection.execute(asked).all()]
    return sorted(rows, key=lambda row: (row.archived_on is not None, row.name.casefold(), row.id))
