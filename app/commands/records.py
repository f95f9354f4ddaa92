"""The records, opened for a command and closed after it; what stands in the way is said in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.records import schema
from app.records.database import Database
from app.records.failures import RecordsFailure
from app.records.schema import SchemaNewer
from config import Config, ConfigError


@contextmanager
def opened() -> Iterator[tuple[Config, Database]]:
    """This installation's settings and records, made or upgraded. Ends the command where they can't be used."""
    try:
        config = Config.from_environment()
    except ConfigError as error:
        raise click.ClickException(
            " ".join(f"{key} {problem}." for key, problem in error.problems.items())
        ) from None
    database = Database(config.database_url)
    try:
        schema.prepare(database, config.backups)
        yield config, database
    except SchemaNewer:
        raise click.ClickException(
            "The records were written by a newer version of the kit. Update this one."
        ) from None
    except RecordsFailure as failure:
        raise click.ClickException(
            f"The records can't be used ({type(failure).__name__}). Check DATABASE_URL and the data folder."
        ) from None
    finally:
        database.close()
