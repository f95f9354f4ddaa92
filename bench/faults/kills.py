"""The server killed again and again while people answer, and eight of them writing without pause."""

import random
import time
from collections import Counter
from collections.abc import Iterator

from bench.faults.finding import Finding, Settings, damage
from bench.faults.writer import Crowd, Writer, lost_by, saved_by
from bench.servers import Kit, in_memory, running

WRITERS_WHEN_KILLED, WRITERS = 4, 8


def kills(settings: Settings) -> Iterator[Finding]:
    """SIGKILL at a random moment, over and over: each time the file is whole and every acknowledged answer is there."""
    wrong: list[str] = []
    slowest = 0.0
    with in_memory() as memory, running(kit := Kit(settings.folder_for("kills"), memory, settings.content)):
        if memory is None:
            yield Finding("kills", "no memory folder here: sessions end with the process", skipped=True)
            return
        writers = [
            Writer(kit.port, settings.curriculum.modules_by_id["doxxing"]) for _ in range(WRITERS_WHEN_KILLED)
        ]
        for number in range(settings.kills):
            crowd = Crowd(writers)
            time.sleep(random.uniform(0.05, 0.5))
            kit.kill()
            crowd.stop()
            wrong += [f"kill {number + 1}: {what}" for what in damage(kit.database)]
            slowest = max(slowest, kit.start())
            wrong += [f"kill {number + 1}: {what}" for what in lost_by(writers)]
    figures = (
        f"{settings.kills} kills, {saved_by(writers):,} answers acknowledged, {len(wrong)} lost; "
        f"slowest restart {slowest:.1f} s"
    )
    yield Finding("kills", figures, tuple(wrong))


def writers(settings: Settings) -> Iterator[Finding]:
    """Eight people who save without pause for a while: no error, and the last answer to each item stands."""
    with in_memory() as memory, running(kit := Kit(settings.folder_for("writers"), memory, settings.content)):
        people = [Writer(kit.port, settings.curriculum.modules_by_id["doxxing"]) for _ in range(WRITERS)]
        crowd = Crowd(people)
        time.sleep(settings.seconds)
        crowd.stop()
        lost = lost_by(people)
        errors = Counter(status for person in people for status in person.failures)
        wrong = [*lost, *(f"{count} answers were refused with {status}" for status, count in errors.items())]
        wrong += damage(kit.database)
    figures = (
        f"{WRITERS} writers for {settings.seconds:.0f} s, {saved_by(people):,} answers saved, "
        f"{sum(errors.values())} errors, {len(lost)} lost"
    )
    yield Finding("eight writers", figures, tuple(wrong))
