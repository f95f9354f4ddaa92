"""People at their browsers, and what they do, each in one line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.records.hashing import PassphraseHasher
from app.records.notebook import Notebook
from app.records.sessions import resume_session
from app.records.tables import KeyWrap, Learner, SealedRecord
from app.web.kit import EXTENSION, Kit
from tests.web.pages import Form, Page

PSEUDONYM = "Golondrina"
PASSPHRASE = "nube tractor limon puente violin escarcha"
ANOTHER = "farol caracol ventana tormenta pincel arena"
MODULE = "doxxing"
CHECKLIST = f"modules/{MODULE}/checklist/"
ITEM, OTHER_ITEM = "dx-alerts", "dx-documents"


@dataclass
class Reader:
    """One person with a browser of their own."""

    app: Flask
    language: str = "es"
    environ: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()

    def address(self, path: str) -> str:
        """A path of this reader's language, or a whole one."""
        return path if path.startswith("/") else f"/{self.language}/{path}"

    def get(self, path: str, **headers: str) -> Page:
        """Ask for a page, without following where it leads."""
        return Page(self.client.get(self.address(path), headers=self._headers(headers), **self.environ))

    def follow(self, page: Page) -> Page:
        """Go where an answer leads, as a browser does, to the end."""
        while page.status in {301, 302, 303, 308}:
            page = self.get(page.headers["Location"])
        return page

    def post(self, path: str, data: Any = None, **headers: str) -> Page:
        """Send a form as it is given."""
        answer = self.client.post(
            self.address(path), data=data or {}, headers=self._headers(headers), **self.environ
        )
        return Page(answer)

    def send(self, form: Form, to: str = "", /, **typed: str) -> Page:
        """Fill a form of a page in and send it, as a browser would."""
        values: dict[str, list[str]] = {}
        for name, value in [*((n, v) for n, v in form.fields if n not in typed), *typed.items()]:
            values.setdefault(name, []).append(value)
        return self.post(form.action or to, values)

    def send_by_script(self, form: Form, to: str, /, **typed: str) -> Page:
        """Send it as the kit's script does."""
        self.headers = {"X-Requested-With": "fetch", "Accept": "application/json"}
        try:
            return self.send(form, to, **typed)
        finally:
            self.headers = {}

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in given.items()}}

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(name)
        return found.value if found else None

    def set_cookie(self, name: str, value: str) -> None:
        self.client.set_cookie(name, value)

    def token(self, path: str = "account/sign-in/") -> str:
        """A form token of this reader's session."""
        return next(form.value("csrf_token") for form in self.get(path).forms if "csrf_token" in form.names())

    def checklist(self) -> Page:
        return self.get(CHECKLIST)

    def answer(self, item: str = ITEM, choice: str = "yes", note: str = "", page: Page | None = None) -> Page:
        """Answer one item on the checklist, or on one that was opened before."""
        form = (page or self.checklist()).form(f"{item}-shown")
        return self.send(form, CHECKLIST, **{f"{item}-choice": choice, f"{item}-note": note})

    def note(self, item: str = ITEM) -> str:
        """The note that the checklist shows at an item."""
        return self.checklist().form(f"{item}-shown").value(f"{item}-note")

    def choice(self, item: str = ITEM) -> str:
        """The choice that the checklist shows at an item, or ""."""
        fields = dict(self.checklist().form(f"{item}-shown").fields)
        return fields.get(f"{item}-choice", "")

    def keep(self, pseudonym: str = PSEUDONYM, passphrase: str = PASSPHRASE) -> str:
        """Keep what is there; the recovery code."""
        form = self.get("account/keep/").form("pseudonym", "passphrase", "again")
        page = self.send(form, pseudonym=pseudonym, passphrase=passphrase, again=passphrase)
        assert page.status == 200, page.text
        return code_on(page)

    def sign_in(self, pseudonym: str = PSEUDONYM, passphrase: str = PASSPHRASE, **more: str) -> Page:
        form = self.get("account/sign-in/").form("pseudonym", "passphrase")
        return self.send(form, pseudonym=pseudonym, passphrase=passphrase, **more)

    def sign_out(self) -> Page:
        (form,) = [form for form in self.get("account/").forms if form.action.endswith("/sign-out/")]
        return self.send(form)

    def is_kept(self) -> bool:
        """Whether the account page opens for this browser."""
        return self.get("account/").status == 200


def code_on(page: Page) -> str:
    """The recovery code that a page shows."""
    return next(element.words for element in page.all("p") if element.get("class") == "code")


def kit_of(app: Flask) -> Kit:
    return app.extensions[EXTENSION]  # type: ignore[no-any-return]


def notebook_of(reader: Reader) -> Notebook:
    """The notebook that a reader's session opens, to look into or to change behind the pages."""
    kit = kit_of(reader.app)
    token = bytes.fromhex(str(reader.cookie("sid")))
    with kit.database.reading() as session:
        opened = resume_session(session, token, kit.host_secret, kit.lifetimes, kit.now())
    return Notebook(kit.database, opened.vault)


def hasher_of(app: Flask) -> PassphraseHasher:
    return kit_of(app).keyring._hasher


@dataclass(frozen=True)
class Rows:
    """How much is in the records."""

    learners: int
    wraps: int
    records: int


def rows_of(app: Flask) -> Rows:
    with kit_of(app).database.reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(t)) for t in (Learner, KeyWrap, SealedRecord)
        ]
    return Rows(*(int(count or 0) for count in counts))


ReaderOf = Callable[..., Reader]
