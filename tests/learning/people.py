"""Made-up measures and people who answered them: what the tests of the plan's arithmetic share."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from app.curriculum import load
from app.curriculum.model import (
    Audience,
    ChecklistItem,
    Curriculum,
    Impact,
    Intake,
    IntakeOption,
    IntakeQuestion,
    LeftOut,
    Text,
)
from app.learning.answers import Answer, Choice
from app.learning.plan import PutOff
from app.learning.situation import Situation, Weight, concerning, weights
from config import CHECKOUT

TODAY = date(2026, 12, 1)
REVIEWED = date(2026, 11, 24)
THREATS = ("burglary", "fire", "flood")


def text(words: str) -> Text:
    return Text({"en": words, "es": words})


_MEASURE: dict[str, Any] = {
    "why": text("Because."), "how": (text("One."), text("Two.")), "impact": Impact.HIGH, "minutes": 15,
    "audience": (Audience.JOURNALIST,), "reviewed": REVIEWED, "review_by": REVIEWED + timedelta(days=365),
    "sources": ("kit",),
}  # fmt: skip


def measure(name: str, threats: Mapping[str, int] | None = None, **otherwise: Any) -> ChecklistItem:
    """A measure that works fully against burglary, unless it is said otherwise."""
    said = {"threats": dict(threats or {"burglary": 3}), **otherwise}
    return ChecklistItem(**{**_MEASURE, "id": name, "text": text(name), **said})


def option(
    name: str, raises: Mapping[str, int] | None = None, *audience: Audience, danger: bool = False
) -> IntakeOption:
    return IntakeOption(id=name, text=text(name), raises=dict(raises or {}), audience=audience, danger=danger)


def question(name: str, *options: IntakeOption) -> IntakeQuestion:
    return IntakeQuestion(
        id=name, text=text(name), why=text("Because."), many=True, options=options,
        reviewed=REVIEWED, review_by=REVIEWED + timedelta(days=365), sources=("kit",),
    )  # fmt: skip


def intake(*questions: IntakeQuestion, left_out: Sequence[LeftOut] = ()) -> Intake:
    return Intake(questions=questions, left_out=tuple(left_out))


def told(**chosen: Sequence[str]) -> Situation:
    """A situation: option ids by question."""
    return Situation({name: list(options) for name, options in chosen.items()}, {}, TODAY)


def answered(choice: Choice | None, *names: str, on: date = TODAY) -> dict[str, Answer]:
    return {name: Answer(choice, "", on) for name in names}


def level(**levels: int) -> dict[str, Weight]:
    """Weights: 1 where nothing else is said."""
    return {threat: Weight(levels.get(threat, 1)) for threat in THREATS}


@cache
def real() -> Curriculum:
    """The real curriculum, read once."""
    return load(CHECKOUT)


def real_intake() -> Intake:
    asked = real().intake
    assert asked
    return asked


def weighed(situation: Situation) -> dict[str, Weight]:
    """What each real threat weighs for somebody."""
    return weights(real_intake(), real().threats_by_id, situation)


def theirs(situation: Situation) -> list[ChecklistItem]:
    """The real measures that concern somebody."""
    return concerning(real_intake(), real().items, situation)[0]


def any_situation(asked: Intake, random: Random) -> Situation:
    """Anything that somebody may tell: each question skipped, answered once, or with several options."""
    chosen = {}
    for each in asked.questions:
        most = len(each.options) if each.many else 1
        picked = random.sample(each.options, random.choice([0, 1, 1, min(2, most), random.randint(0, most)]))
        chosen[each.id] = [option.id for option in picked]
    threats = sorted({threat for each in asked.questions for o in each.options for threat in o.raises})
    own = random.sample(threats, random.choice([0, 0, 0, 1])) if threats else []
    return Situation(chosen, {threat: random.randint(1, 4) for threat in own}, TODAY)


def any_answers(items: Iterable[ChecklistItem], random: Random) -> dict[str, Answer]:
    """Anything that somebody may have answered, from hardly anything to everything."""
    mood = random.choice(
        [(1, 1, 1, 1, 1), (0, 9, 1, 0, 0), (9, 1, 1, 1, 0), (0, 1, 1, 0, 9), (0, 0, 1, 0, 0)]
    )
    choices = (Choice.YES, Choice.NO, Choice.UNSURE, Choice.NOT_MINE, None)
    return {
        item.id: Answer(choice, "", TODAY)
        for item in items
        if (choice := random.choices(choices, mood)[0]) is not None or random.random() < 0.5
    }


def anything_put_off(items: Sequence[ChecklistItem], random: Random) -> PutOff:
    """Some of it to days that have come and to days that haven't."""
    some = random.sample(items, random.randint(0, min(4, len(items))))
    return PutOff({item.id: TODAY + timedelta(days=random.randint(-5, 40)) for item in some})


def any_measures(random: Random) -> list[ChecklistItem]:
    """A small curriculum: up to nine measures, each of which may need earlier and later ones, in no circle."""
    names = list("abcdefghi")[: random.randint(1, 9)]
    made = [
        measure(
            name,
            {threat: random.randint(1, 3) for threat in random.sample(THREATS, random.randint(1, 3))},
            impact=random.choice(list(Impact)),
            minutes=random.choice([1, 2, 5, 10, 15, 30, 60, 120, 240]),
            needs=random.sample(names[:number], random.choice([0, 0, 1, 2]) if number > 1 else 0),
        )
        for number, name in enumerate(names)
    ]
    random.shuffle(made)
    return made


def any_weights(random: Random) -> dict[str, Weight]:
    return level(**{threat: random.randint(1, 4) for threat in THREATS})
