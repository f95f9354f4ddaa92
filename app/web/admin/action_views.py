"""The log of actions, for administrators: who did what, when, and whether the log is whole."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request
from flask_babel import format_datetime, gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records import actions
from app.records.cohorts.naming import names_of
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.action_words import details_in_words, verb_in_words
from app.web.admin.guard import for_administrators
from app.web.kit import kit

#: Entries of a page, and how many of the latest are checked when it is shown.
PER_PAGE, CHECKED = 50, 500
#: Digits of an id that has no name any more: enough to tell one from another on a page.
_SHORT = 8
#: What checks all of the log.
COMMAND = "flask actions verify"
_LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Line:
    """An entry as it is shown. subject: "" where it was about nothing in particular."""

    number: int
    moment: str
    actor: str
    verb: str
    subject: str
    details: str


@blueprint.get("/<language:lang>/admin/actions/")
@for_administrators
def action_log() -> AnyResponse:
    """The log, the newest first."""
    before = _before()
    with kit().database.reading() as session:
        connection = session.connection()
        found = actions.entries(connection, before, PER_PAGE + 1)
        shown = found[:PER_PAGE]
        names = names_of(
            connection, {each for entry in shown for each in (entry.actor, entry.subject) if each}
        )
        kept = actions.kept_head(kit().config.actions_head)
        faults = list(actions.faults(connection, kit().log_key, kept, CHECKED))
    return frames.uncached(
        "admin/actions.html",
        lines=[_line(entry, names) for entry in shown],
        older=shown[-1].number if len(found) > PER_PAGE else None,
        is_latest=before is None,
        faults=faults,
        checked=CHECKED,
        command=COMMAND,
        active="admin",
    )


def _line(entry: actions.Entry, names: dict[bytes, str]) -> Line:
    moment = datetime.fromtimestamp(entry.at, UTC).astimezone()
    return Line(
        entry.number,
        str(format_datetime(moment, "medium", rebase=False)),
        _name(entry.actor, names),
        verb_in_words(entry.verb),
        _name(entry.subject, names) if entry.subject else "",
        details_in_words(entry.details),
    )


def _name(who: bytes, names: dict[bytes, str]) -> str:
    if who == actions.COMMAND_LINE:
        return str(gettext("a command on the machine"))
    if who == actions.KIT_ITSELF:
        return str(gettext("the kit itself"))
    return names.get(who) or who.hex()[:_SHORT]


def _before() -> int | None:
    """The number before which a page begins, as the address says. Raises NotFound."""
    text = request.args.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(_LARGEST_NUMBER)):
        raise NotFound
    return min(int(text), _LARGEST_NUMBER)
