"""A file of ten megabytes being added to an incident log while others answer and read: do they notice?"""

import http.client
import random
import struct
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from app.records.attachments import LARGEST_FILE
from bench.browser import Browser
from bench.learner import Answering, Checklist, build_history, form_with, keep
from bench.load import Outcome, Reader, Visitor, drive, request
from bench.pages import BROWSER, WARM_UP
from bench.report import REPORTED, Row, against, at_least, at_most
from bench.servers import Kit, expect, in_memory, running
from bench.settings import Settings

#: Others who answer, or read, flat out meanwhile.
OTHERS = 4
#: How much of their speed must be left on two cores, one of which the upload could take; and how much longer the
#: slowest in a hundred may wait.
SPEED_BAR, TAIL_BAR = 0.5, 3
EDGE = b"--------------------------bench"


def picture(size: int) -> bytes:
    """A PNG of exactly so many bytes, of chance: nothing in it compresses."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    ends = (chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), chunk(b"IEND", b""))
    room = size - 8 - sum(map(len, ends)) - 12
    return b"\x89PNG\r\n\x1a\n" + ends[0] + chunk(b"IDAT", random.Random(1).randbytes(room)) + ends[1]


@dataclass
class Uploader:
    """Guests, each with an incident, who add a large file to it, one after another."""

    port: int
    body: bytes
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def ready(self) -> tuple[str, dict[str, str], bytes]:
        """A new guest's upload: where it goes, its headers, and its body."""
        browser = Browser(self.port)
        form = form_with(expect(browser.get("/es/incidents/new/"), 200), "happened")
        made = expect(browser.post("/es/incidents/new/", form.filled(happened="they called twice")), 303)
        incident = made.header("Location")
        token = dict(form_with(expect(browser.get(incident), 200), "file").fields)["csrf_token"]
        parts = (
            b'name="csrf_token"\r\n\r\n' + token.encode(),
            b'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + self.body,
        )
        sent = b"".join(
            b"--" + EDGE + b"\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts
        )
        kind = f"multipart/form-data; boundary={EDGE.decode()}"
        headers = {**browser.form_headers(), "Content-Type": kind, "Cookie": browser.cookie_header}
        return f"{incident}files/", headers, sent + b"--" + EDGE + b"--\r\n"

    def send(self, path: str, headers: dict[str, str], body: bytes) -> None:
        """Send it, and note how long it took."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        began = time.perf_counter()
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        self.seconds.append(time.perf_counter() - began)
        connection.close()
        if status != 303:
            self.failures.append(str(status))


def upload(settings: Settings) -> Iterator[Row]:
    """Others' answers and pages while a file is added, against the same without one, in turn."""
    module = settings.curriculum.modules_by_id["doxxing"]
    with in_memory() as memory, running(kit := Kit(settings.folder_for("upload"), memory, settings.content)):
        checklists = []
        for _ in range(OTHERS):
            browser = Browser(kit.port)
            keep(browser)
            build_history(browser, module)
            checklists.append(Checklist(browser, module))
        uploader = Uploader(kit.port, picture(LARGEST_FILE))
        before = kit.memory()
        answering = [Answering(checklist, script=True) for checklist in checklists]
        yield from _rows("answers of others", "saves/s", settings, kit, uploader, answering)
        lesson = f"/es/modules/{module.id}/lessons/{module.lessons[0].slug}/"
        cookies = ("Cookie", checklists[0].browser.cookie_header)
        reading = [Reader(request(lesson, kit.port, [*BROWSER, cookies])) for _ in range(OTHERS)]
        yield from _rows("pages of others", "pages/s", settings, kit, uploader, reading)
        yield Row("10 MB added, others busy", median(uploader.seconds), None, "s", REPORTED)
        yield Row("memory that it took", kit.memory() - before, None, "MiB", REPORTED)
        yield Row("files that were not added", len(uploader.failures), None, "errors", at_most(0))


def _rows(
    name: str, unit: str, settings: Settings, kit: Kit, uploader: Uploader, visitors: Sequence[Visitor]
) -> Iterator[Row]:
    drive(kit.port, visitors, WARM_UP)
    quiet, busy = [], []
    for _ in range(settings.rounds):
        quiet.append(drive(kit.port, visitors, settings.seconds))
        busy.append(_while_uploading(kit, uploader, visitors))
    errors = [error for outcome in [*quiet, *busy] for error in outcome.errors]
    rates = [[outcome.rate for outcome in outcomes] for outcomes in (busy, quiet)]
    yield against(f"{name} while 10 MB come", rates[0], rates[1], unit, at_least(SPEED_BAR))
    slowest = [max(outcome.percentile(1) for outcome in outcomes) for outcomes in (busy, quiet)]
    tails = [[outcome.percentile(0.99) for outcome in outcomes] for outcomes in (busy, quiet)]
    note = f"p99; the slowest {slowest[0]:.0f} ms, else {slowest[1]:.0f}"
    yield against(f"{name}: tail", tails[0], tails[1], "ms", at_most(TAIL_BAR), note)
    yield Row(f"{name}: errors", len(errors), None, "errors", at_most(0))


def _while_uploading(kit: Kit, uploader: Uploader, visitors: Sequence[Visitor]) -> Outcome:
    sending = threading.Thread(target=uploader.send, args=uploader.ready())
    sending.start()
    outcome = drive(kit.port, visitors, 60, stop=lambda: not sending.is_alive())
    sending.join()
    return outcome


MEASURES = {"upload": upload}
