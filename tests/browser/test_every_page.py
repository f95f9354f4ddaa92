"""Every page, in both languages, as everybody sees it: accessible, narrow enough, light, alone with its server."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.curriculum.model import Curriculum
from config import CHECKOUT
from tests.browser.conftest import OTHER_HOST
from tests.browser.pages import Sight, sights
from tests.browser.survey import Seen, Wire, measured, write_down
from tests.browser.visitors import Visitor, become

pytestmark = pytest.mark.browser

NEXT_PAGE, PAGE_WITH_FORM = 25_000, 60_000
#: The colours are the same in every language: they are looked at in the one with the longer words.
IN_COLOUR = "es"
LANGUAGES = [
    pytest.param(language, marks=pytest.mark.xdist_group(f"pages-{language}")) for language in ("en", "es")
]


@pytest.fixture(scope="module", params=LANGUAGES)
def survey(
    request: pytest.FixtureRequest,
    chromium: Browser,
    shared_kit: str,
    shared_app: Flask,
    curriculum: Curriculum,
) -> list[Seen]:
    """Everything there is to see in one language, looked at once."""
    language: str = request.param
    found: list[Seen] = []
    for who, crowd in _by_visitor(sights(shared_app, curriculum, language)):
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale=language)
        context.set_default_timeout(10_000)
        url = shared_kit.replace("127.0.0.1", OTHER_HOST) if who == "overheard" else shared_kit
        visitor = Visitor(context.new_page(), url, language)
        become(visitor, who, curriculum, f"Golondrina {language}")
        wire = Wire(visitor.page, url)
        visitor.opens("about/")
        for sight in crowd:
            visitor.page.set_viewport_size({"width": 1280, "height": 800})
            context.clear_cookies(name="left")
            wire.forget()
            sight.go(visitor)
            visitor.page.wait_for_load_state("load")
            whole, name = not sight.like_others, f"{sight.name} ({who})"
            found.append(measured(visitor.page, name, wire, whole=whole, in_colour=language == IN_COLOUR))
        context.close()
    write_down(found, CHECKOUT / "build" / "pages" / f"{language}.json")
    return found


def _by_visitor(everything: list[Sight]) -> Iterator[tuple[str, list[Sight]]]:
    for who in dict.fromkeys(sight.who for sight in everything):
        yield who, [sight for sight in everything if sight.who == who]


def _all(findings: dict[str, list[str]]) -> str:
    return "\n".join(f"{page}\n    " + "\n    ".join(what) for page, what in findings.items() if what)


def test_axe_finds_nothing_on_any_page(survey: list[Seen]) -> None:
    assert not _all({seen.name: seen.axe for seen in survey})


def test_no_page_scrolls_sideways_at_any_width_or_at_400_percent(survey: list[Seen]) -> None:
    assert not _all({seen.name: seen.sideways for seen in survey})


def test_what_is_pressed_is_44_pixels_high(survey: list[Seen]) -> None:
    assert not _all({seen.name: seen.small_targets for seen in survey})


def test_the_browser_complains_about_nothing(survey: list[Seen]) -> None:
    assert not _all({seen.name: seen.complaints for seen in survey})


def test_no_page_asks_another_host_for_anything(survey: list[Seen]) -> None:
    assert not _all({seen.name: seen.other_hosts for seen in survey})


def test_a_further_page_stays_within_its_weight(survey: list[Seen]) -> None:
    too_heavy = {
        seen.name: seen.bytes_over_the_wire
        for seen in survey
        if seen.bytes_over_the_wire > (PAGE_WITH_FORM if seen.has_form else NEXT_PAGE)
    }
    assert not too_heavy


def test_every_page_says_in_which_language_it_is(survey: list[Seen], request: pytest.FixtureRequest) -> None:
    language = request.node.callspec.params["survey"]
    assert {seen.name: seen.language for seen in survey if seen.language != language} in (
        {},
        _front_door(survey),
    )


def _front_door(survey: list[Seen]) -> dict[str, str]:
    """The front door has no language in its address: it is in the one that the browser asks for."""
    return {seen.name: seen.language for seen in survey if seen.name == "/ (nobody)"}
