"""The matrix to take along: the whole cohort as CSV, line by line, or as a workbook. Taking it is logged."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from flask import Response, stream_with_context
from flask_babel import gettext
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import matrix
from app.records.cohorts.matrix import Line, Presence, State, Wanted
from app.records.hostsecret import memory_folder
from app.web.admin import blueprint, spreadsheets
from app.web.admin.acting import acting
from app.web.admin.guard import cohort_of, for_staff
from app.web.admin.spreadsheets import Value
from app.web.i18n import in_reader_language
from app.web.kit import kit
from app.web.words import PRESENCES, STATES


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/export.csv")
@for_staff
def export_csv(cohort: str) -> AnyResponse:
    """Everybody of a cohort, those who left too, as text with commas."""
    rows = _rows(_noted(cohort, "csv"))
    return _file(stream_with_context(spreadsheets.lines(_header(), rows)), "text/csv; charset=utf-8", "csv")


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/export.xlsx")
@for_staff
def export_xlsx(cohort: str) -> AnyResponse:
    """The same as a workbook, as long as it has room."""
    rows = _rows(_noted(cohort, "xlsx"))
    body = spreadsheets.workbook(_header(), rows, _too_many(), memory_folder(kit().config.runtime_dir))
    return _file(body, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


def _noted(cohort: str, kind: str) -> bytes:
    """The cohort's id, once it is logged that it was taken."""
    found = cohort_of(cohort)
    with acting() as act:
        act.note("cohort-exported", found.id, kind)
    return found.id


def _header() -> list[str]:
    titles = [in_reader_language(module.title) for module in kit().curriculum.modules]
    return [
        gettext("Label"),
        gettext("Who"),
        gettext("Since"),
        gettext("Left on"),
        gettext("Complete"),
        *titles,
    ]


def _too_many() -> str:
    most = spreadsheets.MOST_ROWS
    return str(gettext("Only the first %(num)s lines have room here. The CSV has all of them.", num=most))


def _rows(cohort_id: bytes) -> Iterator[list[Value]]:
    """The lines of a cohort; the database is read while they are taken."""
    modules = [module.id for module in kit().curriculum.modules]
    row = partial(_row, modules, {state: str(words) for state, words in STATES.items()})
    with kit().database.reading() as session:
        wanted = Wanted(modules, frozenset(Presence))
        yield from map(row, matrix.stream(session.connection(), cohort_id, wanted))


def _row(modules: list[str], states: dict[State, str], line: Line) -> list[Value]:
    about: list[Value] = [
        line.label,
        str(PRESENCES[line.presence]),
        line.joined_on,
        line.left_on,
        line.complete,
    ]
    return [*about, *(_cell(line, module, states) for module in modules)]


def _cell(line: Line, module: str, states: dict[State, str]) -> date | str:
    cell = line.cells.get(module)
    return cell.done_on if cell and cell.done_on else states[line.state(module)]


def _file(body: bytes | Iterator[bytes], kind: str, ending: str) -> Response:
    """A download, named as the kit is named here."""
    name = secure_filename(kit().config.site_name).lower() or "progress"
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
