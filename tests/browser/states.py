"""Pages in states that no address leads to: searched, failed, refused, read, ended, deleted."""

from collections.abc import Callable

import pyotp
from flask import Flask
from playwright.sync_api import expect

from app.learning.answers import NOTE_LENGTH
from app.web.kit import kit_of
from tests.browser.sight import Sight
from tests.browser.visitors import Visitor


def at(address: str) -> Callable[[Visitor], None]:
    """Going to an address of the visitor's language."""
    return lambda visitor: visitor.opens(address)


def _pressed(address: str) -> Callable[[Visitor], None]:
    """Sending the form of a page as it came, which is refused."""

    def go(visitor: Visitor) -> None:
        visitor.opens(address)
        visitor.page.locator("main form button[type=submit]").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    return go


def searching() -> list[Sight]:
    """What the search page shows once somebody looked for something."""

    def looked_for(words: str, then: str) -> Callable[[Visitor], None]:
        def go(visitor: Visitor) -> None:
            visitor.opens("search/")
            visitor.page.fill("#q", words)
            visitor.page.locator("main form button").first.click()
            expect(visitor.page.locator(then)).to_be_visible()

        return go

    return [
        Sight("a search", "nobody", looked_for("sim swap", "#found")),
        Sight("a search that found nothing", "nobody", looked_for("zzyzx", "#found")),
        Sight("a search, with errors", "nobody", looked_for("", "#q-error")),
    ]


def failing() -> list[Sight]:
    """Pages about failures, and forms with errors, as somebody meets them who hasn't answered anything."""

    def sent_to(name: str) -> Callable[[Visitor], None]:
        def go(visitor: Visitor) -> None:
            visitor.opens(f"broken/{name}/")
            visitor.page.fill("textarea", "lo que escribí")
            visitor.page.locator("button").click()
            visitor.page.wait_for_selector("h1")

        return go

    def waiting(visitor: Visitor) -> None:
        sent_to("moment")(visitor)
        visitor.page.wait_for_load_state("load")
        # It tries again by itself, and would go away while it is looked at: no content, no navigation. This switches
        # the browser's cache off as well, so it comes last.
        visitor.page.route("**/one-moment/", lambda route: route.fulfill(status=204))

    def wrong_passphrase(visitor: Visitor) -> None:
        visitor.passphrase = "no es esta y nunca lo fue"
        visitor.signs_in()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    broken = ("full", "read-only", "busy", "gone", "defect", "400", "403", "413", "429")
    return [
        Sight("an unknown page", "nobody", at("no-such-page/")),
        Sight("an address that takes forms only", "nobody", at("account/sign-out/")),
        *(Sight(f"a failure: {name}", "nobody", sent_to(name)) for name in broken),
        Sight("keeping, with errors", "nobody", _pressed("account/keep/")),
        Sight("signing in, with errors", "nobody", _pressed("account/sign-in/")),
        Sight("signing in, refused", "nobody", wrong_passphrase),
        Sight("recovering, with errors", "nobody", _pressed("account/recover/")),
        Sight("bringing a copy, with errors", "nobody", _pressed("account/bring/")),
        Sight("a moment to wait", "nobody", waiting),
    ]


def as_guest(checklist: str, item_id: str, slug: str) -> list[Sight]:
    """What a guest's pages show once something went wrong, or went on."""

    def read(visitor: Visitor) -> None:
        visitor.opens(checklist.replace("checklist/", f"lessons/{slug}/"))
        visitor.page.locator("form.next button").click()

    def too_long(visitor: Visitor) -> None:
        _sends_too_long(visitor, checklist, item_id)
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def old_page(visitor: Visitor) -> None:
        visitor.opens(checklist)
        visitor.page.evaluate("document.querySelector('main [name=csrf_token]').value = 'old'")
        _answers_with_note(visitor, item_id)
        visitor.page.locator("h1 + .lede[role=alert]").wait_for()

    return [
        Sight("a lesson that was read, and the next", "guest", read),
        Sight("a checklist with errors", "guest", too_long, needs_script=True),
        Sight("deleting, unsure", "guest", _pressed("account/delete/")),
        Sight("typed on an old page", "guest", old_page, needs_script=True),
    ]


def _answers_with_note(visitor: Visitor, item_id: str) -> None:
    """Write a note and leave its field: it is sent then, so nothing more can be done on that page."""
    visitor.answers(item_id, note="lo que escribí")
    visitor.item(item_id).locator("textarea").blur()


def _sends_too_long(visitor: Visitor, checklist: str, item_id: str) -> None:
    visitor.opens(checklist)
    visitor.answers(item_id, note="a" * (NOTE_LENGTH + 1))
    visitor.page.locator("textarea").first.blur()


def when_kept(app: Flask, checklist: str, item_id: str) -> list[Sight]:
    """What becomes of an account, until all of it is deleted."""

    def code(visitor: Visitor) -> None:
        current = visitor.passphrase
        visitor.opens("account/passphrase/")
        visitor.passphrase = visitor.page.locator("p.code").inner_text()
        for name, text in (
            ("current", current),
            ("passphrase", visitor.passphrase),
            ("again", visitor.passphrase),
        ):
            visitor.page.fill(f"#{name}", text)
        visitor.page.locator("main form button[type=submit]").click()
        visitor.page.locator("main a.button.primary").wait_for()

    def ended(visitor: Visitor) -> None:
        visitor.opens(checklist)
        session = [cookie for cookie in visitor.page.context.cookies() if cookie["name"] == "sid"]
        visitor.page.context.clear_cookies(name="sid")
        visitor.page.context.add_cookies([{**session[0], "value": "00" * 32}])  # type: ignore[list-item]
        _answers_with_note(visitor, item_id)
        visitor.page.locator("h1 + .lede[role=alert]").wait_for()

    def deleted(visitor: Visitor) -> None:
        visitor.signs_in()
        visitor.opens("account/delete/")
        visitor.page.check("#sure")
        visitor.page.locator("main form button[type=submit]").click()
        visitor.page.wait_for_url("**/deleted/")

    return [
        Sight("a copy, with errors", "kept", _pressed("account/take/")),
        *_with_second_factor(app),
        Sight("the recovery code", "kept", code),
        Sight("changing, with errors", "kept", _pressed("account/exposed/")),
        Sight("a session that ended", "kept", ended, needs_script=True),
        Sight("everything deleted", "kept", deleted),
    ]


def _with_second_factor(app: Flask) -> list[Sight]:
    """Switched on, in use, and off again, for what comes after signs in without it."""
    backup: dict[int, str] = {}

    def switched_on(visitor: Visitor) -> None:
        visitor.opens("account/second-factor/")
        secret = visitor.page.locator("p.code").inner_text().replace(" ", "")
        visitor.page.fill("#second_factor", pyotp.TOTP(secret).at(kit_of(app).now()))
        visitor.page.locator("main form button[type=submit]").click()
        visitor.page.locator("ol.codes").wait_for()
        backup[id(visitor)] = visitor.page.locator("ol.codes li").first.inner_text()

    def wrong(visitor: Visitor) -> None:
        visitor.opens("account/second-factor/")
        visitor.page.fill("#second_factor", "a wrong code")
        visitor.page.locator("main form button[type=submit]").first.click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def switched_off(visitor: Visitor) -> None:
        visitor.opens("account/second-factor/")
        visitor.page.fill("#second_factor", backup[id(visitor)])
        visitor.page.locator("button[value=off]").click()
        visitor.page.locator(".flash.status").wait_for()

    return [
        Sight("the backup codes", "kept", switched_on),
        Sight("the second factor, with errors", "kept", wrong),
        Sight("the second factor switched off", "kept", switched_off),
    ]
