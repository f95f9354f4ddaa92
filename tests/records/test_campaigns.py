"""What a database shows of a campaign: the same, however many contributed and whatever they said."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from app.records.cohorts import campaigns, groups
from app.records.cohorts.campaign_tables import Slot
from app.records.cohorts.campaigns import COOLING_DAYS, SLOT_BYTES, CampaignFacts, Given, Plan
from app.records.cohorts.invitations import place
from app.records.cohorts.publishing import Place
from app.records.crypto import random_key
from app.records.database import Database
from tests.records.test_concurrency import together

KEY = random_key()
TODAY = date(2026, 11, 25)
LAST = TODAY + timedelta(days=14)
AFTER = LAST + timedelta(days=1)
ANSWERS = {"lock-screen": "yes", "two-steps": "not-for-me"}


def counted(given: list[Given]) -> dict[str, int] | None:
    """A summing that hides nothing, so that a test sees what was opened."""
    return dict(sorted(Counter(answer for each in given for answer in each.values()).items()))


def cohort_of(database: Database, learners: int = 9) -> bytes:
    with database.changing() as connection:
        cohort = groups.create(connection, "Taller de marzo", TODAY)
        for number in range(learners):
            place(connection, cohort, f"Folio {number}")
    return cohort


def opened(database: Database, cohort: bytes, module: str = "doxxing", on: date = TODAY) -> bytes:
    plan = Plan(cohort, module, on, on + timedelta(days=14))
    with database.changing() as connection:
        return campaigns.open_campaign(connection, KEY, plan, 5)


def reply(database: Database, campaign: bytes, given: Given | None = ANSWERS, on: date = TODAY) -> None:
    with database.changing() as connection:
        campaigns.reply(connection, KEY, campaign, on, given)


def close(database: Database, on: date = AFTER, key: bytes = KEY) -> int:
    with database.changing() as connection:
        return campaigns.close_due(connection, key, on, counted)


def slots(database: Database) -> dict[bytes, bytes]:
    with database.asking() as asking:
        return {row.address: row.body for row in asking.execute(select(Slot.address, Slot.body)).all()}


def facts(database: Database, cohort: bytes) -> CampaignFacts:
    with database.asking() as asking:
        return campaigns.campaigns_of(asking, cohort)[0]


@pytest.fixture
def cohort(database: Database) -> bytes:
    return cohort_of(database)


@pytest.fixture
def campaign(database: Database, cohort: bytes) -> bytes:
    return opened(database, cohort)


@pytest.mark.parametrize("contributors", [0, 1, 4, 7])
def test_rows_and_their_sizes_never_say_how_many_contributed(
    database: Database, campaign: bytes, contributors: int
) -> None:
    for _ in range(contributors):
        reply(database, campaign)

    found = slots(database)
    assert len(found) == 16
    assert {len(address) for address in found} == {32}
    assert {len(body) for body in found.values()} == {12 + SLOT_BYTES + 16}


@pytest.mark.parametrize(("learners", "expected"), [(5, 16), (16, 16), (17, 24), (40, 40), (41, 48)])
def test_there_is_a_slot_for_each_learner_and_some_more(
    sqlite: Database, learners: int, expected: int
) -> None:
    opened(sqlite, cohort_of(sqlite, learners))

    assert len(slots(sqlite)) == expected


@pytest.mark.parametrize("given", [ANSWERS, None])
def test_two_copies_show_that_somebody_replied_and_not_what(
    database: Database, campaign: bytes, given: Given | None
) -> None:
    reply(database, campaign)
    before = slots(database)

    reply(database, campaign, given)

    after = slots(database)
    assert len(after) == len(before)
    assert not after.keys() & before.keys()
    assert not set(after.values()) & set(before.values())


def test_the_bytes_of_filled_and_blank_slots_look_alike(sqlite: Database) -> None:
    campaign = opened(sqlite, cohort_of(sqlite, 200))
    for number in range(20):
        reply(sqlite, campaign, {f"statement-{item}": "yes" for item in range(number)})

    found = slots(sqlite)
    together_ = b"".join(found.values())
    expected = len(together_) / 256
    chi_squared = sum((count - expected) ** 2 / expected for count in Counter(together_).values())
    assert 140 < chi_squared < 390  # 255 degrees of freedom: five standard deviations either way
    # No bit of any position is the same in all of them, as the first point of a sealed box's key would be.
    for position in range(12 + SLOT_BYTES + 16):
        for bit in range(8):
            assert 40 < sum(body[position] >> bit & 1 for body in found.values()) < 160
    assert not any(b"yes" in body and b"statement" in body for body in found.values())


def test_nothing_opens_without_the_secret_that_is_not_in_the_database(
    database: Database, cohort: bytes, campaign: bytes
) -> None:
    for _ in range(6):
        reply(database, campaign)

    close(database, key=random_key())

    assert facts(database, cohort).outcome == {}


def test_each_campaign_has_a_key_of_its_own(database: Database, cohort: bytes, campaign: bytes) -> None:
    reply(database, campaign)
    other = opened(database, cohort, "accounts")
    with database.changing() as connection:
        connection.execute(update(Slot).where(Slot.campaign_id == other).values(body=b"x"))
        connection.execute(update(Slot).where(Slot.campaign_id == campaign).values(campaign_id=other))

    close(database)

    with database.asking() as asking:
        assert [found.outcome for found in campaigns.campaigns_of(asking, cohort)] == [{}, {}]


def test_when_it_closes_everything_is_opened_once_and_the_slots_are_gone(
    database: Database, cohort: bytes, campaign: bytes
) -> None:
    for number in range(7):
        reply(database, campaign, {"lock-screen": "yes" if number % 2 else "no"})
        reply(database, campaign, None)

    assert close(database) == 1
    assert close(database) == 0

    found = facts(database, cohort)
    assert found.outcome == {"no": 4, "yes": 3}
    assert found.closed_on == AFTER
    assert slots(database) == {}


def test_it_never_closes_before_its_last_day_is_over(database: Database, campaign: bytes) -> None:
    reply(database, campaign, on=LAST)

    assert close(database, on=LAST) == 0
    assert len(slots(database)) == 16


def test_after_its_last_day_nobody_contributes(database: Database, campaign: bytes) -> None:
    with pytest.raises(campaigns.CampaignOver):
        reply(database, campaign, on=AFTER)
    close(database)
    with pytest.raises(campaigns.CampaignOver):
        reply(database, campaign)


def test_slots_that_were_put_back_from_a_copy_count_once(
    database: Database, cohort: bytes, campaign: bytes
) -> None:
    reply(database, campaign)
    copies = [slots(database)]
    for _ in range(5):
        reply(database, campaign, None)
        copies.append(slots(database))
    with database.changing() as connection:
        rows = [
            {"campaign_id": campaign, "address": address, "body": body}
            for copy in copies[:-1]
            for address, body in copy.items()
        ]
        connection.execute(insert(Slot), rows)

    close(database)

    assert facts(database, cohort).outcome == {"not-for-me": 1, "yes": 1}


def test_a_damaged_or_moved_slot_counts_as_blank(database: Database, cohort: bytes, campaign: bytes) -> None:
    for _ in range(3):
        reply(database, campaign)
    with database.changing() as connection:
        for address, body in slots(database).items():
            connection.execute(insert(Slot).values(campaign_id=campaign, address=random_key(), body=body))
            connection.execute(update(Slot).where(Slot.address == address).values(body=body[:-1] + b"\0\0"))

    close(database)

    assert facts(database, cohort).outcome == {}


def test_many_who_reply_at_once_are_all_counted(database: Database, cohort: bytes, campaign: bytes) -> None:
    together(*[lambda: reply(database, campaign)] * 8)

    close(database)

    assert facts(database, cohort).outcome == {"not-for-me": 8, "yes": 8}


def test_when_every_slot_is_taken_nothing_is_lost(database: Database, cohort: bytes, campaign: bytes) -> None:
    for _ in range(16):
        reply(database, campaign)
    with pytest.raises(campaigns.CampaignFull):
        reply(database, campaign)
    reply(database, campaign, None)

    close(database)

    assert facts(database, cohort).outcome == {"not-for-me": 16, "yes": 16}


def test_what_does_not_fit_is_refused_and_changes_nothing(database: Database, campaign: bytes) -> None:
    before = slots(database)

    with pytest.raises(campaigns.ContributionTooLarge):
        reply(database, campaign, {"statement": "y" * SLOT_BYTES})

    assert slots(database) == before


def test_one_is_open_per_cohort_and_module(database: Database, cohort: bytes, campaign: bytes) -> None:
    with pytest.raises(campaigns.CampaignOpen):
        opened(database, cohort)

    opened(database, cohort, "accounts")
    opened(database, cohort_of(database))


def test_of_two_who_open_one_at_once_one_does(database: Database, cohort: bytes) -> None:
    def try_to() -> bool:
        try:
            opened(database, cohort)
        except campaigns.CampaignOpen:
            return False
        return True

    found: list[bool] = []
    together(*[lambda: found.append(try_to())] * 4)

    assert sorted(found) == [False, False, False, True]


def test_the_same_people_are_not_asked_the_same_again_soon(
    database: Database, cohort: bytes, campaign: bytes
) -> None:
    close(database)
    again = LAST + timedelta(days=COOLING_DAYS)

    with pytest.raises(campaigns.CampaignTooSoon) as soon:
        opened(database, cohort, on=again - timedelta(days=1))
    assert soon.value.until == again
    opened(database, cohort, on=again)


def test_a_group_that_could_never_be_shown_is_not_asked(database: Database) -> None:
    with pytest.raises(campaigns.GroupTooSmall):
        opened(database, cohort_of(database, 4))


def test_who_is_asked() -> None:
    before = TODAY - timedelta(days=1)
    found = CampaignFacts(b"c" * 16, b"a" * 16, "doxxing", TODAY, LAST, None, None)
    here = Place(b"m" * 16, b"a" * 16, "Folio 1", False, TODAY, None, "Taller", 365)

    assert found.asks(here)
    assert found.asks(replace(here, joined_on=before, reissued_on=before))
    assert not found.asks(replace(here, joined_on=None))
    assert not found.asks(replace(here, joined_on=TODAY + timedelta(days=1)))
    assert not found.asks(replace(here, reissued_on=TODAY))
    assert not found.asks(replace(here, cohort_id=b"b" * 16))
