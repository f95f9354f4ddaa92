"""Pages as tagged PDF files: the page itself, laid out for paper, with nothing fetched and nothing written anywhere."""

import logging
import socket
import sys
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, Response
from pypdf import PdfReader

from app.curriculum.model import Curriculum, Module
from app.web import paper, typesetting
from app.web.paper import as_pdf, is_offered
from tests.web.readers import CHECKLIST, Reader

LANGUAGES = ["en", "es"]
with_weasyprint = pytest.mark.skipif(not is_offered(), reason="WeasyPrint or Pango isn't on this machine")


def _pdf(reader: Reader, address: str) -> PdfReader:
    page = reader.get(address)
    assert page.status == 200
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["Content-Disposition"].startswith('attachment; filename="resguardo-')
    return PdfReader(BytesIO(page.response.get_data()))


def _words(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@with_weasyprint
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_card_and_checklist_is_one_tagged_page_in_its_language(
    language: str, app: Flask, curriculum: Curriculum
) -> None:
    reader = Reader(app, language)
    # In Spanish, which is longer, all of them.
    some = None if language == "es" else 2
    addresses = [f"help/sheets/{sheet.id}/paper.pdf" for sheet in curriculum.sheets]
    addresses += [f"help/{situation.id}/card/paper.pdf" for situation in curriculum.situations[:some]]
    addresses += [f"modules/{module.id}/checklist/paper.pdf" for module in curriculum.modules[:some]]
    for address in addresses:
        pdf = _pdf(reader, address)

        assert len(pdf.pages) == 1, address
        assert pdf.root_object["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in pdf.root_object
        assert pdf.root_object["/Lang"] == language
        assert pdf.metadata is not None
        assert pdf.metadata.title


@with_weasyprint
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_checklist_holds_every_statement_and_nothing_that_belongs_to_the_screen(
    language: str, app: Flask, module: Module
) -> None:
    reader = Reader(app, language)
    first = module.checklist[0].id
    reader.post(f"modules/{module.id}/checklist/", {f"{first}-choice": "no", f"{first}-shown": ""})
    shown = reader.get(f"modules/{module.id}/checklist/")

    words = _words(_pdf(reader, f"modules/{module.id}/checklist/paper.pdf"))

    for item in module.checklist:
        assert " ".join(item.text.in_language(language).split()) in words
    for control in shown.all("input"):
        if control.get("type") == "hidden":
            assert control.get("value") not in words or not control.get("value")


@with_weasyprint
def test_nothing_is_fetched_and_nothing_of_the_page_is_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, app.test_request_context("/en/"):
        listening.settimeout(0.2)
        away = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        html = (
            f'<!doctype html><html lang="en"><head><title>t</title><link rel="stylesheet" href="{away}a.css"></head>'
            f'<body><p style="colour: secret-colour">secret words</p><img src="{away}b.png" alt="b">'
            '<img src="file:///etc/hostname" alt="c"></body></html>'
        )
        with caplog.at_level(logging.DEBUG):
            file = as_pdf(Response(html, content_type="text/html"))

        assert file.mimetype == "application/pdf"
        with pytest.raises(TimeoutError):
            listening.accept()
    assert "secret" not in caplog.text
    assert capfd.readouterr() == ("", "")


@with_weasyprint
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_can_t_be_laid_out_is_asked_for_again_and_no_word_of_it_is_logged(
    language: str,
    app: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    broken = tmp_path / "typesetting.py"
    broken.write_text("import sys; raise ValueError(sys.stdin.read())")
    monkeypatch.setattr(typesetting, "__file__", str(broken))
    reader = Reader(app, language)
    reader.answer(note="una nota secreta")

    refused = reader.get(CHECKLIST + "paper.pdf")

    assert (refused.status, refused.headers["Retry-After"]) == (503, str(paper.RETRY_SECONDS))
    assert "CalledProcessError" in caplog.text
    assert "secreta" not in caplog.text
    assert capfd.readouterr() == ("", "")
    monkeypatch.undo()
    assert reader.get(CHECKLIST + "paper.pdf").status == 200


@with_weasyprint
def test_what_lays_pages_out_is_told_no_setting_of_the_kit_and_takes_no_memory_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("RESGUARDO_SITE_NAME", "Golondrina")

    assert len(_pdf(Reader(app, "es"), "help/sheets/family-sheet/paper.pdf").pages) == 1

    assert not {"SECRET_KEY", "RESGUARDO_SITE_NAME"} & paper._environment().keys()
    assert "weasyprint" not in sys.modules


@with_weasyprint
def test_it_works_where_no_temporary_file_can_be_written(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))

    assert len(_pdf(Reader(app, "es"), "help/sheets/family-sheet/paper.pdf").pages) == 1


@with_weasyprint
def test_however_many_ask_for_files_others_read_on(app: Flask) -> None:
    reader, sheet = Reader(app, "es"), "help/sheets/family-sheet/paper.pdf"
    made = reader.get(sheet)
    taken = [paper._rooms.acquire(blocking=False) for _ in range(paper.ROOMS)]
    try:
        refused = reader.get(CHECKLIST + "paper.pdf")
        again = reader.get(sheet)
    finally:
        for _ in taken:
            paper._rooms.release()

    assert (refused.status, refused.headers["Retry-After"]) == (503, str(paper.RETRY_SECONDS))
    assert again.response.get_data() == made.response.get_data()
    assert reader.get(CHECKLIST + "paper.pdf").status == 200


@with_weasyprint
def test_no_file_with_somebody_s_answers_is_kept(app: Flask) -> None:
    reader = Reader(app, "es")
    reader.answer()
    before = paper._kept.cache_info()

    assert reader.get(CHECKLIST + "paper.pdf").status == 200

    assert paper._kept.cache_info() == before


@with_weasyprint
def test_whatever_is_no_page_stays_as_it_is(app: Flask) -> None:
    page = Reader(app, "es").get("help/sheets/nothing/paper.pdf")

    assert page.status == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_weasyprint_a_page_says_how_to_print(
    language: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "find_library", lambda _name: None)
    is_offered.cache_clear()
    try:
        reader = Reader(app, language)

        assert reader.get("help/sheets/family-sheet/paper.pdf").status == 404
        page = reader.get("help/sheets/family-sheet/")
        assert "paper.pdf" not in page.text
        assert page.all("noscript")
    finally:
        is_offered.cache_clear()
