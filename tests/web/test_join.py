"""Joining: the code is typed, what will be seen is read before, and place and vault are made in one step."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.curriculum.model import Module, Quality
from app.records import throttle
from app.records.cohorts import groups
from app.records.cohorts.people import give_again, place_list
from app.records.cohorts.publishing import places_of
from app.records.cohorts.roles import Role, standing
from app.records.cohorts.tables import Invitation, Membership, Published
from app.records.vault import Vault
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.conftest import Busy
from tests.web.inviting import KEY, code_of, decision, join, places, published, type_code
from tests.web.practice import live, take_quiz
from tests.web.readers import (
    ANOTHER,
    CHECKLIST,
    ITEM,
    MODULE,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
    ReaderOf,
    Rows,
    code_on,
    kit_of,
    notebook_of,
    rows_of,
)

SPENT = "No invitation opens with this code. It may be mistyped, used already, taken back, or past its day."
GIVEN_AGAIN = (
    "Your place in a cohort was given to you again, by an invitation. What was shared from it before "
    "stands; your earlier answers stay with the passphrase that you had, which alone opens them."
)
GIVEN_AWAY = (
    "A place that you had was given again by an invitation, and another passphrase opens it now. Your "
    "answers are still yours alone. If you did not ask for this, tell the people who run the training."
)


@pytest.fixture
def cohort(app: Flask) -> bytes:
    with kit_of(app).database.changing() as connection:
        return groups.create(connection, "Taller de marzo", kit_of(app).today(), 200)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_will_be_seen_is_read_before_anything_is_asked(
    language: str, app: Flask, cohort: bytes, reader_of: ReaderOf
) -> None:
    reader, code = reader_of(language), code_of(app, cohort)

    page = type_code(reader, f" {code.lower().replace('-', ' ')} ")

    assert page.status == 200
    assert page.one("h1").words == said("Before you join", language)
    for words in ("What its administrators and trainers see", "What they never see", "For how long"):
        assert said(words, language) in [heading.words for heading in page.all("h2")]
    assert (
        said("You are invited to learn in this cohort: %(name)s.", language, name="Taller de marzo")
        in page.text
    )
    assert "200" in page.text
    assert page.text.index(said("What they never see", language)) < page.html.index('name="label"')
    assert rows_of(app) == Rows(0, 0, 0)
    assert not any(code in link for link in page.links)


def test_a_newcomer_joins_and_gets_a_recovery_code_in_one_step(
    app: Flask, cohort: bytes, reader: Reader
) -> None:
    page = join(reader, code_of(app, cohort))

    assert page.status == 200
    assert code_on(page)
    assert places(app) == [("Folio 7", True, False)]
    assert reader.is_kept()
    reader.sign_out()
    assert reader.sign_in().status == 303


def test_a_guest_s_answers_come_along(app: Flask, cohort: bytes, reader: Reader) -> None:
    reader.answer(note="mía")

    join(reader, code_of(app, cohort))

    assert reader.note() == "mía"
    assert rows_of(app).learners == 1


def test_somebody_signed_in_joins_with_the_vault_they_have(app: Flask, cohort: bytes, reader: Reader) -> None:
    reader.answer(note="mía")
    reader.keep()
    before = notebook_of(reader).vault

    page = type_code(reader, code_of(app, cohort))
    assert "passphrase" not in decision(page).names()
    done = reader.send(decision(page), label="Folio 7", shares="all")

    assert done.status == 303
    assert reader.follow(done).flashes == [said("You have joined.")]
    assert notebook_of(reader).vault == before
    assert reader.note() == "mía"
    assert places(app) == [("Folio 7", True, True)]
    with kit_of(app).database.asking() as asking:
        assert standing(asking, before.learner_id).learns_in == {cohort}


@pytest.mark.parametrize("signed_in", [False, True])
def test_an_administrator_s_invitation_asks_no_cohort_s_questions(
    signed_in: bool, app: Flask, cohort: bytes, reader: Reader
) -> None:
    if signed_in:
        reader.keep()
    form = decision(type_code(reader, code_of(app, None, Role.ADMIN)))
    assert not {"shares", "publish"} & form.names()

    reader.send(form, label="Ana", **({} if signed_in else KEY))

    assert reader.get("admin/").status == 200
    assert places(app) == []


def test_a_trainer_sees_their_cohort_and_shares_nothing(app: Flask, cohort: bytes, reader: Reader) -> None:
    reader.answer()
    join(reader, code_of(app, cohort, Role.TRAINER))

    assert "Taller de marzo" in reader.get("admin/").text
    assert reader.get(f"admin/cohorts/{cohort.hex()}/settings/").status == 404


def work_through(reader: Reader, module: Module) -> None:
    """Everything but one lesson of a module."""
    for lesson in module.lessons[1:]:
        path = f"modules/{module.id}/lessons/{lesson.slug}/"
        reader.send(reader.get(path).forms[0], path)
    answers = {f"{item.id}-choice": "yes" for item in module.checklist}
    reader.send(reader.checklist().form(f"{ITEM}-shown"), CHECKLIST, **answers)
    take_quiz(reader, module, right=6)


def test_only_what_is_ticked_of_before_is_published_then_and_later(
    app: Flask, cohort: bytes, reader: Reader, module: Module
) -> None:
    work_through(reader, module)
    here = kit_of(app)
    with here.database.changing() as connection:
        groups.assign(connection, cohort, MODULE, groups.WHOLE, here.today(), None)

    page = type_code(reader, code_of(app, cohort))
    boxes = [box for box in page.all("input") if box.get("name") == "publish"]
    assert [box.get("value") for box in boxes] == [MODULE]
    assert not any("checked" in box.attributes for box in boxes)
    reader.send(decision(page), label="Folio 7", **KEY)
    assert published(app) == set()
    reader.sign_out()
    reader.sign_in()
    assert published(app) == set()

    live(reader, module, Quality.BEST)
    assert published(app) == {(MODULE, "scenario")}
    lesson = f"modules/{MODULE}/lessons/{module.lessons[0].slug}/"
    reader.send(reader.get(lesson).forms[0], lesson)
    assert published(app) == {(MODULE, "scenario"), (MODULE, "lessons"), (MODULE, "module")}


def test_what_is_ticked_is_published_at_once_whatever_is_assigned(
    app: Flask, cohort: bytes, reader: Reader, module: Module
) -> None:
    work_through(reader, module)

    join(reader, code_of(app, cohort), publish=MODULE)

    assert published(app) == {(MODULE, "checklist"), (MODULE, "quiz")}
    with kit_of(app).database.asking() as asking:
        days = asking.scalars(select(Published.achieved_on)).all()
    assert set(days) == {kit_of(app).today()}


def test_what_the_vault_remembers_of_its_places_is_in_no_copy_and_on_no_page(
    app: Flask, cohort: bytes, reader: Reader
) -> None:
    join(reader, code_of(app, cohort))
    with kit_of(app).database.asking() as asking:
        (place,) = asking.scalars(select(Membership.id)).all()

    assert place.hex() not in reader.get("account/take/everything.json").html
    assert "withheld" not in reader.get("account/take/everything.html").html
    form = reader.get("account/take/").form("passphrase")
    copy = reader.send(form, passphrase=PASSPHRASE)
    assert copy.status == 200


@pytest.mark.parametrize("typed", ["AAAAA-AAAAA-AAAAA", "' OR 1=1 --", "\x00", "é" * 20])
def test_a_code_that_opens_nothing_is_told_so(typed: str, app: Flask, reader: Reader) -> None:
    page = type_code(reader, typed)

    assert page.status == 422
    assert said(SPENT) in page.text
    assert rows_of(app) == Rows(0, 0, 0)


def test_no_code_at_all_is_told_at_the_field(reader: Reader) -> None:
    assert said("Write the code.") in type_code(reader, "").text


@pytest.mark.parametrize("meanwhile", ["spent", "expired", "archived"])
def test_a_code_that_stopped_working_meanwhile_keeps_nothing(
    meanwhile: str, app: Flask, cohort: bytes, reader: Reader, clock: Clock
) -> None:
    form = decision(type_code(reader, code_of(app, cohort)))
    with kit_of(app).database.changing() as connection:
        if meanwhile == "spent":
            connection.execute(Invitation.__table__.delete())
        if meanwhile == "archived":
            groups.archive(connection, cohort, kit_of(app).today())
    if meanwhile == "expired":
        clock.turn(hours=8 * 24)

    page = reader.send(form, label="Folio 7", **KEY)

    assert page.status == 422
    assert said(SPENT) in page.text
    assert PASSPHRASE not in page.html
    assert rows_of(app) == Rows(0, 0, 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"label": "folio 1"}, "Somebody there is called so already, or nearly so. Choose another."),
        ({"label": ""}, "Write what you will be called."),
        ({"label": PSEUDONYM.upper()},
         "Choose something other than your pseudonym for signing in, which nobody else should know."),
        ({"label": "Jose Marin", "pseudonym": "José Marín"},
         "Choose something other than your pseudonym for signing in, which nobody else should know."),
        ({"again": ANOTHER}, "The two passphrases are not the same. Type both again."),
        ({"pseudonym": "Otra", "passphrase": PASSPHRASE}, "Choose another passphrase: this one can't be used."),
    ],
)  # fmt: skip
def test_what_can_be_mended_is_told_at_its_place_and_nothing_is_kept(
    typed: dict[str, str], words: str, app: Flask, cohort: bytes, reader: Reader, reader_of: ReaderOf
) -> None:
    code = code_of(app, cohort, uses=5)
    join(reader_of(), code, label="Folio 1", pseudonym="Otra")
    before = rows_of(app)
    other = reader_of()

    page = join(other, code, **typed)

    assert page.status == 422
    assert said(words) in page.text
    assert rows_of(app) == before
    assert PASSPHRASE not in page.html
    # The label again, and all is well: the code came along.
    mended = other.send(decision(page), **{**KEY, "label": "Folio 2"})
    assert mended.status == 200, mended.text


def test_nobody_signs_in_as_what_a_list_says_they_are_called(
    app: Flask, cohort: bytes, reader: Reader
) -> None:
    today = kit_of(app).today()
    with kit_of(app).database.changing() as connection:
        _, (slip,) = place_list(connection, cohort, ["José Marín"], today, today)

    page = join(reader, slip.code, pseudonym="jose  MARIN")

    assert page.status == 422
    assert "#pseudonym" in page.html
    assert reader.send(decision(page), **KEY).status == 200


def test_who_is_in_already_is_told_so(app: Flask, cohort: bytes, reader: Reader) -> None:
    code = code_of(app, cohort, uses=5)
    join(reader, code)

    page = join(reader, code, label="Otra")

    assert page.status == 422
    assert (
        said("You have a place there already, or had one. Whoever invited you can give it to you again.")
        in page.text
    )
    assert places(app) == [("Folio 7", True, False)]


def test_many_wrong_codes_in_a_short_time_make_everybody_wait_a_little(
    app: Flask, cohort: bytes, reader: Reader, clock: Clock
) -> None:
    code, form = code_of(app, cohort), reader.get("join/").form("code")
    for _ in range(throttle.FREE_CODES + 1):
        assert reader.send(form, code="AAAAA-AAAAA-AAAAA").status == 422

    page = reader.send(form, code=code)
    assert page.status == 429
    assert said("Too many wrong codes.") in page.text
    assert code not in page.html.replace(f'value="{code}"', "")
    clock.turn(seconds=throttle.LONGEST_CODE_WAIT)
    assert reader.send(form, code=code).status == 200


def test_while_many_passphrases_are_checked_joining_waits_and_goes_through(
    app: Flask, cohort: bytes, reader: Reader, module: Module, busy: Busy
) -> None:
    work_through(reader, module)
    form = decision(type_code(reader, code_of(app, cohort)))

    with busy():
        page = reader.send(form, label="Folio 7", publish=MODULE, **KEY)

    assert page.status == 503
    assert page.one("h1").words == said("One moment")
    assert code_on(reader.get("account/one-moment/"))
    assert places(app) == [("Folio 7", True, False)]
    assert published(app) == {(MODULE, "checklist"), (MODULE, "quiz")}


def test_a_session_that_ended_meanwhile_keeps_nothing_under_the_words(
    app: Flask, cohort: bytes, reader: Reader
) -> None:
    reader.answer()
    form = decision(type_code(reader, code_of(app, cohort)))
    stale = str(reader.cookie("sid"))
    reader.post("account/sign-out/", {"csrf_token": form.value("csrf_token")})
    token = reader.token()
    reader.set_cookie("sid", stale)

    page = reader.send(form, label="Folio 7", csrf_token=token, **KEY)

    assert page.status in {303, 409}
    assert places(app) == []


def test_a_place_given_again_is_told_once_to_both(
    app: Flask, cohort: bytes, reader: Reader, reader_of: ReaderOf
) -> None:
    join(reader, code_of(app, cohort))
    reader.answer(note="mía")
    reader.sign_out()
    here = kit_of(app)
    with here.database.changing() as connection:
        (place,) = connection.scalars(select(Membership.id)).all()
        slip = give_again(connection, cohort, place, here.today(), here.today() + timedelta(days=3))
    other = reader_of()
    page = type_code(other, slip.code)
    assert said("This place was somebody's before") in page.text
    assert "label" not in decision(page).names()
    other.send(decision(page), **{**KEY, "pseudonym": "Otra"})
    other.sign_out()

    news = {"mine": [], "away": []}
    for _ in range(2):
        news["mine"] += other.follow(other.sign_in("Otra")).flashes
        other.sign_out()
        news["away"] += reader.follow(reader.sign_in()).flashes
        assert reader.note() == "mía"
        reader.sign_out()

    given = [
        words for words in news["mine"] if words != said("You are signed in.") and "signed out" not in words
    ]
    away = [words for words in news["away"] if words != said("You are signed in.")]
    assert sum(words.startswith(said(GIVEN_AGAIN)[:40]) for words in given) == 1
    assert sum(words.startswith(said(GIVEN_AWAY)[:40]) for words in away) == 1
    with here.database.asking() as asking:
        assert len(places_of(asking, _vault_of(other).learner_id)) == 1


def _vault_of(reader: Reader) -> Vault:
    reader.sign_in("Otra")
    return notebook_of(reader).vault


def test_no_code_no_label_and_no_passphrase_is_in_a_log_or_an_address(
    app: Flask, cohort: bytes, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = code_of(app, cohort, uses=3)
    pages = [
        type_code(reader, "AAAAA-AAAAA-AAAAA"),
        type_code(reader, code),
        join(reader, code, label="Folio 7"),
    ]
    pages.append(join(reader, code, label="Folio 7"))

    for secret in (code, code.replace("-", ""), "Folio 7", PASSPHRASE, PSEUDONYM):
        assert secret not in caplog.text
        assert not any(secret in page.headers.get("Location", "") for page in pages)
        assert not any(secret in cookie for page in pages for cookie in page.headers.getlist("Set-Cookie"))
