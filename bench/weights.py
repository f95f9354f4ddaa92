"""What pages weigh over the wire: every page that links lead to, for nobody in particular and for a learner."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

from bench.browser import Browser, Page
from bench.learner import build_history, keep
from bench.report import Row, at_most
from bench.servers import Kit, expect, in_memory, running
from bench.settings import Settings

FIRST_BAR, NEXT_BAR, FORM_BAR, SCRIPT_BAR, LAB_BAR = 120_000, 25_000, 60_000, 15_000, 60_000
#: Where scripts lie that a lab's page alone loads.
LABS = "/static/labs/"
AT_MOST_PAGES = 2_000
#: Leaving would end the visit.
NOT_FOLLOWED = ("/n/", "/open/", "/static/")


def crawl(browser: Browser) -> dict[str, Page]:
    """Every page that can be reached by links from the front door."""
    found: dict[str, Page] = {}
    left = ["/"]
    while left and len(found) < AT_MOST_PAGES:
        path = left.pop()
        if path in found or not path.startswith("/") or path.startswith(NOT_FOLLOWED):
            continue
        page = browser.get(path)
        if page.status in {301, 302, 303, 308}:
            left.append(urljoin(path, page.header("Location")))
            continue
        found[path] = expect(page, 200)
        left += page.links
    return found


def weigh(settings: Settings) -> Iterator[Row]:
    """The heaviest first visit, next page, page with forms, and script."""
    with in_memory() as memory, running(kit := Kit(settings.folder_for("weights"), memory, settings.content)):
        strangers = crawl(Browser(kit.port))
        learner = Browser(kit.port)
        keep(learner)
        for module in settings.curriculum.modules:
            build_history(learner, module)
        learners = crawl(learner)
        files = {name: expect(Browser(kit.port).get(name), 200) for name in _files(strangers, learners)}
        files |= {name: expect(Browser(kit.port).get(name), 200) for name in _fonts(files)}
    first = {path: page.weight + _weight_of_files(page, files) for path, page in strangers.items()}
    yield _heaviest("first visit", first, FIRST_BAR)
    pages = [*strangers.items(), *learners.items()]
    compressed = {path: page.weight for path, page in pages if page.header("Content-Encoding")}
    whole = {path: page.weight for path, page in pages if not page.header("Content-Encoding")}
    yield _heaviest("next page, compressed", compressed, NEXT_BAR)
    yield _heaviest("page with forms, uncompressed", whole, FORM_BAR)
    scripts = {path: _scripts(page, files, of_labs=False) for path, page in pages}
    yield _heaviest("our JavaScript, uncompressed", scripts, SCRIPT_BAR)
    scripts = {path: _scripts(page, files, of_labs=True) for path, page in pages}
    yield _heaviest("a lab's own JavaScript, uncompressed", scripts, LAB_BAR)


def _heaviest(name: str, weights: dict[str, int], bar: int) -> Row:
    path = max(weights, key=lambda path: weights[path])
    note = f"{path}, of {len(weights)}"
    return Row(name, weights[path] / 1000, None, "KB", at_most(bar / 1000), note)


def _files(*visits: dict[str, Page]) -> set[str]:
    return {file for pages in visits for page in pages.values() for file in page.files}


def _fonts(files: dict[str, Page]) -> set[str]:
    return {font for name, page in files.items() if name.endswith(".css") for font in _fonts_of(name, page)}


def _fonts_of(name: str, page: Page) -> list[str]:
    return [urljoin(name, font) for font in re.findall(r"url\([\"']?([^\"')]+)", page.text)]


def _weight_of_files(page: Page, files: dict[str, Page]) -> int:
    needed = set(page.files)
    for name in page.files:
        if name.endswith(".css"):
            needed |= set(_fonts_of(name, files[name]))
    return sum(files[name].weight for name in needed)


def _scripts(page: Page, files: dict[str, Page], *, of_labs: bool) -> int:
    theirs = (name for name in page.files if name.endswith(".js") and name.startswith(LABS) is of_labs)
    return sum(len(files[name].content) for name in theirs)


MEASURES: dict[str, Callable[[Settings], Iterator[Row]]] = {"weights": weigh}
