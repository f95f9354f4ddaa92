"""A quiz and a scenario on a small phone: with scripts and without, and with nothing but the keyboard."""

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from app.curriculum.model import Curriculum, Module, Quality, Question, QuestionKind
from app.learning.quiz import CHOICE_KINDS, solution
from tests.browser.conftest import MakeVisitor
from tests.browser.practice import answers_question, fills_in, is_asked, one_of_each_kind, takes_turn
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("practice")]

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
RIGHT = {"es": "Así es.", "en": "Right."}


@pytest.fixture
def module(curriculum: Curriculum) -> Module:
    return curriculum.modules_by_id["doxxing"]


def begins(ana: Visitor, app: Flask, module: Module) -> None:
    ana.opens(f"modules/{module.id}/")
    ana.follows("Cuestionario" if ana.language == "es" else "Quiz")
    ana.page.locator("main form button[type=submit]").click()
    ana.page.locator("main fieldset").wait_for()
    is_asked(app, ana, module)
    ana.opens(f"modules/{module.id}/quiz/1/")


@SCRIPTS
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_whole_quiz_and_a_whole_scenario(
    language: str, scripts: bool, kit_url: str, own_app: Flask, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url, scripts=scripts, language=language)
    begins(ana, own_app, module)

    for place, question in enumerate(one_of_each_kind(module), 1):
        assert ana.path == f"/{language}/modules/{module.id}/quiz/{place}/"
        expect(ana.page.locator("h1")).to_have_text(question.prompt.in_language(language))
        ana.page.locator("main form button[type=submit]").click()
        expect(ana.page.locator(".error-summary")).to_be_visible()
        fills_in(ana, question, solution(question))
        answers_question(ana)
        expect(ana.page.locator("#result")).to_have_text(RIGHT[language])
        expect(ana.page.locator("#feedback li p:last-child")).to_have_count(len(question.options))
        if place == 3:
            ana.page.locator(f".tools a[hreflang={'en' if language == 'es' else 'es'}]").click()
            expect(ana.page.locator("#result")).to_have_text(RIGHT["en" if language == "es" else "es"])
            ana.page.locator(f".tools a[hreflang={language}]").click()
        ana.page.locator("main a.button.primary").click()
    expect(ana.page.locator("main .lede")).to_contain_text("6")

    ana.opens(f"modules/{module.id}/scenario/")
    assert takes_turn(ana, module, Quality.WORST)
    with ana.page.expect_navigation():
        ana.page.locator("button[name=back]").click()
    expect(ana.page.locator("button[name=back]")).to_have_count(0)
    turns = 0
    while takes_turn(ana, module, Quality.BEST):
        turns += 1
    assert turns >= 5, "a page that was still going away has no turns to take"
    expect(ana.page.locator("ol.path > li")).to_have_count(turns)
    ana.opens("progress/")
    expect(ana.page.locator("main label.meter progress[value='1'][max='1']")).to_have_count(2)


def goes_to(ana: Visitor, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(80):
        ana.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the keyboard doesn't lead there")


@SCRIPTS
def test_with_nothing_but_the_keyboard(
    scripts: bool, kit_url: str, own_app: Flask, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url, scripts=scripts)
    begins(ana, own_app, module)
    button = ana.page.locator("main form button[type=submit]")

    for question in one_of_each_kind(module):
        goes_to(ana, button)
        ana.page.keyboard.press("Enter")
        _goes_to_what_is_missing(ana, scripts=scripts)
        _fills_in_by_keyboard(ana, question)
        goes_to(ana, button)
        ana.page.keyboard.press("Enter")
        ana.page.locator("#feedback").wait_for()
        goes_to(ana, ana.page.locator("main a.button.primary"))
        with ana.page.expect_navigation():
            ana.page.keyboard.press("Enter")

    ana.opens(f"modules/{module.id}/scenario/")
    while ana.page.locator("button[name=choice]").count():
        goes_to(ana, ana.page.locator("button[name=choice]").first)
        with ana.page.expect_navigation():
            ana.page.keyboard.press("Enter")
    expect(ana.page.locator("ol.path")).to_be_visible()


def _goes_to_what_is_missing(ana: Visitor, *, scripts: bool) -> None:
    summary = ana.page.locator(".error-summary")
    expect(summary).to_be_visible()
    if scripts:
        expect(summary).to_be_focused()
    link = summary.locator("a").first
    goes_to(ana, link)
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(str(link.get_attribute("href")))).to_be_focused()


def _fills_in_by_keyboard(ana: Visitor, question: Question) -> None:
    if question.kind in CHOICE_KINDS:
        ana.page.keyboard.press("Space")
        return
    for place, select in enumerate(ana.page.locator("main select").all(), 1):
        if place > 1:
            ana.page.keyboard.press("Tab")
        expect(select).to_be_focused()
        for _ in range(place if question.kind is QuestionKind.ORDERING else 1):
            ana.page.keyboard.press("ArrowDown")


def test_after_an_answer_the_keyboard_stands_at_what_follows_from_it(
    kit_url: str, own_app: Flask, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url, scripts=False)
    begins(ana, own_app, module)
    question = one_of_each_kind(module)[0]
    fills_in(ana, question, solution(question))
    answers_question(ana)

    ana.page.keyboard.press("Tab")

    first = ana.page.locator("#feedback a").first
    assert first.evaluate("element => element === document.activeElement")
