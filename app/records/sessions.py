"""Live sessions: a browser's token opens a vault for a while. Times are rounded to a quarter of an hour."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Membership
from app.records.crypto import KEY_BYTES
from app.records.erasure import note_traces
from app.records.failures import SessionEnded
from app.records.tables import KeyWrap, Learner
from app.records.vault import Vault, WrapKind, find_wrap, open_sealed, session_key, wrap

QUARTER_HOUR = 15 * 60
#: How many rows are named in one statement: SQLite takes a bounded number of parameters.
_AT_ONCE = 500

_wrap, _passphrase = KeyWrap.__table__.c, KeyWrap.__table__.alias().c
_place = Membership.__table__.c
#: A session's wrap, whether a passphrase opens the same vault, and whether its learner learns in a cohort. One query
#: of plain columns, made once: every page of a learner's begins with it.
_RESUMED = select(
    _wrap.learner_id,
    _wrap.sealed,
    _wrap.expires_at,
    _wrap.ends_at,
    exists()
    .where(_passphrase.learner_id == _wrap.learner_id, _passphrase.kind == WrapKind.PASSPHRASE.value)
    .label("kept"),
    exists()
    .where(_place.learner_id == _wrap.learner_id, _place.role == Role.LEARNER.value, _place.left_on.is_(None))
    .label("enrolled"),
).where(_wrap.tag == bindparam("tag"), _wrap.kind == WrapKind.SESSION.value)


@dataclass(frozen=True)
class Lifetimes:
    """How long sessions live, in seconds: without being used, and at most."""

    idle: int = 60 * 60
    absolute: int = 12 * 60 * 60
    guest: int = 12 * 60 * 60


@dataclass(frozen=True)
class OpenSession:
    """What a browser's token opened."""

    vault: Vault
    kept: bool
    token: bytes = field(repr=False)
    refresh_due: bool = False
    enrolled: bool = False


def rounded_up(seconds: int) -> int:
    """The next full quarter of an hour, so that a row says little about when somebody was here."""
    return -(-seconds // QUARTER_HOUR) * QUARTER_HOUR


def start_session(
    session: Session, vault: Vault, host_secret: bytes, lifetimes: Lifetimes, now: int, *, kept: bool
) -> bytes:
    """Open a vault to a new token, and return the token."""
    token = secrets.token_bytes(KEY_BYTES)
    ends_at = now + (lifetimes.absolute if kept else lifetimes.guest)
    expires_at = min(now + (lifetimes.idle if kept else lifetimes.guest), ends_at)
    wrap(session, vault, session_key(token, host_secret), rounded_up(expires_at), rounded_up(ends_at))
    return token


def resume_session(
    asking: Connection | Session, token: bytes, host_secret: bytes, lifetimes: Lifetimes, now: int
) -> OpenSession:
    """Open the vault of a token. Raises SessionEnded when it is unknown, expired, or from before a power-off."""
    by = session_key(token, host_secret)
    found = asking.execute(_RESUMED, {"tag": by.tag}).first()
    if found is None or found.expires_at is None or found.ends_at is None or found.expires_at <= now:
        raise SessionEnded
    vault = open_sealed(found.learner_id, found.sealed, by)
    if vault is None:
        raise SessionEnded
    due = min(rounded_up(now + lifetimes.idle), found.ends_at) if found.kept else found.expires_at
    refresh_due = due > found.expires_at
    return OpenSession(vault, bool(found.kept), token, refresh_due, enrolled=bool(found.enrolled))


def refresh_session(
    session: Session, open_session: OpenSession, host_secret: bytes, lifetimes: Lifetimes, now: int
) -> None:
    """Put the idle end of a session off, never past its absolute end."""
    if not open_session.kept:
        return  # a guest's session has one end only
    found = find_wrap(session, session_key(open_session.token, host_secret))
    if found is None or found.expires_at is None or found.ends_at is None:
        return
    due = min(rounded_up(now + lifetimes.idle), found.ends_at)
    if due > found.expires_at:
        session.execute(update(KeyWrap).where(KeyWrap.tag == found.tag).values(expires_at=due))


def end_session(session: Session, token: bytes, host_secret: bytes) -> None:
    """Forget this session: its token opens nothing from now on."""
    session.execute(delete(KeyWrap).where(KeyWrap.tag == session_key(token, host_secret).tag))


def end_other_sessions(session: Session, open_session: OpenSession, host_secret: bytes) -> None:
    """Forget every session of this vault but one."""
    mine = session_key(open_session.token, host_secret).tag
    session.execute(
        delete(KeyWrap).where(
            KeyWrap.learner_id == open_session.vault.learner_id,
            KeyWrap.kind == WrapKind.SESSION.value,
            KeyWrap.tag != mine,
        )
    )


def drop_expired(session: Session, now: int) -> list[bytes]:
    """Forget expired sessions, and every learner whom nothing opens any more. Returns whom it forgot."""
    # Rows that another worker holds are left to it: waiting for them here could wait in a circle.
    expired = select(KeyWrap.tag).where(KeyWrap.kind == WrapKind.SESSION.value, KeyWrap.expires_at <= now)
    session.execute(delete(KeyWrap).where(KeyWrap.tag.in_(expired.with_for_update(skip_locked=True))))
    wraps = select(KeyWrap.tag).where(KeyWrap.learner_id == Learner.id)
    keyless = select(Learner.id).where(~wraps.exists()).with_for_update(skip_locked=True)
    unreachable = list(session.scalars(keyless))
    for some in (unreachable[i : i + _AT_ONCE] for i in range(0, len(unreachable), _AT_ONCE)):
        session.execute(delete(Learner).where(Learner.id.in_(some)))
    if unreachable:
        note_traces(session)
    return unreachable
