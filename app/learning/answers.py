"""An answer to a checklist item, and which of two answers stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: Characters that a note may have. The form uses it; two of the largest notes fit one size class.
NOTE_LENGTH = 2000


class Choice(StrEnum):
    """What somebody can say to a statement about their own safety."""

    YES = "yes"
    NO = "no"
    NOT_MINE = "not-for-me"
    UNSURE = "not-sure"


@dataclass(frozen=True)
class Answer:
    """One person's answer to one item: a choice, a note, or both, and the day it was given."""

    choice: Choice | None
    note: str
    answered_on: date

    @property
    def is_blank(self) -> bool:
        """Whether there is neither a choice nor a note."""
        return self.choice is None and not self.note


def settled(kept: Answer, guest: Answer) -> Answer:
    """The answer that stands when a guest's joins a kept one: the later choice, and every note.

    On the same day the guest's choice stands, because it was given in this visit.
    """
    later, earlier = (kept, guest) if kept.answered_on > guest.answered_on else (guest, kept)
    return Answer(later.choice or earlier.choice, _both(earlier.note, later.note), later.answered_on)


def _both(earlier: str, later: str) -> str:
    """Two notes as one, whole: it may be longer than a note that is typed, and nothing of either is lost."""
    if earlier in later:
        return later
    return earlier if later in earlier else f"{earlier}\n\n{later}"
