"""Everything to read and for a program tells of the audit in words, in both languages, and of nothing else twice."""

import json
from datetime import date

import pytest

from app.curriculum.model import Curriculum
from app.learning.answers import Choice
from app.learning.history import History, Measured, Snapshot
from app.records.notebook import Ref
from app.web.kept import HISTORY
from tests.web.auditing import REPORTER, WEIGHTS, answered, begin, do, tell
from tests.web.catalogue import said
from tests.web.readers import Reader, ReaderOf, notebook_of
from tests.web.test_reaudit import happened

BOTH = pytest.mark.parametrize("language", ["en", "es"])
HTML, JSON = "account/take/everything.html", "account/take/everything.json"


def goes_through_all_of_it(reader: Reader) -> None:
    tell(reader, REPORTER)
    reader.send(reader.get(WEIGHTS).form("csrf_token"), WEIGHTS, **{"about-lures": "3"})
    happened(reader, "2026-11-20", "doxxing")
    begin(reader)
    answered(reader, {"dx-alerts": Choice.NO, "dx-documents": Choice.NO})
    do(reader, "week", "dx-alerts")
    then = Snapshot(date(2026, 5, 1), {"distress": Measured(7, 2, 19, 2)})
    notebook_of(reader).save({Ref(HISTORY): History([then])})


@BOTH
def test_it_is_all_there_in_words(reader_of: ReaderOf, curriculum: Curriculum, language: str) -> None:
    reader = reader_of(language)
    goes_through_all_of_it(reader)

    page = reader.get(HTML)

    assert curriculum.intake is not None
    told = [
        question.option(name)
        for question in curriculum.intake.questions
        for name in REPORTER.get(question.id, [])
    ]
    assert all(option is not None and option.text.root[language] in page.text for option in told)
    names = {name: threat.name.root[language] for name, threat in curriculum.threats_by_id.items()}
    assert f"{names['lures']}: {said('high', language)}" in page.text
    assert f"{names['distress']}: " in page.text
    assert {"en": "7 of 19 points missing", "es": "Faltan 7 de 19 puntos"}[language] in page.text
    assert names["doxxing"] in page.text
    (alerts,) = [item for item in curriculum.items if item.id == "dx-alerts"]
    put_off = said("Put off", language)
    assert put_off in [part.words for part in page.all("h3")]
    assert page.text.count(alerts.text.root[language]) == 3, (
        "as an answer, as put off, and as what was done last"
    )
    assert said("About what the kit no longer has", language) not in page.text
    assert not page.closed_wrongly


@BOTH
def test_a_program_gets_the_same(reader_of: ReaderOf, language: str) -> None:
    reader = reader_of(language)
    goes_through_all_of_it(reader)

    audit = json.loads(reader.get(JSON).html)["audit"]

    assert audit["told_on"] == "2026-11-25"
    assert len(audit["situation"]) == len(REPORTER)
    assert audit["looks"][0]["threats"][0]["missing"] == 7
    assert audit["happened_on"] == "2026-11-20"
    assert audit["put_off"][0]["until"] == "2026-12-02"
    assert len(audit["sitting"]) == 20


def test_whoever_told_nothing_reads_nothing_of_it(reader: Reader) -> None:
    reader.answer()

    assert said("My situation") not in reader.get(HTML).text
