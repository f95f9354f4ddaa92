"""Every page is valid HTML, by the W3C's own validator: all of them in one run of it."""

import json
import os
import re
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.curriculum.model import Curriculum, Module, Quality, QuestionKind
from app.learning.answers import NOTE_LENGTH, Choice
from app.learning.history import History, Measured, Snapshot
from app.records.notebook import Ref
from app.web.kept import HISTORY
from app.web.kit import kit_of
from config import CHECKOUT
from tests.browser.broken import FAILURES
from tests.browser.pages import addresses
from tests.browser.practice import one_of_each_kind
from tests.browser.staff import pages_of_staff, set_up
from tests.web import auditing
from tests.web.coming_back import DRILLS, DUE, REFRESH, answers, asked_on, decides, is_asked
from tests.web.incidents import adds, exports, files_of, writes_down
from tests.web.inviting import type_code
from tests.web.practice import QUIZ, asks_all, case_of, live, reply, turn, wrong
from tests.web.readers import Reader, notebook_of

pytestmark = [pytest.mark.vnu, pytest.mark.xdist_group("weight")]

JAR = CHECKOUT / "build" / "vnu.jar"
MISSING = "no HTML validator here: it needs Java, and build/vnu.jar, which .ci/validator fetches"
PASSPHRASE = "seis palabras que nadie junta jamas"


@pytest.fixture
def java() -> str:
    found = shutil.which("java")
    if found and JAR.exists():
        return found
    if os.environ.get("RESGUARDO_TEST_NOTHING_SKIPPED"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


class Saved:
    """Pages put into files, for the validator to read."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.names: dict[str, str] = {}

    def get(self, client: FlaskClient, address: str, name: str = "") -> str:
        """Save the page at an address."""
        answer = client.get(address)
        if answer.status_code not in {302, 303}:
            self.keep(f"{name} {address}", answer.text)
        return answer.text

    def post(self, client: FlaskClient, form_at: str, name: str = "", to: str = "", **fields: str) -> None:
        """Save the answer to a form, sent with the token that its page holds."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form_at).text)
        assert token, f"no form at {form_at}"
        answer = client.post(to or form_at, data={"csrf_token": token[1], **fields})
        if answer.status_code not in {302, 303}:
            self.keep(f"{name} sent to {to or form_at}", answer.text)

    def keep(self, name: str, html: str) -> None:
        """Save a page that is here already."""
        file = f"{len(self.names):03}.html"
        (self._folder / file).write_text(html, encoding="utf-8")
        self.names[file] = name


def test_every_page_is_valid_html(
    java: str, shared_app: Flask, curriculum: Curriculum, tmp_path: Path
) -> None:
    saved = Saved(tmp_path)
    for language in curriculum.languages:
        _save_everything(saved, shared_app, curriculum, language)
    assert len(saved.names) > 100

    done = subprocess.run(
        [java, "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--no-langdetect", str(tmp_path)],
        capture_output=True,
        check=True,
    )
    messages = json.loads(done.stderr)["messages"]
    assert not [
        f"{saved.names[Path(message['url']).name]}: {message['message']} … {message.get('extract', '')[:90]}"
        for message in messages
        if message["type"] in {"error", "non-document-error"} or message.get("subType") == "warning"
    ]


def _save_everything(saved: Saved, app: Flask, curriculum: Curriculum, language: str) -> None:
    module = curriculum.modules_by_id["doxxing"]
    checklist = f"/{language}/modules/{module.id}/checklist/"
    account = f"/{language}/account/"
    item = module.checklist[0].id
    everywhere = addresses(app, curriculum, language)

    nobody = app.test_client()
    for address in everywhere:
        saved.get(nobody, address)
        nobody.delete_cookie("left")
    saved.get(nobody, f"/{language}/no-such-page/")
    saved.get(nobody, f"{account}sign-out/")
    for name in (*FAILURES, "400", "403", "413", "429", "moment"):
        saved.post(nobody, f"/{language}/broken/{name}/", **{"x-note": "lo que escribí"})
    for form in ("keep/", "sign-in/", "recover/", "bring/"):
        saved.post(nobody, account + form)

    _save_practice(saved, app, module, language)
    _save_what_comes_back(saved, app, language)
    _save_audit(saved, app, language)
    _save_log(saved, app, language)
    _save_administration(saved, app, language)

    guest = app.test_client()
    saved.post(guest, checklist, **_answered(item, "no", "una nota"))
    for address in everywhere:
        saved.get(guest, address, "guest")
        guest.delete_cookie("left")
    saved.post(guest, checklist, "too long", **_answered(item, "no", "a" * (NOTE_LENGTH + 1)))
    saved.post(guest, f"{account}delete/", "unsure")
    saved.post(guest, f"{account}keep/", **_new(language))

    for address in everywhere:
        saved.get(guest, address, "kept")
        if "left" in str(guest.get_cookie("left")):
            guest.delete_cookie("left")
            saved.post(guest, f"{account}sign-in/", pseudonym=f"Golondrina {language}", passphrase=PASSPHRASE)
    for form in ("passphrase/", "exposed/", "delete/"):
        saved.post(guest, account + form, "with errors")
    saved.post(guest, f"{account}take/", "with errors", to=f"{account}take/copy/")
    saved.get(guest, f"{account}take/everything.html")
    saved.post(guest, f"{account}delete/", sure="y")
    saved.get(guest, f"{account}deleted/")


def _save_practice(saved: Saved, app: Flask, module: Module, language: str) -> None:
    reader = Reader(app, language)
    for question in one_of_each_kind(module):
        page, _question = asks_all(reader, module, question.kind)
        saved.keep(f"{question.kind.value}, unanswered", page.html)
        refused = reader.post(f"{QUIZ}1/", dict(page.form("asked").fields))
        saved.keep(f"{question.kind.value}, with errors", refused.html)
        answered = reply(reader, page, question, wrong(question))
        saved.keep(f"{question.kind.value}, answered", answered.html)
    saved.keep("a quiz, ended", reader.get(QUIZ).html)
    saved.keep("a scenario, begun", turn(reader, case_of(module).nodes[0].choices[0].id).html)
    saved.keep("a scenario, ended", live(reader, module, Quality.WORST).html)


def _save_what_comes_back(saved: Saved, app: Flask, language: str) -> None:
    reader, drill = Reader(app, language), "dl-call-rule"
    saved.keep("a drill of one's own, listed", decides(reader, drill, "add").html)
    for kind in QuestionKind:
        is_asked(reader, kind)
        page = reader.get(f"{REFRESH}1/")
        saved.keep(f"a refresher's {kind.value}", page.html)
        saved.keep(
            f"{kind.value}, with errors", reader.post(f"{REFRESH}1/", dict(page.form("asked").fields)).html
        )
        saved.keep(f"{kind.value}, answered", answers(reader, page, wrong(asked_on(reader, page))).html)
    saved.keep("a drill, with errors", decides(reader, drill, "not-now", "2001-01-01").html)
    for where in (REFRESH, DRILLS, f"{DRILLS}{drill}/", DUE, "", "account/take/everything.html"):
        saved.keep(f"{where} when something comes back", reader.get(where).html)


def _save_audit(saved: Saved, app: Flask, language: str) -> None:
    reader = Reader(app, language)
    saved.keep("a situation, refused", auditing.tell(reader, {"role": ["spy"]}).html)
    auditing.tell(reader, {**auditing.REPORTER, "threats": ["happening-now", "watched"]})
    saved.keep("the first steps, with a message", reader.get("help/").html)
    saved.keep("what weighs most", reader.get(auditing.WEIGHTS).html)
    page = auditing.begin(reader)
    first = auditing.asked_on(page)[0]
    saved.keep("a sitting", page.html)
    long = reader.send(page.form("csrf_token"), "audit/1/", **{f"{first}-note": "a" * (NOTE_LENGTH + 1)})
    saved.keep("a sitting, with errors", long.html)
    saved.keep("ten minutes that are over", auditing.sit(reader).html)
    auditing.answered_everything(reader, Choice.UNSURE, on=kit_of(app).today() - timedelta(days=400))
    saved.keep("an audit that is due", reader.get(auditing.AUDIT).html)
    saved.keep("what is asked again", auditing.begin(reader).html)
    looked = Snapshot(kit_of(app).today() - timedelta(days=90), {"doxxing": Measured(3, 4, 9, 2)})
    notebook_of(reader).save({Ref(HISTORY): History([looked])})
    saved.keep("exposure, before and now", reader.get(auditing.EXPOSURE).html)
    saved.keep("exposure to one threat", reader.get(f"{auditing.EXPOSURE}doxxing/").html)
    step = next(form.value("item") for form in reader.get(auditing.PLAN).forms if "item" in form.names())
    refused = auditing.do(reader, "day", step, **{f"{step}-until": "2000-01-01"})
    saved.keep("a plan, with errors", refused.html)
    auditing.do(reader, "week", step)
    saved.keep("a plan, with something done", reader.get(auditing.PLAN).html)
    saved.keep(
        "an incident, refused", reader.post(f"{auditing.NEXT}happened/", {"csrf_token": reader.token()}).html
    )
    saved.keep("everything to read", reader.get("account/take/everything.html").html)


def _save_log(saved: Saved, app: Flask, language: str) -> None:
    reader = Reader(app, language)
    blank = reader.get("incidents/new/").form("happened")
    saved.keep("an incident, with errors", reader.send(blank, f"/{language}/incidents/new/").html)
    incident = writes_down(reader, on="2026-11-20", where="por teléfono", address="https://red.example/p")
    saved.keep("a file that is refused", adds(reader, incident, b"<html>").html)
    adds(reader, incident)
    form = reader.get(f"{incident}assess/").form("shown")
    reader.send(form, f"{incident}assess/", red_lines="home", facts_note="dos llamadas", opinion_note="igual")
    for page in ("", "edit/", "assess/", "delete/"):
        saved.keep(f"an incident, {page}", reader.get(f"{incident}{page}").html)
    (evidence,) = files_of(reader, incident)
    saved.keep("a file, deleted", reader.get(f"{evidence}delete/").html)
    for page in ("incidents/", "incidents/export/", "account/take/everything.html"):
        saved.keep(f"a log, {page}", reader.get(page).html)
    saved.keep("a log, exported", exports(reader, "page").html)


def _save_administration(saved: Saved, app: Flask, language: str) -> None:
    """Every page of the administration, and what each of its forms answers to somebody who left it empty."""
    admin = Reader(app, language)
    admin.keep(f"Administración {language}")
    session = admin.client.get_cookie("sid")
    assert session is not None
    values = {"lang": language, **set_up(kit_of(app), bytes.fromhex(session.value))}
    pages = {}
    for rule in pages_of_staff(app):
        named = {name: values[name] for name in rule.arguments}
        address = str(app.url_map.bind("").build(rule.endpoint, named))
        pages[address] = admin.get(address)
        assert pages[address].status == 200, address
        saved.keep(f"{address} as an administrator", pages[address].html)
    people = next(address for address in pages if address.endswith("/people/invite/"))
    slips = admin.send(pages[people].form("people", "kind"), people="3")
    saved.keep("slips with codes", slips.html)
    code = next(part.words for part in slips.all("span") if part.get("class") == "code")
    saved.keep("what joining shares", type_code(Reader(app, language), code).html)
    for name, lines in (("a list", b"Folio 1\nFolio 2\n"), ("a list, with errors", b"Folio 3\n\nFolio 3\n")):
        file = {"list-file": (BytesIO(lines), "lista.csv"), "list-days": "14"}
        told = admin.post(people.replace("invite/", "list/"), {"csrf_token": admin.token(), **file})
        saved.keep(name, told.html)
    for address, page in pages.items():
        for number, form in enumerate(form for form in page.forms if "csrf_token" in form.names()):
            empty = {name: "" for name, _ in form.fields if name not in {"csrf_token", "do"}}
            answer = admin.send(form, address, **empty)
            if answer.status in {200, 400, 404, 409, 422}:
                saved.keep(f"form {number} of {address}, left empty", answer.html)


def _answered(item: str, choice: str, note: str) -> dict[str, str]:
    return {f"{item}-shown": "0" * 16, f"{item}-choice": choice, f"{item}-note": note}


def _new(language: str) -> dict[str, str]:
    return {"pseudonym": f"Golondrina {language}", "passphrase": PASSPHRASE, "again": PASSPHRASE}
