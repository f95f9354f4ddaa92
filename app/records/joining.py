"""Putting records of two places together: a guest's, or a copy's, into a vault that is open."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from app.records.attachments import hand_over
from app.records.erasure import forget_guest
from app.records.failures import AlreadyKept
from app.records.notebook import Entry, Notebook, Ref
from app.records.sessions import OpenSession
from app.records.vault import lock_vault

#: Settles which of two values of one ref stands when they meet.
Resolve = Callable[[Ref, Any, Any], Any]


def join(session: Session, notebook: Notebook, entries: Iterable[Entry], resolve: Resolve) -> None:
    """Put entries beside what a notebook has, within a transaction that holds its learner's lock."""
    connection = session.connection()
    kept = dict(notebook.entries(connection)[0])
    notebook.put(
        connection,
        (Entry(ref, resolve(ref, kept[ref], value) if ref in kept else value) for ref, value in entries),
    )


def absorb(session: Session, notebook: Notebook, guests: Notebook, resolve: Resolve) -> None:
    """Put a guest's records and files into a notebook, and delete the guest. Raises VaultGone."""
    lock_vault(session, guests.vault)
    join(session, notebook, guests.entries(session.connection())[0], resolve)
    hand_over(session, guests.vault.learner_id, notebook.vault.learner_id)
    forget_guest(session, guests.vault.learner_id)


def must_be_a_guest(guest: OpenSession) -> None:
    """Whoever is absorbed or kept is deleted afterwards: never a vault that a passphrase opens. Raises AlreadyKept."""
    if guest.kept:
        raise AlreadyKept
