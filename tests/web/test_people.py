"""The people of a cohort as staff see and handle them: codes shown once, lists, places, administrators."""

import base64
import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.records.action_tables import Action
from app.records.cohorts import groups, people
from app.records.cohorts.tables import Invitation
from app.web.admin.labels import MOST_LINES, Line, ListTooLong, ListUnreadable, Problem, read
from app.web.admin.people_forms import MOST_CODES
from tests.web.catalogue import said
from tests.web.inviting import KEY, decision, join, places, type_code
from tests.web.pages import Page
from tests.web.readers import Reader, ReaderOf, kit_of
from tests.web.staff import House, house_of

CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}")


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


def codes_on(page: Page) -> list[str]:
    return [part.words for part in page.all("span") if part.get("class") == "code"]


def make(reader: Reader, house: House, **typed: str) -> Page:
    form = reader.get(f"{house.base}people/invite/").form("people", "kind")
    return reader.send(form, **{"people": "1", **typed})


def bring(reader: Reader, house: House, content: bytes, days: str = "14") -> Page:
    data = {"csrf_token": reader.token(), "list-file": (BytesIO(content), "lista.csv"), "list-days": days}
    return reader.post(f"{house.base}people/list/", data)


def verbs(app: Flask) -> list[str]:
    with kit_of(app).database.asking() as asking:
        return list(asking.scalars(select(Action.verb).order_by(Action.number)))


def test_codes_are_shown_once_as_text_link_and_picture(house: House, reader_of: ReaderOf) -> None:
    page = make(house["admin"], house, people="3", days="90")

    assert page.status == 200
    codes = codes_on(page)
    assert len(set(codes)) == 3
    assert all(CODE.fullmatch(code) for code in codes)
    assert [link for link in page.links if "#" in link and "/join/" in link] == [
        f"http://localhost/es/join/#{code}" for code in codes
    ]
    for picture in page.all("img"):
        kind, _, data = picture.get("src").partition(",")
        assert kind == "data:image/png;base64"
        assert base64.b64decode(data).startswith(b"\x89PNG")
        assert picture.get("alt")
    assert page.headers["Cache-Control"] == "no-store"
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]
    assert len(page.headers.getlist("Content-Security-Policy")) == 1
    for path in ("people/", "people/invite/"):
        again = house["admin"].get(f"{house.base}{path}")
        assert not any(code in again.html for code in codes)
        assert "data:" not in again.headers["Content-Security-Policy"]
    for code in codes:
        assert join(reader_of(), code, label=code[:5], pseudonym=code).status == 200
    assert type_code(reader_of(), codes[0]).status == 422


def test_slips_name_neither_the_kit_nor_its_subject(house: House) -> None:
    page = make(house["admin"], house, people="2")

    for slip in page.all("li"):
        if slip.get("class") == "print-card":
            assert "Resguardo" not in slip.words
            assert "Taller" not in slip.words


def test_one_code_for_many_lets_as_many_in(app: Flask, house: House, reader_of: ReaderOf) -> None:
    (code,) = codes_on(make(house["trainer"], house, people="2", kind="one"))

    for number in (1, 2):
        assert join(reader_of(), code, label=f"Número {number}", pseudonym=f"uno {number}").status == 200
    assert type_code(reader_of(), code).status == 422
    assert verbs(app) == ["invitations-made"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"people": str(MOST_CODES + 1)},
            "At most %(max)d codes are made at once. Make the rest afterwards.",
        ),
        ({"people": "5001", "kind": "one"}, "Between %(min)s and %(max)s people are possible."),
        ({"people": ""}, "Write a number of people."),
        ({"days": "91"}, "Between %(min)s and %(max)s days are possible."),
        ({"kind": "one", "role": "trainer"}, "Each trainer gets a code of their own."),
    ],
)
def test_what_can_t_be_made_is_told_and_nothing_is(
    typed: dict[str, str], words: str, app: Flask, house: House
) -> None:
    page = make(house["admin"], house, **typed)

    assert page.status == 422
    limits = {"max": MOST_CODES if "At most" in words else 5000 if "people" in words else 90, "min": 1}
    assert (said(words, **limits) if "%(" in words else said(words)) in page.text
    assert verbs(app) == []


def test_trainers_are_invited_by_administrators_alone(app: Flask, house: House, reader_of: ReaderOf) -> None:
    assert "role" not in house["trainer"].get(f"{house.base}people/invite/").form("people").names()
    (code,) = codes_on(make(house["trainer"], house, role="trainer"))
    (trainers,) = codes_on(make(house["admin"], house, role="trainer"))
    learner, trainer = reader_of(), reader_of()

    join(learner, code, label="uno")
    join(trainer, trainers, label="dos", pseudonym="otra")

    assert learner.get("admin/").status == 404
    assert trainer.get(house.base + "people/").status == 200


def test_a_trainer_changes_no_trainer_s_place_nor_invitation(app: Flask, house: House) -> None:
    make(house["admin"], house, role="trainer")
    page = house["trainer"].get(f"{house.base}people/")
    place = f"{house.base}people/{house.places['trainer'].hex()}/"
    with kit_of(app).database.asking() as asking:
        (batch,) = people.batches(asking, house.cohort, kit_of(app).today())
    token = house["trainer"].token()

    assert not any("revoke" in form.action for form in page.forms)
    house["trainer"].post(f"{house.base}people/invitations/{batch.id.hex()}/revoke/", {"csrf_token": token})
    for path in (place, f"{place}again/", f"{place}end/"):
        data = {"csrf_token": token, "days": "3"}
        answer = house["trainer"].get(path) if path == place else house["trainer"].post(path, data)
        assert answer.status == 404
    with kit_of(app).database.asking() as asking:
        assert len(people.batches(asking, house.cohort, kit_of(app).today())) == 1
    assert house["admin"].get(place).status == 200


def test_a_member_of_another_cohort_is_no_page_of_this_one(house: House) -> None:
    elsewhere = f"{house.base}people/{house.places['other learner'].hex()}/"

    assert house["admin"].get(elsewhere).status == 404
    data = {"csrf_token": house["admin"].token(), "days": "3"}
    assert house["admin"].post(f"{elsewhere}end/", data).status == 404
    assert house["admin"].post(f"{elsewhere}again/", data).status == 404


def test_open_invitations_are_listed_by_what_was_made_together_and_taken_back_so(
    app: Flask, house: House, reader_of: ReaderOf
) -> None:
    codes = codes_on(make(house["trainer"], house, people="2"))
    (other,) = codes_on(make(house["trainer"], house, people="4", kind="one"))
    page = house["trainer"].get(f"{house.base}people/")
    forms = [form for form in page.forms if "revoke" in form.action]
    assert len(forms) == 2

    for each in forms:
        house["trainer"].send(each)

    assert [type_code(reader_of(), code).status for code in (*codes, other)] == [422] * 3
    assert said("No invitation is open.") in house["trainer"].get(f"{house.base}people/").text
    assert verbs(app) == ["invitations-made"] * 2 + ["invitations-revoked"] * 2


LISTS = {
    "plain": b"Folio 1\nFolio 2\n",
    "utf-8 with bom and heading": "\ufeffSeudónimo\r\nFolio 1\r\nFolio 2\r\n\r\n".encode(),
    "semicolons": b"label;\nFolio 1;\nFolio 2;\n",
    "quoted": b'"Folio 1"\n"Folio 2",\n',
    "utf-16": "Folio 1\nFolio 2".encode("utf-16"),
    "excel's separator": b"sep=;\r\nfolio\r\nFolio 1\r\nFolio 2",
    "no end of line": b" Folio 1 \rFolio 2",
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_is_read_however_a_spreadsheet_saves_it(kind: str) -> None:
    lines = read(LISTS[kind], set())

    assert [(line.label, line.problem) for line in lines] == [("Folio 1", None), ("Folio 2", None)]


def test_what_is_wrong_is_said_by_line() -> None:
    content = "etiqueta\nFolio 1\n\nfolio  1\nNombre, Apellido\n{}\nOcupado\nÑandú\n".format("x" * 61)

    assert read(content.encode("cp1252"), {"ocupado"}) == [
        Line(2, "Folio 1"),
        Line(3, "", Problem.EMPTY),
        Line(4, "folio 1", Problem.TWICE),
        Line(5, "Nombre", Problem.MORE),
        Line(6, "x" * 20, Problem.LONG),
        Line(7, "Ocupado", Problem.TAKEN),
        Line(8, "Ñandú"),
    ]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04binary", b"\x00\x01\x02", b"\xff\xfe\x00", b'"' + b"x" * 140_000]
)
def test_what_is_no_text_is_no_list(content: bytes) -> None:
    with pytest.raises(ListUnreadable):
        read(content, set())


def test_a_list_has_an_end() -> None:
    with pytest.raises(ListTooLong):
        read(b"\n".join(b"%d" % number for number in range(MOST_LINES + 1)), set())


def test_a_list_is_shown_first_and_then_taken_over_with_a_slip_for_each(
    app: Flask, house: House, reader_of: ReaderOf
) -> None:
    before = places(app)
    page = bring(house["trainer"], house, "folio\nÑandú\n<b>Dos</b>\n".encode())

    assert page.status == 200
    assert [item.words for item in page.all("ol")[-1:]] == ["Ñandú <b>Dos</b>"]
    assert places(app) == before
    done = house["trainer"].send(page.form("labels"))

    assert done.status == 200
    assert [part.words for part in done.all("b")][-2:] == ["Ñandú", "<b>Dos</b>"]
    assert len(codes_on(done)) == 2
    assert set(places(app)) - set(before) == {("Ñandú", False, False), ("<b>Dos</b>", False, False)}
    form = decision(type_code(reader_of(), codes_on(done)[0]))
    assert "label" not in form.names()
    with kit_of(app).database.asking() as asking:
        (details,) = asking.scalars(select(Action.details)).all()
    assert details == "count=2"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_list_with_one_wrong_line_brings_nobody(language: str, app: Flask) -> None:
    house = house_of(app, language)
    before = places(app)

    page = bring(house["trainer"], house, b"Folio 1\nfolio LEARNER\n")

    assert page.status == 422
    assert said("Line %(number)s", language, number=2) in page.text
    assert said("somebody in this cohort is called so already, or nearly so.", language) in page.text
    assert "labels" not in {name for form in page.forms for name in form.names()}
    assert places(app) == before


def test_a_list_of_which_one_came_in_meanwhile_brings_nobody(app: Flask, house: House) -> None:
    form = bring(house["trainer"], house, b"Folio 1\nFolio 2\n").form("labels")
    house["admin"].send(bring(house["admin"], house, b"Folio 2\n").form("labels"))
    before = places(app)

    page = house["trainer"].send(form)

    assert page.status == 422
    assert places(app) == before


def test_an_archived_cohort_gets_no_new_people(app: Flask, house: House) -> None:
    admin = house["admin"]
    form = admin.get(f"{house.base}people/invite/").form("people")
    with kit_of(app).database.changing() as connection:
        groups.archive(connection, house.cohort, kit_of(app).today())
    token, place = admin.token(), f"{house.base}people/{house.places['learner'].hex()}/"

    for page in (
        admin.send(form, people="1"),
        bring(admin, house, b"Folio 1"),
        admin.post(
            f"{house.base}people/list/import/", {"csrf_token": token, "labels": "Folio 1", "days": "3"}
        ),
        admin.post(f"{place}again/", {"csrf_token": token, "days": "3"}),
        admin.get(f"{house.base}people/invite/"),
    ):
        assert page.status == 303
        assert said("This cohort is archived, so nobody can be invited to it.") in admin.follow(page).text
    with kit_of(app).database.asking() as asking:
        assert asking.execute(select(Invitation)).all() == []


def test_a_place_is_given_again_with_what_was_shared_and_the_old_vault_shares_no_more(
    app: Flask, house: House, reader_of: ReaderOf
) -> None:
    place = f"{house.base}people/{house.places['learner'].hex()}/"
    page = house["trainer"].get(place)
    made = house["trainer"].send(page.form("days"))
    (code,) = codes_on(made)
    assert "Folio learner" in made.text

    other = reader_of()
    other.send(decision(type_code(other, code)), **KEY)

    with kit_of(app).database.asking() as asking:
        member = people.member(asking, house.cohort, house.places["learner"])
        assert people.holders(asking, [member.id])[member.id][1]
    assert member.reissued_on == kit_of(app).today()
    assert "place-again" in verbs(app)


def test_ending_a_place_is_said_and_stays_on_the_list(app: Flask, house: House) -> None:
    place = f"{house.base}people/{house.places['learner'].hex()}/"
    form = next(form for form in house["trainer"].get(place).forms if form.action.endswith("/end/"))

    page = house["trainer"].follow(house["trainer"].send(form))

    assert said("From now on nothing of theirs is shared with this cohort.") in page.flashes
    assert "Folio learner" in page.text
    with kit_of(app).database.asking() as asking:
        assert people.member(asking, house.cohort, house.places["learner"]).left_on == kit_of(app).today()


def test_people_are_found_without_their_names_in_an_address(house: House) -> None:
    admin = house["admin"]
    form = admin.get(f"{house.base}people/").form("words")

    found = admin.send(form, words="LEARNER")
    none = admin.send(form, words="nadie así")

    assert "Folio learner" in found.text
    assert "Folio trainer" not in found.text
    assert said("Nobody here is called so.") in none.text
    assert not any("LEARNER" in link or "nadie" in link for page in (found, none) for link in page.links)


def test_many_people_take_no_more_statements_than_few_and_come_in_pages(app: Flask, house: House) -> None:
    here = kit_of(app)

    def statements() -> int:
        counted: list[str] = []

        def count(*args: object) -> None:
            counted.append(str(args[2]))

        event.listen(here.database._reading_engine, "before_cursor_execute", count)
        event.listen(here.database._writing_engine, "before_cursor_execute", count)
        house["admin"].get(f"{house.base}people/")
        event.remove(here.database._reading_engine, "before_cursor_execute", count)
        event.remove(here.database._writing_engine, "before_cursor_execute", count)
        return len(counted)

    few = statements()
    labels = [f"Número {number:03}" for number in range(230)]
    with here.database.changing() as connection:
        people.place_list(connection, house.cohort, labels, here.today(), here.today())

    assert statements() == few
    page = house["admin"].get(f"{house.base}people/")
    assert "Número 097" in page.text
    assert "Número 150" not in page.text
    turning = next(form for form in page.forms if form.buttons and form.buttons[-1].get("name") == "page")
    assert "Número 150" in house["admin"].send(turning, page="2").text
