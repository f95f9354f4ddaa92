"""Leaving and signing out, and then Back: the private page doesn't return, not even from the browser's memory."""

from collections.abc import Callable

import pytest

from app.curriculum.model import Curriculum
from tests.browser.conftest import MakeVisitor
from tests.browser.history import History
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("leaving")]

NOTE = "la dirección de mi madre está en el registro"
SCRIPTS = [pytest.param(True, id="with-scripts"), pytest.param(False, id="without-scripts")]
#: Where somebody leaves from: a name, whether they answered something, whether they kept it, and the address.
PLACES = [
    ("a lesson, as nobody", "nobody", "LESSON"),
    ("a lesson, as a guest", "guest", "LESSON"),
    ("help", "nobody", "help/address-published/"),
    ("help, when kept", "kept", "help/address-published/"),
    ("the checklist, as a guest", "guest", "CHECKLIST"),
    ("the checklist, when kept", "kept", "CHECKLIST"),
    ("the account", "kept", "account/"),
    ("progress", "guest", "progress/"),
]


@pytest.fixture
def private_words(curriculum: Curriculum) -> list[str]:
    """What must not be on the page that is shown instead."""
    module = curriculum.modules_by_id["doxxing"]
    situation = curriculum.situations_by_id["address-published"]
    names = ["Resguardo", "resguardo", NOTE, "Golondrina", module.id, module.title.in_language("es")]
    names += [lesson.slug for lesson in module.lessons] + [item.id for item in module.checklist]
    return [*names, situation.id, situation.title.in_language("es")]


@pytest.fixture
def somebody(kit_url: str, visitor_of: MakeVisitor, curriculum: Curriculum) -> Callable[..., Visitor]:
    """Somebody who has done something, and has a place open: `somebody("kept", "CHECKLIST", scripts=False)`."""
    module = curriculum.modules_by_id["doxxing"]
    places = {
        "LESSON": f"modules/{module.id}/lessons/{module.lessons[0].slug}/",
        "CHECKLIST": f"modules/{module.id}/checklist/",
    }

    def make(who: str, place: str, *, scripts: bool) -> Visitor:
        visitor = visitor_of(kit_url, scripts=scripts)
        visitor.opens("")
        if who != "nobody":
            visitor.opens(places["CHECKLIST"])
            visitor.answers(module.checklist[0].id, note=NOTE)
            visitor.answers(module.checklist[0].id, "no")
            visitor.saves()
        if who == "kept":
            visitor.keeps()
        visitor.opens(places.get(place, place))
        return visitor

    return make


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_this_browser_does_keep_whole_pages_for_back(
    kit_url: str, visitor_of: MakeVisitor, scripts: bool
) -> None:
    visitor = visitor_of(kit_url, scripts=scripts)
    history = History(visitor.page)
    visitor.opens("about/")
    visitor.opens("modules/")
    history.go(-1)

    assert history.address == f"{kit_url}/es/about/"
    assert history.came_from_cache, "without that cache the tests of leaving prove nothing"


@pytest.mark.parametrize("scripts", SCRIPTS)
@pytest.mark.parametrize(
    ("who", "place"), [place[1:] for place in PLACES], ids=[place[0] for place in PLACES]
)
def test_back_does_not_return_after_leaving(
    somebody: Callable[..., Visitor], private_words: list[str], who: str, place: str, scripts: bool
) -> None:
    visitor = somebody(who, place, scripts=scripts)
    history = History(visitor.page)

    visitor.leaves()
    _names_nothing(history, private_words)
    for step in (-1, -1, 1, 1):
        if history.go(step) and history.address != "about:blank":
            _names_nothing(history, private_words)


def test_the_address_names_no_item_when_back_shows_the_neutral_page(
    somebody: Callable[..., Visitor], private_words: list[str]
) -> None:
    guest = somebody("guest", "CHECKLIST", scripts=False)
    history = History(guest.page)
    guest.page.locator("fieldset.item").nth(1).locator("button").click()
    assert "#item-" in guest.page.url, "its own button leads back to a card"

    guest.leaves()
    history.go(-1)
    _names_nothing(history, private_words)


@pytest.mark.parametrize("scripts", SCRIPTS)
@pytest.mark.parametrize(
    ("who", "place"), [("kept", "account/"), ("kept", "CHECKLIST")], ids=["account", "checklist"]
)
def test_back_does_not_return_after_signing_out(
    somebody: Callable[..., Visitor], who: str, place: str, scripts: bool
) -> None:
    visitor = somebody(who, place, scripts=scripts)
    history = History(visitor.page)

    visitor.signs_out()
    for _ in range(3):
        if history.go(-1):
            shown = history.shown()
            assert NOTE not in shown
            assert "Golondrina" not in shown
            assert not history.ticked(), "the browser itself filled the form in again"


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_who_left_comes_back_through_the_neutral_page(
    somebody: Callable[..., Visitor], curriculum: Curriculum, scripts: bool
) -> None:
    guest = somebody("guest", "progress/", scripts=scripts)
    guest.leaves()
    guest.opens("progress/")
    assert guest.path == "/n/es/", "an address of the kit must show the neutral page to somebody who left"

    guest.page.locator("footer a").click()
    assert guest.path == "/"
    guest.opens("modules/doxxing/checklist/")
    assert guest.answer_of(curriculum.modules_by_id["doxxing"].checklist[0].id) == ("no", NOTE)


def test_leaving_signs_out_who_kept_their_progress(somebody: Callable[..., Visitor]) -> None:
    kept = somebody("kept", "progress/", scripts=True)
    cookie = next(cookie for cookie in kept.page.context.cookies() if cookie["name"] == "sid")
    kept.leaves()
    kept.page.locator("footer a").click()
    kept.page.context.add_cookies([cookie])  # type: ignore[list-item]
    kept.opens("account/")

    assert kept.path == "/es/account/sign-in/", "the old cookie still opens the account"


def test_three_times_escape_leaves(somebody: Callable[..., Visitor], private_words: list[str]) -> None:
    guest = somebody("guest", "CHECKLIST", scripts=True)
    history = History(guest.page)
    for _ in range(2):
        guest.page.keyboard.press("Escape")
    guest.page.keyboard.press("a")
    for _ in range(2):
        guest.page.keyboard.press("Escape")
    assert guest.path == "/es/modules/doxxing/checklist/", (
        "two presses, or three with another key between, are no wish to leave"
    )

    guest.page.keyboard.press("Escape")
    guest.page.wait_for_url("**/n/es/*")
    _names_nothing(history, private_words)


def test_three_times_escape_leaves_while_typing(somebody: Callable[..., Visitor]) -> None:
    guest = somebody("guest", "CHECKLIST", scripts=True)
    guest.page.locator("textarea").first.click()
    for _ in range(3):
        guest.page.keyboard.press("Escape")
    guest.page.wait_for_url("**/n/es/*")


def test_offline_the_page_is_blank_at_once(
    somebody: Callable[..., Visitor], private_words: list[str]
) -> None:
    guest = somebody("guest", "CHECKLIST", scripts=True)
    history = History(guest.page)
    guest.page.context.set_offline(True)

    # Read in the same task as the click, before any other page could have come.
    left = guest.page.evaluate(
        "() => { document.querySelector('a[data-leave]').click();"
        " return [document.body.checkVisibility(), document.title]; }"
    )
    assert left == [False, "\u00a0"]

    history.wait_for_unreachable()
    history.go(-1)
    assert NOTE not in history.shown()
    assert not history.ticked()


def _names_nothing(history: History, private_words: list[str]) -> None:
    shown = history.shown()
    # Where a form's answer stood, the browser shows a page of its own that asks whether to send it again.
    assert "Sopa de frijoles negros" in shown or "ERR_CACHE_MISS" in shown
    assert not [word for word in private_words if word in shown]
