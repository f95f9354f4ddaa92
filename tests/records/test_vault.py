"""Sealed records and wraps as they stand in the tables: nothing that was touched passes for what it was."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.records.crypto import SIZE_CLASSES, keyed_hash, random_key
from app.records.database import Database
from app.records.failures import RecordDamaged, ValueNotOfItsType
from app.records.keyring import NewPassphrase
from app.records.notebook import Notebook, Ref
from app.records.tables import KeyWrap, Learner, SealedRecord
from app.records.vault import (
    Vault,
    WrapKind,
    WrappingKey,
    create_vault,
    open_wrap,
    recovery_key,
    session_key,
    wrap,
)
from tests.records.conftest import HOST_SECRET, NOW, PASSPHRASE, People

names = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=2000)
#: The databases of a test are made once for all its examples: each example uses a learner of its own.
shared = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("length", [0, 1, 200, 243, 244, 1000, 5000, 65_536, 300_000])
def test_a_stored_body_says_only_its_size_class(sqlite_people: People, length: int):
    guest = sqlite_people.guest()
    sqlite_people.write(guest.vault, "a", "x" * length)

    (row,) = sqlite_people.rows(guest.vault)

    size = len(row.body) - 12 - 16
    assert size in SIZE_CLASSES or size % SIZE_CLASSES[-1] == 0
    assert sqlite_people.read(guest.vault, "a") == "x" * length


@shared
@given(kind=names, name=names, value=texts)
def test_any_text_comes_back_as_it_was_written(people: People, kind: str, name: str, value: str):
    vault = people.keyring.begin_as_guest(NOW).vault
    notebook = people.notebook(vault)

    with notebook.editing(Ref(kind, name), str, "") as editing:
        editing.value = value

    assert notebook.load(Ref(kind, name), str, "none") == value
    assert notebook.everything() == ([(Ref(kind, name), value)], 0)


@pytest.mark.parametrize(
    "value", ["", "\x00", "a\x00b", "💥🕊️ 𝕬", "ñ\u0301", "\u202e", "\ud800", "línea\r\nlínea\n", "x" * 200_000]
)
def test_awkward_texts_come_back(people: People, value: str):
    guest = people.guest()
    people.write(guest.vault, "a", value)

    assert people.read(guest.vault, "a") == value


def test_typed_values_come_back_typed(people: People):
    notebook = people.notebook(people.guest().vault)
    days = {date(2026, 1, 31): ["a"], date(2026, 2, 1): []}

    with notebook.editing(Ref("days"), dict[date, list[str]], {}) as editing:
        editing.value = days

    assert notebook.load(Ref("days"), dict[date, list[str]], {}) == days


def test_the_same_value_sent_twice_succeeds_twice_and_is_sealed_anew(people: People):
    guest = people.guest()
    people.write(guest.vault, "a", "same")
    (first,) = people.rows(guest.vault)
    people.write(guest.vault, "a", "same")
    (second,) = people.rows(guest.vault)

    assert people.read(guest.vault, "a") == "same"
    assert first.address == second.address
    assert first.revision != second.revision
    assert first.body != second.body


def test_two_learners_who_write_the_same_have_nothing_in_common_in_the_tables(people: People):
    one, two = people.guest().vault, people.guest().vault
    people.write(one, "a", "same")
    people.write(two, "a", "same")
    (first,), (second,) = people.rows(one), people.rows(two)

    assert first.address != second.address
    assert first.body != second.body


def damage(people: People, vault: Vault, name: str, **columns: bytes) -> None:
    address = keyed_hash(vault.address_key(), "note", name)
    with people.database.writing() as session:
        session.execute(
            update(SealedRecord)
            .where(SealedRecord.learner_id == vault.learner_id, SealedRecord.address == address)
            .values(**columns)
        )


@shared
@given(data=st.data())
def test_a_touched_record_is_noticed_and_the_others_still_open(people: People, data: st.DataObject):
    vault = people.keyring.begin_as_guest(NOW).vault
    people.write(vault, "phone", "prepaid")
    people.write(vault, "route", "changes")
    by_address = {row.address: row for row in people.rows(vault)}
    row = by_address[keyed_hash(vault.address_key(), "note", "phone")]
    column = data.draw(st.sampled_from(["body", "revision"]))
    value = bytearray(getattr(row, column))
    if data.draw(st.booleans()):
        value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    else:
        del value[data.draw(st.integers(0, len(value) - 1)) :]
    damage(people, vault, "phone", **{column: bytes(value)})

    refs = [Ref("note", "phone"), Ref("note", "route"), Ref("note", "never written")]
    loaded = people.notebook(vault).load_many(refs, str)

    assert loaded.values == {Ref("note", "route"): "changes"}
    assert loaded.damaged == {Ref("note", "phone")}
    with pytest.raises(RecordDamaged):
        people.read(vault, "phone")
    assert people.notebook(vault).everything() == ([(Ref("note", "route"), "changes")], 1)


def test_records_that_swapped_places_are_noticed(people: People):
    vault = people.guest().vault
    people.write(vault, "phone", "prepaid")
    people.write(vault, "route", "changes")
    phone, route = sorted(
        people.rows(vault), key=lambda row: row.address != keyed_hash(vault.address_key(), "note", "phone")
    )
    damage(people, vault, "phone", body=route.body, revision=route.revision)
    damage(people, vault, "route", body=phone.body, revision=phone.revision)

    assert people.notebook(vault).everything() == ([], 2)


def test_a_record_taken_from_another_learner_is_noticed(people: People):
    one, two = people.guest().vault, people.guest().vault
    people.write(one, "phone", "ours")
    people.write(two, "phone", "theirs")
    (theirs,) = people.rows(two)
    damage(people, one, "phone", body=theirs.body, revision=theirs.revision)

    with pytest.raises(RecordDamaged):
        people.read(one, "phone")


def test_a_record_moved_to_another_learner_with_the_same_key_is_noticed(people: People):
    vault = people.guest().vault
    people.write(vault, "phone", "ours")
    (row,) = people.rows(vault)
    twin = Vault(b"t" * 16, vault.data_key)
    with people.database.writing() as session:
        session.add(Learner(id=twin.learner_id, key_check=twin.key_check()))
        session.flush()
        session.add(
            SealedRecord(
                learner_id=twin.learner_id, address=row.address, revision=row.revision, body=row.body
            )
        )

    assert people.notebook(twin).everything() == ([], 1)


def test_bytes_pushed_from_address_to_revision_are_noticed(people: People):
    vault = people.guest().vault
    people.write(vault, "phone", "ours")
    (row,) = people.rows(vault)
    damage(people, vault, "phone", address=row.address[:-1], revision=row.address[-1:] + row.revision)

    assert people.notebook(vault).everything() == ([], 1)


def test_a_damaged_record_is_replaced_and_the_editing_says_so(people: People):
    vault = people.guest().vault
    people.write(vault, "phone", "prepaid")
    damage(people, vault, "phone", body=b"")

    with people.notebook(vault).editing(Ref("note", "phone"), str, "nothing yet") as editing:
        assert editing.replaces_damaged
        assert editing.value == "nothing yet"
        editing.value = "new"

    assert people.read(vault, "phone") == "new"


def test_a_failure_while_editing_changes_nothing(people: People):
    vault = people.guest().vault
    people.write(vault, "phone", "prepaid")

    with (
        pytest.raises(ZeroDivisionError),
        people.notebook(vault).editing(Ref("note", "phone"), str, "") as editing,
    ):
        editing.value = str(1 / 0)

    assert people.read(vault, "phone") == "prepaid"


@pytest.mark.parametrize(("kind", "value"), [(int, "three"), (list[int], ["a"]), (str, 7), (date, "soon")])
def test_a_value_that_could_not_be_read_back_is_not_written(people: People, kind: type, value: object):
    vault = people.guest().vault

    with (
        pytest.raises(ValueNotOfItsType),
        people.notebook(vault).editing(Ref("note", "a"), kind, None) as editing,
    ):
        editing.value = value

    assert people.rows(vault) == []


def stored(session: Session) -> tuple[Vault, WrappingKey, KeyWrap]:
    vault, by = create_vault(session), recovery_key("7K2QX" * 5)
    wrap(session, vault, by)
    session.flush()
    return vault, by, session.query(KeyWrap).one()


def test_a_wrap_that_was_touched_or_moved_opens_nothing(sqlite: Database):
    with sqlite.writing() as session:
        vault, by, found = stored(session)
        assert open_wrap(found, by) == vault
        sealed = found.sealed
        for at in range(len(sealed)):
            found.sealed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
            assert open_wrap(found, by) is None
        found.sealed = sealed
        other = create_vault(session)
        found.learner_id = other.learner_id
        assert open_wrap(found, by) is None
        found.learner_id = vault.learner_id
        assert open_wrap(found, WrappingKey(WrapKind.PASSPHRASE, by.tag, by.key)) is None


def test_a_session_opens_only_with_the_token_and_the_hosts_secret():
    by, elsewhere = session_key(b"t" * 32, HOST_SECRET), session_key(b"t" * 32, b"another host" * 3)

    assert by.tag == elsewhere.tag
    assert by.key != elsewhere.key


def test_a_passphrase_wrap_is_found_by_neither_the_name_nor_the_passphrase_alone(people: People):
    people.kept("Golondrina", PASSPHRASE)
    people.keyring.keep_from_nothing(NewPassphrase("Cenzontle", PASSPHRASE), NOW)

    with people.database.reading() as session:
        wraps = session.query(KeyWrap).filter_by(kind="passphrase").all()

    assert len({found.tag for found in wraps}) == 2
    assert len({found.tag[:8] for found in wraps}) == 2


def test_the_tables_keep_no_order_of_events(sqlite: Database):
    with sqlite.reading() as session:
        made = session.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")).all()

    ordered = {name for name, sql in made if "WITHOUT ROWID" not in sql}
    # The log of actions is one of administrators, and has an order: that is what it is for.
    assert ordered <= {"alembic_version", "installation", "action"}


def test_a_notebook_of_a_wrong_key_finds_nothing(people: People):
    guest = people.guest()
    people.write(guest.vault, "phone", "prepaid")
    stranger = Notebook(people.database, Vault(guest.vault.learner_id, random_key()))

    assert stranger.load(Ref("note", "phone"), str, "nothing") == "nothing"
    assert stranger.everything() == ([], 1)
