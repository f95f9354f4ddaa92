"""What comes back to a visitor by itself, and on which days: questions, drills, the audit. Nobody else asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.learning.drills import Place, Standing, standings
from app.learning.refreshers import bank_of, due, next_day, set_of
from app.web.kit import kit
from app.web.study import Study


@dataclass(frozen=True)
class Coming:
    """What comes back. questions_on, audit_on: the days of the next set and of the audit, past ones too.

    questions: how many are due. under_way: a set was begun and isn't ended. drills: one's own, by their days.
    """

    today: date
    questions: int
    under_way: bool
    questions_on: date | None
    audit_on: date | None
    drills: tuple[Standing, ...]

    @property
    def set_due(self) -> bool:
        """Whether there is a set to begin or to go on with."""
        return self.under_way or self.questions > 0

    @property
    def audit_due(self) -> bool:
        """Whether the day of the audit has come."""
        return self.audit_on is not None and self.audit_on <= self.today

    @property
    def drills_due(self) -> list[Standing]:
        """The drills whose day has come."""
        return [each for each in self.drills if each.is_due(self.today)]

    @property
    def drills_later(self) -> list[Standing]:
        """The drills whose day is to come."""
        return [each for each in self.drills if not each.is_due(self.today)]

    @property
    def anything_due(self) -> bool:
        """Whether the day of anything has come."""
        return self.set_due or self.audit_due or bool(self.drills_due)

    @property
    def reading_days(self) -> set[date]:
        """The days to come on which there is something to read: the next set's."""
        return set(self._to_come([self.questions_on]))

    @property
    def reminder_days(self) -> set[date]:
        """The days to come on which there is something to do: the drills' and the audit's."""
        return set(self._to_come([self.audit_on, *(each.due_on for each in self.drills)]))

    def _to_come(self, days: list[date | None]) -> Iterator[date]:
        yield from (day for day in days if day is not None and day >= self.today)


def coming(study: Study, audit_on: date | None) -> Coming:
    """What comes back, by everything that somebody has done. audit_on: the day of the next look at everything."""
    taught, today = kit().curriculum, kit().today()
    bank = bank_of(taught.modules)
    current = set_of(study.refreshers, bank)
    everything = standings(taught.drills, study.answers, study.drills)
    return Coming(
        today=today,
        questions=len(due(study.refreshers, today, bank)),
        under_way=current is not None and not current.finished,
        questions_on=next_day(study.refreshers, bank),
        audit_on=audit_on,
        drills=tuple(each for each in everything if each.place is Place.MINE),
    )
