"""Deleting: the keys, the rows, and then every trace in the file; and what stands in the file until then."""

import sqlite3
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.records.tables import Learner
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.readers import Reader, Rows, kit_of, rows_of


def test_deleting_is_done_when_the_file_no_longer_holds_it(
    app: Flask, reader: Reader, records_file: Path
) -> None:
    reader.answer()
    reader.keep()
    with kit_of(app).database.reading() as session:
        learner_id = session.scalars(select(Learner.id)).one()

    page = reader.follow(reader.send(reader.get("account/delete/").form("csrf_token"), sure="y"))

    assert page.one("h1").words == said("Done")
    assert reader.cookie("sid") is None
    assert reader.cookie("did") is None
    assert rows_of(app) == Rows(0, 0, 0)
    for file in (records_file, records_file.with_name(records_file.name + "-wal")):
        assert learner_id not in file.read_bytes()
    assert reader.sign_in().status == 422


def test_deleting_needs_the_box_to_be_ticked(app: Flask, reader: Reader) -> None:
    reader.answer()
    reader.keep()

    page = reader.send(reader.get("account/delete/").form("csrf_token"))

    assert page.status == 422
    assert reader.is_kept()


def test_while_somebody_reads_the_file_deleting_is_finishing(
    app: Flask, reader: Reader, records_file: Path
) -> None:
    reader.answer()
    reader.keep()
    other = sqlite3.connect(records_file, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM sealed_record").fetchone()

    page = reader.follow(reader.send(reader.get("account/delete/").form("csrf_token"), sure="y"))

    assert page.one("h1").words == said("Finishing")
    assert rows_of(app) == Rows(0, 0, 0)
    other.close()
    assert reader.get("account/deleted/").one("h1").words == said("Done")


def test_a_guest_may_delete_too_and_nobody_has_nothing_to_delete(app: Flask, reader: Reader) -> None:
    assert reader.follow(reader.get("account/delete/")).flashes == [
        said("There is nothing of yours here to delete.")
    ]
    reader.answer()

    reader.send(reader.get("account/delete/").form("csrf_token"), sure="y")

    assert rows_of(app) == Rows(0, 0, 0)


def test_the_file_holds_days_and_quarters_of_an_hour_and_no_moment(
    app: Flask, reader: Reader, clock: Clock, records_file: Path
) -> None:
    clock.turn(minutes=7, seconds=13)
    reader.answer(note="cuándo")
    reader.keep()

    with sqlite3.connect(records_file) as raw:
        times = raw.execute("SELECT expires_at, ends_at FROM key_wrap WHERE kind = 'session'").fetchall()
    raw.close()

    assert times
    assert all(moment % (15 * 60) == 0 for row in times for moment in row)
    assert date(2026, 11, 25).isoformat().encode() not in records_file.read_bytes()
