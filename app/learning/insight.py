"""Group insight: what is said of a group's answers, in bands so coarse that they say nothing of anybody in it.

A minimum count below which nothing is shown, and coarse classes above it, are among the oldest means of statistical
disclosure limitation: Schmutte and Vilhuber, "Balancing Privacy and Data Usability", in the Handbook on Using
Administrative Data (2020). That no class may mean "all of them" answers the homogeneity attack of Machanavajjhala and
others, "l-Diversity: Privacy Beyond k-Anonymity" (2007).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.learning.answers import Answer, Choice

#: People without whom nothing is said, of a group as of each statement.
ENOUGH = 5
#: How many bands there are: fifths.
BANDS = 5
#: Whom a statement concerns: whoever didn't say that it isn't for them.
_CONCERNED = frozenset({Choice.YES, Choice.NO, Choice.UNSURE})

#: What one person contributes: a choice for each statement that they answered, by its id.
Contribution = Mapping[str, str]


@dataclass(frozen=True)
class Replied:
    """That somebody replied to a campaign about a module, and on which day; not what they replied."""

    on: date

    def rests(self, today: date, days: int) -> bool:
        """Whether so few days have passed that they aren't asked about this module again."""
        return today - self.on < timedelta(days=days)


def contribution(item_ids: Iterable[str], answers: Mapping[str, Answer]) -> dict[str, str]:
    """What is contributed of somebody's answers: the choices, never a note, never a day."""
    chosen = ((item_id, answers[item_id].choice) for item_id in item_ids if item_id in answers)
    return {item_id: choice.value for item_id, choice in chosen if choice is not None}


def band(yes: int, concerned: int) -> int:
    """In which fifth the share of "yes" lies, from 0 to 4.

    Borders belong to the outer bands and to the middle one. So among `ENOUGH` or more each outer band holds two numbers
    at least, and says neither that all did nor that nobody did. Among exactly `ENOUGH` every band holds two.
    """
    if 5 * yes <= concerned:
        return 0
    if 5 * yes >= 4 * concerned:
        return 4
    if 5 * yes < 2 * concerned:
        return 1
    return 3 if 5 * yes > 3 * concerned else 2


def outcome(contributions: Sequence[Contribution]) -> dict[str, int] | None:
    """The band of each statement that concerns enough of those who contributed; None where too few did."""
    if len(contributions) < ENOUGH:
        return None
    concerned: dict[str, list[bool]] = {}
    for given in contributions:
        for item_id, choice in given.items():
            if choice in _CONCERNED:
                concerned.setdefault(item_id, []).append(choice == Choice.YES)
    return {
        item_id: band(sum(said_yes), len(said_yes))
        for item_id, said_yes in sorted(concerned.items())
        if len(said_yes) >= ENOUGH
    }
