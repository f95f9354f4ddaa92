"""Somebody who answers without pause and remembers what was acknowledged."""

import http.client
import threading
from collections.abc import Sequence

from app.curriculum.model import Module
from bench.browser import Browser, Page
from bench.learner import Account, Checklist, build_history, keep, send_sign_in, sign_in_form
from bench.servers import expect

Shown = tuple[str, str]


class Writer:
    """One person's browser on one checklist. An answer counts once the kit has said that it is saved."""

    def __init__(self, port: int, module: Module):
        self.browser = Browser(port, timeout=30)
        self.account: Account = keep(self.browser)
        build_history(self.browser, module)
        self.checklist = Checklist(self.browser, module)
        self.acknowledged: dict[str, Shown] = {}
        self.uncertain: dict[str, Shown] = {}
        self.saved = 0
        self.failures: list[str] = []

    def answer(self, note: str | None = None) -> Page:
        """Save one more answer by the page's script. Raises OSError or HTTPException when the kit goes away."""
        item, choice, note = self.checklist.answer_next(note)
        self.uncertain[item] = (choice, note)
        page = self.browser.post(self.checklist.path, self.checklist.fields(), fetch=True)
        if page.status == 200:
            self.acknowledged |= (
                self.uncertain
            )  # the page's script sends whatever isn't saved yet, all or none
            self.uncertain.clear()
            self.saved += 1
            self.checklist.take(page)
        return page

    def until(self, stop: threading.Event) -> None:
        """Answer until told to stop, or until the kit is gone."""
        while not stop.is_set():
            try:
                page = self.answer()
            except (OSError, http.client.HTTPException):
                return
            if page.status != 200:
                self.failures.append(str(page.status))

    def lost(self) -> list[str]:
        """What was acknowledged and isn't on the page any more. An answer that was under way may stand or not."""
        self.checklist.load()
        found = []
        for item, shown in list(self.acknowledged.items()):
            stands = self.checklist.shown(item)
            if stands not in (shown, self.uncertain.get(item)):
                found.append(f"{item}: {shown} was acknowledged, {stands} stands there")
            self.acknowledged[item] = stands
        self.uncertain.clear()
        return found

    def sign_in(self) -> None:
        """Sign in anew, in the same browser."""
        fields = sign_in_form(self.browser, self.account)
        expect(self.browser.wait_through(send_sign_in(self.browser, fields), 60), 303)


class Crowd:
    """Writers at work at the same time, each on a thread."""

    def __init__(self, writers: Sequence[Writer]):
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=writer.until, args=(self._stop,)) for writer in writers]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)


def lost_by(writers: Sequence[Writer]) -> tuple[str, ...]:
    return tuple(what for writer in writers for what in writer.lost())


def saved_by(writers: Sequence[Writer]) -> int:
    return sum(writer.saved for writer in writers)
