"""The incident log in a browser: empty, written in, judged, with files, exported, deleted."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.sight import Sight
from tests.browser.visitors import Visitor
from tests.evidence import jpeg

HAPPENED = "Llamaron dos veces a la redacción y dijeron la matrícula del coche. No contestamos."
#: As they are chosen in a browser: a name, a type and what is in it.
PICTURE: Any = {"name": "captura de pantalla.jpg", "mimeType": "image/jpeg", "buffer": jpeg(b"GPS 19.4")}
PAGE: Any = {
    "name": "foto.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"<html><script>alert(1)</script></html>",
}


def writes_down(visitor: Visitor) -> None:
    """Write an incident down, with everything that can be said of it."""
    visitor.opens("incidents/new/")
    visitor.page.fill("#happened", HAPPENED)
    visitor.page.fill("#on", "2026-11-20")
    for name in ("hour", "where", "address", "who", "knows", "done", "effect"):
        visitor.page.fill(f"#{name}", f"lo que se sabe: {name}")
    visitor.page.locator("main form button.primary").click()
    visitor.page.locator("#files").wait_for()


def chooses(visitor: Visitor, file: Any) -> None:
    """Choose a file for the incident that is open, and send it."""
    visitor.page.set_input_files("#file", file)
    with visitor.page.expect_navigation():
        visitor.page.locator("form:has(#file) button").click()


def opens_first(visitor: Visitor, further: str = "") -> None:
    """Go to the first incident of the log, or to a page of it."""
    visitor.opens("incidents/")
    address = visitor.page.locator("main ul.rows h3 a").first.get_attribute("href")
    visitor.page.goto(f"{visitor.url}{address}{further}")


def logging() -> list[Sight]:
    """Everything that somebody sees who keeps a log, in the order in which it comes."""

    def refused(visitor: Visitor) -> None:
        visitor.opens("incidents/new/")
        visitor.page.locator("main form button.primary").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def with_file(visitor: Visitor) -> None:
        opens_first(visitor)
        chooses(visitor, PICTURE)
        expect(visitor.page.locator("ol.rows .hash")).to_be_visible()

    def file_refused(visitor: Visitor) -> None:
        opens_first(visitor)
        chooses(visitor, PAGE)
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def judged(visitor: Visitor) -> None:
        opens_first(visitor, "assess/")
        visitor.page.locator("input[value='vehicle']").check()
        visitor.page.locator("input[value='repeated']").check()
        visitor.page.fill("#facts_note", "Dos llamadas en diez minutos.")
        visitor.page.locator("main form button.primary").click()
        visitor.page.locator("#files").wait_for()

    def deletes_file(visitor: Visitor) -> None:
        opens_first(visitor)
        visitor.page.locator("ol.rows a[href$='/delete/']").first.click()
        visitor.page.locator("#sure").wait_for()

    def unsure(visitor: Visitor) -> None:
        opens_first(visitor, "delete/")
        visitor.page.locator("main form button").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def nothing_chosen(visitor: Visitor) -> None:
        visitor.opens("incidents/export/")
        visitor.page.locator("#incidents input").first.uncheck()
        visitor.page.locator("main form button.primary").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def deleted(visitor: Visitor) -> None:
        opens_first(visitor, "delete/")
        visitor.page.check("#sure")
        visitor.page.locator("main form button").click()
        expect(visitor.page.locator(".flash.status")).to_be_visible()

    return [
        Sight("an incident, with errors", "guest", refused),
        Sight("an incident", "guest", writes_down),
        Sight("a log", "guest", _at("incidents/")),
        Sight("an incident with a file", "guest", with_file),
        Sight("an incident, changed", "guest", lambda visitor: opens_first(visitor, "edit/")),
        Sight("a file that is refused", "guest", file_refused),
        Sight("a worksheet", "guest", lambda visitor: opens_first(visitor, "assess/")),
        Sight("an incident that was judged", "guest", judged),
        Sight("a file, about to be deleted", "guest", deletes_file),
        Sight("a log to export", "guest", _at("incidents/export/")),
        Sight("a log to export, with errors", "guest", nothing_chosen),
        Sight("an incident, about to be deleted", "guest", unsure),
        Sight("an incident, deleted", "guest", deleted),
    ]


def _at(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.opens(address)
