"""Tables for programs that calculate. What somebody is called is text there, whatever it looks like: never a formula.

In CSV nothing says that a cell is text, so what such programs would calculate gets an apostrophe before it, as OWASP's
page on CSV injection asks. In a workbook each cell says what it is.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Lines of a workbook, at most.
MOST_ROWS = 50_000
#: What makes a formula of a cell, in the wide forms of East Asian keyboards as well.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BYTE_ORDER_MARK = "\ufeff"
#: Nothing is taken for anything but what it is written as.
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Value = str | int | date | None


def harmless_text(text: str) -> str:
    """A text that no program takes for a formula: with an apostrophe before what would be one."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A table as CSV, line by line: UTF-8 with a mark, by which Excel knows it; days as 2026-11-25."""
    buffer = StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write(_BYTE_ORDER_MARK)
    for row in chain([header], rows):
        writer.writerow([_as_text(value) for value in row])
        yield _taken(buffer)


def _taken(buffer: StringIO) -> bytes:
    line = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return line


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    return harmless_text(value) if isinstance(value, str) else str(value)


def workbook(
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    too_many: str,
    folder: Path | None,
    most: int = MOST_ROWS,
) -> bytes:
    """A table as XLSX. Beyond `most` lines the rest is left out, and the last line says so in the words of `too_many`.

    folder: one in memory, for drafts as long as the table is written. Without one all of it is held in memory:
    a disk never sees it.
    """
    if folder is None:
        return _written(header, rows, too_many, most, {"in_memory": True})
    with TemporaryDirectory(dir=folder) as drafts:
        return _written(header, rows, too_many, most, {"constant_memory": True, "tmpdir": drafts})


def _written(
    header: Sequence[str], rows: Iterable[Sequence[Value]], too_many: str, most: int, options: dict[str, Any]
) -> bytes:
    import xlsxwriter  # by whoever wants a workbook: most kits never do, and it takes memory

    made = BytesIO()
    with xlsxwriter.Workbook(made, {**_PLAIN, **options}) as book:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(header) - 1, 14)
        for column, title in enumerate(header):
            sheet.write_string(0, column, title, bold)
        remaining = iter(rows)
        number = 0
        for number, row in enumerate(islice(remaining, most), 1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, day)
        if next(remaining, None) is not None:
            sheet.write_string(number + 1, 0, too_many, bold)
    return made.getvalue()


def _write(sheet: Any, row: int, column: int, value: Value, day: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif value is not None:
        sheet.write_number(row, column, value)
