"""The self-audit: in which order it asks, what it saves, what it leaves out, and when a look is finished."""

from datetime import date

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Module
from app.learning.answers import NOTE_LENGTH, Choice
from app.learning.audit import PAGE, SITTING
from app.learning.history import History
from app.learning.progress import Completion
from app.records.notebook import Ref
from app.web.kept import COMPLETION, HISTORY
from tests.web.auditing import (
    AUDIT,
    FREELANCER,
    REPORTER,
    TREASURER,
    answer_all,
    answered_everything,
    asked_on,
    begin,
    sit,
    statements,
    tell,
)
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.practice import live, take_quiz
from tests.web.readers import MODULE, Reader, ReaderOf, notebook_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])


def looks(reader: Reader) -> History:
    return notebook_of(reader).load(Ref(HISTORY), History, History())


def links_to(page: Page, address: str) -> list[str]:
    return [link for link in page.links if link.startswith(address)]


@BOTH
def test_ten_minutes_are_twenty_statements_on_pages_of_five(reader_of: ReaderOf, language: str) -> None:
    reader = reader_of(language)
    page = begin(reader)
    seen: list[str] = []
    while asked_on(page):
        assert len(asked_on(page)) == PAGE
        seen += asked_on(page)
        page = answer_all(reader, page)

    assert len(set(seen)) == SITTING
    assert page.one("h1").words == said("Ten minutes are over", language)
    assert {f"/{language}/plan/", f"/{language}/exposure/"} <= set(page.links)


def test_what_matters_most_in_somebodys_situation_is_asked_first(
    reader_of: ReaderOf, curriculum: Curriculum
) -> None:
    firsts = []
    for told in (REPORTER, TREASURER, FREELANCER):
        reader = reader_of("es")
        tell(reader, told)
        firsts.append(tuple(asked_on(begin(reader))))

    assert len(set(firsts)) == 3
    items = {item.id: item for module in curriculum.modules for item in module.checklist}
    assert "intimidation" in items[firsts[0][0]].threats
    assert {"extortion", "virtual-kidnapping"} & set(items[firsts[1][0]].threats)


def test_an_answer_given_here_stands_in_its_module_and_the_other_way_round(
    reader: Reader, curriculum: Curriculum
) -> None:
    reader.answer("dx-alerts", "yes")
    page = begin(reader)
    first = asked_on(page)[0]
    answer_all(reader, page, "not-sure")

    module = curriculum.module_of_item[first]
    fields = dict(reader.get(f"modules/{module.id}/checklist/").form(f"{first}-shown").fields)
    assert fields[f"{first}-choice"] == "not-sure"
    sittings = [begin(reader)]
    while asked_on(sittings[-1]):
        sittings.append(answer_all(reader, sittings[-1]))
    assert "dx-alerts" not in {name for page in sittings for name in asked_on(page)}


def test_a_module_that_is_completed_here_is_complete(reader: Reader, module: Module) -> None:
    for lesson in module.lessons:
        path = f"modules/{module.id}/lessons/{lesson.slug}/"
        reader.send(reader.get(path).forms[0], path)
    take_quiz(reader, module)
    live(reader, module)
    last = module.checklist[-1].id
    answered_everything(reader, Choice.YES, but=[last])
    assert not _completed(reader)

    page = begin(reader)
    assert asked_on(page) == [last]
    reader.send(page.form("csrf_token"), "audit/1/", **{f"{last}-choice": "yes"})

    assert _completed(reader) == [Completion(date(2026, 11, 25))]


def _completed(reader: Reader) -> list[Completion]:
    return list(notebook_of(reader).load_many([Ref(COMPLETION, MODULE)], Completion).values.values())


def test_going_on_later_leads_to_the_page_where_one_was(reader: Reader) -> None:
    answer_all(reader, begin(reader))

    page = reader.get(AUDIT)

    assert links_to(page, "/es/audit/2/")
    assert "5 de 132" in page.text


def test_it_saves_as_the_pages_script_does_and_the_meter_counts_what_is_on_other_pages(
    reader: Reader,
) -> None:
    page = answer_all(reader, begin(reader))
    first = asked_on(page)[0]

    answer = reader.send_by_script(page.form("csrf_token"), "audit/2/", **{f"{first}-choice": "yes"})

    assert answer.response.get_json()["ok"]
    assert set(answer.response.get_json()["shown"]) == {f"{first}-shown"}
    meter = reader.get("audit/2/").one("progress")
    assert (meter.get("value"), meter.get("max"), meter.get("data-elsewhere")) == ("6", "20", "5")


def test_saving_and_switching_the_language_keeps_the_page_and_what_was_answered(reader: Reader) -> None:
    page = begin(reader)
    first = asked_on(page)[0]

    page = reader.follow(
        reader.send(page.form("csrf_token"), "audit/1/", switch="en", **{f"{first}-choice": "no"})
    )

    assert page.response.request.path == "/en/audit/1/"
    assert dict(page.form("csrf_token").fields)[f"{first}-choice"] == "no"


def test_what_cannot_be_saved_stays_as_it_was_typed_and_nothing_of_the_page_is_saved(reader: Reader) -> None:
    page = begin(reader)
    first, second = asked_on(page)[:2]
    note = "ñ" * (NOTE_LENGTH + 1)

    refused = reader.send(
        page.form("csrf_token"), "audit/1/", on="yes",
        **{f"{first}-note": note, f"{first}-choice": "no", f"{second}-choice": "yes"},
    )  # fmt: skip

    assert refused.status == 422
    fields = dict(refused.form("csrf_token").fields)
    assert (fields[f"{first}-note"], fields[f"{first}-choice"], fields[f"{second}-choice"]) == (
        note,
        "no",
        "yes",
    )
    assert "0 de 20" in reader.get("audit/1/").text


@BOTH
def test_what_does_not_concern_somebody_is_left_out_with_the_reason_and_may_be_answered_all_the_same(
    reader_of: ReaderOf, curriculum: Curriculum, language: str
) -> None:
    reader = reader_of(language)
    tell(reader, REPORTER)

    page = reader.get(AUDIT)

    assert curriculum.intake is not None
    reason = next(rule for rule in curriculum.intake.left_out if "ov-children" in rule.items).reason
    assert reason.root[language] in page.text
    address = f"/{language}/modules/oversharing/checklist/#item-ov-children"
    assert address in page.links
    form = reader.get(address.partition("#")[0]).form("ov-children-shown")
    reader.send(form, address.partition("#")[0], **{"ov-children-choice": "yes"})
    assert "ov-children" not in asked_on(begin(reader))


def test_what_was_skipped_does_not_come_again_before_what_was_not_asked_yet(reader: Reader) -> None:
    page = begin(reader)
    skipped = asked_on(page)
    page = reader.get("audit/2/")
    while asked_on(page):
        page = answer_all(reader, page)

    assert not set(skipped) & set(asked_on(begin(reader)))


def test_a_look_is_finished_when_nothing_is_left_to_ask(reader: Reader) -> None:
    while True:
        page = sit(reader, "no")
        if page.response.request.path.endswith("/exposure/"):
            break
        assert not looks(reader).snapshots

    (look,) = looks(reader).snapshots
    assert look.threats["doxxing"].open == look.threats["doxxing"].total > 0
    assert said("Saved. That was everything there is to ask now, and this look is kept.") in page.flashes


def test_whoever_leaves_a_statement_unanswered_may_finish_once_everything_was_asked(reader: Reader) -> None:
    reader.answer("dx-alerts", "no")

    def finish(page: Page) -> list[str]:
        return [
            part.get("value") for form in page.forms for part in form.buttons if part.get("value") == "finish"
        ]

    assert not finish(reader.get(AUDIT))
    answered_everything(reader, Choice.YES, but=["dx-documents"])
    assert not finish(reader.get(AUDIT))
    begin(reader)
    page = reader.get(AUDIT)
    assert finish(page)
    form = next(form for form in page.forms if "csrf_token" in form.names())
    page = reader.follow(reader.send(form, AUDIT, do="finish"))

    assert said("This look is kept. Next time you see before and now side by side.") in page.flashes
    assert looks(reader).snapshots[0].threats["doxxing"].unknown > 0


def test_a_look_cannot_be_finished_before_that(reader: Reader) -> None:
    reader.answer("dx-alerts", "no")
    form = next(form for form in reader.get(AUDIT).forms if "csrf_token" in form.names())

    reader.send(form, AUDIT, do="finish")

    assert not looks(reader).snapshots


@pytest.mark.parametrize("address", ["audit/1/", "audit/9/", "audit/0/"])
def test_a_page_that_no_sitting_has_leads_to_the_overview(reader: Reader, address: str) -> None:
    answer = reader.get(address)

    assert (answer.status, answer.headers["Location"]) == (303, "/es/audit/")


def test_the_overview_and_a_page_take_as_many_queries_for_everything_as_for_one_answer(
    app: Flask, reader: Reader
) -> None:
    begin(reader)
    before = [statements(app, reader, path) for path in (AUDIT, "audit/1/")]
    answered_everything(reader, Choice.NO)

    assert [statements(app, reader, path) for path in (AUDIT, "audit/1/")] == before


def test_home_leads_to_it(reader: Reader) -> None:
    assert "/es/audit/" in reader.get("").links
