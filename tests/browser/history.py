"""Back and Forward as a browser's own buttons do them, and whether a page came from the back-forward cache."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

#: Hundredths of a second in which a page must come.
PATIENCE = 1000


class History:
    """A page's history, through the browser's own protocol: it works without scripts as well."""

    def __init__(self, page: Page):
        self._page = page
        self._browser = page.context.new_cdp_session(page)
        self._arrival: dict[str, Any] = {}
        self._state = "there"
        self._browser.on("Page.frameNavigated", self._arrived)
        self._browser.on("Page.loadEventFired", self._loaded)
        self._browser.send("Page.enable")

    def _arrived(self, event: dict[str, Any]) -> None:
        if "parentId" not in event["frame"]:
            self._arrival = event
            # A page from the cache is there at once, and fires no event.
            self._state = "there" if self.came_from_cache else "loading"

    def _loaded(self, _event: dict[str, Any]) -> None:
        # What fires while a page is still to be left belongs to that page.
        if self._state == "loading":
            self._state = "there"

    def go(self, steps: int) -> bool:
        """Go so many pages back (below nought) or on. Returns whether there was such a page to go to."""
        history = self._browser.send("Page.getNavigationHistory")
        place = history["currentIndex"] + steps
        if not 0 <= place < len(history["entries"]):
            return False
        self._state = "leaving"
        self._browser.send("Page.navigateToHistoryEntry", {"entryId": history["entries"][place]["id"]})
        self._wait_until(lambda: self._state == "there")
        return True

    def wait_for_unreachable(self) -> None:
        """Wait until the browser says that a page can't be reached."""
        self._wait_until(lambda: "unreachableUrl" in self._arrival.get("frame", {}))

    def _wait_until(self, met: Callable[[], bool]) -> None:
        for _ in range(PATIENCE):
            if met():
                return
            self._page.wait_for_timeout(10)
        raise AssertionError(f"the page never came: {self._arrival}")

    @property
    def came_from_cache(self) -> bool:
        """Whether the page that is shown was kept whole and put back, rather than asked for again."""
        return bool(self._arrival["type"] == "BackForwardCacheRestore")

    @property
    def address(self) -> str:
        """What stands in the address line."""
        history = self._browser.send("Page.getNavigationHistory")
        return str(history["entries"][history["currentIndex"]]["url"])

    def shown(self) -> str:
        """Address and everything written in the document that is shown."""
        return f"{self.address}\n{self._read('document.documentElement.outerHTML')}"

    def ticked(self) -> str:
        """What is chosen among the controls that are shown, whoever chose it."""
        return self._read(
            "Array.from(document.querySelectorAll('main input:checked'), e => e.outerHTML).join()"
        )

    def _read(self, expression: str) -> str:
        # The debugger's own reading: it works on a page without scripts, and on one put back from the cache.
        result = self._browser.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})[
            "result"
        ]
        assert result["type"] == "string", result
        return str(result["value"])
