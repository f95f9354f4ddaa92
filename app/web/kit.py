"""This installation, put together: what every view needs, in one value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import cast

from flask import Flask, current_app

from app.curriculum.model import Curriculum
from app.learning.insight import outcome
from app.records import actions, attachments, erasure, throttle
from app.records.cohorts import groups, invitations
from app.records.cohorts.campaigns import campaigns_key, close_due
from app.records.cohorts.certificates import certificate_key
from app.records.database import Database
from app.records.failures import RecordsFailure
from app.records.keyring import Keyring
from app.records.sessions import Lifetimes, drop_expired
from app.search import Index
from config import Config

EXTENSION = "resguardo"


@dataclass(frozen=True)
class Kit:
    """The parts of a running kit. `clock` gives an aware datetime; nothing below the views reads it."""

    config: Config
    curriculum: Curriculum
    database: Database
    keyring: Keyring
    lifetimes: Lifetimes
    host_secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    #: The last day on which what is past its time was dropped: once a day in each process is enough.
    _dropped_on: list[date] = field(default_factory=list, init=False, repr=False)

    @cached_property
    def log_key(self) -> bytes:
        """The key of the log of administrators' actions."""
        return actions.log_key(self.config.secret_key)

    @cached_property
    def campaigns_key(self) -> bytes:
        """The key from which each campaign's of group insight comes."""
        return campaigns_key(self.config.secret_key)

    @cached_property
    def certificate_key(self) -> bytes:
        """The key of the numbers of certificates."""
        return certificate_key(self.config.secret_key)

    @cached_property
    def search(self) -> Index:
        """What finds things in the curriculum: made when it is first wanted."""
        return Index(self.curriculum)

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock().timestamp())

    def today(self) -> date:
        """The day it is where the kit runs."""
        return self.clock().astimezone().date()

    def tidy(self) -> None:
        """Forget what has expired, close campaigns that are over, finish deletions that are pending.

        Failing to is not the reader's trouble.
        """
        try:
            with self.database.writing() as session:
                drop_expired(session, self.now())
                attachments.let_go_unfinished(session.connection(), self.now())
                throttle.drop_old(session, self.now())
                close_due(session.connection(), self.campaigns_key, self.today(), outcome)
            self._drop_outlived()
            if erasure.is_pending(self.database):
                erasure.finish(self.database)
        except RecordsFailure:
            current_app.logger.warning(
                "Expired sessions could not be tidied away yet; it is tried again later."
            )

    def _drop_outlived(self) -> None:
        """Once a day: delete the cohorts that were kept for as long as was said, and invitations past their day.

        Each cohort leaves its random id in the log of actions, so that its end is no riddle.
        """
        today = self.today()
        if self._dropped_on == [today]:
            return
        with self.database.writing() as session:
            connection = session.connection()
            invitations.drop_old(connection, today)
            head = None
            for gone in groups.drop_outlived(connection, today):
                counts = f"places={gone.places} completions={gone.completions}"
                head = actions.note(
                    connection,
                    self.log_key,
                    self.now(),
                    actions.KIT_ITSELF,
                    "cohort-outlived",
                    gone.id,
                    counts,
                )
                erasure.note_traces(session)
        self._dropped_on[:] = [today]
        if head is not None:
            self.keep_head(head)

    def keep_head(self, head: actions.Head) -> None:
        """Keep the log's new end beside the database. What was done stands, and is in the log, if that fails."""
        try:
            actions.keep_head(self.config.actions_head, head)
        except OSError:
            current_app.logger.exception("The head of the log of actions could not be kept.")


def kit() -> Kit:
    """The kit that this request is served by."""
    return kit_of(current_app)


def kit_of(app: Flask) -> Kit:
    """The kit that an application serves."""
    return cast("Kit", app.extensions[EXTENSION])
