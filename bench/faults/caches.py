"""A compiled curriculum that is cut, emptied, overwritten or half made: every start teaches the same."""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.browser import Browser
from bench.faults.finding import Finding, Settings
from bench.servers import DidNotStart, Kit, expect, in_memory

TIMES = 4
INTERRUPTED = 10


def caches(settings: Settings) -> Iterator[Finding]:
    """Spoil the compiled copy in every way, or kill the start that writes it, and start again."""
    wrong: list[str] = []
    starts = 0
    with in_memory() as memory:
        kit = Kit(settings.folder_for("caches"), memory, settings.content)
        module = settings.curriculum.modules_by_id["doxxing"]
        path = f"/es/modules/{module.id}/lessons/{module.lessons[0].slug}/"
        kit.start()
        taught = _taught(kit, path)
        kit.stop()
        for spoil in WAYS:
            for _ in range(TIMES):
                spoil(_compiled(kit))
                starts += 1
                wrong += [f"{spoil.__name__.strip('_')}: {what}" for what in _started(kit, path, taught)]
        for number in range(INTERRUPTED):
            _compiled(kit).unlink()
            _interrupt(kit)
            starts += 1
            wrong += [f"start {number + 1} interrupted: {what}" for what in _started(kit, path, taught)]
    figures = f"{starts} starts on a spoilt or half-written copy, {len(wrong)} wrong"
    yield Finding("compiled copy", figures, tuple(wrong))


def _cut(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: random.randrange(len(whole))])


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _noise(file: Path) -> None:
    file.write_bytes(random.randbytes(50_000))


def _changed(file: Path) -> None:
    """Keeps it JSON, and takes something that must be there."""
    file.write_bytes(b'{"digest": "' + file.stem.removeprefix("curriculum-").encode() + b'"}')


def _half_written(file: Path) -> None:
    whole = file.read_bytes()
    file.with_name(f".{file.stem}-x").write_bytes(whole[: len(whole) // 2])
    file.unlink()


WAYS: tuple[Callable[[Path], None], ...] = (_cut, _emptied, _noise, _changed, _half_written)


def _compiled(kit: Kit) -> Path:
    return next(iter(sorted(kit.cache.glob("curriculum-*"))))


def _taught(kit: Kit, path: str) -> bytes:
    return expect(Browser(kit.port).get(path), 200).content


def _started(kit: Kit, path: str, taught: bytes) -> list[str]:
    try:
        kit.start()
    except DidNotStart as failure:
        return [f"it didn't start: {failure}"]
    same = _taught(kit, path) == taught
    kit.stop()
    kept = sorted(file.name for file in kit.cache.iterdir())
    return ([] if same else ["it teaches something else"]) + (
        [] if len(kept) == 1 else [f"left behind: {kept}"]
    )


def _interrupt(kit: Kit) -> None:
    """Begin to start, and kill it at a random moment."""
    begun = kit.begin()
    time.sleep(random.uniform(0.2, 3.0))
    begun.kill()
    begun.wait(timeout=10)
