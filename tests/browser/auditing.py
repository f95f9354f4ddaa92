"""A situation, a self-audit, exposure and a plan in a browser: every state that these pages have."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import expect

from app.curriculum.model import Curriculum
from app.learning.answers import NOTE_LENGTH, Answer, Choice
from app.learning.audit import Review, Sitting
from app.learning.history import History, Measured, Snapshot
from app.learning.plan import PutOff
from app.learning.situation import Situation
from app.records.notebook import Ref
from app.web.kept import ANSWER, HISTORY, PUT_OFF, REVIEW, SITTING, SITUATION
from app.web.kit import kit_of
from tests.browser.practice import notebook_of
from tests.browser.sight import Sight
from tests.browser.visitors import Visitor

#: Somebody who was threatened lately, and has children: enough that much of the plan is critical.
TOLD = {"role": ["reporter"], "subjects": ["crime"], "home": ["children"], "threats": ["threatened-lately"]}
#: Answers in turn, so that there is something of each.
IN_TURN = (Choice.NO, Choice.YES, Choice.UNSURE, Choice.NO, Choice.NOT_MINE, Choice.NO)


def has_answered(app: Flask, visitor: Visitor, day: date, choices: tuple[Choice, ...] = IN_TURN) -> None:
    """Put an answer to every statement into somebody's notebook, and what they told of their situation."""
    items = kit_of(app).curriculum.items
    given = {
        Ref(ANSWER, item.id): Answer(choices[place % len(choices)], "", day)
        for place, item in enumerate(items)
    }
    notebook_of(app, visitor).save(
        {
            **given,
            Ref(SITUATION): Situation(TOLD, told_on=day),
            Ref(SITTING): Sitting(),
            Ref(PUT_OFF): PutOff(),
        }
    )


def looked_before(app: Flask, visitor: Visitor, day: date) -> None:
    """Put a finished look of an earlier day into somebody's notebook: more was missing then."""
    threats = kit_of(app).curriculum.threats
    then = {threat.id: Measured(40 - place, 3, 60, 2) for place, threat in enumerate(threats)}
    notebook_of(app, visitor).save(
        {Ref(HISTORY): History([Snapshot(day, then)]), Ref(REVIEW): Review(30, day, None)}
    )


def tells(visitor: Visitor, **chosen: str) -> None:
    """Tell of one's situation, and arrive where that leads."""
    visitor.opens("situation/")
    for question, option in chosen.items():
        visitor.page.locator(f"[name='about-{question}'][value='{option}']").check()
    visitor.page.locator("main form button").first.click()
    visitor.page.wait_for_url(lambda url: not url.endswith("/situation/"))


def begins(visitor: Visitor) -> None:
    """Begin ten minutes."""
    visitor.opens("audit/")
    visitor.page.locator("main button[value=begin]").click()
    visitor.page.locator("fieldset.item").first.wait_for()


def auditing(app: Flask, curriculum: Curriculum) -> list[Sight]:
    """Everything that somebody sees who goes through the whole of it, in the order in which it comes."""
    return [*_telling(), *_sitting(), *_planning(app, curriculum)]


def _at(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.opens(address)


def _telling() -> list[Sight]:
    def in_danger(visitor: Visitor) -> None:
        tells(visitor, threats="happening-now")
        expect(visitor.page.locator(".flash.status")).to_be_visible()

    def weighed(visitor: Visitor) -> None:
        visitor.opens("situation/")
        visitor.page.locator("[value='happening-now']").uncheck()
        visitor.page.locator("main form button").first.click()
        tells(visitor, threats="threatened-lately", role="reporter", home="children")
        expect(visitor.page.locator(".flash.status")).to_be_visible()

    return [
        Sight("a situation that is happening now", "guest", in_danger),
        Sight("a plan while it is happening", "guest", _at("plan/")),
        Sight("what weighs most", "guest", weighed),
        Sight("a situation, told", "guest", _at("situation/")),
    ]


def _sitting() -> list[Sight]:
    def too_long(visitor: Visitor) -> None:
        visitor.opens("audit/1/")
        card = visitor.page.locator("fieldset.item").first
        card.locator("details:has(textarea) > summary").click()
        card.locator("textarea").fill("a" * (NOTE_LENGTH + 1))
        visitor.page.locator(".save-bar button").first.click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    return [
        Sight("a sitting, begun", "guest", begins),
        Sight("a sitting, with errors", "guest", too_long),
        Sight("an audit in the middle of a sitting", "guest", _at("audit/")),
        Sight("ten minutes that are over", "guest", _at("audit/5/")),
    ]


def _planning(app: Flask, curriculum: Curriculum) -> list[Sight]:
    return [*_first_plan(app), *_looking_again(app), *_nothing_to_do(app, curriculum)]


def _long_ago(app: Flask) -> date:
    return kit_of(app).today() - timedelta(days=200)


def _first_plan(app: Flask) -> list[Sight]:
    def answered(visitor: Visitor) -> None:
        has_answered(app, visitor, kit_of(app).today())
        visitor.opens("plan/")

    def done(visitor: Visitor) -> None:
        visitor.opens("plan/")
        visitor.page.locator("button[value=done]").first.click()
        expect(visitor.page.locator("form.flash")).to_be_visible()

    def past(visitor: Visitor) -> None:
        visitor.opens("plan/")
        step = visitor.page.locator("ol.week > li").first
        step.locator("details:has([type=date]) > summary").click()
        step.locator("[type=date]").fill(_long_ago(app).isoformat())
        step.locator("button[value=day]").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    return [
        Sight("a plan", "guest", answered),
        Sight("exposure, answered", "guest", _at("exposure/")),
        Sight("exposure to one threat", "guest", _at("exposure/doxxing/")),
        Sight("an audit, answered", "guest", _at("audit/")),
        Sight("a plan, with something done", "guest", done),
        Sight("a plan, with errors", "guest", past),
    ]


def _looking_again(app: Flask) -> list[Sight]:
    def compared(visitor: Visitor) -> None:
        looked_before(app, visitor, _long_ago(app))
        visitor.opens("exposure/")

    def due(visitor: Visitor) -> None:
        has_answered(app, visitor, _long_ago(app))
        begins(visitor)

    def refused(visitor: Visitor) -> None:
        visitor.opens("audit/next/")
        visitor.page.fill("#day", (kit_of(app).today() + timedelta(days=3)).isoformat())
        visitor.page.locator("main form").nth(1).locator("button").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def happened(visitor: Visitor) -> None:
        visitor.opens("audit/next/")
        visitor.page.locator("[value=doxxing]").check()
        visitor.page.locator("main form").nth(1).locator("button").click()
        expect(visitor.page.locator(".flash.status")).to_be_visible()

    return [
        Sight("exposure, before and now", "guest", compared),
        Sight("a plan, with before", "guest", _at("plan/")),
        Sight("a look that is due", "guest", due),
        Sight("home when a look is due", "guest", _at("")),
        Sight("an incident, with errors", "guest", refused),
        Sight("an incident, noted", "guest", happened),
    ]


def _nothing_to_do(app: Flask, curriculum: Curriculum) -> list[Sight]:
    def in_place(visitor: Visitor) -> None:
        has_answered(app, visitor, kit_of(app).today(), (Choice.YES,))
        visitor.opens("plan/")

    def waiting(visitor: Visitor) -> None:
        today, some = kit_of(app).today(), curriculum.items[:3]
        in_place(visitor)
        notebook_of(app, visitor).save(
            {
                **{Ref(ANSWER, item.id): Answer(Choice.NO, "", today) for item in some},
                Ref(PUT_OFF): PutOff({item.id: today + timedelta(days=7) for item in some}),
            }
        )
        visitor.opens("plan/")

    return [
        Sight("a plan with nothing missing", "guest", in_place),
        Sight("a plan that is put off", "guest", waiting),
    ]
