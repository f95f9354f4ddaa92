"""A newsroom's records, and backups of them, each step in one line."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, delete, func, insert, select

from app.records import actions, backups, schema, sealedfile
from app.records.backuplines import as_line, outward
from app.records.cohorts import groups, publishing
from app.records.cohorts.campaign_tables import Campaign, Slot
from app.records.cohorts.invitations import enrol, invite
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Certificate, Membership
from app.records.crypto import random_id
from app.records.database import Database
from app.records.hashing import PassphraseHasher
from app.records.tables import Base, Erasure, Installation
from app.records.vault import Vault
from tests.records.conftest import CHEAP, NOW, People, people_of

TODAY = date(2026, 11, 24)
PASSPHRASE = "farol caracol ventana tormenta pincel arena"
KEY = actions.log_key("the secret key of these tests")


def key_of(passphrase: str = PASSPHRASE) -> sealedfile.KeyOfFile:
    return lambda salt, cost: PassphraseHasher().backup_key(salt, passphrase, cost)


def backup(database: Database, days: int = 30, passphrase: str = PASSPHRASE) -> bytes:
    file, until = io.BytesIO(), backups.expiry(TODAY, days)
    with database.reading() as session:
        lines = backups.lines(session.connection(), TODAY, until)
        sealedfile.written(lines, file, until, CHEAP, key_of(passphrase))
    return file.getvalue()


def lines_of(whole: bytes, passphrase: str = PASSPHRASE) -> Iterator[bytes]:
    file = io.BytesIO(whole)
    yield from sealedfile.lines_of(file, sealedfile.opened(file, key_of(passphrase)))


def restore(
    database: Database, whole: bytes, deleted: frozenset[bytes] = frozenset(), *, replacing: bool = False
) -> backups.Restored:
    return backups.restore(database, lines_of(whole), deleted, replacing=replacing)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted(tuple(row) for row in session.execute(select(table)))
            if table is not Membership.__table__
            else sorted((tuple(row) for row in session.execute(select(table))), key=lambda row: row[0])
            for table in backups.TABLES
            if table not in {Erasure.__table__, Campaign.__table__}
        }


@dataclass
class Newsroom:
    """Two who learn in a cohort and one who doesn't, a guest, a campaign, an invitation and a log."""

    people: People
    golondrina: Vault
    halcon: Vault
    alone: Vault

    @property
    def database(self) -> Database:
        return self.people.database


def newsroom_in(database: Database) -> Newsroom:
    people = people_of(database)
    guest = people.guest()
    people.write(guest.vault, "guest", "nada de esto se guarda")
    vaults = [people.kept(name).vault for name in ("Golondrina", "Halcón", "Nadie")]
    for number, vault in enumerate(vaults):
        people.write(vault, "note", f"nota {number} «ñ» 语")
    with database.changing() as connection:
        cohort = groups.create(connection, "Taller de marzo", TODAY)
        groups.assign(connection, cohort, "doxxing", "module", TODAY, TODAY + timedelta(days=9))
        for vault, label in zip(vaults[:2], ("Folio 17", "Folio 18"), strict=True):
            place = enrol(connection, vault, new_code(connection, cohort), label, TODAY, shares_all=True)
            publishing.publish(connection, vault.learner_id, {("doxxing", "quiz"): TODAY})
            issued = {"id": random_id(), "membership_id": place, "module": "doxxing", "issued_on": TODAY}
            connection.execute(insert(Certificate).values(**issued))
        new_code(connection, cohort)
        campaign = random_id()
        connection.execute(
            insert(Campaign).values(
                id=campaign, cohort_id=cohort, module="doxxing", opened_on=TODAY, closes_on=TODAY
            )
        )
        over = {
            "id": random_id(),
            "opened_on": TODAY,
            "closes_on": TODAY,
            "closed_on": TODAY,
            "outcome": "{}",
        }
        connection.execute(insert(Campaign).values(cohort_id=cohort, module="doxxing", **over))
        slots = [
            {"campaign_id": campaign, "address": os.urandom(32), "body": os.urandom(99)} for _ in range(9)
        ]
        connection.execute(insert(Slot), slots)
        actions.note(connection, KEY, NOW, random_id(), "cohort-made", cohort)
    return Newsroom(people, *vaults)


def new_code(connection: Connection, cohort: bytes) -> str:
    return invite(connection, role=Role.LEARNER, cohort_id=cohort, today=TODAY, expires_on=TODAY)


def destroy(database: Database) -> None:
    with database.changing() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
        connection.execute(insert(Installation).values(id=1, salt=b"\6" * 32))


def counted(database: Database, *tables: type[Base]) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def earlier_revisions() -> list[str]:
    """Every revision of the tables but the newest, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    return [revision for revision in reversed(found) if revision != schema.HEAD]


def take_back(database: Database, revision: str) -> None:
    """Make the tables what they were in an earlier revision. What they couldn't hold is gone."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.upgrading() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def lines_of_then(database: Database) -> list[bytes]:
    """The lines of a backup as a kit of this database's revision would have written them."""
    with database.reading() as session:
        connection, then = session.connection(), MetaData()
        then.reflect(connection)
        revision = schema.revision(connection)
        lines = [as_line({"revision": revision, "made_on": str(TODAY), "expires_on": str(TODAY)})]
        tables = [t for t in then.sorted_tables if t.name not in {*backups.LEFT_OUT, "alembic_version"}]
        rows = 0
        for table in tables:
            lines.append(as_line({"table": table.name, "columns": list(table.columns.keys())}))
            for row in connection.execute(select(table)):
                values = zip(table.columns, row, strict=True)
                lines.append(as_line([outward(column.type, value) for column, value in values]))
                rows += 1
    return [*lines, as_line({"rows": rows})]
