"""`python -m bench.scale`: the administration with few and with many learners in all, against itself.

A hundred learners in all, then a hundred thousand, with cohorts of 50 and 5,000 in both where they fit: what staff
ask for must cost the same. Invented learners come from `flask seed`. With `--postgresql` the many are in a PostgreSQL
that is started for this and thrown away (a million learners take some ten gigabytes in the folder for temporary
files), or in the empty database whose address follows it.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import quantiles

import pytest

from app.records.passphrases import offered_passphrase
from bench import report
from bench.browser import Browser
from bench.report import REPORTED, Row, at_most
from bench.servers import Kit, copied_content, expect, in_memory, running, scratch
from config import CHECKOUT
from tests import postgresql

FEW, MANY = 100, 100_000
SMALL, LARGE = 50, 5_000
#: Times that each page is asked for; the slowest in twenty counts.
ASKED = 60
P95_BAR, FIRST_BYTE_BAR, MEMORY_BAR = 1.5, 1.0, 24.0
#: In place of an address: a PostgreSQL of this measurement's own.
OWN = "own"
#: An invented cohort on the list: its address, and its size, which stands in its name.
_COHORT = re.compile(r'<h2><a href="(/es/admin/cohorts/[0-9a-f]{32}/)">Invented (\d+) ')


@dataclass
class Measured:
    """What one size of installation took: p95 in milliseconds by page, and the export's beginning and memory."""

    pages: dict[str, float]
    first_byte: float = 0.0
    export: float = 0.0
    growth: float = 0.0


def main() -> None:
    asked = _arguments()
    rows: list[Row] = []
    print(report.HEADING)
    with scratch() as folder:
        content = copied_content(folder)
        few = _measure(folder / "few", content, FEW, str(SMALL), None)
        sizes = f"{SMALL},{LARGE}"
        with _database(asked.postgresql) as address:
            many = _measure(folder / "many", content, asked.learners, sizes, address)
        for row in _rows(few, many, asked.learners):
            rows.append(row)
            print(report.line(row), flush=True)
    print(report.summary(rows))
    report.write(CHECKOUT / "build" / "bench-scale.json", rows, ASKED)


@contextmanager
def _database(asked: str | None) -> Iterator[str | None]:
    """The address of the database for the many: None for SQLite."""
    if asked != OWN:
        yield asked
        return
    try:
        with postgresql.private(tempfile.gettempdir()) as server:
            yield server.create()
    except pytest.skip.Exception as why:
        sys.exit(str(why))


def _rows(few: Measured, many: Measured, learners: int) -> Iterator[Row]:
    for name, p95 in many.pages.items():
        floor = few.pages.get(name.replace(f"{LARGE:,}", f"{SMALL}"))
        bar = at_most(P95_BAR) if name in few.pages else REPORTED
        yield Row(f"{name}, p95", p95, floor, "ms", bar, f"{learners:,} learners in all against {FEW}")
    yield Row(
        "CSV export: first byte", many.first_byte, None, "s", at_most(FIRST_BYTE_BAR), f"cohort of {LARGE:,}"
    )
    yield Row("CSV export: all of it", many.export, None, "s", REPORTED, f"cohort of {LARGE:,}")
    yield Row(
        "CSV export: memory grown", many.growth, None, "MiB", at_most(MEMORY_BAR), f"cohort of {LARGE:,}"
    )


def _measure(folder: Path, content: Path, learners: int, sizes: str, postgresql: str | None) -> Measured:
    """Seed an installation, sign in to it as its administrator, and ask for each page many times."""
    folder.mkdir(parents=True)
    settings = {"DATABASE_URL": postgresql} if postgresql else {}
    with in_memory() as memory, closing(_Ending(kit := Kit(folder, memory, content, **settings))):
        cohorts = max(3, learners // LARGE)  # one of each size, and at least one for the rest
        _command(kit, "seed", str(learners), "--cohorts", str(cohorts), "--sizes", sizes)
        code = _command(kit, "admin", "invite").rsplit(" ", 1)[1].strip()
        with running(kit):
            browser = _administrator(kit.port, code)
            return _asked(kit, browser)


class _Ending:
    """Stops a server that an error left running."""

    def __init__(self, kit: Kit):
        self.kit = kit

    def close(self) -> None:
        self.kit.stop()


def _asked(kit: Kit, browser: Browser) -> Measured:
    found = Measured({"list of cohorts": _p95(browser, "/es/admin/")})
    for size, address in _cohorts(browser).items():
        if size in {SMALL, LARGE}:
            found.pages[f"matrix of a cohort of {size:,}"] = _p95(browser, address)
            found.pages[f"summary of a cohort of {size:,}"] = _p95(browser, f"{address}summary/")
        if size == LARGE:
            before, began = kit.memory(), time.perf_counter()
            found.first_byte = browser.first_byte(f"{address}export.csv")
            found.export = time.perf_counter() - began
            found.growth = max(0.0, kit.memory() - before)
    return found


def _cohorts(browser: Browser) -> dict[int, str]:
    """The cohorts on all pages of the list by their size; the first of each."""
    found: dict[int, str] = {}
    for number in count(1):
        page = browser.get(f"/es/admin/?page={number}")
        if page.status == 404:
            break
        for address, size in _COHORT.findall(expect(page, 200).text):
            found.setdefault(int(size), address)
    return found


def _p95(browser: Browser, path: str) -> float:
    """Milliseconds that the slowest page in twenty takes."""
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        expect(browser.get(path), 200)
        took.append((time.perf_counter() - began) * 1000)
    return quantiles(took, n=20)[-1]


def _administrator(port: int, code: str) -> Browser:
    """Become the administrator whom a code invites."""
    browser = Browser(port)
    form = next(
        form
        for form in expect(browser.get("/es/join/"), 200).forms
        if any(n == "code" for n, _ in form.fields)
    )
    page = expect(browser.post("/es/join/", form.filled(code=code)), 200)
    form = next(form for form in page.forms if any(name == "passphrase" for name, _ in form.fields))
    passphrase = offered_passphrase("es")
    filled = form.filled(label="Administración", pseudonym="bench", passphrase=passphrase, again=passphrase)
    expect(browser.wait_through(browser.post(form.action or "/es/join/enter/", filled), 60.0), 200)
    return browser


def _command(kit: Kit, *words: str) -> str:
    """Run a command of the kit on this installation. Returns what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=CHECKOUT, env={**os.environ, **kit.environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--learners", type=int, default=MANY, help=f"learners in all ({MANY:,})")
    parser.add_argument(
        "--postgresql", nargs="?", const=OWN, help="PostgreSQL for the many: one of its own, or a URL"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
