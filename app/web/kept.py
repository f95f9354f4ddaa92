"""The table of what a visitor's notebook keeps: of which type each kind is, and how two of one kind become one.

Whatever is filed in a notebook has a row here. So a guest's visit can join what is kept, a copy from another
machine can be checked before anything of it is taken over, and a damaged record is told from a sound one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.learning.answers import Answer, settled
from app.learning.audit import Review, Sitting
from app.learning.drills import Drills
from app.learning.history import History
from app.learning.incidents import Incident
from app.learning.insight import Replied
from app.learning.lately import Lately
from app.learning.plan import PutOff
from app.learning.progress import Completion, LessonsRead
from app.learning.quiz import QuizRecord
from app.learning.refreshers import Refreshers
from app.learning.scenario import Walk
from app.learning.situation import Situation
from app.records.notebook import Entry, Notebook, Ref

ANSWER, LESSONS, COMPLETION, QUIZ, SCENARIO = "answer", "lessons", "completion", "quiz", "scenario"
#: What comes back: the questions of all modules in one record, and the drills in another.
REFRESHERS, DRILLS = "refreshers", "drills"
#: The days that a copy may name: a clock that was never set is as far off as a machine that wrote one can be.
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
#: That a campaign about a module was replied to; what was replied is filed nowhere.
REPLY = "reply"
#: The self-audit: what somebody told of their situation, what is asked now, when next, what it came to, what waits.
SITUATION, SITTING, REVIEW, HISTORY, PUT_OFF = "situation", "sitting", "review", "history", "put-off"
#: What was done last with a step of the plan.
LATELY = "lately"
#: One incident of the log, under a random name.
INCIDENT = "incident"


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Kept:
    """A kind of record: the type of its value, and how what is kept (first) and a guest's (second) become one.

    carried: the value as it may leave this machine.
    """

    type: Any
    joined: Callable[[Any, Any], Any]
    carried: Callable[[Any], Any] = _as_it_is

    def read(self, value: Any) -> Any:
        """A JSON value as what it is. Raises ValidationError, which quotes it: it must not travel on."""
        return _adapter(self.type).validate_python(value)

    def written(self, value: Any) -> Any:
        """The same as JSON."""
        return _adapter(self.type).dump_python(value, mode="json")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _both(kept: Any, guest: Any) -> Any:
    return kept.joined_with(guest)


KINDS: dict[str, Kept] = {
    ANSWER: Kept(Answer, settled),
    LESSONS: Kept(LessonsRead, _both),
    COMPLETION: Kept(Completion, lambda kept, guest: min(kept, guest, key=lambda each: each.achieved_on)),
    QUIZ: Kept(QuizRecord, _both),
    SCENARIO: Kept(Walk, _both),
    SITUATION: Kept(Situation, _both),
    SITTING: Kept(Sitting, _both),
    REVIEW: Kept(Review, _both),
    HISTORY: Kept(History, _both),
    PUT_OFF: Kept(PutOff, _both),
    REFRESHERS: Kept(Refreshers, _both),
    DRILLS: Kept(Drills, _both),
    LATELY: Kept(Lately, _both),
    REPLY: Kept(Replied, lambda kept, guest: max(kept, guest, key=lambda each: each.on)),
    INCIDENT: Kept(Incident, _both, Incident.without_keys),
}


@dataclass(frozen=True)
class Filed:
    """What was found in a notebook: values by their kind and name, and the refs that couldn't be read."""

    values: dict[str, dict[str, Any]]
    damaged: frozenset[Ref] = field(default_factory=frozenset)

    def one(self, kind: str, default: Any) -> Any:
        """The value of a kind of which there is one, or the default."""
        return self.values[kind].get("", default)


def filed(book: Notebook | None, refs: Iterable[Ref]) -> Filed:
    """What a notebook holds under these refs, each as what it is. One query; none where there is no notebook."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    if book is None:
        return Filed(found)
    loaded = book.load_many(refs, Any)
    damaged = set(loaded.damaged)
    for ref, value in loaded.values.items():
        try:
            found[ref.kind][ref.name] = KINDS[ref.kind].read(value)
        except ValidationError:
            damaged.add(ref)
    return Filed(found, frozenset(damaged))


def settle(ref: Ref, kept: Any, guest: Any) -> Any:
    """Which of two JSON values of one record stands when a guest's notebook joins a kept one.

    Where one of them isn't what it should be, the other stands: whoever signs in must not be kept out by it.
    """
    kind = KINDS.get(ref.kind)
    if kind is None:
        return kept
    try:
        theirs = kind.read(guest)
    except ValidationError:
        return kept
    try:
        mine = kind.read(kept)
    except ValidationError:
        return guest
    return kind.written(kind.joined(mine, theirs))


def carried(entry: Entry) -> Entry:
    """A record as it may leave this machine; one that can't be read as what it is stays as it stands."""
    kind = KINDS.get(entry.ref.kind)
    if kind is None or kind.carried is _as_it_is:
        return entry
    try:
        return Entry(entry.ref, kind.written(kind.carried(kind.read(entry.value))))
    except ValidationError:
        return Entry(entry.ref, None)


def is_known(ref: Ref) -> bool:
    """Whether anything is kept here under such a ref."""
    return ref.kind in KINDS


def is_sound(ref: Ref, value: Any) -> bool:
    """Whether a JSON value is what is kept under such a ref: asked of what comes from outside.

    No kit writes days of other centuries, and the calendar ends a little after them: what is reckoned from them would
    break the pages of whoever brings them.
    """
    try:
        found = KINDS[ref.kind].read(value)
    except (KeyError, ValidationError):
        return False
    return all(EARLIEST <= day <= LATEST for day in _days_in(found))


def _days_in(value: Any) -> Iterator[date]:
    """Every day that a value of ours holds, wherever in it."""
    if isinstance(value, date):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _days_in(getattr(value, each.name))
    elif isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _days_in(inner)
