"""A PostgreSQL to test on: the one whose address is given, else a private one that is thrown away afterwards.

`RESGUARDO_TEST_POSTGRESQL` may hold an address (`postgresql+psycopg://user@host/postgres`) whose user may
create databases. Without it, Debian's binaries start a cluster of their own: a socket in a temporary
folder, no port, no waiting for the disk. Where there is neither, tests are skipped and say so.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url

ADDRESS = "RESGUARDO_TEST_POSTGRESQL"
MISSING = f"no PostgreSQL here: install it, or give the address of one in {ADDRESS}"
_USER = "resguardo"


@dataclass
class Server:
    """A running PostgreSQL. `restart` and `stop` only where it is ours (`binaries` is set)."""

    url: URL
    binaries: Path | None = None
    folder: Path | None = None
    _template: str | None = field(default=None, repr=False)
    _shared: str | None = field(default=None, repr=False)

    def create(self, template: str = "template0") -> str:
        """A fresh database, as a copy of another, and its address."""
        name = f"resguardo_{secrets.token_hex(6)}"
        self._command(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING UTF8')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def create_prepared(self) -> str:
        """A fresh database with the kit's tables: made once, then copied, and its address."""
        if self._template is None:
            from app.records import schema
            from app.records.database import Database

            database = Database(self.create())
            schema.prepare(database)
            database.close()
            self._template = database.url.render_as_string(hide_password=False)
        return self.create(str(make_url(self._template).database))

    def prepared(self) -> str:
        """The address of one database with the kit's tables, shared by tests that `empty` it after them."""
        if self._shared is None:
            self._shared = self.create_prepared()
        return self._shared

    def empty(self, url: str) -> None:
        """Take all rows out of a database with the kit's tables, but the installation's own."""
        from app.records.tables import Base, Installation

        names = [table.name for table in Base.metadata.sorted_tables if table is not Installation.__table__]
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("SET lock_timeout = '10s'")
            connection.exec_driver_sql(f"TRUNCATE {', '.join(names)}")
        engine.dispose()

    def drop(self, url: str) -> None:
        """Drop a database that was created here, whoever is still connected."""
        self._command(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop at once, as if the machine had gone."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-c fsync=off -c listen_addresses= -c max_connections=200 -k {self.folder}"
        self._control("start", "-o", options, "-l", str(self._own_folder / "log"))

    @property
    def _own_folder(self) -> Path:
        assert self.folder is not None, "not a server of ours"
        return self.folder

    def _control(self, *what: str) -> None:
        assert self.binaries is not None, "not a server of ours"
        run_unprivileged([self.binaries / "pg_ctl", "-D", self._own_folder / "data", "-w", *what])

    def _command(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def running() -> Iterator[Server]:
    """A server for as long as the block runs; skips where none can be had."""
    given = os.environ.get(ADDRESS)
    if given:
        server = Server(make_url(given).set(drivername="postgresql+psycopg"))
        yield server
        for name in (server._shared, server._template):
            if name:
                server.drop(server.url.set(database=make_url(name).database).render_as_string(False))
        return
    with private() as server:
        yield server


@contextmanager
def private(where: str | None = None) -> Iterator[Server]:
    """A server of one's own, to be stopped and started; skips where there are no binaries.

    where: the folder that its own is made in, for what is too large for memory.
    """
    binaries = _binaries()
    if binaries is None:
        pytest.skip(MISSING)
    # A socket's path may have no more than about a hundred characters: these folders are short.
    folder = Path(tempfile.mkdtemp(prefix="resguardo-pg-", dir=where or in_memory()))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        run_unprivileged(
            [
                binaries / "initdb",
                "-D",
                folder / "data",
                "-U",
                _USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
        )
        address = URL.create(
            "postgresql+psycopg", username=_USER, database="postgres", query={"host": str(folder)}
        )
        server = Server(address, binaries, folder)
        server.start()
        try:
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_memory() -> str | None:
    """Where temporary databases needn't wait for a disk, or None for wherever temporary files go."""
    where = "/dev/shm"  # noqa: S108 - only fresh folders with random names are made there
    return where if os.access(where, os.W_OK) and shutil.disk_usage(where).free > 2**30 else None


def run_unprivileged(command: list[str | Path]) -> None:
    """Run a command that refuses to run as root, as Debian's own user for it if we are root."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # To a file, not a pipe: the server inherits it and would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
        )
        output.seek(0)
        assert done.returncode == 0, output.read().decode(errors="replace")


def _binaries() -> Path | None:
    on_path = shutil.which("pg_ctl")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    complete = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return complete[-1] if complete else None
