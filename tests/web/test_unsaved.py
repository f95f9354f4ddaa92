"""What somebody typed is never lost: not when a session ends, a page is old, or a vault is gone."""

import pytest
from flask import Flask

from app.records.erasure import delete_learner
from app.records.sessions import resume_session
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.pages import Form, Page
from tests.web.readers import (
    ANOTHER,
    CHECKLIST,
    ITEM,
    OTHER_ITEM,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
    ReaderOf,
    Rows,
    kit_of,
    rows_of,
)

TYPED = "lo que escribí, y «más»"


def form_to(page: Page, end: str) -> Form:
    (found,) = [form for form in page.forms if form.action.endswith(end)]
    return found


def hands_of(page: Page) -> list[str]:
    """What the page shows of what was typed."""
    return [area.text.removeprefix("\n") for area in page.all("textarea") if "readonly" in area.attributes]


@pytest.fixture
def expired(reader: Reader, clock: Clock) -> Page:
    """The page that answers a note which was sent an hour and more after the session was last used."""
    reader.answer(note="antes")
    reader.keep()
    page = reader.checklist()
    clock.turn(minutes=90)
    return reader.answer(ITEM, "no", TYPED, page)


def test_a_note_sent_after_the_session_ended_is_held_by_the_page_and_saved_nowhere(
    app: Flask, reader: Reader, expired: Page
) -> None:
    assert expired.status == 409
    assert said("Your session ended before this was saved. What you typed is still here.") in expired.text
    assert hands_of(expired) == [TYPED]
    assert reader.cookie("sid") is None
    assert rows_of(app).learners == 1


def test_it_is_saved_after_signing_in_again(reader: Reader, expired: Page) -> None:
    page = reader.send(form_to(expired, "/sign-in/resume/"))
    assert said("What you typed is still here") in page.text
    wrong = reader.send(page.form("passphrase"), pseudonym=PSEUDONYM, passphrase=ANOTHER)
    page = reader.send(wrong.form("passphrase"), passphrase=PASSPHRASE)
    assert said("You are signed in. What you typed is still here: save it now.") in page.text

    saved = reader.follow(reader.send(form_to(page, "/checklist/")))

    assert saved.flashes == [said("Saved.")]
    assert (reader.choice(), reader.note()) == ("no", TYPED)


def test_or_saved_for_this_visit_without_signing_in(app: Flask, reader: Reader, expired: Page) -> None:
    page = reader.send(form_to(expired, "/checklist/"))

    assert page.status == 303
    assert reader.note() == TYPED
    assert rows_of(app).learners == 2


def test_what_was_saved_without_signing_in_can_be_added_afterwards(reader: Reader, expired: Page) -> None:
    reader.send(form_to(expired, "/checklist/"))

    reader.sign_in(visit="merge")

    assert reader.note() == f"antes\n\n{TYPED}"


def test_no_secret_is_ever_carried_on(reader: Reader, clock: Clock) -> None:
    reader.keep()
    form = reader.get("account/passphrase/").form("current")
    reader.client.delete_cookie("fid")

    page = reader.send(form, current=PASSPHRASE, pseudonym="Colibrí", passphrase=ANOTHER, again=ANOTHER)

    assert page.status == 400
    for secret in (PASSPHRASE, ANOTHER, "Colibrí"):
        assert secret not in page.html


def test_a_page_from_before_signing_in_elsewhere_holds_what_was_typed(reader: Reader) -> None:
    reader.answer(note="antes")
    old = reader.checklist()
    reader.keep()

    page = reader.answer(ITEM, "no", TYPED, old)

    assert page.status == 400
    assert hands_of(page) == [TYPED]
    reader.send(form_to(page, "/checklist/"))
    assert reader.note() == TYPED


def test_a_note_for_a_vault_that_was_deleted_meanwhile_is_held_and_saved_nowhere(
    app: Flask, reader: Reader
) -> None:
    reader.answer()
    page = reader.checklist()
    kit = kit_of(app)
    with kit.database.reading() as session:
        opened = resume_session(
            session, bytes.fromhex(str(reader.cookie("sid"))), kit.host_secret, kit.lifetimes, kit.now()
        )
    delete_learner(kit.database, opened.vault.learner_id)

    answer = reader.answer(ITEM, "no", TYPED, page)

    assert answer.status == 409
    assert hands_of(answer) == [TYPED]
    assert rows_of(app) == Rows(0, 0, 0)


@pytest.mark.parametrize(("after", "open_still"), [(59, True), (76, False)])
def test_a_kept_session_ends_when_nobody_uses_it_for_an_hour(
    after: int, open_still: bool, reader: Reader, clock: Clock
) -> None:
    reader.keep()

    clock.turn(minutes=after)

    assert reader.is_kept() is open_still


def test_using_it_puts_the_end_off_but_not_beyond_half_a_day(reader: Reader, clock: Clock) -> None:
    reader.keep()
    for _ in range(12):
        clock.turn(minutes=55)
        assert reader.is_kept()

    clock.turn(minutes=55)
    assert reader.is_kept()
    clock.turn(minutes=55)
    assert not reader.is_kept()


def test_a_guests_answers_are_gone_after_half_a_day(app: Flask, reader: Reader, clock: Clock) -> None:
    reader.answer()
    clock.turn(hours=11)
    assert reader.choice() == "yes"

    clock.turn(hours=2)

    assert reader.choice() == ""
    with app.app_context():
        kit_of(app).tidy()
    assert rows_of(app) == Rows(0, 0, 0)


@pytest.mark.parametrize("path", ["", "progress/", CHECKLIST, "account/sign-in/"])
def test_whoever_comes_back_too_late_is_told_that_the_session_ended(
    path: str, reader: Reader, clock: Clock
) -> None:
    reader.keep()
    clock.turn(hours=2)

    page = reader.get(path)

    ended = said(
        "Your session ended, because of the time or because it was closed elsewhere. Sign in to go on."
    )
    assert page.flashes == [ended]
    assert reader.get(path).flashes == []


def test_pressing_keep_twice_does_not_keep_nothing_under_another_passphrase(
    app: Flask, reader: Reader
) -> None:
    reader.answer(note="mía")
    form = reader.get("account/keep/").form("passphrase")
    typed = {"pseudonym": PSEUDONYM, "passphrase": PASSPHRASE, "again": PASSPHRASE}
    second = Reader(app)
    for name in ("sid", "fid"):
        second.set_cookie(name, str(reader.cookie(name)))
    reader.send(form, **typed)

    page = second.send(form, **typed)

    assert page.status == 409
    assert "Sign in" not in page.text
    assert page.flashes == [
        said("Your session ended, because of the time or because it was closed elsewhere. Sign in to go on.")
    ]
    assert rows_of(app).learners == 1
    second.sign_in()
    assert second.note() == "mía"


def test_an_old_page_overwrites_nothing_newer_that_it_did_not_change(reader: Reader) -> None:
    old = reader.checklist()
    reader.answer(ITEM, "yes", "más nueva")
    token = reader.token(CHECKLIST)
    form = old.form(f"{ITEM}-shown")
    form.fields = [(name, token if name == "csrf_token" else value) for name, value in form.fields]

    reader.send(form, CHECKLIST, **{f"{OTHER_ITEM}-choice": "no"})

    assert (reader.choice(), reader.note()) == ("yes", "más nueva")
    assert reader.choice(OTHER_ITEM) == "no"


def test_a_note_that_is_too_long_keeps_everything_typed_on_the_page(app: Flask, reader: Reader) -> None:
    form = reader.checklist().form(f"{ITEM}-shown")
    long = "ñ" * 2001

    page = reader.send(
        form, CHECKLIST, **{f"{ITEM}-note": long, f"{ITEM}-choice": "no", f"{OTHER_ITEM}-note": "corta"}
    )

    assert page.status == 422
    assert (
        said("A note may have %(max)d characters at most. Shorten it and save again.", max=2000) in page.text
    )
    typed = dict(page.form(f"{ITEM}-shown").fields)
    assert typed[f"{ITEM}-note"] == long
    assert typed[f"{ITEM}-choice"] == "no"
    assert typed[f"{OTHER_ITEM}-note"] == "corta"
    assert rows_of(app) == Rows(0, 0, 0)
    assert any(link == f"#{ITEM}-note" for link in page.links)

    mended = reader.send(page.form(f"{ITEM}-shown"), CHECKLIST, **{f"{ITEM}-note": "ñ" * 2000})
    assert mended.status == 303
    assert reader.note(OTHER_ITEM) == "corta"


def test_lines_count_as_they_are_kept_not_as_browsers_send_them(reader: Reader) -> None:
    page = reader.answer(ITEM, "no", "x\r\n" * 999 + "xx")

    assert page.status == 303
    assert reader.note() == "x\n" * 999 + "xx"


def test_the_script_saves_without_a_page_and_gets_what_it_needs_to_go_on(reader: Reader) -> None:
    form = reader.checklist().form(f"{ITEM}-shown")

    page = reader.send_by_script(form, CHECKLIST, **{f"{ITEM}-choice": "no", f"{ITEM}-note": TYPED})

    assert page.status == 200
    answer = page.response.json
    assert answer["ok"] is True
    assert answer["message"] == said("Saved.")
    assert answer["shown"][f"{ITEM}-shown"] == reader.checklist().form(f"{ITEM}-shown").value(f"{ITEM}-shown")
    token = form.value("csrf_token") if answer["token"] is None else answer["token"]
    form.fields = [(n, token if n == "csrf_token" else answer["shown"].get(n, v)) for n, v in form.fields]
    form.fields = [(n, v) for n, v in form.fields if n == "csrf_token" or n.startswith(f"{ITEM}-")]
    again = reader.send_by_script(form, CHECKLIST, **{f"{ITEM}-note": "otra"})
    assert again.status == 200
    assert again.response.json["token"] is None  # the same session: its token goes on
    assert reader.note() == "otra"


def test_the_script_gets_no_success_where_a_page_would_explain(reader: Reader, clock: Clock) -> None:
    reader.answer()
    form = reader.checklist().form(f"{ITEM}-shown")
    too_long = reader.send_by_script(form, CHECKLIST, **{f"{ITEM}-note": "n" * 2001})
    clock.turn(hours=13)
    ended = reader.send_by_script(form, CHECKLIST, **{f"{ITEM}-note": TYPED})
    still_there = reader.cookie("sid")
    by_form = reader.send(form, CHECKLIST, **{f"{ITEM}-note": TYPED})
    reader.answer()
    reader.client.delete_cookie("fid")
    forged = reader.send_by_script(form, CHECKLIST, **{f"{ITEM}-note": TYPED})

    assert (too_long.status, ended.status, forged.status) == (422, 409, 400)
    assert still_there is not None
    assert hands_of(by_form) == [TYPED]
    assert said("Your session ended before this was saved. What you typed is still here.") in by_form.text
    assert [page.response.json["ok"] for page in (too_long, ended, forged)] == [False] * 3


def test_a_page_that_was_kept_open_over_an_expiry_is_the_same_in_english(
    reader_of: ReaderOf, clock: Clock
) -> None:
    reader = reader_of("en")
    reader.answer()
    page = reader.checklist()
    clock.turn(hours=13)

    answer = reader.answer(ITEM, "no", TYPED, page)

    assert "Your session ended before this was saved. What you typed is still here." in answer.text


@pytest.mark.parametrize("path", ["account/recover/", "account/sign-in/", "account/keep/", CHECKLIST])
def test_a_form_that_is_shown_when_a_session_has_ended_can_be_sent(
    path: str, reader: Reader, clock: Clock
) -> None:
    reader.keep()
    clock.turn(hours=2)

    form = next(form for form in reader.get(path).forms if "csrf_token" in form.names())

    assert reader.send(form, path).status in {303, 422}


@pytest.mark.parametrize("decision", ["delete", "sign-out"])
def test_a_decision_on_an_old_page_is_not_offered_as_something_to_save(
    decision: str, app: Flask, reader: Reader
) -> None:
    reader.answer(note="mía")
    reader.keep()
    if decision == "delete":
        form = reader.get("account/delete/").form("csrf_token")
    else:
        form = next(form for form in reader.get("account/").forms if form.action.endswith("/sign-out/"))
    reader.sign_out()
    reader.answer(note="de esta visita")

    page = reader.send(form, sure="y")

    assert page.status == 400
    assert page.forms == []
    assert reader.note() == "de esta visita"
    assert rows_of(app).learners == 2


def test_a_form_of_the_account_leads_to_sign_in_after_the_session_ended(reader: Reader, clock: Clock) -> None:
    reader.keep()
    form = reader.get("account/passphrase/").form("current")
    clock.turn(hours=2)
    reader.client.delete_cookie("fid")

    page = reader.send(form, current=PASSPHRASE, passphrase=ANOTHER, again=ANOTHER)

    assert page.headers["Location"] == "/es/account/sign-in/"
    assert reader.follow(page).flashes == [
        said("Your session ended, because of the time or because it was closed elsewhere. Sign in to go on.")
    ]


def test_what_is_said_is_said_once_however_often_it_happened_before_the_next_page(reader: Reader) -> None:
    reader.follow(reader.answer())
    form = reader.checklist().form(f"{ITEM}-shown")
    for choice in ("no", "yes", "no"):
        reader.send(form, CHECKLIST, **{f"{ITEM}-choice": choice, f"{ITEM}-shown": ""})

    assert reader.checklist().html.count(said("Saved.")) == 1
    assert said("Saved.") not in reader.checklist().html
