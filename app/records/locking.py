"""How a vault is locked: with a passphrase and a recovery code, under the key it has or under another.

Nothing here begins or ends a transaction, and none hashes: a passphrase comes as its key.
"""

import contextlib

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.records.erasure import note_traces
from app.records.failures import PassphraseTaken
from app.records.hashing import PassphraseKey
from app.records.notebook import Entry, Notebook, Ref
from app.records.passphrases import normalised_code
from app.records.tables import SealedRecord
from app.records.vault import (
    Vault,
    WrapKind,
    WrappingKey,
    drop_wraps,
    find_wrap,
    open_wrap,
    recovery_key,
    wrap,
)

#: The pseudonym as it was typed, for its owner to read and for changing the passphrase.
PSEUDONYM = Ref("account", "pseudonym")


def passphrase_key(key: PassphraseKey) -> WrappingKey:
    """The wrapping key of a hashed passphrase."""
    return WrappingKey(WrapKind.PASSPHRASE, key.tag, key.key)


def fits(session: Session, vault: Vault, key: PassphraseKey) -> bool:
    """Whether a passphrase opens this vault, and not another."""
    by = passphrase_key(key)
    found = find_wrap(session, by)
    return found is not None and found.learner_id == vault.learner_id and open_wrap(found, by) == vault


def lock_with(session: Session, notebook: Notebook, pseudonym: str, key: PassphraseKey, code: str) -> None:
    """Let this passphrase and this recovery code open a notebook's vault, and keep the pseudonym in it.

    Raises PassphraseTaken when they open another.
    """
    by, locked = passphrase_key(key), False
    if find_wrap(session, by) is not None:
        raise PassphraseTaken
    wrap(session, notebook.vault, by)
    wrap(session, notebook.vault, recovery_key(normalised_code(code)))
    # Another worker may have taken the same pseudonym and passphrase between the look and the leap.
    with contextlib.suppress(IntegrityError):
        session.flush()
        locked = True
    if not locked:
        raise PassphraseTaken
    notebook.put(session.connection(), [Entry(PSEUDONYM, pseudonym.strip())])


def drop_keys(session: Session, vault: Vault) -> None:
    """Let nothing open a vault any more, to be locked anew."""
    drop_wraps(session, vault.learner_id, WrapKind)
    note_traces(session)  # the log still holds the old wraps, for whoever knows what opens them


def move(session: Session, source: Notebook, target: Notebook) -> None:
    """Reseal everything that can be read under another key; what can't be read can't be kept either."""
    session.flush()
    connection = session.connection()
    entries, _damaged = source.entries(connection)
    connection.execute(delete(SealedRecord).where(SealedRecord.learner_id == source.vault.learner_id))
    target.put(connection, entries)
