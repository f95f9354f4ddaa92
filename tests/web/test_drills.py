"""Drills over HTTP: whose they are, what can be decided about each, and what is said about doing them with others."""

from datetime import timedelta

import pytest
from flask import Flask

from app.curriculum.model import Curriculum
from app.learning.drills import Drills
from app.records.notebook import Ref
from app.web.kept import DRILLS as RECORD
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.coming_back import DRILLS, decides, form_with
from tests.web.pages import Page
from tests.web.readers import Reader, ReaderOf, Rows, kit_of, notebook_of, rows_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
ALERTS, SEARCH = "dx-alerts", "dx-search-yourself"
DRILL = "dl-search-yourself"


def mine(page: Page) -> list[str]:
    """The drills that a page lists as one's own, in order."""
    listed = [part for part in page.all("a") if any(outer.get("id") == "mine" for outer in part.inside)]
    return [part.get("href").split("/")[-2] for part in listed]


def decided(reader: Reader) -> Drills:
    return notebook_of(reader).load(Ref(RECORD), Drills, Drills())


@BOTH
def test_every_drill_can_be_read_by_anybody_and_leaves_no_trace(
    language: str, app: Flask, reader_of: ReaderOf, curriculum: Curriculum
) -> None:
    reader = reader_of(language)
    page = reader.get(DRILLS)
    for drill in curriculum.drills:
        assert f"/{language}/{DRILLS}{drill.id}/" in page.links
        one = reader.get(f"{DRILLS}{drill.id}/")
        assert one.status == 200
        for text in (drill.title, drill.why, *drill.steps):
            assert " ".join(text.in_language(language).split()) in one.text
        agreed = said("With others", language) in one.text
        assert agreed is drill.together
        if agreed:
            assert ("may stop it" if language == "en" else "puede pararlo") in one.text
        for source in drill.sources:
            assert one.html.count(f'id="source-{source}"') == 1
        assert any("/checklist/#item-" + drill.item in link for link in one.links)

    assert mine(page) == []
    assert rows_of(app) == Rows(0, 0, 0)
    assert reader.get(f"{DRILLS}dl-none/").status == 404


def test_a_yes_makes_it_ones_own_and_its_day_comes(reader: Reader, clock: Clock) -> None:
    reader.answer(SEARCH, "yes")
    reader.keep()
    assert mine(reader.get(DRILLS)) == [DRILL]
    assert "24 de mayo de 2027" in reader.get(DRILLS).text
    assert f"/es/{DRILLS}{DRILL}/" not in reader.get("").links

    clock.turn(days=179)
    reader.sign_in()
    assert f"/es/{DRILLS}{DRILL}/" not in reader.get("").links
    clock.turn(days=1)
    reader.sign_in()

    assert f"/es/{DRILLS}{DRILL}/" in reader.get("").links
    assert said("due today") in reader.get(DRILLS).text

    page = decides(reader, DRILL, "done")

    assert page.flashes == [said("Done. It comes back on its next day.")]
    assert f"/es/{DRILLS}{DRILL}/" not in reader.get("").links
    assert "20 de noviembre de 2027" in page.text
    reader.answer(SEARCH, "no")
    assert mine(reader.get(DRILLS)) == []


@BOTH
def test_not_now_not_for_me_and_added_again(language: str, reader_of: ReaderOf, clock: Clock) -> None:
    reader = reader_of(language)
    reader.answer(SEARCH, "yes")
    today = kit_of(reader.app).today()

    decides(reader, DRILL, "not-now")
    assert decided(reader).decided[DRILL].due_on == today + timedelta(days=7)
    decides(reader, DRILL, "not-now", "2027-02-03")
    assert decided(reader).decided[DRILL].due_on == today + timedelta(days=70)
    page = decides(reader, DRILL, "not-for-me")
    assert page.flashes == [said("Put away. It doesn't come back unless you add it again.", language)]
    assert said("put away", language) in page.text
    assert mine(page) == []
    buttons = [button.get("value") for button in reader.get(f"{DRILLS}{DRILL}/").forms[0].buttons]
    assert buttons == ["add"]

    page = decides(reader, DRILL, "add")

    assert mine(page) == [DRILL]
    assert said("due today", language) in page.text


@BOTH
@pytest.mark.parametrize("until", ["2026-11-25", "2026-11-24", "2028-01-01", "pronto", "2026-02-30"])
def test_a_day_that_isnt_to_come_is_refused_and_stays_as_it_was_typed(
    until: str, language: str, reader_of: ReaderOf
) -> None:
    reader = reader_of(language)
    reader.answer(SEARCH, "yes")
    form = form_with(reader.get(f"{DRILLS}{DRILL}/"), "not-now")

    page = reader.send(form, f"{DRILLS}{DRILL}/", did="not-now", until=until)

    assert page.status == 422
    assert form_with(page, "not-now").value("until") == until
    (summary,) = [part for part in page.all("div") if part.get("class") == "error-summary"]
    assert summary.words
    assert decided(reader) == Drills()


def test_a_button_that_there_isnt_decides_nothing(reader: Reader) -> None:
    reader.answer(SEARCH, "yes")
    form = form_with(reader.get(f"{DRILLS}{DRILL}/"), "done")

    assert reader.send(form, f"{DRILLS}{DRILL}/", did="everything").status == 400
    assert reader.send(form, f"{DRILLS}{DRILL}/").status == 400
    assert decided(reader) == Drills()


def test_whoever_adds_one_without_an_account_is_a_guest_from_then_on(app: Flask, reader: Reader) -> None:
    page = decides(reader, "dl-call-rule", "add")

    assert mine(page) == ["dl-call-rule"]
    assert rows_of(app) == Rows(1, 1, 1)
    assert "/es/drills/dl-call-rule/" in reader.get("").links


def test_what_a_guest_decided_joins_what_was_kept(reader_of: ReaderOf, clock: Clock) -> None:
    ana = reader_of()
    decides(ana, "dl-call-rule", "add")
    decides(ana, "dl-two-words", "add")
    decides(ana, "dl-two-words", "done")
    ana.keep()
    ana.sign_out()
    clock.turn(days=2)
    guest = reader_of()
    decides(guest, "dl-two-words", "add")
    decides(guest, "dl-two-words", "not-for-me")

    guest.sign_in(visit="merge")

    assert mine(guest.get(DRILLS)) == ["dl-call-rule"]
    assert decided(guest).decided["dl-two-words"].done_on == kit_of(guest.app).today() - timedelta(days=2)


def test_a_checklist_leads_to_what_keeps_its_items_alive(reader: Reader, curriculum: Curriculum) -> None:
    for module in curriculum.modules:
        links = reader.get(f"modules/{module.id}/checklist/").links
        items = {item.id for item in module.checklist}
        wanted = [f"/es/{DRILLS}{drill.id}/" for drill in curriculum.drills if drill.item in items]
        assert sorted(link for link in links if "/drills/" in link) == sorted(wanted)


def test_a_drill_that_left_the_content_is_dropped(reader: Reader) -> None:
    decides(reader, "dl-call-rule", "add")
    state = decided(reader)
    notebook_of(reader).save(
        {Ref(RECORD): Drills({**state.decided, "dl-gone": state.decided["dl-call-rule"]})}
    )

    assert mine(reader.get(DRILLS)) == ["dl-call-rule"]
    assert "dl-gone" not in reader.get("due/").text
    assert "dl-gone" in reader.get("account/take/everything.html").text
