"""The photo lab reads what a file tells, makes a copy that doesn't, and stumbles over nothing: in a real browser."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.curriculum.model import Curriculum
from tests.browser.conftest import MakeVisitor
from tests.browser.labs import PHOTO, chooses, copies, opens_lab
from tests.browser.photos import (
    HOSTILE,
    Folders,
    exif_segment,
    full_photo,
    picture,
    segment,
    telling,
    with_segments,
)
from tests.browser.survey import Wire
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("labs")]

#: Milliseconds within which a page that hangs would have answered.
PATIENCE = 20_000
MUTATIONS = 400
#: What the photo of the tests says, and what of it the table must show.
TOLD = (
    *(
        "-10.510000, -100.255000",
        "2026-11-24 18:03:11",
        "-06:00",
        "Telefonera",
        "T-1000",
        "SN-4711",
        "LN-0815",
    ),
    *(
        "Camarita 3.1",
        "Retocador 9",
        "Perpetua Ejemplo",
        "Tadea Inventada",
        "Firma Ejemplo",
        "Fiesta de Anacleto",
    ),
    *("El muelle al atardecer", "playa; secreto", "faro & mar", "domingo", "muelle", "nota al margen"),
    *("hecho a mano", "Ubaldo", "Puerto Inventado", "Bahía", "IMG_20261124.jpg"),
)


@pytest.fixture
def words(curriculum: Curriculum) -> dict[str, str]:
    found = curriculum.modules_by_id["oversharing"].lab("photo-metadata")
    assert found is not None
    return {name: text.in_language("es") for name, text in found.words.items()}


@pytest.fixture
def ana(shared_kit: str, visitor_of: MakeVisitor) -> Visitor:
    visitor = visitor_of(shared_kit)
    visitor.page.set_default_timeout(PATIENCE)
    opens_lab(visitor, PHOTO)
    return visitor


def rows(page: Page) -> dict[str, str]:
    """The table's lines: what, and what it says."""
    found = page.locator("#lab-found tbody tr:has(td)").all()
    return {row.locator("th").inner_text(): row.locator("td").inner_text() for row in found}


def read(page: Page, photo: bytes) -> dict[str, object]:
    """What the parser itself answers to these bytes."""
    answer: dict[str, object] = page.evaluate(
        """bytes => {
          const found = jpegMetadata.read(Uint8Array.from(bytes));
          return { ...found, facts: Object.fromEntries(found.facts) };
        }""",
        list(photo),
    )
    return answer


@pytest.mark.parametrize("big", [True, False], ids=["motorola", "intel"])
def test_everything_that_a_file_tells_stands_in_the_table(
    big: bool, ana: Visitor, words: dict[str, str]
) -> None:
    chooses(ana, full_photo(big=big))

    shown = ana.page.locator("#lab-found").inner_text()
    assert [told for told in TOLD if told not in shown] == []
    told = rows(ana.page)
    assert told[words["exactness"]] == words["near_house"]
    assert told[words["position_error"]] == "4.8 m"
    assert told[words["altitude"]] == "224 m"
    assert told[words["direction"]].startswith("271°")
    for yes in ("thumbnail", "second_picture", "history", "credentials"):
        assert told[words[yes]].startswith("Sí.")
    assert told[words["maker_note"]].startswith("61 bytes.")
    expect(ana.page.locator(".verdict")).to_have_text(words["found"])


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")
def test_the_copy_has_the_same_picture_and_tells_nothing(ana: Visitor, tmp_path: Path) -> None:
    photo = full_photo(progressive=True)
    chooses(ana, photo)
    copies(ana)

    with ana.page.expect_download() as saved:
        ana.page.locator("#lab-found a[download]").click()
    saved.value.save_as(tmp_path / "copy.jpg")
    copy = (tmp_path / "copy.jpg").read_bytes()

    assert saved.value.suggested_filename == "photo.jpg"
    before, after = Image.open(io.BytesIO(photo)), Image.open(io.BytesIO(copy))
    assert before.tobytes() == after.tobytes()
    assert dict(after.getexif()) == {0x0112: 6}
    assert set(after.info) <= {"dpi", "exif", "progressive", "progression"} | {
        name for name in after.info if "jfif" in name
    }
    for told in (
        b"Telefonera",
        b"SN-4711",
        b"Tadea",
        b"Firma",
        b"hecho a mano",
        b"ftyp",
        b"Photoshop",
        b"adobe.com",
    ):
        assert told not in copy


def test_what_draws_the_picture_stays_in_the_copy(ana: Visitor) -> None:
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01" + bytes(200))
    adobe = segment(0xEE, b"Adobe\0\x64" + bytes(5))
    photo = with_segments(picture(), profile, adobe, segment(0xEE, b"Something else"), segment(0xE5, b"more"))

    copy = bytes(
        ana.page.evaluate("bytes => Array.from(jpegMetadata.strip(Uint8Array.from(bytes)))", list(photo))
    )

    assert profile in copy
    assert adobe in copy
    assert b"Something else" not in copy
    assert b"more" not in copy


@pytest.mark.parametrize("turned", [1, 3, 8])
def test_a_copy_is_held_the_way_that_its_photo_was(turned: int, ana: Visitor) -> None:
    photo = with_segments(picture(), exif_segment(telling(turned=turned).tiff()))

    copy = bytes(
        ana.page.evaluate("bytes => Array.from(jpegMetadata.strip(Uint8Array.from(bytes)))", list(photo))
    )

    assert dict(Image.open(io.BytesIO(copy)).getexif()) == ({0x0112: turned} if turned > 1 else {})


@pytest.mark.parametrize(
    ("parts", "near"),
    [
        ([(10, 1), (30, 1), (3612, 100)], "near_house"),
        ([(10, 1), (301234, 10000), (0, 1)], "near_house"),
        ([(10, 1), (30, 1), (36, 1)], "near_street"),
        ([(10, 1), (30, 1), (0, 1)], "near_quarter"),
        ([(10, 1), (0, 1), (0, 1)], "near_town"),
    ],
)
def test_how_exact_a_place_is_follows_from_how_it_is_written(
    parts: list[tuple[int, int]], near: str, ana: Visitor, words: dict[str, str]
) -> None:
    gps = {1: (2, "N"), 2: (5, parts), 3: (2, "E"), 4: (5, parts)}

    chooses(ana, with_segments(picture(), exif_segment(Folders(gps=gps).tiff())))

    assert rows(ana.page)[words["exactness"]] == words[near]


def test_a_phone_that_doubts_its_place_makes_it_less_exact(ana: Visitor, words: dict[str, str]) -> None:
    folders = telling()
    folders.gps[0x1F] = (5, [(1200, 1)])

    chooses(ana, with_segments(picture(), exif_segment(folders.tiff())))

    assert rows(ana.page)[words["exactness"]] == words["near_quarter"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_no_camera_makes_gets_a_sentence_and_hangs_nothing(
    name: str, ana: Visitor, words: dict[str, str]
) -> None:
    photo, says = HOSTILE[name]

    chooses(ana, photo)

    shown = ana.page.locator("#lab-found").inner_text()
    assert [word for word in says if words[word] not in shown] == []
    offered = ana.page.locator("#lab-found .actions button")
    assert offered.count() == (0 if {"cut", "not_jpeg", "empty"} & set(says) else 1)


def test_what_a_file_says_is_shown_as_text_and_never_as_a_page(ana: Visitor) -> None:
    wicked = "<img src=x onerror=alert(1)>\u202e<script>alert(2)</script>"
    folders = Folders(main={0x010E: (2, wicked), 0x010F: (2, "A" * 5000)})

    chooses(ana, with_segments(picture(), exif_segment(folders.tiff())), "<b>.jpg")

    shown = ana.page.locator("#lab-found")
    assert "<img src=x onerror=alert(1)>" in shown.inner_text()
    assert "\u202e" not in shown.inner_text()
    assert shown.locator("img, script, b").count() == 0
    assert max(map(len, rows(ana.page).values())) < 500


def test_the_next_photo_takes_the_place_of_the_one_before(ana: Visitor) -> None:
    chooses(ana, full_photo())
    copies(ana)
    chooses(ana, picture(), "second.jpg")

    shown = ana.page.locator("#lab-found").inner_text()
    assert "SN-4711" not in shown
    assert "second.jpg" in shown
    expect(ana.page.locator("a[download]")).to_have_count(0)


def test_nothing_is_asked_of_the_network_and_nothing_is_kept(ana: Visitor) -> None:
    wire = Wire(ana.page, ana.url)
    asked: list[str] = []
    ana.page.on("request", lambda request: asked.append(request.url))

    chooses(ana, full_photo())
    copies(ana)
    with ana.page.expect_download():
        ana.page.locator("#lab-found a[download]").click()

    assert [url for url in asked if not url.startswith("blob:")] == []
    assert wire.complaints == []
    assert ana.page.locator("form").count() == 0
    assert ana.page.context.cookies() == []
    assert ana.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_files_broken_at_random_never_hang_or_break_the_reader(ana: Visitor) -> None:
    chance = random.Random(4711)  # noqa: S311 - the same every time
    photo = full_photo()
    complaints: list[str] = []
    ana.page.on("pageerror", lambda error: complaints.append(str(error)))

    broken = ana.page.evaluate(
        """([photo, changes]) => {
          let broken = [];
          changes.forEach(change => {
            const bytes = Uint8Array.from(photo.slice(0, change.length));
            change.at.forEach(([at, value]) => { if (at < bytes.length) bytes[at] = value; });
            try {
              const { facts, place } = jpegMetadata.read(bytes);
              if (place && !(Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180)) broken.push('place');
              facts.forEach(values => { if (values.length > 40) broken.push('too much'); });
              const copy = jpegMetadata.strip(bytes);
              if (copy && jpegMetadata.read(copy).facts.size) broken.push('left over');
            } catch (error) { broken.push(String(error)); }
          });
          return broken;
        }""",
        [
            list(photo),
            [
                {
                    "length": len(photo) if chance.random() < 0.7 else chance.randrange(len(photo)),
                    "at": [
                        (chance.randrange(len(photo)), chance.choice((0, 255, chance.randrange(256))))
                        for _ in range(chance.randrange(1, 12))
                    ],
                }
                for _ in range(MUTATIONS)
            ],
        ],
    )

    assert broken == []
    assert complaints == []


def test_the_whole_of_a_file_is_read_whatever_it_is_cut_to(ana: Visitor) -> None:
    photo = with_segments(picture(), exif_segment(telling().tiff()))
    whole = read(ana.page, photo)

    assert whole["whole"] is True
    assert [read(ana.page, photo[:length])["whole"] for length in range(0, len(photo) - 2, 37)] == [
        False for _ in range(0, len(photo) - 2, 37)
    ]
