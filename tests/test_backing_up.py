"""Backing up and restoring as whoever runs a machine does it: with commands."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.records import actions, backups, schema, sealedfile
from app.records.backuplines import as_line
from app.records.database import Database
from app.records.erasure import delete_learner, digest
from app.records.hashing import HashingCost, PassphraseHasher
from app.records.keyring import Keyring, NewPassphrase
from app.records.passphrases import Credentials
from app.records.sessions import Lifetimes
from app.records.tables import Erasure
from config import CHECKOUT
from tests.records.newsroom import earlier_revisions, lines_of_then, take_back

PASSPHRASE = "farol caracol ventana tormenta pincel arena"
THEIRS = "nube tractor limon puente violin escarcha"
SECRET_KEY = "a secret key of the tests, which signs nothing of anybody"


@dataclass
class Machine:
    """A machine with a data folder and somebody who types commands."""

    data: Path
    secret_key: str = SECRET_KEY

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RESGUARDO_", "DATABASE_"))}
        own = {"RESGUARDO_DATA_DIR": str(self.data), "RESGUARDO_HASH_MEMORY_MIB": "19"}
        return kept | own | {"SECRET_KEY": self.secret_key}

    def run(self, *words: str | Path, typed: str = PASSPHRASE) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *map(str, words)],
            cwd=CHECKOUT, env=self.environment, input=typed + "\n", capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def with_records(self, what: Callable[[Database, Keyring], object]) -> object:
        database = Database(f"sqlite:///{self.data / 'resguardo.sqlite3'}")
        schema.prepare(database)
        hasher = PassphraseHasher(HashingCost(64, 1))
        try:
            return what(database, Keyring(database, hasher, b"\7" * 32, Lifetimes()))
        finally:
            database.close()

    def keep(self, *names: str) -> list[bytes]:
        def keep(_database: Database, keyring: Keyring) -> list[bytes]:
            kept = [keyring.keep_from_nothing(NewPassphrase(name, THEIRS), 1_700_000_000) for name in names]
            return [each.vault.learner_id for each in kept]

        return self.with_records(keep)  # type: ignore[return-value]

    def opens(self, name: str) -> bool:
        def opens(_database: Database, keyring: Keyring) -> bool:
            try:
                keyring.sign_in(Credentials.typed(name, THEIRS), "", 1_800_000_000)
            except Exception as failure:  # noqa: BLE001 - which one is told
                return type(failure).__name__ != "WrongPassphrase"
            return True

        return bool(self.with_records(opens))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "data")


@pytest.fixture
def new_machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "another")


def test_after_a_disaster_all_come_back_but_those_who_were_deleted_since(
    machine: Machine, new_machine: Machine, tmp_path: Path
) -> None:
    file, deleted = tmp_path / "records.backup", tmp_path / "deleted.txt"
    golondrina, _halcon = machine.keep("Golondrina", "Halcón")
    until = date.today() + timedelta(days=30)  # noqa: DTZ011 - the machine's day

    code, said = machine.run("backup", file)
    assert code == 0, said
    assert file.stat().st_mode & 0o777 == 0o600
    machine.with_records(lambda database, _: delete_learner(database, golondrina))
    code, said = machine.run("deletions", deleted)
    assert (code, "1 deletions are listed" in said) == (0, True)

    code, said = new_machine.run("restore", file, "--deletions", deleted)

    assert code == 0, said
    assert "Forgotten again, because they were deleted since: 1." in said
    assert new_machine.opens("halcon")
    assert not new_machine.opens("golondrina")
    assert until.isoformat() in file.read_bytes()[:400].decode("ascii", "ignore")
    assert new_machine.run("actions", "verify") == (0, "The log is whole: 1 entries.\n")


def test_a_backup_says_until_when_it_is_good_and_overwrites_nothing(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "records.backup"
    machine.keep("Golondrina")

    code, said = machine.run("backup", file, "--days", "7")
    assert code == 0, said
    assert (date.today() + timedelta(days=7)).isoformat() in said  # noqa: DTZ011 - the machine's day
    before = file.read_bytes()

    code, said = machine.run("backup", file)
    assert (code, "there already" in said) == (1, True)
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == [file.name]


def test_a_new_backup_takes_the_place_of_those_beside_it_that_have_expired(
    machine: Machine, tmp_path: Path
) -> None:
    machine.keep("Golondrina")
    folder, elsewhere = tmp_path / "backups", tmp_path / "elsewhere"
    for where in (folder, elsewhere, folder / "deeper"):
        where.mkdir()
        machine.with_records(lambda database, _, to=where: _old_backup(database, to / "of-2020.backup"))
    expired = (folder / "of-2020.backup").read_bytes()
    beginning = expired.partition(b"\n")[0]
    assert machine.run("backup", folder / "good.backup", "--days", "1")[0] == 0
    assert not (folder / "of-2020.backup").exists()
    (folder / "of-2020-again").write_bytes(expired)
    (folder / "link").symlink_to(elsewhere / "of-2020.backup")
    others = {
        "list.txt": b"resguardo-deletions 1\nend 0\n",
        "header-only": beginning,
        "changed": expired.replace(b"2020-01-31", b"2019-01-31", 1),
        "newer": expired.replace(b'"version": 1', b'"version": 2', 1),
        "empty": b"",
        "records.sqlite3": (machine.data / "resguardo.sqlite3").read_bytes(),
    }
    for name, body in others.items():
        (folder / name).write_bytes(body)

    code, said = machine.run("backup", folder / "kept.backup", "--keep-expired")
    assert (code, "Deleted" in said, (folder / "of-2020-again").exists()) == (0, False, True)
    code, said = machine.run("backup", folder / "new.backup")

    assert (code, said.count("Deleted, because it had expired")) == (0, 1)
    left = {each.name for each in folder.iterdir()}
    assert left == {*others, "good.backup", "kept.backup", "new.backup", "link", "deeper"}
    assert {name: (folder / name).read_bytes() for name in others} == others
    assert (elsewhere / "of-2020.backup").exists()
    assert (folder / "deeper" / "of-2020.backup").exists()


@pytest.mark.parametrize(
    ("passphrase", "why"), [("", "too-short"), ("contraseña123456", "can be guessed"), ("corta", "too-short")]
)
def test_a_passphrase_that_can_be_guessed_is_refused(
    machine: Machine, tmp_path: Path, passphrase: str, why: str
) -> None:
    code, said = machine.run("backup", tmp_path / "records.backup", typed=passphrase)

    assert (code, why in said) == (1, True)
    assert not (tmp_path / "records.backup").exists()


def test_what_stands_in_the_way_is_said_and_nothing_changes(
    machine: Machine, new_machine: Machine, tmp_path: Path
) -> None:
    file, cut, other = tmp_path / "records.backup", tmp_path / "cut", tmp_path / "other"
    machine.keep("Golondrina")
    machine.run("backup", file)
    cut.write_bytes(file.read_bytes()[:-50])
    other.write_text("resguardo-deletions 1\n")

    for words, typed, why in (
        (("restore", file), "no es esta la frase de paso", "doesn't open"),
        (("restore", cut), PASSPHRASE, "cut short"),
        (("restore", other), PASSPHRASE, "no backup"),
        (("restore", file, "--deletions", other), PASSPHRASE, "list of deletions"),
        (("restore", tmp_path / "nowhere"), PASSPHRASE, "does not exist"),
    ):
        code, said = new_machine.run(*words, typed=typed)
        assert code != 0
        assert why in said
        assert "Traceback" not in said
    assert not new_machine.opens("golondrina")
    code, said = machine.run("restore", file)
    assert (code, "--replace" in said) == (1, True)


def test_an_expired_backup_is_refused_unless_it_must_be(
    machine: Machine, new_machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "records.backup"
    machine.keep("Golondrina")
    machine.with_records(lambda database, _: _old_backup(database, file))

    code, said = new_machine.run("restore", file)
    assert (code, "has expired" in said) == (1, True)
    assert not new_machine.opens("golondrina")

    assert new_machine.run("restore", file, "--expired-too")[0] == 0
    assert new_machine.opens("golondrina")


def _old_backup(database: Database, file: Path) -> None:
    day = date(2020, 1, 31)
    with database.reading() as session:
        _write_backup(backups.lines(session.connection(), day, day), file, day)


def _write_backup(lines: Iterator[bytes], file: Path, until: date) -> None:
    def key_of(salt: bytes, cost: HashingCost) -> bytes:
        return PassphraseHasher().backup_key(salt, PASSPHRASE, cost)

    with file.open("wb") as out:
        sealedfile.written(lines, out, until, HashingCost(64, 1), key_of)


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(
    machine: Machine, new_machine: Machine, tmp_path: Path
) -> None:
    file, deleted = tmp_path / "records.backup", tmp_path / "deleted.txt"
    golondrina, _halcon = machine.keep("Golondrina", "Halcón")
    machine.with_records(lambda database, _: _earlier_backup(database, file))
    new_machine.keep("Nadie")
    new_machine.with_records(lambda database, _: _forget(database, golondrina))
    assert new_machine.run("deletions", deleted)[0] == 0

    code, said = new_machine.run("restore", file, "--replace", "--deletions", deleted)

    assert code == 0, said
    assert "made by an older version of the kit, and was brought up to this one" in said
    assert "Forgotten again, because they were deleted since: 1." in said
    assert new_machine.opens("halcon")
    assert not new_machine.opens("golondrina")
    assert not new_machine.opens("nadie")
    assert new_machine.run("actions", "verify") == (0, "The log is whole: 1 entries.\n")


def _earlier_backup(database: Database, file: Path) -> None:
    """A backup as a kit of the first tables would have made it."""
    take_back(database, earlier_revisions()[0])
    today = date.today()  # noqa: DTZ011 - the machine's day
    facts = {"revision": earlier_revisions()[0], "made_on": str(today), "expires_on": str(today)}
    _write_backup(iter([as_line(facts), *lines_of_then(database)[1:]]), file, today)


def _forget(database: Database, learner_id: bytes) -> None:
    with database.writing() as session:
        session.add(Erasure(digest=digest(learner_id), finished=True))


def test_replacing_backs_up_first_and_the_log_goes_on(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "records.backup"
    machine.keep("Golondrina")
    machine.run("backup", file)
    machine.keep("Halcón")
    for _ in range(3):
        machine.with_records(lambda database, _: _act(database, machine.data / "actions.head"))

    code, said = machine.run("restore", file, "--replace")

    assert code == 0, said
    assert not machine.opens("halcon")
    assert machine.run("actions", "verify") == (0, "The log is whole: 1 entries.\n")
    (before,) = (machine.data / "backups").glob("before-restore-*.backup")
    assert before.stat().st_mode & 0o777 == 0o600
    assert machine.run("restore", before, "--replace")[0] == 0
    assert machine.opens("halcon")
    assert machine.run("actions", "verify") == (0, "The log is whole: 4 entries.\n")


def _act(database: Database, head: Path) -> None:
    with database.changing() as connection:
        end = actions.note(connection, actions.log_key(SECRET_KEY), 1, b"\1" * 16, "cohort-made", None)
    actions.keep_head(head, end)


def test_another_secret_key_is_said_to_be_missing(
    machine: Machine, new_machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "records.backup"
    machine.keep("Golondrina")
    machine.with_records(lambda database, _: _act(database, machine.data / "actions.head"))
    machine.run("backup", file)
    new_machine.secret_key = "another secret key of the tests, of another machine"

    code, said = new_machine.run("restore", file)

    assert (code, "Put the secret key of then back" in said) == (0, True)
    assert new_machine.run("actions", "verify")[0] == 1
    new_machine.secret_key = SECRET_KEY
    assert new_machine.run("actions", "verify") == (0, "The log is whole: 1 entries.\n")


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
def test_on_a_terminal_the_passphrase_is_asked_for_twice_and_never_shown(
    machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "records.backup"
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(CHECKOUT)
        command = [sys.executable, "-m", "app.cli", "backup", str(file)]
        os.execve(sys.executable, command, machine.environment)  # noqa: S606 - no shell is wanted
    shown = b""
    for asked in (b"Passphrase of the backup: ", b"Repeat for confirmation: "):
        while asked not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, PASSPHRASE.encode() + b"\n")
    while True:
        try:
            shown += os.read(terminal, 1000)
        except OSError:
            break
    _, status = os.waitpid(pid, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert file.exists()
    assert PASSPHRASE.encode() not in shown
