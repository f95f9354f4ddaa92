"""What stands where: nothing covers what has the focus, the first steps need no scrolling, paper gets what it needs."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.curriculum.model import Curriculum
from tests.browser.conftest import MakeVisitor
from tests.browser.visitors import PSEUDONYM, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("layout")]

SIZES = [(320, 480), (360, 640), (768, 1024), (1280, 800)]
#: A window of 1280 by 1024 pixels at 400 %.
AT_400_PERCENT = (320, 256)
ENOUGH_TABS = 400

_FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const shown = at.type === 'radio' || at.type === 'checkbox' ? at.closest('label') : at;
  const box = shown.getBoundingClientRect();
  // A link that runs over several lines has a box for each.
  const points = Array.from(shown.getClientRects()).flatMap(line => {
    const x = Math.min(Math.max(line.left + line.width / 2, 1), innerWidth - 1);
    return [[x, line.top + 2], [x, line.top + line.height / 2], [x, line.bottom - 2]];
  });
  const covered = points.filter(([x, y]) => {
    const over = document.elementFromPoint(x, y);
    const behind = over && over.contains(shown) && over !== document.body && over !== document.documentElement;
    return !over || !(shown.contains(over) || behind);
  });
  const style = getComputedStyle(at), label = getComputedStyle(shown);
  return {
    what: at.outerHTML.slice(0, 90), covered: box.height <= innerHeight / 2 ? covered : [],
    ring: [style, label].some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
  };
}"""


def _tabbed(page: Page, key: str = "Tab") -> Iterator[dict[str, object]]:
    """What has the focus, one press after another, until the page has been gone through."""
    for _ in range(ENOUGH_TABS):
        page.keyboard.press(key)
        found = page.evaluate(_FOCUSED)
        if found is None:
            return
        yield found
    raise AssertionError("the keyboard never came to the page's end")


@pytest.mark.parametrize("size", [*SIZES, AT_400_PERCENT], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "address",
    [
        "modules/doxxing/checklist/",
        "modules/doxxing/lab/self-search/",
        "account/keep/",
        "help/threatening-call/",
    ],
)
def test_nothing_covers_what_has_the_focus(
    shared_kit: str, visitor_of: MakeVisitor, size: tuple[int, int], address: str
) -> None:
    ana = visitor_of(shared_kit, *size)
    ana.opens(address)
    forwards = list(_tabbed(ana.page))
    backwards = list(_tabbed(ana.page, "Shift+Tab"))

    assert len(forwards) > 5
    assert not [found for found in forwards + backwards if found["covered"]]
    assert not [found["what"] for found in forwards if not found["ring"]], "the focus can't be seen"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_first_three_steps_need_no_scrolling_on_a_phone(
    shared_kit: str, visitor_of: MakeVisitor, curriculum: Curriculum, language: str
) -> None:
    somebody = visitor_of(shared_kit, 360, 640, scripts=False, language=language)
    hidden = {}
    for situation in curriculum.situations:
        somebody.opens(f"help/{situation.id}/")
        third = somebody.page.locator(".help-steps > li").nth(2).bounding_box()
        tools = somebody.page.locator(".tools").bounding_box()
        assert third
        assert tools
        if third["y"] + third["height"] > tools["y"]:
            hidden[situation.id] = third["y"] + third["height"] - tools["y"]
    assert not hidden, "pixels that the third step reaches below what can be seen"


@pytest.mark.parametrize("size", [*SIZES, AT_400_PERCENT], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_way_out_and_the_first_steps_are_always_in_sight(
    shared_kit: str, visitor_of: MakeVisitor, size: tuple[int, int]
) -> None:
    ana = visitor_of(shared_kit, *size)
    for address in (
        "",
        "modules/doxxing/lessons/first-hours/",
        "modules/doxxing/checklist/",
        "help/device-taken/",
    ):
        ana.opens(address)
        for where in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
            ana.page.evaluate(f"scrollTo({{top: {where}, behavior: 'instant'}})")
            for name in ("a.leave", "nav.tools a.now"):
                assert _is_on_top(ana.page, name), f"{name} on {address} at {where}"


def _is_on_top(page: Page, selector: str) -> bool:
    return bool(
        page.evaluate(
            """(selector) => {
              const it = document.querySelector(selector), box = it.getBoundingClientRect();
              const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
              return box.top >= 0 && box.bottom <= innerHeight && it.contains(over);
            }""",
            selector,
        )
    )


def test_the_whole_checklist_can_be_done_by_keyboard(
    kit_url: str, visitor_of: MakeVisitor, curriculum: Curriculum
) -> None:
    ana = visitor_of(kit_url)
    module = curriculum.modules_by_id["doxxing"]
    ana.opens(f"modules/{module.id}/checklist/")
    keyboard = ana.page.keyboard
    for item in module.checklist:
        _tab_to(ana.page, f"{item.id}-choice")
        keyboard.press("Space")
        keyboard.press("ArrowDown")
        keyboard.press("ArrowDown")
        keyboard.press("Tab")
        keyboard.press("Enter")
        _tab_to(ana.page, f"{item.id}-note")
        keyboard.type(f"nota {item.id}")
    _tab_to_text(ana.page, re.compile("^Guardar$"))
    keyboard.press("Enter")
    expect(ana.page.locator(".flash.status")).to_be_visible()

    assert {item.id: ana.answer_of(item.id) for item in module.checklist} == {
        item.id: ("not-for-me", f"nota {item.id}") for item in module.checklist
    }


def test_keeping_and_signing_in_can_be_done_by_keyboard(kit_url: str, visitor_of: MakeVisitor) -> None:
    ana = visitor_of(kit_url)
    ana.opens("account/keep/")
    passphrase = ana.page.locator("p.code").inner_text()
    _fill_by_keyboard(ana, {"pseudonym": PSEUDONYM, "passphrase": passphrase, "again": passphrase})
    expect(ana.page.locator("h1")).to_have_text(re.compile("código de recuperación"))

    ana.signs_out()
    ana.opens("account/sign-in/")
    _fill_by_keyboard(ana, {"pseudonym": PSEUDONYM, "passphrase": passphrase})
    assert ana.path == "/es/progress/"


def test_an_error_is_told_where_the_keyboard_is_and_leads_to_its_field(
    kit_url: str, visitor_of: MakeVisitor
) -> None:
    ana = visitor_of(kit_url)
    ana.opens("account/keep/")
    _fill_by_keyboard(ana, {"pseudonym": PSEUDONYM, "passphrase": "corta", "again": "corta"})
    assert ana.page.evaluate("document.activeElement.className") == "error-summary"

    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    assert ana.page.evaluate("document.activeElement.id") == "passphrase"
    described = ana.page.locator("#passphrase").get_attribute("aria-describedby") or ""
    assert "passphrase-error" in described.split()


def _fill_by_keyboard(visitor: Visitor, fields: dict[str, str]) -> None:
    for name, text in fields.items():
        _tab_to(visitor.page, name)
        visitor.page.keyboard.type(text)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(ENOUGH_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the keyboard never came to {name}")


def _tab_to_text(page: Page, text: re.Pattern[str]) -> None:
    for _ in range(ENOUGH_TABS):
        page.keyboard.press("Tab")
        if text.search(page.evaluate("document.activeElement.innerText || ''").strip()):
            return
    raise AssertionError(f"the keyboard never came to {text.pattern}")


@pytest.mark.parametrize(
    "address", ["", "modules/doxxing/checklist/", "account/keep/", "help/relative-held/"]
)
def test_in_forced_colours_buttons_fields_and_choices_have_an_edge(
    chromium: Browser, shared_kit: str, address: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 640}, forced_colors="active", locale="es"
    )
    page = context.new_page()
    page.goto(f"{shared_kit}/es/{address}")
    without = page.evaluate(
        """() => Array.from(document.querySelectorAll('.primary, .button, .options label, .leave, input, textarea'))
          .filter(e => e.checkVisibility() && e.type !== 'radio' && e.type !== 'checkbox')
          .filter(e => {
            const style = getComputedStyle(e);
            return style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1 ||
              style.borderTopColor === getComputedStyle(document.body).backgroundColor;
          }).map(e => e.outerHTML.slice(0, 90))"""
    )
    context.close()
    assert not without


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_card_prints_on_one_page(
    shared_kit: str, visitor_of: MakeVisitor, curriculum: Curriculum, language: str, paper: str
) -> None:
    somebody = visitor_of(shared_kit, scripts=False, language=language)
    pages = {}
    for situation in curriculum.situations:
        somebody.opens(f"help/{situation.id}/card/")
        pages[situation.id] = _pages(somebody.page.pdf(format=paper, prefer_css_page_size=False))
    assert set(pages.values()) == {1}, pages


def test_paper_gets_no_tools_and_everything_that_is_folded(shared_kit: str, visitor_of: MakeVisitor) -> None:
    somebody = visitor_of(shared_kit, 1280, 800)
    somebody.opens("help/threatening-call/")
    somebody.page.emulate_media(media="print")
    for hidden in (".tools", ".kit-nav", ".foot", ".skip"):
        expect(somebody.page.locator(hidden)).to_be_hidden()
    for step in somebody.page.locator(".help-steps > li").all():
        expect(step).to_be_visible()


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
