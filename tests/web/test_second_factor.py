"""The second factor on the pages: setting it up, signing in with it, and what whoever lacks it is told."""

import logging
import re
from base64 import b64decode
from dataclasses import dataclass, field

import pyotp
import pytest
from flask import Flask

from app.records.cohorts.roles import Role
from app.records.secondfactor import STEP_SECONDS
from tests.conftest import Clock
from tests.web.carrying import bring
from tests.web.catalogue import said
from tests.web.conftest import Busy, MakeKit
from tests.web.pages import Page
from tests.web.readers import ANOTHER, PASSPHRASE, PSEUDONYM, Reader, ReaderOf
from tests.web.staff import member

PAGE = "account/second-factor/"
DIGITS = "000000"
HTTPS = {"RESGUARDO_TRANSPORT": "https", "RESGUARDO_TRUSTED_HOSTS": "localhost"}


@dataclass
class Phone:
    """What a reader's app knows: the secret, and the time."""

    clock: Clock
    secret: str = field(default="", repr=False)
    backup: list[str] = field(default_factory=list, repr=False)

    def code(self) -> str:
        """The code of now."""
        return pyotp.HOTP(self.secret).at(int(self.clock().timestamp()) // STEP_SECONDS)

    def next_code(self) -> str:
        """The code of the next half minute, once it has come."""
        self.clock.turn(seconds=STEP_SECONDS)
        return self.code()


def secret_on(page: Page) -> str:
    (shown,) = [element.words for element in page.all("p") if element.get("class") == "code"]
    return shown.replace(" ", "")


def switch_on(reader: Reader, clock: Clock) -> Phone:
    page = reader.get(PAGE)
    phone = Phone(clock, secret_on(page))
    shown = reader.send(page.form("secret"), second_factor=phone.code())
    assert shown.status == 200, shown.text
    phone.backup = [element.words for element in shown.all("li") if element.get("class") == "code"]
    return phone


@pytest.fixture
def phone(reader: Reader, clock: Clock) -> Phone:
    """The phone of somebody who kept their progress with a note in it, and uses a second factor."""
    reader.answer(note="mía")
    reader.keep()
    return switch_on(reader, clock)


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_set_up_with_a_code_and_asked_for_from_then_on(
    language: str, reader_of: ReaderOf, clock: Clock
) -> None:
    reader, other = reader_of(language), reader_of(language)
    reader.answer(note="mía")
    reader.keep()

    page = reader.get(PAGE)
    phone = Phone(clock, secret_on(page))
    assert page.one("h1").words == said("Second factor", language)
    wrong = reader.send(page.form("secret"), second_factor=DIGITS)
    assert (wrong.status, secret_on(wrong)) == (422, phone.secret)
    words = "This is not the code of now. Check that the phone shows the right time, and type the next code."
    assert said(words, language) in wrong.text
    assert other.sign_in().status == 303
    done = reader.send(wrong.form("secret"), second_factor=phone.code())

    assert done.status == 200
    assert done.one("h1").words == said("Your backup codes", language)
    assert not other.is_kept()
    assert other.sign_in().status == 422
    assert other.sign_in(second_factor=phone.next_code()).status == 303
    assert other.note() == "mía"


def test_the_secret_is_shown_in_groups_of_four_and_as_a_picture_that_only_this_page_may_hold(
    reader: Reader,
) -> None:
    reader.keep()

    page = reader.get(PAGE)

    (shown,) = [element.words for element in page.all("p") if element.get("class") == "code"]
    assert re.fullmatch(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", shown)
    kind, _, body = page.one("img").get("src").partition(";base64,")
    assert kind == "data:image/png"
    assert b64decode(body).startswith(b"\x89PNG")
    (policy,) = page.headers.getlist("Content-Security-Policy")
    assert "img-src 'self' data:;" in policy
    assert policy.replace(" data:", "") == reader.get("account/").headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_the_secret_is_shown_no_more_once_it_is_on_nor_are_the_backup_codes(
    reader: Reader, phone: Phone
) -> None:
    assert len(set(phone.backup)) == 10
    for path in (PAGE, "account/", "account/take/everything.html", "account/take/everything.json"):
        page = reader.get(path)
        assert page.status == 200
        assert "data:" not in page.headers["Content-Security-Policy"]
        for hidden in (phone.secret, "second-factor", *phone.backup):
            assert hidden not in page.html.replace("/account/second-factor/", "")


def test_each_visit_offers_another_secret_and_none_is_kept_until_it_is_confirmed(
    reader: Reader, reader_of: ReaderOf
) -> None:
    reader.keep()

    assert secret_on(reader.get(PAGE)) != secret_on(reader.get(PAGE))
    assert reader_of().sign_in().status == 303


@pytest.mark.parametrize("secret", ["", "x", "A" * 31, "a" * 32, "1" * 32, "A" * 33, "A" * 32 + "\n"])
def test_a_secret_that_the_page_didn_t_make_is_not_taken(
    secret: str, reader: Reader, reader_of: ReaderOf
) -> None:
    reader.keep()
    form = reader.get(PAGE).form("secret")

    assert reader.send(form, secret=secret, second_factor=DIGITS).status == 422
    assert reader_of().sign_in().status == 303


@pytest.mark.parametrize("secret", ["9", "é", "=" * 32])
def test_nor_is_it_where_one_is_to_be_changed_that_isn_t_there(secret: str, reader: Reader) -> None:
    reader.keep()

    page = reader.post(f"{PAGE}change/", {"csrf_token": reader.token("account/"), "secret": secret})

    assert page.status == 422
    assert len(secret_on(page)) == 32


@pytest.mark.parametrize("language", ["en", "es"])
def test_without_the_code_nobody_learns_that_the_passphrase_was_right(
    language: str, phone: Phone, reader_of: ReaderOf
) -> None:
    used = phone.code()
    tries = [(PASSPHRASE, used), (ANOTHER, ""), (ANOTHER, DIGITS), (PASSPHRASE, ""), (PASSPHRASE, DIGITS)]

    pages = []
    for passphrase, typed in tries:
        stranger = reader_of(language)
        pages.append(stranger.sign_in(passphrase=passphrase, second_factor=typed))
        phone.clock.turn(seconds=40)
        assert stranger.cookie("sid") is None
        assert stranger.cookie("did") is None

    without_token = {re.sub(r'name="csrf_token" value="[^"]*"', "", page.html) for page in pages}
    assert {page.status for page in pages} == {422}
    assert len(without_token) == 1
    assert DIGITS not in pages[2].html
    words = "If you use a second factor, its code has to be right as well. Each code works once: wait for the next."
    assert said(words, language) in pages[0].text


def test_a_code_that_was_used_opens_nothing_more(phone: Phone, reader_of: ReaderOf) -> None:
    code = phone.next_code()

    assert reader_of().sign_in(second_factor=code).status == 303
    assert reader_of().sign_in(second_factor=code).status == 422


def test_a_backup_code_opens_once_and_the_page_says_so(phone: Phone, reader_of: ReaderOf) -> None:
    backup = phone.backup[0]
    other = reader_of("en")

    page = other.follow(other.sign_in(second_factor=backup.lower()))

    assert page.flashes == [
        "You used a backup code, and it no longer works. Make new ones before the last is gone.",
        "You are signed in.",
    ]
    assert "You have 9 backup codes left." in other.get(PAGE).text
    assert reader_of().sign_in(second_factor=backup).status == 422


def test_whoever_comes_next_with_a_code_hears_that_one_was_missing(phone: Phone, reader_of: ReaderOf) -> None:
    reader_of().sign_in()
    other = reader_of("en")

    page = other.follow(other.sign_in(second_factor=phone.next_code()))

    assert any("somebody knows your passphrase" in flash for flash in page.flashes)


def test_wrong_codes_are_slowed_like_wrong_passphrases(phone: Phone, reader_of: ReaderOf) -> None:
    stranger = reader_of()
    for typed in ("", DIGITS, "", DIGITS):
        assert stranger.sign_in(second_factor=typed).status == 422

    assert stranger.sign_in(second_factor=phone.code()).status == 429


def test_whoever_had_to_wait_types_no_code_again_and_it_stands_in_no_page(
    phone: Phone, reader_of: ReaderOf, busy: Busy
) -> None:
    other = reader_of()
    code = phone.next_code()
    with busy():
        page = other.sign_in(second_factor=code)

    assert page.status == 503
    assert code not in page.html
    assert other.get("account/one-moment/").status == 303
    assert other.note() == "mía"


def test_a_code_is_never_carried_on_with_what_could_not_be_saved(phone: Phone, reader_of: ReaderOf) -> None:
    page = reader_of().post("modules/doxxing/checklist/", {"second_factor": DIGITS, "secret": phone.secret})

    assert page.status == 400
    assert DIGITS not in page.html
    assert phone.secret not in page.html


def test_it_is_switched_off_with_a_code_only(reader: Reader, phone: Phone, reader_of: ReaderOf) -> None:
    form = reader.get(PAGE).form("second_factor")
    assert "secret" not in form.names()
    for typed in ("", DIGITS, phone.code()):
        refused = reader.send(form, do="off", second_factor=typed)
        assert refused.status == 422
        assert not typed or typed not in refused.html
    assert reader_of().sign_in().status == 422

    done = reader.follow(reader.send(form, do="off", second_factor=phone.next_code()))

    assert done.flashes == [said("The second factor is off. The passphrase alone opens your progress.")]
    phone.clock.turn(minutes=1)
    assert reader_of().sign_in().status == 303
    assert reader.send(form, do="off", second_factor=phone.backup[0]).headers["Location"].endswith(f"/{PAGE}")


def test_codes_that_are_guessed_in_an_open_session_wait(reader: Reader, phone: Phone) -> None:
    form = reader.get(PAGE).form("second_factor")

    answers = [reader.send(form, do="off", second_factor=DIGITS).status for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]


def test_new_backup_codes_come_in_place_of_the_old(reader: Reader, phone: Phone, reader_of: ReaderOf) -> None:
    form = reader.get(PAGE).form("second_factor")

    shown = reader.send(form, do="codes", second_factor=phone.next_code())

    fresh = [element.words for element in shown.all("li") if element.get("class") == "code"]
    assert len(fresh) == 10
    assert not set(fresh) & set(phone.backup)
    assert reader_of().sign_in(second_factor=phone.backup[1]).status == 422
    assert reader_of().sign_in(second_factor=fresh[1]).status == 303


def test_another_secret_is_not_put_in_the_place_of_one_that_is_on(reader: Reader, phone: Phone) -> None:
    fields = {"csrf_token": reader.token(PAGE), "secret": "A" * 32}
    fields["second_factor"] = pyotp.HOTP("A" * 32).at(int(phone.clock().timestamp()) // STEP_SECONDS)

    assert reader.post(PAGE, fields).status == 303
    assert Reader(reader.app).sign_in(second_factor=phone.next_code()).status == 303


def test_the_recovery_code_needs_it_too(reader_of: ReaderOf, clock: Clock) -> None:
    reader, other = reader_of(), reader_of()
    recovery = reader.keep()
    phone = switch_on(reader, clock)
    form = other.get("account/recover/").form("code")
    typed = {"code": recovery, "pseudonym": "Colibrí", "passphrase": ANOTHER, "again": ANOTHER}

    refused = other.send(form, **typed, second_factor=DIGITS)
    assert refused.status == 422
    assert DIGITS not in refused.html
    assert other.cookie("sid") is None
    assert other.send(form, **typed, second_factor=phone.next_code()).status == 200

    again = reader_of()
    assert again.sign_in("Colibrí", ANOTHER).status == 422
    assert again.sign_in("Colibrí", ANOTHER, second_factor=phone.next_code()).status == 303


def test_a_copy_leaves_it_behind_and_bringing_one_is_no_way_round_it(
    reader: Reader, phone: Phone, reader_of: ReaderOf, other_machine: Flask
) -> None:
    form = reader.get("account/take/").form("passphrase")
    copy = reader.send(form, passphrase=PASSPHRASE).response.data
    elsewhere, stranger = Reader(other_machine), reader_of("en")

    assert bring(elsewhere, copy).status == 200
    assert elsewhere.note() == "mía"
    assert Reader(other_machine).sign_in().status == 303
    refused = bring(stranger, copy)
    assert refused.status == 422
    assert "has a second factor" in refused.text
    assert not stranger.is_kept()


def server(make_kit: MakeKit) -> tuple[Flask, Reader]:
    """A server over HTTPS, and its administrator's browser."""
    app = make_kit(**HTTPS, RESGUARDO_ENROLMENT="open")
    reader = Reader(app, "en", {"base_url": "https://localhost"}, {"X-Forwarded-Proto": "https"})
    reader.headers["Referer"] = "https://localhost/"
    reader.keep()
    reader.client.set_cookie("sid", str(reader.cookie("__Host-sid")))
    member(app, reader, None, Role.ADMIN, "Administración")
    return app, reader


def test_on_a_server_an_administrator_is_led_to_set_it_up_before_anything_else(
    make_kit: MakeKit, clock: Clock
) -> None:
    _app, admin = server(make_kit)
    token = admin.token("account/")

    for page in (
        admin.get("admin/"),
        admin.post("admin/", {"csrf_token": token, "name": "Taller", "keep_days": "30"}),
        admin.get(f"admin/cohorts/{'0' * 32}/settings/"),
    ):
        assert (page.status, page.headers["Location"]) == (303, f"/en/{PAGE}")
    assert any("uses a second factor" in flash for flash in admin.get(PAGE).flashes)

    switch_on(admin, clock)

    page = admin.get("admin/")
    assert page.status == 200
    assert "Taller" not in page.text


def test_on_this_machine_alone_an_administrator_needs_none(app: Flask, reader: Reader) -> None:
    reader.keep()
    member(app, reader, None, Role.ADMIN, "Administración")

    assert reader.get("admin/").status == 200


def test_nothing_of_it_is_logged(
    reader: Reader, clock: Clock, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    reader.keep()
    phone = switch_on(reader, clock)
    code, other = phone.next_code(), Reader(reader.app)
    other.sign_in(second_factor="314159")
    other.sign_in(second_factor=code)
    form = other.get(PAGE).form("second_factor")
    other.send(form, do="off", second_factor="271828")
    other.send(form, do="codes", second_factor=phone.backup[0])

    logged = caplog.text + "".join(capfd.readouterr())

    for hidden in (phone.secret, code, "314159", "271828", PSEUDONYM, *phone.backup):
        assert hidden not in logged


def test_it_works_the_same_for_whoever_carries_on_something_unsaved(
    reader: Reader, phone: Phone, clock: Clock
) -> None:
    page = reader.checklist()
    clock.turn(hours=2)
    ended = reader.answer(note="nueva", page=page)
    resume = next(form for form in ended.forms if form.action.endswith("/resume/"))
    form = reader.send(resume).form("passphrase")

    refused = reader.send(form, pseudonym=PSEUDONYM, passphrase=PASSPHRASE)
    assert refused.status == 422
    signed_in = reader.send(
        refused.form("passphrase"), passphrase=PASSPHRASE, second_factor=phone.next_code()
    )

    assert "nueva" in signed_in.html
