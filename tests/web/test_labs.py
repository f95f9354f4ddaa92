"""A lab's page: the same for everybody, nothing that could be sent, and everything in writing."""

from datetime import date

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Lab, LabKind
from app.learning.guessing import strengths
from app.records.passphrases import wordlist
from app.web.learn.lab_views import lasting
from tests.conftest import Clock
from tests.web.pages import Page
from tests.web.readers import Reader

LABS = (
    ("oversharing", "photo-metadata"),
    ("oversharing", "spot-the-leak"),
    ("doxxing", "self-search"),
    ("accounts", "passphrase"),
)
EVERY_LAB = pytest.mark.parametrize(("module_id", "lab_id"), LABS)
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def lab_of(curriculum: Curriculum, module_id: str, lab_id: str) -> Lab:
    found = curriculum.modules_by_id[module_id].lab(lab_id)
    assert found is not None
    return found


def page_of(app: Flask, module_id: str, lab_id: str, language: str = "es") -> Page:
    return Reader(app, language).get(f"modules/{module_id}/lab/{lab_id}/")


@LANGUAGES
@EVERY_LAB
def test_nothing_on_a_labs_page_can_be_sent_or_fetched(
    module_id: str, lab_id: str, language: str, app: Flask
) -> None:
    page = page_of(app, module_id, lab_id, language)

    assert page.status == 200
    assert page.all("form") == []
    assert page.with_attribute("name") == [part for part in page.all("meta") if part.get("name")]
    assert page.headers.getlist("Set-Cookie") == []
    typed = [
        part
        for part in page.all("input", "textarea", "select")
        if part.get("type") not in {"checkbox", "file"}
    ]
    assert {part.get("autocomplete") for part in typed} <= {"off"}
    for part in page.all("script"):
        assert part.get("src").startswith("/static/")


@LANGUAGES
@EVERY_LAB
def test_all_of_it_is_in_writing(
    module_id: str, lab_id: str, language: str, app: Flask, curriculum: Curriculum
) -> None:
    lab = lab_of(curriculum, module_id, lab_id)
    shown = page_of(app, module_id, lab_id, language).one("main").words

    guides = lab.guides.parts if lab.guides else ()
    texts = [
        *lab.before,
        *lab.afterwards,
        *(text for step in lab.steps for text in (step.text, step.more) if text),
    ]
    texts += [text for guide in guides for text in (guide.title, *guide.steps)]
    texts += [text for post in lab.posts for piece in post.pieces for text in (piece.text, piece.why)]
    assert [text for text in texts if text.in_language(language) not in shown] == []


@EVERY_LAB
def test_the_modules_page_and_the_fitting_lesson_lead_to_a_lab_and_no_other_lesson_does(
    module_id: str, lab_id: str, app: Flask, curriculum: Curriculum
) -> None:
    reader = Reader(app, "en")
    lab = lab_of(curriculum, module_id, lab_id)
    address = f"/en/modules/{module_id}/lab/{lab_id}/"

    assert address in reader.get(f"modules/{module_id}/").links
    for lesson in curriculum.modules_by_id[module_id].lessons:
        links = reader.get(f"modules/{module_id}/lessons/{lesson.slug}/").links
        assert (address in links) == (lesson.slug == lab.lesson), lesson.slug


def test_a_lab_that_is_due_says_so(app: Flask, curriculum: Curriculum, clock: Clock) -> None:
    lab = lab_of(curriculum, *LABS[0])
    assert "was due to be checked" not in page_of(app, *LABS[0], "en").text

    clock.turn(days=(lab.review_by - date(2026, 11, 25)).days + 1)
    assert "was due to be checked" in page_of(app, *LABS[0], "en").text


@pytest.mark.parametrize("path", ["modules/doxxing/lab/nothing/", "modules/nothing/lab/self-search/"])
def test_a_lab_that_does_not_exist_is_not_found(path: str, reader: Reader) -> None:
    assert reader.get(path).status == 404


def test_a_lab_belongs_to_its_own_module(reader: Reader) -> None:
    assert reader.get("modules/accounts/lab/self-search/").status == 404


@LANGUAGES
def test_the_page_has_every_word_of_the_list_once_by_its_dice(language: str, app: Flask) -> None:
    page = page_of(app, "accounts", "passphrase", language)

    blocks = [part for part in page.all("ol") if part.get("data-block")]
    words = [part for part in page.all("li") if any(block in part.inside for block in blocks)]
    assert len(blocks) == 64
    assert [part.words for part in words] == list(wordlist(language))
    assert {part.get("value") for part in words[:32]} == {
        f"{first}{second}" for first in range(1, 7) for second in range(1, 7) if first * 10 + second < 63
    }


def test_what_words_are_worth_is_said_as_people_say_it(app: Flask) -> None:
    with app.test_request_context("/en/"):
        said = {
            one.words: [lasting(s) for s in (one.at_a_page, one.slowed_down, one.fast)] for one in strengths()
        }
        short = [lasting(seconds) for seconds in (0, 1.5, 3, 130, 7_300, 180_000, 10**9, 10**12)]

    assert said == {
        4: ["about 2800 years", "about 28 years", "about 9 seconds"],
        5: ["more than a million years", "about 57\u202f000 years", "about 5 hours"],
        6: ["more than a million years", "more than a million years", "about 430 days"],
        7: ["more than a million years", "more than a million years", "about 2400 years"],
        8: ["more than a million years"] * 3,
    }
    assert short == [
        *("at once", "at once", "about 3 seconds", "about 2 minutes", "about 2 hours", "about 2 days"),
        *("about 32 years", "about 32\u202f000 years"),
    ]


@LANGUAGES
def test_every_file_of_a_lab_is_sent_compressed_and_none_is_loaded_elsewhere(
    language: str, app: Flask
) -> None:
    client = app.test_client()
    pages = [client.get(f"/{language}/modules/{module}/lab/{lab}/").text for module, lab in LABS]
    elsewhere = [
        client.get(f"/{language}/{path}").text for path in ("", "modules/oversharing/", "help/", "about/")
    ]

    assert all("/static/labs/lab." in page for page in pages)
    assert not any("/static/labs/" in page for page in elsewhere)


def test_search_finds_a_lab(app: Flask) -> None:
    reader = Reader(app, "en")
    page = reader.send(reader.get("search/").forms[0], q="passphrase dice")

    assert "/en/modules/accounts/lab/passphrase/" in page.links


def test_a_labs_page_has_the_policy_of_every_other_page(app: Flask) -> None:
    client = app.test_client()
    policies = {
        client.get(f"/en/modules/{module}/lab/{lab}/").headers["Content-Security-Policy"]
        for module, lab in LABS
    }

    assert policies == {client.get("/en/about/").headers["Content-Security-Policy"]}


def test_engines_are_named_with_where_they_search_and_as_no_link(app: Flask, curriculum: Curriculum) -> None:
    [lab] = [one for module in curriculum.modules for one in module.labs if one.kind is LabKind.SELF_SEARCH]
    page = page_of(app, "doxxing", "self-search")

    assert [part.get("data-engine") for part in page.with_attribute("data-engine")] == [
        engine.address for engine in lab.engines
    ]
    assert not any(engine.address.partition("?")[0] in link for engine in lab.engines for link in page.links)
