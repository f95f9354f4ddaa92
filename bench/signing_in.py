"""Signing in: one against one hash, and sixty at once while others read."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.records.hashing import HashingCost
from bench.browser import Browser
from bench.learner import PATIENCE, Account, build_history, keep, send_sign_in, sign_in_form
from bench.load import Outcome, Reader, drive, request
from bench.pages import BROWSER
from bench.report import Row, against, at_least, at_most
from bench.servers import Kit, expect, in_memory, running
from bench.settings import Settings

SIGN_IN_BAR, READING_BAR = 1.2, 0.3
TIMES_A_ROUND = 3
READERS = 4
MIB_A_HASH = 64
#: How many hashes run at once, and what the pages of sixty people may take besides, in MiB.
AT_ONCE, BESIDES = 2, 64


def one(settings: Settings) -> Iterator[Row]:
    """One person's sign-in, from sending the form to the redirect, against one Argon2id."""
    with in_memory() as memory, running(kit := Kit(settings.folder_for("one"), memory, settings.content)):
        account = keep(Browser(kit.port))
        ours, floor = [], []
        _sign_in(kit, account)
        for _ in range(settings.rounds * TIMES_A_ROUND):
            ours.append(_sign_in(kit, account))
            floor.append(_hash())
        yield against("sign-in", ours, floor, "ms", at_most(SIGN_IN_BAR))


def _sign_in(kit: Kit, account: Account) -> float:
    browser = Browser(kit.port)
    fields = sign_in_form(browser, account)
    began = time.perf_counter()
    expect(send_sign_in(browser, fields), 303)
    took = time.perf_counter() - began
    browser.close()
    return took * 1000


def _hash() -> float:
    cost = HashingCost()
    began = time.perf_counter()
    Argon2id(
        salt=b"s" * 16, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(b"a passphrase of some length")
    return (time.perf_counter() - began) * 1000


def together(settings: Settings) -> Iterator[Row]:
    """A class that signs in at once, doing what "one moment" pages say, while others read."""
    module = settings.curriculum.modules_by_id["doxxing"]
    lesson = f"/es/modules/{module.id}/lessons/{module.lessons[0].slug}/"
    with (
        in_memory() as memory,
        running(kit := Kit(settings.folder_for("together"), memory, settings.content)),
    ):
        accounts = [keep(Browser(kit.port)) for _ in range(settings.people)]
        reader = Browser(kit.port)
        keep(reader)
        build_history(reader, module)
        asking = request(lesson, kit.port, [*BROWSER, ("Cookie", reader.cookie_header)])
        alone = _reading(kit, asking, seconds=settings.seconds * 2)
        before = kit.memory()
        class_ = _Class(kit, accounts)
        meanwhile = _reading(kit, asking, seconds=PATIENCE, stop=class_.is_in)
        class_.join()
        again = _reading(kit, asking, seconds=settings.seconds * 2)
    count = len(accounts)
    yield Row(
        f"{count} signing in at once: all get in",
        class_.succeeded,
        float(count),
        "people",
        at_least(1.0),
        f"in {class_.seconds:.0f} s, {class_.moments} 'one moment' pages" + class_.failures(),
    )
    yield Row(
        "reading meanwhile",
        meanwhile.rate,
        statistics.median([alone.rate, again.rate]),
        "pages/s",
        at_least(READING_BAR),
        f"p99 {meanwhile.percentile(0.99):.0f} ms, {len(meanwhile.errors)} errors",
    )
    yield Row(
        "memory on top meanwhile",
        class_.peak - before,
        None,
        "MiB",
        at_most(AT_ONCE * MIB_A_HASH + BESIDES),
        f"{before:.0f} MiB before, {class_.peak:.0f} at most",
    )


class _Class:
    """People who send the sign-in form at the same moment, each in a browser of their own."""

    def __init__(self, kit: Kit, accounts: list[Account]):
        self.kit = kit
        self.succeeded = self.moments = 0
        self.peak = 0.0
        self.seconds = 0.0
        self._wrong: list[str] = []
        self._lock = threading.Lock()
        self._together = threading.Barrier(len(accounts))
        self._left = len(accounts)
        self._pool = ThreadPoolExecutor(len(accounts) + 1)
        self._began = time.perf_counter()
        for account in accounts:
            self._pool.submit(self._person, account)
        self._pool.submit(self._watch)

    def _person(self, account: Account) -> None:
        try:
            browser = Browser(self.kit.port, timeout=PATIENCE)
            fields = sign_in_form(browser, account)
            self._together.wait(timeout=PATIENCE)
            page = send_sign_in(browser, fields)
            waited = 0
            deadline = time.monotonic() + PATIENCE
            while page.header("Refresh") and time.monotonic() < deadline:
                waited += 1
                page = browser.refresh(page)
            inside = page.status == 303 and "sid" in browser.cookies and browser.follow(page).status == 200
            problem = "" if inside else str(page.status)
        except (OSError, RuntimeError, threading.BrokenBarrierError) as failure:
            waited, problem = 0, type(failure).__name__
        with self._lock:
            self.moments += waited
            self.succeeded += not problem
            self._wrong += [problem] if problem else []
            self._left -= 1
            self.seconds = time.perf_counter() - self._began

    def _watch(self) -> None:
        while not self.is_in():
            self.peak = max(self.peak, self.kit.memory())
            time.sleep(0.02)

    def is_in(self) -> bool:
        return self._left == 0

    def join(self) -> None:
        self._pool.shutdown(wait=True)

    def failures(self) -> str:
        return f"; failed with {sorted(set(self._wrong))}" if self._wrong else ""


def _reading(kit: Kit, asking: bytes, seconds: float, stop: Callable[[], bool] = lambda: False) -> Outcome:
    return drive(kit.port, [Reader(asking) for _ in range(READERS)], seconds, stop=stop)


MEASURES: dict[str, Callable[[Settings], Iterator[Row]]] = {"sign-in": one, "class": together}
