"""A quiz and a scenario in a browser: every kind of question before and after its answer, every kind of moment."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect

from app.curriculum.model import Module, Quality, Question, QuestionKind
from app.learning.quiz import CHOICE_KINDS, Attempt, QuizRecord, Response, solution
from app.records.notebook import Notebook, Ref
from app.records.sessions import resume_session
from app.web.kept import QUIZ
from app.web.kit import EXTENSION
from tests.browser.sight import Sight
from tests.browser.visitors import Visitor
from tests.web.practice import bank_of, case_of, wrong


def one_of_each_kind(module: Module) -> list[Question]:
    """Six questions, one of each kind."""
    return [
        next(question for question in bank_of(module).questions if question.kind is kind)
        for kind in QuestionKind
    ]


def notebook_of(app: Flask, visitor: Visitor) -> Notebook:
    """The notebook that a visitor's session opens, to change it behind the pages."""
    kit = app.extensions[EXTENSION]
    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.page.context.cookies()}
    with kit.database.reading() as session:
        opened = resume_session(
            session, bytes.fromhex(cookies["sid"]), kit.host_secret, kit.lifetimes, kit.now()
        )
    return Notebook(kit.database, opened.vault)


def is_asked(app: Flask, visitor: Visitor, module: Module) -> None:
    """Give the visitor an attempt that asks one question of each kind."""
    asked = tuple(question.id for question in one_of_each_kind(module))
    notebook_of(app, visitor).save({Ref(QUIZ, module.id): QuizRecord(Attempt("seed", asked))})


def fills_in(visitor: Visitor, question: Question, response: Response) -> None:
    """Choose a response on the page of a question that is open."""
    by_id = {option.id: option for option in question.options}
    for name, value in response.items():
        if question.kind in CHOICE_KINDS:
            visitor.page.locator(f"main input[value='{name}']").check()
        elif question.kind is QuestionKind.ORDERING:
            visitor.page.locator(f"#option-{name}").select_option(value)
        else:
            match = by_id[value].match
            assert match is not None
            visitor.page.locator(f"#option-{name}").select_option(label=match.in_language(visitor.language))


def answers_question(visitor: Visitor) -> None:
    """Send what was filled in."""
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.locator("#feedback").wait_for()


def takes_turn(visitor: Visitor, module: Module, quality: Quality) -> bool:
    """Take a turn of this quality, or the last one that is offered; whether there was one to take."""
    form = visitor.page.locator("main form:has(input[name=at])")
    if not form.count():
        return False
    name = form.locator("input[name=at]").input_value()
    node = next(node for node in case_of(module).nodes if node.id == name)
    choice = {choice.quality: choice.id for choice in node.choices}.get(quality, node.choices[-1].id)
    with visitor.page.expect_navigation():
        form.locator(f"button[value='{choice}']").click()
    return True


def practising(app: Flask, module: Module) -> list[Sight]:
    """Everything that somebody sees who answers a quiz and lives a scenario, in the order in which it comes."""
    return [*_quiz(app, module), *_scenario(module)]


def _quiz(app: Flask, module: Module) -> list[Sight]:
    quiz = f"modules/{module.id}/quiz/"

    def begun(visitor: Visitor) -> None:
        visitor.opens(quiz)
        visitor.page.locator("main form button[type=submit]").click()
        visitor.page.locator("main fieldset").wait_for()
        is_asked(app, visitor, module)
        visitor.opens(f"{quiz}1/")

    sights = [Sight("a quiz, begun", "guest", begun)]
    for place, question in enumerate(one_of_each_kind(module), 1):
        sights += answering(f"{quiz}{place}/", question, rightly=bool(place % 2))
        sights += [Sight("a quiz, in the middle", "guest", _at(quiz))] if place == 1 else []
    return [*sights, Sight("a quiz, ended", "guest", _at(quiz))]


def _at(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.opens(address)


def answering(
    address: str, question: Question, who: str = "guest", named: str = "a question", *, rightly: bool
) -> list[Sight]:
    """A question before it is answered, with errors, and after an answer."""
    response = solution(question) if rightly else wrong(question)

    def refused(visitor: Visitor) -> None:
        visitor.opens(address)
        visitor.page.locator("main form button[type=submit]").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def answered(visitor: Visitor) -> None:
        visitor.opens(address)
        fills_in(visitor, question, response)
        answers_question(visitor)

    name = f"{named}, {question.kind.value}"
    return [
        Sight(name, who, _at(address)),
        Sight(f"{name}, with errors", who, refused),
        Sight(f"{name}, answered", who, answered),
    ]


def _scenario(module: Module) -> list[Sight]:
    scenario = f"modules/{module.id}/scenario/"

    def middle(visitor: Visitor) -> None:
        visitor.opens(scenario)
        takes_turn(visitor, module, Quality.WORST)

    def ended(visitor: Visitor) -> None:
        visitor.opens(scenario)
        while takes_turn(visitor, module, Quality.WORST):
            pass
        visitor.page.locator("ol.path").wait_for()

    return [
        Sight("a scenario, at its start", "guest", _at(scenario)),
        Sight("a scenario, in the middle", "guest", middle),
        Sight("a scenario, ended", "guest", ended),
    ]
