"""How this installation is set up: a frozen value filled from the environment, or an error that names every bad key.

An error says what is wrong with a key and how to mend it, and never repeats the value.
"""

import contextlib
import errno
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parent
MINUTE, HOUR = 60, 3600
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - a file's name
SECRET_KEY_MINIMUM = 32
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class ConfigError(Exception):
    """The configuration can't be used. `problems` maps each bad key to what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]):
        super().__init__("\n".join(f"{key}: {problem}" for key, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Key:
    """One key of the environment: what it means, its default in words, and how its text becomes a value."""

    name: str
    field: str
    default: Any
    default_in_words: str
    meaning: str
    read: Callable[[str], Any]


def _text(maximum: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value.strip() or len(value) > maximum or not value.isprintable():
            raise ValueError(f"must be 1 to {maximum} printable characters")
        return value.strip()

    return read


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        digits = value.strip()
        if len(digits) > len(str(high)) or not digits.isdecimal() or not low <= int(digits) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(digits)

    return read


def _choice(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError("must be one of: " + ", ".join(choices))
        return value

    return read


def _folder(value: str) -> Path:
    try:
        path = Path(value).expanduser()
    except (RuntimeError, ValueError):  # the home of a user who doesn't exist
        path = Path()
    if not path.is_absolute() or "\0" in value:
        raise ValueError("must be an absolute path of a folder")
    return path


#: A name (with a dot before it: and every name under it), an IPv4 address, or an IPv6 address in brackets; a port.
_HOST = re.compile(r"(\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in value.split(",") if host.strip())
    if not hosts or not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("must be host names in lower case, separated by commas, without http:// or a path")
    return hosts


def _database(value: str) -> str:
    if value.startswith(("postgres://", "postgresql://")):
        value = "postgresql+psycopg://" + value.split("://", 1)[1]
    if not value.startswith(("sqlite:////", "sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if value.startswith("sqlite:") and value.removeprefix("sqlite:///").partition("?")[0] in {"", ":memory:"}:
        raise ValueError("must name a file after sqlite:///")
    return value


def _secret_key(value: str) -> str:
    if len(value) < SECRET_KEY_MINIMUM:
        raise ValueError(f"must be at least {SECRET_KEY_MINIMUM} characters long")
    return value


def _host_secret(value: str) -> bytes:
    try:
        secret = bytes.fromhex(value.strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_KEY_MINIMUM:
        raise ValueError(
            "must be 64 hexadecimal digits: python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return secret


def _default_data_dir() -> Path:
    from platformdirs import user_data_path

    return user_data_path("resguardo", appauthor=False)


KEYS = (
    Key("RESGUARDO_DATA_DIR", "data_dir", None, "the user's data folder, `resguardo`",
        "Where records, the secret key and the compiled curriculum live. Made with mode 0700.", _folder),
    Key("RESGUARDO_RUNTIME_DIR", "runtime_dir", None, "the user's runtime folder or shared memory",
        "Where the host secret lives: a folder in memory (tmpfs), gone at power-off.", _folder),
    Key("RESGUARDO_HOST_SECRET", "host_secret", None, "made at start",
        "The host secret itself, where several hosts share one. 64 hexadecimal digits; never write it to a disk.",
        _host_secret),
    Key("RESGUARDO_CONTENT_DIR", "content_dir", CHECKOUT, "this checkout",
        "The folder that holds `modules/`, `quizzes/` and `help/`.", _folder),
    Key("DATABASE_URL", "database_url", None, "`resguardo.sqlite3` in the data folder",
        "The records' database: `sqlite:///…` or `postgresql://…`.", _database),
    Key("SECRET_KEY", "secret_key", None, "made once, kept in the data folder with mode 0600",
        "Signs form tokens and device cookies; 32 characters or more. It opens no vault.", _secret_key),
    Key("RESGUARDO_SITE_NAME", "site_name", "Resguardo", "`Resguardo`",
        "The name in titles and headings; a neutral one draws fewer eyes.", _text(40)),
    Key("RESGUARDO_DEFAULT_LANGUAGE", "default_language", "es", "`es`",
        "The language offered first, where the browser asks for none that the kit has.", _text(5)),
    Key("HOST", "host", "127.0.0.1", "`127.0.0.1`", "The address to serve on.", _text(100)),
    Key("PORT", "port", 8000, "`8000`", "The port to serve on.", _number(1, 65535)),
    Key("RESGUARDO_TRANSPORT", "transport", "loopback", "`loopback`",
        "`loopback`: this machine only. `https`: behind a proxy that ends TLS. `plain`: plain HTTP on a network, "
        "where only lessons and help are served.", _choice("loopback", "https", "plain")),
    Key("RESGUARDO_ENROLMENT", "enrolment", "", "`invitation` with `https`, else `open`",
        "`open`: anybody may keep progress under a passphrase. `invitation`: only with a code from an administrator.",
        _choice("open", "invitation")),
    Key("RESGUARDO_TRUSTED_HOSTS", "trusted_hosts", (), "loopback names",
        "Names under which the kit may be asked for, separated by commas. Required off loopback.", _hosts),
    Key("RESGUARDO_PROXIES", "proxies", 1, "`1`",
        "With `https`: how many proxies stand before the kit and set X-Forwarded-For and -Proto.", _number(1, 5)),
    Key("RESGUARDO_THREADS", "threads", 8, "`8`", "Threads that serve pages.", _number(2, 64)),
    Key("RESGUARDO_IDLE_MINUTES", "idle_seconds", 60 * MINUTE, "`60`",
        "Minutes without use after which somebody who kept their progress must sign in again.",
        lambda value: _number(5, 24 * 60)(value) * MINUTE),
    Key("RESGUARDO_SESSION_HOURS", "session_seconds", 12 * HOUR, "`12`",
        "Hours after which they must sign in again in any case.", lambda value: _number(1, 72)(value) * HOUR),
    Key("RESGUARDO_GUEST_HOURS", "guest_seconds", 12 * HOUR, "`12`",
        "Hours after which a guest's answers are gone.", lambda value: _number(1, 72)(value) * HOUR),
    Key("RESGUARDO_HASH_MEMORY_MIB", "hash_memory_mib", 64, "`64`",
        "Memory that each try of a passphrase costs, in MiB (Argon2id).", _number(19, 1024)),
    Key("RESGUARDO_HASHES_AT_ONCE", "hashes_at_once", 2, "`2`",
        "How many passphrases are checked at the same time.", _number(1, 16)),
)  # fmt: skip


@dataclass(frozen=True)
class Config:
    """One installation's settings, checked. Make it with `from_environment` or `from_mapping`."""

    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    content_dir: Path
    host: str
    port: int
    transport: str
    enrolment: str
    trusted_hosts: tuple[str, ...]
    site_name: str
    default_language: str
    proxies: int
    threads: int
    idle_seconds: int
    session_seconds: int
    guest_seconds: int
    hash_memory_mib: int
    hashes_at_once: int
    runtime_dir: Path | None = None
    host_secret: bytes | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls) -> "Config":
        """The settings of this process's environment. Raises ConfigError."""
        return cls.from_mapping(os.environ)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> "Config":
        """Settings from a mapping of keys to texts; an empty text counts as unset. Raises ConfigError."""
        values, problems = _read(mapping)
        if not problems:
            problems = _unsafe(values)
        if problems:
            raise ConfigError(problems)
        values["data_dir"] = values["data_dir"] or _default_data_dir()
        data_dir: Path = values["data_dir"]
        try:
            _make_private(data_dir)
            values["secret_key"] = values["secret_key"] or _kept_secret_key(data_dir / SECRET_KEY_FILE)
        except OSError as failure:
            raise ConfigError(
                {"RESGUARDO_DATA_DIR": f"can't be used as a folder: {failure.strerror}"}
            ) from None
        values["database_url"] = values["database_url"] or f"sqlite:///{data_dir / 'resguardo.sqlite3'}"
        values["trusted_hosts"] = (*LOOPBACK_NAMES, *values["trusted_hosts"])
        return cls(**values)

    @property
    def backups(self) -> Path:
        """Where a copy of the records goes before they are upgraded."""
        return self.data_dir / "backups"

    @property
    def actions_head(self) -> Path:
        """Where the end of the log of administrators' actions is kept, outside the database."""
        return self.data_dir / "actions.head"

    @property
    def by_invitation(self) -> bool:
        """Whether progress is kept by invitation only."""
        return self.enrolment == "invitation" or (self.enrolment == "" and self.transport == "https")

    @property
    def public_address(self) -> str:
        """The address under which people reach the kit, with a slash at its end."""
        if self.transport == "https":
            named = (host for host in self.trusted_hosts if host not in LOOPBACK_NAMES)
            return f"https://{next(named).removeprefix('.')}/"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def cache(self) -> Path:
        """Where the compiled curriculum is kept."""
        return self.data_dir / "cache"


def _read(mapping: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for key in KEYS:
        text = mapping.get(key.name, "")
        try:
            values[key.field] = key.read(text) if text.strip() else key.default
        except ValueError as wrong:
            problems[key.name] = str(wrong)
    known = {key.name for key in KEYS}
    for name in mapping:
        if name.startswith("RESGUARDO_") and name not in known and not name.startswith("RESGUARDO_TEST_"):
            problems[name] = "is not a setting of the kit: see the table in docs/deployment.md"
    return values, problems


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _unsafe(values: Mapping[str, Any]) -> dict[str, str]:
    """What would make serving as asked unsafe: the reasons, by key."""
    if values["transport"] == "loopback" and not _is_loopback(values["host"]):
        return {
            "HOST": "is not this machine's own (loopback), so anybody on the network could reach the kit. Set "
            "RESGUARDO_TRANSPORT=https and put a proxy with TLS before it, or RESGUARDO_TRANSPORT=plain to serve "
            "lessons and help only; and name the hosts in RESGUARDO_TRUSTED_HOSTS"
        }
    if values["transport"] != "loopback" and not values["trusted_hosts"]:
        return {
            "RESGUARDO_TRUSTED_HOSTS": "must name the hosts under which the kit is asked for: without it, a page "
            "elsewhere could reach it by another name (DNS rebinding)"
        }
    return {}


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _kept_secret_key(file: Path) -> str:
    """The key that is kept, made on first use. Of processes that start together, the first to link its file wins."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(secrets.token_urlsafe(SECRET_KEY_MINIMUM))
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
        finally:
            draft.unlink()
    key = file.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < SECRET_KEY_MINIMUM:
        raise OSError(errno.EINVAL, f"the file {file.name} in it is damaged; delete it, and another is made")
    return key
