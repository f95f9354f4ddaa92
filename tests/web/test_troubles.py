"""When nothing can be saved or read: what was typed is held, and whatever is taught is still read."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.records import database
from app.records.failures import StorageReadOnly
from tests.web.catalogue import said
from tests.web.readers import CHECKLIST, ITEM, MODULE, PASSPHRASE, PSEUDONYM, Reader, kit_of
from tests.web.test_failures import LESSON, MARK


@pytest.fixture
def guest(app: Flask) -> Reader:
    reader = Reader(app)
    reader.answer(note="antes")
    return reader


def full(app: Flask) -> Iterator[None]:
    """No page may be added to the file, by SQLite's own limit."""
    engine = kit_of(app).database.engine
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
    engine.dispose()

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    database.event.listen(engine, "connect", limit)
    yield
    database.event.remove(engine, "connect", limit)
    engine.dispose()


def read_only(app: Flask) -> Iterator[None]:
    """Every connection refuses to write, as one to a file without rights does."""
    engine = kit_of(app).database.engine
    engine.dispose()

    def refuse(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON").close()

    database.event.listen(engine, "connect", refuse)
    yield
    database.event.remove(engine, "connect", refuse)
    engine.dispose()


def busy(app: Flask) -> Iterator[None]:
    """Another process holds the write lock; the kit waits a tenth of its time."""
    engine = kit_of(app).database.engine
    engine.dispose()

    def hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=50").close()

    database.event.listen(engine, "connect", hurry)
    with closing(sqlite3.connect(str(kit_of(app).database.file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    database.event.remove(engine, "connect", hurry)
    engine.dispose()


TROUBLES: dict[str, Callable[[Flask], Iterator[None]]] = {"full": full, "read-only": read_only, "busy": busy}


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_nothing_can_be_saved_the_page_says_why_holds_what_was_typed_and_saves_it_later(
    language: str, app: Flask, guest: Reader
) -> None:
    guest.language = language
    reasons: set[str] = set()
    for trouble, make_trouble in TROUBLES.items():
        typed = f"{trouble} {MARK} «ñ»\nsegunda línea " * 30
        before = guest.note()
        for _ in make_trouble(app):
            page = guest.answer(ITEM, "no", typed)
            assert guest.note() == before
            assert guest.get(LESSON).status == 200

        assert page.status == 503
        assert page.one("h1").words == said("Saving is not possible right now", language)
        assert page.headers["Retry-After"] == "30"
        reasons.add(next(part.words for part in page.all("p") if part.get("class") == "lede"))
        form = page.form("csrf_token", f"{ITEM}-note")
        assert form.value(f"{ITEM}-note").strip() == typed.strip()
        assert guest.send(form).status == 303
        assert guest.note() == typed.strip()
    assert len(reasons) == len(TROUBLES)


@pytest.mark.parametrize("trouble", ["read-only", "busy"])
def test_in_the_same_troubles_nobody_gets_a_new_session_and_everybody_may_leave(
    trouble: str, app: Flask, guest: Reader
) -> None:
    guest.keep()
    for _ in TROUBLES[trouble](app):
        newcomer = Reader(app)
        assert newcomer.post(LESSON).status == 503
        assert newcomer.cookie("sid") is None
        assert newcomer.sign_in(PSEUDONYM, PASSPHRASE).status == 503
        assert newcomer.cookie("sid") is None
        assert guest.get("/n/es/").status == 200
        assert guest.cookie("sid") is None


def test_a_form_of_the_account_is_not_offered_to_be_saved_later(app: Flask, guest: Reader) -> None:
    guest.keep()
    form = guest.get("account/delete/").form("csrf_token")
    for _ in read_only(app):
        page = guest.send(form, sure="y")

    assert page.status == 503
    assert page.forms == []


def test_the_script_is_told_that_nothing_was_saved(app: Flask, guest: Reader) -> None:
    form = guest.checklist().form(f"{ITEM}-shown")
    for _ in read_only(app):
        page = guest.send_by_script(form, CHECKLIST, **{f"{ITEM}-note": "x"})

    assert (page.status, page.response.json) == (503, {"ok": False})


def test_a_read_only_file_is_named_by_its_name(app: Flask) -> None:
    for _ in read_only(app):
        with pytest.raises(StorageReadOnly):
            kit_of(app).keyring.begin_as_guest(0)


@pytest.mark.parametrize("path", ["", "modules/", f"modules/{MODULE}/", LESSON, "help/", "about/", "/"])
def test_with_the_records_gone_everything_that_is_taught_is_read(
    path: str, app: Flask, guest: Reader, records_file: Path
) -> None:
    kit_of(app).database.close()
    records_file.write_bytes(b"\x00" * 9000)

    page = guest.get(path)

    assert page.status == 200
    assert guest.cookie("sid") is not None


def test_with_the_records_gone_answers_are_not_shown_as_if_there_were_none(
    app: Flask, guest: Reader, records_file: Path
) -> None:
    kit_of(app).database.close()
    records_file.write_bytes(b"\x00" * 9000)

    for path in (CHECKLIST, "progress/", "account/", "account/sign-in/"):
        assert guest.get(path).status == 503
    typed = guest.post(CHECKLIST, {f"{ITEM}-note": MARK, "csrf_token": "old"})
    assert typed.status == 503
    assert MARK in typed.html
    assert guest.get("/healthz").status == 503
