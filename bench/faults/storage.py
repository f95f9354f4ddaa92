"""A disk that is full and a database that can't be written to: a clear page, nothing lost, and it recovers."""

import http.client
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.browser import Page
from bench.faults.finding import Finding, Settings, damage
from bench.faults.writer import Writer
from bench.servers import Kit, in_memory, running

DISK_MIB = 24
TRIES = 3_000
BEFORE, AFTER = 20, 20
NOTE = "texto escrito a mano que no debe perderse "
DROP_OVERRIDE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--"]


def full(settings: Settings) -> Iterator[Finding]:
    """A small disk is filled while somebody answers; then room is made again."""
    folder = settings.folder_for("full")
    disk = settings.folder_for("full/data")
    with _small_disk(disk) as mounted, in_memory() as memory:
        if not mounted:
            yield Finding("full disk", "no small disk can be mounted here: run it as root", skipped=True)
            return
        with running(kit := Kit(folder, memory, settings.content)):
            writer = _somebody(kit, settings)
            ballast = disk / "ballast"
            _fill(ballast)
            wrong = _refused(writer)
            ballast.unlink()
            wrong += _recovered(writer, kit)
    yield Finding("full disk", _figures(writer), tuple(wrong))


def read_only(settings: Settings) -> Iterator[Finding]:
    """The database's files lose their rights; the kit is started on them, and then they get them back."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if os.name != "posix" or (as_root and shutil.which("setpriv") is None):
        yield Finding("read-only database", "rights can't be taken away here", skipped=True)
        return
    with in_memory() as memory:
        kit = Kit(settings.folder_for("read-only"), memory, settings.content)
        if as_root:
            kit.command = [*DROP_OVERRIDE, *kit.command]
        with running(kit):
            writer = _somebody(kit, settings)
            kit.kill()  # leaves the log beside the file, as a crash does
            files = [
                file for file in kit.database.parent.iterdir() if file.name.startswith(kit.database.name)
            ]
            _set_rights(files, 0o400)
            kit.start()
            writer.browser.close()
            wrong = _refused(writer)
            _set_rights(files, 0o600)
            kit.stop()
            kit.start()
            writer.browser.close()
            wrong += _recovered(writer, kit)
    yield Finding("read-only database", _figures(writer), tuple(wrong))


def _somebody(kit: Kit, settings: Settings) -> Writer:
    writer = Writer(kit.port, settings.curriculum.modules_by_id["doxxing"])
    for _ in range(BEFORE):
        writer.answer()
    return writer


def _refused(writer: Writer) -> list[str]:
    """What went wrong while nothing could be saved."""
    page = _until_refused(writer)
    wrong = _explained(page) if page else ["nothing could be saved, and nothing was refused"]
    return wrong + _read_meanwhile(writer)


def _recovered(writer: Writer, kit: Kit) -> list[str]:
    """What went wrong afterwards."""
    saved = sum(writer.answer().status == 200 for _ in range(AFTER))
    wrong = [] if saved == AFTER else [f"only {saved} of {AFTER} answers were saved afterwards"]
    return [*wrong, *writer.lost(), *damage(kit.database)]


def _figures(writer: Writer) -> str:
    return f"{writer.saved} answers acknowledged, the last {AFTER} of them once it could be written to again"


def _until_refused(writer: Writer) -> Page | None:
    """Answer until the kit says that it can't save; then send the same by the form, whose answer is a page."""
    for number in range(TRIES):
        if writer.answer(f"{NOTE}{number} " * 30).status != 200:
            return writer.browser.post(writer.checklist.path, writer.checklist.fields())
    return None


def _explained(page: Page) -> list[str]:
    """What is missing from the page that says that nothing could be saved."""
    wrong = [] if page.status == 503 else [f"a form that couldn't be saved was answered with {page.status}"]
    if NOTE not in page.text:
        wrong.append("what was typed isn't on the page that says that it couldn't be saved")
    if not page.header("Retry-After"):
        wrong.append("the page doesn't say when to try again")
    return wrong


def _read_meanwhile(writer: Writer) -> list[str]:
    """Reading goes on: help needs no records, and a learner's own pages only read them."""
    wrong = []
    for path in ("/es/help/", writer.checklist.path, f"/es/modules/{writer.checklist.module.id}/"):
        try:
            status = writer.browser.get(path).status
        except (OSError, http.client.HTTPException) as failure:
            status = 0
            wrong.append(f"{path} couldn't be read meanwhile: {type(failure).__name__}")
        if status not in {0, 200}:
            wrong.append(f"{path} was answered with {status} meanwhile")
    return wrong


def _set_rights(files: list[Path], mode: int) -> None:
    for file in files:
        file.chmod(mode)


def _fill(ballast: Path) -> None:
    """Write until there is no room left."""
    for size in (1 << 20, 1 << 12, 1):
        try:
            with ballast.open("ab", buffering=0) as file:
                while True:
                    file.write(b"\1" * size)
        except OSError:
            continue


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        yield False
        return
    options = f"size={DISK_MIB}m,mode=0700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
