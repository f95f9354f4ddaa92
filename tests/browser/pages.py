"""Every page there is, so that none is forgotten: the addresses come from the app's own routes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from flask import Flask
from werkzeug.routing import Rule

from app.curriculum.model import Curriculum
from app.learning.refreshers import SET
from tests.browser import states
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
    client = app.test_client(
        use_cookies=False
    )  # one of the pages is what leaving leads to, which is remembered

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
    client = app.test_client(use_cookies=False)
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
            Sight(prefix + where, "overheard", states.at(filled(where)))
            for where in ("", "LESSON", "progress/", "account/")
        ),
        *states.searching(),
        *using_labs(),
        *states.failing(),
        *(Sight(f"{prefix}{filled(where)} as a guest", "guest", states.at(filled(where))) for where in GUEST),
        *states.as_guest(filled("MODULE/checklist/"), module.checklist[0].id, module.lessons[0].slug),
        *coming_back(app, module, "guest"),
        *practising(app, module),
        *auditing(app, curriculum),
        *logging(),
        *(Sight(f"{prefix}{filled(where)} when kept", "kept", states.at(filled(where))) for where in KEPT),
        *(replace(sight, like_others=True) for sight in coming_back(app, module, "kept")),
        *states.when_kept(app, filled("MODULE/checklist/"), module.checklist[0].id),
        *administrating(app, language),
    ]


def _anywhere(address: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.page.goto(visitor.url + address) and None
