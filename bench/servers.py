"""The servers that are measured: ours and the floors, each in a process and a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.browser import Browser, Page
from config import CHECKOUT

MEMORY_FOLDER = Path("/dev/shm")
START_TIMEOUT = 120.0


class DidNotStart(Exception):
    """A server ended, or answered nothing, instead of starting."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the disk that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="resguardo-bench-") as folder:
        yield Path(folder)


@contextmanager
def in_memory() -> Iterator[Path | None]:
    """A folder in memory, for the host secret, so that sessions survive a restart; None where there is none."""
    if not MEMORY_FOLDER.is_dir():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="resguardo-bench-", dir=MEMORY_FOLDER) as folder:
        yield Path(folder)


class Server:
    """A server process on a free port, to be started, stopped and killed as often as needed."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path, first: str):
        self.command, self.environment, self.log, self.first = command, dict(environment), log, first
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, and wait for the first good answer. Returns the seconds that it took. Raises DidNotStart."""
        began = time.perf_counter()
        self.process = self.begin()
        while time.perf_counter() - began < START_TIMEOUT:
            if self.process.poll() is not None:
                break
            if self._answers():
                return time.perf_counter() - began
            time.sleep(0.003)
        self.stop()
        raise DidNotStart(self.words())

    def begin(self) -> subprocess.Popen[bytes]:
        """The process, at its very beginning."""
        command = [str(self.port) if part == "PORT" else part for part in self.command]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env={**self.environment, "PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        browser = Browser(self.port)
        try:
            return browser.get(self.first).status in {200, 404}
        except OSError:
            return False
        finally:
            browser.close()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def memory(self) -> float:
        """MiB that it holds in memory."""
        assert self.process is not None
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20

    def processor(self) -> float:
        """Seconds of processor time that it has taken."""
        assert self.process is not None
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def words(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-1500:]


class Kit(Server):
    """Ours, as `python -m app.cli serve` starts it, with data, runtime and content folders of its own."""

    def __init__(self, folder: Path, runtime: Path | None, content: Path | None = None, **settings: str):
        self.folder = folder
        environment = {**_clean_environment(), "RESGUARDO_DATA_DIR": str(folder / "data"), **settings}
        if runtime is not None:
            environment["RESGUARDO_RUNTIME_DIR"] = str(runtime / "host")
        if content is not None:
            environment["RESGUARDO_CONTENT_DIR"] = str(content)
        super().__init__([sys.executable, "-m", "app.cli", "serve"], environment, folder / "log", "/es/")

    @property
    def database(self) -> Path:
        return self.folder / "data" / "resguardo.sqlite3"

    @property
    def cache(self) -> Path:
        return self.folder / "data" / "cache"


def constant(folder: Path, bodies: Path) -> Server:
    """The floor of pages without a person in them."""
    command = [sys.executable, "-m", "bench.constant", "PORT", str(bodies)]
    return Server(command, _clean_environment(), folder / "constant.log", f"/{_first_name(bodies)}")


def plain(folder: Path, bodies: Path) -> Server:
    """The floor of a learner's pages."""
    command = [sys.executable, "-m", "bench.plain", "PORT", str(folder / "plain.sqlite3"), str(bodies)]
    return Server(command, _clean_environment(), folder / "plain.log", f"/{_first_name(bodies)}")


def _first_name(bodies: Path) -> str:
    return min(file.name for file in bodies.iterdir())


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Servers for as long as the block runs."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()


def _clean_environment() -> dict[str, str]:
    """This process's environment without settings of the kit, of which only the bench's own are to hold."""
    theirs = ("RESGUARDO_", "DATABASE_URL", "SECRET_KEY", "HOST", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(theirs)}


def copied_content(folder: Path) -> Path:
    """The content as it is now, so that edits meanwhile change nothing."""
    target = folder / "content"
    for name in ("modules", "quizzes", "help"):
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, target / name)
        else:
            (target / name).mkdir(parents=True)
    return target


def expect(page: Page, *statuses: int) -> Page:
    """The page, if it has one of these statuses; the end of the measurement otherwise."""
    if page.status not in statuses:
        raise RuntimeError(f"{page.path} answered {page.status}: {page.text[:300]}")
    return page
