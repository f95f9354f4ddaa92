"""The second factor: each code opens once, in its time, whatever the clock does and however many come at once."""

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import throttle
from app.records.failures import (
    NoSecondFactor,
    SecondFactorNeeded,
    SecondFactorRefused,
    SecondFactorSet,
    SecondFactorWrong,
    SessionEnded,
    TooSoon,
    WrongPassphrase,
)
from app.records.keyring import Opened
from app.records.passphrases import Credentials
from app.records.secondfactor import (
    BACKUP_CODES,
    FACTOR,
    STEP_SECONDS,
    News,
    SecondFactor,
    renew_backup_codes,
    second_factor_of,
    set_up,
    switch_off,
)
from tests.records.conftest import HOST_SECRET, NOW, PASSPHRASE, People
from tests.records.test_concurrency import together

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
#: The secret of RFC 6238's own examples, in base 32.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
OTHER = "otra frase larga que tampoco nadie junta"
FRESH = SecondFactor(SECRET, last_step=-1, backup=())
STEPS = st.integers(min_value=2, max_value=2**31)


def code(step: int, secret: str = SECRET) -> str:
    return pyotp.HOTP(secret).at(step)


def code_at(now: int) -> str:
    return code(now // STEP_SECONDS)


def opens(factor: SecondFactor, typed: str, now: int) -> SecondFactor | None:
    try:
        return factor.used(typed, now)
    except SecondFactorRefused:
        return None


@pytest.mark.parametrize(
    ("now", "wanted"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924")],
)
def test_the_codes_are_those_of_the_standard(now: int, wanted: str):
    assert opens(SecondFactor(RFC_SECRET, -1, ()), wanted, now) is not None


@given(STEPS, st.integers(-4, 4), st.integers(0, STEP_SECONDS - 1))
def test_a_code_opens_in_its_half_minute_and_the_ones_beside_it(step: int, away: int, second: int):
    typed, now = code(step), (step + away) * STEP_SECONDS + second
    near = {code(max(0, step + away) + by) for by in (-1, 0, 1) if step + away + by >= 0}

    assert (opens(FRESH, typed, max(0, now)) is not None) == (typed in near)


@given(st.lists(st.tuples(STEPS, st.integers(-1, 1)), min_size=1, max_size=12), st.randoms())
def test_no_step_opens_twice_whichever_way_the_clock_goes(tries: list[tuple[int, int]], random):  # type: ignore[no-untyped-def]
    tries = tries * 2
    random.shuffle(tries)
    factor, used = FRESH, []
    for step, drift in tries:
        kept = opens(factor, code(step), (step + drift) * STEP_SECONDS)
        if kept is not None:
            factor = kept
            used.append(kept.last_step)

    assert used == sorted(set(used))


@given(STEPS)
def test_after_the_clock_went_back_what_was_used_stays_used_and_what_comes_next_opens(step: int):
    factor = FRESH.used(code(step), step * STEP_SECONDS)
    back = (step - 1) * STEP_SECONDS

    assert opens(factor, code(step), back) is None or code(step) == code(step + 1)
    assert opens(factor, code(step + 1), step * STEP_SECONDS) is not None


@given(st.text(max_size=40))
def test_nothing_else_opens(typed: str):
    assert opens(FRESH, typed, NOW) is None


@pytest.mark.parametrize("way", ["{} {}", " {}-{} ", "{}\N{NO-BREAK SPACE}{}"])
def test_a_code_is_read_however_it_was_typed(way: str):
    typed = code_at(NOW)

    assert opens(FRESH, way.format(typed[:3], typed[3:]), NOW) is not None


def protected(people: People, now: int = NOW) -> tuple[Opened, list[str]]:
    """Somebody whose vault asks for a code, set up a while ago; and their backup codes."""
    kept = people.kept(now=now - 600)
    mine = people.resume(kept.token, now - 600)
    return kept, set_up(people.database, HOST_SECRET, mine, SECRET, code_at(now - 600), now - 600)


def sign_in(
    people: People, typed: str = "", now: int = NOW, passphrase: str = PASSPHRASE, device: str = ""
) -> Opened:
    credentials = Credentials.typed("Golondrina", passphrase)
    return people.keyring.sign_in(credentials, device, now, second_factor=typed)


def factor_in(people: People, opened: Opened) -> SecondFactor | None:
    return second_factor_of(people.notebook(opened.vault))


def test_whoever_has_one_signs_in_with_a_code_and_not_without(people: People):
    kept, _ = protected(people)

    with pytest.raises(SecondFactorNeeded):
        sign_in(people)
    with pytest.raises(SecondFactorWrong):
        sign_in(people, code_at(NOW - 300))
    assert sign_in(people, code_at(NOW)).vault == kept.vault


def test_whoever_has_none_isn_t_asked(people: People):
    kept = people.kept()

    assert sign_in(people, "whatever").vault == kept.vault


def test_a_code_with_a_wrong_passphrase_isn_t_used_up(people: People):
    protected(people)
    with pytest.raises(WrongPassphrase):
        sign_in(people, code_at(NOW), passphrase=OTHER)

    assert sign_in(people, code_at(NOW))


def test_the_code_that_set_it_up_and_every_code_after_open_once(people: People):
    kept = people.kept()
    set_up(people.database, HOST_SECRET, people.resume(kept.token), SECRET, code_at(NOW), NOW)

    with pytest.raises(SecondFactorWrong):
        sign_in(people, code_at(NOW))
    assert sign_in(people, code_at(NOW + 30), NOW + 30)
    with pytest.raises(SecondFactorWrong):
        sign_in(people, code_at(NOW + 30), NOW + 31)


def test_of_two_who_come_at_once_with_one_code_one_comes_in(people: People):
    protected(people)

    outcomes = together(*(lambda: sign_in(people, code_at(NOW)) for _ in range(6)))

    names = sorted(type(outcome).__name__ for outcome in outcomes)
    assert names.count("Opened") == 1
    assert set(names) <= {"Opened", "SecondFactorWrong", "TooSoon"}


def test_of_two_who_come_at_once_with_one_backup_code_one_comes_in(people: People):
    kept, codes = protected(people)

    outcomes = together(*(lambda: sign_in(people, codes[0]) for _ in range(6)))

    assert [type(outcome).__name__ for outcome in outcomes].count("Opened") == 1
    assert len(factor_in(people, kept).backup) == BACKUP_CODES - 1  # type: ignore[union-attr]


def test_each_backup_code_opens_once_and_its_owner_hears_of_it(people: People):
    kept, codes = protected(people)

    for number, backup in enumerate(codes):
        now = NOW + number * throttle.LONGEST_WAIT * 2
        assert sign_in(people, backup.lower().replace("-", " "), now).news == {
            News.BACKUP_USED,
            *({News.REFUSED} if number else ()),
        }
        with pytest.raises(SecondFactorWrong):
            sign_in(people, backup, now + throttle.LONGEST_WAIT)

    assert len(set(codes)) == BACKUP_CODES
    assert factor_in(people, kept).backup == ()  # type: ignore[union-attr]


def test_wrong_and_missing_codes_slow_as_wrong_passphrases_do(people: People):
    protected(people)
    for number in range(throttle.FREE_TRIES + 1):
        with pytest.raises(SecondFactorRefused):
            sign_in(people, "000000" if number % 2 else "")

    with pytest.raises(TooSoon) as soon:
        sign_in(people, code_at(NOW))
    assert soon.value.seconds == 2
    with pytest.raises(TooSoon):
        sign_in(people, passphrase=OTHER)


def test_a_wrong_code_clears_nothing_that_a_known_device_tried(people: People):
    protected(people)
    for _ in range(throttle.FREE_TRIES + 1):
        with pytest.raises(SecondFactorWrong):
            sign_in(people, "000000", device="this browser")

    with pytest.raises(TooSoon):
        sign_in(people, code_at(NOW), device="this browser")


def test_a_refused_code_makes_no_session_and_the_owner_hears_of_it_once(people: People):
    kept, _ = protected(people)
    with pytest.raises(SecondFactorNeeded):
        sign_in(people)

    assert sign_in(people, code_at(NOW)).news == {News.REFUSED}
    assert sign_in(people, code_at(NOW + 60), NOW + 60).news == frozenset()
    assert people.resume(kept.token)


def test_setting_it_up_ends_every_other_session_and_needs_a_code_of_its_secret(people: People):
    kept = people.kept()
    other = people.sign_in()
    mine = people.resume(kept.token)

    with pytest.raises(SecondFactorWrong):
        set_up(people.database, HOST_SECRET, mine, SECRET, code(NOW // 30, RFC_SECRET), NOW)
    assert people.resume(other.token)
    set_up(people.database, HOST_SECRET, mine, SECRET, code_at(NOW), NOW)

    assert people.resume(kept.token)
    with pytest.raises(SessionEnded):
        people.resume(other.token)


def test_another_is_not_put_in_its_place_without_a_code(people: People):
    kept, _ = protected(people)

    with pytest.raises(SecondFactorSet):
        set_up(
            people.database,
            HOST_SECRET,
            people.resume(kept.token),
            RFC_SECRET,
            code(NOW // 30, RFC_SECRET),
            NOW,
        )

    assert sign_in(people, code_at(NOW))


def test_switching_it_off_needs_a_code_and_then_none_is_asked(people: People):
    kept, codes = protected(people)
    with pytest.raises(SecondFactorWrong):
        switch_off(people.database, HOST_SECRET, kept.vault, "000000", NOW)
    assert factor_in(people, kept)

    switch_off(people.database, HOST_SECRET, kept.vault, codes[3], NOW)

    assert factor_in(people, kept) is None
    assert len(people.rows(kept.vault)) == 1
    assert sign_in(people)
    with pytest.raises(NoSecondFactor):
        switch_off(people.database, HOST_SECRET, kept.vault, codes[4], NOW)


def test_new_backup_codes_need_a_code_and_the_old_ones_open_nothing(people: People):
    kept, codes = protected(people)
    with pytest.raises(SecondFactorNeeded):
        renew_backup_codes(people.database, HOST_SECRET, kept.vault, "", NOW)

    fresh = renew_backup_codes(people.database, HOST_SECRET, kept.vault, code_at(NOW), NOW)

    with pytest.raises(SecondFactorWrong):
        sign_in(people, codes[0])
    assert not set(fresh) & set(codes)
    assert sign_in(people, fresh[0])


def test_codes_that_are_guessed_in_an_open_session_are_slowed(people: People):
    kept, _ = protected(people)
    for _ in range(throttle.FREE_TRIES + 1):
        with pytest.raises(SecondFactorWrong):
            switch_off(people.database, HOST_SECRET, kept.vault, "000000", NOW)

    with pytest.raises(TooSoon):
        renew_backup_codes(people.database, HOST_SECRET, kept.vault, code_at(NOW), NOW)


def test_its_record_has_the_size_of_any_short_answer_whatever_became_of_it(people: People):
    kept, codes = protected(people)
    people.write(kept.vault, "phone", "yes")

    def sizes() -> set[int]:
        return {len(row.body) for row in people.rows(kept.vault)}

    assert len(sizes()) == 1
    for refused in (0, 9, 99, 999):
        fuller = SecondFactor(SECRET, 2**31 // STEP_SECONDS, factor_in(people, kept).backup, refused)  # type: ignore[union-attr]
        people.notebook(kept.vault).save({FACTOR: fuller.once_more_refused()})
        assert len(sizes()) == 1
    for backup in codes:
        people.notebook(kept.vault).save({FACTOR: factor_in(people, kept).used(backup, NOW)})  # type: ignore[union-attr]
    assert len(sizes()) == 1


def test_neither_its_secret_nor_a_code_stands_in_what_is_printed(people: People):
    kept, codes = protected(people)
    factor = factor_in(people, kept)

    assert SECRET not in repr(factor)
    assert not any(backup in repr(factor) for backup in (*codes, *factor.backup))  # type: ignore[union-attr]
    with pytest.raises(SecondFactorWrong) as wrong:
        sign_in(people, "123456")
    assert wrong.value.args == ()
