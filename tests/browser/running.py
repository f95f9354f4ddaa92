"""Kits that really run: one in a thread, whose clock and app a test may reach, and one that can be killed."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import waitress
from flask import Flask
from waitress import wasyncore

from app.web.requests import LARGEST_BODY
from config import CHECKOUT

#: Hashing that costs next to nothing, as in the other tests.
CHEAP = {"RESGUARDO_HASH_MEMORY_MIB": "19"}
#: Seconds in which a kit on this machine must answer for the first time.
PATIENCE = 60


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """An app served by waitress in a thread, with the limits it is shipped with. Gives its address."""
    server = waitress.create_server(
        app,
        host="127.0.0.1",
        port=0,
        threads=8,
        ident=None,
        max_request_body_size=LARGEST_BODY * 2,
        inbuf_overflow=LARGEST_BODY * 4,
    )
    thread = threading.Thread(target=server.run, name="kit")
    thread.start()

    def stop() -> None:
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map, ignore_all=True)

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(stop)
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the kit did not stop"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class Machine:
    """A machine of one's own that the kit runs on: its disk, its memory, and a process to kill."""

    disk: Path
    memory: Path
    port: int = field(default_factory=_free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where its kit answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """Where its records are."""
        return self.disk / "data"

    def start(self, **more: str) -> None:
        """Start the kit as people start it, and wait until it answers."""
        environment = {
            **_clean(os.environ),
            **CHEAP,
            "RESGUARDO_DATA_DIR": str(self.data),
            "RESGUARDO_RUNTIME_DIR": str(self.memory),
            "PORT": str(self.port),
            **more,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._wait()

    def kill(self) -> None:
        """End it as a cut cable would: nothing is finished, nothing is tidied."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.communicate()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                raise AssertionError(self._process.communicate()[1].decode(errors="replace"))
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, ConnectionError):
                threading.Event().wait(0.05)
        raise AssertionError("the kit did not start")


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in environment.items() if not name.startswith(("RESGUARDO_", "DATABASE_"))
    }


@contextmanager
def machine(disk: Path, cache: Path | None = None) -> Iterator[Machine]:
    """A machine whose memory is gone afterwards. `cache` is a compiled curriculum to start from."""
    memory = Path(tempfile.mkdtemp(prefix=f"resguardo-test-{secrets.token_hex(4)}-", dir=_memory()))
    made = Machine(disk, memory)
    if cache is not None:
        shutil.copytree(cache, made.data / "cache")
    try:
        yield made
    finally:
        made.kill()
        shutil.rmtree(memory, ignore_errors=True)


def _memory() -> str | None:
    """A folder in memory, where the kit insists on one; anywhere else, the system's own for temporary files."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return str(shared) if shared.is_dir() else None
