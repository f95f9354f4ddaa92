"""The matrix, one learner and the figures, as staff meet them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.curriculum.model import Curriculum
from app.records.cohorts import overview
from app.records.cohorts.matrix import Presence
from app.web.admin import cohort_views
from tests.conftest import Clock
from tests.records.cohort_people import Made, cohort_of
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.pages import Page
from tests.web.practice import teaching
from tests.web.readers import Reader, kit_of
from tests.web.staff import House, assign, completed, house_of

UPDATED = (
    '"Updated since": something in the module was checked anew after that day, and may have changed. '
    "It stays complete."
)


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


def test_the_list_of_cohorts_has_pages_and_says_where_it_stopped_counting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "COUNTED_TO", 2)
    monkeypatch.setattr(cohort_views, "COUNTED_TO", 2)
    admin, costs = house["admin"], set()
    for size in (1, 2, 3, *range(49)):
        members = [Made(f"{number}") for number in range(size if size < 4 else 0)]
        fill(house, [*members, Made("x", Presence.EXPECTED)])
        if size in {1, 48}:
            with statements(house.app) as asked:
                admin.get("admin/")
            costs.add(len(asked))

    first, second = admin.get("admin/"), admin.get("admin/?page=2")

    assert len(costs) == 1
    rows = [
        row.words
        for page in (first, second)
        for row in page.all("li")
        if row.inside[-1].get("class") == "rows"
    ]
    assert len(rows) == 54
    assert sum("more than 2 learners" in row for row in rows) == 2
    assert "/en/admin/?page=2" in first.links
    assert "/en/admin/?page=1" in second.links
    assert admin.get("admin/?page=3").status == 404
    assert admin.get("admin/?page=x").status == 200
    assert len(house["trainer"].get("admin/").all("h2")) == 1


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
    new = Made("ese día", shared={("risk", "module"): reviewed})
    base = fill(house, [old, new])
    pages = [wanted(house["admin"], base, search=label) for label in ("antes", "ese")]
    pages += [house["admin"].get(f"{base}members/{made.id.hex()}/") for made in (old, new)]

    assert ["updated since" in page.text for page in pages] == [True, False, True, False]
    assert [said(UPDATED, "en") in page.text for page in pages] == [True, False, True, False]
    assert all(said("Complete", "en") in page.text for page in pages)


def test_what_was_completed_stays_complete_when_the_module_changes(
    house: House, curriculum: Curriculum, make_kit: MakeKit, clock: Clock
) -> None:
    assign(house, "risk")
    completed(house, "learner", "risk")
    day = kit_of(house.app).today()
    module = curriculum.modules_by_id["risk"]
    added = module.lessons[0].model_copy(update={"slug": "added", "reviewed": day + timedelta(days=2)})
    later = module.model_copy(update={"lessons": (*module.lessons, added)})
    app = make_kit(taught=teaching(curriculum, later))
    clock.turn(days=3)
    admin, learner = Reader(app, "en"), Reader(app, "en")
    admin.sign_in("clave admin")
    learner.sign_in("clave learner")

    matrix = admin.get(house.base)
    pages = [
        admin.get(f"{house.base}members/{house.places['learner'].hex()}/"),
        learner.get("account/shared/"),
    ]

    ((label, number, *cells),) = screen(matrix)
    assert (label, number) == ("Folio learner", "1")
    assert cells[[each.id for each in curriculum.modules].index("risk")] == day.isoformat()
    for page in (matrix, *pages):
        assert "updated since" in page.text
        assert said(UPDATED, "en") in page.text
    assert all("November 25, 2026" in page.text for page in pages)
    assert "You completed this module on November 25, 2026." in learner.get("modules/risk/").text


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
