"""`flask admin …`: making the first administrator, without whom there is nobody to invite anybody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from config import Config

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.records.database import Database

    #: Makes an invitation, on a day and good until another. Returns its code.
    Inviting = Callable[[Connection, date, date], str]

#: Days for which an administrator's invitation that was made by command may be used.
GOOD_FOR_DAYS = 3


def admin_commands() -> click.Group:
    """The commands for administrators."""
    group = click.Group("admin", help="Invite an administrator.")
    group.add_command(_invite)
    return group


@click.command("invite")
def _invite() -> None:
    """Make a link by which one person becomes an administrator. It works once, for three days."""
    from app.commands.records import opened
    from app.records.cohorts.invitations import invite_administrator

    with opened() as (config, database):
        code = noted_invitation(config, database, invite_administrator, datetime.now(UTC))
        click.echo(invitation_words(config, code))


def noted_invitation(config: Config, database: "Database", made_by: "Inviting", moment: datetime) -> str:
    """An administrator's invitation that comes from the machine itself, in one transaction with its entry in the log.

    Returns the code. Raises the storage failures, and OSError where the log's end can't be kept.
    """
    from app.records import actions

    today = moment.astimezone().date()
    key, now = actions.log_key(config.secret_key), int(moment.timestamp())
    with database.changing() as connection:
        code = made_by(connection, today, today + timedelta(days=GOOD_FOR_DAYS))
        head = actions.note(connection, key, now, actions.COMMAND_LINE, "admin-invited", None)
    actions.keep_head(config.actions_head, head)
    return code


def invitation_words(config: Config, code: str) -> str:
    """What whoever runs the machine is told of an administrator's invitation."""
    return "\n".join(
        (
            "Open this once, within three days, and choose a passphrase of your own:",
            f"  {config.public_address}{config.default_language}/join/#{code}",
            f"or type this code there: {code}",
        )
    )
