"""A record that was changed in the file: it is reported, the rest is intact, and a new answer replaces it."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from tests.web.catalogue import said
from tests.web.readers import CHECKLIST, ITEM, OTHER_ITEM, Reader, kit_of

UNREADABLE = (
    "Your earlier answer here can't be read: its record was changed or damaged in the file. "
    "Answer again to replace it."
)


@pytest.fixture
def damaged(app: Flask, reader: Reader, records_file: Path) -> Reader:
    """A reader with two answers, one of whose records has one bit changed."""
    reader.answer(ITEM, "no", "dañada")
    with sqlite3.connect(records_file) as raw:
        ((address, body),) = raw.execute("SELECT address, body FROM sealed_record").fetchall()
        changed = body[:40] + bytes([body[40] ^ 1]) + body[41:]
    raw.close()
    reader.answer(OTHER_ITEM, "yes", "intacta")
    with sqlite3.connect(records_file) as raw:
        raw.execute("UPDATE sealed_record SET body = ? WHERE address = ?", (changed, address))
    raw.close()
    return reader


def test_the_checklist_says_which_answer_it_is_and_shows_the_others(damaged: Reader) -> None:
    page = damaged.checklist()

    errors = [part for part in page.all("p") if part.words == said(UNREADABLE)]
    assert [part.inside[-1].get("id") for part in errors] == [f"item-{ITEM}"]
    assert damaged.note(OTHER_ITEM) == "intacta"
    assert "dañada" not in page.html


def test_progress_says_how_many(damaged: Reader) -> None:
    page = damaged.get("progress/")

    alert = next(part for part in page.all("p") if part.get("role") == "alert")
    assert "1" in alert.words.split()
    assert "1 de 12" in page.text


def test_the_account_says_it_too(damaged: Reader) -> None:
    damaged.keep()

    assert damaged.get("account/").status == 200
    assert damaged.note(OTHER_ITEM) == "intacta"


def test_a_new_answer_replaces_it(damaged: Reader) -> None:
    assert damaged.answer(ITEM, "yes", "nueva").status == 303

    assert damaged.note(ITEM) == "nueva"
    assert said(UNREADABLE) not in damaged.checklist().text


def test_a_record_moved_to_another_place_is_not_taken_for_the_answer_there(
    app: Flask, reader: Reader, records_file: Path
) -> None:
    reader.answer(ITEM, "no", "una")
    reader.answer(OTHER_ITEM, "yes", "otra")
    kit_of(app).database.close()
    with sqlite3.connect(records_file) as raw:
        rows = raw.execute("SELECT address, revision, body FROM sealed_record").fetchall()
        for (address, _, _), (_, revision, body) in zip(rows, reversed(rows), strict=True):
            raw.execute(
                "UPDATE sealed_record SET revision = ?, body = ? WHERE address = ?", (revision, body, address)
            )
    raw.close()

    page = reader.get(CHECKLIST)

    assert page.text.count(said(UNREADABLE)) == 2
