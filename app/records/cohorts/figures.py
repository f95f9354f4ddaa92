"""A cohort in figures: how many completed each module, and in which week. The same rows as the matrix, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, case, func, select

from app.records.cohorts.groups import WHOLE
from app.records.cohorts.matrix import Presence, learners_of
from app.records.cohorts.tables import Membership, Published

#: Weeks that are told apart; what was completed earlier is one number.
WEEKS = 52
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ModuleFigures:
    """How many of a cohort's learners are how far in a module."""

    module: str
    complete: int
    begun: int
    not_started: int


@dataclass(frozen=True)
class Summary:
    """Each module's figures. learners: who is there or expected, and `expected` of them have not come yet."""

    learners: int
    expected: int
    modules: list[ModuleFigures]


@dataclass(frozen=True)
class Week:
    """How many modules were completed in the seven days from a Monday on."""

    begins: date
    complete: int


@dataclass(frozen=True)
class OverTime:
    """Completions by week, weeks without any among them, and how many there were before the first of them."""

    before: int
    weeks: list[Week]


def summary(connection: Connection, cohort_id: bytes, modules: Sequence[str]) -> Summary:
    """The figures of these modules, over everybody who didn't leave. Two statements."""
    here = func.sum(case((learners_of(cohort_id, [Presence.HERE]), 1), else_=0))
    learners, joined = connection.execute(select(func.count(), here).where(learners_of(cohort_id))).one()
    of_members = (
        select(
            Published.module,
            func.max(case((Published.part == WHOLE, 1), else_=0)).label("complete"),
        )
        .join(Membership, Membership.id == Published.membership_id)
        .where(learners_of(cohort_id), Published.module.in_(modules))
        .group_by(Published.module, Published.membership_id)
        .subquery()
    )
    counted = select(of_members.c.module, func.count(), func.sum(of_members.c.complete)).group_by(
        of_members.c.module
    )
    found = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(counted)}
    figures = []
    for module in modules:
        known, complete = found.get(module, (0, 0))
        figures.append(ModuleFigures(module, complete, known - complete, learners - known))
    return Summary(learners, learners - int(joined or 0), figures)


def over_time(
    connection: Connection, cohort_id: bytes, modules: Sequence[str], weeks: int = WEEKS
) -> OverTime:
    """When these modules were completed by everybody who didn't leave: the latest weeks. One statement."""
    counted = (
        select(Published.achieved_on, func.count())
        .join(Membership, Membership.id == Published.membership_id)
        .where(learners_of(cohort_id), Published.part == WHOLE, Published.module.in_(modules))
        .group_by(Published.achieved_on)
    )
    by_week: dict[date, int] = {}
    for day, complete in connection.execute(counted):
        monday = day - timedelta(days=day.weekday())
        by_week[monday] = by_week.get(monday, 0) + complete
    if not by_week:
        return OverTime(0, [])
    last = max(by_week)
    first = max(min(by_week), last - min((weeks - 1) * _WEEK, last - date.min))
    shown = [first + number * _WEEK for number in range((last - first) // _WEEK + 1)]
    before = sum(complete for monday, complete in by_week.items() if monday < first)
    return OverTime(before, [Week(monday, by_week.get(monday, 0)) for monday in shown])
