"""From nothing to the first page, and what a worker holds in memory."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from bench.browser import Browser
from bench.report import Row, against, at_most
from bench.servers import Kit, expect, in_memory, plain, running
from bench.settings import Settings
from bench.weights import crawl

START_BAR, MEMORY_BAR = 4.0, 2.0
IMPORTS = "import flask, sqlalchemy, flask_babel"


def start(settings: Settings) -> Iterator[Row]:
    """A start after the first one, until the first page has come, against importing the libraries."""
    with in_memory() as memory:
        kit = Kit(settings.folder_for("start"), memory, settings.content)
        first = kit.start()
        kit.stop()
        _import()
        ours, floor = [], []
        for _ in range(settings.rounds):
            ours.append(kit.start() * 1000)
            kit.stop()
            floor.append(_import() * 1000)
    count = len(settings.curriculum.modules)
    note = f"{count} module{'s' if count > 1 else ''}; the first start took {first:.1f} s"
    yield against("start to first page", ours, floor, "ms", at_most(START_BAR), note)


def _import() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return time.perf_counter() - began


def memory(settings: Settings) -> Iterator[Row]:
    """What a worker holds once every page has been asked for in every language."""
    folder = settings.folder_for("memory")
    bodies = settings.folder_for("memory/bodies")
    with in_memory() as runtime, running(kit := Kit(folder, runtime, settings.content)):
        kit.stop()  # the first start reads and checks the files; the others find what it compiled
        kit.start()
        idle = kit.memory()
        visited = crawl(Browser(kit.port))
        heaviest = max(visited.values(), key=lambda page: len(page.content))
        (bodies / "page").write_bytes(heaviest.content)
        with running(floor := plain(folder, bodies)):
            browser = Browser(floor.port)
            for _ in visited:
                expect(browser.get("/page"), 200)
            note = f"after {len(visited)} pages; {idle:.0f} MiB before the first"
            yield Row("memory of one worker", kit.memory(), floor.memory(), "MiB", at_most(MEMORY_BAR), note)


MEASURES: dict[str, Callable[[Settings], Iterator[Row]]] = {"start": start, "memory": memory}
