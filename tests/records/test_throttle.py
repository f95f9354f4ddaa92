"""Wrong passphrases slow down whoever tries them, and lock nobody out."""

import threading

import pytest
from sqlalchemy import func, select

from app.records import throttle
from app.records.failures import HashingBusy, TooSoon, WrongPassphrase
from app.records.hashing import PassphraseHasher, PassphraseKey
from app.records.tables import SlowedName
from tests.records.conftest import CHEAP, NOW, PASSPHRASE, People, people_of


def fail(people: People, now: int, device: str = "") -> None:
    with pytest.raises(WrongPassphrase):
        people.sign_in(passphrase="no es esta", now=now, device=device)


def wait(people: People, now: int, device: str = "") -> int:
    """How long a try at this time is told to wait."""
    with pytest.raises(TooSoon) as refused:
        people.sign_in(now=now, device=device)
    return refused.value.seconds


def test_the_first_tries_are_free_then_the_wait_doubles_up_to_its_cap(people: People):
    people.kept()
    now = NOW
    for _ in range(throttle.FREE_TRIES):
        fail(people, now)

    waits = []
    for _ in range(8):
        fail(people, now)
        waits.append(wait(people, now))
        now += waits[-1]

    assert waits == [2, 4, 8, 16, 30, 30, 30, 30]


def test_a_refused_try_does_not_lengthen_the_wait(people: People):
    people.kept()
    for _ in range(throttle.FREE_TRIES + 3):
        fail(people, NOW) if _ < 4 else wait(people, NOW)

    assert [wait(people, NOW + 1) for _ in range(5)] == [1] * 5


def test_after_the_wait_a_right_passphrase_opens_whatever_others_tried(people: People):
    kept = people.kept()
    now = NOW
    for _ in range(throttle.FREE_TRIES + 40):
        fail(people, now)
        now += throttle.LONGEST_WAIT

    assert people.sign_in(now=now).vault == kept.vault


def test_a_known_device_is_not_slowed_by_what_others_try(people: People):
    kept = people.kept()
    for _ in range(throttle.FREE_TRIES + 1):
        fail(people, NOW)

    assert people.sign_in(now=NOW, device="this browser").vault == kept.vault
    assert wait(people, NOW) == 2


def test_a_known_device_has_tries_of_its_own_and_is_forgiven(people: People):
    people.kept()
    for _ in range(throttle.FREE_TRIES):
        fail(people, NOW, device="this browser")
    people.sign_in(now=NOW, device="this browser")

    for _ in range(throttle.FREE_TRIES + 1):
        fail(people, NOW, device="this browser")
    assert wait(people, NOW, device="this browser") == 2


def test_opening_a_vault_of_ones_own_clears_no_tries_at_anothers_with_the_same_name(people: People):
    people.kept("Golondrina", PASSPHRASE)
    people.kept("Golondrina", "la del atacante tambien es larga")
    for _ in range(throttle.FREE_TRIES):
        fail(people, NOW)

    people.sign_in(passphrase="la del atacante tambien es larga")
    fail(people, NOW)

    assert wait(people, NOW) == 2


def test_another_name_is_not_slowed(people: People):
    other = people.kept("Cenzontle", PASSPHRASE)
    for _ in range(throttle.FREE_TRIES + 1):
        fail(people, NOW)

    assert people.sign_in("Cenzontle", now=NOW).vault == other.vault


def test_an_unknown_name_is_slowed_like_a_known_one(people: People):
    for _ in range(throttle.FREE_TRIES + 1):
        fail(people, NOW)

    assert wait(people, NOW) == 2


def test_what_was_tried_an_hour_ago_no_longer_counts(people: People):
    for _ in range(throttle.FREE_TRIES + 6):
        fail(people, NOW + _ * 40)
    later = NOW + 400 + throttle.FORGET_AFTER + 1

    fail(people, later)
    fail(people, later)

    with people.database.writing() as session:
        throttle.drop_old(session, later + throttle.FORGET_AFTER + 60)
        assert session.scalar(select(func.count()).select_from(SlowedName)) == 0


def test_a_clock_that_was_ahead_locks_nobody_out(people: People):
    kept = people.kept()
    ahead = NOW + 10 * 365 * 86400
    for _ in range(throttle.FREE_TRIES + 1):
        fail(people, ahead)

    assert people.sign_in(now=NOW).vault == kept.vault


def test_nobody_reads_a_name_from_what_is_counted(people: People):
    fail(people, NOW)

    with people.database.reading() as session:
        (row,) = session.scalars(select(SlowedName)).all()
    assert row.tag == throttle.name_tag(b"this machine's secret, 32 bytes.", "golondrina", "")
    assert row.tag != throttle.name_tag(b"after the next start, 32 bytes..", "golondrina", "")


def test_whoever_keeps_or_mistypes_leaves_no_more_than_the_quarter_of_an_hour(people: People):
    now = NOW - NOW % throttle.ROUNDED + 123
    people.kept(now=now)
    for _ in range(throttle.FREE_TRIES):
        fail(people, now + 60)

    with people.database.reading() as session:
        assert {row.retry_at for row in session.scalars(select(SlowedName))} == {now - 123}
    assert people.sign_in(now=now + 60)


class MeetingHasher(PassphraseHasher):
    """The real hasher, where those who came together also go on together."""

    def __init__(self, together: int) -> None:
        super().__init__(CHEAP, at_once=together, waiting=0)
        self._meeting = threading.Barrier(together)

    def key(self, salt: bytes, pseudonym: str, passphrase: str) -> PassphraseKey:
        self._meeting.wait(30)
        return super().key(salt, pseudonym, passphrase)


def test_a_hundred_tries_that_hash_together_are_no_more_than_the_free_ones(people: People):
    people.kept()
    together = 20 if people.database.is_sqlite else 16
    crowd = people_of(people.database, MeetingHasher(together))
    outcomes: list[str] = []

    def guess(number: int) -> None:
        try:
            crowd.sign_in(passphrase=f"no es esta {number}")
        except (WrongPassphrase, TooSoon) as refused:
            outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == together
    assert outcomes.count("WrongPassphrase") == throttle.FREE_TRIES + 1
    assert outcomes.count("TooSoon") == together - throttle.FREE_TRIES - 1


def test_no_more_hash_at_once_than_there_is_memory_for_and_the_others_are_told(sqlite_people: People):
    sqlite_people.kept()
    inside, leave = threading.Semaphore(0), threading.Event()

    class Slow(PassphraseHasher):
        def _turn(self):  # type: ignore[no-untyped-def]
            turn = super()._turn()
            enter = turn.__enter__

            class Held:
                def __enter__(self) -> None:
                    enter()
                    inside.release()
                    leave.wait(30)

                def __exit__(self, *failure: object) -> None:
                    turn.__exit__(*failure)

            return Held()

    slow = people_of(sqlite_people.database, Slow(CHEAP, at_once=2, waiting=0))
    opened: list[object] = []
    threads = [threading.Thread(target=lambda: opened.append(slow.sign_in())) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.acquire(timeout=30)
    inside.acquire(timeout=30)

    with pytest.raises(HashingBusy):
        slow.sign_in()
    assert sqlite_people.guest().kept is False  # others read and write meanwhile

    leave.set()
    for thread in threads:
        thread.join()
    assert len(opened) == 2
    assert slow.sign_in() is not None


def choose(people: People, pseudonym: str, times: int) -> None:
    for number in range(times):
        people.kept(pseudonym, f"a passphrase with the number {number}")


def test_choosing_passphrases_for_one_pseudonym_is_slowed_like_signing_in(people: People):
    # "Taken" tells a guesser as much as a vault that opens, so it can't be asked without end.
    choose(people, "Ana", throttle.FREE_TRIES + 1)

    with pytest.raises(TooSoon):
        people.kept("ana", "a passphrase with the number 0")


def test_choosing_for_one_pseudonym_slows_no_other(people: People):
    choose(people, "Ana", throttle.FREE_TRIES + 1)

    assert people.kept("Berta", "somebody else's passphrase").recovery_code


def test_after_the_wait_one_may_choose_again(people: People):
    choose(people, "Ana", throttle.FREE_TRIES + 1)

    assert people.kept("Ana", "the one after the wait", now=NOW + throttle.LONGEST_WAIT).recovery_code
