"""The last thing that somebody did with a step of their plan: kept so that it can be taken back."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.learning.answers import Answer


class Deed(StrEnum):
    """What can be done with a step."""

    DONE = "done"
    NOT_MINE = "not-for-me"
    PUT_OFF = "put-off"


@dataclass(frozen=True)
class Lately:
    """A deed and, of its step, what stood before: the answer, and the day to which it was put off.

    Without a deed there is nothing to take back.
    """

    deed: Deed | None = None
    item: str = ""
    answer: Answer | None = None
    until: date | None = None
    on: date | None = None

    def joined_with(self, other: "Lately") -> "Lately":
        """The later of two; of one day the other's, which was done in this visit."""
        return other if (other.on or date.min) >= (self.on or date.min) else self
