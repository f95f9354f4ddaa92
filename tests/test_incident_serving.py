"""Files through the real server, ten megabytes each, where nothing may be written but the records."""

import http.client
import re
import shutil
import socket
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from app.records.attachments import LARGEST_FILE
from tests.evidence import large_png
from tests.records.test_at_rest import forms
from tests.test_serving import start
from tests.web.incidents import as_sent

MARK = "marca en una captura 7f3a"
LARGE = large_png(LARGEST_FILE, MARK.encode())
HAPPENED = "marca-en-un-incidente"
EXPORT = "/es/incidents/export/"

#: Whatever the server opens for writing must be in the folder of the records: a temporary file is an error.
NO_FILES = """
    import os, sys
    FOLDER = os.environ["MAY_WRITE"]
    WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def refuse(event, given):
        if event in {"tempfile.mkstemp", "tempfile.mkdtemp"}:
            raise PermissionError("a temporary file")
        if event == "open" and isinstance(given[2], int) and given[2] & WRITING:
            path = os.fspath(given[0]) if not isinstance(given[0], int) else ""
            path = path.decode() if isinstance(path, bytes) else path
            if path and not path.startswith((FOLDER, "/dev/null", "/dev/tty")):
                raise PermissionError("a file outside")

    sys.addaudithook(refuse)
"""


@dataclass
class Person:
    """Somebody with a connection and a cookie."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def asks(
        self, path: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, **({"Content-Type": kind} if body is not None else {})}
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        found = answer.read()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.status, self.location = answer.status, answer.getheader("Location") or ""
        connection.close()
        return found

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def token(self, path: str) -> str:
        (found, *_) = re.findall(rb'name="csrf_token"[^>]*value="([^"]+)"', self.asks(path))
        return str(found.decode())

    def writes_down(self) -> str:
        path = "/es/incidents/new/"
        form = {"csrf_token": self.token(path), "happened": HAPPENED}
        self.asks(path, urlencode(form).encode())
        assert self.status == 303
        return self.location

    def adds(self, incident: str, body: bytes) -> None:
        sent, kind = as_sent(self.token(incident), body, "captura.png")
        self.asks(f"{incident}files/", sent, kind)

    def export_form(self, incident: str) -> bytes:
        form = {"csrf_token": self.token(EXPORT), "incidents": incident.split("/")[-2], "as": "folder"}
        return urlencode(form).encode()

    def exports(self, incident: str) -> bytes:
        return self.asks(EXPORT, self.export_form(incident))


@dataclass
class Machine:
    folder: Path
    port: int
    words: Path


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A kit that may write to the folder of its records and nowhere else."""
    folder = tmp_path_factory.mktemp("strict")
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(textwrap.dedent(NO_FILES))
    process = start(
        folder / "data",
        MAY_WRITE=str(folder / "data"),
        PYTHONPATH=str(folder / "hook"),
        PYTHONDONTWRITEBYTECODE="1",
        TMPDIR=str(folder / "nowhere"),
        SQLITE_TMPDIR=str(folder / "nowhere"),
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    found = re.search(r":(\d+)/", first)
    assert found is not None, first + process.communicate()[1]
    yield Machine(folder / "data", int(found[1]), folder / "log")
    process.send_signal(2)
    _, err = process.communicate(timeout=60)
    assert "PermissionError" not in err


pytestmark = pytest.mark.xdist_group("incidents-served")


@pytest.fixture(scope="module")
def told(machine: Machine) -> tuple[Person, str]:
    """Somebody who wrote an incident down and added ten megabytes, twice."""
    person = Person(machine.port)
    incident = person.writes_down()
    for _ in range(2):
        person.adds(incident, LARGE)
        assert person.status == 303
    return person, incident


def address_of(person: Person, incident: str) -> str:
    (found, *_) = re.findall(rb'href="(/es/incidents/\w+/files/\w+/)"', person.asks(incident))
    return str(found.decode())


def test_ten_megabytes_come_back_as_they_were(told: tuple[Person, str]) -> None:
    person, incident = told

    assert person.asks(address_of(person, incident)) == LARGE


def test_they_are_exported_and_their_hashes_hold(told: tuple[Person, str], tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    person, incident = told

    with ZipFile(BytesIO(person.exports(incident))) as folder:
        folder.extractall(tmp_path)

    assert [file.read_bytes() == LARGE for file in (tmp_path / "files").iterdir()] == [True, True]
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0


def test_whoever_reads_slowly_gets_all_of_it_and_holds_nobody_up(told: tuple[Person, str]) -> None:
    """More than a system's own buffers take: the rest must neither be lost nor put aside in a file."""
    person, incident = told
    form = person.export_form(incident)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", person.port))
    slow.settimeout(60)
    slow.sendall(
        f"POST {EXPORT} HTTP/1.1\r\nHost: 127.0.0.1:{person.port}\r\nCookie: {person.cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        "Connection: close\r\n\r\n".encode()
        + form
    )

    others = [Person(person.port).asks("/es/help/") for _ in range(60)]
    answer = http.client.HTTPResponse(slow)
    answer.begin()
    with ZipFile(BytesIO(answer.read())) as folder:
        files = [folder.read(name) for name in folder.namelist() if name.startswith("files/")]
    answer.close()
    slow.close()

    assert all(b"<h1" in page for page in others)
    assert files == [LARGE, LARGE]


def test_a_file_that_is_much_too_large_is_refused_before_it_is_read(told: tuple[Person, str]) -> None:
    person, incident = told
    connection = http.client.HTTPConnection("127.0.0.1", person.port, timeout=60)
    connection.putrequest("POST", f"{incident}files/")
    connection.putheader("Cookie", person.cookie)
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(80 * 1024 * 1024))
    connection.endheaders()

    assert connection.getresponse().status == 413
    connection.close()


def test_an_upload_that_is_cut_leaves_nothing_to_see(machine: Machine, told: tuple[Person, str]) -> None:
    person, incident = told
    sent, kind = as_sent(person.token(incident), LARGE, "cortada.png")
    with socket.create_connection(("127.0.0.1", machine.port), timeout=60) as connection:
        head = (
            f"POST {incident}files/ HTTP/1.1\r\nHost: 127.0.0.1:{machine.port}\r\nCookie: {person.cookie}\r\n"
        )
        head += f"Content-Type: {kind}\r\nContent-Length: {len(sent)}\r\n\r\n"
        connection.sendall(head.encode() + sent[: len(sent) // 2])

    assert len(re.findall(rb"Descargar el archivo|Download the file", person.asks(incident))) == 2


def test_the_folder_of_the_records_holds_nothing_in_the_clear(
    machine: Machine, told: tuple[Person, str]
) -> None:
    person, incident = told
    person.exports(incident)
    files = [file for file in machine.folder.rglob("*") if file.is_file() and "cache" not in file.parts]

    assert {"resguardo.sqlite3", "resguardo.sqlite3-wal"} <= {file.name for file in files}
    assert sum(file.stat().st_size for file in files) > LARGEST_FILE
    for file in files:
        content = file.read_bytes()
        for words in (MARK, HAPPENED, "captura.png"):
            assert not [form for form in forms(words) if form in content], (file.name, words)
        assert b"IHDR" not in content
