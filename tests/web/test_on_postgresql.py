"""The way of a learner through the whole kit, on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.records.attachments import PIECE
from app.records.hashing import PassphraseHasher
from app.records.tables import AttachmentPiece
from tests import postgresql
from tests.conftest import Clock
from tests.evidence import large_png
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.incidents import adds, deletes, exports, files_of, unpacked, writes_down
from tests.web.readers import (
    ANOTHER,
    CHECKLIST,
    ITEM,
    MODULE,
    OTHER_ITEM,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
    Rows,
    code_on,
    hasher_of,
    kit_of,
    rows_of,
)
from tests.web.staff import house_of

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("web on postgresql")]


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    with postgresql.running() as running:
        yield running


@pytest.fixture
def app(server: postgresql.Server, make_kit: MakeKit) -> Iterator[Flask]:
    """A kit on a fresh database of that server."""
    url = server.create_prepared()
    app = make_kit(DATABASE_URL=url.replace("postgresql+psycopg://", "postgresql://"))
    assert isinstance(hasher_of(app), PassphraseHasher)
    yield app
    app.extensions["resguardo"].database.close()
    server.drop(url)


def test_from_the_first_lesson_to_deleting_everything(app: Flask, clock: Clock, records_file: Path) -> None:
    before = records_file.read_bytes()
    reader = Reader(app)
    lesson = f"modules/{MODULE}/lessons/first-hours/"
    assert reader.send(reader.get(lesson).forms[0], lesson).status == 303
    reader.answer(ITEM, "no", "primera «ñ» \u8bed")
    code = reader.keep()
    reader.sign_out()
    assert reader.note() == ""

    reader.answer(ITEM, "yes", "segunda")
    assert reader.follow(reader.sign_in(visit="merge")).status == 200
    assert reader.note() == "primera «ñ» \u8bed\n\nsegunda"
    form = reader.get("account/exposed/").form("current")
    page = reader.send(form, current=PASSPHRASE, pseudonym=PSEUDONYM, passphrase=ANOTHER, again=ANOTHER)
    assert code_on(page) != code
    assert reader.note().startswith("primera")

    page = reader.checklist()
    clock.turn(hours=2)
    ended = reader.answer(OTHER_ITEM, "no", "tarde", page)
    assert ended.status == 409
    resume = next(form for form in ended.forms if form.action.endswith("/resume/"))
    signed_in = reader.send(reader.send(resume).form("passphrase"), pseudonym=PSEUDONYM, passphrase=ANOTHER)
    save = next(form for form in signed_in.forms if form.action.endswith("/checklist/"))
    assert reader.send(save).status == 303
    assert reader.note(OTHER_ITEM) == "tarde"

    done = reader.follow(reader.send(reader.get("account/delete/").form("csrf_token"), sure="y"))
    assert done.one("h1").words == said("Done")
    assert rows_of(app) == Rows(0, 0, 0)
    assert records_file.read_bytes() == before


def test_the_recovery_code_and_wrong_tries(app: Flask, clock: Clock) -> None:
    reader, stranger = Reader(app), Reader(app)
    reader.answer(note="mía")
    code = reader.keep()
    for _ in range(4):
        assert stranger.sign_in(PSEUDONYM, ANOTHER).status == 422
    assert stranger.sign_in().status == 429

    form = stranger.get("account/recover/").form("code")
    stranger.send(form, code=code, pseudonym="Colibrí", passphrase=ANOTHER, again=ANOTHER)

    assert stranger.note() == "mía"
    assert not reader.is_kept()


def test_where_the_database_is_gone_lessons_are_read_and_typed_text_is_held(
    app: Flask, server: postgresql.Server
) -> None:
    reader = Reader(app)
    reader.answer(note="antes")
    form = reader.checklist().form(f"{ITEM}-shown")
    database = app.extensions["resguardo"].database
    database.close()
    server.drop(database.url.render_as_string(hide_password=False))

    page = reader.send(form, CHECKLIST, **{f"{ITEM}-note": "lo que escribí"})

    assert page.status == 503
    assert "lo que escribí" in page.html
    assert reader.get(f"modules/{MODULE}/lessons/first-hours/").status == 200
    assert reader.get("help/").status == 200
    assert reader.get("/n/es/").status == 200


def test_what_that_database_can_hold_in_no_text_is_no_error_of_ours(app: Flask) -> None:
    house = house_of(app)
    admin, place = house["admin"], house.places["learner"].hex()
    token, nul = admin.token(), "Taller\0 de abril"
    typed = {
        "admin/": ({"name": nul, "keep_days": "30"}, 303),
        f"{house.base}settings/": ({"name": nul, "keep_days": "30"}, 303),
        f"{house.base}people/": ({"words": "Folio\0"}, 200),
        house.base: ({"search": "Folio\0", "order": "label", "who": "present"}, 200),
        f"{house.base}certificates/issue/{place}/ri%00sk/": ({}, 404),
    }

    found = {
        path: admin.post(path, {"csrf_token": token, **data}).status for path, (data, _) in typed.items()
    }

    assert found == {path: status for path, (_, status) in typed.items()}


def test_an_incident_log_with_a_file_from_its_first_word_to_its_last_piece(app: Flask) -> None:
    reader = Reader(app)
    incident = writes_down(reader)
    large = large_png(3 * PIECE)
    adds(reader, incident, large)
    reader.keep()
    (evidence,) = files_of(reader, incident)

    assert reader.get(evidence).response.data == large
    assert large in unpacked(exports(reader)).values()

    assert reader.follow(deletes(reader, incident)).flashes == [
        said("The incident and its files are deleted for good.")
    ]
    with kit_of(app).database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AttachmentPiece)) == 0
