"""Many at once: no error, nothing lost, and no two of them half done."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.records import erasure, throttle
from app.records.database import Database
from app.records.failures import (
    PassphraseTaken,
    RecordsFailure,
    SessionEnded,
    VaultGone,
    WrongPassphrase,
    WrongRecoveryCode,
)
from app.records.keyring import Keyring, NewPassphrase, Opened
from app.records.notebook import Ref
from app.records.passphrases import Credentials
from app.records.sessions import drop_expired
from app.records.tables import KeyWrap, Learner
from app.records.vault import Vault
from tests.records.conftest import NOW, PASSPHRASE, People

ROOT = Path(__file__).parents[2]
OTHER = "otra frase larga que tampoco nadie junta"


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs at once, and give what each returned or raised, in their order."""
    start = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(number: int) -> None:
        start.wait(30)
        try:
            results[number] = jobs[number]()
        except Exception as failure:  # noqa: BLE001 - the test looks at what it was
            results[number] = failure

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def count(people: People, vault: Vault, name: str, times: int) -> None:
    for _ in range(times):
        with people.notebook(vault).editing(Ref("count", name), int, 0) as editing:
            editing.value += 1


def is_whole(database: Database) -> bool:
    if not database.is_sqlite:
        return True
    with database.reading() as session:
        return session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_eight_threads_that_change_the_same_and_different_records_lose_nothing(people: People):
    vault, times = people.guest().vault, 15
    jobs = [
        lambda number=number: (
            count(people, vault, "shared", times),
            count(people, vault, f"own {number}", times),
        )
        for number in range(8)
    ]

    failures = [result for result in together(*jobs) if isinstance(result, Exception)]

    assert failures == []
    notebook = people.notebook(vault)
    assert notebook.load(Ref("count", "shared"), int, 0) == 8 * times
    assert [notebook.load(Ref("count", f"own {number}"), int, 0) for number in range(8)] == [times] * 8
    assert is_whole(people.database)


def test_eight_learners_who_write_at_once_do_not_meet(people: People):
    vaults = [people.guest().vault for _ in range(8)]

    results = together(*(lambda vault=vault: count(people, vault, "mine", 15) for vault in vaults))

    assert results == [None] * 8
    assert [people.notebook(vault).load(Ref("count", "mine"), int, 0) for vault in vaults] == [15] * 8


PROCESS = """
import sys
sys.path.insert(0, sys.argv[1])
from app.records.database import Database
from app.records.notebook import Notebook, Ref
from app.records.vault import Vault
database = Database(sys.argv[2])
vault = Vault(bytes.fromhex(sys.argv[3]), bytes.fromhex(sys.argv[4]))
for number in range(int(sys.argv[6])):
    for name in ("shared", sys.argv[5]):
        with Notebook(database, vault).editing(Ref("count", name), int, 0) as editing:
            editing.value += 1
database.close()
"""


def test_four_processes_that_change_the_same_and_different_records_lose_nothing(people: People):
    vault, times = people.guest().vault, 12
    url = people.database.url.render_as_string(hide_password=False)
    given = [str(ROOT), url, vault.learner_id.hex(), vault.data_key.hex()]

    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, *given, f"own {number}", str(times)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(4)
    ]
    said = [process.communicate(timeout=120) for process in running]

    assert [process.returncode for process in running] == [0] * 4, said
    notebook = people.notebook(vault)
    assert notebook.load(Ref("count", "shared"), int, 0) == 4 * times
    assert [notebook.load(Ref("count", f"own {number}"), int, 0) for number in range(4)] == [times] * 4
    assert is_whole(people.database)


def test_readers_are_not_stopped_by_a_writer(people: People):
    vault = people.guest().vault
    people.write(vault, "phone", "prepaid")

    with people.notebook(vault).editing(Ref("note", "phone"), str, "") as editing:
        editing.value = "not yet"
        (seen,) = together(lambda: people.read(vault, "phone"))

    assert seen == "prepaid"
    assert people.read(vault, "phone") == "not yet"


def test_writing_to_a_vault_that_was_deleted_meanwhile_says_so(people: People):
    kept = people.kept()
    erasure.delete_learner(people.database, kept.vault.learner_id)

    with pytest.raises(VaultGone):
        people.write(kept.vault, "phone", "too late")


def test_deleting_somebody_who_is_writing_ends_with_them_gone(people: People):
    for _ in range(4):
        vault = people.kept().vault

        def write(vault: Vault = vault) -> None:
            for number in range(10):
                people.write(vault, str(number % 3), "x")

        results = together(
            write, write, lambda vault=vault: erasure.delete_learner(people.database, vault.learner_id)
        )

        assert {type(result) for result in results[:2]} <= {type(None), VaultGone}
        assert isinstance(results[2], bool)
        assert people.rows(vault) == []
        assert erasure.finish(people.database)


def opened(results: list[object]) -> list[Opened]:
    return [result for result in results if isinstance(result, Opened)]


def test_a_guest_who_keeps_in_two_tabs_is_kept_once(people: People):
    guest = people.guest()
    people.write(guest.vault, "phone", "prepaid")

    results = together(
        *(
            lambda n=n: people.keyring.keep(guest, NewPassphrase(f"tab {n}", PASSPHRASE), NOW)
            for n in range(4)
        )
    )

    (kept,) = opened(results)
    assert [type(result) for result in results if result is not kept] == [VaultGone] * 3
    assert people.read(kept.vault, "phone") == "prepaid"
    with people.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 1


def test_of_several_who_choose_the_same_name_and_passphrase_at_once_one_has_it(people: People):
    results = together(*(people.kept for _ in range(throttle.FREE_TRIES + 1)))

    assert len(opened(results)) == 1
    assert [type(result) for result in results].count(PassphraseTaken) == throttle.FREE_TRIES
    assert people.sign_in().vault == opened(results)[0].vault


def test_a_recovery_code_used_in_two_places_at_once_is_used_once(people: People):
    for _ in range(3):
        kept = people.kept("Golondrina", f"{PASSPHRASE} {_}")
        code = str(kept.recovery_code)

        results = together(
            *(
                lambda n=n, code=code: people.keyring.recover(code, NewPassphrase(f"place {n}", code), NOW)
                for n in range(3)
            )
        )

        assert len(opened(results)) == 1
        assert [type(result) for result in results].count(WrongRecoveryCode) == 2
        with people.database.reading() as session:
            wraps = session.scalars(
                select(KeyWrap.kind).where(KeyWrap.learner_id == kept.vault.learner_id)
            ).all()
        assert sorted(wraps) == ["passphrase", "recovery", "session"]


def test_no_session_opened_with_the_old_passphrase_outlives_its_change(people: People):
    for number in range(5):
        name = f"Golondrina {number}"
        kept = people.kept(name)
        old = Credentials.typed(name, PASSPHRASE)

        results = together(
            lambda kept=kept, old=old, name=name: people.keyring.change_passphrase(
                kept.vault, old, NewPassphrase(name, OTHER), NOW
            ),
            *(lambda name=name: people.sign_in(name) for _ in range(4)),
        )

        assert isinstance(results[0], Opened)
        assert {type(result) for result in results[1:]} <= {Opened, WrongPassphrase}
        for early in opened(results[1:]):
            with pytest.raises(SessionEnded):
                people.resume(early.token)


def test_two_rekeyings_at_once_lose_nothing(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    same = Credentials.typed("Golondrina", PASSPHRASE)

    results = together(
        *(
            lambda: people.keyring.rekey(kept.vault, same, NewPassphrase("Golondrina", PASSPHRASE), NOW)
            for _ in range(3)
        )
    )

    assert len(opened(results)) == 1
    assert [type(result) for result in results].count(SessionEnded) == 2
    assert people.read(people.sign_in().vault, "phone") == "prepaid"


def test_writing_beside_a_rekeying_is_kept_or_refused_never_lost(people: People):
    kept = people.kept()
    written: list[int] = []

    def write() -> None:
        for number in range(60):
            people.write(kept.vault, str(number), "here")
            written.append(number)

    results = together(
        write,
        lambda: people.keyring.rekey(
            kept.vault, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", OTHER), NOW
        ),
    )

    assert type(results[0]) in {type(None), SessionEnded}
    fresh = opened(results)[0].vault
    assert all(people.read(fresh, str(number)) == "here" for number in written)
    assert people.notebook(fresh).everything()[1] == 0


def test_merging_a_guest_in_two_tabs_merges_once(people: People):
    kept, guest = people.kept(), people.guest()
    people.write(guest.vault, "phone", "prepaid")
    people.write(kept.vault, "phone", "old")

    results = together(
        *(
            lambda: people.keyring.absorb(kept.vault, guest, lambda _ref, ours, theirs: ours + "+" + theirs)
            for _ in range(4)
        )
    )

    assert [type(result) for result in results].count(VaultGone) == 3
    assert people.read(kept.vault, "phone") == "old+prepaid"


def test_tidying_beside_people_who_keep_sign_in_and_delete_waits_in_no_circle(people: People):
    guests = [people.guest() for _ in range(12)]
    for guest in guests:
        people.write(guest.vault, "phone", "prepaid")
    later = NOW + people.lifetimes.guest - 60

    def keep(number: int) -> Opened:
        return people.keyring.keep(guests[number], NewPassphrase(f"guest {number}", PASSPHRASE), later)

    def tidy() -> None:
        for _ in range(6):
            with people.database.writing() as session:
                drop_expired(session, later + 24 * 3600)

    def delete(number: int) -> bool:
        return erasure.delete_learner(people.database, guests[number].vault.learner_id)

    results = together(
        tidy, tidy, *(lambda n=n: keep(n) for n in range(6)), *(lambda n=n: delete(n) for n in range(6, 12))
    )

    failures = {type(result) for result in results if isinstance(result, Exception)}
    assert failures <= {VaultGone}
    for one in opened(results):
        assert people.read(one.vault, "phone") == "prepaid"


def test_the_same_name_failing_from_everywhere_at_once_is_no_error(people: People):
    people.kept()
    keyring: Keyring = people.keyring

    results = together(
        *(
            lambda n=n: keyring.sign_in(Credentials.typed("Golondrina", f"no es {n}"), "", NOW)
            for n in range(8)
        )
    )

    assert all(isinstance(result, RecordsFailure) for result in results)
    assert {type(result).__name__ for result in results} <= {"WrongPassphrase", "TooSoon"}
