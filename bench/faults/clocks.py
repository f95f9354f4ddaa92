"""A clock that jumps, forwards and backwards, under the whole kit served over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import waitress

from app import create_app
from bench.browser import Browser
from bench.faults.finding import Finding, Settings
from bench.faults.writer import Writer
from bench.learner import send_sign_in, sign_in_form
from bench.servers import free_port, in_memory
from config import Config

#: Hours that the clock jumps by, each from where the last one left it.
JUMPS = (0.5, 3, -3, -48, 48, 24 * 365, -24 * 365, -1, 13, 24 * 3650, -24 * 3650)
WRONG_TRIES = 5
NOTE = "escrito mientras saltaba el reloj"


class Clock:
    """A clock to turn by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def jump(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


def jumps(settings: Settings) -> Iterator[Finding]:
    """After each jump somebody answers; where the session ended, what was typed is kept and saved on signing in."""
    clock = Clock()
    wrong: list[str] = []
    ended = 0
    with _served(settings, clock) as port:
        writer = Writer(port, settings.curriculum.modules_by_id["doxxing"])
        for hours in JUMPS:
            for _ in range(5):
                writer.answer()
            clock.jump(hours)
            page = writer.answer(NOTE)
            if page.status != 200:
                ended += 1
                sent = writer.browser.post(writer.checklist.path, writer.checklist.fields())
                if NOTE not in sent.text:
                    wrong.append(f"{hours:+} h: what was typed is not on the page (status {sent.status})")
                writer.sign_in()
                writer.checklist.load()
                writer.uncertain.clear()
            wrong += [f"{hours:+} h: {what}" for what in writer.lost()]
        wrong += _slowed(clock, writer)
    figures = (
        f"{len(JUMPS)} jumps, {writer.saved} answers acknowledged, {ended} sessions ended, {len(wrong)} wrong"
    )
    yield Finding("clock jumps", figures, tuple(wrong))


def _slowed(clock: Clock, writer: Writer) -> list[str]:
    """Wrong passphrases while the clock was ahead must lock nobody out once it is right again."""
    clock.jump(24 * 30)
    stranger = Browser(writer.browser.port)
    for _ in range(WRONG_TRIES):
        fields = dict(sign_in_form(stranger, writer.account)) | {
            "passphrase": "wrong, and long enough to be tried"
        }
        send_sign_in(stranger, list(fields.items()))
    clock.jump(-24 * 30)
    page = send_sign_in(stranger, sign_in_form(stranger, writer.account))
    return (
        []
        if page.status == 303
        else [f"signing in after the clock came back was answered with {page.status}"]
    )


@contextmanager
def _served(settings: Settings, clock: Clock) -> Iterator[int]:
    with in_memory() as memory:
        environment = {
            "RESGUARDO_DATA_DIR": str(settings.folder_for("clocks") / "data"),
            "RESGUARDO_HASH_MEMORY_MIB": "19",
        }
        if memory is not None:
            environment["RESGUARDO_RUNTIME_DIR"] = str(memory / "host")
        app = create_app(Config.from_mapping(environment), settings.curriculum, clock)
        port = free_port()
        server = waitress.create_server(app, host="127.0.0.1", port=port, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield port
        finally:
            server.close()
            thread.join(timeout=10)
