"""People of an installation with cohorts: an administrator, trainers and learners of two cohorts."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask

from app.learning.progress import Completion
from app.records.cohorts import groups
from app.records.cohorts.invitations import enrol, invite
from app.records.cohorts.publishing import publish
from app.records.cohorts.roles import Role
from app.records.notebook import Ref
from app.web.kept import COMPLETION
from tests.web.readers import Reader, kit_of, notebook_of


@dataclass
class House:
    """Two cohorts, "Taller de marzo" and "Otra redacción", and who is in them; each at a browser of their own."""

    app: Flask
    cohort: bytes
    other_cohort: bytes
    people: dict[str, Reader]
    #: The random ids by which the cohorts know them.
    places: dict[str, bytes]

    def __getitem__(self, who: str) -> Reader:
        return self.people[who]

    @property
    def base(self) -> str:
        """Where the first cohort's pages begin."""
        return f"admin/cohorts/{self.cohort.hex()}/"


def member(
    app: Flask, reader: Reader, cohort: bytes | None, role: Role, label: str, *, shares_all: bool = False
) -> bytes:
    """Make somebody who kept their progress a member, or an administrator. Returns the random id of their place."""
    kit = kit_of(app)
    today = kit.today()
    with kit.database.changing() as connection:
        code = invite(
            connection, role=role, cohort_id=cohort, today=today, expires_on=today + timedelta(days=3)
        )
        return enrol(connection, notebook_of(reader).vault, code, label, today, shares_all=shares_all)


def house_of(app: Flask, language: str = "es") -> House:
    """Everybody, signed in."""
    kit = kit_of(app)
    with kit.database.changing() as connection:
        cohort = groups.create(connection, "Taller de marzo", kit.today())
        other = groups.create(connection, "Otra redacción", kit.today())
    wanted = {
        "admin": (None, Role.ADMIN),
        "trainer": (cohort, Role.TRAINER),
        "learner": (cohort, Role.LEARNER),
        "other trainer": (other, Role.TRAINER),
        "other learner": (other, Role.LEARNER),
    }
    people, places = {}, {}
    for who, (where, role) in wanted.items():
        people[who] = Reader(app, language)
        people[who].keep(f"clave {who}")
        places[who] = member(app, people[who], where, role, f"Folio {who}")
    people |= {who: Reader(app, language) for who in ("kept", "guest", "nobody")}
    people["kept"].keep("nadie en particular")
    people["guest"].answer()
    return House(app, cohort, other, people, places)


def assign(house: House, module: str, part: str = groups.WHOLE, due_on: date | None = None) -> None:
    """Give the first cohort something to take."""
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        groups.assign(connection, house.cohort, module, part, kit.today(), due_on)


def completed(house: House, who: str, module: str) -> None:
    """Somebody completes a module that the first cohort asks for: it is done, and shared."""
    kit, reader = kit_of(house.app), house[who]
    notebook_of(reader).save({Ref(COMPLETION, module): Completion(kit.today())})
    with kit.database.changing() as connection:
        done = {(module, groups.WHOLE): kit.today()}
        publish(connection, notebook_of(reader).vault.learner_id, done)
