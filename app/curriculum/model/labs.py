"""Labs: something to try with one's own things, in the browser alone, and the same in writing for everybody."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.curriculum.model.emergencies import Step
from app.curriculum.model.texts import Id, Minutes, Reviewed, Text, Value


class LabKind(StrEnum):
    """What a lab does: each kind has a script and a template of its own."""

    PHOTO_METADATA = "photo-metadata"
    SELF_SEARCH = "self-search"
    PASSPHRASE = "passphrase"  # noqa: S105 - what a lab does
    SPOT_THE_LEAK = "spot-the-leak"


class Gives(StrEnum):
    """What a piece of a post gives away."""

    PLACE = "place"
    TIME = "time"
    ROUTINE = "routine"
    PEOPLE = "people"
    THINGS = "things"


class PiecePart(StrEnum):
    """Where in a post a piece stands, in the order in which somebody meets it."""

    PICTURE = "picture"
    TEXT = "text"
    COMMENTS = "comments"


class Piece(Value):
    """A piece of a mock post: what it says, what it gives away, if anything, and why."""

    id: Id
    part: PiecePart
    text: Text
    gives: Annotated[tuple[Gives, ...], Field(max_length=3)] = ()
    why: Text


class Post(Value):
    """A mock post of somebody who doesn't exist. `who` says who posts it and who can see it."""

    id: Id
    who: Text
    pieces: Annotated[tuple[Piece, ...], Field(min_length=3, max_length=8)]


class Engine(Value):
    """A search engine. `address` is where it searches, with {query} where the words go."""

    id: Id
    name: str
    address: Annotated[str, Field(pattern=r"^https://[^\s{}]+\{query\}$")]


class Guide(Value):
    """Steps for one kind of device or case, folded away until somebody needs them."""

    title: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]


class Guides(Value):
    """Steps by device, under one heading."""

    title: Text
    parts: Annotated[tuple[Guide, ...], Field(min_length=1, max_length=8)]


class Lab(Reviewed):
    """A lab. `words` are what its script says, by name; `steps` say the same to whoever has no script.

    `before` is what to know before trying it, and `afterwards` what it doesn't tell. `lesson` leads to it.
    """

    id: Id
    kind: LabKind
    title: Text
    summary: Text
    minutes: Minutes
    lesson: Id
    before: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=12)]
    guides: Guides | None = None
    afterwards: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]
    words: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Text]
    posts: Annotated[tuple[Post, ...], Field(max_length=6)] = ()
    engines: Annotated[tuple[Engine, ...], Field(max_length=8)] = ()


#: What the script of each kind says: a lab has every one of these words, and no other.
SCRIPT_WORDS: dict[LabKind, tuple[str, ...]] = {
    LabKind.PHOTO_METADATA: (
        *("choose", "reading", "empty", "too_large", "unreadable", "cut", "damaged"),
        *("not_jpeg", "kind_png", "kind_heic", "kind_webp", "kind_gif", "kind_pdf", "kind_video", "kind_raw"),
        *("kind_unknown", "found", "found_nothing", "no_place", "place_broken"),
        *("near_house", "near_street", "near_quarter", "near_town"),
        *("table", "column_what", "column_says"),
        *("group_place", "group_time", "group_device", "group_people", "group_other"),
        *("position", "exactness", "position_error", "altitude", "direction", "speed", "gps_time", "area"),
        *("place_words", "taken", "digitised", "changed", "zone"),
        *("make", "model", "lens", "serial", "lens_serial", "image_id", "owner", "software", "maker_note"),
        *("author", "title", "caption", "keywords", "comment", "copyright", "credit", "faces"),
        *("thumbnail", "history", "credentials", "second_picture", "trailer", "file_name"),
        *("metres", "below_sea", "degrees", "kilometres_hour", "bytes", "present"),
        *("thumbnail_says", "maker_note_says", "history_says", "credentials_says", "second_picture_says"),
        *("trailer_says", "file_name_says"),
        *("strip", "strip_ready", "strip_turn", "strip_save", "strip_left", "strip_failed", "strip_picture"),
    ),
    LabKind.SELF_SEARCH: (
        *(
            "names",
            "names_hint",
            "handles",
            "handles_hint",
            "numbers",
            "numbers_hint",
            "topics",
            "topics_hint",
        ),
        *("make", "nothing", "one", "many", "too_many", "clear", "cleared"),
        *("about_names", "about_handles", "about_numbers", "links", "links_hint", "search_in", "leaves"),
    ),
    LabKind.PASSPHRASE: (
        *("how_many", "roll", "rolled", "dice", "dice_hint", "add", "not_five", "not_dice", "again"),
        *("added", "full", "take_back", "begin_again", "phrase", "empty", "progress", "too_few", "enough"),
        *("word_column", "dice_column", "strength"),
    ),
    LabKind.SPOT_THE_LEAK: (
        *("check", "found_all", "found_some", "fine", "careful", "yours", "missed", "again"),
        *("gives", "gives_nothing", "place", "time", "routine", "people", "things"),
        *("picture", "text", "comments", "answers", "question"),
    ),
}
