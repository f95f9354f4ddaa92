"""What kind of file some bytes are, told by what is in them and never by a name.

A short list: pictures, PDF and sound, as phones and messengers make them. Each is recognised by its first bytes *and*
by walking through its parts as its format describes them, so that a page or a program that merely begins like a
picture isn't taken for one. Nothing is unpacked or shown: what a format hides inside (a picture that would fill the
memory, a PDF with a program in it, another file after its end) stays as it is, for whoever opens it with care.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """The kinds of files that are taken, by the ending of their names."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    HEIC = "heic"
    PDF = "pdf"
    MP3 = "mp3"
    M4A = "m4a"
    OGG = "ogg"
    WAV = "wav"


#: How far into a file its parts are looked for where a format lets them wait.
_NEAR = 2048
#: Parts that are walked through at most: more than any honest file of ten megabytes has.
_PARTS = 100_000


def kind_of(body: bytes) -> FileKind | None:
    """Of which kind a file is, or None for any that isn't taken, and for one that is cut or false."""
    for looks in _LOOKS:
        if body.startswith(looks.beginnings, looks.at):
            try:
                kind = looks.kind(body)
            except (struct.error, IndexError, ValueError):
                kind = None
            if kind is not None:
                return kind
    return None


#: Markers of JPEG that begin a frame, and those that no segment follows.
_FRAMES_BEGIN = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NO_SEGMENTS = frozenset({0x00, 0x01, *range(0xD0, 0xDA)})


def _jpeg(body: bytes) -> FileKind | None:
    """Segments up to the picture's data, a frame among them, and an end (ITU-T T.81, annex B)."""
    at, framed = 2, False
    for _ in range(_PARTS):
        before, marker = body[at : at + 2]
        if before != 0xFF:  # noqa: PLR2004 - every marker begins with it
            return None
        if marker == 0xFF:  # noqa: PLR2004 - filling
            at += 1
            continue
        if marker == 0xDA:  # noqa: PLR2004 - the data begin
            return FileKind.JPEG if framed and body.find(b"\xff\xd9", at) > 0 else None
        if marker in _NO_SEGMENTS:
            return None
        framed |= marker in _FRAMES_BEGIN
        at += 2 + struct.unpack_from(">H", body, at + 2)[0]
    return None


def _png(body: bytes) -> FileKind | None:
    """Chunks with their checksums, from the header to the end (W3C PNG)."""
    names: list[bytes] = []
    at = 8
    while at + 12 <= len(body) and names[-1:] != [b"IEND"] and len(names) < _PARTS:
        length, name = struct.unpack_from(">I4s", body, at)
        part = body[at + 4 : at + 8 + length]
        if len(part) != 4 + length or struct.unpack_from(">I", body, at + 8 + length)[0] != zlib.crc32(part):
            return None
        names.append(name)
        at += 12 + length
    whole = names[:1] == [b"IHDR"] and b"IDAT" in names and names[-1] == b"IEND"
    return FileKind.PNG if whole else None


def _gif(body: bytes) -> FileKind | None:
    """Blocks from the screen's description to the trailer (GIF89a)."""
    flags, at = body[10], 13
    at += 3 << (flags & 7) + 1 if flags & 0x80 else 0
    pictures, within = 0, False
    for _ in range(_PARTS):
        block = body[at]
        if within:
            within, at = block > 0, at + block + 1
        elif block == 0x3B:  # noqa: PLR2004 - the trailer
            return FileKind.GIF if pictures else None
        elif block == 0x2C:  # noqa: PLR2004 - a picture
            flags = body[at + 9]
            within, at = True, at + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            pictures += 1
        elif block == 0x21:  # noqa: PLR2004 - an extension
            within, at = True, at + 2
        else:
            return None
    return None


def _riff(body: bytes) -> FileKind | None:
    """Chunks within the length that the beginning tells (RIFF): a WebP picture or WAV sound."""
    names: list[bytes] = []
    form, at = body[8:12], 12
    end = min(len(body), struct.unpack_from("<I", body, 4)[0] + 8)
    while at + 8 <= end and len(names) < _PARTS:
        name, length = struct.unpack_from("<4sI", body, at)
        names.append(name)
        if form == b"WAVE" and name == b"data":
            break  # a recording that was cut says a length that isn't there
        at += 8 + length + length % 2
    if form == b"WEBP" and names and names[0] in {b"VP8 ", b"VP8L", b"VP8X"} and at <= len(body) + 1:
        return FileKind.WEBP
    return FileKind.WAV if form == b"WAVE" and {b"fmt ", b"data"} <= set(names) else None


_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6"})


def _boxes(body: bytes) -> dict[bytes, bytes]:
    """The outermost boxes that fill a file to its end (ISO/IEC 14496-12), but what is in the media themselves."""
    found: dict[bytes, bytes] = {}
    at = 0
    for _ in range(_PARTS):
        if at == len(body):
            return found
        size, name = struct.unpack_from(">I4s", body, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", body, at + 8)[0], 16
        size = size or len(body) - at
        if size < head or at + size > len(body):
            return {}
        found[name] = b"" if name == b"mdat" else body[at + head : at + size]
        at += size
    return {}


def _iso(body: bytes) -> FileKind | None:
    """A HEIC picture, or sound without a picture that moves."""
    boxes = _boxes(body)
    brand = boxes.get(b"ftyp", b"")[:_NEAR]
    brands = {brand[:4], *(brand[at : at + 4] for at in range(8, len(brand), 4))}
    if brands & _HEIC_BRANDS and not brands & {b"avif", b"avis"} and {b"meta", b"mdat"} <= set(boxes):
        return FileKind.HEIC
    movie = boxes.get(b"moov", b"")
    is_sound = b"soun" in movie and b"vide" not in movie and b"mdat" in boxes
    return FileKind.M4A if is_sound and brands & _SOUND_BRANDS else None


def _ogg(body: bytes) -> FileKind | None:
    """Pages to the end, the first one of a codec for sound (RFC 3533)."""
    first = 27 + body[26]
    if not body.startswith((b"OpusHead", b"\x01vorbis", b"Speex   "), first):
        return None
    at = 0
    for pages in range(_PARTS):
        if at == len(body):
            return FileKind.OGG if pages > 1 else None
        if body[at : at + 5] != b"OggS\0":
            return None
        segments = body[at + 26]
        at += 27 + segments + sum(body[at + 27 : at + 27 + segments])
    return None


_BITRATES = {  # kbit/s of layer III by version (ISO/IEC 11172-3 and 13818-3)
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FRAMES = 4


def _mp3(body: bytes) -> FileKind | None:
    """Several frames in a row, after a tag or at the beginning."""
    at = 0
    if body.startswith(b"ID3"):
        size = body[6:10]
        at = 10 + sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(size))
        at = body.find(b"\xff", at, at + _NEAR)
    lengths = [length for length, _ in zip(_frames(body, at), range(_FRAMES), strict=False)]
    return FileKind.MP3 if at >= 0 and len(lengths) == _FRAMES else None


def _frames(body: bytes, at: int) -> Iterator[int]:
    while at + 4 <= len(body):
        head = struct.unpack_from(">I", body, at)[0]
        version, layer, rate = head >> 19 & 3, head >> 17 & 3, head >> 10 & 3
        bits = head >> 12 & 15
        if head >> 21 != 0x7FF or version == 1 or layer != 1 or rate == 3 or bits in {0, 15}:  # noqa: PLR2004
            return
        kbits = _BITRATES[3 if version == 3 else 2][bits]  # noqa: PLR2004 - version 1
        length = (144 if version == 3 else 72) * kbits * 1000 // _RATES[version][rate] + (head >> 9 & 1)  # noqa: PLR2004
        yield length
        at += length


def _pdf(body: bytes) -> FileKind | None:
    """A version at its beginning, objects, and at its end where its table of contents is (ISO 32000)."""
    end = body[-_NEAR:]
    whole = body[5:8] in {b"1.%d" % n for n in range(8)} | {b"2.0"} and b" obj" in body
    return FileKind.PDF if whole and b"startxref" in end and b"%%EOF" in end else None


@dataclass(frozen=True)
class _Looks:
    """How a kind begins, where, and what its inside must be like."""

    beginnings: tuple[bytes, ...]
    kind: Callable[[bytes], FileKind | None]
    at: int = 0


_LOOKS = (
    _Looks((b"\xff\xd8\xff",), _jpeg),
    _Looks((b"\x89PNG\r\n\x1a\n",), _png),
    _Looks((b"GIF87a", b"GIF89a"), _gif),
    _Looks((b"RIFF",), _riff),
    _Looks((b"ftyp",), _iso, 4),
    _Looks((b"%PDF-",), _pdf),
    _Looks((b"OggS",), _ogg),
    _Looks((b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2"), _mp3),
)
