"""What tests of the whole kit share: the real curriculum, a kit in a folder of its own, and a clock to turn."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.curriculum import load
from app.curriculum.model import Curriculum
from app.records import schema
from app.records.database import Database
from config import CHECKOUT, Config
from tests.sharing import share

share()

#: Hashing that costs next to nothing: what it costs is measured by the bench, not here.
CHEAP = {"RESGUARDO_HASH_MEMORY_MIB": "19"}
MakeConfig = Callable[..., Config]


class Clock:
    """A clock that stands until a test turns it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Let time pass: `turn(minutes=61)`."""
        self.now += timedelta(**by)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test's group to the scheduler, at the end of the test's id.

    pytest-xdist 3.8 does so by an attribute that pytest 9.2 no longer has: without this, tests of one group run
    on several workers, and each makes again what the group shares.
    """
    for item in items if config.getoption("loadgroup", default=False) else []:
        group = item.get_closest_marker("xdist_group")
        if group and "@" not in item.nodeid:
            item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")


@pytest.fixture(scope="session")
def curriculum(tmp_path_factory: pytest.TempPathFactory) -> Curriculum:
    """The real curriculum, read once for all tests."""
    return load(CHECKOUT, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def make_config(tmp_path: Path) -> MakeConfig:
    """Configurations in this test's own folder: `make_config(SITE_NAME="…")`."""

    def make(**environment: str) -> Config:
        given = {"RESGUARDO_DATA_DIR": str(tmp_path / "data"), **CHEAP, **environment}
        config = Config.from_mapping(given)
        return config if "RESGUARDO_HOST_SECRET" in given else replace(config, host_secret=b"\7" * 32)

    return make


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables, to be copied: making them takes longer than most tests."""
    file = tmp_path_factory.mktemp("prepared") / "records.sqlite3"
    database = Database(f"sqlite:///{file}")
    schema.prepare(database)
    database.close()
    return file


@pytest.fixture
def app(make_config: MakeConfig, curriculum: Curriculum, clock: Clock) -> Iterator[Flask]:
    """The kit as it runs on one machine, with SQLite."""
    made = create_app(make_config(), curriculum, clock)
    yield made
    made.extensions["resguardo"].database.close()


@pytest.fixture
def browser_of(app: Flask) -> Callable[[], FlaskClient]:
    """Browsers with cookies of their own."""
    return app.test_client
