"""Every page there is, so that none is forgotten: the addresses come from the app's own routes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pyotp
from flask import Flask
from playwright.sync_api import expect
from werkzeug.routing import Rule

from app.curriculum.model import Curriculum
from app.learning.answers import NOTE_LENGTH
from app.learning.refreshers import SET
from app.web.kit import kit_of
from tests.browser.auditing import auditing
from tests.browser.broken import PREFIX
from tests.browser.coming_back import coming_back
from tests.browser.incidents import logging
from tests.browser.labs import using_labs
from tests.browser.practice import practising
from tests.browser.sight import Sight
from tests.browser.staff import administrating, is_of_staff
from tests.browser.visitors import Visitor

#: How many pages of a kind axe judges at most: they differ in their words alone.
OF_A_KIND = 3
REDIRECT = 303
#: Routes that answer with no page of their own, each with what they answer instead.
NOT_A_PAGE = {
    "static": "files",
    "healthz": "plain text for whoever watches a server",
    "leave.open_again": "a redirect to the front door",
    "account.everything_to_read": "a file to take away",
    "account.everything_for_a_program": "a file to take away",
    "learn.due_calendar": "a file for calendars, or a redirect where there is nothing for one",
    **dict.fromkeys(
        (
            "incidents.incident",
            "incidents.edit",
            "incidents.assess",
            "incidents.ask_delete",
            "incidents.ask_delete_file",
            "incidents.file",
            "incidents.export",
        ),
        "a redirect to the log for whoever has none; see incidents.py for those who have",
    ),
    "account.one_moment": "a redirect where nothing waits; the page itself is among those below",
}


#: What the argument of a rule that has one is filled with. A page of a sitting is begun further down.
ONE_ARGUMENT: dict[str, Callable[[Curriculum], list[object]]] = {
    "situation_id": lambda taught: [situation.id for situation in taught.situations],
    "path_id": lambda taught: [path.id for path in taught.paths],
    "sheet_id": lambda taught: [sheet.id for sheet in taught.sheets],
    "module_id": lambda taught: [module.id for module in taught.modules],
    "drill_id": lambda taught: [drill.id for drill in taught.drills],
    "place": lambda _taught: list(range(1, SET + 1)),
    "threat_id": lambda taught: [threat.id for threat in taught.threats],
    "page": lambda _taught: [1],
}


def addresses(app: Flask, curriculum: Curriculum, language: str) -> list[str]:
    """The address of every page that can be got, with every argument that the curriculum has for it."""
    return sorted({address for kind in _kinds(app, curriculum, language) for address in kind})


def longest(app: Flask, curriculum: Curriculum, language: str) -> list[str]:
    """Of each kind of page the longest, where what holds for it holds for the others."""
    client = app.test_client()

    def length(address: str) -> int:
        return len(client.get(address).get_data())

    return sorted(max(kind, key=length) for kind in _kinds(app, curriculum, language) if kind)


def _kinds(app: Flask, curriculum: Curriculum, language: str) -> Iterator[list[str]]:
    """The addresses of each kind of page: those that one rule answers."""
    for rule in app.url_map.iter_rules():
        if (
            "GET" in (rule.methods or ())
            and rule.endpoint not in NOT_A_PAGE
            and not rule.endpoint.endswith("_as_pdf")
            and not rule.endpoint.startswith(PREFIX)
            and not is_of_staff(rule)
        ):
            yield sorted({_built(app, rule, values) for values in _arguments(rule, curriculum, language)})


def _everybody(app: Flask, curriculum: Curriculum, language: str) -> Iterator[Sight]:
    """Every page as nobody sees it. Of each kind some, spread over it, are judged by axe; all are measured.

    Of addresses that lead nobody anywhere but elsewhere, one.
    """
    client = app.test_client()
    for kind in _kinds(app, curriculum, language):
        if kind and all(client.get(address).status_code == REDIRECT for address in kind):
            del kind[1:]
        step = -(-len(kind) // OF_A_KIND)
        for number, address in enumerate(kind):
            yield Sight(address, "nobody", _anywhere(address), like_others=bool(number % step))


def _built(app: Flask, rule: Rule, values: Mapping[str, object]) -> str:
    built = app.url_map.bind("").build(rule.endpoint, values)
    return str(built)


def _arguments(rule: Rule, curriculum: Curriculum, language: str) -> Iterator[dict[str, object]]:
    wanted = set(rule.arguments)
    base: dict[str, object] = {"lang": language} if "lang" in wanted else {}
    wanted -= {"lang"}
    if not wanted:
        yield base
    elif wanted == {"module_id", "lab_id"}:
        yield from (
            {**base, "module_id": module.id, "lab_id": lab.id}
            for module in curriculum.modules
            for lab in module.labs
        )
    elif len(wanted) == 1 and wanted <= ONE_ARGUMENT.keys():
        (name,) = wanted
        yield from ({**base, name: value} for value in ONE_ARGUMENT[name](curriculum))
    elif wanted == {"module_id", "place"}:
        yield from (
            {**base, "module_id": module.id, "place": place}
            for module in curriculum.modules
            if module.quiz is not None
            for place in range(1, module.quiz.ask + 1)
        )
    elif wanted == {"module_id", "slug"}:
        yield from (
            {**base, "module_id": module.id, "slug": lesson.slug}
            for module in curriculum.modules
            for lesson in module.lessons
        )
    else:
        raise LookupError(f"say what {rule.rule} is to be filled with: it would be tested by nobody")


def _at(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.opens(address)


#: Pages that look different to a guest, and to somebody who kept their progress. MODULE and LESSON are filled in.
GUEST = ("", "modules/", "MODULE/", "LESSON", "MODULE/checklist/", "progress/", "audit/", "audit/next/", "situation/",
         "situation/weights/", "exposure/", "plan/", "account/delete/", "account/sign-in/",
         "account/keep/", "account/take/", "account/bring/", "incidents/new/")  # fmt: skip
KEPT = ("", "modules/", "MODULE/", "LESSON", "MODULE/checklist/", "progress/", "plan/", "account/",
        "account/passphrase/", "account/exposed/", "account/second-factor/", "account/delete/", "account/take/",
        "account/bring/")  # fmt: skip


def sights(app: Flask, curriculum: Curriculum, language: str) -> list[Sight]:
    """Everything to look at in one language; what changes something comes last, each after what it needs."""
    module = curriculum.modules_by_id["doxxing"]
    places = {
        "MODULE/": f"modules/{module.id}/",
        "LESSON": f"modules/{module.id}/lessons/{module.lessons[0].slug}/",
    }

    def filled(address: str) -> str:
        for name, place in places.items():
            address = address.replace(name, place)
        return address

    prefix = f"/{language}/"
    return [
        *_everybody(app, curriculum, language),
        *(
            Sight(prefix + where, "overheard", _at(filled(where)))
            for where in ("", "LESSON", "progress/", "account/")
        ),
        *_searches(),
        *using_labs(),
        *_failures(),
        *(Sight(f"{prefix}{filled(where)} as a guest", "guest", _at(filled(where))) for where in GUEST),
        *_as_guest(filled("MODULE/checklist/"), module.checklist[0].id, module.lessons[0].slug),
        *coming_back(app, module, "guest"),
        *practising(app, module),
        *auditing(app, curriculum),
        *logging(),
        *(Sight(f"{prefix}{filled(where)} when kept", "kept", _at(filled(where))) for where in KEPT),
        *(replace(sight, like_others=True) for sight in coming_back(app, module, "kept")),
        *_when_kept(app, filled("MODULE/checklist/"), module.checklist[0].id),
        *administrating(app, language),
    ]


def _anywhere(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.page.goto(visitor.url + address) and None


def _searches() -> list[Sight]:
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


def _failures() -> list[Sight]:
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

    def pressed(address: str) -> Callable[[Visitor], None]:
        def go(visitor: Visitor) -> None:
            visitor.opens(address)
            visitor.page.locator("main form button[type=submit]").click()
            expect(visitor.page.locator(".error-summary")).to_be_visible()

        return go

    def wrong_passphrase(visitor: Visitor) -> None:
        visitor.passphrase = "no es esta y nunca lo fue"
        visitor.signs_in()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    broken = ("full", "read-only", "busy", "gone", "defect", "400", "403", "413", "429")
    return [
        Sight("an unknown page", "nobody", _at("no-such-page/")),
        Sight("an address that takes forms only", "nobody", _at("account/sign-out/")),
        *(Sight(f"a failure: {name}", "nobody", sent_to(name)) for name in broken),
        Sight("keeping, with errors", "nobody", pressed("account/keep/")),
        Sight("signing in, with errors", "nobody", pressed("account/sign-in/")),
        Sight("signing in, refused", "nobody", wrong_passphrase),
        Sight("recovering, with errors", "nobody", pressed("account/recover/")),
        Sight("bringing a copy, with errors", "nobody", pressed("account/bring/")),
        Sight("a moment to wait", "nobody", waiting),
    ]


def _as_guest(checklist: str, item_id: str, slug: str) -> list[Sight]:
    def read(visitor: Visitor) -> None:
        visitor.opens(checklist.replace("checklist/", f"lessons/{slug}/"))
        visitor.page.locator("form.next button").click()

    def too_long(visitor: Visitor) -> None:
        _sends_too_long(visitor, checklist, item_id)
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def unsure(visitor: Visitor) -> None:
        visitor.opens("account/delete/")
        visitor.page.locator("main form button[type=submit]").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    def old_page(visitor: Visitor) -> None:
        visitor.opens(checklist)
        visitor.page.evaluate("document.querySelector('main [name=csrf_token]').value = 'old'")
        _answers_with_note(visitor, item_id)
        visitor.page.locator("h1 + .lede[role=alert]").wait_for()

    return [
        Sight("a lesson that was read, and the next", "guest", read),
        Sight("a checklist with errors", "guest", too_long, needs_script=True),
        Sight("deleting, unsure", "guest", unsure),
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


def _when_kept(app: Flask, checklist: str, item_id: str) -> list[Sight]:
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

    def change_with_errors(visitor: Visitor) -> None:
        visitor.opens("account/exposed/")
        visitor.page.locator("main form button[type=submit]").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

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

    def copy_with_errors(visitor: Visitor) -> None:
        visitor.opens("account/take/")
        visitor.page.locator("main form button[type=submit]").click()
        expect(visitor.page.locator(".error-summary")).to_be_visible()

    return [
        Sight("a copy, with errors", "kept", copy_with_errors),
        *_with_second_factor(app),
        Sight("the recovery code", "kept", code),
        Sight("changing, with errors", "kept", change_with_errors),
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
