"""A cohort's completions as files: the same figures as the screen, and nothing that a program takes for a formula."""

import csv
import io
import os
import shutil
import subprocess
import zipfile
from datetime import date, timedelta
from pathlib import Path
from string import ascii_uppercase
from xml.etree import ElementTree

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from app.records.action_tables import Action
from app.web.admin import spreadsheets
from tests.records.cohort_people import MEMBERS, Made
from tests.web.pages import Page
from tests.web.readers import kit_of
from tests.web.staff import House, house_of
from tests.web.test_matrix import fill, screen, wanted

FORMULA = '=HYPERLINK("http://x")'
OFFICE, TABLE = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table"))
MISSING = "no LibreOffice here: install libreoffice-calc-nogui, or whatever brings the command soffice"
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app, "en")


@pytest.fixture
def base(house: House) -> str:
    return house.base


@pytest.fixture
def office() -> str:
    """Where LibreOffice is; skips where there is none."""
    found = shutil.which("soffice")
    if found:
        return found
    if os.environ.get("RESGUARDO_TEST_NOTHING_SKIPPED"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


def from_csv(answer: Page) -> list[list[str]]:
    data = answer.response.get_data()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def from_xlsx(data: bytes) -> list[list[str]]:
    """Every cell of a workbook, from its XML: numbers that are days as days, text as text; formulas fail."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - we made it
        strings = [
            "".join(text.text or "" for text in item.iter(f"{NAMESPACE}t"))
            for item in _parts(archive, "xl/sharedStrings.xml", "si")
        ]
    assert not list(sheet.iter(f"{NAMESPACE}f"))
    assert not list(sheet.iter(f"{NAMESPACE}hyperlink"))
    rows = []
    for row in sheet.iter(f"{NAMESPACE}row"):
        cells = {(cell.get("r") or "").rstrip("0123456789"): _cell(cell, strings) for cell in row}
        rows.append([cells.get(column, "") for column in ascii_uppercase[: max(map(ord, cells)) - 64]])
    return rows


def _parts(archive: zipfile.ZipFile, name: str, tag: str) -> list[ElementTree.Element]:
    if name not in archive.namelist():
        return []
    return list(ElementTree.fromstring(archive.read(name)).iter(f"{NAMESPACE}{tag}"))  # noqa: S314 - we made it


def _cell(cell: ElementTree.Element, strings: list[str]) -> str:
    kind, value = cell.get("t"), cell.findtext(f"{NAMESPACE}v") or ""
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{NAMESPACE}t"))
    if kind == "s":
        return strings[int(value)]
    if cell.get("s") and value:
        return (date(1899, 12, 30) + timedelta(days=int(value))).isoformat()
    return value


def figures_of(row: list[str]) -> list[str]:
    """Of a line that was taken along, what the screen shows, too."""
    return [row[0], *row[4:]]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=MEMBERS)
def test_screen_csv_and_workbook_agree(members: list[Made], house: House) -> None:
    admin, base = house["admin"], fill(house, members)

    shown = screen(wanted(admin, base))
    as_csv = from_csv(admin.get(f"{base}export.csv"))[1:]
    as_xlsx = from_xlsx(admin.get(f"{base}export.xlsx").response.get_data())[1:]

    assert len(shown) == len(members)
    assert [[spreadsheets.harmless_text(row[0]), *row[1:]] for row in shown] == [
        figures_of(r) for r in as_csv
    ]
    assert shown == [figures_of(row) for row in as_xlsx]


def test_a_pseudonym_that_is_a_formula_arrives_as_text(house: House) -> None:
    base = fill(house, [Made(FORMULA)])
    admin = house["admin"]

    as_csv = admin.get(f"{base}export.csv")
    as_xlsx = admin.get(f"{base}export.xlsx").response.get_data()

    assert from_csv(as_csv)[1][0] == f"'{FORMULA}"
    assert from_xlsx(as_xlsx)[1][0] == FORMULA


def opened_in_libreoffice(office: str, file: Path) -> ElementTree.Element:
    """A file as LibreOffice took it, told by itself; with a profile of its own, so that nobody's is touched."""
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "fods", "--outdir", str(file.parent), file.name]
    subprocess.run(command, cwd=file.parent, check=True, capture_output=True, timeout=120)
    return ElementTree.parse(file.with_suffix(".fods")).getroot()  # noqa: S314 - it was made here


@pytest.mark.libreoffice
@pytest.mark.parametrize(("ending", "shown"), [("csv", f"'{FORMULA}"), ("xlsx", FORMULA)])
def test_a_formula_is_text_in_libreoffice_too(
    ending: str, shown: str, office: str, house: House, tmp_path: Path
) -> None:
    exported = house["admin"].get(f"{fill(house, [Made(FORMULA)])}export.{ending}")
    file = tmp_path / f"matrix.{ending}"
    file.write_bytes(exported.response.get_data())

    document = opened_in_libreoffice(office, file)

    cells = list(document.iter(f"{{{TABLE}}}table-cell"))
    (cell,) = [cell for cell in cells if "HYPERLINK" in "".join(cell.itertext())]
    assert "".join(cell.itertext()).strip() == shown
    assert cell.get(f"{{{OFFICE}}}value-type") == "string"
    assert not any(cell.get(f"{{{TABLE}}}formula") for cell in cells)


@pytest.mark.libreoffice
def test_libreoffice_would_have_followed_a_formula(office: str, tmp_path: Path) -> None:
    file = tmp_path / "careless.csv"
    file.write_text('Label\n"=1+1"\n')

    cells = list(opened_in_libreoffice(office, file).iter(f"{{{TABLE}}}table-cell"))

    assert [cell.get(f"{{{TABLE}}}formula") for cell in cells if cell.get(f"{{{TABLE}}}formula")]


@pytest.mark.parametrize("label", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "\uff1d1"])
def test_no_cell_of_a_csv_begins_as_a_formula_does(label: str) -> None:
    (line,) = spreadsheets.lines([label], [])

    assert line.decode("utf-8-sig").startswith(f'"\'{label}"')


def test_a_workbook_that_is_full_says_so(tmp_path: Path) -> None:
    rows = [[f"folio{number}", number] for number in range(5)]

    for folder in (None, tmp_path):
        full = from_xlsx(spreadsheets.workbook(["Label", "n"], rows, "cut here", folder, most=3))
        whole = from_xlsx(spreadsheets.workbook(["Label", "n"], rows, "cut here", folder, most=5))
        assert [row[0] for row in full] == ["Label", "folio0", "folio1", "folio2", "cut here"]
        assert [row[0] for row in whole] == ["Label", *(f"folio{number}" for number in range(5))]
    assert list(tmp_path.iterdir()) == []


def test_taking_it_along_is_in_the_log_without_a_label(house: House, base: str) -> None:
    house["trainer"].get(f"{base}export.csv")
    house["admin"].get(f"{base}export.xlsx")

    with kit_of(house.app).database.asking() as asking:
        noted = asking.execute(select(Action.actor, Action.verb, Action.subject, Action.details)).all()
    assert [tuple(entry) for entry in noted] == [
        (house.places["trainer"], "cohort-exported", house.cohort, "csv"),
        (house.places["admin"], "cohort-exported", house.cohort, "xlsx"),
    ]


def test_a_csv_comes_line_by_line(house: House) -> None:
    base = fill(house, [Made(f"folio{number}") for number in range(30)])
    answer = house["admin"].client.get(f"/en/{base}export.csv", buffered=False)

    assert answer.is_streamed
    assert len(list(answer.response)) == 31
    answer.close()
