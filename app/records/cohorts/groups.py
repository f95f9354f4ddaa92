"""Cohorts themselves: made, renamed, archived; who is in them, and what they are to take."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from app.records.cohorts.tables import (
    KEEP_DAYS,
    LABEL_LENGTH,
    NAME_LENGTH,
    Assignment,
    Cohort,
    Membership,
    Published,
)
from app.records.crypto import random_id
from app.records.failures import RecordsFailure

#: The part that stands for a whole module among assignments and completions.
WHOLE = "module"


class NoSuchCohort(RecordsFailure):
    """No cohort has this id."""


class LabelTaken(RecordsFailure):
    """Somebody in this cohort is called so already, or so alike that they would be taken for one."""


class LabelUnusable(RecordsFailure):
    """A label must have between one and `LABEL_LENGTH` characters that can be seen."""


@dataclass(frozen=True)
class CohortFacts:
    """What a cohort is."""

    id: bytes
    name: str
    created_on: date
    archived_on: date | None
    keep_days: int

    @property
    def kept_until(self) -> date | None:
        """The last day on which its completions are kept; None while it isn't archived."""
        return self.archived_on + timedelta(days=self.keep_days) if self.archived_on else None


@dataclass(frozen=True)
class Assigned:
    """Something that a cohort is to take: a module or a part of one, and by when."""

    module: str
    part: str
    assigned_on: date
    due_on: date | None


@dataclass(frozen=True)
class Outlived:
    """A cohort that was deleted because its time was over, and how many places and shared completions went with it."""

    id: bytes
    places: int
    completions: int


#: What can't be seen though Unicode counts it among letters, marks and signs: fillers, joiners, variation selectors.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_FACTS = (Cohort.id, Cohort.name, Cohort.created_on, Cohort.archived_on, Cohort.keep_days)


def one_line(text: str) -> str:
    """A text without what can't be seen, or turns round what follows; perhaps nothing is left."""
    letters = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] != "C")
    return " ".join(_BLANK.sub("", letters).split())


def visible(label: str) -> str:
    """A label as it is shown: one line, without what can't be seen. Raises LabelUnusable."""
    shown = one_line(label)
    if not 1 <= len(shown) <= LABEL_LENGTH:
        raise LabelUnusable
    return shown


def label_key(label: str) -> str:
    """A label as labels are compared: no two that look alike are the same cohort's."""
    letters = unicodedata.normalize("NFKC", one_line(label)).casefold()
    return unicodedata.normalize("NFKC", letters)[: LABEL_LENGTH * 2]


def create(connection: Connection, name: str, today: date, keep_days: int = KEEP_DAYS) -> bytes:
    """A new cohort. Returns its id."""
    cohort_id = random_id()
    connection.execute(
        insert(Cohort).values(
            id=cohort_id, name=name[:NAME_LENGTH], created_on=today, archived_on=None, keep_days=keep_days
        )
    )
    return cohort_id


def find(connection: Connection, cohort_id: bytes) -> CohortFacts:
    """One cohort. Raises NoSuchCohort."""
    row = connection.execute(select(*_FACTS).where(Cohort.id == cohort_id)).first()
    if row is None:
        raise NoSuchCohort
    return CohortFacts(*row)


def rename(connection: Connection, cohort_id: bytes, name: str, keep_days: int) -> None:
    """Another name, and another time for which completions are kept."""
    changed = {"name": name[:NAME_LENGTH], "keep_days": keep_days}
    connection.execute(update(Cohort).where(Cohort.id == cohort_id).values(**changed))


def archive(connection: Connection, cohort_id: bytes, on: date | None) -> None:
    """End a cohort on a day, from which its retention counts; None opens it again."""
    connection.execute(update(Cohort).where(Cohort.id == cohort_id).values(archived_on=on))


def drop_outlived(connection: Connection, today: date) -> list[Outlived]:
    """Delete the cohorts whose retention has passed, with everything of theirs. Returns what went."""
    archived = connection.execute(select(*_FACTS).where(Cohort.archived_on.is_not(None))).all()
    over = [
        facts.id for facts in (CohortFacts(*row) for row in archived) if (facts.kept_until or today) < today
    ]
    return [gone for cohort_id in over if (gone := _dropped(connection, cohort_id))]


def _dropped(connection: Connection, cohort_id: bytes) -> Outlived | None:
    """Delete a cohort; None where another process was quicker."""
    theirs = select(Membership.id).where(Membership.cohort_id == cohort_id)
    places = connection.scalar(select(func.count()).select_from(theirs.subquery()))
    shared = select(func.count()).select_from(Published).where(Published.membership_id.in_(theirs))
    completions = connection.scalar(shared)
    if not connection.execute(delete(Cohort).where(Cohort.id == cohort_id)).rowcount:
        return None
    return Outlived(cohort_id, places or 0, completions or 0)


def leave(connection: Connection, membership_id: bytes, on: date) -> None:
    """From this day on nothing of this member is published."""
    connection.execute(update(Membership).where(Membership.id == membership_id).values(left_on=on))


def assign(
    connection: Connection, cohort_id: bytes, module: str, part: str, today: date, due_on: date | None
) -> None:
    """Give a cohort something to take; assigned again, only the day by which changes."""
    where = (Assignment.cohort_id == cohort_id, Assignment.module == module, Assignment.part == part)
    if connection.execute(update(Assignment).where(*where).values(due_on=due_on)).rowcount:
        return
    connection.execute(
        insert(Assignment).values(
            cohort_id=cohort_id, module=module, part=part, assigned_on=today, due_on=due_on
        )
    )


def unassign(connection: Connection, cohort_id: bytes, module: str, part: str) -> None:
    """Take an assignment back. What was published stays."""
    where = (Assignment.cohort_id == cohort_id, Assignment.module == module, Assignment.part == part)
    connection.execute(delete(Assignment).where(*where))


def assigned(connection: Connection, cohort_id: bytes) -> list[Assigned]:
    """What a cohort is to take, what is due first at first."""
    columns = (Assignment.module, Assignment.part, Assignment.assigned_on, Assignment.due_on)
    rows = connection.execute(select(*columns).where(Assignment.cohort_id == cohort_id)).all()
    found = [Assigned(*row) for row in rows]
    return sorted(found, key=lambda each: (each.due_on or date.max, each.assigned_on, each.module, each.part))
