"""The page of exposure: its numbers, why they are what they are, and before beside now."""

import re
from datetime import date

import pytest

from app.curriculum.model import Curriculum
from app.learning.answers import Answer, Choice
from app.learning.exposure import exposures, points
from app.learning.situation import Situation, weights
from config import CHECKOUT
from tests.conftest import Clock
from tests.web.auditing import EXPOSURE, REPORTER, answered_everything, do, sit, tell
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, ReaderOf

BOTH = pytest.mark.parametrize("language", ["en", "es"])
TODAY = date(2026, 11, 25)


def shown(page: Page) -> dict[str, tuple[str, str]]:
    """What the last meter of each row says: the missing points and all there are, by the threat's name."""
    rows = [part for part in page.all("tr") if part.inside[-1].name == "tbody"]
    found = {}
    for row in rows:
        name = next(part.words for part in page.all("a") if row in part.inside)
        meter = [part for part in page.all("progress") if row in part.inside][-1]
        found[name] = (meter.get("value"), meter.get("max"))
    return found


def looked(reader: Reader) -> None:
    """Finish a look: everything is answered, and it is kept."""
    form = next(form for form in reader.get("audit/").forms if "csrf_token" in form.names())
    reader.send(form, "audit/", do="finish")


@BOTH
def test_whoever_has_answered_nothing_is_led_to_ten_minutes(reader_of: ReaderOf, language: str) -> None:
    page = reader_of(language).get(EXPOSURE)

    assert said("Your exposure follows from your answers, and there are none yet.", language) in page.text
    assert f"/{language}/audit/" in page.links
    assert not page.all("table", "svg")[1:]


@BOTH
def test_it_shows_what_is_missing_by_threat_the_most_pressing_first(
    reader_of: ReaderOf, curriculum: Curriculum, language: str
) -> None:
    reader = reader_of(language)
    tell(reader, REPORTER)
    sit(reader)
    page = reader.get(EXPOSURE)

    names = list(shown(page))
    assert names[0] == curriculum.threats_by_id["intimidation"].name.root[language]
    assert all(int(missing) <= int(total) for missing, total in shown(page).values())
    assert said("An order of what is most open for you, not a probability.", language) in page.text
    assert said("weighs: %(level)s", language, level=said("first of all", language)) in page.text
    assert said("How this is counted", language) in [part.words for part in page.all("h2")]


def test_its_numbers_are_those_of_the_arithmetic(reader: Reader, curriculum: Curriculum) -> None:
    reader.answer("dx-alerts", "no")
    answered_everything(reader, Choice.UNSURE)

    answers = {item.id: Answer(Choice.UNSURE, "", TODAY) for item in curriculum.items}
    assert curriculum.intake is not None
    wanted = exposures(
        curriculum.items, answers, weights(curriculum.intake, curriculum.threats_by_id, Situation())
    )
    assert shown(reader.get(EXPOSURE)) == {
        curriculum.threats_by_id[each.threat].name.root["es"]: (str(each.open), str(each.total))
        for each in wanted
    }


@BOTH
def test_each_number_is_explained_measure_by_measure(
    reader_of: ReaderOf, curriculum: Curriculum, language: str
) -> None:
    reader = reader_of(language)
    reader.answer("dx-alerts", "no")
    page = reader.get(f"{EXPOSURE}doxxing/")

    counted = [item for item in curriculum.items if "doxxing" in item.threats]
    links = [link for link in page.links if "#item-" in link]
    assert {link.partition("#item-")[2] for link in links} == {item.id for item in counted}
    alerts = next(item for item in counted if item.id == "dx-alerts")
    first = page.all("ul")[_place(page, "Missing", language)]
    assert alerts.text.root[language] in first.words
    assert str(points(alerts, "doxxing")) in first.words


def _place(page: Page, heading: str, language: str) -> int:
    """Which of the lists follows a heading."""
    parts = page.all("h2", "ul")
    place = next(n for n, part in enumerate(parts) if part.words == said(heading, language))
    return page.all("ul").index(parts[place + 1])


def test_a_threat_that_there_is_not_has_no_page(reader: Reader) -> None:
    assert reader.get(f"{EXPOSURE}weather/").status == 404


@BOTH
def test_before_and_now_stand_side_by_side_once_there_is_a_before(
    reader_of: ReaderOf, curriculum: Curriculum, clock: Clock, language: str
) -> None:
    reader = reader_of(language)
    reader.answer("dx-alerts", "no")
    answered_everything(reader, Choice.NO)
    looked(reader)
    assert not reader.get(EXPOSURE).all("svg")[1:], "of the same day there is no before"
    reader.keep()
    clock.turn(days=100)
    reader.sign_in()
    do(reader, "done", "dx-alerts")

    page = reader.get(EXPOSURE)

    name = curriculum.threats_by_id["doxxing"].name.root[language]
    row = next(part for part in page.all("tr") if name in part.words and part.inside[-1].name == "tbody")
    before, now = [int(part.get("value")) for part in page.all("progress") if row in part.inside]
    (alerts,) = [item for item in curriculum.items if item.id == "dx-alerts"]
    assert before - now == points(alerts, "doxxing")


@BOTH
def test_the_picture_says_what_it_is_and_spills_no_word_where_drawings_are_off(
    reader_of: ReaderOf, clock: Clock, language: str
) -> None:
    reader = reader_of(language)
    reader.answer("dx-alerts", "no")
    answered_everything(reader, Choice.NO)
    looked(reader)
    reader.keep()
    clock.turn(days=100)
    reader.sign_in()

    page = reader.get(EXPOSURE)

    picture = next(part for part in page.all("svg") if part.get("class") == "figure-svg")
    assert picture.get("aria-labelledby") == "picture-title picture-desc"
    named = {part.get("id"): part.words for part in page.all("title", "desc") if picture in part.inside}
    assert named["picture-title"] == said("Your exposure by threat, before and now", language)
    assert len(named["picture-desc"]) > 40
    texts = [part for part in page.all("text") if picture in part.inside]
    assert len(texts) == len(shown(page))
    assert all(part.get("font-size") for part in texts), "a size of its own is what only a drawing obeys"
    css = (CHECKOUT / "app" / "static" / "resguardo.css").read_text(encoding="utf-8")
    assert re.search(r"\.figure-svg \{[^}]*font-size: 0", css)
