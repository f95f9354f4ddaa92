"""Who completed what in a cohort: learners × modules, a page or all of it, by one grouped query.

The screen and both exports are made of the same statement, and nothing but what members published goes into it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
)

from app.records.cohorts.groups import WHOLE, label_key
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Membership, Published

#: Learners on a page.
PAGE = 50
#: Rows that a stream holds at a time.
_CHUNK = 500


class State(StrEnum):
    """How far a member is in a module, as far as they share it."""

    NOT_STARTED = "not-started"
    BEGUN = "begun"
    COMPLETE = "complete"


class Presence(StrEnum):
    """Whether somebody is in a cohort."""

    HERE = "here"
    EXPECTED = "expected"  # their place waits for them
    LEFT = "left"


#: Who counts unless it is said otherwise: everybody but those who left.
PRESENT = frozenset({Presence.HERE, Presence.EXPECTED})
BY_LABEL, BY_NUMBER = "label", "number"


@dataclass(frozen=True)
class Wanted:
    """Which lines of a cohort's matrix, and in which order.

    modules: the ids of its columns. module and state: only members who are there with it. order: `BY_LABEL`,
    `BY_NUMBER` (most complete first), or a module's id (complete first, the earliest at first).
    """

    modules: Sequence[str]
    presence: frozenset[Presence] = PRESENT
    module: str = ""
    state: State | None = None
    search: str = ""
    order: str = BY_LABEL


@dataclass(frozen=True)
class Cell:
    """A module that a member began: the day of its completion, or None."""

    done_on: date | None = None

    @property
    def state(self) -> State:
        """Begun or complete."""
        return State.BEGUN if self.done_on is None else State.COMPLETE

    def is_older_than(self, reviewed: date) -> bool:
        """Whether the module was completed before it was last reviewed."""
        return self.done_on is not None and self.done_on < reviewed


@dataclass(frozen=True)
class Line:
    """A member and the modules that they began; what isn't among the cells isn't started."""

    id: bytes
    label: str
    presence: Presence
    joined_on: date | None
    left_on: date | None
    cells: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def complete(self) -> int:
        """How many modules are complete."""
        return sum(cell.state is State.COMPLETE for cell in self.cells.values())

    def state(self, module: str) -> State:
        """How far they are in a module."""
        return self.cells[module].state if module in self.cells else State.NOT_STARTED


@dataclass(frozen=True)
class Page:
    """Some lines of a matrix. number: which page this is, of how many; total: lines on all of them."""

    lines: list[Line]
    number: int
    pages: int
    total: int


def page(connection: Connection, cohort_id: bytes, wanted: Wanted, number: int = 1) -> Page:
    """One page of a cohort's matrix, the nearest there is to the wanted number. Two statements."""
    counted = select(func.count()).select_from(Membership).where(*_filtered(cohort_id, wanted))
    total = int(connection.scalar(counted) or 0)
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    some = _members(cohort_id, wanted).limit(PAGE).offset((number - 1) * PAGE)
    return Page(list(_lines(connection.execute(_grouped(some, wanted.modules)))), number, pages, total)


def stream(connection: Connection, cohort_id: bytes, wanted: Wanted) -> Iterator[Line]:
    """Every line of a cohort's matrix, a few held at a time. One statement, whose transaction must stay open."""
    asked = _grouped(_members(cohort_id, wanted), wanted.modules)
    yield from _lines(connection.execute(asked, execution_options={"yield_per": _CHUNK}))


def learners_of(cohort_id: bytes, presence: Iterable[Presence] = PRESENT) -> ColumnElement[bool]:
    """A cohort's learners, those who are so present in it, as a condition on memberships."""
    return and_(
        Membership.cohort_id == cohort_id,
        Membership.role == Role.LEARNER.value,
        or_(false(), *(_IS[each] for each in presence)),
    )


def presence_of(learner_id: bytes | None, left_on: date | None) -> Presence:
    """Whether a member is there, by two columns of their row."""
    if left_on is not None:
        return Presence.LEFT
    return Presence.EXPECTED if learner_id is None else Presence.HERE


_IS: dict[Presence, ColumnElement[bool]] = {
    Presence.HERE: Membership.left_on.is_(None) & Membership.learner_id.is_not(None),
    Presence.EXPECTED: Membership.left_on.is_(None) & Membership.learner_id.is_(None),
    Presence.LEFT: Membership.left_on.is_not(None),
}


def _filtered(cohort_id: bytes, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [learners_of(cohort_id, wanted.presence)]
    if wanted.search:
        conditions.append(Membership.label_key.contains(label_key(wanted.search), autoescape=True))
    if wanted.state is not None:
        begun, complete = _begun(wanted.module), _complete(wanted.module)
        is_so = {State.COMPLETE: complete, State.BEGUN: begun & ~complete, State.NOT_STARTED: ~begun}
        conditions.append(is_so[wanted.state])
    return conditions


def _begun(module: str) -> ColumnElement[bool]:
    return exists().where(Published.membership_id == Membership.id, Published.module == module)


def _complete(module: str) -> ColumnElement[bool]:
    return _begun(module) & _done_on(module).is_not(None)


def _done_on(module: str) -> ScalarSelect[Any]:
    of_member = (
        Published.membership_id == Membership.id,
        Published.module == module,
        Published.part == WHOLE,
    )
    return select(Published.achieved_on).where(*of_member).scalar_subquery()


def _members(cohort_id: bytes, wanted: Wanted) -> Select[Any]:
    """The members of the lines, each with the number of its line."""
    by_label: list[ColumnElement[Any]] = [Membership.label_key.asc(), Membership.id.asc()]
    if wanted.order == BY_NUMBER:
        order = [_number_complete(wanted.modules).desc(), *by_label]
    elif wanted.order == BY_LABEL:
        order = by_label
    else:
        day = _done_on(wanted.order)
        order = [case((day.is_(None), 1), else_=0), day, case((_begun(wanted.order), 0), else_=1), *by_label]
    line = func.row_number().over(order_by=order).label("line")
    return select(line, *_COLUMNS).where(*_filtered(cohort_id, wanted)).order_by(line)


_COLUMNS = (Membership.id, Membership.label, Membership.learner_id, Membership.joined_on, Membership.left_on)


def _number_complete(modules: Sequence[str]) -> ScalarSelect[Any]:
    of_member = (Published.membership_id == Membership.id, Published.part == WHOLE)
    return select(func.count()).where(*of_member, Published.module.in_(modules)).scalar_subquery()


def _grouped(members: Select[Any], modules: Sequence[str]) -> Select[Any]:
    """The lines' cells: a row for each module that a member began, and one for who began none."""
    some = members.subquery()
    done_on = func.min(case((Published.part == WHOLE, Published.achieved_on)))
    begun = (Published.membership_id == some.c.id) & Published.module.in_(modules)
    return (
        select(*some.c, Published.module, done_on.label("done_on"))
        .outerjoin(Published, begun)
        .group_by(*some.c, Published.module)
        .order_by(some.c.line, Published.module)
    )


def _lines(rows: Iterable[Row[Any]]) -> Iterator[Line]:
    for _, of_member in groupby(rows, key=itemgetter(0)):
        cells = list(of_member)
        first = cells[0]
        yield Line(
            first.id,
            first.label,
            presence_of(first.learner_id, first.left_on),
            first.joined_on,
            first.left_on,
            {row.module: Cell(row.done_on) for row in cells if row.module is not None},
        )
