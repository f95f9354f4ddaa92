"""One walk over everything that the kit shows, measuring each page once: tests then look at what was found."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import CDPSession, ConsoleMessage, Page, Request, Response

#: Everything axe knows, and what it leaves off by itself: contrast of 7:1, and targets with room around them.
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
#: Widths in CSS pixels; 320 by 256 is a window of 1280 by 1024 at 400 %.
SIZES = ((320, 256), (320, 640), (360, 640), (768, 1024), (1280, 800))
#: Where a page differs from others of its kind in its words alone: the narrowest, where words break, and the widest.
EDGES = (SIZES[0], SIZES[-1])
#: Minor edges may be rounded: half a pixel is none.
ROUNDING = 0.5
TARGET = 44
#: Hundredths of a second in which everything that a page asks for must have come.
PATIENCE = 1000

#: What the other scheme and width can change of a page that was judged whole already.
_LOOKS = {
    "runOnly": ["color-contrast", "color-contrast-enhanced", "target-size"],
    "resultTypes": ["violations"],
}
#: All that is no matter of colours.
_SHAPES = {
    **AXE_OPTIONS,
    "rules": {name: {"enabled": name == "target-size"} for name in _LOOKS["runOnly"]},
}
_AXE_RUN, _AXE_LOOKS, _AXE_SHAPES = (
    f"axe.run({json.dumps(options)}).then(found => found.violations)"
    for options in (AXE_OPTIONS, _LOOKS, _SHAPES)
)
#: How axe looks: light and wide at what looks otherwise there, dark and narrow at everything.
_IN_COLOUR = (("light", 1280, _AXE_LOOKS), ("dark", 360, _AXE_RUN))
#: And where the colours were looked at already.
_IN_SHAPE = (("dark", 360, _AXE_SHAPES),)
_SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return Array.from(document.body.querySelectorAll('*'))
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 4).map(e => e.outerHTML.slice(0, 120));
}"""
#: What is pressed rather than read: links within a sentence are exempt, as in WCAG 2.5.8.
_SMALL_TARGETS = """(least) => {
  const pressed = 'button, summary, nav a, .kit-name, .skip:focus, .button, .options label, label.check, .foot a, ' +
    '.doors > li, .rows :is(h2, h3) a, select, textarea, ' +
    '.field input:not([type=hidden], [type=radio], [type=checkbox])';
  return Array.from(document.querySelectorAll(pressed))
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 0)
    .filter(e => e.getBoundingClientRect().height < least)
    .map(e => e.outerHTML.slice(0, 100) + ' ' + e.getBoundingClientRect().height.toFixed(1));
}"""
_LANGUAGE = "document.documentElement.lang"


@dataclass
class Seen:
    """What was found on one page: findings are empty where all is well."""

    name: str
    status: int = 0
    language: str = ""
    axe: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    small_targets: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    other_hosts: list[str] = field(default_factory=list)
    bytes_over_the_wire: int = 0
    has_form: bool = False


class Wire:
    """What travels between a page's browser and the server, and what the browser complains about."""

    def __init__(self, page: Page, url: str):
        self._host = urlsplit(url).hostname or ""
        self.other_hosts: list[str] = []
        self.complaints: list[str] = []
        self.sizes: dict[str, int] = {}
        self.status = 0
        self._by_id: dict[str, str] = {}
        self._under_way: set[str] = set()
        self._page = page
        page.on("request", self._requested)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._network: CDPSession = page.context.new_cdp_session(page)
        self._network.on("Network.requestWillBeSent", self._sent)
        self._network.on("Network.loadingFinished", self._finished)
        for over in ("Network.loadingFailed", "Network.requestServedFromCache"):
            self._network.on(over, lambda event: self._under_way.discard(event["requestId"]))
        self._network.send("Network.enable")

    def forget(self) -> None:
        """Begin to count anew."""
        self.sizes, self.complaints, self.other_hosts = {}, [], []

    def settle(self) -> None:
        """Wait until everything has arrived: a page counts as loaded before its letters have come."""
        self._page.evaluate("document.fonts.ready.then(() => true)")
        for _ in range(PATIENCE):
            if not self._awaited():
                return
            self._page.wait_for_timeout(10)
        raise AssertionError(f"never arrived: {self._awaited()}")

    def _awaited(self) -> list[str]:
        """What the page still waits for. Its icon is the browser's own affair, which may drop it without a word."""
        addresses = (self._by_id[request] for request in self._under_way)
        return [address for address in addresses if "/static/icon." not in address]

    def _requested(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if not host.endswith(self._host):
            self.other_hosts.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status

    def _said(self, message: ConsoleMessage) -> None:
        # That a page answers with an error status is what these pages are for.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _sent(self, event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            self.sizes, self._under_way = {}, set()
        self._under_way.add(event["requestId"])
        self._by_id[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self._under_way.discard(event["requestId"])
        url = self._by_id.get(event["requestId"], "")
        self.sizes[url] = self.sizes.get(url, 0) + int(event["encodedDataLength"])


def measured(page: Page, name: str, wire: Wire, *, whole: bool = True, in_colour: bool = True) -> Seen:
    """Everything to be known of the page that is open; what axe finds, and every width, if it is to be whole.

    in_colour: whether axe looks at its colours, in both schemes.
    """
    seen = Seen(name, wire.status, str(page.evaluate(_LANGUAGE)))
    seen.has_form = page.locator("main form").count() > 0
    wire.settle()
    seen.bytes_over_the_wire = sum(wire.sizes.values())
    for width, height in SIZES if whole else EDGES:
        page.set_viewport_size({"width": width, "height": height})
        seen.sideways += [f"{width} px: {what}" for what in page.evaluate(_SIDEWAYS)]
        if width in {360, 1280}:
            small = page.evaluate(_SMALL_TARGETS, TARGET - ROUNDING)
            seen.small_targets += [f"{width} px: {what}" for what in small]
    if whole:
        seen.axe = _judged(page, _IN_COLOUR if in_colour else _IN_SHAPE)
    seen.complaints, seen.other_hosts = list(wire.complaints), list(wire.other_hosts)
    return seen


def _judged(page: Page, schemes: tuple[tuple[str, int, str], ...]) -> list[str]:
    """What axe finds."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for scheme, width, run in schemes:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        # As high as the page, so that what lies behind the bar of tools until somebody scrolls isn't taken as covered.
        page.set_viewport_size(
            {"width": width, "height": page.evaluate("document.documentElement.scrollHeight")}
        )
        found += [f"{scheme}, {width} px: {_in_words(finding)}" for finding in page.evaluate(run)]
    return found


def _in_words(finding: dict[str, Any]) -> str:
    nodes = "; ".join(
        f"{node['html'][:160]} ({node['failureSummary'][:200]})" for node in finding["nodes"][:3]
    )
    return f"{finding['id']}: {finding['help']} [{len(finding['nodes'])}] {nodes}"


def write_down(found: list[Seen], file: Path) -> None:
    """Keep the figures of a walk for whoever wants to read them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        json.dumps([vars(seen) for seen in found], indent=1, ensure_ascii=False), encoding="utf-8"
    )
