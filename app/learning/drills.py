"""Drills: what was put in place is practised or looked at again, each on a day of its own.

A drill is somebody's own once the statement it belongs to was answered with yes (then there is something to keep
alive), or once they add it themselves. It is theirs no more when the answer changes, or when they put it away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from app.curriculum.model import Drill
from app.learning.answers import Answer, Choice

#: "Not now" without a day: so many days.
NOT_NOW = timedelta(days=7)
#: The furthest day that a drill can be put off to: a year.
FURTHEST = timedelta(days=366)


class Place(StrEnum):
    """Whether a drill is somebody's own."""

    MINE = "mine"
    OFFERED = "offered"
    AWAY = "away"


@dataclass(frozen=True)
class Decided:
    """What somebody decided about a drill last, and on which day. due_on: None if they put it away.

    added: by themselves, so that it stays whatever the statement is answered with.
    """

    due_on: date | None
    decided_on: date
    done_on: date | None = None
    added: bool = False


@dataclass(frozen=True)
class Drills:
    """What is kept of them all, by the drill's id."""

    decided: dict[str, Decided] = field(default_factory=dict)

    def joined_with(self, other: "Drills") -> "Drills":
        """For each what was decided later, of two of one day the other's; and the last day on which it was done."""
        return Drills(
            {
                name: _joined(self.decided.get(name), other.decided.get(name))
                for name in (*self.decided, *(name for name in other.decided if name not in self.decided))
            }
        )


def _joined(kept: Decided | None, guest: Decided | None) -> Decided:
    both = [each for each in (guest, kept) if each is not None]
    latest = max(both, key=lambda each: each.decided_on)
    days = [each.done_on for each in both if each.done_on is not None]
    return replace(latest, done_on=max(days, default=None))


@dataclass(frozen=True)
class Standing:
    """How a drill stands with somebody: due_on where it is theirs."""

    drill: Drill
    place: Place
    due_on: date | None = None
    done_on: date | None = None
    added: bool = False

    def is_due(self, today: date) -> bool:
        """Whether its day has come."""
        return self.due_on is not None and self.due_on <= today


def standing(drill: Drill, answer: Answer | None, state: Drills) -> Standing:
    """How one drill stands."""
    decided, in_place = state.decided.get(drill.id), answer is not None and answer.choice is Choice.YES
    if decided is None:
        if answer is None or not in_place:
            return Standing(drill, Place.OFFERED)
        first = drill.days if drill.first is None else drill.first
        return Standing(drill, Place.MINE, answer.answered_on + timedelta(days=first))
    if decided.due_on is None:
        return Standing(drill, Place.AWAY, done_on=decided.done_on)
    if in_place or decided.added:
        return Standing(drill, Place.MINE, decided.due_on, decided.done_on, decided.added)
    return Standing(drill, Place.OFFERED, done_on=decided.done_on)


def standings(drills: Iterable[Drill], answers: Mapping[str, Answer], state: Drills) -> list[Standing]:
    """How they all stand: one's own by their days, then the others in the content's order."""
    found = [standing(drill, answers.get(drill.item), state) for drill in drills]
    order = list(Place)
    return sorted(found, key=lambda each: (order.index(each.place), each.due_on or date.max))


def done(state: Drills, now: Standing, today: date) -> Drills:
    """It was done today, and comes back when its time is over."""
    again = today + timedelta(days=now.drill.days)
    return _decide(state, now, Decided(again, today, today, _stays(now)))


def put_off(state: Drills, now: Standing, until: date | None, today: date) -> Drills:
    """Not now: on a day, else in a week."""
    furthest = today + FURTHEST
    day = min(max(until, today), furthest) if until else today + NOT_NOW
    return _decide(state, now, Decided(day, today, now.done_on, _stays(now)))


def put_away(state: Drills, now: Standing, today: date) -> Drills:
    """Not for this person: it comes back no more, unless they add it again."""
    return _decide(state, now, Decided(None, today, now.done_on))


def add(state: Drills, now: Standing, today: date) -> Drills:
    """They want it: it is due today. One that is theirs already stays as it is."""
    if now.place is Place.MINE:
        return state
    return _decide(state, now, Decided(today, today, now.done_on, added=True))


def _stays(now: Standing) -> bool:
    """Whether it is theirs whatever the answer is: they added it, or did it though it wasn't theirs."""
    return now.added or now.place is not Place.MINE


def _decide(state: Drills, now: Standing, decided: Decided) -> Drills:
    return Drills({**state.decided, now.drill.id: decided})
