"""The kit as a process: it starts, says where it is, answers over a socket, and says in words why it can't start."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.serving import LARGEST_TAKEN
from app.web.requests import LARGEST_BODY
from config import CHECKOUT

COMMAND = [sys.executable, "-m", "app.cli", "serve"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RESGUARDO_")}
    return {**kept, "RESGUARDO_DATA_DIR": str(folder), "RESGUARDO_HASH_MEMORY_MIB": "19",
            "RESGUARDO_HOST_SECRET": "ab" * 32, "PORT": str(free_port()), **more}  # fmt: skip


def start(folder: Path, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        COMMAND, cwd=CHECKOUT, env=environment(folder, **more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[str], int]]:
    """What a started kit said, and its port. It is interrupted afterwards, and must end by itself."""
    process = start(tmp_path_factory.mktemp("served"))
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    found = re.search(r":(\d+)/", lines[0])
    if found is None:
        process.kill()
        pytest.fail("".join(lines) + process.communicate()[1])
    yield lines, int(found[1])
    process.send_signal(2)
    _, err = process.communicate(timeout=30)
    assert process.returncode in {0, -2, 130}
    assert "Traceback" not in err


pytestmark = pytest.mark.xdist_group("served")


def ask(
    port: int, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return found


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        received = b""
        # A server may close before it has read everything that is sent.
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
            # Where its reset came in between, there is nothing left to half-close: no ConnectionError, a plain one.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                received += part
    return received


def test_it_says_where_it_is_and_how_to_stop_it(announced: tuple[list[str], int]) -> None:
    lines, port = announced

    assert f"http://127.0.0.1:{port}/" in lines[0]
    assert lines[1].startswith("Records are kept in: ")
    assert "Ctrl+C" in lines[2]


def test_it_serves_pages_and_does_not_say_with_what(announced: tuple[list[str], int]) -> None:
    status, body, headers = ask(announced[1], "GET", "/es/help/")

    assert status == 200
    assert b"<h1" in body
    assert "server" not in headers
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_body_that_is_too_large_gets_a_page_and_one_far_too_large_a_line(
    announced: tuple[list[str], int],
) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    path = "/es/modules/doxxing/checklist/"

    status, body, _ = ask(announced[1], "POST", path, b"n=" + b"x" * LARGEST_BODY, **form)
    assert (status, b'lang="es"' in body) == (413, True)
    line = raw(announced[1], b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
               % (path.encode(), LARGEST_TAKEN + 1))  # fmt: skip
    assert b" 413 " in line.splitlines()[0]


HOSTILE = {
    "no host": b"GET /es/ HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /es/ HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n",
    "absolute": b"GET http://elsewhere.example/es/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
    "two lengths": b"POST /es/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\nx",
    "smuggled": b"POST /es/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n"
    b"Content-Length: 4\r\n\r\n0\r\n\r\n",
    "bad chunk": b"POST /es/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "negative": b"POST /es/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    "huge header": b"GET /es/ HTTP/1.1\r\nHost: localhost\r\nCookie: sid=" + b"f" * 300_000 + b"\r\n\r\n",
    "null": b"GET /es/\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "space": b"GET /es/ /x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "underscore": b"GET /es/ HTTP/1.1\r\nHost: localhost\r\nX_Forwarded_Host: elsewhere.example\r\n\r\n",
    "utf-8": "GET /es/ñ HTTP/1.1\r\nHost: localhost\r\nCookie: sid=ñ\r\n\r\n".encode(),
    "not http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "line": b"GET /es/%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "dots": b"GET /static/../../config.py HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "http 1.0": b"GET /es/help/ HTTP/1.0\r\n\r\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_request_breaks_nothing_and_learns_nothing(
    kind: str, announced: tuple[list[str], int]
) -> None:
    answer = raw(announced[1], HOSTILE[kind])

    head = answer.partition(b"\r\n\r\n")[0]
    assert b" 500 " not in head.splitlines()[0] if head else True
    assert b"elsewhere" not in answer
    assert b"Traceback" not in answer
    assert b"\nSet-Cookie: x" not in head
    assert b"waitress" not in answer.lower() or kind in {"not http", "negative"}
    assert ask(announced[1], "GET", "/healthz")[:2] == (200, b"ok\n")


def refused(folder: Path, **more: str) -> str:
    process = start(folder, **more)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert "Traceback" not in err
    assert err.startswith("The kit can't start:\n")
    return err


def test_a_bad_setting_is_named_in_a_line_and_its_value_is_not(tmp_path: Path) -> None:
    said = refused(tmp_path, SECRET_KEY="marked-value")

    assert "SECRET_KEY must be at least 32 characters long." in said
    assert "marked-value" not in said


def test_an_address_that_is_taken_is_said_in_words(tmp_path: Path, announced: tuple[list[str], int]) -> None:
    said = refused(tmp_path, PORT=str(announced[1]))

    assert "HOST and PORT can't be served on" in said


def test_records_that_are_no_records_are_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "resguardo.sqlite3").write_bytes(b"no database" * 500)

    assert "The records can't be used (StorageUnavailable)." in refused(tmp_path)


def test_a_runtime_folder_that_outlives_a_power_off_is_refused(tmp_path: Path) -> None:
    folder = CHECKOUT / "build"
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells which folders are in memory")

    said = refused(tmp_path, RESGUARDO_HOST_SECRET="", RESGUARDO_RUNTIME_DIR=str(folder))

    assert "RESGUARDO_RUNTIME_DIR" in said


def test_content_that_can_t_be_taught_is_named_by_file(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()

    said = refused(tmp_path / "data", RESGUARDO_CONTENT_DIR=str(content))

    assert len(said.splitlines()) > 1
