"""A cohort in the records alone, and what its members complete, each in one line."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.records.cohorts import groups
from app.records.cohorts.groups import WHOLE
from app.records.cohorts.invitations import enrol, invite
from app.records.cohorts.publishing import publish
from app.records.cohorts.roles import Role
from app.records.vault import Vault
from tests.records.conftest import People

TODAY = date(2026, 11, 25)


@dataclass
class Group:
    """One cohort of a database."""

    people: People
    id: bytes

    def join(self, vault: Vault, label: str, role: Role = Role.LEARNER, *, shares_all: bool = False) -> bytes:
        """Make somebody a member. Returns the id of their place."""
        with self.people.database.changing() as connection:
            code = invite(
                connection,
                role=role,
                cohort_id=self.id,
                today=TODAY,
                expires_on=TODAY + timedelta(days=1),
            )
            return enrol(connection, vault, code, label, TODAY, shares_all=shares_all)

    def assign(self, module: str, part: str = WHOLE, due_on: date | None = None, on: date = TODAY) -> None:
        with self.people.database.changing() as connection:
            groups.assign(connection, self.id, module, part, on, due_on)

    def complete(self, vault: Vault, *modules: str, on: date = TODAY) -> int:
        """Share completions of whole modules, as far as they are asked for."""
        with self.people.database.changing() as connection:
            return publish(connection, vault.learner_id, {(module, WHOLE): on for module in modules})


def group_of(people: People, name: str = "Taller de marzo") -> Group:
    with people.database.changing() as connection:
        return Group(people, groups.create(connection, name, TODAY))
