"""Kits in folders of their own, made from tables that were made once, and people at their browsers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.curriculum.model import Curriculum
from app.records import schema
from app.records.database import Database
from app.web.kit import EXTENSION
from tests.conftest import Clock, MakeConfig
from tests.web.readers import Reader, ReaderOf

SECRET_KEY = "a secret key of the tests, which signs nothing of anybody"
MakeKit = Callable[..., Flask]


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables, to be copied: making them takes longer than most tests."""
    file = tmp_path_factory.mktemp("prepared") / "records.sqlite3"
    database = Database(f"sqlite:///{file}")
    schema.prepare(database)
    database.close()
    return file


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
