"""What a learner does, from the first lesson to deleting everything, with nothing lost on the way."""

import pytest
from flask import Flask

from app.curriculum.model import Curriculum
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.pages import Page
from tests.web.practice import live, take_quiz
from tests.web.readers import (
    ANOTHER,
    CHECKLIST,
    ITEM,
    MODULE,
    OTHER_ITEM,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
    ReaderOf,
    Rows,
    code_on,
    rows_of,
)


def lessons_of(curriculum: Curriculum) -> list[str]:
    return [f"modules/{MODULE}/lessons/{lesson.slug}/" for lesson in curriculum.modules_by_id[MODULE].lessons]


def do_everything(reader: Reader, curriculum: Curriculum) -> Page:
    """Every part of the module; the page after the last of them."""
    for address in lessons_of(curriculum):
        reader.send(reader.get(address).forms[0], address)
    form = reader.checklist().form(f"{ITEM}-shown")
    choices = {f"{item.id}-choice": "yes" for item in curriculum.modules_by_id[MODULE].checklist}
    reader.send(form, CHECKLIST, **choices)
    take_quiz(reader, curriculum.modules_by_id[MODULE])
    return live(reader, curriculum.modules_by_id[MODULE])


def test_whoever_only_reads_leaves_no_row_and_gets_no_cookie(app: Flask, reader: Reader) -> None:
    for path in ("", "modules/", f"modules/{MODULE}/", f"modules/{MODULE}/lessons/first-hours/", "progress/"):
        assert reader.get(path).headers.getlist("Set-Cookie") == []

    assert rows_of(app) == Rows(0, 0, 0)


def test_a_guest_marks_a_lesson_and_sees_it_on_every_page(reader: Reader, curriculum: Curriculum) -> None:
    first, second, *_ = lessons_of(curriculum)

    page = reader.send(reader.get(first).forms[0], first)

    assert page.headers["Location"].endswith(second)
    read_on = said("You marked this as read on %(date)s.", date="25 de noviembre de 2026")
    assert read_on in reader.get(first).text
    assert "1 de 5" in reader.get("progress/").text
    assert "✓" in reader.get(f"modules/{MODULE}/").text
    assert second in "".join(reader.get("").links)


def test_an_answer_and_its_note_come_back_as_they_were_given(reader: Reader) -> None:
    page = reader.answer(ITEM, "not-sure", "  línea uno\r\n<b>dos</b> & 'tres'\n")

    assert page.status == 303
    assert reader.follow(page).flashes == [said("Saved.")]
    assert reader.choice() == "not-sure"
    assert reader.note() == "línea uno\n<b>dos</b> & 'tres'"
    assert reader.checklist().all("b") == []


def test_saving_leads_back_to_the_card_whose_button_was_pressed(reader: Reader) -> None:
    form = reader.checklist().form(f"{ITEM}-shown")

    page = reader.send(form, CHECKLIST, **{f"{ITEM}-choice": "no"}, at=ITEM)

    assert page.headers["Location"].endswith(f"/checklist/#item-{ITEM}")


def test_a_form_that_nobody_changed_saves_nothing_and_says_so(app: Flask, reader: Reader) -> None:
    page = reader.send(reader.checklist().form(f"{ITEM}-shown"), CHECKLIST)

    assert reader.follow(page).flashes == [said("There was nothing new to save.")]
    assert rows_of(app) == Rows(0, 0, 0)


def test_keeping_makes_a_new_session_and_the_guests_cookie_opens_nothing(app: Flask, reader: Reader) -> None:
    reader.answer(note="antes")
    old = reader.cookie("sid")

    reader.keep()

    assert reader.cookie("sid") != old
    assert (reader.choice(), reader.note()) == ("yes", "antes")
    thief = Reader(app)
    thief.set_cookie("sid", str(old))
    assert not thief.is_kept()
    assert thief.note() == ""
    assert rows_of(app).learners == 1


def test_the_recovery_code_is_shown_once(reader: Reader) -> None:
    reader.answer()

    code = reader.keep()

    assert len(code.split("-")) == 5
    for path in ("account/", "account/keep/", "progress/", "account/passphrase/"):
        assert code not in reader.follow(reader.get(path)).html


def test_signing_out_and_in_again_brings_everything_back(reader: Reader) -> None:
    reader.answer(note="queda")
    reader.keep()

    out = reader.follow(reader.sign_out())

    assert out.flashes == [said("You are signed out. Nothing of yours can be opened from here.")]
    assert reader.cookie("sid") is None
    assert reader.note() == ""
    assert reader.follow(reader.sign_in("  golondrina ", PASSPHRASE.upper())).flashes == [
        said("You are signed in.")
    ]
    assert reader.note() == "queda"


def test_a_signed_out_token_opens_nothing_even_if_somebody_copied_it(app: Flask, reader: Reader) -> None:
    reader.keep()
    token = str(reader.cookie("sid"))
    reader.sign_out()

    thief = Reader(app)
    thief.set_cookie("sid", token)

    assert not thief.is_kept()


def test_a_wrong_passphrase_and_an_unknown_name_get_the_same_answer(
    reader: Reader, reader_of: ReaderOf
) -> None:
    reader.keep()

    wrong = reader_of().sign_in(PSEUDONYM, ANOTHER)
    unknown = reader_of().sign_in("Nadie", ANOTHER)

    assert wrong.status == unknown.status == 422
    assert wrong.text.replace(PSEUDONYM, "") == unknown.text.replace("Nadie", "")
    assert ANOTHER not in wrong.html


def test_the_recovery_code_opens_once_and_locks_anew(reader: Reader, reader_of: ReaderOf) -> None:
    reader.answer(note="con código")
    code = reader.keep()
    other = reader_of()

    form = other.get("account/recover/").form("code")
    page = other.send(form, code=code.lower(), pseudonym="Colibrí", passphrase=ANOTHER, again=ANOTHER)

    assert code_on(page) != code
    assert other.note() == "con código"
    assert not reader.is_kept()
    assert reader_of().sign_in().status == 422
    again = reader_of()
    refused = again.send(
        again.get("account/recover/").form("code"),
        code=code,
        pseudonym="X",
        passphrase=ANOTHER,
        again=ANOTHER,
    )
    assert refused.status == 422
    assert reader_of().sign_in("Colibrí", ANOTHER).status == 303


@pytest.mark.parametrize("page", ["passphrase", "exposed"])
def test_another_passphrase_ends_every_other_session(page: str, reader: Reader, reader_of: ReaderOf) -> None:
    reader.answer(note="sigue")
    code = reader.keep()
    phone = reader_of()
    phone.sign_in()

    form = reader.get(f"account/{page}/").form("current")
    answer = reader.send(form, current=PASSPHRASE, pseudonym=PSEUDONYM, passphrase=ANOTHER, again=ANOTHER)

    assert code_on(answer) != code
    assert reader.note() == "sigue"
    assert not phone.is_kept()
    assert reader_of().sign_in().status == 422
    assert reader_of().sign_in(PSEUDONYM, ANOTHER).status == 303


@pytest.mark.parametrize("page", ["passphrase", "exposed"])
def test_without_the_passphrase_of_now_nothing_changes(page: str, reader: Reader) -> None:
    reader.keep()

    form = reader.get(f"account/{page}/").form("current")
    answer = reader.send(form, current=ANOTHER, passphrase=ANOTHER, again=ANOTHER)

    assert answer.status == 422
    assert ANOTHER not in answer.html
    assert reader.is_kept()


def test_a_weak_passphrase_is_refused_with_its_reason_and_never_shown_again(reader: Reader) -> None:
    form = reader.get("account/keep/").form("passphrase")

    page = reader.send(form, pseudonym="Ana", passphrase="aaaaaaaaaaaaaaaa", again="otra cosa distinta")

    assert page.status == 422
    assert "aaaaaaaaaaaaaaaa" not in page.html
    assert "otra cosa distinta" not in page.html
    assert page.form("pseudonym").value("pseudonym") == "Ana"
    assert said("It repeats the same letters or pieces, which makes it easy to guess.") in page.text


def test_whoever_signs_in_with_a_visits_answers_chooses_to_add_them(
    reader: Reader, reader_of: ReaderOf
) -> None:
    reader.answer(ITEM, "no", "primera nota")
    reader.keep()
    reader.sign_out()
    reader.answer(ITEM, "yes", "segunda nota")
    reader.answer(OTHER_ITEM, "not-sure")

    page = reader.follow(reader.sign_in(visit="merge"))

    assert page.flashes == [said("You are signed in, and this visit's answers were added to yours.")]
    assert reader.choice(ITEM) == "yes"
    assert reader.note(ITEM) == "primera nota\n\nsegunda nota"
    assert reader.choice(OTHER_ITEM) == "not-sure"


def test_a_module_that_two_visits_finish_together_is_finished(
    reader: Reader, curriculum: Curriculum, clock: Clock
) -> None:
    for address in lessons_of(curriculum):
        reader.send(reader.get(address).forms[0], address)
    reader.keep()
    reader.sign_out()
    clock.turn(days=1)
    choices = {f"{item.id}-choice": "no" for item in curriculum.modules_by_id[MODULE].checklist}
    reader.send(reader.checklist().form(f"{ITEM}-shown"), CHECKLIST, **choices)
    take_quiz(reader, curriculum.modules_by_id[MODULE])
    live(reader, curriculum.modules_by_id[MODULE])

    reader.sign_in(visit="merge")

    assert "26 de noviembre de 2026" in reader.get("progress/").text


def test_two_long_notes_are_both_kept_whole(reader: Reader) -> None:
    reader.answer(ITEM, "no", "a" * 2000)
    reader.keep()
    reader.sign_out()
    reader.answer(ITEM, "no", "b" * 2000)

    reader.sign_in(visit="merge")

    assert reader.note() == "a" * 2000 + "\n\n" + "b" * 2000


def test_or_to_delete_them(app: Flask, reader: Reader) -> None:
    reader.answer(ITEM, "no", "primera nota")
    reader.keep()
    reader.sign_out()
    reader.answer(ITEM, "yes", "segunda nota")

    assert reader.follow(reader.sign_in(visit="discard")).flashes == [said("You are signed in.")]

    assert (reader.choice(), reader.note()) == ("no", "primera nota")
    assert rows_of(app).learners == 1


def test_whoever_has_no_answers_is_not_asked_about_them(reader: Reader) -> None:
    assert "visit" not in reader.get("account/sign-in/").form("pseudonym").names()


def test_nobody_reads_what_another_keeps_on_the_same_machine(reader: Reader, reader_of: ReaderOf) -> None:
    reader.answer(note="solo mía")
    reader.keep()
    other = reader_of()
    other.answer(note="solo suya")
    other.keep("Colibrí", ANOTHER)

    assert reader.note() == "solo mía"
    assert other.note() == "solo suya"
    for path in ("", "modules/", f"modules/{MODULE}/", "progress/", "account/", CHECKLIST):
        assert "solo suya" not in reader.get(path).html
        assert "Colibrí" not in reader.get(path).html


def test_the_language_can_be_switched_on_every_step_without_losing_anything(reader: Reader) -> None:
    form = reader.checklist().form(f"{ITEM}-shown")

    page = reader.send(form, CHECKLIST, **{f"{ITEM}-choice": "no", f"{ITEM}-note": "sigue", "switch": "en"})

    assert page.headers["Location"] == f"/en/{CHECKLIST}"
    assert reader.follow(page).one("html").get("lang") == "en"
    reader.language = "en"
    assert (reader.choice(), reader.note()) == ("no", "sigue")


def test_a_finished_module_says_so_once_and_keeps_its_day(
    reader: Reader, curriculum: Curriculum, clock: Clock
) -> None:
    completing = do_everything(reader, curriculum)

    page = reader.get("progress/")

    assert completing.flashes == [said("That completes this module.")]
    assert page.flashes == []
    assert "25 de noviembre de 2026" in page.text
    reader.keep()
    clock.turn(days=3)
    reader.sign_in()
    reader.answer(ITEM, "no")
    assert reader.get("progress/").flashes != [said("That completes this module.")]
    assert "25 de noviembre de 2026" in reader.get("progress/").text


def test_a_finished_module_stays_finished_when_it_grows(
    reader: Reader, curriculum: Curriculum, make_kit: MakeKit
) -> None:
    do_everything(reader, curriculum)
    token = reader.cookie("sid")
    module = curriculum.modules_by_id[MODULE]
    lesson = module.lessons[0].model_copy(update={"slug": "one-more"})
    grown = module.model_copy(update={"lessons": (*module.lessons, lesson)})
    modules = tuple(grown if known.id == MODULE else known for known in curriculum.modules)

    later = Reader(make_kit(taught=curriculum.model_copy(update={"modules": modules})))
    later.set_cookie("sid", str(token))

    assert "5 de 6" in later.get("progress/").text
    assert "25 de noviembre de 2026" in later.get("progress/").text
    assert "one-more" in "".join(later.get("progress/").links)
