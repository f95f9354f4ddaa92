"""A newcomer's whole walk, on a phone and a desk, with scripts and without: everything she did is there again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.curriculum.model import Curriculum, Module
from tests.browser.conftest import MakeVisitor
from tests.browser.visitors import PSEUDONYM, Visitor

pytestmark = pytest.mark.browser

CHOICES = ("yes", "no", "not-for-me", "not-sure")
NOTE = "Preguntar a mi prima: su álbum de fotos está abierto"

WAYS = [
    pytest.param(
        (width, height), scripts, marks=pytest.mark.xdist_group(f"walk-{width}"), id=f"{width}px-{name}"
    )
    for width, height in ((360, 640), (1280, 800))
    for scripts, name in ((True, "with-scripts"), (False, "without-scripts"))
]


@pytest.fixture
def module(curriculum: Curriculum) -> Module:
    """The module that the walk goes through."""
    return curriculum.modules_by_id["doxxing"]


@pytest.fixture
def given_answers(module: Module) -> dict[str, tuple[str, str]]:
    """An answer to every item, of every kind in turn, and a note on every third."""
    return {
        item.id: (CHOICES[place % len(CHOICES)], f"{NOTE}, {place}" if place % 3 == 0 else "")
        for place, item in enumerate(module.checklist)
    }


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_newcomer_finds_everything_again(
    kit_url: str,
    visitor_of: MakeVisitor,
    module: Module,
    given_answers: dict[str, tuple[str, str]],
    size: tuple[int, int],
    scripts: bool,
) -> None:
    ana = visitor_of(kit_url, *size, scripts=scripts)

    _reads_every_lesson(ana, module)
    _answers_everything(ana, module, given_answers)
    _finds_her_progress(ana, module)
    ana.keeps()
    ana.signs_out()
    _finds_nothing(ana, module)
    ana.signs_in()
    _finds_her_progress(ana, module)
    _finds_her_answers(ana, module, given_answers)

    first_passphrase = ana.passphrase
    ana.signs_out()
    ana.pseudonym = "Otra golondrina"
    ana.recovers()
    _finds_her_answers(ana, module, given_answers)
    ana.signs_out()
    assert ana.passphrase != first_passphrase
    ana.signs_in()
    _finds_her_answers(ana, module, given_answers)
    ana.signs_out()
    ana.passphrase = first_passphrase
    ana.pseudonym = PSEUDONYM
    ana.signs_in()
    expect(ana.page.locator(".error-summary")).to_be_visible()


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(scripts, marks=pytest.mark.xdist_group(f"walk-{360 if scripts else 1280}"))
        for scripts in (True, False)
    ],
)
def test_the_language_can_be_switched_anywhere_and_nothing_is_lost(
    kit_url: str,
    visitor_of: MakeVisitor,
    module: Module,
    given_answers: dict[str, tuple[str, str]],
    scripts: bool,
) -> None:
    ana = visitor_of(kit_url, scripts=scripts)
    ana.opens(f"modules/{module.id}/lessons/{module.lessons[0].slug}/")
    ana.page.locator("form.next button").click()
    _answers_everything(ana, module, given_answers)
    ana.keeps()

    for address in _pages_of_the_walk(module):
        ana.opens(address)
        ana.page.locator(".tools a[hreflang=en]").click()
        assert ana.path == f"/en/{address}", "the switch led elsewhere"
        assert ana.page.locator("html").get_attribute("lang") == "en"
        if address.endswith("checklist/"):
            assert _shown(ana, module) == given_answers
        ana.page.locator(".tools a[hreflang=es]").click()
        assert ana.path == f"/es/{address}"


def test_save_and_switch_saves_what_was_typed_and_switches(
    kit_url: str, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url, scripts=False)
    first = module.checklist[0].id
    ana.opens(f"modules/{module.id}/checklist/")
    ana.answers(first, "not-sure", NOTE)
    ana.page.locator("button[name=switch][value=en]").click()

    assert ana.path == f"/en/modules/{module.id}/checklist/"
    assert ana.answer_of(first) == ("not-sure", NOTE)


def _reads_every_lesson(ana: Visitor, module: Module) -> None:
    ana.page.goto(ana.url)
    ana.follows("Leer en español")
    assert ana.path == "/es/"
    ana.follows("Aprender")
    ana.follows(module.title.in_language("es"))
    ana.follows(module.lessons[0].title.in_language("es"))
    for lesson in module.lessons:
        expect(ana.page.locator("h1")).to_have_text(lesson.title.in_language("es"))
        ana.page.locator("form.next button").click()
    assert ana.path == f"/es/modules/{module.id}/"
    expect(ana.page.locator("#parts ~ ol li:has-text('✓')")).to_have_count(len(module.lessons))


def _answers_everything(ana: Visitor, module: Module, given: dict[str, tuple[str, str]]) -> None:
    ana.opens(f"modules/{module.id}/")
    ana.follows("Lista de verificación")
    for item_id, (choice, note) in given.items():
        ana.answers(item_id, note=note)
        ana.answers(item_id, choice)
    ana.saves()
    expect(ana.page.locator("#progress-text")).to_have_text(_all_of(len(given)))


def _finds_her_progress(ana: Visitor, module: Module) -> None:
    ana.opens("progress/")
    its_link = ana.page.locator(f"h3 a[href$='/modules/{module.id}/']")
    meters = ana.page.locator("main .rows > li", has=its_link).locator("label.meter")
    expect(meters).to_have_count(4)
    for place, total in enumerate((len(module.lessons), len(module.checklist))):
        expect(meters.nth(place)).to_have_text(_all_of(total))


def _finds_her_answers(ana: Visitor, module: Module, given: dict[str, tuple[str, str]]) -> None:
    ana.opens(f"modules/{module.id}/checklist/")
    assert _shown(ana, module) == given


def _finds_nothing(ana: Visitor, module: Module) -> None:
    ana.opens(f"modules/{module.id}/checklist/")
    assert set(_shown(ana, module).values()) == {("", "")}


def _all_of(number: int) -> re.Pattern[str]:
    """How the pages say that so many of as many are done."""
    return re.compile(rf"\b{number}\sde\s{number}\b")


def _shown(ana: Visitor, module: Module) -> dict[str, tuple[str, str]]:
    return {item.id: ana.answer_of(item.id) for item in module.checklist}


def _pages_of_the_walk(module: Module) -> Iterator[str]:
    yield from ("", "modules/", f"modules/{module.id}/")
    yield from (f"modules/{module.id}/lessons/{lesson.slug}/" for lesson in module.lessons)
    yield from (
        f"modules/{module.id}/checklist/",
        "progress/",
        "about/",
        "account/",
        "account/passphrase/",
        "help/",
    )
