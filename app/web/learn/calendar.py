"""A calendar's file (RFC 5545): whole days with a title, and nothing that says which program wrote it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

#: Octets that a line may have before it is folded (RFC 5545, 3.1).
_LINE = 75


@dataclass(frozen=True)
class AllDay:
    """A day with its title. uid: what a calendar knows it by when the file is read again."""

    day: date
    title: str
    uid: str


def calendar_file(days: Iterable[AllDay], made_on: date) -> bytes:
    """The file. made_on: written as the beginning of that day, so that it tells no time."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//Days//EN", "CALSCALE:GREGORIAN"]
    for each in days:
        lines += _event(each, made_on)
    lines.append("END:VCALENDAR")
    return b"".join(b"\r\n ".join(_folded(line)) + b"\r\n" for line in lines)


def _event(each: AllDay, made_on: date) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{each.uid}",
        f"DTSTAMP:{_date(made_on)}T000000Z",
        f"DTSTART;VALUE=DATE:{_date(each.day)}",
        f"DTEND;VALUE=DATE:{_date(each.day + timedelta(days=1))}",
        f"SUMMARY:{_escaped(each.title)}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    """A text as a property holds it (RFC 5545, 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 octets with the space that goes on before all but the first; no letter is cut."""
    piece, room = b"", _LINE
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b"", _LINE - 1
        piece += octets
    yield piece
