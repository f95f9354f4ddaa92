"""People who carry an encrypted copy from one kit to another."""

from io import BytesIO

from tests.web.pages import Page
from tests.web.readers import (
    ITEM,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
)


def copy_of(reader: Reader, passphrase: str = PASSPHRASE) -> bytes:
    """The copy that the kit gives."""
    page = taken(reader, passphrase)
    assert page.status == 200, page.text
    return page.response.data


def taken(reader: Reader, passphrase: str) -> Page:
    form = reader.get("account/take/").form("passphrase")
    return reader.send(form, passphrase=passphrase)


def bring(
    reader: Reader, file: bytes, pseudonym: str = PSEUDONYM, passphrase: str = PASSPHRASE, token: str = ""
) -> Page:
    token = token or reader.get("account/bring/").form("pseudonym").value("csrf_token")
    return reader.post(
        "account/bring/",
        {
            "csrf_token": token,
            "copy": (BytesIO(file), "copy.json"),
            "pseudonym": pseudonym,
            "passphrase": passphrase,
        },
    )


def kept_here(reader: Reader) -> bytes:
    """A copy of somebody who has an answer with a note."""
    reader.answer(ITEM, "no", "de allá")
    reader.keep()
    return copy_of(reader)
