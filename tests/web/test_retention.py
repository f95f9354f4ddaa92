"""What is past its time goes, once a day, without being asked for."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import event, select

from app.records import actions
from app.records.cohorts import groups
from app.records.cohorts.invitations import invite
from app.records.cohorts.publishing import share
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Cohort, Invitation
from tests.conftest import Clock
from tests.web.readers import kit_of
from tests.web.staff import house_of


def left(app: Flask) -> tuple[set[str], int]:
    with kit_of(app).database.reading() as session:
        return set(session.scalars(select(Cohort.name))), len(session.scalars(select(Invitation.tag)).all())


def test_a_cohort_goes_when_it_was_kept_for_as_long_as_was_said(app: Flask, clock: Clock) -> None:
    kit = kit_of(app)
    with kit.database.changing() as connection:
        for name, days in (("Corta", 10), ("Larga", 400)):
            cohort = groups.create(connection, name, kit.today(), days)
            groups.archive(connection, cohort, kit.today())
        groups.create(connection, "Abierta", kit.today(), 1)
        invite(
            connection, role=Role.LEARNER, cohort_id=cohort, today=kit.today(),
            expires_on=kit.today() + timedelta(days=5),
        )  # fmt: skip

    clock.turn(days=5)
    kit.tidy()
    assert left(app) == ({"Corta", "Larga", "Abierta"}, 1)

    clock.turn(days=5)
    kit.tidy()
    assert left(app) == ({"Corta", "Larga", "Abierta"}, 0)

    clock.turn(days=1)
    kit.tidy()
    assert left(app) == ({"Larga", "Abierta"}, 0)


def test_its_end_stands_in_the_log_by_its_random_id_and_with_counts_alone(app: Flask, clock: Clock) -> None:
    house, kit = house_of(app, "en"), kit_of(app)
    with kit.database.changing() as connection:
        share(connection, house.places["learner"], "risk", "quiz", kit.today())
        share(connection, house.places["learner"], "risk", "lessons", kit.today())
        groups.rename(connection, house.cohort, "Taller de marzo", 10)
        groups.archive(connection, house.cohort, kit.today())

    clock.turn(days=11)
    kit.tidy()
    clock.turn(days=1)
    kit.tidy()

    with kit.database.asking() as asking:
        (entry,) = actions.entries(asking, None, 5)
        whole = list(actions.faults(asking, kit.log_key, actions.kept_head(kit.config.actions_head)))
    assert (entry.actor, entry.verb, entry.subject) == (actions.KIT_ITSELF, "cohort-outlived", house.cohort)
    assert entry.details == "places=2 completions=2"
    assert whole == []
    admin = house["admin"]
    admin.sign_in("clave admin")
    page = admin.get("admin/actions/")
    assert f"Deleted an archived cohort whose time was over: {house.cohort.hex()[:8]}" in page.text
    assert "by the kit itself · places: 2 · completions: 2" in page.text
    assert "Taller" not in page.text


def test_it_is_looked_for_once_a_day(app: Flask, clock: Clock) -> None:
    kit, asked = kit_of(app), []

    @event.listens_for(kit.database.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest) -> None:
        if "archived_on IS NOT NULL" in statement or "DELETE FROM invitation" in statement:
            asked.append(statement)

    clock.turn(days=1)
    kit.tidy()
    first = len(asked)
    kit.tidy()

    assert first == 2
    assert len(asked) == first
    clock.turn(days=1)
    kit.tidy()
    assert len(asked) == 2 * first
