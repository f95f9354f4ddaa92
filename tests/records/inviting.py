"""A cohort of a database, and what is done with it, each in one line."""

from datetime import date, timedelta

from sqlalchemy import func, select

from app.records.cohorts import groups
from app.records.cohorts import people as places
from app.records.cohorts.invitations import (
    Offer,
    enrol,
    invite,
    look,
)
from app.records.cohorts.roles import Role
from app.records.keyring import NewPassphrase, Opened
from app.records.vault import Vault
from tests.records.conftest import NOW, PASSPHRASE, People

TODAY = date(2026, 11, 25)
SOON = TODAY + timedelta(days=14)


class Cohort:
    """One cohort of a database, and what is done with it, each in one line."""

    def __init__(self, people: People):
        self.people, self.database = people, people.database
        with self.database.changing() as connection:
            self.id = groups.create(connection, "Taller de marzo", TODAY)

    def code(self, role: Role = Role.LEARNER, uses: int | None = 1, until: date = SOON) -> str:
        with self.database.changing() as connection:
            where = None if role is Role.ADMIN else self.id
            return invite(connection, role=role, cohort_id=where, today=TODAY, expires_on=until, uses=uses)

    def join(self, code: str, label: str, vault: Vault, on: date = TODAY) -> bytes:
        with self.database.changing() as connection:
            return enrol(connection, vault, code, label, on, shares_all=False)

    def keep(self, name: str, code: str, label: str) -> Opened:
        """Keep nothing under a passphrase, and join with it: one transaction."""
        return self.people.keyring.keep_from_nothing(
            NewPassphrase(name, PASSPHRASE),
            NOW,
            lambda connection, vault: enrol(connection, vault, code, label, TODAY, shares_all=False),
        )

    def look(self, code: str, on: date = TODAY) -> Offer:
        with self.database.asking() as asking:
            return look(asking, code, on)

    def count(self, table: type) -> int:
        with self.database.asking() as asking:
            return asking.scalar(select(func.count()).select_from(table)) or 0

    def labels(self) -> list[str]:
        with self.database.asking() as asking:
            return [member.label for member in places.members(asking, self.id)[0]]
