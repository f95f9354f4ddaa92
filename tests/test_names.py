"""The article that the kit is drawn from names people whom it accuses, their accounts and groups: none stands here."""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from config import CHECKOUT

#: The words in small letters without accents, hashed, so that this file doesn't hold them either.
UNNAMED = {
    "03ca5d2951b4ee35",
    "062094375cfdaece",
    "0f7659db52c20ad5",
    "13b3d0df88afd4c5",
    "141610a5d5bba42e",
    "24a144165a258b0b",
    "7a7834c81f35892f",
    "d8d941f614dda784",
    "ed4bbe64e28cbc11",
    "fcb8715737e482cc",
}
_WORD = re.compile(r"[^\W_]{4,}")


def hashed(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.casefold()).encode("ascii", "ignore").decode()
    return sha256(f"unnamed:{plain}".encode()).hexdigest()[:16]


def words_of(text: str) -> set[str]:
    """Its words; an underscore stands between two."""
    return set(_WORD.findall(text))


def files() -> Iterator[Path]:
    """Every file of the project, and none of what was built from it."""
    for top in CHECKOUT.iterdir():
        if top.name == ".ci" or not (top.name.startswith(".") or top.name == "build"):
            yield from (path for path in (top, *top.rglob("*")) if path.is_file() and path.suffix != ".pyc")


def test_no_handle_name_or_group_of_the_article_is_in_any_file() -> None:
    texts = {path: f"{path.name} {path.read_bytes().decode('utf-8', 'ignore')}" for path in files()}

    assert len(texts) > 300
    assert [
        path for path, text in texts.items() if any(hashed(word) in UNNAMED for word in words_of(text))
    ] == []


def test_a_word_is_found_however_it_is_written() -> None:
    assert hashed("ÁRBOL") == hashed("arbol")
    assert words_of("@_Some_Name_ and sóme") == {"Some", "Name", "sóme"}
