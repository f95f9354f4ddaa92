"""Every page in both languages: whole, in its own language, with the way to help and away on it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.curriculum.model import Curriculum, Quality
from app.learning.quiz import solution
from config import Config
from tests.conftest import CHEAP, Clock
from tests.web.catalogue import every_pair
from tests.web.conftest import MakeKit
from tests.web.pages import Element, Page
from tests.web.practice import begin, case_of, live, question_on, reply, take_quiz, turn, wrong
from tests.web.readers import Reader, kit_of
from tests.web.routes import GETS, PAGES, path_of

pytestmark = pytest.mark.xdist_group("every page")

#: Words that are the same in both languages, or stand in another one on purpose.
OTHER_LANGUAGE = {"Read in English", "Leer en español"}


def addresses(curriculum: Curriculum, language: str) -> list[str]:
    """Every page that there is, whatever the curriculum holds."""
    found = {path_of(row, language) for row in PAGES if row.path != "/"}
    for module in curriculum.modules:
        base = f"/{language}/modules/{module.id}/"
        found |= {base, f"{base}checklist/", f"{base}guide/", f"{base}quiz/", f"{base}scenario/"}
        found |= {f"{base}quiz/{place}/" for place in range(1, 7)}
        found |= {f"{base}lessons/{lesson.slug}/" for lesson in module.lessons}
    for situation in curriculum.situations:
        found |= {f"/{language}/help/{situation.id}/", f"/{language}/help/{situation.id}/card/"}
    return sorted(found)


@pytest.fixture(scope="module")
def kit(
    tmp_path_factory: pytest.TempPathFactory,
    prepared_file: Path,
    curriculum: Curriculum,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """One kit for this file: its tests look, and change nothing that another could see."""
    folder = tmp_path_factory.mktemp("kit")
    shutil.copy(prepared_file, folder / "resguardo.sqlite3")
    config = Config.from_mapping({"RESGUARDO_DATA_DIR": str(folder), **CHEAP})
    app = create_app(replace(config, host_secret=b"\7" * 32), curriculum, Clock())
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    kit_of(app).database.close()


@pytest.fixture(scope="module")
def pages(kit: Flask, curriculum: Curriculum) -> dict[str, Page]:
    """Every page as nobody, as a guest and as somebody who kept, in both languages, by who and address."""
    found: dict[str, Page] = {}
    module = curriculum.modules_by_id["doxxing"]
    for language in ("en", "es"):
        reader = Reader(kit, language)
        for who in ("nobody", "guest", "kept"):
            if who == "guest":
                reader.answer()
                for place in range(1, 4):
                    question = question_on(page := begin(reader), module)
                    reply(reader, page, question, wrong(question) if place == 1 else solution(question))
                turn(reader, case_of(module).nodes[0].choices[0].id)
            if who == "kept":
                take_quiz(reader, module, right=2, so_far=3)
                live(reader, module, Quality.WORST)
                reader.keep(f"Golondrina {language}")
            for address in addresses(curriculum, language):
                page = reader.get(address)
                if page.status == 200:
                    found[f"{who} {address}"] = page
    return found


def test_every_page_is_whole_and_says_its_language(pages: dict[str, Page]) -> None:
    assert len(pages) > 150
    for where, page in pages.items():
        assert page.closed_wrongly == [], where
        assert page.open == [], where
        assert page.one("html").get("lang") == where.split()[1].split("/")[1], where
        assert page.one("main").get("id") == "main", where
        identities = [part.get("id") for part in page.with_attribute("id")]
        assert len(identities) == len(set(identities)), where
        anchors = [link[1:] for link in page.links if link.startswith("#")]
        assert set(anchors) <= set(identities), where


def test_titles_tell_pages_apart(pages: dict[str, Page]) -> None:
    titles = {where: page.title for where, page in pages.items() if where.startswith("kept")}

    doubled = {title for title in titles.values() if list(titles.values()).count(title) > 1}
    assert doubled == set()


def test_headings_are_in_order_and_there_is_one_first(pages: dict[str, Page]) -> None:
    for where, page in pages.items():
        levels = [int(part.name[1]) for part in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1, where
        assert levels[0] == 1, where
        assert all(next_one <= level + 1 for level, next_one in pairwise(levels)), where
        assert all(part.words for part in page.all("h1", "h2", "h3", "h4")), where


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages: dict[str, Page]) -> None:
    for where, page in pages.items():
        assert page.all("style", "iframe", "object", "embed", "base", "audio", "video") == [], where
        assert all(part.get("src") and not part.text for part in page.all("script")), where
        for part in page.elements:
            names = part.attributes.keys()
            assert not any(name.startswith("on") or name in {"style", "srcset", "ping"} for name in names), (
                where
            )
            for name in ("src", "href", "action", "data", "poster", "formaction", "xlink:href"):
                address = part.get(name)
                if name == "href" and part.name == "a" and address.startswith("http"):
                    assert _is_marked_as_leaving(part), (where, address)
                elif name == "href" and part.name == "a" and address.startswith("tel:"):
                    assert re.fullmatch(r"tel:[+*#0-9]+", address), (where, address)
                else:
                    assert urlsplit(address).netloc == "", (where, address)
                    assert address[:1] in {"", "/", "#"} or _is_the_secret_to_scan(part, where), (
                        where,
                        address,
                    )


def _is_the_secret_to_scan(part: Element, where: str) -> bool:
    """The one picture within a page: in an address of its own, the secret would stand in the history."""
    shows = where.endswith("account/second-factor/") and part.name == "img"
    return shows and part.get("src").startswith("data:image/png;base64,")


def _is_marked_as_leaving(link: Element) -> bool:
    return {"noreferrer", "noopener", "external"} <= set(link.get("rel").split()) and not link.get("target")


def test_the_way_to_help_home_and_away_is_on_every_page(pages: dict[str, Page]) -> None:
    for where, page in pages.items():
        language = where.split()[1].split("/")[1]
        assert {f"/{language}/help/", f"/{language}/", f"/{language}/modules/", f"/{language}/about/"} <= set(
            page.links
        ), where
        (leave,) = page.with_attribute("data-leave")
        assert leave.get("href").partition("#")[0] == f"/n/{language}/", where
        assert page.links[0] == "#main", where


def test_the_language_switch_leads_to_the_same_page_in_the_other_language(
    kit: Flask, pages: dict[str, Page]
) -> None:
    for where, page in pages.items():
        who, address = where.split()
        here, there = ("es", "en") if address.startswith("/es/") else ("en", "es")
        (switch,) = [
            part for part in page.all("a") if part.get("hreflang") == there and part.get("lang") == there
        ]
        assert switch.get("href") == address.replace(f"/{here}/", f"/{there}/", 1), where
        assert switch.words in OTHER_LANGUAGE
        if who == "nobody":
            assert Reader(kit).get(switch.get("href")).status == 200, where


def test_every_link_within_the_kit_leads_somewhere(kit: Flask, pages: dict[str, Page]) -> None:
    links = {
        link.partition("#")[0]
        for where, page in pages.items()
        for link in [*page.links, *(part.get("href") for part in page.all("link")), *_scripts(page)]
        if link.startswith("/") and "/n/" not in link and where.startswith("nobody")
    }
    files = {
        link for link in links if link.endswith(".pdf")
    }  # each takes a second, and test_paper makes them all
    for file in files:
        kit.url_map.bind("localhost").match(file)

    nobody = kit.test_client(use_cookies=False)
    broken = {
        link: status for link in links - files if (status := nobody.get(link).status_code) not in {200, 303}
    }
    assert broken == {}


def _scripts(page: Page) -> list[str]:
    return [part.get("src") for part in page.all("script")]


def test_every_field_has_a_label_and_private_ones_are_kept_from_the_browsers_services(
    pages: dict[str, Page],
) -> None:
    for where, page in pages.items():
        labelled = {part.get("for") for part in page.all("label")}
        for part in page.all("input", "textarea", "select"):
            if part.get("type") in {"hidden", "submit"}:
                continue
            inside_label = any(outer.name == "label" for outer in part.inside)
            assert inside_label or part.get("id") in labelled, (where, part)
            if part.name == "textarea" or part.get("type") in {"text", "password"}:
                assert part.get("autocomplete") == "off", (where, part)
                assert (part.get("spellcheck"), part.get("translate")) == ("false", "no"), (where, part)
        for form in page.forms:
            assert form.method == "post", where
            first_lesson = form.action == "" and "/lessons/" in where and where.startswith("nobody")
            # Looking something up changes nothing.
            tokenless = first_lesson or form.action.endswith(("/search/", "/verify/"))
            assert ("csrf_token" in form.names()) is not tokenless, where


def test_every_text_of_the_interface_has_its_spanish() -> None:
    missing = [english for english, spanish in every_pair().items() if not spanish]

    assert missing == []


def test_no_english_is_left_on_a_spanish_page_nor_spanish_on_an_english_one(pages: dict[str, Page]) -> None:
    pairs = {
        english: spanish
        for english, spanish in every_pair().items()
        if english != spanish and "%(" not in english and len(english) > 3
    }
    for where, page in pages.items():
        english_page = where.split()[1].startswith("/en/")
        texts = _texts_of(page)
        foreign = {
            theirs
            for ours, theirs in (pair if english_page else pair[::-1] for pair in pairs.items())
            if theirs in texts and theirs not in pairs.keys() & pairs.values() and ours not in texts
        }
        assert foreign - OTHER_LANGUAGE == set(), where


def _texts_of(page: Page) -> set[str]:
    """The texts of elements that hold nothing but text, those of the catalogue among them."""
    ours = [part for part in page.elements if not any(outer.get("lang") for outer in part.inside[1:])]
    seen = {part.words for part in ours if not part.get("lang") or part.name == "html"}
    return seen | {part.get("aria-label") for part in ours} | {part.get("data-unsaved") for part in ours}


def test_what_the_curriculum_says_stands_on_the_page_in_its_language(
    curriculum: Curriculum, pages: dict[str, Page]
) -> None:
    for language, other in (("en", "es"), ("es", "en")):
        for module in curriculum.modules:
            page = pages[f"nobody /{language}/modules/{module.id}/"]
            assert module.summary.in_language(language) in page.text
            assert module.summary.in_language(other) not in page.text
            for item in module.checklist:
                checklist = pages[f"guest /{language}/modules/{module.id}/checklist/"]
                assert item.text.in_language(language) in unescape(checklist.html)


def test_dates_follow_the_language(pages: dict[str, Page]) -> None:
    english = pages["nobody /en/modules/doxxing/lessons/first-hours/"].text
    spanish = pages["nobody /es/modules/doxxing/lessons/first-hours/"].text

    assert re.search(r"[A-Z][a-z]+ \d+, 20\d\d", english)
    assert re.search(r"\d+ de [a-z]+ de 20\d\d", spanish)


def test_a_kit_with_a_neutral_name_shows_it_and_not_its_own(make_kit: MakeKit) -> None:
    reader = Reader(make_kit(RESGUARDO_SITE_NAME="Recetas <1>"))

    for row in GETS:
        page = reader.get(path_of(row, "es", "/static/none"))
        if row.endpoint.startswith("leave."):
            reader.get("/open/")
        if page.status == 200 and page.all("title"):
            assert "Resguardo" not in page.title
            names = [part.words for part in page.all("a") if part.get("class") == "kit-name"]
            assert set(names) <= {"Recetas <1>"}
