"""A small browser: cookies, forms as the pages hold them, redirects when asked for, and the pages' own refreshes."""

import gzip
import http.client
import json
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import brotli

TIMEOUT = 60.0


@dataclass
class Form:
    """One form of a page: where it goes, and what its fields hold."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The fields as they are sent, some of them filled in. Names may have dashes for underscores."""
        return filled(self.fields, values)


def filled(fields: list[tuple[str, str]], values: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name not in values] + list(values.items())


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.files: list[str] = []
        self._form: Form | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "form" and have.get("method", "").lower() == "post":
            self._form = Form(have.get("action", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in have:
            self.links.append(have["href"])
        elif tag == "script" and "src" in have:
            self.files.append(have["src"])
        elif tag == "link" and have.get("rel") in {"icon", "stylesheet"}:
            self.files.append(have["href"])
        elif self._form is not None and have.get("name"):
            self._field(tag, have)

    def _field(self, tag: str, have: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = have["name"], have.get("type", "text")
        if tag == "textarea":
            self._area = name
            self._form.fields.append((name, ""))
        elif kind == "radio":
            self._form.choices.setdefault(name, []).append(have.get("value", ""))
            if "checked" in have:
                self._form.fields.append((name, have.get("value", "")))
        elif tag == "input" and (kind != "checkbox" or "checked" in have):
            self._form.fields.append((name, have.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area is not None:
            name, before = self._form.fields.pop()
            # The line break after <textarea> is markup.
            self._form.fields.append((name, (before + data).removeprefix("\n")))


@dataclass
class Page:
    """An answer: what it weighed on the wire, and what stands in it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    path: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def weight(self) -> int:
        """Bytes over the wire, headers included."""
        return len(self.body) + sum(len(name) + len(value) + 4 for name, value in self.headers) + 19

    @property
    def content(self) -> bytes:
        encoding = self.header("Content-Encoding")
        if encoding == "br":
            return bytes(brotli.decompress(self.body))
        return gzip.decompress(self.body) if encoding == "gzip" else self.body

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def forms(self) -> list[Form]:
        return self._read().forms

    @property
    def links(self) -> list[str]:
        return [urljoin(self.path, link).split("#")[0] for link in self._read().links]

    @property
    def files(self) -> list[str]:
        return self._read().files

    def _read(self) -> _Reading:
        reading = _Reading()
        if self.header("Content-Type").startswith("text/html"):  # a PDF or a calendar leads nowhere
            reading.feed(self.text)
        return reading


class Browser:
    """One browser with its own cookies, on a connection of its own."""

    def __init__(self, port: int, encoding: str = "gzip, deflate, br", timeout: float = TIMEOUT):
        self.port, self.encoding = port, encoding
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: list[tuple[str, str]], *, fetch: bool = False) -> Page:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self.form_headers()}
        if fetch:
            headers["X-Requested-With"] = "fetch"
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def form_headers(self) -> dict[str, str]:
        """What a browser adds to a form that is sent from the kit's own page."""
        return {"Origin": f"http://127.0.0.1:{self.port}", "Sec-Fetch-Site": "same-origin"}

    def follow(self, page: Page) -> Page:
        """Where a redirect leads."""
        parts = urlsplit(page.header("Location"))
        return self.get(parts.path + ("?" + parts.query if parts.query else ""))

    def wait_through(self, page: Page, seconds: float) -> Page:
        """Do as pages say that ask for a moment's patience, for at most so many seconds."""
        deadline = time.monotonic() + seconds
        while page.header("Refresh") and time.monotonic() < deadline:
            page = self.refresh(page)
        return page

    def refresh(self, page: Page) -> Page:
        """Wait as long as the page says, and go where it says."""
        found = re.fullmatch(r"([\d.]+); url=(\S+)", page.header("Refresh"))
        assert found is not None, page.header("Refresh")
        time.sleep(float(found[1]))
        return self.get(found[2])

    def first_byte(self, path: str) -> float:
        """Seconds until a file begins to come; it is read to its end, and forgotten as it comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": self.cookie_header})
        response = connection.getresponse()
        assert response.status == 200, response.status
        response.read(1)
        took = time.perf_counter() - began
        while response.read(1 << 16):
            pass
        connection.close()
        return took

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Page:
        headers = {"Accept-Encoding": self.encoding, "Accept-Language": "es", **headers}
        if self.cookies:
            headers["Cookie"] = self.cookie_header
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except BaseException:
            self._connection.close()
            raise
        self._take_cookies(response.headers.get_all("Set-Cookie") or [])
        return Page(response.status, response.getheaders(), content, path)

    def _take_cookies(self, given: list[str]) -> None:
        for line in given:
            name, _, value = line.split(";")[0].partition("=")
            if "Max-Age=0" in line or "01 Jan 1970" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
