"""The self-audit: every measure that concerns somebody as one list, asked in sittings of ten minutes.

What matters most in their situation is asked first. When they come back, what may have changed is asked before the
rest: what their kit now says otherwise, what they weren't sure of, and what they answered long ago.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from app.curriculum.model import ChecklistItem
from app.learning.answers import Answer, Choice
from app.learning.exposure import points
from app.learning.situation import Weight

#: Statements of a sitting: half a minute each, by the rule of `Module.minutes_of`.
SITTING = 20
#: Statements of one page of it.
PAGE = 5
#: Days after which everything is looked at again; brief, TM9: six months at most, and after any incident.
INTERVALS = (30, 90, 180)
LONGEST = 180


class Again(StrEnum):
    """Why a measure is asked about now; in the order in which they are asked."""

    INCIDENT = "incident"
    REWORDED = "reworded"
    UNSURE = "unsure"
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True)
class Asked:
    """A measure to be asked about, and why now."""

    item: ChecklistItem
    why: Again


@dataclass(frozen=True)
class Sitting:
    """What is asked in one sitting, by the measures' ids, fixed when it began; so that pages keep their places."""

    items: list[str] = field(default_factory=list)
    begun_on: date | None = None

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return -(-len(self.items) // PAGE)

    def page(self, number: int) -> list[str]:
        """The ids on one page, which count from 1; nothing beyond the last."""
        return self.items[(number - 1) * PAGE : number * PAGE]

    def joined_with(self, other: "Sitting") -> "Sitting":
        """The one that was begun later."""
        return other if (other.begun_on or date.min) >= (self.begun_on or date.min) else self


def matters(item: ChecklistItem, weights: Mapping[str, Weight]) -> int:
    """How much a measure can take away in somebody's situation, whatever it costs."""
    return sum(points(item, threat) * weight.factor for threat, weight in weights.items())


def to_ask(
    items: Iterable[ChecklistItem],
    answers: Mapping[str, Answer],
    weights: Mapping[str, Weight],
    today: date,
    review: "Review",
) -> list[Asked]:
    """What is to be asked now: why first, and in each of them what matters most; what needs no asking isn't there."""
    order = list(Again)
    found = []
    for item in items:
        why = _why(item, answers.get(item.id), today, review)
        if why is not None:
            found.append(Asked(item, why))
    return sorted(found, key=lambda each: (order.index(each.why), -matters(each.item, weights)))


def _why(item: ChecklistItem, answer: Answer | None, today: date, review: "Review") -> Again | None:
    if answer is None or answer.choice is None:
        return Again.NEW
    since_incident = review.incident_on is not None and answer.answered_on < review.incident_on
    if since_incident and review.touches(item):
        return Again.INCIDENT
    if answer.answered_on < item.reviewed and answer.answered_on < today:
        return Again.REWORDED
    if since_incident or today - answer.answered_on >= timedelta(days=review.every):
        return Again.UNSURE if answer.choice is Choice.UNSURE else Again.OLD
    return None


def sitting(asked: Sequence[Asked], today: date) -> Sitting:
    """The next sitting: as much of it as ten minutes hold."""
    return Sitting([each.item.id for each in asked[:SITTING]], today)


@dataclass(frozen=True)
class Review:
    """When somebody looks at everything again. incident_on, threats: what happened last, and what it was about.

    Raises ValueError for a number of days that nobody can choose.
    """

    every: int = LONGEST
    done_on: date | None = None
    incident_on: date | None = None
    threats: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not 1 <= self.every <= LONGEST:
            raise ValueError("nobody can choose this")

    def touches(self, item: ChecklistItem) -> bool:
        """Whether a measure is about what happened; where nothing was said of that, none is more than another."""
        return bool(set(self.threats).intersection(item.threats))

    @property
    def due_on(self) -> date | None:
        """The day of the next look: at once after an incident; none before the first one was finished."""
        if self.incident_on is not None and (self.done_on is None or self.done_on < self.incident_on):
            return self.incident_on
        return self.done_on + timedelta(days=self.every) if self.done_on else None

    def joined_with(self, other: "Review") -> "Review":
        """The later look, and the later incident with what it was about; the shorter time between looks."""
        later = other if (other.incident_on or date.min) > (self.incident_on or date.min) else self
        looks = [each.done_on for each in (self, other) if each.done_on]
        return Review(
            min(self.every, other.every), max(looks, default=None), later.incident_on, list(later.threats)
        )
