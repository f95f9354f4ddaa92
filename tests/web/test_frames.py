"""What is rendered once and shown to everybody holds nothing of anybody."""

import gzip
import threading
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import permutations

import brotli
import pytest
from flask import Flask

from app.web.frames import CAPACITY, EXTENSION, Frame, FrameStore
from tests.web.conftest import MakeKit
from tests.web.readers import CHECKLIST, ITEM, MODULE, PASSPHRASE, PSEUDONYM, Reader
from tests.web.routes import PAGES, path_of

TODAY = date(2026, 11, 25)
MARK = "marca-de-alguien-ñ"


def frames_of(app: Flask) -> dict[object, Frame]:
    store: FrameStore = app.extensions[EXTENSION]
    return dict(store._frames)


def texts_of(frames: Iterable[Frame]) -> list[str]:
    return [frame.whole().decode() for frame in frames]


@pytest.fixture
def used(app: Flask) -> Flask:
    """A kit on which several people saw every page, in both languages, with things of their own."""
    for language in ("es", "en"):
        reader = Reader(app, language)
        for step in ("nobody", "guest", "kept", "nobody again"):
            if step == "guest":
                reader.answer(note=MARK)
            if step == "kept":
                reader.keep(PSEUDONYM + language)
            if step == "nobody again":
                reader.sign_out()
            for row in PAGES:
                reader.get(path_of(row, language))
    return app


def test_no_frame_holds_a_note_a_name_or_a_token(used: Flask) -> None:
    reader = Reader(used)
    tokens = {reader.token().split(".")[0]}

    for text in texts_of(frames_of(used).values()):
        for private in (MARK, PSEUDONYM, PASSPHRASE, *tokens):
            assert private not in text
        assert 'name="csrf_token" value="I' not in text
        assert "flash" not in text


def test_two_people_of_one_kind_share_frames_and_nothing_else(used: Flask) -> None:
    other = Reader(used)
    other.answer(ITEM, "no", "otra")
    other.get(CHECKLIST)
    before = frames_of(used).keys()
    other.answer(ITEM, "no", "otra más")

    page = other.get(CHECKLIST)

    assert frames_of(used).keys() == before
    assert MARK not in page.html
    assert other.note() == "otra más"


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?next=//elsewhere.example", {}),
        ("?x=%3Cscript%3E", {}),
        ("", {"Host": "127.0.0.1:9"}),
        ("", {"Accept-Language": "en;q=1, <script>"}),
        ("", {"X-Forwarded-Host": "elsewhere.example"}),
        ("", {"X-Forwarded-Prefix": "/elsewhere"}),
        ("", {"Referer": "http://elsewhere.example/"}),
        ("", {"X-Requested-With": "fetch"}),
        ("", {"User-Agent": "<b>"}),
    ],
    ids=str,
)
def test_no_request_changes_what_the_next_reader_gets(
    query: str, headers: dict[str, str], app: Flask, make_kit: MakeKit
) -> None:
    paths = ("/es/", "/es/help/", f"/es/modules/{MODULE}/", f"/es/modules/{MODULE}/lessons/first-hours/")
    untouched = {path: make_kit().test_client().get(path).data for path in paths}

    for path in paths:
        app.test_client().get(path + query, headers=headers)

    for path in paths:
        assert app.test_client().get(path).data == untouched[path]


def test_addresses_that_do_not_exist_fill_no_store(app: Flask) -> None:
    client = app.test_client()
    client.get("/es/modules/")
    before = frames_of(app).keys()

    for path in (
        "/es/modules/x/",
        "/es/help/x/",
        "/es/x",
        "/en/modules/doxxing/lessons/x/",
        "/es/modules/?a=1",
    ):
        client.get(path)

    assert frames_of(app).keys() == before


def test_the_store_drops_what_was_used_least_recently_and_never_grows_beyond_its_size() -> None:
    store = FrameStore()
    for number in range(CAPACITY + 10):
        store.get(number, TODAY, lambda: "text")
        store.get(0, TODAY, lambda: pytest.fail("the frame that is always used was dropped"))

    assert len(store._frames) == CAPACITY
    assert 1 not in store._frames


def test_what_was_rendered_yesterday_is_rendered_again() -> None:
    store = FrameStore()
    store.get("page", TODAY, lambda: "checked in time")

    frame = store.get("page", TODAY + timedelta(days=1), lambda: "due to be checked")

    assert frame.filled({}) == b"due to be checked"


@pytest.mark.parametrize("order", list(permutations(("br", "gzip", "identity"))), ids="-".join)
def test_a_page_is_the_same_however_it_was_sent_before(order: tuple[str, ...]) -> None:
    frame = Frame("a page, ¡ñ! " * 500)
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}

    sent = [unpacked[encoding](frame.body(encoding)) for encoding in (*order, *order)]

    assert {*sent, frame.whole(), frame.filled({})} == {("a page, ¡ñ! " * 500).encode()}
    assert sum(map(len, (*frame._texts, *frame._bodies.values()))) < 500, "it is kept whole as well"


def test_many_readers_at_once_get_each_their_own(app: Flask) -> None:
    readers = [Reader(app, "es" if i % 2 else "en") for i in range(6)]
    for number, reader in enumerate(readers):
        reader.answer(note=f"nota {number}")
    seen: dict[int, set[str]] = {number: set() for number in range(6)}

    def read(number: int) -> None:
        for _ in range(3):
            seen[number].add(readers[number].note())

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {number: {f"nota {number}"} for number in range(6)}


def test_what_somebody_types_is_never_taken_for_a_slot(reader: Reader) -> None:
    note = "\ue000token\ue001 {{ 7 * 7 }} {% raw %} %s %(x)s"

    reader.answer(note=note)

    assert reader.note() == note
    page = reader.sign_in(note[:40], "x")
    assert page.form("pseudonym").value("pseudonym") == note[:40]
