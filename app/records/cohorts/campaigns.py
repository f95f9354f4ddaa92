"""Group insight: campaigns, and slots of which nobody who holds the database can tell the filled from the blank.

A campaign has a fixed number of slots from its first day on. Each is sealed with a key that comes from a secret outside
the database, and each is as long as every other, blank or not. Whenever somebody replies, whatever they reply, all of
them are sealed anew at new random addresses. So a copy shows neither how many contributed nor what, and two copies show
that somebody replied between them, and no more.

The seal is symmetric. One for a public key would begin with a point of a curve, which can be told from random bytes,
and this server has to be able to open every slot anyway, to seal it anew.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Executable, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.records.cohorts.campaign_tables import Campaign, Slot
from app.records.cohorts.publishing import Place
from app.records.cohorts.tables import Cohort, Membership
from app.records.crypto import derive, joined, random_id, random_key, seal, unseal
from app.records.erasure import note_traces
from app.records.failures import RecordDamaged, RecordsFailure

#: Days that a campaign may be open, and days for which a cohort isn't asked about the same module again.
SHORTEST_DAYS, LONGEST_DAYS, COOLING_DAYS = 3, 30, 90
#: Slots of a campaign: one for each learner, at least so many, and a multiple of so many.
FEWEST_SLOTS, SLOT_STEP = 16, 8
#: Bytes of a slot before it is sealed: some fifty statements.
SLOT_BYTES = 2048
_BLANK = b"null"

#: What somebody contributes: texts by names. What they mean is for others to know.
Given = Mapping[str, str]
#: Makes the outcome of everything that was contributed, or None where that is too little.
Summing = Callable[[Sequence[Given]], Mapping[str, int] | None]


class NoSuchCampaign(RecordsFailure):
    """No campaign has this id."""


class CampaignOpen(RecordsFailure):
    """The cohort is being asked about this module now."""


class CampaignTooSoon(RecordsFailure):
    """The cohort was asked about this module not long ago. until: the day from which it may be asked again."""

    def __init__(self, until: date):
        super().__init__()
        self.until = until


class GroupTooSmall(RecordsFailure):
    """So few learn in this cohort that nothing could ever be shown."""


class CampaignOver(RecordsFailure):
    """Its last day has passed."""


class CampaignFull(RecordsFailure):
    """No slot is blank any more."""


class ContributionTooLarge(RecordsFailure):
    """It doesn't fit into a slot."""


@dataclass(frozen=True)
class CampaignFacts:
    """What a campaign is. closes_on: its last day. outcome: see the table."""

    id: bytes
    cohort_id: bytes
    module: str
    opened_on: date
    closes_on: date
    closed_on: date | None
    outcome: Mapping[str, int] | None

    def is_due(self, today: date) -> bool:
        """Whether its last day has passed, and it wasn't closed yet."""
        return self.closed_on is None and self.closes_on < today

    def asks(self, place: Place) -> bool:
        """Whether a member is asked: in this cohort, by the first day, with the vault that they had before it.

        A place that was given again has a new vault, which doesn't know whether its owner replied.
        """
        came = place.joined_on is not None and place.joined_on <= self.opened_on
        same_vault = place.reissued_on is None or place.reissued_on < self.opened_on
        return self.cohort_id == place.cohort_id and came and same_vault


@dataclass(frozen=True)
class Plan:
    """A campaign to be opened."""

    cohort_id: bytes
    module: str
    opened_on: date
    closes_on: date


_FACTS = (
    Campaign.id,
    Campaign.cohort_id,
    Campaign.module,
    Campaign.opened_on,
    Campaign.closes_on,
    Campaign.closed_on,
    Campaign.outcome,
)


def campaigns_key(secret_key: str) -> bytes:
    """The key from which each campaign's comes, from the secret that this installation keeps beside its records."""
    return derive(secret_key.encode(), "group insight")


def open_campaign(connection: Connection, key: bytes, plan: Plan, at_least: int) -> bytes:
    """Ask a cohort about a module. Returns the campaign's id.

    at_least: how many must learn in the cohort, or be expected. Raises CampaignOpen, CampaignTooSoon, GroupTooSmall.
    """
    # Locked, so that of two who open at the same moment one does.
    connection.execute(select(Cohort.id).where(Cohort.id == plan.cohort_id).with_for_update())
    same = (Campaign.cohort_id == plan.cohort_id, Campaign.module == plan.module)
    for earlier in _facts(connection, select(*_FACTS).where(*same)):
        if earlier.closed_on is None:
            raise CampaignOpen
        until = earlier.closes_on + timedelta(days=COOLING_DAYS)
        if plan.opened_on < until:
            raise CampaignTooSoon(until)
    here = (
        Membership.cohort_id == plan.cohort_id,
        Membership.role == "learner",
        Membership.left_on.is_(None),
    )
    learners = connection.scalar(select(func.count()).where(*here)) or 0
    if learners < at_least:
        raise GroupTooSmall
    campaign_id = random_id()
    connection.execute(insert(Campaign).values(id=campaign_id, closed_on=None, outcome=None, **vars(plan)))
    _fill(connection, key, campaign_id, max(FEWEST_SLOTS, -(-learners // SLOT_STEP) * SLOT_STEP), {})
    return campaign_id


def campaigns_of(connection: Connection, cohort_id: bytes) -> list[CampaignFacts]:
    """A cohort's campaigns, the latest first."""
    found = _facts(connection, select(*_FACTS).where(Campaign.cohort_id == cohort_id))
    return sorted(found, key=lambda each: (each.opened_on, each.module, each.id), reverse=True)


def open_in(connection: Connection, cohort_ids: Collection[bytes], today: date) -> list[CampaignFacts]:
    """The campaigns of these cohorts to which people may reply today, what ends first at first."""
    asked = select(*_FACTS).where(
        Campaign.cohort_id.in_(cohort_ids), Campaign.closed_on.is_(None), Campaign.closes_on >= today
    )
    return sorted(_facts(connection, asked), key=lambda each: (each.closes_on, each.module, each.id))


def reply(connection: Connection, key: bytes, campaign_id: bytes, today: date, given: Given | None) -> None:
    """Fill a blank slot, or none, within a transaction; either way every slot is sealed anew at a new address.

    Raises NoSuchCampaign, CampaignOver, CampaignFull, ContributionTooLarge.
    """
    asked = select(Campaign.closed_on, Campaign.closes_on).where(Campaign.id == campaign_id).with_for_update()
    campaign = connection.execute(asked).first()
    if campaign is None:
        raise NoSuchCampaign
    if campaign.closed_on is not None or campaign.closes_on < today:
        raise CampaignOver
    slots, filled = _opened(connection, key, campaign_id)
    if given is not None:
        filled[random_id().hex()] = given
    if len(filled) > slots:
        raise CampaignFull
    _fill(connection, key, campaign_id, slots, filled)


def close_due(connection: Connection, key: bytes, today: date, summing: Summing) -> int:
    """Close what has passed its last day: open its slots, keep the outcome, delete them. Returns how many there were.

    No campaign closes before, so that nobody can choose the moment after which one more would have contributed.
    """
    due = select(*_FACTS).where(Campaign.closed_on.is_(None), Campaign.closes_on < today)
    found = _facts(connection, due.order_by(Campaign.id).with_for_update())
    for campaign in found:
        _slots, filled = _opened(connection, key, campaign.id)
        outcome = summing(list(filled.values()))
        kept = None if outcome is None else json.dumps(outcome, sort_keys=True)
        connection.execute(
            update(Campaign).where(Campaign.id == campaign.id).values(closed_on=today, outcome=kept)
        )
        connection.execute(delete(Slot).where(Slot.campaign_id == campaign.id))
    if found:
        with Session(connection, join_transaction_mode="rollback_only") as session:
            note_traces(session)  # what the slots were leaves the file's log soon
            session.commit()
    return len(found)


def _facts(connection: Connection, asked: Executable) -> list[CampaignFacts]:
    return [
        CampaignFacts(
            row.id,
            row.cohort_id,
            row.module,
            row.opened_on,
            row.closes_on,
            row.closed_on,
            json.loads(row.outcome) if row.outcome else None,
        )
        for row in connection.execute(asked).all()
    ]


def _key_of(key: bytes, campaign_id: bytes) -> bytes:
    return derive(key, "campaign", salt=campaign_id)


def _binding(campaign_id: bytes, address: bytes) -> bytes:
    # Bound to its address, and filed once by its own id: somebody who can write into the database can't make one
    # person's contribution count five times.
    return b"slot:1:" + joined(campaign_id, address)


def _opened(connection: Connection, key: bytes, campaign_id: bytes) -> tuple[int, dict[str, Given]]:
    """How many slots there are, and what is in those that are filled. A damaged slot counts as blank."""
    sealing = _key_of(key, campaign_id)
    rows = connection.execute(select(Slot.address, Slot.body).where(Slot.campaign_id == campaign_id)).all()
    filled: dict[str, Given] = {}
    for row in rows:
        with suppress(RecordDamaged):
            content = json.loads(unseal(sealing, row.body, _binding(campaign_id, row.address)))
            if content is not None:
                contribution_id, given = content
                filled[contribution_id] = given
    return len(rows), filled


def _fill(
    connection: Connection, key: bytes, campaign_id: bytes, slots: int, filled: Mapping[str, Given]
) -> None:
    """Put these slots in place of all that there are, in an order that says nothing."""
    sealing = _key_of(key, campaign_id)
    contents = [json.dumps(each).encode() for each in filled.items()]
    if any(len(content) > SLOT_BYTES for content in contents):
        raise ContributionTooLarge
    contents += [_BLANK] * (slots - len(contents))
    rows = []
    for content in contents:
        address = random_key()
        body = seal(sealing, content.ljust(SLOT_BYTES), _binding(campaign_id, address))
        rows.append({"campaign_id": campaign_id, "address": address, "body": body})
    connection.execute(delete(Slot).where(Slot.campaign_id == campaign_id))
    if rows:
        connection.execute(insert(Slot), sorted(rows, key=lambda row: row["address"]))
