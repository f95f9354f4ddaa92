"""Kits in folders of their own, made from tables that were made once, and people at their browsers."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import update

from app import create_app
from app.curriculum.model import Curriculum, Module
from app.records.tables import Installation
from app.web.kit import EXTENSION
from tests.conftest import Clock, MakeConfig
from tests.web.readers import MODULE, Reader, ReaderOf, hasher_of, kit_of

SECRET_KEY = "a secret key of the tests, which signs nothing of anybody"
MakeKit = Callable[..., Flask]
Busy = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would open a request around each test, and every request in it would share its `g`."""


@pytest.fixture
def records_file(prepared_file: Path, tmp_path: Path) -> Path:
    """The file that holds this test's records."""
    file = tmp_path / "data" / "resguardo.sqlite3"
    file.parent.mkdir(mode=0o700)
    shutil.copy(prepared_file, file)
    return file


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all kits of this process."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_kit(
    make_config: MakeConfig,
    curriculum: Curriculum,
    clock: Clock,
    records_file: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[MakeKit]:
    """Kits over this test's folder, set up otherwise: `make_kit(RESGUARDO_TRANSPORT="https")`."""
    made: list[Flask] = []

    def make(taught: Curriculum | None = None, **environment: str) -> Flask:
        config = make_config(SECRET_KEY=SECRET_KEY, **environment)
        made.append(create_app(config, taught or curriculum, clock))
        made[-1].jinja_env.bytecode_cache = compiled_templates
        return made[-1]

    yield make
    for app in made:
        app.extensions[EXTENSION].database.close()


@pytest.fixture
def app(make_kit: MakeKit) -> Flask:
    """The kit as it runs on one machine, with SQLite."""
    return make_kit()


@pytest.fixture
def reader_of(app: Flask) -> ReaderOf:
    """Readers of this test's kit: `reader_of("en")`."""

    def reader(language: str = "es") -> Reader:
        return Reader(app, language)

    return reader


@pytest.fixture
def reader(app: Flask) -> Reader:
    """Somebody who reads in Spanish, and whom the kit doesn't know yet."""
    return Reader(app)


@pytest.fixture
def module(curriculum: Curriculum) -> Module:
    """The module that most tests are about."""
    return curriculum.modules_by_id[MODULE]


@pytest.fixture
def busy(app: Flask) -> Busy:
    """As a context: every place to hash in, and to wait in, is taken by threads that hold on."""

    @contextmanager
    def all_taken() -> Iterator[None]:
        hasher, taken, over = hasher_of(app), threading.Barrier(5), threading.Event()

        def hold() -> None:
            with hasher._admitted:
                taken.wait(10)
                over.wait(30)

        threads = [threading.Thread(target=hold) for _ in range(4)]
        for thread in threads:
            thread.start()
        taken.wait(10)
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    return all_taken


@pytest.fixture
def other_machine(make_kit: MakeKit, tmp_path: Path, prepared_file: Path) -> Flask:
    """A kit on another machine: other records, another installation's salt, another host secret."""
    file = tmp_path / "another" / "resguardo.sqlite3"
    file.parent.mkdir(mode=0o700)
    shutil.copy(prepared_file, file)
    app = make_kit(RESGUARDO_DATA_DIR=str(file.parent), RESGUARDO_HOST_SECRET="09" * 32)
    with kit_of(app).database.writing() as session:
        session.execute(update(Installation).values(salt=b"\5" * 32))
    return app
