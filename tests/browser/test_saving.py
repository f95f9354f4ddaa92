"""Saving as you go: what is answered is kept, whatever happens to the server, the session or another window."""

import re
from urllib.parse import parse_qs

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Request, expect

from app.curriculum.model import Curriculum, Module
from tests.browser.conftest import MakeVisitor
from tests.browser.running import Machine, served
from tests.browser.visitors import Visitor
from tests.conftest import Clock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("saving")]

NOTE = "hablar con la escuela sobre las fotos"
CHECKLIST = "modules/doxxing/checklist/"


@pytest.fixture
def module(curriculum: Curriculum) -> Module:
    return curriculum.modules_by_id["doxxing"]


def test_a_choice_is_saved_at_once_and_said(kit_url: str, visitor_of: MakeVisitor, module: Module) -> None:
    ana = visitor_of(kit_url)
    ana.opens(CHECKLIST)
    assert ana.page.locator(".save-bar [role=status]").inner_text() == ""

    ana.answers(module.checklist[0].id, "yes")
    ana.saves()
    expect(ana.page.locator("#progress-text")).to_have_text(
        re.compile(rf"\b1\sde\s{len(module.checklist)}\b")
    )
    assert ana.page.locator("#progress-meter").get_attribute("value") == "1"
    ana.page.reload()
    assert ana.answer_of(module.checklist[0].id) == ("yes", "")


def test_what_was_not_changed_is_not_sent_again_and_what_could_not_be_sent_is(
    own_machine: Machine, visitor_of: MakeVisitor, module: Module
) -> None:
    first, second, third = (item.id for item in module.checklist[:3])
    own_machine.start()
    ana = visitor_of(own_machine.url)
    ana.opens(CHECKLIST)
    sent: list[set[str]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            names = parse_qs(request.post_data or "", keep_blank_values=True)
            sent.append({name.rpartition("-")[0] for name in names if name.endswith("-shown")})

    ana.page.on("request", note)
    ana.answers(first, "yes")
    ana.saves()
    ana.answers(second, "no")
    ana.saves()
    own_machine.kill()
    ana.answers(third, "yes")
    unsaved = ana.page.locator("form[data-autosave]").get_attribute("data-unsaved")
    expect(ana.page.locator(".save-bar [role=status]")).to_have_text(unsaved or "")
    own_machine.start()
    ana.answers(first, "not-sure")
    ana.saves()

    assert sent == [{item.id for item in module.checklist}, {second}, {third}, {first, third}]
    expect(ana.page.locator("#progress-text")).to_have_text(
        re.compile(rf"\b3\sde\s{len(module.checklist)}\b")
    )
    ana.page.reload()
    assert [ana.answer_of(name) for name in (first, second, third)] == [
        ("not-sure", ""),
        ("no", ""),
        ("yes", ""),
    ]


def test_a_note_is_saved_while_it_is_written(kit_url: str, visitor_of: MakeVisitor, module: Module) -> None:
    ana = visitor_of(kit_url)
    ana.opens(CHECKLIST)
    ana.answers(module.checklist[0].id, note=NOTE)
    expect(ana.page.locator(".save-bar [role=status]")).to_have_text(re.compile("^Guardado"))

    ana.page.reload()
    assert ana.answer_of(module.checklist[0].id) == ("", NOTE)


def test_answers_survive_a_server_that_is_killed(
    own_machine: Machine, visitor_of: MakeVisitor, module: Module
) -> None:
    first, second, third = (item.id for item in module.checklist[:3])
    own_machine.start()
    ana = visitor_of(own_machine.url)
    ana.opens(CHECKLIST)
    ana.answers(first, "yes")
    ana.saves()

    own_machine.kill()
    ana.answers(second, note=NOTE)
    ana.answers(second, "no")
    unsaved = ana.page.locator("form[data-autosave]").get_attribute("data-unsaved")
    expect(ana.page.locator(".save-bar [role=status]")).to_have_text(str(unsaved))
    assert ana.answer_of(second) == ("no", NOTE), "what was typed must stay where it was typed"

    own_machine.start()
    ana.answers(third, "not-sure")
    ana.saves()
    ana.page.reload()
    assert [ana.answer_of(item) for item in (first, second, third)] == [
        ("yes", ""),
        ("no", NOTE),
        ("not-sure", ""),
    ]


def test_what_could_not_be_sent_is_tried_again_by_itself(
    own_machine: Machine, visitor_of: MakeVisitor, module: Module
) -> None:
    own_machine.start()
    ana = visitor_of(own_machine.url)
    ana.page.clock.install()
    ana.opens(CHECKLIST)
    own_machine.kill()
    ana.answers(module.checklist[0].id, "no")
    unsaved = ana.page.locator("form[data-autosave]").get_attribute("data-unsaved")
    expect(ana.page.locator(".save-bar [role=status]")).to_have_text(str(unsaved))

    own_machine.start()
    ana.page.clock.fast_forward(11_000)
    expect(ana.page.locator(".save-bar [role=status]")).to_have_text(re.compile("^Guardado"))
    ana.page.reload()
    assert ana.answer_of(module.checklist[0].id) == ("no", "")


def test_where_the_token_no_longer_fits_the_page_says_so_and_nothing_is_lost(
    kit_url: str, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url)
    ana.opens(CHECKLIST)
    ana.page.context.clear_cookies(name="fid")
    ana.answers(module.checklist[0].id, note=NOTE)
    ana.page.locator("textarea").first.blur()

    expect(ana.page.locator("h1")).to_have_text(re.compile("guard", re.IGNORECASE))
    assert NOTE in ana.page.locator("main textarea[readonly]").input_value()
    ana.page.locator("main form button").last.click()
    ana.opens(CHECKLIST)
    assert ana.answer_of(module.checklist[0].id) == ("", NOTE)


def test_where_the_session_ended_the_page_says_so_and_it_is_saved_after_signing_in(
    kit_url: str, visitor_of: MakeVisitor, module: Module, clock: Clock
) -> None:
    ana = visitor_of(kit_url)
    ana.keeps()
    ana.opens(CHECKLIST)
    clock.turn(minutes=61)
    ana.answers(module.checklist[0].id, note=NOTE)
    ana.page.locator("textarea").first.blur()

    expect(ana.page.locator("main textarea[readonly]")).to_have_value(NOTE)
    ana.page.locator("main form[action$='resume/'] button").click()
    ana.page.fill("#pseudonym", "Golondrina")
    ana.page.fill("#passphrase", ana.passphrase)
    ana.page.locator("main form button[type=submit]").click()
    ana.page.locator("main form button").last.click()
    ana.opens(CHECKLIST)
    assert ana.answer_of(module.checklist[0].id) == ("", NOTE)


def test_a_note_that_is_too_long_stays_on_the_page_with_the_reason(
    kit_url: str, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url)
    ana.opens(CHECKLIST)
    long = "ñ" * 2001
    ana.answers(module.checklist[0].id, note=long)
    ana.page.locator("textarea").first.blur()

    summary = ana.page.locator(".error-summary a")
    expect(summary).to_have_count(1)
    assert ".:" not in summary.inner_text()
    assert ana.answer_of(module.checklist[0].id) == ("", long)


def test_two_windows_do_not_overwrite_each_other(
    kit_url: str, visitor_of: MakeVisitor, module: Module
) -> None:
    first, second, third = (item.id for item in module.checklist[:3])
    ana = visitor_of(kit_url)
    ana.opens(CHECKLIST)
    ana.answers(third, "yes")
    ana.saves()
    other = _another_window(ana)

    ana.answers(first, "no")
    ana.saves()
    other.answers(second, note=NOTE)
    other.answers(second, "yes")
    other.saves()
    ana.answers(third, "not-for-me")
    ana.saves()

    for window in (ana, other):
        window.page.reload()
        assert [window.answer_of(item) for item in (first, second, third)] == [
            ("no", ""),
            ("yes", NOTE),
            ("not-for-me", ""),
        ]


def test_what_is_typed_is_saved_when_the_page_is_left_behind(
    kit_url: str, visitor_of: MakeVisitor, module: Module
) -> None:
    ana = visitor_of(kit_url)
    ana.opens(CHECKLIST)
    ana.answers(module.checklist[1].id, "yes")
    ana.saves()
    ana.answers(module.checklist[0].id, note=NOTE)
    ana.opens("modules/")
    ana.opens(CHECKLIST)
    # It was sent while the page was going: the browser doesn't say when such a request has arrived.
    for _ in range(20):
        if ana.answer_of(module.checklist[0].id) == ("", NOTE):
            return
        ana.page.reload()
    raise AssertionError("what was typed just before is lost")


def _another_window(visitor: Visitor) -> Visitor:
    context: BrowserContext = visitor.page.context
    other = Visitor(context.new_page(), visitor.url, visitor.language)
    other.opens(CHECKLIST)
    return other


def test_a_form_that_is_too_large_is_answered_in_the_readers_language(
    own_app: Flask, visitor_of: MakeVisitor, module: Module
) -> None:
    with served(own_app) as url:
        ana = visitor_of(url, scripts=False)
        ana.opens(CHECKLIST)
        ana.answers(module.checklist[0].id, note="a" * 300_000)
        ana.page.locator(".save-bar button").first.click()
        expect(ana.page.locator("html")).to_have_attribute("lang", "es")
        expect(ana.page.locator("h1")).to_be_visible()
