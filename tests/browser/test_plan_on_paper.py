"""Three people by hand: what they tell and answer through the pages, their plans, and each one's sheet of paper."""

import re
from dataclasses import dataclass

import pytest

from app.curriculum.model import Curriculum
from tests.browser.auditing import begins, tells
from tests.browser.conftest import MakeVisitor
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("plan")]

PAGE = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True)
class Person:
    """Somebody who uses the kit: what they tell, in which language, with a script or without."""

    language: str
    told: dict[str, list[str]]
    scripts: bool = True


PEOPLE = {
    "a local crime reporter who was threatened last month": Person(
        "es",
        {"role": ["reporter"], "subjects": ["crime"], "profile": ["signature"], "threats": ["threatened-lately"],
         "trust": ["collusion"]},
    ),
    "a municipal treasurer with children": Person(
        "en",
        {"role": ["treasurer"], "subjects": ["money"], "profile": ["by-law"], "home": ["children"]},
        scripts=False,
    ),
    "a freelancer who has never thought about it": Person("es", {"role": ["freelancer"], "threats": ["nothing-yet"]}),
}  # fmt: skip


def plan_of(person: Person, visitor: Visitor) -> list[str]:
    """Tell, answer a first sitting with "no", and read the plan: what it says to do this week."""
    visitor.opens("situation/")
    for question, options in person.told.items():
        for option in options:
            visitor.page.locator(f"[name='about-{question}'][value='{option}']").check()
    visitor.page.locator("main form button").first.click()
    visitor.page.wait_for_url("**/weights/")
    begins(visitor)
    while visitor.page.locator("fieldset.item").count():
        for card in visitor.page.locator("fieldset.item").all():
            card.locator("input[value=no]").press("Space")
        visitor.page.locator("button[name=on]").click()
        visitor.page.wait_for_load_state("load")
    visitor.page.locator("main a.button.primary").click()
    return visitor.page.locator("ol.week > li > h2").all_inner_texts()


def test_three_people_get_three_plans_each_on_one_sheet(kit_url: str, visitor_of: MakeVisitor) -> None:
    firsts: dict[str, list[str]] = {}
    sheets: dict[tuple[str, str], int] = {}
    for name, person in PEOPLE.items():
        visitor = visitor_of(kit_url, language=person.language, scripts=person.scripts)
        firsts[name] = plan_of(person, visitor)
        for paper in ("A4", "Letter"):
            sheets[name, paper] = len(PAGE.findall(visitor.page.pdf(format=paper)))

    assert {len(steps) for steps in firsts.values()} <= {1, 2, 3}
    assert len({tuple(steps) for steps in firsts.values()}) == len(PEOPLE)
    assert {key: count for key, count in sheets.items() if count != 1} == {}


def test_paper_has_this_week_with_its_steps_and_the_month_and_nothing_to_press(
    kit_url: str, visitor_of: MakeVisitor, curriculum: Curriculum
) -> None:
    visitor = visitor_of(kit_url, 1280, 800, language="en", scripts=False)
    shown = plan_of(PEOPLE["a municipal treasurer with children"], visitor)
    visitor.page.emulate_media(media="print")
    said = visitor.page.locator("main").inner_text()

    assert all(step in said for step in shown)
    how = {item.text.root["en"]: item.how for item in curriculum.items}
    for step in shown:
        assert all(each.root["en"] in said for each in how[step])
    assert not visitor.page.locator("main :is(button, input, aside):visible").count()


def test_danger_leads_to_the_first_steps_and_back_to_a_plan_that_says_so(
    kit_url: str, visitor_of: MakeVisitor
) -> None:
    visitor = visitor_of(kit_url, scripts=False)
    tells(visitor, threats="happening-now")
    assert visitor.path == "/es/help/"

    visitor.opens("plan/")
    assert visitor.page.locator("main a.now").first.get_attribute("href") == "/es/help/"
