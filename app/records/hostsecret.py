"""The host secret: without it no session opens. It lives where a power-off takes it away."""

import contextlib
import os
import re
import secrets
import sys
from pathlib import Path

from app.records.crypto import KEY_BYTES

FILE_NAME = "host-secret"
#: Windows would change line ends among the random bytes.
_BINARY = getattr(os, "O_BINARY", 0)


class HostSecretUnsafe(Exception):
    """The folder given for the host secret would keep it after a power-off, or is open to others."""


def find_host_secret(folder: Path | None) -> tuple[bytes, Path | None]:
    """This machine's secret and the file that holds it, made on first use; None when it is only in memory.

    Looks for a folder in memory (tmpfs): the one given, the user's runtime folder, then shared
    memory. Where there is none (Windows, macOS), the secret lives in this process alone and every
    session ends when it stops. Raises HostSecretUnsafe for a given folder that isn't in memory.
    """
    if folder is not None:
        return _secret_in(folder, must_be_in_memory=sys.platform == "linux"), folder / FILE_NAME
    for candidate in _runtime_folders():
        try:
            return _secret_in(candidate, must_be_in_memory=True), candidate / FILE_NAME
        except (HostSecretUnsafe, OSError):
            continue
    return secrets.token_bytes(KEY_BYTES), None


def memory_folder(folder: Path | None) -> Path | None:
    """A folder of this user's own that a power-off empties, for files that no disk may keep; None where there is none.

    folder: the one that the configuration gives, if any.
    """
    for candidate in [folder] if folder is not None else _runtime_folders():
        try:
            _own_folder(candidate, must_be_in_memory=True)
        except (HostSecretUnsafe, OSError):
            continue
        return candidate
    return None


def _runtime_folders() -> list[Path]:
    if sys.platform != "linux":
        return []
    user = os.getuid()
    bases = [os.environ.get("XDG_RUNTIME_DIR"), f"/run/user/{user}"]
    folders = [Path(base) / "resguardo" for base in bases if base and Path(base).is_dir()]
    return [*folders, Path(f"/dev/shm/resguardo-{user}")]  # noqa: S108 - made 0700 and checked below


def _secret_in(folder: Path, *, must_be_in_memory: bool) -> bytes:
    _own_folder(folder, must_be_in_memory=must_be_in_memory)
    return _read_or_make(folder / FILE_NAME)


def _own_folder(folder: Path, *, must_be_in_memory: bool) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid"):
        stat = folder.lstat()
        if stat.st_uid != os.getuid() or stat.st_mode & 0o077 or folder.is_symlink():
            raise HostSecretUnsafe(f"{folder} must be a folder of this user's own with mode 0700")
    if must_be_in_memory and (sys.platform != "linux" or not _is_in_memory(folder)):
        raise HostSecretUnsafe(
            f"{folder} is not in memory (tmpfs), so a power-off would leave the secret there"
        )


def _read_or_make(file: Path) -> bytes:
    """Two processes that start together must end with one secret: the first to link its file wins."""
    if not file.exists():
        draft = file.with_name(f"{FILE_NAME}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(secrets.token_bytes(KEY_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    # Without following a link, and the rights of what was opened: the name may come to mean another file.
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _BINARY)
    except OSError as refused:
        raise HostSecretUnsafe(f"{file} can't be opened, or is a link") from refused
    with os.fdopen(descriptor, "rb") as handle:
        stat = os.fstat(descriptor)
        if hasattr(os, "getuid") and (stat.st_uid != os.getuid() or stat.st_mode & 0o077):
            raise HostSecretUnsafe(f"{file} must be this user's own with mode 0600")
        secret = handle.read(KEY_BYTES + 1)
    if len(secret) != KEY_BYTES:
        raise HostSecretUnsafe(f"{file} is damaged: delete it (every session ends) and start again")
    return secret


def _is_in_memory(folder: Path) -> bool:
    """Whether the innermost mount that holds this folder is a memory file system."""
    resolved = folder.resolve()
    innermost, kind = Path("/"), ""
    for line in Path("/proc/self/mounts").read_bytes().splitlines():
        _device, where, file_system, *_ = line.split(b" ")
        point = Path(os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), where)))
        if resolved.is_relative_to(point) and len(point.parts) >= len(innermost.parts):
            innermost, kind = point, file_system.decode()
    return kind in {"tmpfs", "ramfs"}
