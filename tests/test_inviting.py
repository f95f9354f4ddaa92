"""`flask admin invite` and `flask actions verify`, as whoever runs the machine types them."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.records.action_tables import Action
from app.records.actions import COMMAND_LINE
from app.records.cohorts.invitations import look
from app.records.cohorts.roles import Role
from app.records.database import Database
from config import CHECKOUT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *words: str, **settings: str) -> tuple[int, str]:
    environment = {**os.environ, "RESGUARDO_DATA_DIR": str(data), **settings}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_it_says_a_link_and_a_code_that_make_one_administrator_and_the_log_knows(data: Path):
    status, said = run(data, "admin", "invite")

    assert status == 0
    (code,) = re.findall(r"there: (\S+)", said)
    assert f"http://127.0.0.1:8000/es/join/#{code}" in said
    database = Database(f"sqlite:///{data / 'resguardo.sqlite3'}")
    with database.changing() as connection:
        offer = look(connection, code, datetime.now(UTC).astimezone().date())
        (entry,) = connection.execute(Action.__table__.select()).all()
    database.close()
    assert (offer.role, offer.cohort) == (Role.ADMIN, None)
    assert (entry.actor, entry.verb, entry.subject) == (COMMAND_LINE, "admin-invited", None)
    assert run(data, "actions", "verify") == (0, "The log is whole: 1 entries.\n")


def test_an_invitation_that_was_taken_out_of_the_log_is_missed(data: Path):
    run(data, "admin", "invite")
    run(data, "admin", "invite")
    database = Database(f"sqlite:///{data / 'resguardo.sqlite3'}")
    with database.changing() as connection:
        connection.execute(Action.__table__.delete().where(Action.number == 2))
    database.close()

    status, said = run(data, "actions", "verify")

    assert status == 1
    assert "the log ends at entry 1" in said


def test_settings_that_can_not_be_used_are_said_by_their_key(data: Path):
    status, said = run(data, "admin", "invite", PORT="x")

    assert status == 1
    assert "PORT" in said
    assert "Traceback" not in said
