"""Keeping, signing in, recovering, changing and re-keying: what opens a vault, and what no longer does."""

import contextlib

import pytest
from sqlalchemy import func, select

from app.records.failures import (
    AlreadyKept,
    PassphraseTaken,
    SessionEnded,
    VaultGone,
    WrongPassphrase,
    WrongRecoveryCode,
)
from app.records.hashing import PassphraseHasher, PassphraseKey
from app.records.keyring import NewPassphrase
from app.records.locking import PSEUDONYM
from app.records.notebook import Ref
from app.records.passphrases import Credentials
from app.records.tables import KeyWrap, Learner
from app.records.vault import Vault
from tests.records.conftest import CHEAP, NOW, PASSPHRASE, People, people_of

OTHER = "otra frase larga que tampoco nadie junta"


def test_what_a_guest_wrote_is_read_after_keeping_and_the_guests_cookie_opens_nothing(people: People):
    guest = people.guest()
    people.write(guest.vault, "phone", "prepaid")
    people.write(guest.vault, "route", "changes every day")

    kept = people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    assert people.read(kept.vault, "phone") == "prepaid"
    assert people.read(people.resume(kept.token).vault, "route") == "changes every day"
    assert people.resume(kept.token).kept
    assert people.keyring.pseudonym(kept.vault) == "Golondrina"
    with pytest.raises(SessionEnded):
        people.resume(guest.token)


def test_keeping_makes_a_new_key_that_the_old_one_says_nothing_about(people: People):
    guest = people.guest()
    people.write(guest.vault, "phone", "prepaid")

    kept = people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    assert kept.vault.data_key != guest.vault.data_key
    assert kept.vault.learner_id != guest.vault.learner_id
    assert people.rows(guest.vault) == []
    old_key_new_rows = Vault(kept.vault.learner_id, guest.vault.data_key)
    assert people.notebook(old_key_new_rows).everything() == ([], 2)


def test_a_guest_kept_twice_at_once_is_kept_once(people: People):
    guest = people.guest()
    people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    with pytest.raises(VaultGone):
        people.keyring.keep(guest, NewPassphrase("Cenzontle", OTHER), NOW)
    with pytest.raises(WrongPassphrase):
        people.sign_in("Cenzontle", OTHER)


def test_a_kept_vault_is_neither_kept_again_nor_absorbed_and_deleted(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    mine = people.resume(kept.token)

    with pytest.raises(AlreadyKept):
        people.keyring.keep(mine, NewPassphrase("Cenzontle", OTHER), NOW)
    with pytest.raises(AlreadyKept):
        people.keyring.absorb(kept.vault, mine, lambda _ref, ours, _theirs: ours)

    assert people.read(kept.vault, "phone") == "prepaid"


def test_signing_in_opens_the_vault_however_the_name_was_typed(people: People):
    kept = people.kept("José Núñez", "Camión verde piñata luna sótano ámbar")
    people.write(kept.vault, "phone", "prepaid")

    opened = people.sign_in("  JOSE   nunez ", "camion VERDE pin\u0303ata luna  sotano ambar")

    assert opened.vault == kept.vault
    assert opened.token != kept.token
    assert people.read(opened.vault, "phone") == "prepaid"


def test_signing_in_ends_the_session_that_it_replaces(people: People):
    people.kept()
    guest = people.guest()

    people.keyring.sign_in(Credentials.typed("Golondrina", PASSPHRASE), "", NOW, ending=guest.token)

    with pytest.raises(SessionEnded):
        people.resume(guest.token)


def test_a_wrong_passphrase_and_an_unknown_name_are_told_apart_by_nothing(people: People):
    people.kept()

    with pytest.raises(WrongPassphrase) as wrong:
        people.sign_in("Golondrina", "no es esta frase larga")
    with pytest.raises(WrongPassphrase) as unknown:
        people.sign_in("Nadie", PASSPHRASE)

    assert str(wrong.value) == str(unknown.value) == ""
    assert wrong.value.args == unknown.value.args == ()


class CountingHasher(PassphraseHasher):
    """The real hasher, which also counts."""

    calls = 0

    def key(self, salt: bytes, pseudonym: str, passphrase: str) -> PassphraseKey:
        self.calls += 1
        return super().key(salt, pseudonym, passphrase)


def test_one_passphrase_is_hashed_for_a_known_name_an_unknown_one_and_a_right_passphrase(people: People):
    people.kept()
    hasher = CountingHasher(CHEAP)
    counted = people_of(people.database, hasher)

    counts = []
    for pseudonym, passphrase in (("Golondrina", PASSPHRASE), ("Golondrina", OTHER), ("Nadie", PASSPHRASE)):
        before = hasher.calls
        with contextlib.suppress(WrongPassphrase):
            counted.sign_in(pseudonym, passphrase)
        counts.append(hasher.calls - before)

    assert counts == [1, 1, 1]


def test_two_learners_may_share_a_pseudonym(people: People):
    one = people.kept("Golondrina", PASSPHRASE)
    two = people.kept("Golondrina", OTHER)

    assert people.sign_in("Golondrina", PASSPHRASE).vault == one.vault
    assert people.sign_in("Golondrina", OTHER).vault == two.vault


def test_exactly_the_same_pseudonym_and_passphrase_are_refused_and_leave_the_guest_as_it_was(people: People):
    people.kept()
    guest = people.guest()
    people.write(guest.vault, "phone", "prepaid")

    with pytest.raises(PassphraseTaken):
        people.keyring.keep(guest, NewPassphrase("golondrina", PASSPHRASE), NOW)

    assert people.read(people.resume(guest.token).vault, "phone") == "prepaid"


def test_a_recovery_code_opens_the_vault_once(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    assert kept.recovery_code is not None

    recovered = people.keyring.recover(kept.recovery_code.lower(), NewPassphrase("Golondrina", OTHER), NOW)

    assert people.read(recovered.vault, "phone") == "prepaid"
    assert recovered.recovery_code != kept.recovery_code
    with pytest.raises(WrongRecoveryCode):
        people.keyring.recover(kept.recovery_code, NewPassphrase("Golondrina", PASSPHRASE), NOW)
    with pytest.raises(WrongPassphrase):
        people.sign_in("Golondrina", PASSPHRASE)
    with pytest.raises(SessionEnded):
        people.resume(kept.token)
    assert people.sign_in("Golondrina", OTHER).vault == kept.vault


def test_a_recovery_that_is_refused_leaves_the_code_good(people: People):
    people.kept("Cenzontle", OTHER)
    kept = people.kept()
    assert kept.recovery_code is not None

    with pytest.raises(PassphraseTaken):
        people.keyring.recover(kept.recovery_code, NewPassphrase("Cenzontle", OTHER), NOW)

    assert people.resume(kept.token).vault == kept.vault
    assert (
        people.keyring.recover(kept.recovery_code, NewPassphrase("Golondrina", OTHER), NOW).vault
        == kept.vault
    )


def test_a_mistyped_recovery_code_opens_nothing_and_hashes_nothing(people: People):
    hasher = CountingHasher(CHEAP)
    counted = people_of(people.database, hasher)

    with pytest.raises(WrongRecoveryCode):
        counted.keyring.recover("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", NewPassphrase("x", OTHER), NOW)

    assert hasher.calls == 0


def test_changing_the_passphrase_ends_every_session_and_replaces_the_recovery_code(people: People):
    kept = people.kept()
    elsewhere = people.sign_in()
    assert kept.recovery_code is not None

    changed = people.keyring.change_passphrase(
        kept.vault, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Cenzontle", OTHER), NOW
    )

    for token in (kept.token, elsewhere.token):
        with pytest.raises(SessionEnded):
            people.resume(token)
    with pytest.raises(WrongPassphrase):
        people.sign_in("Golondrina", PASSPHRASE)
    with pytest.raises(WrongRecoveryCode):
        people.keyring.recover(kept.recovery_code, NewPassphrase("x", OTHER), NOW)
    assert people.resume(changed.token).vault == kept.vault
    assert people.sign_in("Cenzontle", OTHER).vault == kept.vault
    assert people.keyring.pseudonym(kept.vault) == "Cenzontle"


def test_changing_the_passphrase_to_itself_works_and_still_ends_sessions(people: People):
    kept = people.kept()

    people.keyring.change_passphrase(
        kept.vault, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", PASSPHRASE), NOW
    )

    with pytest.raises(SessionEnded):
        people.resume(kept.token)
    assert people.sign_in().vault == kept.vault


@pytest.mark.parametrize("change", ["change_passphrase", "rekey"])
def test_changing_needs_the_passphrase_of_this_very_vault(people: People, change: str):
    kept = people.kept()
    people.kept("Cenzontle", OTHER)

    for current in (Credentials.typed("Golondrina", "no es esta"), Credentials.typed("Cenzontle", OTHER)):
        with pytest.raises(WrongPassphrase):
            getattr(people.keyring, change)(kept.vault, current, NewPassphrase("Golondrina", "nueva"), NOW)

    assert people.resume(kept.token).vault == kept.vault


def test_after_rekeying_nothing_old_opens_anything(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    assert kept.recovery_code is not None

    fresh = people.keyring.rekey(
        kept.vault, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", OTHER), NOW
    )

    assert fresh.vault.data_key != kept.vault.data_key
    assert people.read(fresh.vault, "phone") == "prepaid"
    assert people.read(people.resume(fresh.token).vault, "phone") == "prepaid"
    assert people.notebook(kept.vault).everything() == ([], 2)
    assert people.read(kept.vault, "phone") == ""
    with pytest.raises(SessionEnded):
        people.resume(kept.token)
    with pytest.raises(WrongPassphrase):
        people.sign_in("Golondrina", PASSPHRASE)
    with pytest.raises(WrongRecoveryCode):
        people.keyring.recover(kept.recovery_code, NewPassphrase("x", "y"), NOW)


def test_a_request_that_opened_the_vault_before_a_rekeying_cannot_write_under_the_old_key(people: People):
    kept = people.kept()
    opened_before = people.notebook(kept.vault)
    fresh = people.keyring.rekey(
        kept.vault, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", OTHER), NOW
    )

    with (
        pytest.raises(SessionEnded),
        opened_before.editing(Ref("note", "phone"), str, "") as editing,
    ):
        editing.value = "would be lost"

    assert people.notebook(fresh.vault).everything() == ([(PSEUDONYM, "Golondrina")], 0)


def test_two_rekeyings_from_one_page_lose_nothing_even_with_the_same_passphrase(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    same = Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", PASSPHRASE)
    people.keyring.rekey(kept.vault, *same, NOW)

    with pytest.raises(SessionEnded):
        people.keyring.rekey(kept.vault, *same, NOW)

    assert people.read(people.sign_in().vault, "phone") == "prepaid"


def test_a_guest_who_signs_in_may_bring_what_they_wrote(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "old")
    people.write(kept.vault, "route", "kept only")
    guest = people.guest()
    people.write(guest.vault, "phone", "new")
    people.write(guest.vault, "door", "guest only")

    people.keyring.absorb(kept.vault, guest, lambda _ref, ours, theirs: f"{ours}+{theirs}")

    assert people.read(kept.vault, "phone") == "old+new"
    assert people.read(kept.vault, "route") == "kept only"
    assert people.read(kept.vault, "door") == "guest only"
    with pytest.raises(SessionEnded):
        people.resume(guest.token)
    with pytest.raises(VaultGone):
        people.keyring.absorb(kept.vault, guest, lambda _ref, ours, _theirs: ours)


def test_signing_out_ends_this_session_and_no_other(people: People):
    kept = people.kept()
    other = people.sign_in()

    people.keyring.sign_out(kept.token)

    with pytest.raises(SessionEnded):
        people.resume(kept.token)
    assert people.resume(other.token).vault == kept.vault


def test_no_learner_is_left_over_by_a_refused_keep(people: People):
    people.kept()

    with pytest.raises(PassphraseTaken):
        people.kept()

    with people.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 1
        assert session.scalar(select(func.count()).select_from(KeyWrap)) == 3


def test_secrets_do_not_show_in_what_is_printed_of_them(people: People):
    kept = people.kept()
    shown = repr((kept, people.resume(kept.token), NewPassphrase("Golondrina", PASSPHRASE)))
    shown += repr(Credentials.typed("Golondrina", PASSPHRASE))

    for secret in (repr(kept.token), repr(kept.vault.data_key), str(kept.recovery_code), PASSPHRASE):
        assert secret not in shown
