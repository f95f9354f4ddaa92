"""What comes back, in a browser: a set of refreshers with every kind of question, drills, and what is due."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from playwright.sync_api import expect

from app.curriculum.model import Module
from app.learning.quiz import Attempt
from app.learning.refreshers import Refreshers, note
from app.records.notebook import Ref
from app.web.kept import REFRESHERS
from app.web.kit import EXTENSION
from tests.browser.practice import answering, notebook_of, one_of_each_kind
from tests.browser.sight import Sight
from tests.browser.visitors import Visitor

REFRESH, DRILL = "refresh/", "drills/dl-call-rule/"


def has_missed(app: Flask, visitor: Visitor, module: Module, *, begun: bool) -> None:
    """Give the visitor questions that are due, one of each kind; and a set that asks them, if it is begun."""
    today = app.extensions[EXTENSION].today()
    names = [question.id for question in one_of_each_kind(module)]
    state = Refreshers()
    for name in names:
        state = note(state, name, right=False, unsure=False, today=today - timedelta(days=3))
    attempt = Attempt("seed", tuple(names)) if begun else None
    notebook_of(app, visitor).save({Ref(REFRESHERS): Refreshers(state.cards, attempt)})


def decides(visitor: Visitor, did: str, until: str = "") -> None:
    """Press a button of a drill's page."""
    visitor.opens(DRILL)
    if until:
        visitor.page.fill("#until", until)
    visitor.page.locator(f"main button[value='{did}']").click()


def coming_back(app: Flask, module: Module, who: str) -> list[Sight]:
    """Everything that somebody sees to whom something comes back, in the order in which it comes."""

    def missed(visitor: Visitor, *, begun: bool, then: str) -> None:
        has_missed(app, visitor, module, begun=begun)
        visitor.opens(then)

    def added(visitor: Visitor) -> None:
        decides(visitor, "add")
        visitor.page.locator(".flash.status").wait_for()
        visitor.opens(DRILL)

    def refused(visitor: Visitor) -> None:
        decides(visitor, "not-now", "2001-01-01")
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def put_away(visitor: Visitor) -> None:
        decides(visitor, "not-for-me")
        visitor.page.locator(".flash.status").wait_for()

    sights = [
        Sight("a refresher, nothing yet", who, _at(REFRESH)),
        Sight("a refresher that is due", who, lambda visitor: missed(visitor, begun=False, then=REFRESH)),
        Sight("a drill of one's own", who, added),
        Sight("a drill, with errors", who, refused),
        Sight("drills", who, _at("drills/")),
        Sight("what is due", who, _at("due/")),
        Sight("the home page when something is due", who, _at("")),
        Sight("a refresher, begun", who, lambda visitor: missed(visitor, begun=True, then=f"{REFRESH}1/")),
    ]
    for place, question in enumerate(one_of_each_kind(module), 1):
        sights += answering(
            f"{REFRESH}{place}/", question, who, "a refresher's question", rightly=bool(place % 2)
        )
        sights += [Sight("a refresher, in the middle", who, _at(REFRESH))] if place == 1 else []
    return [
        *sights,
        Sight("a refresher, ended", who, _at(REFRESH)),
        Sight("a drill put away", who, put_away),
        Sight("what is due later", who, _at("due/")),
    ]


def _at(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.opens(address)
