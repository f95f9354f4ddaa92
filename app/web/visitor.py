"""Who is asking: nobody in particular, a guest, or somebody who kept their progress; and their notebook."""

from dataclasses import dataclass
from enum import StrEnum

from flask import Response, after_this_request, flash, g, request, session
from itsdangerous import BadSignature, URLSafeSerializer

from app.records.failures import RecordsFailure, SessionEnded
from app.records.notebook import Notebook
from app.records.sessions import OpenSession, refresh_session, resume_session
from app.web.channel import is_private
from app.web.kit import kit
from app.web.requests import is_from_script

#: Names that say nothing of the kit to whoever looks through a browser.
SESSION_COOKIE, DEVICE_COOKIE = "sid", "did"
TOKEN_HEX = 64
#: Where Flask keeps what is said on the next page.
_SAID = "_flashes"
DAY = 24 * 60 * 60


class Kind(StrEnum):
    """What the kit knows of a visitor."""

    NOBODY = "nobody"
    GUEST = "guest"
    KEPT = "kept"


@dataclass(frozen=True)
class Visitor:
    """Whoever sent this request. `ended`: they came with a session that opens nothing any more."""

    kind: Kind = Kind.NOBODY
    session: OpenSession | None = None
    ended: bool = False

    @property
    def notebook(self) -> Notebook | None:
        """The visitor's own records, if they have any."""
        if self.session is None:
            return None
        if "notebook" not in g:
            g.notebook = Notebook(kit().database, self.session.vault)
        return g.notebook  # type: ignore[no-any-return]


def cookie_name(name: str) -> str:
    """The name of a cookie: over HTTPS with the prefix that binds it to this host and to secure connections."""
    return f"__Host-{name}" if kit().config.transport == "https" else name


def session_cookie() -> str:
    """The name of the cookie that holds a session's token."""
    return cookie_name(SESSION_COOKIE)


def visitor() -> Visitor:
    """Who is asking, found out once a request and only when somebody wants to know."""
    if "visitor" not in g:
        g.visitor = _recognised()
    return g.visitor  # type: ignore[no-any-return]


def as_nobody() -> None:
    """Answer this request as if nobody in particular asked: what would say who it is can't be read."""
    g.visitor = Visitor()


def _recognised() -> Visitor:
    text = request.cookies.get(session_cookie())
    if text is None or not is_private():
        return Visitor()
    try:
        token = bytes.fromhex(text) if len(text) == TOKEN_HEX else b""
        opened = _resumed(token)
    except (ValueError, SessionEnded):
        if not is_from_script():
            forget_session()
            say("session-ended")
        return Visitor(ended=True)
    return Visitor(Kind.KEPT if opened.kept else Kind.GUEST, opened)


def _resumed(token: bytes) -> OpenSession:
    here = kit()
    with here.database.asking() as asking:
        opened = resume_session(asking, token, here.host_secret, here.lifetimes, here.now())
    if opened.refresh_due:
        try:
            with here.database.writing() as writing:
                refresh_session(writing, opened, here.host_secret, here.lifetimes, here.now())
        except RecordsFailure:
            pass  # reading goes on; a later request puts the end off
    return opened


def notebook_to_write() -> Notebook:
    """The visitor's notebook; a visitor without one becomes a guest.

    Raises SessionEnded for somebody whose session ended: what they send is meant for what they kept, and
    would be gone with a guest's in some hours. Raises the storage failures.
    """
    who = visitor()
    if who.notebook is not None:
        return who.notebook
    if who.ended:
        raise SessionEnded
    here = kit()
    here.tidy()
    opened = here.keyring.begin_as_guest(here.now())
    remember(opened.token)
    guest = OpenSession(opened.vault, kept=False, token=opened.token)
    g.visitor = Visitor(Kind.GUEST, guest)
    return Notebook(here.database, opened.vault)


def remember(token: bytes) -> None:
    """Give the browser a session's token, with this response, and a new form token from now on."""
    session.clear()
    g.pop("csrf_token", None)
    g.new_session = True
    set_cookie(session_cookie(), token.hex())


def is_new_session() -> bool:
    """Whether this response gives the browser a session: every form on its page needs a new token then."""
    return "new_session" in g


def forget_session() -> None:
    """Take the token back from the browser, with this response."""
    session.clear()
    g.pop("csrf_token", None)
    drop_cookie(session_cookie())


def say(code: str) -> None:
    """Say something on the next page: a code of `words.MESSAGES`, so that no cookie holds a person's words.

    Once, however often it happens before there is a next page: the cookie that holds it must not outgrow a browser.
    """
    if code not in (said for _, said in session.get(_SAID, ())):
        flash(code)


def _device_signer() -> URLSafeSerializer:
    return URLSafeSerializer(kit().config.secret_key, salt="known device")


def known_device(pseudonym: str) -> str:
    """What this browser shows as having opened this pseudonym's vault before, or "" if it can't."""
    text = request.cookies.get(cookie_name(DEVICE_COOKIE), "")
    try:
        device, mark = _device_signer().loads(text)
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(device) if mark == _mark(str(device), pseudonym) else ""


def remember_device(device: str, pseudonym: str) -> None:
    """Mark this browser as one that has opened this pseudonym's vault: others' wrong tries won't slow it."""
    set_cookie(
        cookie_name(DEVICE_COOKIE),
        str(_device_signer().dumps([device, _mark(device, pseudonym)])),
        seconds=180 * DAY if kit().config.transport == "https" else None,
    )


def forget_device() -> None:
    """Take that mark back."""
    drop_cookie(cookie_name(DEVICE_COOKIE))


def _mark(device: str, pseudonym: str) -> str:
    from app.records.crypto import derive, keyed_hash

    key = derive(kit().config.secret_key.encode(), "known device")
    return keyed_hash(key, device, pseudonym).hex()[:32]


def set_cookie(name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie of ours with this response: out of reach for scripts and for other sites."""
    secure = kit().config.transport == "https"

    @after_this_request
    def _give(response: Response) -> Response:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="Strict"
        )
        return response


def drop_cookie(name: str) -> None:
    """Take a cookie of ours back with this response."""
    secure = kit().config.transport == "https"

    @after_this_request
    def _take(response: Response) -> Response:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Strict")
        return response
