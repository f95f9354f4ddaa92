"""Group insight as learners meet it: who is asked, what they read first, and that replies leave the same traces."""

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.learning.insight import Replied
from app.records.cohorts import groups
from app.records.cohorts.invitations import place
from app.records.cohorts.roles import Role
from app.records.notebook import Ref
from app.records.tables import SealedRecord
from tests.conftest import Clock
from tests.web.campaign import LIST, asked, asked_house_of, open_one, reply, result, slots
from tests.web.catalogue import said
from tests.web.readers import MODULE, Reader, kit_of, notebook_of
from tests.web.staff import House, member

in_both_languages = pytest.mark.parametrize("house", ["en", "es"], indirect=True)


@pytest.fixture
def house(request: pytest.FixtureRequest, app: Flask) -> House:
    return asked_house_of(app, getattr(request, "param", "es"))


def records_of(reader: Reader) -> int:
    vault = notebook_of(reader).vault
    with kit_of(reader.app).database.asking() as asking:
        found = asking.execute(select(SealedRecord.body).where(SealedRecord.learner_id == vault.learner_id))
        return sum(len(row.body) for row in found.all())


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
