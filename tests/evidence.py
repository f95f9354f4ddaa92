"""Files as phones and messengers make them, as small as they can be, and files that pretend to be such."""

import struct
import wave
import zipfile
import zlib
from io import BytesIO


def jpeg(text: bytes = b"") -> bytes:
    """A picture with a comment in it, as metadata stand in one."""
    comment = b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text
    frame = b"\xff\xc0" + struct.pack(">HBHHBBBB", 11, 8, 1, 1, 1, 1, 0x11, 0)
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 63, 0) + b"\x54\x00"
    return b"\xff\xd8" + comment + frame + scan + b"\xff\xd9"


def png(size: tuple[int, int] = (1, 1), pixels: bytes = b"\0\0", more: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    extra = chunk(b"tEXt", b"Comment\0" + more) if more else b""
    data = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + data + chunk(b"IEND", b"")


def gif() -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00;"


def webp() -> bytes:
    inside = b"WEBPVP8L" + struct.pack("<I", 6) + b"\x2f\0\0\0\0\0"
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def heic() -> bytes:
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"meta", b"\0" * 12) + _box(b"mdat", b"\0" * 40)


def m4a(brand: bytes = b"M4A ", handler: bytes = b"soun") -> bytes:
    movie = _box(b"moov", _box(b"hdlr", b"\0" * 8 + handler))
    return _box(b"ftyp", brand + b"\0\0\0\0isom") + movie + _box(b"mdat", b"\0" * 40)


def ogg(pages: int = 3) -> bytes:
    def page(number: int, content: bytes) -> bytes:
        head = struct.pack("<4sBBQIIIB", b"OggS", 0, 2 if not number else 0, 0, 7, number, 0, 1)
        return head + bytes([len(content)]) + content

    return b"".join(page(n, b"OpusHead\1\1" if n == 0 else b"OpusTags" + b"x" * 50) for n in range(pages))


def mp3(tag: bool = True, frames: int = 6) -> bytes:
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413
    return (b"ID3\x04\0\0\0\0\0\x05title" if tag else b"") + frame * frames


def wav() -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\1" * 400)
    return file.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + inside
    return body + b"trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def large_png(size: int, mark: bytes = b"") -> bytes:
    """A picture of exactly so many bytes, with a mark all over it."""
    without = len(png(more=b"x")) - 1
    room = size - without
    return png(more=(mark * (room // max(1, len(mark)) + 1))[:room] if mark else b"x" * room)


def zip_bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", b"\0" * 20_000_000)
    return file.getvalue()


GOOD = {
    "jpg": jpeg(b"GPS 19.0"),
    "png": png(more=b"hello"),
    "gif": gif(),
    "webp": webp(),
    "heic": heic(),
    "pdf": pdf(),
    "mp3": mp3(),
    "m4a": m4a(),
    "ogg": ogg(),
    "wav": wav(),
}

_SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
#: What nobody may get taken.
HOSTILE = {
    "an SVG with a script": _SCRIPT,
    "a page, named as a picture": _PAGE,
    "a page after the beginning of a JPEG": b"\xff\xd8\xff" + _PAGE,
    "a page after the beginning of a PNG": b"\x89PNG\r\n\x1a\n" + _PAGE,
    "a script that begins like a GIF": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//;",
    "a program": b"MZ" + b"\0" * 200,
    "another program": b"\x7fELF" + b"\0" * 200,
    "a ZIP bomb": zip_bomb(),
    "a ZIP after a PDF": pdf() + zip_bomb(),
    "a video": m4a(b"mp42", b"vide"),
    "a video that says it is sound": m4a(b"M4A ", b"vide"),
    "a picture that was cut": png(more=b"x" * 500)[:300],
    "a picture with a false checksum": png()[:-1] + b"x",
    "a sound that was cut": ogg()[:-20],
    "a text": "señal".encode() * 90,
    "nothing but a beginning": b"%PDF-1.7",
    "two bytes": b"\xff\xd8",
    "nulls": b"\0" * 5000,
}
#: What is taken and does nothing: it is only ever downloaded.
INERT = {
    "a picture that would fill the memory": png((60_000, 60_000), b"\0" * 5_000_000),
    "a picture with a page after its end": png() + _PAGE,
    "a picture with a script in its comment": jpeg(_SCRIPT),
    "a PDF with a program in it": pdf(b"2 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n"),
    "a PDF with a ZIP inside": pdf(zip_bomb()[:900] + b"\n"),
}
