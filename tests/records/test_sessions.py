"""How long a browser's token opens a vault. Time is always given, never waited for."""

import pytest
from sqlalchemy import func, select

from app.records import erasure
from app.records.failures import SessionEnded
from app.records.keyring import NewPassphrase
from app.records.sessions import QUARTER_HOUR, drop_expired, refresh_session, rounded_up
from app.records.tables import KeyWrap, Learner, SealedRecord
from tests.records.conftest import HOST_SECRET, NOW, PASSPHRASE, People

HOUR = 60 * 60


def refresh(people: People, token: bytes, now: int) -> None:
    opened = people.resume(token, now)
    with people.database.writing() as session:
        refresh_session(session, opened, HOST_SECRET, people.lifetimes, now)


def test_a_session_that_is_not_used_ends_after_its_idle_time(people: People):
    kept = people.kept()
    idle_end = rounded_up(NOW + people.lifetimes.idle)

    assert people.resume(kept.token, idle_end - 1).vault == kept.vault
    with pytest.raises(SessionEnded):
        people.resume(kept.token, idle_end)


def test_a_session_in_use_goes_on_but_never_past_its_absolute_end(people: People):
    kept = people.kept()
    end = rounded_up(NOW + people.lifetimes.absolute)
    now = NOW
    while now + QUARTER_HOUR < end:
        now += QUARTER_HOUR
        refresh(people, kept.token, now)

    assert people.resume(kept.token, end - 1).vault == kept.vault
    with pytest.raises(SessionEnded):
        people.resume(kept.token, end)


def test_a_session_asks_to_be_put_off_only_when_that_changes_something(people: People):
    kept = people.kept()

    assert not people.resume(kept.token, NOW).refresh_due
    later = NOW + 2 * QUARTER_HOUR
    assert people.resume(kept.token, later).refresh_due
    refresh(people, kept.token, later)
    assert not people.resume(kept.token, later).refresh_due


def test_a_guests_session_has_one_end_and_putting_it_off_does_not_bring_it_nearer(people: People):
    guest = people.guest()
    end = rounded_up(NOW + people.lifetimes.guest)
    assert not guest.refresh_due

    refresh(people, guest.token, NOW + 60)

    assert people.resume(guest.token, end - 1).vault == guest.vault
    with pytest.raises(SessionEnded):
        people.resume(guest.token, end)


def test_a_clock_set_back_does_not_shorten_a_session(people: People):
    kept = people.kept(now=NOW + 2 * HOUR)

    refresh(people, kept.token, NOW)

    assert people.resume(kept.token, NOW + 2 * HOUR + people.lifetimes.idle - 1).vault == kept.vault


def test_after_a_power_off_the_cookie_opens_nothing(people: People):
    kept = people.kept()

    with pytest.raises(SessionEnded):
        people.resume(kept.token, host_secret=b"made anew at the next start.....")


@pytest.mark.parametrize("token", [b"", b"x", b"\x00" * 32, b"y" * 5000])
def test_a_token_that_was_never_given_opens_nothing(people: People, token: bytes):
    people.kept()

    with pytest.raises(SessionEnded):
        people.resume(token)


def test_what_is_stored_of_a_sessions_times_is_rounded_to_a_quarter_of_an_hour(people: People):
    people.kept(now=NOW + 7)

    with people.database.reading() as session:
        (row,) = session.scalars(select(KeyWrap).where(KeyWrap.kind == "session")).all()
    assert row.expires_at is not None
    assert row.ends_at is not None
    assert row.expires_at % QUARTER_HOUR == row.ends_at % QUARTER_HOUR == 0


def test_expired_guests_are_forgotten_with_all_they_wrote_and_nobody_else_is(people: People):
    old, kept = people.guest(), people.kept()
    young = people.guest(NOW + 6 * HOUR)
    for vault in (old.vault, kept.vault, young.vault):
        people.write(vault, "phone", "prepaid")

    with people.database.writing() as session:
        forgotten = drop_expired(session, NOW + 13 * HOUR)

    assert forgotten == [old.vault.learner_id]
    assert people.rows(old.vault) == []
    assert people.read(young.vault, "phone") == "prepaid"
    assert people.sign_in(now=NOW + 13 * HOUR).vault == kept.vault
    with people.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 2
        assert session.scalar(select(func.count()).select_from(SealedRecord)) == 3


def test_forgetting_guests_asks_for_the_files_to_be_cleaned(sqlite_people: People):
    sqlite_people.guest()
    assert not erasure.is_pending(sqlite_people.database)

    with sqlite_people.database.writing() as session:
        drop_expired(session, NOW + 24 * HOUR)

    assert erasure.is_pending(sqlite_people.database)
    assert erasure.finish(sqlite_people.database)
    assert not erasure.is_pending(sqlite_people.database)


def test_a_guest_who_signed_out_is_forgotten(people: People):
    guest = people.guest()
    people.keyring.sign_out(guest.token)

    with people.database.writing() as session:
        assert drop_expired(session, NOW) == [guest.vault.learner_id]


def test_thousands_of_guests_are_forgotten_at_once(people: People):
    with people.database.writing() as session:
        session.add_all(Learner(id=number.to_bytes(16, "big"), key_check=b"k" * 16) for number in range(1201))

    with people.database.writing() as session:
        assert len(drop_expired(session, NOW)) == 1201


def test_a_kept_learner_without_sessions_is_never_forgotten(people: People):
    guest = people.guest()
    kept = people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    with people.database.writing() as session:
        assert drop_expired(session, NOW + 10 * 365 * 24 * HOUR) == []

    assert people.sign_in(now=NOW + 10 * 365 * 24 * HOUR).vault == kept.vault
