"""`flask backup`, `flask restore` and `flask deletions`: a copy of all records, encrypted, and the way back."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.records.backuplines import Facts
    from app.records.database import Database
    from app.records.sealedfile import KeyOfFile, Progress

#: Days for which a backup may be restored, unless its maker says otherwise.
DAYS = 30
_FILE = click.Path(dir_okay=False, path_type=Path)
_READ = click.Path(dir_okay=False, exists=True, path_type=Path)

_SAYINGS = {
    "WrongPassphrase": "The passphrase doesn't open this backup.",
    "NoBackup": "This file is no backup of the kit, or its beginning was damaged.",
    "BackupNewer": "This backup was made by a newer version of the kit. Update this one first.",
    "BackupDamaged": "This backup is damaged: something in it was changed, moved or left out.",
    "BackupCut": "This backup is cut short: it wasn't copied whole.",
    "DeletionsUnreadable": "The list of deletions is damaged, cut short, or no such list.",
    "BackupExpired": "This backup has expired. Whoever deleted what they had since then was told that it would be gone "
    "by now. If you must, add --expired-too.",
    "NotEmpty": "There are records here already. To put the backup in their place, add --replace: they are backed up "
    "first.",
}


def backup_commands() -> tuple[click.Command, ...]:
    """The commands for backups."""
    return (_backup, _restore, _deletions)


@click.command("backup")
@click.argument("file", type=_FILE)
@click.option(
    "--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, help="Days it is good for."
)
@click.option("--keep-expired", is_flag=True, help="Leave expired backups in FILE's folder where they are.")
def _backup(file: Path, days: int, *, keep_expired: bool) -> None:
    """Copy all records into FILE, encrypted with a passphrase that is asked for, while the kit may go on running.

    Where nobody types, the passphrase is read from standard input. Afterwards other backups in FILE's folder whose
    last day has passed are deleted.
    """
    from app.commands.records import opened
    from app.records.backups import expiry

    with opened() as (config, database), _said():
        until = expiry(_today(), days)
        _back_up(database, file, until, _key_of(_new_passphrase()), config.hash_memory_mib)
    click.echo(f"Everything is in {file}. It can be restored until {until}.")
    if not keep_expired:
        _delete_expired(file)


@click.command("restore")
@click.argument("file", type=_READ)
@click.option(
    "--replace", is_flag=True, help="Put it in the place of what is here, which is backed up first."
)
@click.option("--deletions", type=_READ, help="A list that `flask deletions` wrote: who is on it stays away.")
@click.option("--expired-too", is_flag=True, help="Even if its last day has passed.")
def _restore(file: Path, *, replace: bool, deletions: Path | None, expired_too: bool) -> None:
    """Put the records of a backup into this installation, but whoever was deleted since. Stop the kit first."""
    from app.commands.records import opened
    from app.records import actions, backups, erasure, schema, sealedfile
    from app.records import deletions as lists

    with opened() as (config, database), _said(), file.open("rb") as handle:
        gone = lists.read(_text(deletions)) if deletions else frozenset()
        with database.reading() as session:
            if not (replace or backups.is_empty(session.connection())):
                raise backups.NotEmpty
        key_of = _key_of(_typed_passphrase())
        found = sealedfile.opened(handle, key_of)
        begins = handle.tell()
        with _progress("Checking", file) as progress:
            facts = backups.facts_of(sealedfile.lines_of(handle, found, progress))
        if not expired_too:
            backups.must_be_in_force(facts, _today())
        if replace:
            before = config.backups / f"before-restore-{_today()}-{secrets.token_hex(4)}.backup"
            before.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _back_up(database, before, backups.expiry(_today(), DAYS), key_of, config.hash_memory_mib)
            click.echo(f"What was here is in {before}, with the same passphrase.")
        handle.seek(begins)
        ends = []

        def go_on(connection: "Connection") -> None:
            key, now = actions.log_key(config.secret_key), int(datetime.now(UTC).timestamp())
            ends.append(actions.note_restored(connection, key, now, str(facts.made_on)))

        with _progress("Restoring", file) as progress:
            read = sealedfile.lines_of(handle, found, progress)
            with _as_of_now(read, facts, database, gone) as (lines, forgotten):
                restored = backups.restore(database, lines, gone, replacing=replace, also=go_on)
        ((head, is_ours),) = ends
        actions.replace_head(config.actions_head, head)
        erasure.finish(database)
    click.echo(f"The records of {facts.made_on} are here again.")
    if facts.revision != schema.HEAD:
        click.echo("The backup was made by an older version of the kit, and was brought up to this one.")
    if restored.forgotten + forgotten:
        click.echo(f"Forgotten again, because they were deleted since: {restored.forgotten + forgotten}.")
    if not is_ours:
        click.echo(
            "The log of actions was written with another secret key, so it can't be checked here. Put the secret key "
            "of then back (SECRET_KEY, or the file secret-key in the data folder) and restore again."
        )
    click.echo("Invitations aren't in a backup: make new ones.")


@contextmanager
def _as_of_now(
    read: Iterator[bytes], facts: "Facts", database: "Database", gone: frozenset[bytes]
) -> Iterator[tuple[Iterator[bytes], int]]:
    """The lines of a backup as this version writes them, and how many learners were left out of an older one."""
    from app.records import deletions, older, schema

    if facts.revision == schema.HEAD:
        yield read, 0
        return
    with database.reading() as session:
        gone |= deletions.known(session.connection())
    with older.taken_up(read, gone) as found:
        yield found.lines(), found.forgotten


@click.command("deletions")
@click.argument("file", type=_FILE)
def _deletions(file: Path) -> None:
    """Write the list of what was deleted into FILE: keep it apart, for a restore after a disaster."""
    from app.commands.records import opened
    from app.records import deletions

    with opened() as (_config, database), _said():
        with database.reading() as session:
            digests = deletions.known(session.connection())
        with _new_file(file) as handle:
            handle.write(deletions.listed(digests).encode())
    click.echo(
        f"{len(digests)} deletions are listed in {file}. They match nothing but a backup of these records."
    )


@contextmanager
def _said() -> Iterator[None]:
    """Say in words what stands in the way."""
    from app.records.failures import RecordsFailure

    try:
        yield
    except RecordsFailure as failure:
        words = _SAYINGS.get(type(failure).__name__)
        if words is None:
            raise
        raise click.ClickException(words) from None
    except (OSError, UnicodeDecodeError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else "it isn't text"
        raise click.ClickException(f"The file can't be read or written: {reason}.") from None


def _back_up(database: "Database", file: Path, until: date, key_of: "KeyOfFile", memory_mib: int) -> None:
    from app.records import backups, sealedfile
    from app.records.hashing import HashingCost

    cost = HashingCost(memory_kib=memory_mib * 1024)
    with _new_file(file) as handle, database.reading() as session:
        connection = session.connection()
        rows = backups.lines(connection, _today(), until)
        with click.progressbar(rows, backups.size(connection), "Backing up", file=sys.stderr) as shown:
            sealedfile.written(shown, handle, until, cost, key_of)


def _delete_expired(new: Path) -> None:
    """Delete the backups beside a new one that say of themselves that their last day has passed.

    Only here: when the kit starts, a clock that is wrong could take the last backup there is.
    """
    for file in sorted(new.parent.iterdir()):
        if file.name == new.name or file.is_symlink() or not file.is_file():
            continue
        try:
            if _expired(file):
                file.unlink()
                click.echo(f"Deleted, because it had expired: {file}")
        except OSError as failure:
            click.echo(
                f"Looked at in vain, or not deleted though it expired: {file}: {failure.strerror}.", err=True
            )


def _expired(file: Path) -> bool:
    """Whether a file is a backup of a kit, by its whole beginning, and its last day has passed."""
    from app.records import sealedfile
    from app.records.failures import RecordsFailure

    try:
        with file.open("rb") as handle:
            return sealedfile.stated_expiry(handle) < _today()
    except RecordsFailure:
        return False


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """A file that nobody else may read, and that is there when it is whole, or not at all."""
    if file.exists():
        raise click.ClickException(f"{file} is there already. Choose another name.")
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _progress(label: str, file: Path) -> Iterator["Progress"]:
    with click.progressbar(length=file.stat().st_size, label=label, file=sys.stderr) as bar:
        yield bar.update


def _new_passphrase() -> str:
    """A passphrase that will do, typed twice. What is written down for a machine is read once."""
    from app.records.passphrases import Credentials, weakness

    typed = _typed_passphrase(confirm=True)
    weak = weakness(Credentials("", typed))
    if weak is not None:
        raise click.ClickException(
            f"This passphrase can be guessed ({weak.value}). Six random words make a good one."
        )
    return typed


def _typed_passphrase(*, confirm: bool = False) -> str:
    """Asked for on the terminal without showing it, else the first line of standard input; never an argument."""
    from app.records.passphrases import normalised

    stream = sys.stdin
    if stream.isatty():
        return normalised(
            str(click.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=confirm))
        )
    return normalised(stream.readline())


def _key_of(passphrase: str) -> "KeyOfFile":
    from app.records.hashing import PassphraseHasher

    hasher = PassphraseHasher()
    return lambda salt, cost: hasher.backup_key(salt, passphrase, cost)


def _text(file: Path) -> str:
    return file.read_text(encoding="ascii")


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
