"""The list of deletions, to be kept apart from backups: a restored backup is told by it whom to forget again.

A line for each digest of a random id. They match nothing but an older copy of the same records.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.records.erasure import TRACES
from app.records.failures import RecordsFailure
from app.records.tables import Erasure

_BEGINNING = "resguardo-deletions 1"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DeletionsUnreadable(RecordsFailure):
    """The file is no list of deletions, or it was changed or cut: whom it no longer names would come back."""


def known(connection: Connection) -> frozenset[bytes]:
    """The digests of everybody who was deleted from these records."""
    return frozenset(connection.scalars(select(Erasure.digest))) - {TRACES}


def listed(digests: Iterable[bytes]) -> str:
    """The list as a text. Its order says nothing of when."""
    lines = sorted(digest.hex() for digest in digests)
    return "\n".join((_BEGINNING, *lines, f"end {len(lines)}", ""))


def read(text: str) -> frozenset[bytes]:
    """The digests of a list. Raises DeletionsUnreadable."""
    first, *lines = text.splitlines() or [""]
    last = lines.pop() if lines else ""
    if first != _BEGINNING or last != f"end {len(lines)}" or not all(map(_DIGEST.fullmatch, lines)):
        raise DeletionsUnreadable
    return frozenset(map(bytes.fromhex, lines))
