"""The matrix, one learner, the figures and the exports, as staff meet them; and the learner's own page of it."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from string import ascii_uppercase
from xml.etree import ElementTree

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event, select

from app.curriculum.model import Curriculum
from app.records.action_tables import Action
from app.records.cohorts import groups
from app.records.cohorts.matrix import Presence
from app.records.cohorts.publishing import share
from app.records.cohorts.tables import Membership
from app.web.admin import spreadsheets
from tests.records.cohort_people import MEMBERS, Made, cohort_of
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, kit_of
from tests.web.staff import House, house_of

FORMULA = '=HYPERLINK("http://x")'
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app, "en")


@pytest.fixture
def base(house: House) -> str:
    return house.base


def fill(house: House, members: list[Made]) -> str:
    """A further cohort; where its pages begin."""
    return f"admin/cohorts/{cohort_of(kit_of(house.app).database, members).hex()}/"


def wanted(admin: Reader, base: str, **typed: str) -> Page:
    return admin.post(base, {"who": "everybody", **typed})


def screen(page: Page) -> list[list[str]]:
    """The table as it stands: label, number complete, and for each module a day or a state."""
    rows: list[list[str]] = []
    for element in page.all("tr", "th", "td"):
        if not any(outer.name == "tbody" for outer in element.inside):
            continue
        if element.name == "tr":
            rows.append([])
        elif element.name == "th":
            (label,) = [link.words for link in page.all("a") if element in link.inside]
            rows[-1].append(label)
        else:
            days = [time.get("datetime") for time in page.all("time") if element in time.inside]
            rows[-1].append(days[0] if days else element.words.removeprefix("–"))
    return rows


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


def test_a_pseudonym_that_is_a_formula_arrives_as_text(house: House, tmp_path: Path) -> None:
    base = fill(house, [Made(FORMULA)])
    admin = house["admin"]

    as_csv = admin.get(f"{base}export.csv")
    as_xlsx = admin.get(f"{base}export.xlsx").response.get_data()

    assert from_csv(as_csv)[1][0] == f"'{FORMULA}"
    assert from_xlsx(as_xlsx)[1][0] == FORMULA
    office = shutil.which("soffice")
    if office is None:
        return
    (tmp_path / "matrix.xlsx").write_bytes(as_xlsx)
    command = [office, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path), "matrix.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    opened = (tmp_path / "matrix.fods").read_text(encoding="utf-8")
    assert "HYPERLINK" in opened
    assert "table:formula" not in opened


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


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = kit_of(app).database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_the_number_of_statements_of_a_page_never_depends_on_its_rows(house: House) -> None:
    admin, day = house["admin"], kit_of(house.app).today()
    costs: dict[str, set[int]] = {}
    for size in (3, 60):
        shared = {("risk", "module"): day, ("lures", "lessons"): day}
        members = [Made(f"folio{number}", shared=shared) for number in range(size)]
        base = fill(house, members)
        for path in ("", "summary/", f"members/{members[0].id.hex()}/", "export.csv", "export.xlsx"):
            with statements(house.app) as asked:
                assert admin.get(f"{base}{path}").status == 200
            costs.setdefault(re.sub("[0-9a-f]{32}", "…", path), set()).add(len(asked))

    assert {path: len(counts) for path, counts in costs.items()} == dict.fromkeys(costs, 1)


def test_looking_filtering_sorting_and_paging(house: House) -> None:
    admin, day = house["admin"], kit_of(house.app).today()
    members = [Made(f"folio{number:02}") for number in range(57)]
    members[50].shared = {("risk", "module"): day}
    members[51].presence = Presence.LEFT
    base = fill(house, members)

    def labels(page: Page) -> list[str]:
        assert page.status == 200, page.text
        return [row[0] for row in screen(page)]

    first = admin.get(base)
    assert labels(first) == [f"folio{number:02}" for number in range(50)]
    rest = admin.send(first.form("search"), page="2")
    assert labels(rest) == ["folio50", *(f"folio{number}" for number in range(52, 57))]
    assert labels(wanted(admin, base, search="FOLIO5", order="number"))[0] == "folio50"
    assert labels(wanted(admin, base, module="risk", state="complete")) == ["folio50"]
    assert labels(wanted(admin, base, who="left")) == ["folio51"]
    assert "folio" not in wanted(admin, base, search="nadie").html
    assert (
        said("Nobody is like this. Look for less, or choose other words.", "en")
        in wanted(admin, base, search="nadie").text
    )


@pytest.mark.parametrize(
    "typed", [{"state": "begun"}, {"module": "risk"}, {"who": "x"}, {"order": "x"}, {"search": "x" * 61}]
)
def test_what_does_not_fit_together_is_said(typed: dict[str, str], house: House, base: str) -> None:
    page = wanted(house["admin"], base, **typed)

    assert page.status == 422
    assert [element for element in page.all("div") if element.get("class") == "error-summary"]


def test_completed_before_the_last_review_says_so(house: House, curriculum: Curriculum) -> None:
    reviewed = curriculum.modules_by_id["risk"].newest_review
    old = Made("antes", shared={("risk", "module"): reviewed - timedelta(days=1)})
    base = fill(house, [old, Made("ese día", shared={("risk", "module"): reviewed})])
    pages = [wanted(house["admin"], base, search=label) for label in ("antes", "ese")]
    pages.append(house["admin"].get(f"{base}members/{old.id.hex()}/"))

    assert ["updated since" in page.text for page in pages] == [True, False, True]
    assert all(said("Complete", "en") in page.text for page in pages)


def test_the_summary_says_in_words_what_its_meters_and_its_chart_show(house: House) -> None:
    day = kit_of(house.app).today()
    members = [
        Made("a", shared={("risk", "module"): day}),
        Made("b", shared={("risk", "module"): day - timedelta(days=14), ("lures", "lessons"): day}),
        Made("c", Presence.EXPECTED),
    ]
    page = house["admin"].get(f"{fill(house, members)}summary/")

    assert "3 learners, of whom 1 is expected" in page.text
    assert "2 complete · 0 begun · 1 not started" in page.text
    assert "0 complete · 1 begun · 2 not started" in page.text
    table = [[cell.words for cell in page.all("th", "td") if row in cell.inside] for row in page.all("tr")]
    assert [row[1] for row in table[1:]] == ["1", "0", "1"]
    bars = [(bar.get("x"), float(bar.get("height"))) for bar in page.all("rect")]
    assert bars == [("1", 50.0), ("11", 0.0), ("21", 50.0)]


def test_a_member_of_another_cohort_is_no_page_of_this_one(house: House, base: str) -> None:
    for who in ("other learner", "trainer"):
        assert house["admin"].get(f"{base}members/{house.places[who].hex()}/").status == 404
    assert house["admin"].get(f"{base}members/{'0' * 32}/").status == 404


def test_no_label_stands_in_an_address_or_a_title(house: House, base: str) -> None:
    admin = house["admin"]
    pages = [admin.get(base), wanted(admin, base, search="Folio"), admin.get(f"{base}summary/")]
    pages.append(admin.get(f"{base}members/{house.places['learner'].hex()}/"))

    for page in pages:
        assert not any("folio" in link.lower() for link in page.links)
        assert "folio" not in page.title.lower()
        assert page.headers["Cache-Control"] == "no-store"


def test_trainers_find_no_door_that_is_closed_to_them(house: House, base: str) -> None:
    doors = {who: house[who].get(base).links for who in ("trainer", "admin")}

    assert [link.endswith("/settings/") for link in doors["admin"]].count(True) == 1
    assert not any(link.endswith("/settings/") for link in doors["trainer"])
    for link in doors["trainer"]:
        if "/admin/" in link:
            assert house["trainer"].get(link).status == 200


def facts(page: Page) -> list[str]:
    """What is disclosed: the facts and the table."""
    return [cell.words for cell in page.all("dt", "dd", "th", "td")]


def test_learners_see_exactly_what_staff_see(house: House, base: str) -> None:
    learner, day = house["learner"], kit_of(house.app).today()
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        for module, part in (("risk", "module"), ("risk", "lessons"), ("gone", "quiz")):
            share(connection, house.places["learner"], module, part, day)

    own = learner.get("account/shared/")

    assert facts(own) == facts(house["admin"].get(f"{base}members/{house.places['learner'].hex()}/"))
    assert "/en/account/shared/" in learner.get("account/").links
    assert "365" in own.text


def test_nobody_else_is_led_there(house: House) -> None:
    for who in ("kept", "admin", "trainer"):
        assert "/en/account/shared/" not in house[who].get("account/").links
        assert house[who].get("account/shared/").forms == []


def test_learners_choose_what_they_share_and_leave(house: House, base: str) -> None:
    learner, member = house["learner"], house.places["learner"].hex()

    choose, _ = learner.get("account/shared/").forms
    answer = learner.follow(learner.post(choose.action, {**dict(choose.fields), "share": "everything"}))
    assert (
        said("From now on you share everything that you complete with this cohort.", "en") in answer.flashes
    )
    assert "everything that is completed" in house["admin"].get(f"{base}members/{member}/").text
    choose, leave = answer.forms
    learner.post(choose.action, {**dict(choose.fields), "share": "assigned"})
    assert "only what is assigned" in house["admin"].get(f"{base}members/{member}/").text

    left = learner.follow(learner.send(leave))

    assert said("You left the cohort. Nothing more is shared with it.", "en") in left.flashes
    assert left.forms == []
    assert "/en/account/shared/" in learner.get("account/").links
    assert screen(wanted(house["admin"], base, who="left"))[0][0] == "Folio learner"
    assert screen(house["admin"].get(base)) == []


@pytest.mark.parametrize("path", ["", "leave/"])
def test_nobody_decides_for_somebody_else(path: str, house: House) -> None:
    address = f"account/shared/{house.places['learner'].hex()}/{path}"
    for who in ("other learner", "trainer", "admin", "kept"):
        sent = {"csrf_token": house[who].token("account/"), "share": "everything"}
        assert house[who].post(address, sent).status == 404

    with kit_of(house.app).database.asking() as asking:
        where = Membership.id == house.places["learner"]
        kept = asking.execute(select(Membership.shares_all, Membership.left_on).where(where)).one()
    assert tuple(kept) == (False, None)


def test_what_an_archived_cohort_keeps_and_until_when_is_said(house: House) -> None:
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        groups.archive(connection, house.cohort, kit.today())

    page = house["learner"].get("account/shared/")

    assert "until November 25, 2027" in page.text
    assert [form.action.rsplit("/", 2)[1] for form in page.forms] == ["leave"]
