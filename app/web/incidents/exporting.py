"""A log to hand over: one page that any browser shows, and a ZIP folder with the files themselves and their hashes.

The folder is made piece by piece as it is sent: nothing of it is ever written to a disk here, and memory holds a piece
at a time. Its files are stored as they are; `sha256sum -c SHA256SUMS` in it says whether they still are.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import Any

from flask import render_template
from markupsafe import Markup

from app.curriculum.model import Worksheet
from app.learning.incidents import Assessment, EvidenceFile, Incident, in_order
from app.records.attachments import read
from app.records.database import Database
from app.web.i18n import current_language, in_reader_language
from app.web.incidents.files import file_name, is_whole, sealed_file

REPORT, MANIFEST = "report.html", "SHA256SUMS"
#: The page's own style: it is read without the kit, and printed on A4 or Letter.
_STYLE = Path(__file__).parents[2] / "static" / "report.css"


@dataclass(frozen=True)
class Shown:
    """A file as the page lists it. path: where it is in the folder; "" where it isn't in one."""

    file: EvidenceFile
    path: str = ""
    damaged: bool = False


@dataclass(frozen=True)
class Told:
    """An incident as the page tells it."""

    incident: Incident
    files: list[Shown]
    red_lines: list[str]
    holds: list[str]
    steps: list[tuple[str, str]]


def reduced(incident: Incident, leave_out: Iterable[str]) -> Incident:
    """An incident without what is to be left out."""
    without = set(leave_out)
    return replace(
        incident,
        assessment=Assessment() if "assessment" in without else incident.assessment,
        knows="" if "knows" in without else incident.knows,
        effect="" if "effect" in without else incident.effect,
    )


def chosen(
    incidents: Iterable[tuple[str, Incident]], ids: Iterable[str], leave_out: Iterable[str]
) -> list[Incident]:
    """The incidents that were chosen, the earliest first, without what is to be left out."""
    wanted = set(ids)
    found = in_order((name, incident) for name, incident in incidents if name in wanted)
    return [reduced(incident, leave_out) for _, incident in reversed(found)]


def with_paths(incidents: list[Incident], database: Database, learner_id: bytes) -> list[list[Shown]]:
    """The files of each incident, with their places in a folder; those that aren't whole have none."""
    return [
        [_placed(number, incident, file, is_whole(database, learner_id, file)) for file in incident.files]
        for number, incident in enumerate(incidents, 1)
    ]


def _placed(number: int, incident: Incident, file: EvidenceFile, whole: bool) -> Shown:
    if not whole:
        return Shown(file, damaged=file.key is not None)
    return Shown(file, f"files/{number:03}-{file_name(incident, file)}")


def report(
    incidents: list[Incident], files: list[list[Shown]], sheet: Worksheet | None, today: date
) -> bytes:
    """The page, in the reader's language. It loads nothing and runs nothing, and all that was written is escaped."""
    style = Markup("<style>{}</style>").format(Markup(_STYLE.read_text(encoding="utf-8")))  # noqa: S704 - our own file
    told = [_told(incident, shown, sheet) for incident, shown in zip(incidents, files, strict=True)]
    page = render_template(
        "incidents/report.html",
        told_incidents=told,
        style=style,
        lang=current_language(),
        today=today,
        sheet=sheet,
    )
    return page.encode()


def _told(incident: Incident, files: list[Shown], sheet: Worksheet | None) -> Told:
    words, judged = worksheet_words(sheet), incident.assessment
    return Told(
        incident,
        files,
        [words.get(name, name) for name in judged.red_lines],
        [words.get(name, name) for name in judged.holds],
        [(words.get(name, name), text) for name, text in judged.steps.items() if text],
    )


def worksheet_words(sheet: Worksheet | None) -> dict[str, str]:
    """What a worksheet's statements and steps say, by their ids, in the reader's language."""
    if sheet is None:
        return {}
    statements = {each.id: in_reader_language(each.text) for each in (*sheet.red_lines, *sheet.holds)}
    return statements | {step.id: in_reader_language(step.title) for step in sheet.steps}


def folder(page: bytes, files: list[list[Shown]], database: Database, learner_id: bytes) -> Iterator[bytes]:
    """A ZIP folder, as it grows: the page, the files that are whole, and the hashes of all of them."""
    there = [shown for some in files for shown in some if shown.path]
    hashes = {REPORT: sha256(page).hexdigest(), **{shown.path: shown.file.sha256 for shown in there}}
    outlet = _Outlet()
    # Deflate with nothing deflated: unlike "stored", it says where an entry ends, for programs that read as it comes.
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=0) as packed:
        packed.writestr(REPORT, page)
        yield outlet.taken()
        for shown in there:
            yield from _packed(packed, outlet, shown, database, learner_id)
        packed.writestr(MANIFEST, manifest(hashes))
    yield outlet.taken()


def _packed(
    packed: zipfile.ZipFile, outlet: "_Outlet", shown: Shown, database: Database, learner_id: bytes
) -> Iterator[bytes]:
    sealed = sealed_file(shown.file)
    if sealed is None:
        return
    with packed.open(shown.path, "w") as entry:
        for piece in read(database, learner_id, sealed):
            entry.write(piece)
            yield outlet.taken()


def manifest(hashes: Mapping[str, str]) -> str:
    """Hashes as `sha256sum` writes and checks them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))


class _Outlet(RawIOBase):
    """Where a ZIP folder is written to: what came is handed on, and nothing is kept."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It can be written to; not read, and not gone back in."""
        return True

    def write(self, part: Any) -> int:
        """Take a part."""
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """All that came since the last time."""
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole
