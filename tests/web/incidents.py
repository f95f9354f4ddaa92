"""What somebody does with their incident log, each in one line."""

from io import BytesIO
from zipfile import ZipFile

from tests.evidence import jpeg
from tests.web.pages import Page
from tests.web.readers import Reader

HAPPENED = "Llamaron dos veces y dijeron la matrícula del coche."


def writes_down(reader: Reader, happened: str = HAPPENED, **more: str) -> str:
    """Write an incident down; its address."""
    form = reader.get("incidents/new/").form("happened")
    page = reader.send(form, f"/{reader.language}/incidents/new/", happened=happened, **more)
    assert page.status == 303, page.text
    return page.headers["Location"]


def as_sent(token: str, body: bytes, name: str) -> tuple[bytes, str]:
    """A form with a file as a browser sends it, and its type. The client of the tests would write it to a disk."""
    edge = b"----------------edge"
    quoted = name.replace('"', "%22").encode()
    parts = (
        b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
        b'Content-Disposition: form-data; name="file"; filename="' + quoted + b'"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + body,
    )
    whole = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts)
    return whole + b"--" + edge + b"--\r\n", f"multipart/form-data; boundary={edge.decode()}"


def adds(
    reader: Reader, incident: str, body: bytes | None = None, name: str = "captura.jpg", token: str = ""
) -> Page:
    """Add a file to an incident."""
    token = token or reader.get(incident).form("file").value("csrf_token")
    sent, kind = as_sent(token, jpeg(b"GPS 19.4") if body is None else body, name)
    return reader.post(f"{incident}files/", sent, Content_Type=kind)


def files_of(reader: Reader, incident: str) -> list[str]:
    """The addresses of an incident's files."""
    return [link for link in reader.get(incident).links if "/files/" in link and "delete" not in link]


def exports(reader: Reader, kind: str = "folder", **typed: str) -> Page:
    form = reader.get("incidents/export/").form("csrf_token", "incidents")
    return reader.send(form, **{"as": kind, **typed})


def unpacked(page: Page) -> dict[str, bytes]:
    """The folder that was exported, by the paths in it."""
    with ZipFile(BytesIO(page.response.data)) as folder:
        assert folder.testzip() is None
        return {name: folder.read(name) for name in folder.namelist()}


def deletes(reader: Reader, address: str) -> Page:
    form = reader.get(f"{address}delete/").form("csrf_token")
    return reader.send(form, f"{address}delete/", sure="y")
