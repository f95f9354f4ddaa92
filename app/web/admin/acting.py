"""What administrators and trainers change: in one transaction with its entry in the log of actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.records import actions
from app.web.admin.guard import actor_in
from app.web.kit import kit


@dataclass
class Acting:
    """A transaction, and what is to be written into the log when it is done."""

    connection: Connection
    noted: list[tuple[str, bytes | None, str]] = field(default_factory=list)

    def note(self, verb: str, subject: bytes | None = None, details: str = "") -> None:
        """Log that this was done. subject: a random id. details: counts and ids of modules, never a label."""
        self.noted.append((verb, subject, details))


@contextmanager
def acting() -> Iterator[Acting]:
    """Change something as whoever is asking: all of it and its entries in the log, or nothing.

    Raises NotFound where they were let in to this page and their role was ended a moment ago.
    """
    place, head = kit(), None
    with place.database.changing() as connection:
        actor = actor_in(connection)
        act = Acting(connection)
        yield act
        for verb, subject, details in act.noted:
            head = actions.note(connection, place.log_key, place.now(), actor, verb, subject, details)
    if head is not None:
        place.keep_head(head)
