"""An incident as its writer tells it, what was judged of it, and the files that show it.

Nothing of it is asked for but what happened; who wrote it and where they live is never asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Annotated

from pydantic import Field

from app.learning.filetypes import FileKind

_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

#: Characters that may be typed: for what happened, for every other answer, and for one line. Two of the longest
#: incidents with every step of their worksheet fit a form.
STORY_LENGTH, TEXT_LENGTH, LINE_LENGTH = 6000, 1500, 300
#: Files of one incident, and incidents of one log.
FILES, INCIDENTS = 20, 200
NAME_LENGTH = 120


@dataclass(frozen=True)
class EvidenceFile:
    """A file as it was on the day it was added. `key` opens it, on the machine where it is; it never leaves it.

    name: what it was called, for its owner to recognise it; nothing is decided by it.
    """

    id: _Id
    key: _Hash | None
    size: Annotated[int, Field(ge=1, lt=2**31)]
    kind: FileKind
    sha256: _Hash
    name: str
    added_on: date


@dataclass(frozen=True)
class Assessment:
    """What was judged of a threat: ids of red lines and of statements that hold, and words for each step."""

    red_lines: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    steps: dict[str, str] = field(default_factory=dict)
    opinion: str = ""
    assessed_on: date | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was judged."""
        return not (self.red_lines or self.holds or any(self.steps.values()) or self.opinion)

    def joined_with(self, other: "Assessment") -> "Assessment":
        """Both, whole: what either marked, and all that either wrote."""
        days = [day for day in (self.assessed_on, other.assessed_on) if day]
        return Assessment(
            _union(self.red_lines, other.red_lines),
            _union(self.holds, other.holds),
            {
                name: _both(self.steps.get(name, ""), other.steps.get(name, ""))
                for name in _union(self.steps, other.steps)
            },
            _both(self.opinion, other.opinion),
            max(days, default=None),
        )


@dataclass(frozen=True)
class Incident:
    """One incident. on, hour: when, as far as known, as the writer says it. address: of the post."""

    happened: str
    written_on: date
    changed_on: date
    on: date | None = None
    hour: str = ""
    where: str = ""
    address: str = ""
    who: str = ""
    knows: str = ""
    done: str = ""
    effect: str = ""
    files: tuple[EvidenceFile, ...] = ()
    assessment: Assessment = field(default_factory=Assessment)

    @property
    def day(self) -> date:
        """The day by which it is put in order: when it happened, or else when it was written down."""
        return self.on or self.written_on

    def file(self, file_id: str) -> EvidenceFile | None:
        """The file of this id, if it has one."""
        return next((file for file in self.files if file.id == file_id), None)

    def without_keys(self) -> "Incident":
        """The same as it may leave the machine: what opens its files stays."""
        return replace(self, files=tuple(replace(file, key=None) for file in self.files))

    def joined_with(self, other: "Incident") -> "Incident":
        """Two forms of one incident as one: nothing that either says is lost."""
        lines = {name: _both(getattr(self, name), getattr(other, name)) for name in WRITTEN}
        mine = {file.id: file for file in self.files}
        theirs = {file.id: file for file in other.files}
        both = {**theirs, **mine, **{name: file for name, file in theirs.items() if file.key}}
        both |= {name: file for name, file in mine.items() if file.key}
        return Incident(
            written_on=min(self.written_on, other.written_on),
            changed_on=max(self.changed_on, other.changed_on),
            on=self.on or other.on,
            files=tuple(both[name] for name in _union(mine, theirs)),
            assessment=self.assessment.joined_with(other.assessment),
            **lines,
        )


#: What is written by hand.
WRITTEN = tuple(each.name for each in fields(Incident) if each.type in {str, "str"})


def in_order(incidents: Iterable[tuple[str, Incident]]) -> list[tuple[str, Incident]]:
    """Incidents with their ids, the latest first."""
    return sorted(incidents, key=lambda each: (each[1].day, each[1].written_on, each[0]), reverse=True)


def _union(mine: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*mine, *theirs]))


def _both(mine: str, theirs: str) -> str:
    if theirs in mine:
        return mine
    return theirs if mine in theirs else f"{mine}\n\n{theirs}"
