"""No other way into a vault goes round its second factor, and nothing loses it on the way."""

import pytest
from sqlalchemy import update

from app.records import throttle
from app.records.devices import has_opened, new_device
from app.records.failures import (
    SecondFactorNeeded,
    SecondFactorRefused,
    SecondFactorWrong,
    TooSoon,
    WrongRecoveryCode,
)
from app.records.keyring import NewPassphrase
from app.records.notebook import Entry, Ref
from app.records.passphrases import Credentials
from app.records.secondfactor import News, set_up
from app.records.tables import SealedRecord
from tests.records.conftest import HOST_SECRET, NOW, PASSPHRASE, People
from tests.records.test_secondfactor import OTHER, SECRET, code_at, factor_in, protected, sign_in


def test_the_recovery_code_stands_in_for_the_passphrase_and_not_for_the_second_factor(people: People):
    kept, _ = protected(people)
    new = NewPassphrase("Cenzontle", OTHER)
    recovery = str(kept.recovery_code)

    with pytest.raises(SecondFactorNeeded):
        people.keyring.recover(recovery, new, NOW)
    assert people.resume(kept.token)
    opened = people.keyring.recover(recovery, new, NOW, second_factor=code_at(NOW))

    assert opened.vault == kept.vault
    assert opened.news == {News.REFUSED}
    assert factor_in(people, opened)
    with pytest.raises(WrongRecoveryCode):
        people.keyring.recover(recovery, new, NOW + 60, second_factor=code_at(NOW + 60))


def test_whoever_found_the_recovery_code_can_t_guess_without_waiting(people: People):
    kept, _ = protected(people)
    for number in range(throttle.FREE_TRIES + 1):
        with pytest.raises(SecondFactorWrong):
            people.keyring.recover(
                str(kept.recovery_code), NewPassphrase(f"Otro {number}", OTHER), NOW, None, "000000"
            )

    with pytest.raises(TooSoon):
        people.keyring.recover(str(kept.recovery_code), NewPassphrase("Más", OTHER), NOW, None, "000000")


def test_bringing_a_copy_is_no_way_round_it(people: People):
    kept, _ = protected(people)
    entries, new = [Entry(Ref("note", "phone"), "forged")], NewPassphrase("Golondrina", PASSPHRASE)

    for number in range(throttle.FREE_TRIES):
        with pytest.raises(SecondFactorRefused):
            people.keyring.take_in(
                entries, new, NOW, lambda _r, mine, _t: mine, None, "000000" if number else ""
            )
    assert people.read(kept.vault, "phone") == ""
    with pytest.raises(SecondFactorNeeded):
        sign_in(people)  # the last of the free tries: both doors count together
    with pytest.raises(TooSoon):
        sign_in(people, code_at(NOW))

    later = NOW + 60
    brought = people.keyring.take_in(entries, new, later, lambda _r, mine, _t: mine, None, code_at(later))
    assert brought.vault == kept.vault
    assert people.read(kept.vault, "phone") == "forged"


def guess_beside_a_vault_of_ones_own(people: People, times: int) -> str:
    """Somebody who knows the passphrase guesses codes, and clears what their browser tried. Returns its mark."""
    own = people.kept("Golondrina", OTHER)
    device = new_device(own.vault)
    for _ in range(times):
        with pytest.raises(SecondFactorRefused):
            sign_in(people, "000000", device=device)
        sign_in(people, passphrase=OTHER, device=device)
    return device


def test_a_vault_of_ones_own_under_the_same_pseudonym_is_no_way_to_guess_without_waiting(people: People):
    kept, _ = protected(people)
    device = guess_beside_a_vault_of_ones_own(people, throttle.FREE_TRIES + 1)

    for known in (device, new_device(people.sign_in(passphrase=OTHER).vault), "forged", "é.é"):
        with pytest.raises(SecondFactorNeeded):  # the code of now isn't looked at
            sign_in(people, code_at(NOW), device=known)
    later = NOW + throttle.LONGEST_WAIT
    assert sign_in(people, code_at(later), later, device=device).vault == kept.vault


def test_a_browser_that_opened_the_vault_comes_in_whatever_others_guess(people: People):
    kept, _ = protected(people)
    guess_beside_a_vault_of_ones_own(people, throttle.FREE_TRIES + 1)

    assert sign_in(people, code_at(NOW), device=new_device(kept.vault)).vault == kept.vault


def test_after_a_rekeying_no_browser_is_known_any_more(people: People):
    kept = people.kept()
    before = new_device(kept.vault)
    new = NewPassphrase("Golondrina", OTHER)
    fresh = people.keyring.rekey(kept.vault, Credentials.typed("Golondrina", PASSPHRASE), new, NOW)

    assert has_opened(kept.vault, before)
    assert not has_opened(fresh.vault, before)


def test_it_stays_when_the_passphrase_is_changed_and_when_everything_is_sealed_anew(people: People):
    kept, codes = protected(people)
    credentials = Credentials.typed("Golondrina", PASSPHRASE)
    changed = people.keyring.change_passphrase(
        kept.vault, credentials, NewPassphrase("Golondrina", OTHER), NOW
    )
    again = Credentials.typed("Golondrina", OTHER)
    people.keyring.rekey(changed.vault, again, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    with pytest.raises(SecondFactorNeeded):
        sign_in(people)
    assert sign_in(people, codes[0])


def test_one_that_is_damaged_keeps_its_owner_out_of_nothing_and_they_hear_of_it(people: People):
    kept, _ = protected(people)
    with people.database.writing() as session:
        session.execute(
            update(SealedRecord)
            .where(SealedRecord.learner_id == kept.vault.learner_id)
            .values(body=b"\0" * 256)
        )

    opened = sign_in(people)

    assert opened.news == {News.LOST}
    assert factor_in(people, opened) is None
    set_up(people.database, HOST_SECRET, people.resume(opened.token), SECRET, code_at(NOW), NOW)
    assert sign_in(people, code_at(NOW + 30), NOW + 30).news == frozenset()
