"""When storage fails: by name, with nothing changed, and without a word of what was being kept."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event, literal_column, select, table, text

from app.records.database import Database
from app.records.failures import (
    RecordDamaged,
    RecordsFailure,
    StatementRefused,
    StorageBusy,
    StorageFull,
    StorageReadOnly,
    StorageUnavailable,
    ValueNotOfItsType,
)
from app.records.notebook import Ref
from app.records.tables import KeyWrap, Learner
from app.records.vault import Vault, create_vault, lock_learner
from tests import postgresql
from tests.records.conftest import NOW, PASSPHRASE, People, people_of

SECRET = "mi hermana vive en la calle del Sol"


def everything_said(failure: BaseException | None) -> str:
    """All that a log of the whole chain of causes could print."""
    said = ""
    while failure is not None:
        said += repr(failure) + str(failure) + repr(vars(failure))
        failure = failure.__cause__ or failure.__context__
    return said


def chain(failure: BaseException) -> list[BaseException]:
    return [other for other in (failure.__cause__, failure.__context__) if other is not None]


def test_a_full_disk_is_named_and_changes_nothing(sqlite_people: People):
    guest = sqlite_people.guest()
    sqlite_people.write(guest.vault, "phone", "prepaid")
    with limited(sqlite_people.database) as full, pytest.raises(StorageFull) as failure:
        people_of(full).write(guest.vault, "phone", SECRET * 20_000)

    assert not chain(failure.value)
    assert SECRET not in everything_said(failure.value)
    assert sqlite_people.read(guest.vault, "phone") == "prepaid"


@contextmanager
def limited(database: Database) -> Iterator[Database]:
    """The same file, which may not grow by more than a few pages."""
    limited = Database(database.url.render_as_string())
    event.listen(limited.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count=40").close())
    yield limited
    limited.close()


def test_a_disk_that_is_really_full_is_named_and_changes_nothing(prepared_file: Path, tmp_path: Path):
    with small_disk(tmp_path) as disk:
        (disk / "records.sqlite3").write_bytes(prepared_file.read_bytes())
        database = Database(f"sqlite:///{disk / 'records.sqlite3'}")
        people = people_of(database)
        guest = people.guest()
        people.write(guest.vault, "phone", "prepaid")
        with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
            while ballast.write(b"x" * 65536):
                pass

        with pytest.raises(StorageFull):
            fill(people, guest.vault)

        assert people.read(guest.vault, "phone") == "prepaid"
        (disk / "ballast").unlink()
        people.write(guest.vault, "phone", "written once there was room again")
        assert people.read(guest.vault, "phone") == "written once there was room again"
        database.close()


def fill(people: People, vault: Vault) -> None:
    for number in range(200):
        people.write(vault, f"note {number}", "x" * 60_000)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    where = folder / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(where)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no small disk can be mounted here: run as root to test a full one")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def test_a_database_that_may_only_be_read_is_named_and_still_read(sqlite_people: People):
    kept = sqlite_people.kept()
    sqlite_people.write(kept.vault, "phone", "prepaid")
    url = f"sqlite:///file:{sqlite_people.database.file}?mode=ro&uri=true"
    people = people_of(Database(url))

    for change in (
        lambda: people.write(kept.vault, "phone", SECRET),
        people.guest,
        lambda: people.keyring.sign_out(kept.token),
    ):
        with pytest.raises(StorageReadOnly) as failure:
            change()
        assert not chain(failure.value)

    assert people.read(people.resume(kept.token).vault, "phone") == "prepaid"
    people.database.close()


def test_a_server_that_may_only_be_read_is_named(postgres_people: People):
    url = postgres_people.database.url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    people = people_of(Database(url.render_as_string(hide_password=False)))

    with pytest.raises(StorageReadOnly):
        people.guest()
    people.database.close()


def test_readings_cannot_write_on_a_server(postgres_people: People):
    with pytest.raises(StorageReadOnly), postgres_people.database.reading() as session:
        create_vault(session)


def test_a_reading_sees_one_state_whatever_is_written_meanwhile(people: People):
    count = text("SELECT count(*) FROM learner")
    people.guest()

    with people.database.reading() as session:
        before = session.scalar(count)
        people.guest()
        assert session.scalar(count) == before
    with people.database.reading() as session:
        assert session.scalar(count) == before + 1


def test_a_writer_elsewhere_that_does_not_end_is_named_busy(sqlite_people: People):
    guest = sqlite_people.guest()
    file = sqlite_people.database.file
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = Database(f"sqlite:///{file}")
        event.listen(impatient.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=1").close())

        with pytest.raises(StorageBusy) as failure:
            people_of(impatient).write(guest.vault, "phone", SECRET)
        assert not chain(failure.value)
        other.execute("ROLLBACK")

        people_of(impatient).write(guest.vault, "phone", "prepaid")
        impatient.close()
    assert sqlite_people.read(guest.vault, "phone") == "prepaid"


def test_a_record_that_another_held_up_is_filed_at_the_second_try(sqlite_people: People):
    guest, file = sqlite_people.guest(), sqlite_people.database.file
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = Database(f"sqlite:///{file}")
        event.listen(impatient.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=1").close())
        event.listen(impatient.engine, "handle_error", lambda _: other.rollback())

        people_of(impatient).notebook(guest.vault).save({Ref("note", "phone"): "prepaid"})
        impatient.close()
    assert sqlite_people.read(guest.vault, "phone") == "prepaid"


def test_a_learner_who_is_being_written_by_another_worker_that_hangs_is_named_busy(postgres_people: People):
    guest = postgres_people.guest()
    impatient = Database(postgres_people.database.url.render_as_string(hide_password=False))
    with impatient.engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "15s"
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
    impatient.close()
    event.listen(impatient.engine, "connect", lambda raw, _: raw.execute("SET lock_timeout = '20ms'"))
    event.listen(impatient.engine, "connect", lambda raw, _: raw.commit())

    with postgres_people.database.writing() as hangs:
        lock_learner(hangs, guest.vault.learner_id)
        with pytest.raises(StorageBusy) as failure:
            people_of(impatient).write(guest.vault, "phone", SECRET)

    assert not chain(failure.value)
    people_of(impatient).write(guest.vault, "phone", "prepaid")
    assert postgres_people.read(guest.vault, "phone") == "prepaid"
    impatient.close()


def test_running_out_of_connections_is_named_busy(sqlite: Database):
    narrow = Database(sqlite.url.render_as_string(), connections=1)
    narrow.engine.pool._timeout = 0.01  # type: ignore[attr-defined]
    with narrow.reading() as one, narrow.reading() as two:
        one.connection()
        two.connection()
        with pytest.raises(StorageBusy), narrow.reading() as three:
            three.connection()
    narrow.close()


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to be taken for one" * 100])
def test_a_file_that_is_no_database_is_named_unavailable(tmp_path: Path, content: bytes):
    file = tmp_path / "records.sqlite3"
    file.write_bytes(content)
    database = Database(f"sqlite:///{file}" if content else f"sqlite:///{tmp_path / 'missing' / 'x.sqlite3'}")

    with pytest.raises(StorageUnavailable) as failure, database.reading() as session:
        session.execute(text("SELECT * FROM learner"))
    assert not chain(failure.value)
    database.close()


@pytest.mark.postgresql
def test_a_server_that_goes_away_is_named_and_comes_back():
    with postgresql.private() as server:
        database = Database(server.create_prepared())
        people = people_of(database)
        guest = people.guest()
        people.write(guest.vault, "phone", "prepaid")

        server.stop()
        for attempt in (
            lambda: people.write(guest.vault, "phone", SECRET),
            lambda: people.read(guest.vault, "phone"),
        ):
            with pytest.raises(StorageUnavailable) as failure:
                attempt()
            assert not chain(failure.value)

        server.start()
        assert people.read(guest.vault, "phone") == "prepaid"

        def stopped_within_a_transaction() -> None:
            with database.writing() as session:
                create_vault(session)
                server.stop()
                session.execute(text("SELECT 1"))

        with pytest.raises(StorageUnavailable):
            stopped_within_a_transaction()
        server.start()
        with database.reading() as session:
            assert session.scalars(select(Learner.id)).all() == [guest.vault.learner_id]
        database.close()


def test_what_the_database_refuses_is_named_by_its_constraint_and_quotes_nothing(people: People):
    people.guest()
    marked = b"a value that must not be told..."

    def twice() -> None:
        with people.database.writing() as session:
            learner = session.query(Learner).first()
            assert learner is not None
            for _ in range(2):
                session.execute(
                    KeyWrap.__table__.insert().values(
                        tag=marked, learner_id=learner.id, kind="recovery", sealed=SECRET.encode()
                    )
                )

    with pytest.raises(StatementRefused) as failure:
        twice()

    assert "key_wrap" in str(failure.value)
    said = everything_said(failure.value)
    for trace in (marked.decode(), marked.hex(), SECRET, SECRET.encode().hex(), "INSERT"):
        assert trace not in said
    assert not chain(failure.value)


def test_a_row_that_refers_to_nobody_is_refused_without_being_quoted(people: People):
    with pytest.raises(StatementRefused) as failure, people.database.writing() as session:
        session.add(KeyWrap(tag=b"t" * 32, learner_id=b"nobody's id here", kind="session", sealed=b"s"))

    said = everything_said(failure.value)
    assert b"nobody's id here".hex() not in said
    assert "nobody" not in said


def test_a_failure_inside_the_handling_of_another_keeps_its_silence(people: People):
    def fails_again() -> None:
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            with people.database.writing() as session:
                session.execute(select(literal_column(f"'{SECRET}'")).select_from(table("no_such_table")))

    with pytest.raises(RecordsFailure) as failure:
        fails_again()
    assert SECRET not in everything_said(failure.value)


def test_an_answer_that_no_longer_fits_its_type_is_damaged_and_quoted_nowhere(people: People):
    guest = people.guest()
    people.write(guest.vault, "phone", SECRET)

    with pytest.raises(RecordDamaged) as failure:
        people.notebook(guest.vault).load(Ref("note", "phone"), int, 0)

    assert not chain(failure.value)
    assert SECRET not in everything_said(failure.value)


@pytest.mark.filterwarnings("error")
def test_an_answer_of_the_wrong_type_is_refused_and_quoted_nowhere(people: People):
    guest = people.guest()

    with (
        pytest.raises(ValueNotOfItsType) as failure,
        people.notebook(guest.vault).editing(Ref("note", "phone"), int, 0) as editing,
    ):
        editing.value = SECRET  # type: ignore[assignment]

    assert not chain(failure.value)
    assert SECRET not in everything_said(failure.value)


def test_the_engine_never_prints_parameters(people: People):
    assert people.database.engine.hide_parameters


def test_a_passphrase_is_in_no_failure_of_signing_in(people: People):
    people.kept()
    with pytest.raises(RecordsFailure) as failure:
        people.sign_in(passphrase=PASSPHRASE + "x", now=NOW)

    assert PASSPHRASE not in everything_said(failure.value)
