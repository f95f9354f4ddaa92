"""Certificates: staff issue, print and revoke them, learners print their own, and anybody checks a number."""

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.records.action_tables import Action
from app.records.cohorts import certificates
from app.records.cohorts.certificates import Certified, certificate_key, number_of, topic_code_of
from app.records.cohorts.groups import WHOLE
from app.records.cohorts.tables import Membership, Published
from app.records.crypto import random_id
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, kit_of
from tests.web.staff import House, assign, completed, house_of
from tests.web.test_assignments import statements

LABEL, MODULE = "Folio learner", "risk"


@pytest.fixture
def house(app: Flask) -> House:
    """The first cohort's learner completed what was asked."""
    house = house_of(app)
    assign(house, MODULE)
    completed(house, "learner", MODULE)
    return house


def base(house: House) -> str:
    return f"{house.base}certificates/"


def press(house: House, where: str = "", who: str = "trainer") -> Page:
    reader = house[who]
    token = reader.get(base(house)).forms[0].value("csrf_token")
    return reader.follow(reader.post(base(house) + where, {"csrf_token": token, "sure": "y"}))


def issued(house: House) -> list[Certified]:
    with kit_of(house.app).database.asking() as asking:
        return certificates.of_cohort(asking, house.cohort, 1000)[0]


def log(house: House) -> list[tuple[str, bytes | None, str]]:
    with kit_of(house.app).database.asking() as asking:
        rows = asking.execute(select(Action.verb, Action.subject, Action.details).order_by(Action.number))
        return [tuple(row) for row in rows]


def number(house: House, one: Certified) -> str:
    return number_of(kit_of(house.app).certificate_key, one)


def topic_code(house: House, one: Certified) -> str:
    return topic_code_of(kit_of(house.app).certificate_key, one)


def check(app: Flask, typed: str, topic: str = "", language: str = "es") -> Page:
    """Somebody who isn't known here checks a number."""
    reader = Reader(app, language)
    return reader.send(reader.get("verify/").form("number"), number=typed, topic_code=topic)


def verdict(page: Page) -> str:
    return next(part.words for part in page.all("h2") if part.get("id") == "verdict")


@pytest.mark.parametrize("who", ["trainer", "admin"])
def test_staff_see_who_completed_what_and_issue_it_for_one(house: House, who: str) -> None:
    page = house[who].get(base(house))
    assert LABEL in page.text
    (button,) = [part for part in page.all("button") if "/issue/" in part.get("formaction")]

    page = press(house, button.get("formaction").partition("/certificates/")[2], who)

    assert page.flashes == [said("The certificate is issued.")]
    (one,) = issued(house)
    assert (one.label, one.module, one.revoked_on) == (LABEL, MODULE, None)
    assert log(house) == [("certificate-issued", house.places["learner"], MODULE)]
    again = press(house, f"issue/{house.places['learner'].hex()}/{MODULE}/", who)
    assert again.flashes == [said("Nothing was issued: this completion has a certificate, or isn't shared.")]
    assert len(issued(house)) == 1


def test_all_of_a_cohort_at_once(house: House) -> None:
    assign(house, "accounts")
    completed(house, "learner", "accounts")

    page = press(house)

    assert page.flashes == [said("The certificates are issued.")]
    assert {one.module for one in issued(house)} == {MODULE, "accounts"}
    assert log(house) == [("certificates-issued", house.cohort, "2")]
    press(house)
    assert len(issued(house)) == 2
    assert len(log(house)) == 1


def test_issuing_again_and_revoking(house: House) -> None:
    press(house)
    (first,) = issued(house)

    page = press(house, f"{first.id.hex()}/again/")
    assert page.flashes == [said("A new certificate is issued, and the old one is revoked.")]
    (second,) = [one for one in issued(house) if one.revoked_on is None]
    page = press(house, f"{second.id.hex()}/revoke/")

    assert page.flashes == [said("The certificate is revoked. Whoever checks its number is told so.")]
    assert all(one.revoked_on == kit_of(house.app).today() for one in issued(house))
    place = house.places["learner"]
    assert log(house)[1:] == [("certificate-reissued", place, MODULE), ("certificate-revoked", place, MODULE)]
    assert house["trainer"].get(f"{base(house)}{second.id.hex()}/print/").status == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_revoking_asks_first_and_without_the_tick_nothing_is_revoked(house: House, language: str) -> None:
    press(house)
    (one,) = issued(house)
    trainer = house["trainer"]
    trainer.language = language
    (address,) = [link for link in trainer.get(base(house)).links if link.endswith("/revoke/")]
    page = trainer.get(address)
    title = kit_of(house.app).curriculum.modules_by_id[MODULE].title.in_language(language)
    assert (LABEL in page.text, title in page.text) == (True, True)

    unsure = trainer.send(page.form("csrf_token"))

    assert unsure.status == 422
    assert said("Tick the box to revoke it.", language) in unsure.text
    assert [each.revoked_on for each in issued(house)] == [None]
    assert [verb for verb, *_ in log(house)] == ["certificates-issued"]
    assert trainer.send(unsure.form("csrf_token"), sure="y").status == 303
    assert [each.revoked_on for each in issued(house)] == [kit_of(house.app).today()]
    assert trainer.get(address).status == 303
    assert one.id.hex() not in trainer.get(base(house)).text


@pytest.mark.parametrize("what", ["again/", "revoke/", "print/"])
def test_staff_of_another_cohort_reach_none(house: House, what: str) -> None:
    press(house)
    (one,) = issued(house)
    other = f"admin/cohorts/{house.other_cohort.hex()}/certificates/{one.id.hex()}/{what}"
    reader = house["other trainer"]

    if what == "print/":
        assert reader.get(other).status == reader.get(f"{base(house)}{one.id.hex()}/print/").status == 404
    else:
        for path in (other, f"{base(house)}{one.id.hex()}/{what}"):
            assert reader.post(path, {"csrf_token": reader.token(), "sure": "y"}).status == 404
    assert [each.revoked_on for each in issued(house)] == [None]


def test_all_are_printed_one_a_sheet_in_both_languages_or_one(house: House) -> None:
    assign(house, "accounts")
    completed(house, "learner", "accounts")
    press(house)
    trainer = house["trainer"]

    page = trainer.get(f"{base(house)}print/")
    one_language = trainer.get(f"{base(house)}print/?languages=one")

    papers = [part for part in page.all("section") if "certificate" in part.get("class").split()]
    assert len(papers) == 2
    for paper, one in zip(papers, issued(house), strict=True):
        titles = kit_of(house.app).curriculum.modules_by_id[one.module].title
        for words in (
            *(titles.in_language("en"), titles.in_language("es"), LABEL, number(house, one)),
            *(topic_code(house, one), "Certificate of completion", said("Certificate of completion")),
            *("Issued on November 25, 2026", "Emitida el 25 de noviembre de 2026"),
            *("http://127.0.0.1:8000/en/verify/", "http://127.0.0.1:8000/es/verify/"),
        ):
            assert words in " ".join(paper.text.split()), words
    assert [part.get("lang") for part in page.all("div") if part.get("class") == "part"] == [
        "",
        "en",
        "",
        "en",
    ]
    assert "Certificate of completion" not in one_language.text
    assert said("Certificate of completion") in one_language.text
    assert number(house, issued(house)[0]) in one_language.text
    assert len([part for part in page.all("p") if part.get("class") == "pen-line"]) == 4


def test_a_learner_prints_their_own_again_any_time_and_nobody_elses(house: House) -> None:
    press(house)
    (one,) = issued(house)

    page = house["learner"].get("account/certificates/")

    assert number(house, one) in page.text
    assert house["learner"].get("account/certificates/").text == page.text
    assert "/es/account/certificates/" in house["learner"].get("account/").links
    for who in ("other learner", "trainer", "admin", "kept"):
        assert number(house, one) not in house[who].get("account/certificates/").text
        assert "/es/account/certificates/" not in house[who].get("account/").links
    press(house, f"{one.id.hex()}/revoke/")
    assert number(house, one) not in house["learner"].get("account/certificates/").text


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_tells_whether_it_is_valid_and_when_and_not_a_word_of_who(
    house: House, language: str
) -> None:
    press(house)
    (one,) = issued(house)
    title = kit_of(house.app).curriculum.modules_by_id[MODULE].title.in_language(language)

    page = check(house.app, number(house, one), language=language)
    topical = check(house.app, number(house, one), topic_code(house, one), language)
    mistaken = check(house.app, number(house, one), number(house, one)[:11], language)

    assert [verdict(each) for each in (page, topical, mistaken)] == [said("Valid", language)] * 3
    assert {"en": "November 25, 2026", "es": "25 de noviembre de 2026"}[language] in page.text
    assert title in topical.text
    for each in (page, topical, mistaken):
        assert not any(word in each.html for word in ("Folio", "Taller", house.cohort.hex(), one.id.hex()))
    for each in (page, mistaken):
        assert title not in each.text
        assert MODULE not in each.html
    assert (
        said("The topic code does not belong to it, so you are not told what it is about.", language)
        in mistaken.text
    )


def test_one_that_was_revoked_says_so_and_one_that_never_was_says_no_more_than_that(house: House) -> None:
    press(house)
    (one,) = issued(house)
    press(house, f"{one.id.hex()}/revoke/")
    made_up = replace(one, id=random_id())

    assert verdict(check(house.app, number(house, one))) == said("Not valid: revoked")
    elsewhere = number_of(certificate_key("a key of another installation, which is long"), one)
    for typed in (number(house, made_up), elsewhere, "x", "7K2QX" * 5, "'; DROP TABLE certificate; --"):
        assert verdict(check(house.app, typed)) == said("Not valid")
    page = check(house.app, "")
    assert page.status == 422
    assert said("Type the number.") in page.text


def test_checking_looks_at_no_session_and_leaves_no_trace(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    press(house)
    (one,) = issued(house)
    caplog.set_level(logging.DEBUG)
    reader = house["learner"]
    before = {cookie.key: cookie.value for cookie in reader.client._cookies.values()}
    form = reader.get("verify/").form("number")

    page = reader.send(form, number=number(house, one), topic_code=topic_code(house, one))

    assert page.text == check(house.app, number(house, one), topic_code(house, one)).text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert {cookie.key: cookie.value for cookie in reader.client._cookies.values()} == before
    file = kit_of(house.app).database.file
    assert file is not None
    stored = b"".join(each.read_bytes() for each in file.parent.rglob("*") if each.is_file())
    for code in (number(house, one), topic_code(house, one)):
        assert code.encode() not in stored
        assert code not in caplog.text
    assert (
        Reader(house.app).post("verify/", dict(form.fields), Origin="https://elsewhere.example").status == 400
    )


def test_over_a_connection_that_others_can_read_no_number_is_asked_for(app: Flask) -> None:
    reader = Reader(app, environ={"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}})

    assert reader.get("verify/").status == reader.post("verify/", {"number": "x"}).status == 403
    for path in ("", "about/", "help/"):
        assert "/es/verify/" not in reader.get(path).links


@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_was_shown_one_finds_where_to_check_it_from_every_page(app: Flask, language: str) -> None:
    reader = Reader(app, language)

    for path in ("", "about/", "modules/", "help/", "glossary/", "no-such-page/"):
        assert reader.get(path).links.count(f"/{language}/verify/") == 1
    here = [link.words for link in reader.get("verify/").all("a") if link.get("aria-current") == "true"]
    assert here == [said("Check a certificate", language)]


def crowd(house: House, count: int) -> None:
    """More members who completed the module."""
    places = [
        {
            "id": random_id(),
            "cohort_id": house.cohort,
            "learner_id": None,
            "role": "learner",
            "label": f"Z {number:03}",
            "label_key": f"z {number:03}",
            "shares_all": False,
        }
        for number in range(count)
    ]
    day = kit_of(house.app).today()
    done = [
        {"membership_id": place["id"], "module": MODULE, "part": WHOLE, "achieved_on": day}
        for place in places
    ]
    with kit_of(house.app).database.changing() as connection:
        connection.execute(insert(Membership), places)
        connection.execute(insert(Published), done)


def test_long_lists_have_pages_and_take_no_more_statements(house: House) -> None:
    trainer, where = house["trainer"], base(house)
    press(house)
    few = [statements(house, trainer, where), statements(house, trainer, f"{where}print/")]
    crowd(house, 120)

    waiting = trainer.get(where)
    assert len(re.findall(r"Z \d{3}</th>", waiting.html)) == 50
    assert "Hay 70 más que no se muestran." in waiting.text
    press(house)

    assert [statements(house, trainer, where), statements(house, trainer, f"{where}print/")] == few
    shown = [re.findall(r">([FZ][^<]*)</th>", trainer.get(f"{where}?page={page}").html) for page in (1, 2, 3)]
    assert [len(labels) for labels in shown] == [50, 50, 21]
    assert len({label for labels in shown for label in labels}) == 121
    assert trainer.get(f"{where}?page=4").status == 404
    sheets = [trainer.get(f"{where}print/?page={page}").html.count('class="paper') for page in (1, 2)]
    assert sheets == [100, 21]
    assert len(trainer.get(where).response.data) < 60 * 1024
