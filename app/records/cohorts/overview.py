"""The list of cohorts with their numbers, a page at a time: two statements, whatever the number and the size."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, literal, select

from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Cohort, Membership

#: Cohorts on a page.
PAGE = 50
#: Up to how many are counted: beyond, a list says that there are more, and a cohort's own page how many.
COUNTED_TO = 1_000


@dataclass(frozen=True)
class CohortRow:
    """A cohort and how many learn in it, are expected, and train it: `COUNTED_TO` and one for any number beyond."""

    id: bytes
    name: str
    archived_on: date | None
    learners: int
    expected: int
    trainers: int


@dataclass(frozen=True)
class CohortPage:
    """Some of the cohorts. number: which page this is, of how many."""

    rows: list[CohortRow]
    number: int
    pages: int


def overview(connection: Connection, only: Collection[bytes] | None = None, number: int = 1) -> CohortPage:
    """One page of all cohorts, or of those of these ids, by name; what is archived comes last."""
    order = (Cohort.archived_on.is_not(None), func.lower(Cohort.name), Cohort.id)
    asked = select(Cohort.id, Cohort.name, Cohort.archived_on, func.count().over())
    if only is not None:
        asked = asked.where(Cohort.id.in_(only))
    some = asked.order_by(*order).limit(PAGE).offset((number - 1) * PAGE)
    shown = connection.execute(some).all()
    # Apart from the list: in it, those that are on no page would be counted, too.
    counts = select(
        Cohort.id,
        _counted(Role.LEARNER, Membership.learner_id.is_not(None)),
        _counted(Role.LEARNER, Membership.learner_id.is_(None)),
        _counted(Role.TRAINER, Membership.learner_id.is_not(None)),
    ).where(Cohort.id.in_([row.id for row in shown]))
    numbers = {row[0]: row[1:] for row in connection.execute(counts).all()}
    rows = [CohortRow(row.id, row.name, row.archived_on, *numbers[row.id]) for row in shown]
    return CohortPage(rows, number, -(-int(shown[0][-1]) // PAGE) if shown else 1)


def _counted(role: Role, taken: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many places of a cohort are so, as far as they are counted: in an index alone, and no further."""
    of_cohort = (
        Membership.cohort_id == Cohort.id,
        Membership.role == role.value,
        Membership.left_on.is_(None),
    )
    places = select(literal(1)).where(*of_cohort, taken).correlate(Cohort).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(places).scalar_subquery()
