"""PostgreSQL stopped at once and started again while people answer."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from bench.faults.finding import Finding, Settings
from bench.faults.writer import Crowd, Writer, lost_by, saved_by
from bench.servers import Kit, in_memory, running
from tests import postgresql

WRITERS = 4
AWAY = 0.5


def restarts(settings: Settings) -> Iterator[Finding]:
    """Every acknowledged answer is there; what could not be saved meanwhile was refused with 503."""
    try:
        with postgresql.private() as server:
            yield _restarted(settings, server)
    except pytest.skip.Exception as why:
        yield Finding("PostgreSQL restarted", str(why), skipped=True)


def _restarted(settings: Settings, server: postgresql.Server) -> Finding:
    folder = settings.folder_for("postgresql")
    with (
        in_memory() as memory,
        running(kit := Kit(folder, memory, settings.content, DATABASE_URL=server.create())),
    ):
        writers = [Writer(kit.port, settings.curriculum.modules_by_id["doxxing"]) for _ in range(WRITERS)]
        wrong: list[str] = []
        for number in range(settings.restarts):
            crowd = Crowd(writers)
            time.sleep(1.5)
            server.stop()
            time.sleep(AWAY)
            server.start()
            time.sleep(1.5)
            crowd.stop()
            wrong += [f"restart {number + 1}: {what}" for what in lost_by(writers)]
        answers = Counter(status for writer in writers for status in writer.failures)
        wrong += [
            f"{count} answers were refused with {status}"
            for status, count in answers.items()
            if status != "503"
        ]
    figures = (
        f"{settings.restarts} restarts under {WRITERS} writers, {saved_by(writers):,} answers acknowledged, "
        f"{answers['503']} refused with 503, {len(wrong)} wrong"
    )
    return Finding("PostgreSQL restarted", figures, tuple(wrong))
