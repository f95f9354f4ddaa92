"""What to do while it is happening, and whom to call."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.curriculum.model.texts import Id, Reviewed, Text, Value


class Trust(Value):
    """What to do about reporting, by how far the local authorities can be trusted."""

    trusted: Text
    uncertain: Text
    collusion: Text


class Step(Value):
    """One thing to do now, and what helps to do it."""

    text: Text
    more: Text | None = None


class ContactKind(StrEnum):
    """What a contact is for; each situation names the kinds it needs, first things first."""

    EMERGENCY = "emergency"
    KIDNAPPING = "kidnapping"
    EXTORTION = "extortion"
    POLICE = "police"
    CYBER = "cyber"
    PROTECTION = "protection"
    SUPPORT = "support"
    DIGITAL_HELP = "digital-help"
    TRAFFICKING = "trafficking"
    INTIMATE_IMAGES = "intimate-images"


class Situation(Reviewed):
    """Something that is happening now: what to do, what not to do, whom to call."""

    id: Id
    order: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    content_note: Text | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=4, max_length=10)]
    donts: Annotated[tuple[Text, ...], Field(min_length=3, max_length=8)]
    branches: tuple[Step, ...] = ()
    trust: Trust
    disagree: Text | None = None
    contacts: Annotated[tuple[ContactKind, ...], Field(min_length=1)]
    card: Annotated[tuple[Text, ...], Field(min_length=4, max_length=8)]
    afterwards: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
    module: Id | None = None


class Contact(Value):
    """Somebody to call. `number` is dialled or opened as printed; every one says 'verify locally'."""

    kind: ContactKind
    name: Text
    number: str
    note: Text | None = None
    source: Id
    checked: date


class Country(Value):
    """The contacts of one country, or of no country in particular."""

    id: Id
    name: Text
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]


class Contacts(Value):
    """The country table: the one place in the kit where numbers stand."""

    review_by: date
    verify: Text
    not_listed: Annotated[tuple[Text, ...], Field(min_length=1)]
    countries: tuple[Country, ...]
    international: tuple[Contact, ...]
