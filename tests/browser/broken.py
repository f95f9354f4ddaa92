"""Pages that fail on purpose, for tests that look at what a reader is told then."""

from collections.abc import Callable

from flask import Flask, abort
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.records.failures import HashingBusy, StorageBusy, StorageFull, StorageReadOnly, VaultGone
from app.web.moment import waiting

#: Their endpoints begin with this, so that a list of the kit's own pages leaves them out.
PREFIX = "broken."

FAILURES: dict[str, Exception] = {
    "full": StorageFull(),
    "read-only": StorageReadOnly(),
    "busy": StorageBusy(),
    "gone": VaultGone(),
    "defect": ZeroDivisionError(),
}


def add_broken_pages(app: Flask) -> None:
    """Give an app pages that fail: `/es/broken/full/`, and by number, `/es/broken/429/`; and one that waits."""
    for name, failure in FAILURES.items():
        _add(app, name, _raising(failure))
    for code in (400, 403, 413, 429):
        _add(app, str(code), _aborting(code))
    _add(app, "moment", waiting(_raising(HashingBusy())))


def _add(app: Flask, name: str, fails: Callable[[], None]) -> None:
    address = f"/<language:lang>/broken/{name}/"
    app.add_url_rule(address, f"{PREFIX}{name}", _form, methods=["GET"])
    app.add_url_rule(address, f"{PREFIX}{name}.sent", fails, methods=["POST"])


def _form() -> str:
    return Markup(
        '<!doctype html><html lang="es"><title>x</title><form method="post"><input type="hidden" '
        'name="csrf_token" value="{}"><textarea name="x-note"></textarea><button>x</button></form>'
    ).format(generate_csrf())


def _raising(failure: Exception) -> Callable[[], None]:
    def fails() -> None:
        raise failure

    return fails


def _aborting(code: int) -> Callable[[], None]:
    return lambda: abort(code)
