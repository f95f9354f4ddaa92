"""Sheets to print and fill in by pen: there is nothing to type into, so that nothing of them can be kept."""

from flask import Response
from werkzeug.exceptions import NotFound

from app.curriculum.model import Sheet
from app.web import frames, paper
from app.web.help import blueprint
from app.web.kit import kit


@blueprint.get("/<language:lang>/help/sheets/<sheet_id>/")
def sheet(sheet_id: str) -> Response:
    """One sheet: how to keep it, on the screen, and what goes onto paper."""
    found = kit().curriculum.sheets_by_id.get(sheet_id)
    if found is None:
        raise NotFound
    return frames.impersonal("help/sheet.html", lambda: _details(found), sheet=found, active="help")


@blueprint.get("/<language:lang>/help/sheets/<sheet_id>/paper.pdf")
def sheet_as_pdf(sheet_id: str) -> Response:
    """The same as a file."""
    return paper.as_pdf(sheet(sheet_id), sheet_id, for_everybody=True)


def _details(found: Sheet) -> dict[str, object]:
    """What stands around a sheet: where it comes from, and whether it is due to be checked again."""
    sources = kit().curriculum.sources_by_id
    return {
        "sources": [sources[source] for source in found.sources],
        "expired": found.is_expired(kit().today()),
    }
