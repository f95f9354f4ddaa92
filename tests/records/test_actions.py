"""The log of actions: whatever is done to it past the kit shows, and who writes at once writes one chain."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from app.records import actions
from app.records.action_tables import Action
from app.records.actions import Fault, Head
from app.records.crypto import random_id
from app.records.database import Database
from tests.records.conftest import NOW

KEY = actions.log_key("the secret key of these tests")
LENGTH = 7


@pytest.fixture
def head(database: Database, tmp_path: Path) -> Path:
    """The file with the end of a log of seven entries."""
    file = tmp_path / "actions.head"
    for number in range(LENGTH):
        actions.keep_head(file, written(database, f"cohort-{number}"))
    return file


def written(database: Database, verb: str, key: bytes = KEY) -> Head:
    with database.changing() as connection:
        return actions.note(connection, key, NOW, random_id(), verb, random_id(), "3 parts")


def faults(database: Database, file: Path, latest: int | None = None) -> list[tuple[Fault, int]]:
    with database.reading() as session:
        return list(actions.faults(session.connection(), KEY, actions.kept_head(file), latest))


def renumber(connection: Connection, number: int, to: int) -> None:
    connection.execute(update(Action).where(Action.number == number).values(number=to))


def change(connection: Connection) -> None:
    connection.execute(update(Action).where(Action.number == 3).values(verb="something-else"))


def remove(connection: Connection) -> None:
    connection.execute(delete(Action).where(Action.number == 3))


def cut(connection: Connection) -> None:
    connection.execute(delete(Action).where(Action.number > LENGTH - 2))


def add(connection: Connection) -> None:
    for number in range(LENGTH, 3, -1):
        renumber(connection, number, number + 1)
    row = connection.execute(select(Action.__table__).where(Action.number == 3)).mappings().one()
    connection.execute(insert(Action).values(**{**row, "number": 4}))


def swap(connection: Connection) -> None:
    for number, to in ((3, 99), (4, 3), (99, 4)):
        renumber(connection, number, to)


def test_what_was_only_added_to_is_whole(database: Database, head: Path) -> None:
    assert faults(database, head) == []
    assert faults(database, head, latest=2) == []
    assert head.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (change, (Fault.CHANGED, 3)),
        (remove, (Fault.MISSING, 3)),
        (cut, (Fault.SHORTENED, LENGTH - 2)),
        (add, (Fault.CHANGED, 4)),
        (swap, (Fault.CHANGED, 3)),
    ],
)
def test_each_way_to_change_it_past_the_kit_is_found(
    database: Database, head: Path, tamper: Callable[[Connection], None], first: tuple[Fault, int]
) -> None:
    with database.changing() as connection:
        tamper(connection)

    assert faults(database, head)[0] == first


@pytest.mark.parametrize("field", ["at", "actor", "subject", "details", "chain"])
def test_no_field_of_an_entry_can_change(database: Database, head: Path, field: str) -> None:
    other = {"at": NOW + 1, "details": "4 parts", "chain": b"\1" * 32}.get(field, b"\1" * 16)
    with database.changing() as connection:
        connection.execute(update(Action).where(Action.number == LENGTH).values({field: other}))

    assert (Fault.CHANGED, LENGTH) in faults(database, head)


def test_a_lost_a_damaged_and_a_foreign_end_are_found(database: Database, head: Path) -> None:
    right = head.read_text()
    head.write_text(json.dumps({"number": 4, "chain": "00" * 32}))
    assert faults(database, head) == [(Fault.HEAD_FOREIGN, 4)]
    assert faults(database, head, latest=2) == [(Fault.HEAD_FOREIGN, 4)]

    head.write_text(right[:20])
    assert faults(database, head) == [(Fault.HEAD_LOST, LENGTH)]
    head.unlink()
    assert faults(database, head) == [(Fault.HEAD_LOST, LENGTH)]
    head.write_text(right)
    assert faults(database, head) == []


def test_an_emptied_log_is_a_shortened_one(database: Database, head: Path) -> None:
    with database.changing() as connection:
        connection.execute(delete(Action))

    assert faults(database, head) == [(Fault.SHORTENED, 0)]


def test_an_entry_under_another_key_is_a_changed_one(database: Database, head: Path) -> None:
    actions.keep_head(head, written(database, "cohort-made", key=actions.log_key("another")))

    assert faults(database, head) == [(Fault.CHANGED, LENGTH + 1)]


def test_looking_at_the_latest_finds_what_is_among_them_and_says_nothing_of_the_rest(
    database: Database, head: Path
) -> None:
    with database.changing() as connection:
        change(connection)

    assert faults(database, head, latest=LENGTH - 2)[0] == (Fault.CHANGED, 3)
    assert faults(database, head, latest=LENGTH - 3) == []


def test_the_kept_end_never_goes_back_but_when_another_log_is_put_in_its_place(
    database: Database, head: Path
) -> None:
    kept = actions.kept_head(head)
    actions.keep_head(head, Head(2, b"\2" * 32))
    assert actions.kept_head(head) == kept

    actions.replace_head(head, Head(2, b"\2" * 32))
    assert actions.kept_head(head) == Head(2, b"\2" * 32)


def test_those_who_write_at_once_write_one_chain(database: Database, tmp_path: Path) -> None:
    file, failed = tmp_path / "actions.head", []
    ready = threading.Barrier(4)

    def write() -> None:
        try:
            ready.wait(10)
            for _ in range(10):
                actions.keep_head(file, written(database, "cohort-made"))
        except Exception as failure:  # noqa: BLE001 - shown below
            failed.append(failure)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert faults(database, file) == []
    with database.reading() as session:
        assert session.scalar(select(func.max(Action.number))) == 40
    assert actions.kept_head(file) is not None
    assert actions.kept_head(file).number == 40
