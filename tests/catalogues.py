"""Whether every text of the interface is in every catalogue, translated, with the same placeholders.

Run by `make lint` and by a test. Compares what is extracted now with what the catalogues hold.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from config import CHECKOUT

KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("app/**.py", "python"), ("app/templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
COMPLETE = ("es",)

Id = str | tuple[str, ...]


def texts_of_the_interface() -> set[Id]:
    """Every text that the code and the templates ask a translation for."""
    found = extract_from_dir(CHECKOUT, METHODS, {"**": {}}, KEYWORDS)
    return {message if isinstance(message, str) else tuple(message[:2]) for _, _, message, _, _ in found}


def problems(catalogue: Path, *, complete: bool) -> Iterator[str]:
    """What is wrong with a catalogue, in words; one that needn't be complete may lack texts."""
    with catalogue.open("rb") as handle:
        held = {message.id: message for message in read_po(handle) if message.id}
    for text in sorted(texts_of_the_interface(), key=str):
        message = held.pop(text, None)
        if message is None and not complete:
            continue
        if message is None:
            yield f"lacks {text!r}: run `make messages` and translate it"
        else:
            yield from _problems_of(message, complete=complete)
    for text in held:
        yield f"still has {text!r}, which nothing asks for: run `make messages`"


def _problems_of(message: Message, *, complete: bool) -> Iterator[str]:
    wanted = message.id if isinstance(message.id, tuple) else (message.id,)
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield f"is unsure about {message.id!r}: read it and take the fuzzy mark away"
    for text in given:
        if not text and not complete:
            continue
        if not text:
            yield f"doesn't translate {message.id!r}"
        elif set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(wanted[-1])):
            yield f"has a placeholder of its own in {text!r}"
        elif (
            set(PLACEHOLDER.findall(wanted[0]))
            - set(PLACEHOLDER.findall(text))
            - {("num", "d"), ("num", "s")}
        ):
            yield f"loses a placeholder in {text!r}"


def main() -> int:
    """Print every problem. Returns the process's exit status."""
    found = 0
    for catalogue in sorted((CHECKOUT / "translations").glob("*/LC_MESSAGES/messages.po")):
        language = catalogue.parts[-3]
        for problem in problems(catalogue, complete=language in COMPLETE):
            found += 1
            print(f"{catalogue.relative_to(CHECKOUT)}: {problem}")  # noqa: T201 - a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
