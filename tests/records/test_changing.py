"""Changing what was read a moment ago: in one step if it still stands, else with what stands there now."""

import pytest

from app.records import erasure
from app.records.failures import SessionEnded, StorageBusy, ValueNotOfItsType, VaultGone
from app.records.keyring import Credentials, NewPassphrase
from app.records.notebook import Notebook, Ref
from tests.records.conftest import NOW, PASSPHRASE, People
from tests.records.test_concurrency import OTHER, together
from tests.records.test_vault import damage

REF = Ref("note", "phone")


def added(value: str) -> str:
    return value + "!"


def read(people: People, notebook: Notebook) -> str:
    return people.notebook(notebook.vault).load(REF, str, "")


@pytest.fixture
def notebook(people: People) -> Notebook:
    """Somebody's, who has just read what they wrote."""
    vault = people.guest().vault
    people.write(vault, "phone", "prepaid")
    notebook = people.notebook(vault)
    notebook.load(REF, str, "")
    return notebook


def test_what_was_read_and_still_stands_is_changed(people: People, notebook: Notebook):
    seen = []

    changed = notebook.change(REF, str, "", lambda value: (seen.append(value), added(value))[1])

    assert (changed.value, changed.replaces_damaged) == ("prepaid!", False)
    assert seen == ["prepaid"]
    assert read(people, notebook) == "prepaid!"


def test_what_was_replaced_meanwhile_is_changed_as_it_stands_now(people: People, notebook: Notebook):
    people.write(notebook.vault, "phone", "newer")
    seen = []

    notebook.change(REF, str, "", lambda value: (seen.append(value), added(value))[1])

    assert seen == ["prepaid", "newer"]
    assert read(people, notebook) == "newer!"


def test_two_changes_in_a_row_both_stand(people: People, notebook: Notebook):
    notebook.change(REF, str, "", added)
    notebook.change(REF, str, "", added)

    assert read(people, notebook) == "prepaid!!"


def test_what_was_never_there_is_changed_from_the_default(people: People):
    notebook = people.notebook(people.guest().vault)
    assert notebook.load(REF, str, "nothing") == "nothing"

    notebook.change(REF, str, "nothing", added)

    assert read(people, notebook) == "nothing!"


def test_what_was_damaged_meanwhile_is_replaced_and_said(people: People, notebook: Notebook):
    damage(people, notebook.vault, "phone", body=b"", revision=b"r" * 16)

    changed = notebook.change(REF, str, "nothing", added)

    assert (changed.value, changed.replaces_damaged) == ("nothing!", True)
    assert read(people, notebook) == "nothing!"


def test_a_change_that_fails_leaves_what_stood_there(people: People, notebook: Notebook):
    with pytest.raises(ZeroDivisionError):
        notebook.change(REF, str, "", lambda value: str(1 / len(value[:0])))
    notebook.load(REF, str, "")
    with pytest.raises(ValueNotOfItsType):
        notebook.change(REF, str, "", lambda value: value.encode())  # type: ignore[return-value,arg-type]

    assert read(people, notebook) == "prepaid"


def test_eight_who_read_and_then_change_one_record_lose_nothing(people: People):
    vault = people.guest().vault

    def count() -> None:
        for _ in range(15):
            notebook = people.notebook(vault)
            notebook.load(Ref("count"), int, 0)
            notebook.change(Ref("count"), int, 0, lambda value: value + 1)

    assert together(*[count] * 8) == [None] * 8
    assert people.notebook(vault).load(Ref("count"), int, 0) == 120


def test_a_change_of_a_deleted_vault_says_so(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    notebook = people.notebook(kept.vault)
    notebook.load(REF, str, "")
    erasure.delete_learner(people.database, kept.vault.learner_id)

    with pytest.raises(VaultGone):
        notebook.change(REF, str, "", added)


def test_a_change_of_a_vault_that_was_rekeyed_says_so(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    notebook = people.notebook(kept.vault)
    notebook.load(REF, str, "")
    people.keyring.rekey(
        kept.vault, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", OTHER), NOW
    )

    with pytest.raises(SessionEnded):
        notebook.change(REF, str, "", added)


def test_saving_tells_how_many_of_the_others_have_a_record(people: People, notebook: Notebook):
    others = [REF, Ref("note", "other"), Ref("count")]

    assert notebook.save({Ref("note", "new"): "x"}, beside=others) == 1
    assert notebook.save({Ref("count"): 3}, beside=others) == 2
    assert notebook.save({Ref("note", "other"): "y", Ref("note", "third"): "y"}, beside=others) == 3
    assert notebook.save({Ref("note", "new"): "z"}, beside=others) == 3
    assert notebook.save({Ref("note", "new"): "z"}) == 0


def test_whoever_saves_takes_turns_with_others_and_not_with_readers(
    sqlite_people: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.records.database.QUEUE_TIMEOUT", 0.01)
    vault = sqlite_people.guest().vault
    notebook = sqlite_people.notebook(vault)

    def save() -> None:
        sqlite_people.notebook(vault).save({Ref("count"): 1})

    def read() -> None:
        assert sqlite_people.notebook(vault).load(REF, str, "none yet") == "none yet"

    with sqlite_people.database.in_turn():
        notebook.save({Ref("note", "mine"): "saved in my turn"})
        saved, was_read = together(save, read)

    assert isinstance(saved, StorageBusy)
    assert was_read is None
    assert together(save) == [None]
    assert notebook.load(Ref("count"), int, 0) == 1
