"""The page of the log of actions: what administrators read there, and what it finds."""

import ast
import re
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, update

from app.records import actions
from app.records.action_tables import Action
from app.records.cohorts import administrators
from app.records.cohorts.tables import Cohort
from app.records.erasure import delete_learner
from app.web.admin.action_words import VERBS, details_in_words
from config import CHECKOUT
from tests.web.catalogue import said
from tests.web.readers import kit_of, notebook_of
from tests.web.staff import House, house_of

PAGE = "admin/actions/"


def made(house: House, name: str) -> None:
    admin = house["admin"]
    form = admin.get("admin/").form("name", "keep_days")
    assert admin.send(form, "admin/", name=name).status == 303


def noted(app: Flask, count: int) -> None:
    kit = kit_of(app)
    with kit.database.changing() as connection:
        for _ in range(count):
            head = actions.note(
                connection, kit.log_key, kit.now(), actions.COMMAND_LINE, "records-restored", None
            )
    actions.keep_head(kit.config.actions_head, head)


def test_what_was_done_stands_there_in_words_the_newest_first(app: Flask) -> None:
    house = house_of(app, "en")
    made(house, "Spring training")
    cohort = f"admin/cohorts/{house.cohort.hex()}/archive/"
    house["admin"].post(cohort, {"csrf_token": house["admin"].token()})

    text = house["admin"].get(PAGE).text

    assert text.index("Archived a cohort: Taller de marzo") < text.index("Made a cohort: Spring training")
    assert "by Folio admin" in text
    assert "The log is whole" in text
    assert "Nov 25, 2026" in text


def test_both_languages_have_words_for_it(app: Flask) -> None:
    house = house_of(app, "es")
    made(house, "Taller de mayo")

    text = house["admin"].get(PAGE).text

    assert "25 nov 2026" in text
    assert str(said("Made a cohort", "es")) in text


def test_who_is_no_longer_here_is_the_beginning_of_a_random_id(app: Flask) -> None:
    house = house_of(app, "en")
    made(house, "Spring training")
    second = house_of_second_admin(house)
    kit = kit_of(app)
    delete_learner(kit.database, notebook_of(house["admin"]).vault.learner_id)
    with kit.database.changing() as connection:
        connection.execute(delete(Cohort).where(Cohort.name == "Spring training"))
    with kit.database.reading() as session:
        (entry,) = actions.entries(session.connection(), None, 1)

    text = second.get(PAGE).text

    assert "Folio admin" not in text
    assert "Spring training" not in text
    assert entry.actor.hex()[:8] in text
    assert entry.subject is not None
    assert f"Made a cohort: {entry.subject.hex()[:8]}" in text


def house_of_second_admin(house: House):
    from app.records.cohorts.roles import Role
    from tests.web.staff import member

    member(house.app, house["kept"], None, Role.ADMIN, "Folio 2")
    return house["kept"]


def test_it_is_turned_over_fifty_at_a_time_to_the_first_entry(app: Flask) -> None:
    house = house_of(app, "en")
    noted(app, 120)
    admin = house["admin"]

    page = admin.get(PAGE)
    numbers = []
    while True:
        shown = [int(number) for number in re.findall(r"(\d+) · Nov 25", page.text)]
        numbers += shown
        assert len(shown) in {50, 20}
        if "Older entries" not in page.text:
            break
        page = admin.get(f"{PAGE}?before={shown[-1]}")
        assert "The newest" in page.text

    assert numbers == list(range(120, 0, -1))
    for wrong in ("x", "-1", "1e3", "", "٣", "9" * 30):
        assert admin.get(f"{PAGE}?before={wrong}").status == 404
    assert admin.get(f"{PAGE}?before={'9' * 19}").status == 200


def test_a_log_that_was_changed_past_the_kit_says_so(app: Flask) -> None:
    house = house_of(app, "en")
    noted(app, 5)
    with kit_of(app).database.changing() as connection:
        connection.execute(update(Action).where(Action.number == 3).values(verb="cohort-made"))

    text = house["admin"].get(PAGE).text

    assert "The log is not whole" in text
    assert "Entry 3 is not what was written" in text
    assert "The log is whole" not in text

    kit_of(app).config.actions_head.unlink()
    assert "The file that keeps the end of the log is gone" in house["admin"].get(PAGE).text


def test_only_the_latest_are_checked_on_the_page(app: Flask) -> None:
    house = house_of(app, "en")
    noted(app, 510)
    with kit_of(app).database.changing() as connection:
        connection.execute(update(Action).where(Action.number == 3).values(verb="cohort-made"))

    assert "The log is whole, as far as the last 500 entries show" in house["admin"].get(PAGE).text


def verbs_in(path: Path) -> set[str]:
    """The verbs that a file writes: `act.note(verb, …)`, and `actions.note(connection, key, at, actor, verb, …)`."""
    return {
        constant.value
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "note"
        for argument in call.args[4:5] or call.args[:1]
        for constant in ast.walk(argument)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }


def test_every_verb_that_is_written_has_words() -> None:
    by_web, by_commands = (
        {verb for path in sorted((CHECKOUT / folder).rglob("*.py")) for verb in verbs_in(path)}
        for folder in ("app/web", "app/commands")
    )

    assert {"cohort-made", "cohort-outlived"} <= by_web
    assert by_commands == {"admin-invited"}
    written = by_web | by_commands | {administrators.ASKED, administrators.WITHDRAWN, administrators.GIVEN}
    assert written <= set(VERBS)
    assert Path(CHECKOUT / "app/records/actions.py").read_text().count("records-restored") == 1


def test_what_stands_beside_it_has_words_too(app: Flask) -> None:
    with app.test_request_context("/en/"):
        assert details_in_words("role=learner codes=3 uses=1") == "role: learner · codes: 3 · uses of each: 1"
        assert details_in_words("count=4") == "how many: 4"
        assert details_in_words("doxxing") == "doxxing"
        assert details_in_words("") == ""
    with app.test_request_context("/es/"):
        assert details_in_words("count=4") == said("how many: %(value)s", value="4")
