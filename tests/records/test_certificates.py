"""Certificates: issued for what was completed, each with a number that nobody makes up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.records.cohorts import certificates, groups
from app.records.cohorts.certificates import (
    Certified,
    CertifiedAlready,
    NoSuchCertificate,
    NotCompleted,
    Verdict,
    certificate_key,
    number_of,
    topic_code_of,
    verified,
)
from app.records.cohorts.tables import Certificate
from app.records.erasure import delete_learner
from app.records.passphrases import CODE_ALPHABET
from app.records.vault import Vault
from tests.records.cohort import TODAY, Group, group_of
from tests.records.conftest import People

KEY = certificate_key("the secret key of one installation, long enough")
OTHER_KEY = certificate_key("the secret key of another installation, too")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def group(people: People) -> Group:
    group = group_of(people)
    group.assign("risk")
    group.assign("accounts")
    return group


@pytest.fixture
def ana(people: People) -> Vault:
    return people.kept("Ana").vault


@pytest.fixture
def place(group: Group, ana: Vault) -> bytes:
    place = group.join(ana, "Folio 1")
    group.complete(ana, "risk")
    return place


def issue(group: Group, place: bytes, module: str = "risk", today: date = TODAY) -> Certified:
    with group.people.database.changing() as connection:
        return certificates.issue(connection, group.id, place, module, today)


def issue_all(group: Group) -> int:
    with group.people.database.changing() as connection:
        return certificates.issue_all(connection, group.id, TODAY)


def reissue(group: Group, one: Certified, today: date = TOMORROW) -> Certified:
    with group.people.database.changing() as connection:
        return certificates.reissue(connection, group.id, one.id, today)


def revoke(group: Group, one: Certified, today: date = TOMORROW) -> None:
    with group.people.database.changing() as connection:
        certificates.revoke(connection, group.id, one.id, today)


def check(group: Group, number: str, topic_code: str = "", key: bytes = KEY) -> Verdict | None:
    with group.people.database.asking() as asking:
        return verified(asking, key, number, topic_code)


def all_of(group: Group) -> list[Certified]:
    with group.people.database.asking() as asking:
        return certificates.of_cohort(asking, group.id, 100)[0]


def waiting(group: Group, count: int = 100) -> tuple[list[tuple[str, str]], int]:
    with group.people.database.asking() as asking:
        rows, total = certificates.uncertified(asking, group.id, count)
    return [(row.label, row.module) for row in rows], total


def test_a_completion_waits_until_it_is_certified(group: Group, place: bytes):
    assert waiting(group) == ([("Folio 1", "risk")], 1)

    made = issue(group, place)

    assert waiting(group) == ([], 0)
    assert all_of(group) == [made]
    assert made == Certified(made.id, place, "Folio 1", "risk", TODAY, None)


def test_only_what_is_shared_with_this_cohort_as_a_whole_module_is_certified(
    group: Group, people: People, place: bytes
):
    elsewhere = group_of(people, "Otra")

    for where, module in ((group, "accounts"), (group, "lessons"), (elsewhere, "risk")):
        with pytest.raises(NotCompleted):
            issue(where, place, module)
    assert all_of(group) == all_of(elsewhere) == []


def test_one_completion_has_one_certificate_that_stands(group: Group, place: bytes):
    issue(group, place)

    with pytest.raises(CertifiedAlready):
        issue(group, place)
    assert len(all_of(group)) == 1


def test_all_of_a_cohort_at_once_and_nobody_twice(group: Group, people: People, ana: Vault, place: bytes):
    berta = people.kept("Berta").vault
    group.join(berta, "Folio 2")
    group.complete(berta, "risk", "accounts")
    issue(group, place)
    assert waiting(group, 1) == ([("Folio 2", "accounts")], 2)

    assert issue_all(group) == 2
    assert issue_all(group) == 0

    assert [(each.label, each.module) for each in all_of(group)] == [
        ("Folio 1", "risk"),
        ("Folio 2", "accounts"),
        ("Folio 2", "risk"),
    ]


def test_issuing_again_revokes_the_old_one(group: Group, place: bytes):
    old = issue(group, place)

    new = reissue(group, old)

    assert check(group, number_of(KEY, old)) == Verdict(TODAY, TOMORROW, None)
    assert check(group, number_of(KEY, new)) == Verdict(TOMORROW, None, None)
    newest = reissue(group, old)
    standing = [each for each in all_of(group) if each.revoked_on is None]
    assert standing == [newest]


def test_one_that_was_revoked_says_so_and_is_not_issued_with_the_others(group: Group, place: bytes):
    one = issue(group, place)

    revoke(group, one)
    revoke(group, one, TOMORROW + timedelta(days=1))

    assert check(group, number_of(KEY, one), topic_code_of(KEY, one)) == Verdict(TODAY, TOMORROW, "risk")
    assert (issue_all(group), waiting(group)) == (0, ([], 0))
    assert issue(group, place, today=TOMORROW).issued_on == TOMORROW


def test_no_other_cohort_changes_or_finds_one(group: Group, people: People, place: bytes):
    one, elsewhere = issue(group, place), group_of(people, "Otra")

    with pytest.raises(NoSuchCertificate):
        revoke(elsewhere, one)
    with pytest.raises(NoSuchCertificate):
        reissue(elsewhere, one)
    assert all_of(group) == [one]


def test_a_learner_finds_their_own_and_no_one_elses(group: Group, people: People, ana: Vault, place: bytes):
    berta = people.kept("Berta").vault
    group.join(berta, "Folio 2")
    group.complete(berta, "risk")
    issue_all(group)

    with people.database.asking() as asking:
        own = certificates.of_learner(asking, ana.learner_id)
        nobodys = certificates.of_learner(asking, people.kept("Carmen").vault.learner_id)

    assert [each.label for each in own] == ["Folio 1"]
    assert nobodys == []


def test_a_number_tells_when_and_the_topic_only_with_its_code(group: Group, place: bytes):
    one = issue(group, place)
    number, topic = number_of(KEY, one), topic_code_of(KEY, one)

    assert check(group, number) == Verdict(TODAY, None, None)
    assert check(group, number, topic) == Verdict(TODAY, None, "risk")
    assert check(group, number, topic[:-1] + other_letter(topic[-1])) == Verdict(TODAY, None, None)
    assert check(group, topic, number) is None


def test_it_is_read_back_however_it_was_written(group: Group, place: bytes):
    one = issue(group, place)
    number = number_of(KEY, one)

    for typed in (
        number.lower(),
        number.replace("-", " "),
        f" {number}\n",
        number.replace("0", "o").replace("1", "l"),
    ):
        assert check(group, typed, topic_code_of(KEY, one).lower()) == Verdict(TODAY, None, "risk")


def test_a_changed_letter_never_verifies(group: Group, place: bytes):
    number = number_of(KEY, issue(group, place))

    for at, letter in enumerate(number):
        if letter != "-":
            for other in set(CODE_ALPHABET) - {letter}:
                assert check(group, number[:at] + other + number[at + 1 :]) is None
    for typed in ("", number[:-1], number + "0", number[::-1], "0" * 25, "\x00", "ñ" * 25, "🂡" * 25):
        assert check(group, typed) is None


def test_another_installations_key_never_verifies(group: Group, place: bytes):
    one = issue(group, place)

    assert check(group, number_of(OTHER_KEY, one)) is None
    assert check(group, number_of(KEY, one), key=OTHER_KEY) is None
    assert check(group, number_of(KEY, one), topic_code_of(OTHER_KEY, one)) == Verdict(TODAY, None, None)


@pytest.mark.parametrize(
    "changed", [{"module": "accounts"}, {"issued_on": TODAY - timedelta(days=400)}], ids=str
)
def test_one_that_was_changed_in_the_database_no_longer_has_its_number(
    changed: dict[str, object], group: Group, place: bytes
):
    number = number_of(KEY, issue(group, place))
    with group.people.database.changing() as connection:
        connection.execute(update(Certificate).values(**changed))

    assert check(group, number) is None


def test_with_the_learner_or_the_cohort_the_certificate_goes(
    group: Group, people: People, ana: Vault, place: bytes
):
    number = number_of(KEY, issue(group, place))
    with people.database.changing() as connection:
        groups.leave(connection, place, TODAY)
    assert check(group, number) == Verdict(TODAY, None, None)

    delete_learner(people.database, ana.learner_id)

    assert check(group, number) is None


def test_two_that_begin_alike_are_told_apart(group: Group, place: bytes):
    one = issue(group, place)
    twin = replace(one, id=one.id[:5] + bytes(11))
    with group.people.database.changing() as connection:
        certificates._add(connection, [replace(twin, issued_on=TOMORROW)])

    assert number_of(KEY, one)[:9] == number_of(KEY, twin)[:9]
    assert check(group, number_of(KEY, one)) == Verdict(TODAY, None, None)
    assert check(group, number_of(KEY, replace(twin, issued_on=TOMORROW))) == Verdict(TOMORROW, None, None)


IDS = st.binary(min_size=16, max_size=16)
MODULES = st.sampled_from(["risk", "accounts", "doxxing"])
CERTIFICATES = st.builds(Certified, IDS, IDS, st.just("Folio"), MODULES, st.dates(), st.none())


@given(CERTIFICATES, CERTIFICATES)
def test_the_numbers_of_any_two_differ_and_say_nothing_of_whose_they_are(one: Certified, other: Certified):
    number = number_of(KEY, one)

    assert [len(part) for part in number.split("-")] == [5] * 5
    assert [len(part) for part in topic_code_of(KEY, one).split("-")] == [5] * 2
    assert set(number) <= {*CODE_ALPHABET, "-"}
    assert number == number_of(KEY, replace(one, label="Otra", membership_id=bytes(16), revoked_on=TODAY))
    if (one.id, one.module, one.issued_on) != (other.id, other.module, other.issued_on):
        assert number != number_of(KEY, other)
    assert number != number_of(OTHER_KEY, one)
    assert topic_code_of(KEY, one) != topic_code_of(OTHER_KEY, one)


def other_letter(letter: str) -> str:
    return next(other for other in CODE_ALPHABET if other != letter)
