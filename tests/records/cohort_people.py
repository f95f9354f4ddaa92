"""A cohort of made-up members, drawn by Hypothesis, and the plain rows that its tables hold."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st
from sqlalchemy import Connection, update

from app.records.cohorts import groups
from app.records.cohorts.invitations import place
from app.records.cohorts.matrix import Presence
from app.records.cohorts.publishing import share
from app.records.cohorts.tables import Membership
from app.records.crypto import random_id
from app.records.database import Database
from app.records.tables import Learner

MODULES = ("doxxing", "risk", "lures")
PARTS = ("lessons", "checklist", "quiz", "module")
DAY = date(2026, 11, 25)


@dataclass
class Made:
    """A member as the tests know them. shared: days by module and part."""

    label: str
    presence: Presence = Presence.HERE
    shared: dict[tuple[str, str], date] = field(default_factory=dict)
    id: bytes = b""

    def state(self, module: str) -> str:
        parts = {part for shared, part in self.shared if shared == module}
        return "complete" if "module" in parts else "begun" if parts else "not-started"

    def done_on(self, module: str) -> date | None:
        return self.shared.get((module, "module"))


_DAYS = st.integers(0, 40).map(lambda days: DAY - timedelta(days=days))
_SHARED = st.dictionaries(
    st.tuples(st.sampled_from([*MODULES, "no-longer-taught"]), st.sampled_from(PARTS)), _DAYS, max_size=8
)
#: What people may call themselves, with what programs take for formulas, and what looks like a pattern of a search.
_LABELS = st.one_of(
    st.from_regex(r"folio[0-9]{1,3}", fullmatch=True),
    st.sampled_from(['=HYPERLINK("http://x")', "+1", "-2", "@suma", "100%", "a_b", "Ñandú", "0012", "'x", 'a";=1']),
)  # fmt: skip
MEMBERS = st.lists(
    st.builds(Made, _LABELS, st.sampled_from(list(Presence)), _SHARED),
    max_size=8,
    unique_by=lambda made: groups.label_key(made.label),
)


def cohort_of(database: Database, members: list[Made]) -> bytes:
    """A fresh cohort with these members. Returns its id, and gives the members theirs."""
    with database.changing() as connection:
        cohort = groups.create(connection, "Taller", DAY)
        for made in members:
            made.id = place(connection, cohort, made.label)
            _settle(connection, made)
    return cohort


def _settle(connection: Connection, made: Made) -> None:
    if made.presence is not Presence.EXPECTED:
        learner = random_id()
        connection.execute(Learner.__table__.insert().values(id=learner, key_check=learner))
        values = {"learner_id": learner, "joined_on": DAY}
        connection.execute(update(Membership).where(Membership.id == made.id).values(**values))
    if made.presence is Presence.LEFT:
        groups.leave(connection, made.id, DAY)
    for (module, part), day in made.shared.items():
        share(connection, made.id, module, part, day)
