"""A real Chromium and a real server; visitors who read, answer and keep."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from app import create_app
from app.curriculum.model import Curriculum
from app.web.kit import EXTENSION
from config import Config
from tests.browser.broken import add_broken_pages
from tests.browser.chromium import ARGUMENTS, MISSING, ORDINARY, program
from tests.browser.running import CHEAP, Machine, machine, served
from tests.browser.visitors import Visitor
from tests.conftest import Clock, MakeConfig

SECRET_KEY = "a secret key of the tests, which signs nothing of anybody"

MakeVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """Where Chromium is; skips where there is none."""
    found = program()
    if found:
        return found
    if os.environ.get("RESGUARDO_TEST_NOTHING_SKIPPED"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def playwright(chromium_program: str) -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_program: str) -> Iterator[Browser]:
    """One browser for all tests of this process; each test has contexts of its own."""
    browser = playwright.chromium.launch(
        executable_path=chromium_program, args=list(ARGUMENTS), ignore_default_args=ORDINARY
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def compiled(curriculum: Curriculum, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The curriculum as a started kit keeps it, so that the next start is quick."""
    from app.curriculum import load
    from config import CHECKOUT

    folder = tmp_path_factory.mktemp("compiled") / "cache"
    load(CHECKOUT, cache=folder)
    return folder


@pytest.fixture(scope="session")
def shared_app(curriculum: Curriculum, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A kit for tests that only look, with pages that fail on purpose."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    environment = {
        "RESGUARDO_DATA_DIR": str(folder),
        "RESGUARDO_HOST_SECRET": "07" * 32,
        "RESGUARDO_TRUSTED_HOSTS": OTHER_HOST,
        "SECRET_KEY": SECRET_KEY,
        **CHEAP,
    }
    app = create_app(Config.from_mapping(environment), curriculum, Clock())
    add_broken_pages(app)
    yield app
    app.extensions[EXTENSION].database.close()


@pytest.fixture(scope="session")
def shared_kit(shared_app: Flask) -> Iterator[str]:
    """Where that kit answers."""
    with served(shared_app) as url:
        yield url


#: A name of this machine that isn't one of the kit's private ones: what a phone on a hotspot gets.
OTHER_HOST = "phones.localhost"


@pytest.fixture
def own_app(make_config: MakeConfig, curriculum: Curriculum, clock: Clock) -> Iterator[Flask]:
    """A kit of this test's own. Not named `app`: for that name a plugin opens a request around the whole test."""
    made = create_app(make_config(SECRET_KEY=SECRET_KEY), curriculum, clock)
    yield made
    made.extensions[EXTENSION].database.close()


@pytest.fixture
def kit_url(own_app: Flask) -> Iterator[str]:
    """A kit of this test's own, whose clock and app the test can reach."""
    with served(own_app) as url:
        yield url


@pytest.fixture
def own_machine(tmp_path: Path, compiled: Path) -> Iterator[Machine]:
    """A machine of this test's own, to be started and killed."""
    with machine(tmp_path, compiled) as made:
        yield made


@pytest.fixture
def visitor_of(chromium: Browser) -> Iterator[MakeVisitor]:
    """Visitors, each with a browser profile of their own: `visitor_of(url, width=360, scripts=False)`."""
    contexts: list[BrowserContext] = []

    def make(
        url: str, width: int = 360, height: int = 640, *, scripts: bool = True, language: str = "es"
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            base_url=url,
            locale=language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visitor(context.new_page(), url, language, scripts=scripts)

    yield make
    for context in contexts:
        context.close()
