"""Files of an incident: taken in by what they are, given back as they were, inert, and gone when they are deleted."""

from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.learning.filetypes import FileKind
from app.learning.incidents import FILES
from app.records.attachments import LARGEST_FILE, PIECE, ROOM
from app.records.crypto import random_id
from app.records.tables import Attachment, AttachmentPiece
from app.web.requests import EXTENSION, FILES_AT_ONCE
from tests.evidence import GOOD, HOSTILE, INERT, jpeg, large_png
from tests.web.carrying import bring, copy_of
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.incidents import HAPPENED, adds, deletes, files_of, writes_down
from tests.web.readers import Reader, ReaderOf, kit_of, notebook_of

REFUSED = (
    "This isn't a whole file of a kind that is taken here, whatever its name says. Nothing was kept of it."
)


def rows(app: Flask) -> tuple[int, int]:
    """How many files and pieces there are in the records."""
    with kit_of(app).database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(t)) for t in (Attachment, AttachmentPiece)]
    return counts[0] or 0, counts[1] or 0


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_of_every_kind_comes_back_byte_for_byte_and_does_nothing(reader: Reader, kind: str) -> None:
    incident = writes_down(reader, on="2026-11-20")

    added = reader.follow(adds(reader, incident, GOOD[kind], f"evidencia.{kind}"))

    assert added.flashes == [said("The file is added and sealed. What it holds was not changed.")]
    assert sha256(GOOD[kind]).hexdigest() in added.text
    (address,) = files_of(reader, incident)
    given = reader.get(address)
    assert given.response.data == GOOD[kind]
    assert given.headers["Content-Disposition"] == f'attachment; filename="2026-11-20-1.{kind}"'
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert given.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", HOSTILE)
def test_what_pretends_to_be_evidence_is_refused_in_words(app: Flask, reader: Reader, name: str) -> None:
    incident = writes_down(reader)

    refused = adds(reader, incident, HOSTILE[name], "foto.jpg")

    assert refused.status == 422
    assert said(REFUSED) in refused.text
    assert rows(app) == (0, 0)


@pytest.mark.parametrize("name", INERT)
def test_what_hides_something_is_only_ever_downloaded(reader: Reader, name: str) -> None:
    incident = writes_down(reader)
    adds(reader, incident, INERT[name], "foto.html")

    (address,) = files_of(reader, incident)
    given = reader.get(address)

    assert given.response.data == INERT[name]
    assert given.headers["Content-Disposition"].startswith("attachment; ")
    assert given.headers["Content-Disposition"].endswith(('.png"', '.jpg"', '.pdf"'))
    assert given.headers["Content-Type"] == "application/octet-stream"


def test_an_empty_file_none_and_one_that_is_too_large(app: Flask, reader: Reader) -> None:
    incident = writes_down(reader)
    token = reader.get(incident).form("file").value("csrf_token")

    assert said("This file is empty.") in adds(reader, incident, b"").text
    assert said("Choose a file.") in reader.post(f"{incident}files/", {"csrf_token": token}).text
    assert said("This file is larger than 10 MB.") in adds(reader, incident, large_png(LARGEST_FILE + 1)).text
    assert adds(reader, incident, large_png(LARGEST_FILE + 2**19)).status == 413
    assert rows(app) == (0, 0)


def test_ten_megabytes_are_taken_and_given_back(app: Flask, reader: Reader) -> None:
    incident = writes_down(reader)
    large = large_png(LARGEST_FILE, b"marca ")

    adds(reader, incident, large, "grande.png")

    (address,) = files_of(reader, incident)
    given = reader.get(address)
    assert given.response.data == large
    assert given.headers["Content-Length"] == str(LARGEST_FILE)
    assert rows(app) == (1, LARGEST_FILE // PIECE)


def test_a_name_decides_nothing_and_is_shown_as_it_is(reader: Reader) -> None:
    incident = writes_down(reader)

    page = reader.follow(adds(reader, incident, name="fotos/<b>abuela\u202e.exe"))

    assert "<b>abuela.exe" in [part.words for part in page.all("h3")]
    (address,) = files_of(reader, incident)
    assert reader.get(address).headers["Content-Disposition"].endswith('-1.jpg"')


def test_each_incident_has_so_many_files_and_each_learner_so_much_room(app: Flask, reader: Reader) -> None:
    incident, other = writes_down(reader), writes_down(reader, "otro")
    for _ in range(FILES):
        assert adds(reader, incident).status == 303
    token = reader.get(other).form("file").value("csrf_token")

    assert "file" not in {name for form in reader.get(incident).forms for name in form.names()}
    assert adds(reader, incident, token=token).status == 422
    with kit_of(app).database.writing() as session:
        learner = notebook_of(reader).vault.learner_id
        session.add(Attachment(id=random_id(), learner_id=learner, pieces=ROOM - FILES, until=None))
    full = adds(reader, other)
    assert said("There is no room for this file: yours have 50 MB in all. Delete some first.") in full.text


def test_deleting_a_file_or_its_incident_deletes_its_pieces(app: Flask, reader: Reader) -> None:
    incident = writes_down(reader)
    for _ in range(3):
        adds(reader, incident, large_png(3 * PIECE))
    addresses = files_of(reader, incident)

    gone = reader.follow(deletes(reader, addresses[1]))

    assert gone.flashes == [said("The file is deleted for good.")]
    assert files_of(reader, incident) == [addresses[0], addresses[2]]
    assert reader.get(addresses[1]).status == 404
    assert rows(app) == (2, 6)
    deletes(reader, incident)
    assert rows(app) == (0, 0)


@pytest.mark.parametrize("how", ["everything", "discarded", "expired"])
def test_whoever_goes_takes_the_files_along(app: Flask, reader: Reader, how: str, clock: object) -> None:
    if how == "discarded":
        reader.keep()
        reader.sign_out()
    adds(reader, writes_down(reader), large_png(2 * PIECE))
    assert rows(app) == (1, 2)

    if how == "everything":
        reader.send(reader.get("account/delete/").form("csrf_token"), "/es/account/delete/", sure="y")
    elif how == "discarded":
        reader.sign_in(visit="discard")
    else:
        clock.turn(hours=13)  # type: ignore[attr-defined]
        with app.app_context():
            kit_of(app).tidy()

    assert rows(app) == (0, 0)


def test_a_guests_files_are_there_after_keeping_and_after_joining(reader: Reader) -> None:
    incident = writes_down(reader)
    adds(reader, incident)
    (first,) = files_of(reader, incident)
    reader.keep()
    assert reader.get(first).response.data == jpeg(b"GPS 19.4")
    reader.sign_out()
    other = writes_down(reader, "otro")
    adds(reader, other, GOOD["pdf"], "acta.pdf")
    (second,) = files_of(reader, other)

    reader.sign_in(visit="merge")

    assert reader.get(first).response.data == jpeg(b"GPS 19.4")
    assert reader.get(second).response.data == GOOD["pdf"]


def test_nobody_else_gets_a_file_by_its_address(reader: Reader, reader_of: ReaderOf) -> None:
    incident = writes_down(reader)
    adds(reader, incident)
    (address,) = files_of(reader, incident)

    other = reader_of()
    assert other.get(address).status == 303
    other.answer()
    assert other.get(address).status == 404
    assert other.get(f"{address}delete/").status == 404


def test_another_machine_is_told_what_was_not_brought(
    app: Flask, reader: Reader, other_machine: Flask
) -> None:
    incident = writes_down(reader)
    adds(reader, incident)
    reader.keep()
    (address,) = files_of(reader, incident)
    copy = copy_of(reader)
    there = Reader(other_machine)
    bring(there, copy)

    page = there.get(incident)

    assert HAPPENED in page.text
    assert (
        said(
            "The file itself was not brought here: it is on the machine that the copy came from. A file with this hash"
            " is the same one."
        )
        in page.text
    )
    assert sha256(jpeg(b"GPS 19.4")).hexdigest() in page.text
    assert there.get(address).status == 409
    # Brought back here, it takes nothing away.
    bring(reader, copy_of(there))
    assert reader.get(address).response.data == jpeg(b"GPS 19.4")


def test_the_key_of_a_file_is_in_nothing_that_is_taken_away(reader: Reader) -> None:
    incident = writes_down(reader)
    adds(reader, incident)
    entries, _ = notebook_of(reader).everything()
    (key,) = [
        file["key"] for entry in entries if entry.ref.kind == "incident" for file in entry.value["files"]
    ]

    for path in ("account/take/everything.html", "account/take/everything.json", incident):
        page = reader.get(path)
        assert page.status == 200
        assert key not in page.html


@pytest.mark.parametrize("how", ["changed", "dropped"])
def test_a_damaged_file_is_not_given_out_and_the_rest_is(app: Flask, reader: Reader, how: str) -> None:
    incident = writes_down(reader)
    adds(reader, incident, large_png(3 * PIECE))
    adds(reader, incident, GOOD["gif"])
    addresses = files_of(reader, incident)
    with kit_of(app).database.writing() as session:
        piece = session.get_one(AttachmentPiece, (bytes.fromhex(addresses[0].split("/")[-2]), 2))
        if how == "dropped":
            session.delete(piece)
        else:
            piece.sealed = piece.sealed[:-1] + bytes([piece.sealed[-1] ^ 1])

    refused = reader.get(addresses[0])

    assert refused.status == 409
    assert said("This can't be read") in refused.text
    assert HAPPENED in reader.get(incident).text
    assert reader.get(addresses[1]).response.data == GOOD["gif"]


def test_more_files_at_once_than_the_machine_takes_wait_outside_and_pages_go_on(
    app: Flask, reader: Reader
) -> None:
    incident = writes_down(reader)
    token = reader.get(incident).form("file").value("csrf_token")
    places = app.extensions[EXTENSION]
    for _ in range(FILES_AT_ONCE):
        places.acquire()

    turned_away = adds(reader, incident, token=token)

    assert turned_away.status == 503
    assert said("Go back, wait some seconds, and choose the file again.") in turned_away.text
    assert reader.get(incident).status == 200
    places.release()
    assert [adds(reader, incident, token=token).status for _ in range(3)] == [303] * 3
    places.release()


def test_a_file_on_an_old_page_changes_nothing_and_the_next_one_is_taken(app: Flask, reader: Reader) -> None:
    incident = writes_down(reader)

    refused = adds(reader, incident, token="old")

    assert refused.status == 400
    assert rows(app) == (0, 0)
    assert [adds(reader, incident).status for _ in range(FILES_AT_ONCE + 1)] == [303] * 3


def test_where_people_are_invited_strangers_add_no_files(make_kit: MakeKit) -> None:
    reader = Reader(make_kit(RESGUARDO_ENROLMENT="invitation"))
    token = reader.token("join/")
    incident = writes_down(reader)

    refused = adds(
        reader, incident, token=reader.get(f"{incident}edit/").form("shown").value("csrf_token") or token
    )

    assert refused.status == 422
    assert said("Here files can be added once your progress is kept.") in refused.text
    assert rows(reader.app) == (0, 0)
