"""Pages with and without a person in them, and answers being saved, each in turn with its floor."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from urllib.parse import urlencode

from bench import plain as plain_floor
from bench.browser import Browser
from bench.learner import Answering, Checklist, QuizAnswering, build_history, keep
from bench.load import Outcome, Reader, Visitor, drive, request
from bench.report import REPORTED, Row, against, at_least, at_most
from bench.servers import Kit, Server, constant, expect, in_memory, plain, running
from bench.settings import Settings

CONNECTIONS = 8
WARM_UP = 0.4
PAGES_BAR, LEARNER_BAR, ANSWER_BAR, TAIL_BAR = 0.70, 1.2, 0.7, 12
BROWSER = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "es-MX,es;q=0.8,en;q=0.5"),
    ("Accept-Encoding", "gzip, deflate, br"),
)

Side = tuple[Server, Sequence[Visitor]]


def in_turn(settings: Settings, ours: Side, floor: Side) -> tuple[list[Outcome], list[Outcome]]:
    """Measure both, A, B, A, B …, after letting each warm up."""
    found: tuple[list[Outcome], list[Outcome]] = ([], [])
    for server, visitors in (ours, floor):
        drive(server.port, visitors, WARM_UP)
    for _ in range(settings.rounds):
        for outcomes, (server, visitors) in zip(found, (ours, floor), strict=True):
            before = server.processor()
            outcome = drive(server.port, visitors, settings.seconds)
            outcome.processor = server.processor() - before
            outcomes.append(outcome)
    return found


def _rates(outcomes: list[Outcome]) -> list[float]:
    return [outcome.rate for outcome in outcomes]


def _errors(outcomes: list[Outcome]) -> list[str]:
    return [error for outcome in outcomes for error in outcome.errors]


def impersonal(settings: Settings) -> Iterator[Row]:
    """Pages without a person in them, against a bare view that returns the same bytes."""
    module = settings.curriculum.modules_by_id["doxxing"]
    paths = {
        "help": f"/es/help/{settings.curriculum.situations[0].id}/",
        "about": "/es/about/",
        "lesson": f"/es/modules/{module.id}/lessons/{module.lessons[0].slug}/",
    }
    names = {"help": "page: help situation", "about": "page: about", "lesson": "page: a guest's first lesson"}
    folder = settings.folder_for("impersonal")
    bodies = settings.folder_for("impersonal/bodies")
    with in_memory() as memory, running(kit := Kit(folder, memory, settings.content)):
        browser = Browser(kit.port)
        for name, path in paths.items():
            (bodies / name).write_bytes(expect(browser.get(path), 200).body)
        with running(floor := constant(folder, bodies)):
            for name, path in paths.items():
                ours = _readers(kit, path, "")
                theirs = _readers(floor, f"/{name}", "")
                mine, base = in_turn(settings, ours, theirs)
                note = _note(mine, base, (bodies / name).stat().st_size)
                yield against(names[name], _rates(mine), _rates(base), "pages/s", at_least(PAGES_BAR), note)


def learners(settings: Settings) -> Iterator[Row]:
    """Pages of a signed-in learner with history, against what a careful programmer writes."""
    module = settings.curriculum.modules_by_id["doxxing"]
    paths = {
        "lesson": f"/es/modules/{module.id}/lessons/{module.lessons[0].slug}/",
        "checklist": f"/es/modules/{module.id}/checklist/",
        "module": f"/es/modules/{module.id}/",
        "modules": "/es/modules/",
        "progress": "/es/progress/",
    }
    folder = settings.folder_for("learners")
    bodies = settings.folder_for("learners/bodies")
    with in_memory() as memory, running(kit := Kit(folder, memory, settings.content)):
        browser = Browser(kit.port)
        keep(browser)
        build_history(browser, module)
        for name, path in paths.items():
            (bodies / name).write_bytes(expect(browser.get(path), 200).content)
        with running(floor := plain(folder, bodies)):
            for name, path in paths.items():
                ours = _readers(kit, path, browser.cookie_header)
                theirs = _readers(floor, f"/{name}", f"token={plain_floor.TOKEN}")
                mine, base = in_turn(settings, ours, theirs)
                note = _note(mine, base, (bodies / name).stat().st_size)
                bar = at_least(LEARNER_BAR) if name in {"lesson", "checklist", "module"} else REPORTED
                row = f"learner's page: {name}"
                yield against(row, _rates(mine), _rates(base), "pages/s", bar, note)


def answers(settings: Settings) -> Iterator[Row]:
    """Answers saved by eight people at once, against a plain POST with one INSERT and one UPDATE."""
    module = settings.curriculum.modules_by_id["doxxing"]
    folder = settings.folder_for("answers")
    bodies = settings.folder_for("answers/bodies")
    with in_memory() as memory, running(kit := Kit(folder, memory, settings.content)):
        checklists = []
        for _ in range(CONNECTIONS):
            browser = Browser(kit.port)
            keep(browser)
            build_history(browser, module)
            checklists.append(Checklist(browser, module))
        (bodies / "page").write_bytes(b"page")
        with running(floor := plain(folder, bodies)):
            checklists[0].answer_next()
            for name, script, sent in (
                ("answer saved, by the page's script", True, checklists[0].changed_fields()),
                ("answer saved, by its form", False, checklists[0].fields()),
            ):
                ours = [Answering(checklist, script=script) for checklist in checklists]
                theirs = _saving(floor, sent)
                mine, base = in_turn(settings, (kit, ours), (floor, theirs))
                yield from _answer_rows(name, mine, base)
                for checklist in checklists:
                    checklist.load()
            if module.quiz is not None:
                quizzes = [QuizAnswering(module, kit.port) for _ in range(CONNECTIONS)]
                theirs = _saving(floor, quizzes[0].fields)
                mine, base = in_turn(settings, (kit, quizzes), (floor, theirs))
                yield from _answer_rows("quiz answer saved", mine, base)


def _answer_rows(name: str, mine: list[Outcome], base: list[Outcome]) -> Iterator[Row]:
    note = _note(mine, base, None)
    yield against(name, _rates(mine), _rates(base), "saves/s", at_least(ANSWER_BAR), note)
    half, tail = ([outcome.percentile(share) for outcome in mine] for share in (0.5, 0.99))
    theirs = [outcome.percentile(0.99) / outcome.percentile(0.5) for outcome in base if outcome.latencies]
    note = f"p99 over p50; the floor's {sorted(theirs)[len(theirs) // 2]:.1f}"
    yield against(f"{name}: tail", tail, half, "ms", at_most(TAIL_BAR), note)
    yield Row(f"{name}: errors", len(_errors(mine)), None, "errors", at_most(0))


def _saving(floor: Server, sent: Sequence[tuple[str, str]]) -> list[Reader]:
    """The floor's visitors: they post the same form."""
    form = request("/answer", floor.port, BROWSER, urlencode(sent).encode())
    return [Reader(form) for _ in range(CONNECTIONS)]


def _readers(server: Server, path: str, cookies: str) -> Side:
    headers = [*BROWSER, *([("Cookie", cookies)] if cookies else [])]
    asking = request(path, server.port, headers)
    return server, [Reader(asking) for _ in range(CONNECTIONS)]


def _note(mine: list[Outcome], base: list[Outcome], size: int | None) -> str:
    parts = [f"{size / 1000:.1f} KB"] if size is not None else []
    if all(outcome.cost for outcome in [*mine, *base]):
        cost = median(outcome.cost for outcome in base) / median(outcome.cost for outcome in mine)
        parts.append(f"by processor time {cost:.2f}")
    parts += [
        f"{len(found)} ERRORS {whose}"
        for whose, found in (("ours", _errors(mine)), ("floor", _errors(base)))
        if found
    ]
    return ", ".join(parts)


MEASURES: dict[str, Callable[[Settings], Iterator[Row]]] = {
    "impersonal": impersonal,
    "learners": learners,
    "answers": answers,
}
