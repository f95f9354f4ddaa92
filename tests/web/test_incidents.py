"""The incident log: written, changed, judged, and deleted; by its writer alone."""

from datetime import date

import pytest
from flask import Flask

from app.learning.incidents import INCIDENTS, STORY_LENGTH
from app.records.notebook import Ref
from app.web.kept import INCIDENT
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.incidents import HAPPENED, deletes, writes_down
from tests.web.readers import ANOTHER, Reader, ReaderOf, kit_of, notebook_of, rows_of
from tests.web.staff import house_of
from tests.web.test_nothing_leaks import reachable

TOLD = {
    "on": "2026-11-20",
    "hour": "a eso de las 22:00",
    "where": "por teléfono",
    "address": "https://red.example/p/77",
    "who": "la cuenta «sombra»",
    "knows": "A.",
    "done": "guardé la grabación",
    "effect": "no dormí",
}


def test_nobody_is_asked_for_anything_but_what_happened(reader: Reader) -> None:
    form = reader.get("incidents/new/").form("happened")

    refused = reader.send(form, "/es/incidents/new/", happened="  ", where="por teléfono")

    assert refused.status == 422
    assert said("Write what happened. Everything else may stay empty.") in refused.text
    assert refused.form("happened").value("where") == "por teléfono"
    assert not {"name", "pseudonym"} & form.names()


def test_what_is_written_is_shown_again_word_for_word(reader: Reader) -> None:
    incident = writes_down(reader, "uno <b>dos</b>\n\ntres", **TOLD)

    page = reader.get(incident)

    assert "uno <b>dos</b>\n\ntres" in "".join(part.text for part in page.all("dd"))
    for words in TOLD.values():
        assert words in page.text or words == "2026-11-20"
    assert "20 de noviembre de 2026" in page.title
    assert said("Written down on %(date)s.", date="25 de noviembre de 2026") in page.text
    assert page.links.count("https://red.example/p/77") == 0  # somebody's trap, perhaps: never a link


def test_the_list_has_the_latest_day_first(reader: Reader) -> None:
    for day, words in (("2026-10-01", "primero"), ("2026-11-01", "segundo"), ("", "tercero")):
        writes_down(reader, words, on=day)

    listed = [part.words for part in reader.get("incidents/").all("p") if part.get("translate") == "no"]

    assert listed == ["tercero", "segundo", "primero"]


def test_a_visitor_who_writes_becomes_a_guest_and_keeps_the_log_with_the_rest(
    app: Flask, reader: Reader, reader_of: ReaderOf
) -> None:
    incident = writes_down(reader)
    assert said("Not kept yet") in reader.get("incidents/").text

    reader.keep()

    assert HAPPENED in reader.get(incident).text
    assert said("Not kept yet") not in reader.get("incidents/").text
    other = reader_of()
    assert HAPPENED not in other.get("incidents/").text
    assert other.follow(other.get(incident)).response.request.path == "/es/incidents/"
    other.answer()
    assert other.get(incident).status == 404


def test_an_incident_is_changed_and_the_day_of_it_is_kept(reader: Reader, clock: Clock) -> None:
    incident = writes_down(reader, **TOLD)
    reader.keep()
    clock.turn(days=2)
    reader.sign_in()

    form = reader.get(f"{incident}edit/").form("happened")
    assert form.value("hour") == TOLD["hour"]
    reader.send(form, f"{incident}edit/", happened="otra versión", who="")

    page = reader.get(incident)
    assert "otra versión" in page.text
    assert HAPPENED not in page.text
    assert TOLD["who"] not in page.text
    assert said("Written down on %(date)s.", date="25 de noviembre de 2026") in page.text
    assert said("Changed on %(date)s.", date="27 de noviembre de 2026") in page.text


@pytest.mark.parametrize("what", ["edit", "assess"])
def test_an_old_page_overwrites_nothing_unless_it_is_sent_again(reader: Reader, what: str) -> None:
    incident = writes_down(reader)
    old = reader.get(f"{incident}{what}/").form("shown")
    reader.send(reader.get(f"{incident}edit/").form("happened"), f"{incident}edit/", happened="nuevo")
    typed = {"happened": "viejo"} if what == "edit" else {"facts_note": "viejo"}

    refused = reader.send(old, f"{incident}{what}/", **typed)

    assert refused.status == 409
    assert "nuevo" in reader.get(incident).text
    again = refused.form("shown")
    assert "viejo" in [value for _, value in again.fields]
    assert reader.send(again, f"{incident}{what}/").status == 303
    assert "viejo" in reader.get(incident).text


def test_text_that_is_too_long_stays_on_the_page(reader: Reader) -> None:
    form = reader.get("incidents/new/").form("happened")

    refused = reader.send(form, "/es/incidents/new/", happened="ñ" * (STORY_LENGTH + 1))

    assert refused.status == 422
    assert refused.form("happened").value("happened") == "ñ" * (STORY_LENGTH + 1)
    assert said(
        "This text may have %(max)d characters at most. Shorten it and save again.", max=STORY_LENGTH
    ) in (refused.text)


def test_the_longest_incident_and_worksheet_fit_whatever_the_script(reader: Reader) -> None:
    lines = dict.fromkeys(("hour", "where", "address", "who"), "🧿" * 300)
    texts = dict.fromkeys(("knows", "done", "effect"), "🧿" * 1500)
    incident = writes_down(reader, "\U0001f9ff" * STORY_LENGTH, **lines, **texts)
    form = reader.get(f"{incident}assess/").form("shown")
    notes = {name: "\U0001f9ff" * 1500 for name in form.names() if name.endswith("_note")}

    assert reader.send(form, f"{incident}assess/", **notes).status == 303
    assert len(notes) == 6


def test_a_threat_is_judged_in_steps_and_a_red_line_leads_away_from_the_log(reader: Reader) -> None:
    incident = writes_down(reader)
    page = reader.get(f"{incident}assess/")
    sheet = kit_of(reader.app).curriculum.worksheet
    assert sheet is not None
    assert [line.root["es"] for line in sheet.honest if line.root["es"] not in page.text] == []
    assert "/es/help/public-threat/" in page.links

    form = page.form("shown")
    reader.send(
        form, f"{incident}assess/", facts_note="dos llamadas", opinion_note="D. lo ve igual", holds="details"
    )
    calm = reader.get(incident)
    reader.send(reader.get(f"{incident}assess/").form("shown"), f"{incident}assess/", red_lines="vehicle")
    alarmed = reader.get(incident)

    assert said("A red line is crossed") not in calm.text
    assert {"dos llamadas", "D. lo ve igual"} <= {part.words for part in calm.all("dd")}
    assert said("A red line is crossed") in alarmed.text
    assert "/es/help/public-threat/" in alarmed.links
    assert "dos llamadas" in alarmed.text


def test_advice_in_the_log_names_its_sources(reader: Reader) -> None:
    incident = writes_down(reader)

    for path in ("incidents/", "incidents/export/", f"{incident}assess/"):
        page = reader.get(path)
        assert said("Reviewed %(date)s", date="24 de noviembre de 2026") in page.text
        assert any("frontlinedefenders.org" in link for link in page.links), path


def test_deleting_asks_first_and_is_final(app: Flask, reader: Reader) -> None:
    incident = writes_down(reader)
    unsure = reader.get(f"{incident}delete/")
    assert reader.send(unsure.form("csrf_token"), f"{incident}delete/").status == 422
    assert HAPPENED in reader.get(incident).text

    gone = reader.follow(deletes(reader, incident))

    assert gone.flashes == [said("The incident and its files are deleted for good.")]
    assert reader.get(incident).status == 404
    assert rows_of(app).records == 0


def test_a_log_has_an_end_and_says_so(reader: Reader) -> None:
    from app.learning.incidents import Incident

    writes_down(reader)
    day = date(2026, 11, 25)
    notebook_of(reader).save(
        {Ref(INCIDENT, f"{n:032}"): Incident("x", day, day) for n in range(INCIDENTS - 1)}
    )

    form = reader.get("incidents/new/").form("happened")
    refused = reader.send(form, "/es/incidents/new/", happened="uno más")

    assert refused.status == 422
    assert "uno más" in [value for _, value in refused.form("happened").fields]


def test_what_was_typed_when_the_session_ended_is_carried_on(reader: Reader, clock: Clock) -> None:
    reader.keep()
    page = reader.get("incidents/new/")
    clock.turn(hours=13)

    unsaved = reader.send(page.form("happened"), "/es/incidents/new/", happened=HAPPENED)

    assert unsaved.status == 409
    assert HAPPENED in [part.words for part in unsaved.all("textarea")]


@pytest.mark.parametrize("how", ["deleted", "ended"])
def test_what_was_typed_for_an_incident_that_is_gone_is_still_there(
    reader: Reader, clock: Clock, how: str
) -> None:
    incident = writes_down(reader)
    reader.keep()
    form = reader.get(f"{incident}edit/").form("happened")
    if how == "deleted":
        deletes(reader, incident)
    else:
        clock.turn(hours=13)

    unsaved = reader.send(form, f"{incident}edit/", happened="lo que faltaba")

    assert unsaved.status == 409
    assert "lo que faltaba" in [part.words for part in unsaved.all("textarea")]


def test_a_decision_on_an_old_page_is_not_offered_to_be_saved(reader: Reader) -> None:
    incident = writes_down(reader)

    refused = reader.post(f"{incident}delete/", {"csrf_token": "old", "sure": "y"})

    assert refused.status == 400
    assert "sure" not in refused.html
    assert HAPPENED in reader.get(incident).text


def test_saved_and_gone_on_in_the_other_language(reader: Reader) -> None:
    form = reader.get("incidents/new/").form("happened")

    page = reader.send(form, "/es/incidents/new/", happened=HAPPENED, switch="en")

    assert page.headers["Location"].startswith("/en/incidents/")
    assert reader.get(page.headers["Location"]).status == 200


def test_everything_to_take_away_has_the_log_in_words(reader: Reader) -> None:
    incident = writes_down(reader, **TOLD)
    reader.send(
        reader.get(f"{incident}assess/").form("shown"),
        f"{incident}assess/",
        red_lines="home",
        who_note="ni idea",
    )

    page, program = reader.get("account/take/everything.html"), reader.get("account/take/everything.json")

    for found in (page.html, program.html):
        assert HAPPENED in found
        assert TOLD["effect"] in found
        assert "ni idea" in found
    sheet = kit_of(reader.app).curriculum.worksheet
    assert sheet is not None
    assert sheet.red_lines[0].text.root["es"] in page.text


def test_a_log_that_was_written_as_a_guest_joins_the_one_that_was_kept(
    reader: Reader, reader_of: ReaderOf
) -> None:
    writes_down(reader, "de antes")
    reader.keep()
    reader.sign_out()
    writes_down(reader, "de esta visita")

    reader.sign_in(visit="merge")

    assert {"de antes", "de esta visita"} <= {part.words for part in reader.get("incidents/").all("p")}


def test_another_passphrase_and_a_new_key_keep_the_log(reader: Reader) -> None:
    from tests.web.readers import PASSPHRASE, PSEUDONYM

    incident = writes_down(reader)
    reader.keep()
    form = reader.get("account/exposed/").form("current")
    reader.send(form, current=PASSPHRASE, pseudonym=PSEUDONYM, passphrase=ANOTHER, again=ANOTHER)

    assert HAPPENED in reader.get(incident).text


@pytest.mark.parametrize("who", ["admin", "trainer"])
def test_no_administrator_sees_that_there_is_a_log(app: Flask, who: str) -> None:
    house = house_of(app)
    incident = writes_down(house["learner"], "marca-de-incidente")

    found = dict(reachable(house[who]))

    assert not [path for path, content in found.items() if b"marca-de-incidente" in content]
    assert house[who].get(incident).status in {303, 404}


def test_over_plain_http_there_is_no_log(make_kit: object) -> None:
    app = make_kit(RESGUARDO_TRANSPORT="plain", RESGUARDO_TRUSTED_HOSTS="kit.example")  # type: ignore[operator]
    reader = Reader(app, environ={"base_url": "http://kit.example/"})

    assert reader.get("incidents/").status == 403
    assert "incidents" not in " ".join(reader.get("progress/").links)
