"""A log to hand over: readable without the kit, and checkable with nothing but `sha256sum`."""

import re
import shutil
import subprocess
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from app.records.attachments import PIECE
from app.records.tables import AttachmentPiece
from app.web.incidents.exporting import MANIFEST, REPORT
from app.web.paper import is_offered
from tests.evidence import GOOD, large_png
from tests.web.catalogue import said
from tests.web.incidents import HAPPENED, adds, exports, files_of, unpacked, writes_down
from tests.web.pages import Page
from tests.web.readers import Reader, kit_of

needs_sha256sum = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
NAME = "<img src=x onerror=alert(1)>.png"
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def with_log(reader: Reader) -> Reader:
    """Two incidents, one with three files, one of them large."""
    incident = writes_down(reader, HAPPENED, on="2026-11-20", knows="solo A.", effect="no dormí")
    for body, name in ((GOOD["jpg"], "a.jpg"), (large_png(2 * PIECE + 9), NAME), (GOOD["ogg"], "voz.ogg")):
        adds(reader, incident, body, name)
    reader.send(
        reader.get(f"{incident}assess/").form("shown"), f"{incident}assess/", facts_note="dos llamadas"
    )
    writes_down(reader, ATTACK, on="2026-10-01", address="https://red.example/p")
    return reader


def latest(reader: Reader) -> str:
    """The address of the latest incident."""
    return next(
        link for link in reader.get("incidents/").links if re.fullmatch(r"/es/incidents/\w{32}/", link)
    )


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def checked(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sha256sum", "-c", MANIFEST], cwd=folder, capture_output=True, text=True, check=False
    )


@needs_sha256sum
def test_sha256sum_passes_on_what_was_exported_and_fails_on_what_was_changed(
    with_log: Reader, tmp_path: Path
) -> None:
    folder = written(unpacked(exports(with_log)), tmp_path)

    assert checked(folder).returncode == 0
    assert checked(folder).stdout.count(": OK") == 4
    changed = next((folder / "files").glob("*.ogg"))
    changed.write_bytes(changed.read_bytes() + b"x")

    assert checked(folder).returncode != 0
    assert f"files/{changed.name}: FAILED" in checked(folder).stdout


def test_the_folder_holds_the_files_as_they_were_added_under_names_of_our_own(with_log: Reader) -> None:
    files = unpacked(exports(with_log))

    assert set(files) == {
        REPORT,
        MANIFEST,
        "files/002-2026-11-20-1.jpg",
        "files/002-2026-11-20-2.png",
        "files/002-2026-11-20-3.ogg",
    }
    assert files["files/002-2026-11-20-1.jpg"] == GOOD["jpg"]
    assert files["files/002-2026-11-20-2.png"] == large_png(2 * PIECE + 9)
    page = files[REPORT].decode()
    for name, content in files.items():
        if name.startswith("files/"):
            assert sha256(content).hexdigest() in page
            assert name in page


def test_the_page_is_whole_in_itself_and_everything_written_is_text(with_log: Reader) -> None:
    answer = exports(with_log, "page")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="resguardo-log.html"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    page = Page(answer.response)
    assert HAPPENED in page.text
    assert "dos llamadas" in page.text
    assert page.text.count(ATTACK) == 1
    assert NAME in page.text
    assert page.all("script", "img", "a", "link", "iframe", "object", "form") == []
    assert "url(" not in page.html
    assert "@import" not in page.html
    assert said("This file is not encrypted: whoever has it can read it.") in page.text
    assert page.text.index(ATTACK) < page.text.index(HAPPENED)  # the earliest first, as it is told


@pytest.mark.skipif(not is_offered(), reason="WeasyPrint or Pango isn't on this machine")
def test_the_page_is_a_tagged_pdf_file_too(with_log: Reader) -> None:
    answer = exports(with_log, "pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="resguardo-log.pdf"'
    pdf = PdfReader(BytesIO(answer.response.get_data()))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "dos llamadas" in words
    assert sha256(GOOD["jpg"]).hexdigest() in words.replace(" ", "")
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert pdf.root_object["/Lang"] == "es"


def test_what_is_left_out_is_in_no_file(with_log: Reader) -> None:
    form = with_log.get("incidents/export/").form("csrf_token", "incidents")
    answer = with_log.post(
        "incidents/export/",
        {
            "csrf_token": form.value("csrf_token"),
            "incidents": [value for name, value in form.fields if name == "incidents"],
            "leave_out": ["assessment", "knows", "effect"],
            "as": "folder",
        },
    )

    page = unpacked(answer)[REPORT].decode()
    assert HAPPENED in page
    assert not [words for words in ("dos llamadas", "solo A.", "no dormí") if words in page]


def test_one_incident_alone_is_exported_from_its_page(with_log: Reader) -> None:
    (link,) = [link for link in with_log.get("incidents/").links if link.endswith("/export/")]
    (only,) = [part for part in with_log.get(latest(with_log)).links if part.startswith(f"{link}?incident=")]

    form = with_log.get(only).form("csrf_token", "incidents")
    files = unpacked(with_log.send(form, **{"as": "folder"}))

    assert "files/001-2026-11-20-1.jpg" in files
    assert ATTACK not in files[REPORT].decode()


def test_without_a_choice_nothing_is_exported(with_log: Reader) -> None:
    token = with_log.get("incidents/export/").form("csrf_token", "incidents").value("csrf_token")

    refused = with_log.post("incidents/export/", {"csrf_token": token, "as": "folder"})

    assert refused.status == 422
    assert said("Choose at least one incident.") in refused.text


def test_before_exporting_it_is_said_whom_to_give_it_to_and_what_to_remove(with_log: Reader) -> None:
    page = with_log.get("incidents/export/")
    sheet = kit_of(with_log.app).curriculum.worksheet

    assert sheet is not None
    give = (sheet.give.trusted, sheet.give.uncertain, sheet.give.collusion)
    assert [text.root["es"] for text in (*give, *sheet.remove) if text.root["es"] not in page.text] == []
    assert said("These files are not encrypted") in page.text


def test_a_damaged_file_is_named_and_the_rest_is_exported(app: Flask, with_log: Reader) -> None:
    damaged = bytes.fromhex(files_of(with_log, latest(with_log))[1].split("/")[-2])
    with kit_of(app).database.writing() as session:
        session.delete(session.get_one(AttachmentPiece, (damaged, 1)))

    files = unpacked(exports(with_log))

    assert sorted(name for name in files if name.startswith("files/")) == [
        "files/002-2026-11-20-1.jpg",
        "files/002-2026-11-20-3.ogg",
    ]
    words = said("It could not be read from the records any more, and is not in this folder.")
    assert words in files[REPORT].decode()
    assert "2026-11-20-2" not in files[MANIFEST].decode()


def test_nothing_to_export_leads_to_the_log(reader: Reader) -> None:
    assert reader.get("incidents/export/").headers["Location"].endswith("/incidents/")
