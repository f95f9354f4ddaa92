"""The glossary's page: nobody's, in each language's own order, with an anchor for every link that leads to it."""

import re

import pytest
from flask import Flask

from app.curriculum.model import Curriculum
from app.web.alphabet import by_letter
from tests.web.pages import Page
from tests.web.readers import MODULE, Reader

ADDRESS = "glossary/"


@pytest.fixture(params=["en", "es"])
def page(request: pytest.FixtureRequest, app: Flask) -> Page:
    return Reader(app, request.param).get(ADDRESS)


def words_on(page: Page) -> list[str]:
    return [part.words for part in page.all("dfn")]


def test_every_entry_is_there_once_with_its_word_in_the_other_language(
    page: Page, curriculum: Curriculum
) -> None:
    language = page.one("html").get("lang")
    other = {"en": "es", "es": "en"}[language]

    assert sorted(words_on(page)) == sorted(term.term.root[language] for term in curriculum.glossary)
    there = {part.words for part in page.all("dt") if part.get("lang") == other}
    pairs = [(term.term.root[language], term.term.root[other]) for term in curriculum.glossary]
    assert there == {words for word, words in pairs if words != word}
    for term in curriculum.glossary:
        assert term.definition.root[language] in page.text
        assert term.notes is None or term.notes.root[language] in page.text


def test_every_link_from_a_lesson_leads_to_an_entry(page: Page, curriculum: Curriculum) -> None:
    language = page.one("html").get("lang")
    anchors = {part.get("id") for part in page.with_attribute("id")}
    linked = {
        address
        for module in curriculum.modules
        for lesson in module.lessons
        for address in re.findall(r'class="term" href="([^"]*)"', lesson.prose.html.root[language])
    }

    assert linked
    assert {address.partition("#")[0] for address in linked} == {f"/{language}/glossary/"}
    assert {address.partition("#")[2] for address in linked} <= anchors
    assert len(anchors) == len(list(page.with_attribute("id")))


def test_every_number_leads_to_a_source_at_the_foot(page: Page, curriculum: Curriculum) -> None:
    anchors = {part.get("id") for part in page.all("li")}
    numbers = {
        part.get("href").removeprefix("#"): part.words
        for part in page.all("a")
        if part.get("class") == "cite"
    }

    assert set(numbers) == {f"source-{source}" for term in curriculum.glossary for source in term.sources}
    assert set(numbers) <= anchors
    assert sorted(map(int, numbers.values())) == list(range(1, len(numbers) + 1))


def test_the_page_is_linked_from_the_modules_and_from_every_foot(app: Flask) -> None:
    reader = Reader(app, "es")

    assert reader.get("modules/").links.count("/es/glossary/") == 2
    assert "/es/glossary/" in reader.get("help/").links


def test_a_lesson_shows_its_words_as_quiet_links_without_a_title(app: Flask) -> None:
    page = Reader(app, "en").get(f"modules/{MODULE}/lessons/what-doxxing-is/")

    words = [part for part in page.all("a") if part.get("class") == "term"]
    assert words[0].words == "Doxxing"
    assert {tuple(sorted(part.attributes)) for part in words} == {("class", "href")}


def test_words_stand_in_the_order_of_their_own_alphabet() -> None:
    spanish = [
        "ñandú",
        "nube",
        "(ámbar)",
        "Árbol",
        "anzuelo",
        "oso",
        "zeta",
        "«eñe»",
        "enero",
        "2FA",
        "dos  pasos",
    ]

    assert by_letter(spanish, str, "es") == [
        ("2", ["2FA"]),
        ("A", ["(ámbar)", "anzuelo", "Árbol"]),
        ("D", ["dos  pasos"]),
        ("E", ["enero", "«eñe»"]),
        ("N", ["nube"]),
        ("Ñ", ["ñandú"]),
        ("O", ["oso"]),
        ("Z", ["zeta"]),
    ]
    assert by_letter(["zebra", "Émile", "éclair", "ñandú"], str, "en") == [
        ("E", ["éclair", "Émile"]),
        ("N", ["ñandú"]),
        ("Z", ["zebra"]),
    ]
