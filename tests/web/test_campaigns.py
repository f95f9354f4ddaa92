"""Group insight through the pages: who is asked, what staff see and when, and that replies leave the same traces."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.curriculum.model import Module
from app.learning.insight import Replied
from app.records.actions import entries
from app.records.cohorts import groups
from app.records.cohorts.campaign_tables import Slot
from app.records.cohorts.campaigns import SLOT_BYTES, campaigns_of
from app.records.cohorts.invitations import place
from app.records.cohorts.roles import Role
from app.records.notebook import Ref
from app.records.tables import SealedRecord
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import ITEM, MODULE, OTHER_ITEM, Reader, kit_of, notebook_of
from tests.web.staff import House, house_of, member

LIST = "account/campaigns/"
BAND = {0: "0–20 %", 2: "40–60 %", 4: "80–100 %"}


in_both_languages = pytest.mark.parametrize("house", ["en", "es"], indirect=True)


@pytest.fixture
def house(request: pytest.FixtureRequest, app: Flask) -> House:
    """The first cohort has seven learners who answered two statements: four say yes to the first of them."""
    language = getattr(request, "param", "es")
    house = house_of(app, language)
    house.people["learner 1"] = house["learner"]
    for number in range(2, 8):
        reader = house.people[f"learner {number}"] = Reader(app, language)
        reader.keep(f"clave {number}")
        house.places[f"learner {number}"] = member(app, reader, house.cohort, Role.LEARNER, f"Folio {number}")
    for number, reader in enumerate(learners(house)):
        reader.answer(ITEM, "yes" if number < 4 else "no", "mi nota")
        reader.answer(OTHER_ITEM, "not-for-me" if number < 4 else "yes")
    return house


def learners(house: House) -> list[Reader]:
    return [house[f"learner {number}"] for number in range(1, 8)]


def open_one(house: House, who: str = "trainer", module: str = MODULE, days: int = 14) -> Page:
    closes_on = kit_of(house.app).today() + timedelta(days=days)
    form = house[who].get(f"{house.base}insight/").form("closes_on")
    return house[who].send(form, module=module, closes_on=closes_on.isoformat())


def asked(house: House) -> str:
    """The id of the latest campaign, as addresses have it."""
    with kit_of(house.app).database.asking() as asking:
        return campaigns_of(asking, house.cohort)[0].id.hex()


def reply(reader: Reader, campaign: str, word: str = "give") -> Page:
    form = next(f for f in reader.get(f"{LIST}{campaign}/").forms if f.action.endswith(f"{campaign}/"))
    return reader.send(form, reply=word)


def result(house: House, who: str = "trainer", campaign: str | None = None) -> Page:
    return house[who].get(f"{house.base}insight/{campaign or asked(house)}/")


def close(house: House, clock: Clock) -> None:
    clock.turn(days=15)
    sign_in(house)


def sign_in(house: House) -> None:
    """Staff, whose sessions ended long ago."""
    for who in ("trainer", "admin"):
        house[who].sign_in(f"clave {who}")


def records_of(reader: Reader) -> int:
    vault = notebook_of(reader).vault
    with kit_of(reader.app).database.asking() as asking:
        found = asking.execute(select(SealedRecord.body).where(SealedRecord.learner_id == vault.learner_id))
        return sum(len(row.body) for row in found.all())


def slots(app: Flask) -> set[bytes]:
    with kit_of(app).database.asking() as asking:
        return {row.address + row.body for row in asking.execute(select(Slot.address, Slot.body)).all()}


@in_both_languages
@pytest.mark.parametrize(("contributors", "shown"), [(4, False), (5, True), (7, True)])
def test_four_who_contribute_are_not_shown_and_five_are(
    house: House, clock: Clock, contributors: int, shown: bool
) -> None:
    open_one(house)
    for number, reader in enumerate(learners(house)):
        reply(reader, asked(house), "give" if number < contributors else "keep")

    close(house, clock)

    page = result(house)
    few = said("Fewer than %(num)s people contributed, so nothing is shown. The contributions are deleted.",
               house["trainer"].language, num=5)  # fmt: skip
    assert (few in page.text) is not shown
    assert len(page.all("progress")) == (1 if shown else 0)
    if shown:
        # Four of five are 80 %, and four of seven 57 %; the other statement concerns at most three.
        assert page.one("progress").inside[-1].words == BAND[4 if contributors == 5 else 2]
    assert slots(house.app) == set()


@in_both_languages
def test_while_it_is_open_staff_see_no_number(house: House) -> None:
    house["trainer"].follow(open_one(house))
    before = {who: result(house, who).text for who in ("trainer", "admin")}
    listed = house["trainer"].get(f"{house.base}insight/").text

    for reader in learners(house):
        reply(reader, asked(house))

    assert {who: result(house, who).text for who in ("trainer", "admin")} == before
    assert house["trainer"].get(f"{house.base}insight/").text == listed


def test_it_closes_when_its_last_day_has_passed_and_not_before(house: House, clock: Clock) -> None:
    open_one(house)
    for reader in learners(house):
        reply(reader, asked(house))

    clock.turn(days=14)
    sign_in(house)
    assert result(house).all("progress") == []
    assert len(slots(house.app)) == 16

    clock.turn(days=1)
    sign_in(house)
    assert len(result(house).all("progress")) == 1
    assert slots(house.app) == set()


def test_nobody_needs_to_look_for_it_to_be_closed(house: House, clock: Clock) -> None:
    open_one(house)

    clock.turn(days=15)
    Reader(house.app).answer()

    assert slots(house.app) == set()


def test_the_log_says_who_asked_about_what(house: House) -> None:
    open_one(house)

    with kit_of(house.app).database.asking() as asking:
        (entry,) = entries(asking, None, 5)
    assert (entry.verb, entry.details) == ("campaign-opened", MODULE)
    assert (entry.actor, entry.subject) == (house.places["trainer"], bytes.fromhex(asked(house)))


@in_both_languages
def test_before_replying_people_read_what_it_means_and_what_would_be_contributed(house: House) -> None:
    open_one(house)
    reader, language = house["learner"], house["learner"].language

    page = reader.get(f"{LIST}{asked(house)}/")

    for words in (
        (
            "Nobody sees who contributed and who did not, not even whoever administers the kit. "
            "Both replies leave the same traces."
        ),
        (
            "A reply can't be changed or taken back, because nobody can find yours again. "
            "Deleting everything of yours doesn't take it back either."
        ),
        "You owe nobody a yes. Nothing in the kit depends on it.",
    ):
        assert said(words, language) in page.text
    assert "mi nota" not in page.text
    answers = [element.words for element in page.all("dd")]
    assert answers.count(said("Yes", language)) == answers.count(said("Not for me", language)) == 1
    assert answers.count(said("Not answered, so not contributed", language)) == len(answers) - 2


@in_both_languages
def test_nobody_replies_twice(house: House, clock: Clock) -> None:
    open_one(house)
    reader, campaign = house["learner"], asked(house)
    form = next(f for f in reader.get(f"{LIST}{campaign}/").forms if f.action.endswith(f"{campaign}/"))
    reply(reader, campaign, "keep")
    before = slots(house.app)

    for word in ("give", "keep"):
        page = reader.follow(reader.send(form, reply=word))
        assert said("You had replied already, so nothing was changed.", reader.language) in page.flashes

    assert slots(house.app) == before
    assert [form for form in reader.get(f"{LIST}{campaign}/").forms if form.action.endswith("s/")] == []


@in_both_languages
def test_contributing_and_not_contributing_leave_the_same_traces(house: House) -> None:
    open_one(house)
    giver, keeper = house["learner 1"], house["learner 2"]
    traces = []
    for reader, word in ((giver, "give"), (keeper, "keep")):
        before, size = slots(house.app), records_of(reader)
        page = reply(reader, asked(house), word)
        after = slots(house.app)
        assert not before & after
        assert len(before) == len(after)
        traces.append(
            (
                page.status,
                page.headers["Location"],
                reader.follow(page).flashes,
                reader.get(f"{LIST}{asked(house)}/").text,
                records_of(reader) - size,
                notebook_of(reader).load(Ref("reply", MODULE), Replied, Replied(date.min)),
            )
        )

    assert traces[0] == traces[1]


def test_both_replies_send_the_database_the_same_statements(house: House) -> None:
    open_one(house)
    engine = kit_of(house.app).database.engine
    said_to: dict[str, list[str]] = {"give": [], "keep": []}
    for reader, word in ((house["learner 1"], "give"), (house["learner 2"], "keep")):
        page = reader.get(f"{LIST}{asked(house)}/")
        form = next(f for f in page.forms if f.action.endswith(f"{asked(house)}/"))

        def listen(_c: object, _u: object, statement: str, *_more: object, to: str = word) -> None:
            said_to[to].append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        reader.send(form, reply=word)
        event.remove(engine, "before_cursor_execute", listen)

    assert said_to["give"] == said_to["keep"] != []


def test_who_is_in_two_cohorts_is_asked_the_same_once(house: House, clock: Clock) -> None:
    reader = house["learner"]
    member(house.app, reader, house.other_cohort, Role.LEARNER, "Folio doble")
    for number in range(4):
        with kit_of(house.app).database.changing() as connection:
            place(connection, house.other_cohort, f"Folio esperado {number}")
    other = House(house.app, house.other_cohort, house.cohort, house.people, house.places)
    open_one(house, "admin")
    open_one(other, "admin")

    reply(reader, asked(house), "give")

    again = reader.get(f"{LIST}{asked(other)}/")
    assert again.status == 200
    assert not any(form.action.endswith(f"{asked(other)}/") for form in again.forms)


def test_the_same_module_is_not_asked_again_soon(house: House, clock: Clock) -> None:
    assert open_one(house).status == 303
    assert open_one(house).status == 422
    close(house, clock)
    assert open_one(house).status == 422
    assert open_one(house, module="accounts").status == 303
    clock.turn(days=89)
    house["trainer"].sign_in("clave trainer")
    assert open_one(house).status == 303


@pytest.mark.parametrize(("days", "status"), [(2, 422), (3, 303), (30, 303), (31, 422)])
def test_it_is_open_for_three_to_thirty_days(app: Flask, days: int, status: int) -> None:
    house = house_of(app)
    with kit_of(app).database.changing() as connection:
        for number in range(4):
            place(connection, house.cohort, f"Folio {number}")

    assert open_one(house, days=days).status == status


def test_a_group_of_four_and_an_archived_cohort_are_not_asked(app: Flask) -> None:
    house = house_of(app, "en")
    with kit_of(app).database.changing() as connection:
        for number in range(3):
            place(connection, house.cohort, f"Folio {number}")
    small = open_one(house)
    assert "Fewer than 5 learn in this cohort, so nothing could ever be shown." in small.text

    form = house["trainer"].get(f"{house.base}insight/").form("closes_on")
    with kit_of(app).database.changing() as connection:
        groups.archive(connection, house.cohort, kit_of(app).today())
    closes_on = (kit_of(app).today() + timedelta(days=7)).isoformat()
    assert house["trainer"].send(form, module=MODULE, closes_on=closes_on).status == 422


def test_only_those_who_are_asked_find_it(house: House, clock: Clock) -> None:
    open_one(house)
    campaign = asked(house)
    for who in ("other learner", "kept", "trainer", "admin"):
        assert house[who].get(f"{LIST}{campaign}/").status == 404
        assert (
            house[who].post(f"{LIST}{campaign}/", {"csrf_token": house[who].token(), "reply": "give"}).status
            == 404
        )
        assert campaign not in house[who].get(LIST).html
    for who in ("other trainer", "learner", "kept"):
        assert result(house, who).status == 404
    assert campaign in house["learner"].get(LIST).html


def test_whoever_left_or_came_later_is_not_asked(house: House, clock: Clock) -> None:
    open_one(house)
    campaign = asked(house)
    with kit_of(house.app).database.changing() as connection:
        groups.leave(connection, house.places["learner"], kit_of(house.app).today())
    clock.turn(days=1)
    late = Reader(house.app, "es")
    late.keep("clave tarde")
    member(house.app, late, house.cohort, Role.LEARNER, "Folio tarde")
    house["learner"].sign_in("clave learner")

    for reader in (house["learner"], late):
        assert reader.get(f"{LIST}{campaign}/").status == 404
        assert campaign not in reader.get(LIST).html


def test_somebody_without_an_answer_can_only_decline(house: House) -> None:
    open_one(house, module="accounts")

    page = house["learner"].get(f"{LIST}{asked(house)}/")

    assert [button.get("value") for button in page.all("button") if button.get("name") == "reply"] == ["keep"]
    assert reply(house["learner"], asked(house), "x").status == 422


def test_the_account_leads_there_for_those_who_learn_in_a_cohort(house: House) -> None:
    for who, leads in (("learner", True), ("kept", False), ("trainer", False)):
        assert any(link.endswith(f"/{LIST}") for link in house[who].get("account/").links) is leads


def test_every_checklist_answered_whole_fits_into_a_slot(app: Flask) -> None:
    def longest(module: Module) -> int:
        return len(json.dumps(["0" * 32, {item.id: "not-for-me" for item in module.checklist}]))

    assert max(map(longest, kit_of(app).curriculum.modules)) <= SLOT_BYTES


@in_both_languages
def test_what_somebody_takes_away_says_that_they_replied_and_not_what(house: House) -> None:
    open_one(house)
    reader = house["learner"]
    reply(reader, asked(house))

    taken = json.loads(reader.get("account/take/everything.json").response.get_data(as_text=True))

    (module,) = [each for each in taken["modules"] if each["replied_on"]]
    assert module["replied_on"] == kit_of(house.app).today().isoformat()
    assert taken["other"] == []
    assert (
        said(
            "You replied to group insight on %(date)s. What you replied is not kept with you.",
            reader.language,
        ).split("%")[0]
        in reader.get("account/take/everything.html").text
    )


def test_the_number_of_statements_does_not_depend_on_how_many_are_asked_or_ask(house: House) -> None:
    pages = (
        ("trainer", lambda: f"{house.base}insight/"),
        ("learner", lambda: LIST),
        ("learner", lambda: f"{LIST}{asked(house)}/"),
    )
    open_one(house)
    before = [_statements(house, who, path) for who, path in pages]

    for module in ("accounts", "lures", "risk"):
        open_one(house, module=module)

    assert [_statements(house, who, path) for who, path in pages] == before


def _statements(house: House, who: str, path: Callable[[], str]) -> int:
    engine, found, address = kit_of(house.app).database.engine, [], path()

    def listen(_c: object, _u: object, statement: str, *_more: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    assert house[who].get(address).status == 200
    event.remove(engine, "before_cursor_execute", listen)
    return len(found)
