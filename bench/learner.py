"""People who use the kit over HTTP, as the pages let them: keeping progress, reading, answering, signing in."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from app.curriculum.model import Module
from app.records.passphrases import offered_passphrase
from bench.browser import Browser, Form, Page
from bench.load import request
from bench.servers import expect

#: Seconds that somebody goes on through "one moment" pages.
PATIENCE = 180.0


@dataclass(frozen=True)
class Account:
    """What somebody signs in with."""

    pseudonym: str
    passphrase: str


def new_account() -> Account:
    """A pseudonym and a passphrase that nobody else has."""
    return Account(f"bench {secrets.token_hex(6)}", offered_passphrase("es"))


def keep(browser: Browser) -> Account:
    """Keep progress under a new passphrase."""
    account = new_account()
    form = form_with(expect(browser.get("/es/account/keep/"), 200), "again")
    fields = form.filled(pseudonym=account.pseudonym, passphrase=account.passphrase, again=account.passphrase)
    page = browser.wait_through(browser.post("/es/account/keep/", fields), PATIENCE)
    expect(page, 200)
    return account


def sign_in_form(browser: Browser, account: Account) -> list[tuple[str, str]]:
    """The sign-in page's form, filled in."""
    form = form_with(expect(browser.get("/es/account/sign-in/"), 200), "passphrase")
    return form.filled(pseudonym=account.pseudonym, passphrase=account.passphrase)


def send_sign_in(browser: Browser, fields: list[tuple[str, str]]) -> Page:
    return browser.post("/es/account/sign-in/", fields)


def read_lesson(browser: Browser, module: Module, slug: str) -> None:
    """Mark a lesson as read."""
    path = f"/es/modules/{module.id}/lessons/{slug}/"
    page = expect(browser.get(path), 200)
    expect(browser.post(path, page.forms[0].fields), 303)


def build_history(browser: Browser, module: Module) -> None:
    """Read a module's lessons but the last, and answer every statement with a note here and there."""
    for lesson in module.lessons[:-1]:
        read_lesson(browser, module, lesson.slug)
    checklist = Checklist(browser, module)
    checklist.answer_all()
    expect(browser.post(checklist.path, checklist.fields(), fetch=True), 200)


class Checklist:
    """One person's open checklist page, answered again and again as the page's own script does."""

    def __init__(self, browser: Browser, module: Module):
        self.browser, self.module = browser, module
        self.path = f"/es/modules/{module.id}/checklist/"
        self._turns: Iterator[int] = itertools.count()
        self._changed = ""
        self.load()

    def load(self) -> Page:
        """Open the page anew, and hold what it shows."""
        page = expect(self.browser.get(self.path), 200)
        form = form_with(page, "csrf_token")
        self._loaded = dict(form.fields)
        self._fields = dict(form.fields)
        self._choices = form.choices
        return page

    def answer_all(self) -> None:
        for number, (name, choices) in enumerate(self._choices.items()):
            self._fields[name] = choices[number % len(choices)]
            if number % 3 == 0:
                self._fields[name.replace("-choice", "-note")] = "una nota de prueba"

    def answer_next(self, note: str | None = None) -> tuple[str, str, str]:
        """Change the next statement's answer on the page. Returns its id, the choice and the note."""
        turn = next(self._turns)
        items = list(self._choices)
        name = items[turn % len(items)]
        choice = self._choices[name][(turn // len(items)) % 2]
        note = f"nota {turn}" if note is None else note
        self._fields[name] = choice
        self._fields[name.replace("-choice", "-note")] = note
        self._changed = name.removesuffix("choice")
        return name.removesuffix("-choice"), choice, note

    def undo(self) -> None:
        """Take back what was changed on the page since it was opened."""
        self._fields = dict(self._loaded)

    def fields(self) -> list[tuple[str, str]]:
        return list(self._fields.items())

    def changed_fields(self) -> list[tuple[str, str]]:
        """What the page's script sends: the token, and the card that was changed last."""
        return [
            (name, value) for name, value in self._fields.items() if name.startswith((self._changed, "csrf_"))
        ]

    def shown(self, item_id: str) -> tuple[str, str]:
        """The choice and the note that the page shows for an item."""
        return self._fields.get(f"{item_id}-choice", ""), self._fields.get(f"{item_id}-note", "")

    def take(self, page: Page) -> None:
        """Go on with the token and the fingerprints that an answer brought."""
        self._fields.update(page.json["shown"])
        self._fields["csrf_token"] = page.json["token"] or self._fields["csrf_token"]


class Answering:
    """A connection's user who saves one answer after another: by the page's script, or by its form."""

    def __init__(self, checklist: Checklist, *, script: bool):
        self.checklist, self.script = checklist, script
        browser = checklist.browser
        headers = [("Accept-Encoding", browser.encoding), *browser.form_headers().items()]
        if script:
            headers.append(("X-Requested-With", "fetch"))
        self._headers = headers

    def ask(self) -> bytes:
        if not self.script:
            self.checklist.undo()  # a form's answer is the page anew: what was answered before is no change on it
        self.checklist.answer_next()
        headers = [*self._headers, ("Cookie", self.checklist.browser.cookie_header)]
        checklist = self.checklist
        body = urlencode(checklist.changed_fields() if self.script else checklist.fields()).encode()
        return request(self.checklist.path, self.checklist.browser.port, headers, body)

    def answered(self, status: int, body: bytes) -> bool:
        if self.script and status == 200:
            self.checklist.take(Page(status, [], body, self.checklist.path))
        return status == (200 if self.script else 303)


class QuizAnswering:
    """A connection's user who answers a question of a quiz, again and again: graded, sealed and committed each time."""

    def __init__(self, module: Module, port: int):
        self.path, self.fields, browser = self._one_choice(module, port)
        headers = [("Accept-Encoding", browser.encoding), *browser.form_headers().items()]
        headers.append(("Cookie", browser.cookie_header))
        self._request = request(self.path, port, headers, urlencode(self.fields).encode())

    def _one_choice(self, module: Module, port: int) -> tuple[str, list[tuple[str, str]], Browser]:
        """Somebody whose attempt asks a question with one option to choose: nearly every attempt does."""
        quiz = f"/es/modules/{module.id}/quiz/"
        while True:
            browser = Browser(port)
            keep(browser)
            expect(browser.post(quiz, expect(browser.get(quiz), 200).forms[0].fields), 303)
            for place in range(1, 7):
                form = form_with(expect(browser.get(f"{quiz}{place}/"), 200), "asked")
                if "chosen" in form.choices:
                    return f"{quiz}{place}/", form.filled(chosen=form.choices["chosen"][0]), browser

    def ask(self) -> bytes:
        return self._request

    def answered(self, status: int, _body: bytes) -> bool:
        return status == 303


def form_with(page: Page, name: str) -> Form:
    """The page's form that has this field."""
    return next(form for form in page.forms if any(field == name for field, _ in form.fields))
