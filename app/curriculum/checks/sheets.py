"""The sheets to print: each part holds something, tables have both heads and rows, and links lead somewhere."""

from app.curriculum.files.documents import Document
from app.curriculum.files.draft import Draft
from app.curriculum.model import SheetPart
from app.curriculum.prose.targets import did_you_mean


def check_sheets(draft: Draft) -> None:
    """Add a problem for each part of a sheet that would print nothing, and each situation that there isn't."""
    for read in draft.sheets:
        document, sheet = read.document, read.value
        name = document.path.removeprefix("help/sheets/").removesuffix(".yaml")
        if sheet.id != name:
            message = f"this sheet's id is '{sheet.id}', but its file is '{name}.yaml'"
            draft.problems.append(document.problem(("id",), message))
        for index, part in enumerate(sheet.parts):
            _check_part(draft, document, index, part)
        for index, situation in enumerate(sheet.situations):
            if situation not in draft.targets.situations:
                hint = did_you_mean(situation, draft.targets.situations)
                message = f"there is no situation '{situation}'{hint}"
                draft.problems.append(document.problem(("situations", index), message))


def _check_part(draft: Draft, document: Document, index: int, part: SheetPart) -> None:
    loc = ("parts", index)
    if not (part.text or part.steps or part.ticks or part.columns or part.lines):
        message = f"part {index + 1} would print nothing; add text, steps, ticks, columns or lines"
        draft.problems.append(document.problem(loc, message))
    if bool(part.columns) != bool(part.rows):
        lacks = "rows: how many empty ones to print" if part.columns else "columns: what stands above them"
        draft.problems.append(document.problem(loc, f"part {index + 1} has a table without {lacks}"))
