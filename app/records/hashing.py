"""Keys from passphrases, a bounded number at a time, so that a class signing in never stops readers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.records.crypto import derive
from app.records.failures import HashingBusy
from app.records.passphrases import Credentials


@dataclass(frozen=True)
class HashingCost:
    """What one passphrase costs to try.

    The default has memory and passes of the second option of RFC 9106, section 4, but one lane for its
    four: the lanes would take the cores from the readers.
    """

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 1


def _argon2id(salt: bytes, cost: HashingCost) -> Argon2id:
    return Argon2id(
        salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )


@dataclass(frozen=True)
class PassphraseKey:
    """What a pseudonym and a passphrase give: the tag under which a wrap is found, and the key that opens it."""

    tag: bytes = field(repr=False)
    key: bytes = field(repr=False)


class PassphraseHasher:
    """Argon2id behind a gate: `at_once` run, `waiting` queue for `patience` seconds, others are told to come back.

    Memory is bounded by `at_once` times the cost's memory. `cryptography` releases the interpreter
    while it hashes, so that other threads go on.
    """

    def __init__(
        self, cost: HashingCost | None = None, at_once: int = 2, waiting: int = 2, patience: float = 2.0
    ):
        self.cost = cost or HashingCost()
        self.patience = patience
        self._running = threading.BoundedSemaphore(at_once)
        self._admitted = threading.BoundedSemaphore(at_once + waiting)

    def key(self, salt: bytes, pseudonym: str, passphrase: str) -> PassphraseKey:
        """Derive the key of a pseudonym and passphrase, both normalised. Raises HashingBusy.

        The pseudonym is part of what is hashed: whoever copies the database must guess it too,
        and a wrap can't be looked up by name alone.
        """
        with self._turn():
            salt = derive(pseudonym.encode(), "passphrase salt", salt=salt, length=16)
            hashed = _argon2id(salt, self.cost).derive(passphrase.encode())
        return PassphraseKey(derive(hashed, "passphrase tag"), derive(hashed, "passphrase key"))

    def copy_key(self, salt: bytes, credentials: Credentials, cost: HashingCost) -> bytes:
        """Derive the key of an encrypted copy, at the cost that the copy names. Raises HashingBusy."""
        with self._turn():
            hashed = _argon2id(
                derive(credentials.pseudonym.encode(), "copy salt", salt=salt, length=16), cost
            ).derive(credentials.passphrase.encode())
        return derive(hashed, "copy key")

    def backup_key(self, salt: bytes, passphrase: str, cost: HashingCost) -> bytes:
        """Derive the key of a backup from its normalised passphrase, at the cost that it names. Raises HashingBusy."""
        with self._turn():
            hashed = _argon2id(derive(salt, "backup salt", length=16), cost).derive(passphrase.encode())
        return derive(hashed, "backup key")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise HashingBusy
        try:
            if not self._running.acquire(timeout=self.patience):
                raise HashingBusy
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._admitted.release()
