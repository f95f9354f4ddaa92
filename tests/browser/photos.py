"""Photos for the photo lab: small JPEGs that tell much, and others that are cut, broken or made to do harm."""

import io
import struct
from dataclasses import dataclass, field

from PIL import Image

#: How Exif names the kinds of values that are used here.
BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
Value = bytes | str | int | list[tuple[int, int]]


def picture(width: int = 24, height: int = 16, *, progressive: bool = False) -> bytes:
    """A JPEG of a few stripes that tells nothing."""
    made = Image.new("RGB", (width, height))
    made.putdata([(x * 9 % 256, y * 15 % 256, 90) for y in range(height) for x in range(width)])
    file = io.BytesIO()
    made.save(file, "JPEG", quality=90, progressive=progressive)
    return file.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """The same picture with segments after its beginning."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


@dataclass
class Folders:
    """Exif's folders: entries by tag, in the order in which they are written."""

    main: dict[int, tuple[int, Value]] = field(default_factory=dict)
    exif: dict[int, tuple[int, Value]] = field(default_factory=dict)
    gps: dict[int, tuple[int, Value]] = field(default_factory=dict)
    preview: bytes = b""
    big: bool = True

    @property
    def _end(self) -> str:
        return ">" if self.big else "<"

    def tiff(self) -> bytes:
        """The whole block, as it follows `Exif` and two zeros."""
        main, at = dict(self.main), 8
        size = len(main) + bool(self.exif) + bool(self.gps)
        room = 2 + size * 12 + 4 + sum(len(self._data(*entry)) for entry in main.values())
        parts = []
        for tag, folder in ((0x8769, self.exif), (0x8825, self.gps)):
            if folder:
                main[tag] = (LONG, at + room + sum(map(len, parts)))
                parts.append(self._folder(folder, main[tag][1], 0))
        after = at + room + sum(map(len, parts)) if self.preview else 0
        head = (b"MM" if self.big else b"II") + struct.pack(f"{self._end}HL", 42, 8)
        block = head + self._folder(main, at, after) + b"".join(parts)
        if self.preview:
            start = after + 2 + 24 + 4
            folder = {0x0201: (LONG, start), 0x0202: (LONG, len(self.preview))}
            block += self._folder(folder, after, 0) + self.preview
        return block

    def _data(self, kind: int, value: Value) -> bytes:
        raw = self._raw(kind, value)
        return raw + b"\0" * (len(raw) % 2) if len(raw) > 4 else b""

    def _raw(self, kind: int, value: Value) -> bytes:
        if isinstance(value, str):
            return value.encode() + b"\0"
        if isinstance(value, bytes):
            return value
        if isinstance(value, int):
            return struct.pack(self._end + {BYTE: "B", SHORT: "H", LONG: "L"}[kind], value)
        return b"".join(struct.pack(f"{self._end}LL", *pair) for pair in value)

    def _folder(self, entries: dict[int, tuple[int, Value]], at: int, following: int) -> bytes:
        place = at + 2 + len(entries) * 12 + 4
        body, data = b"", b""
        for tag, (kind, value) in sorted(entries.items()):
            raw = self._raw(kind, value)
            count = len(value) if isinstance(value, list) else 1 if isinstance(value, int) else len(raw)
            held = struct.pack(f"{self._end}L", place + len(data)) if len(raw) > 4 else raw.ljust(4, b"\0")
            body += struct.pack(f"{self._end}HHL", tag, kind, count) + held
            data += self._data(kind, value)
        count = struct.pack(f"{self._end}H", len(entries))
        return count + body + struct.pack(f"{self._end}L", following) + data


def telling(*, big: bool = True, turned: int = 6) -> Folders:
    """A phone that tells everything about a place that is nobody's: in the sea."""
    return Folders(
        main={
            0x010E: (ASCII, "Fiesta de Anacleto"),
            0x010F: (ASCII, "Telefonera"),
            0x0110: (ASCII, "T-1000"),
            0x0112: (SHORT, turned),
            0x0131: (ASCII, "Camarita 3.1"),
            0x0132: (ASCII, "2026:11:24 19:00:00"),
            0x013B: (ASCII, "Perpetua Ejemplo"),
            0x9C9E: (BYTE, "playa; secreto\0".encode("utf-16le")),
        },
        exif={
            0x9003: (ASCII, "2026:11:24 18:03:11"),
            0x9011: (ASCII, "-06:00"),
            0x927C: (UNDEFINED, b"Telefonera\0" + bytes(50)),
            0x9286: (UNDEFINED, b"ASCII\0\0\0nota al margen"),
            0xA431: (ASCII, "SN-4711"),
            0xA435: (ASCII, "LN-0815"),
        },
        gps={
            1: (ASCII, "S"),
            2: (RATIONAL, [(10, 1), (30, 1), (3600, 100)]),
            3: (ASCII, "W"),
            4: (RATIONAL, [(100, 1), (15, 1), (1800, 100)]),
            5: (BYTE, 0),
            6: (RATIONAL, [(2240, 10)]),
            0x11: (RATIONAL, [(27050, 100)]),
            0x1F: (RATIONAL, [(48, 10)]),
        },
        preview=picture(8, 8),
        big=big,
    )


XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description xmp:CreatorTool="Retocador 9" '
    'photoshop:City="Puerto Inventado"><dc:creator><rdf:Seq><rdf:li>Tadea Inventada</rdf:li></rdf:Seq></dc:creator>'
    "<dc:subject><rdf:Bag><rdf:li>faro &amp; mar</rdf:li><rdf:li>domingo</rdf:li></rdf:Bag></dc:subject>"
    "<mwg-rs:Name>Ubaldo</mwg-rs:Name><xmpMM:History/></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def exif_segment(tiff: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + tiff)


def xmp_segment(xml: str = XMP) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xml.encode())


def iptc_segment() -> bytes:
    fields = {80: "Firma Ejemplo", 25: "muelle", 120: "El muelle al atardecer", 90: "Bahía"}
    records = b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(text.encode())) + text.encode()
        for number, text in fields.items()
    )
    return segment(0xED, b"Photoshop 3.0\x008BIM" + struct.pack(">HHL", 0x0404, 0, len(records)) + records)


def full_photo(*, big: bool = True, progressive: bool = False) -> bytes:
    """A photo with everything that a file can tell, and a film after its end."""
    return (
        with_segments(
            picture(progressive=progressive),
            exif_segment(telling(big=big).tiff()),
            xmp_segment(),
            iptc_segment(),
            segment(0xFE, b"hecho a mano"),
            segment(0xE2, b"MPF\0" + bytes(20)),
            segment(0xEB, b"JP" + bytes(20)),
        )
        + b"\0\0\0\x18ftypmp42 a short film"
    )


def _pointing_at_itself() -> bytes:
    """A folder whose next one is itself, and whose inner folders are, too."""
    entry = struct.pack(">HHLL", 0x8769, LONG, 1, 8)
    inner = struct.pack(">HHLL", 0x8825, LONG, 1, 8)
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", 2) + entry + inner + struct.pack(">L", 8)


def _countless() -> bytes:
    """A folder of 65,535 entries, of which one is there, with a thousand million letters."""
    return b"MM\0*\0\0\0\x08\xff\xff" + struct.pack(">HHLL", 0x010F, ASCII, 1_000_000_000, 26) + bytes(8)


#: Files that no camera makes, each with the words of the lab that say what is wrong: none may hang it.
HOSTILE: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "nothing": (b"", ("empty",)),
    "two bytes": (b"\xff\xd8", ("found_nothing", "cut")),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), ("not_jpeg", "kind_png")),
    "a HEIC": (b"\0\0\0\x18ftypheic" + bytes(50), ("not_jpeg", "kind_heic")),
    "a film": (b"\0\0\0\x18ftypmp42" + bytes(50), ("not_jpeg", "kind_video")),
    "a PDF": (b"%PDF-1.7\n", ("not_jpeg", "kind_pdf")),
    "words": (b"This is no picture at all.", ("not_jpeg", "kind_unknown")),
    "cut in its data": (full_photo()[:300], ("no_place", "cut")),
    "cut in its picture": (picture()[:-40], ("found_nothing", "cut")),
    "a folder that holds itself": (
        with_segments(picture(), exif_segment(_pointing_at_itself())),
        ("found_nothing", "damaged"),
    ),
    "more than there is": (
        with_segments(picture(), exif_segment(_countless())),
        ("found_nothing", "damaged"),
    ),
    "no folder at all": (
        with_segments(picture(), exif_segment(b"MM\0*\xff\xff\xff\xff")),
        ("found_nothing", "damaged"),
    ),
    "an unknown order": (with_segments(picture(), exif_segment(b"XX\0*")), ("found_nothing", "damaged")),
    "a place divided by nothing": (
        with_segments(
            picture(),
            exif_segment(
                Folders(
                    gps={
                        1: (ASCII, "N"),
                        2: (RATIONAL, [(10, 0), (0, 0), (1, 1)]),
                        3: (ASCII, "E"),
                        4: (RATIONAL, [(200, 1), (0, 1), (0, 1)]),
                    }
                ).tiff()
            ),
        ),
        ("place_broken",),
    ),
    "a hundred thousand marks": (b"\xff\xd8" + b"\xff\xd0" * 100_000, ("found_nothing", "cut")),
    "brackets without end": (
        with_segments(picture(), *[xmp_segment("<rdf:li" * 9000)] * 4),
        ("found_nothing",),
    ),
    "a name without end": (
        with_segments(picture(), *[xmp_segment("<dc:creator>" + "<" * 60_000)] * 4),
        ("found_nothing",),
    ),
    "blocks without end": (
        with_segments(
            picture(), segment(0xED, b"Photoshop 3.0\x008BIM" + struct.pack(">HHL", 0x0404, 0, 0xFFFFFFFF))
        ),
        ("found_nothing", "damaged"),
    ),
}
