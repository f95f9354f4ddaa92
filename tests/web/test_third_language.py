"""A third language that is only begun: what isn't there yet stands in English, says so once, and is pronounced so."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.curriculum import load
from app.curriculum.model import Curriculum
from app.web import i18n
from config import CHECKOUT
from tests.web.conftest import MakeKit
from tests.web.pages import Element, Page
from tests.web.practice import QUIZ, SCENARIO, begin
from tests.web.readers import CHECKLIST, MODULE, Reader

#: On one worker: compiling the curriculum anew takes as long as many tests.
pytestmark = pytest.mark.xdist_group("third language")

NOTE = "Some of this page is not translated yet: it is shown in English."
LESSON = f"modules/{MODULE}/lessons/first-hours/"
PAGES = (
    *("", "modules/", f"modules/{MODULE}/", LESSON, CHECKLIST, QUIZ, f"{QUIZ}1/", SCENARIO, "help/"),
    *(
        "help/contacts/",
        "help/address-published/",
        "help/address-published/card/",
        "help/sheets/family-sheet/",
        "glossary/",
        f"modules/{MODULE}/guide/",
    ),
)
#: What a translator wrote so far: a title, a checklist item, a turn of the scenario, a question, and one lesson.
TRANSLATED = {
    f"modules/{MODULE}/module.yaml": (
        "title: {en: Doxxing, es: Doxeo}",
        "title: {en: Doxxing, es: Doxeo, pt: Exposição de dados}",
    ),
    f"modules/{MODULE}/scenario.yaml": (
        'title: {en: "Your street, 21:40", es: "Tu calle, 21:40"}',
        'title: {en: "Your street, 21:40", es: "Tu calle, 21:40", pt: "Tua rua, 21h40"}',
    ),
}
PORTUGUESE = "## As primeiras horas\n\nPrimeiro as pessoas[@kit].\n"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content with a little Portuguese in it."""
    root = tmp_path_factory.mktemp("content")
    for folder in ("modules", "quizzes", "help"):
        shutil.copytree(CHECKOUT / folder, root / folder)
    for path, (old, new) in TRANSLATED.items():
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), "utf-8")
    (root / f"modules/{MODULE}/lessons/first-hours.pt.md").write_text(PORTUGUESE, "utf-8")
    return root


@pytest.fixture(scope="module")
def taught(content: Path) -> Curriculum:
    """What that content teaches, compiled once for this file."""
    return load(content)


@pytest.fixture
def kit(taught: Curriculum, make_kit: MakeKit) -> Flask:
    return make_kit(taught=taught)


@pytest.fixture
def reader(kit: Flask) -> Reader:
    reader = Reader(kit, "pt")
    begin(reader)
    return reader


def spoken(part: Element) -> str:
    """The language that a screen reader speaks an element in."""
    chain = [part.get("lang"), *(outer.get("lang") for outer in reversed(part.inside))]
    return next(language for language in chain if language)


def notes_on(page: Page) -> list[str]:
    return [part.words for part in page.all("span") if part.get("class") == "fallback-note"]


def test_the_language_is_offered_under_its_own_name(kit: Flask) -> None:
    page = Reader(kit, "en").get("")

    offered = {part.get("hreflang"): part.words for part in page.all("a") if part.get("hreflang")}
    assert offered["pt"] == "Português"
    assert offered["es"] == "Leer en español"


@pytest.mark.parametrize("path", PAGES)
def test_every_kind_of_page_says_once_that_a_part_of_it_is_in_english(path: str, reader: Reader) -> None:
    page = reader.get(path)

    assert page.status == 200
    assert page.one("html").get("lang") == "pt"
    assert notes_on(page) == [NOTE]
    assert page.closed_wrongly == []
    identities = [part.get("id") for part in page.with_attribute("id")]
    assert len(identities) == len(set(identities))


def test_what_is_translated_is_spoken_in_its_language_and_what_is_not_in_english(reader: Reader) -> None:
    page = reader.get(f"modules/{MODULE}/")

    (heading,) = page.all("h1")
    (title,) = [part for part in page.all("span") if heading in part.inside]
    assert (title.words, spoken(title)) == ("Exposição de dados", "pt")
    english = [
        part for part in page.all("p", "li") if "find a person" in part.words or part.get("class") == "lede"
    ]
    assert english
    assert {spoken(part) for part in english} == {"en"}
    assert "Exposição de dados" in page.title
    assert "<span" not in page.title


def test_a_lesson_that_is_translated_is_shown_and_another_is_english(reader: Reader) -> None:
    translated, english = reader.get(LESSON), reader.get(f"modules/{MODULE}/lessons/what-doxxing-is/")

    for page, language in ((translated, "pt"), (english, "en")):
        (prose,) = [part for part in page.all("div") if part.get("class") == "prose"]
        assert spoken(prose) == language
    assert "Primeiro as pessoas" in translated.text


def test_a_select_s_options_are_spoken_right_too(reader: Reader) -> None:
    for place in range(1, 7):
        page = reader.get(f"{QUIZ}{place}/")
        for option in page.all("option", "label"):
            assert spoken(option) == "en"
            assert "<span" not in option.words


def test_where_the_interface_speaks_the_language_only_what_is_missing_is_marked(
    kit: Flask, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kit.config, i18n.SPOKEN, frozenset({"en", "es", "pt"}))

    page = reader.get(f"modules/{MODULE}/")

    assert page.one("body").get("lang") == ""
    (heading,) = page.all("h1")
    assert [part for part in page.all("span") if heading in part.inside] == []
    assert spoken(heading) == "pt"
    (lede,) = [part for part in page.all("p") if part.get("class") == "lede"]
    assert [part.get("lang") for part in page.all("span") if lede in part.inside] == ["en"]
    assert notes_on(page) == [NOTE]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_the_two_whole_languages_have_no_such_note_and_no_mark(
    language: str, path: str, reader: Reader
) -> None:
    reader.language = language

    page = reader.get(path)

    assert notes_on(page) == []
    main = page.one("main")
    marked = [part for part in page.all("span", "div", "option") if part.get("lang") and main in part.inside]
    assert marked == []


def test_the_files_to_take_away_are_in_the_language_as_far_as_it_goes(reader: Reader) -> None:
    page = reader.get("account/take/everything.json")

    assert json.loads(page.html)["modules"][0]["module"] == "Exposição de dados"


def test_a_language_with_a_country_is_one_as_well(content: Path, make_kit: MakeKit, tmp_path: Path) -> None:
    root = tmp_path / "brazil"
    shutil.copytree(content, root)
    module = root / f"modules/{MODULE}/module.yaml"
    module.write_text(module.read_text("utf-8").replace("pt: Exposição", "pt-br: Exposição"), "utf-8")
    (root / f"modules/{MODULE}/lessons/first-hours.pt.md").unlink()
    scenario = root / f"modules/{MODULE}/scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8").replace(", pt: ", ", pt-br: "), "utf-8")
    reader = Reader(make_kit(taught=load(root)), "pt-br")

    page = reader.get(f"modules/{MODULE}/")

    assert page.status == 200
    assert page.one("html").get("lang") == "pt-br"
    assert "Exposição de dados" in page.text


def test_the_check_says_how_far_it_is_and_doesn_t_fail_for_what_is_missing(content: Path) -> None:
    environment = {**os.environ, "RESGUARDO_CONTENT_DIR": str(content)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli", "content", *words]
        return subprocess.run(
            command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
        )

    assert run("review", f"modules/{MODULE}").returncode == 0
    checked = run("check", "--today", "2026-11-25")

    assert (checked.returncode, checked.stderr) == (0, "")
    assert "Portuguese: 2 of " in checked.stdout
    documents = len(list(content.glob("modules/**/*.en.md")))
    assert f"1 of {documents} documents" in checked.stdout
    assert f"modules/{MODULE}/guide.pt.md: missing" in checked.stdout
    assert f"quizzes/{MODULE}.yaml: " in checked.stdout
    assert checked.stdout.endswith("No problems.\n")
