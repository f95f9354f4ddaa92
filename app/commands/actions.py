"""`flask actions …`: looking after the log of administrators' actions."""

import click

_SAYINGS = {
    "changed": "entry {number} isn't what was written, or stands in another's place",
    "missing": "entry {number} is missing",
    "shortened": "the log ends at entry {number}, before the end that was kept in the data folder",
    "head-lost": "the file with the log's end is gone or can't be read; the log ends at entry {number}",
    "head-foreign": "entry {number} isn't the one whose end was kept in the data folder",
}


def action_commands() -> click.Group:
    """The commands for the log of actions."""
    group = click.Group("actions", help="Check the log of administrators' actions.")
    group.add_command(_verify)
    return group


@click.command("verify")
def _verify() -> None:
    """Say whether the log is whole: nothing changed, removed, added or cut off. Ends with 1 if not."""
    from app.commands.records import opened
    from app.records import actions

    with opened() as (config, database), database.reading() as session:
        connection = session.connection()
        kept = actions.kept_head(config.actions_head)
        found = list(actions.faults(connection, actions.log_key(config.secret_key), kept))
        length = actions.head_of(connection).number
    for fault, number in found:
        click.echo(_SAYINGS[fault.value].format(number=number))
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"The log is whole: {length} entries.")
