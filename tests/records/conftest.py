"""Real databases, cheap hashing, and a few people to write records as."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app.records.database import Database
from app.records.hashing import HashingCost, PassphraseHasher
from app.records.keyring import Keyring, NewPassphrase, Opened
from app.records.notebook import Notebook, Ref
from app.records.passphrases import Credentials
from app.records.sessions import Lifetimes, OpenSession, resume_session
from app.records.tables import SealedRecord
from app.records.vault import Vault
from tests import postgresql

CHEAP = HashingCost(memory_kib=64, iterations=1, lanes=1)
HOST_SECRET = b"this machine's secret, 32 bytes."
NOW = 1_700_000_000
PASSPHRASE = "seis palabras que nadie junta jamas"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.running() as server:
        yield server


@pytest.fixture
def sqlite(prepared_file: Path) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="resguardo-", dir=postgresql.in_memory()) as folder:
        file = Path(folder) / "records.sqlite3"
        shutil.copy(prepared_file, file)
        database = Database(f"sqlite:///{file}")
        yield database
        database.close()


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[Database]:
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    database = Database(server.prepared())
    yield database
    database.close()
    server.empty(server.prepared())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgresql)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, both kinds."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        yield database
        database.close()
        return
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    url = server.create()
    database = Database(url)
    yield database
    database.close()
    server.drop(url)


@dataclass
class People:
    """Learners of one database, and what they do, each in one line."""

    database: Database
    keyring: Keyring
    lifetimes: Lifetimes

    def guest(self, now: int = NOW) -> OpenSession:
        return self.resume(self.keyring.begin_as_guest(now).token, now)

    def kept(self, pseudonym: str = "Golondrina", passphrase: str = PASSPHRASE, now: int = NOW) -> Opened:
        return self.keyring.keep_from_nothing(NewPassphrase(pseudonym, passphrase), now)

    def sign_in(
        self, pseudonym: str = "Golondrina", passphrase: str = PASSPHRASE, now: int = NOW, device: str = ""
    ) -> Opened:
        return self.keyring.sign_in(Credentials.typed(pseudonym, passphrase), device, now)

    def resume(self, token: bytes, now: int = NOW, host_secret: bytes = HOST_SECRET) -> OpenSession:
        with self.database.reading() as session:
            return resume_session(session, token, host_secret, self.lifetimes, now)

    def notebook(self, vault: Vault) -> Notebook:
        return Notebook(self.database, vault)

    def write(self, vault: Vault, name: str, value: str) -> None:
        with self.notebook(vault).editing(Ref("note", name), str, "") as editing:
            editing.value = value

    def read(self, vault: Vault, name: str) -> str:
        return self.notebook(vault).load(Ref("note", name), str, "")

    def rows(self, vault: Vault) -> list[SealedRecord]:
        with self.database.reading() as session:
            return list(
                session.scalars(select(SealedRecord).where(SealedRecord.learner_id == vault.learner_id))
            )


def people_of(database: Database, hasher: PassphraseHasher | None = None) -> People:
    lifetimes = Lifetimes()
    # Tests may sign in from many threads: more may wait, for longer, than the kit allows.
    gate = hasher or PassphraseHasher(CHEAP, at_once=4, waiting=1000, patience=60)
    return People(database, Keyring(database, gate, HOST_SECRET, lifetimes), lifetimes)


@pytest.fixture
def people(database: Database) -> People:
    return people_of(database)


@pytest.fixture
def sqlite_people(sqlite: Database) -> People:
    return people_of(sqlite)


@pytest.fixture
def postgres_people(postgres: Database) -> People:
    return people_of(postgres)
