"""`flask admin …`: making the first administrator, without whom there is nobody to invite anybody."""

from datetime import UTC, datetime, timedelta

import click

from config import Config

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
    from app.records import actions
    from app.records.cohorts.invitations import invite
    from app.records.cohorts.roles import Role

    with opened() as (config, database):
        today = datetime.now(UTC).astimezone().date()
        with database.changing() as connection:
            code = invite(
                connection,
                role=Role.ADMIN,
                cohort_id=None,
                today=today,
                expires_on=today + timedelta(days=GOOD_FOR_DAYS),
            )
            key, now = actions.log_key(config.secret_key), int(datetime.now(UTC).timestamp())
            head = actions.note(connection, key, now, actions.COMMAND_LINE, "admin-invited", None)
        actions.keep_head(config.actions_head, head)
        click.echo(invitation_words(config, code))


def invitation_words(config: Config, code: str) -> str:
    """What whoever runs the machine is told of an administrator's invitation."""
    return "\n".join(
        (
            "Open this once, within three days, and choose a passphrase of your own:",
            f"  {config.public_address}{config.default_language}/join/#{code}",
            f"or type this code there: {code}",
        )
    )
