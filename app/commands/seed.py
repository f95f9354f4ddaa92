"""`flask seed …`: invented people in invented cohorts, to try the administration on and to measure it with."""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Rows that are written in one statement.
_AT_ONCE = 5000
_PARTS = ("lessons", "checklist", "quiz", "scenario")


@click.command("seed")
@click.argument("learners", type=click.IntRange(1, 2_000_000))
@click.option(
    "--cohorts", type=click.IntRange(1, 100_000), default=1, help="How many cohorts they are spread over."
)
@click.option(
    "--sizes", help="Sizes of the first cohorts, such as 50,5000; the rest is spread over the others."
)
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which anything was completed; today."
)
def seed(learners: int, cohorts: int, sizes: str | None, day: Any) -> None:
    """Add LEARNERS invented learners with invented completions. They have no vault: nobody can sign in as one."""
    from app.cli import content_root
    from app.commands.records import opened
    from app.curriculum import load

    wanted = _sizes(learners, cohorts, sizes)
    with opened() as (config, database):
        modules = [module.id for module in load(content_root(), cache=config.cache).modules]
        today = day.date() if day else date.today()  # noqa: DTZ011 - the day where the command runs
        with click.progressbar(length=learners, label="Learners") as bar, database.changing() as connection:
            for size in wanted:
                for done in _fill(connection, size, modules, today):
                    bar.update(done)
    click.echo(f"{learners} learners in {len(wanted)} cohorts.")


def _sizes(learners: int, cohorts: int, sizes: str | None) -> list[int]:
    """How many learners each cohort gets. Raises BadParameter."""
    try:
        first = [int(size) for size in sizes.split(",")] if sizes else []
    except ValueError:
        raise click.BadParameter("write sizes as 50,5000", param_hint="--sizes") from None
    rest, others = learners - sum(first), cohorts - len(first)
    if rest < 0 or (rest and others < 1):
        raise click.BadParameter("the sizes don't fit the learners and cohorts", param_hint="--sizes")
    return (
        first + [rest // others + (number < rest % others) for number in range(others)]
        if others > 0
        else first
    )


def _fill(connection: "Connection", size: int, modules: list[str], today: date) -> Iterator[int]:
    from sqlalchemy import insert

    from app.records.cohorts import groups
    from app.records.cohorts.tables import Membership, Published

    chance = Random(secrets.randbits(64))  # noqa: S311 - invented completions
    cohort = groups.create(connection, f"Invented {size} {secrets.token_hex(3)}", today)
    for module in modules:
        groups.assign(connection, cohort, module, groups.WHOLE, today, None)
    for start in range(0, size, _AT_ONCE):
        count = min(_AT_ONCE, size - start)
        places = [secrets.token_bytes(16) for _ in range(count)]
        members = [_member(cohort, place, start + number, today) for number, place in enumerate(places)]
        connection.execute(insert(Membership), members)
        rows = [row for place in places for row in _completions(chance, place, modules, today)]
        for first in range(0, len(rows), _AT_ONCE):
            connection.execute(insert(Published), rows[first : first + _AT_ONCE])
        yield count


def _member(cohort: bytes, place: bytes, number: int, today: date) -> dict[str, object]:
    label = f"Folio {number + 1:06d}"
    return {
        "id": place, "cohort_id": cohort, "learner_id": None, "role": "learner", "label": label,
        "label_key": label.casefold(), "shares_all": False, "joined_on": today, "left_on": None, "reissued_on": None,
    }  # fmt: skip


def _completions(
    chance: Random, place: bytes, modules: list[str], today: date
) -> Iterator[dict[str, object]]:
    """Somebody's way through some modules: most of it whole, the last one begun."""
    taken = modules[: chance.randint(0, len(modules))]
    for number, module in enumerate(taken):
        day = today - timedelta(days=chance.randint(0, 180))
        parts = _PARTS if number + 1 < len(taken) else _PARTS[: chance.randint(1, 4)]
        whole = ["module"] if len(parts) == len(_PARTS) else []
        for part in [*parts, *whole]:
            yield {"membership_id": place, "module": module, "part": part, "achieved_on": day}
