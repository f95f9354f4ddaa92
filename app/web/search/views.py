"""Looking for something in what is taught. It doesn't look who is asking, and no query is kept anywhere."""

from typing import Any

from flask import Response, url_for

from app.search import Found, Kind, Place
from app.web import frames
from app.web.channel import private
from app.web.i18n import current_language
from app.web.kit import kit
from app.web.search import blueprint
from app.web.search.forms import SearchForm
from app.web.security import harmless

ADDRESS = "/<language:lang>/search/"


@blueprint.get(ADDRESS)
@private
def search() -> Response:
    """The empty form."""
    return frames.impersonal("search/search.html", lambda: {"form": SearchForm(None)}, active="search")


@blueprint.post(ADDRESS)
@harmless
@private
def results() -> Response:
    """What was found, by kind: where somebody may be in trouble, the first steps come first."""
    form = SearchForm()
    found = kit().search.find(form.q.data or "", current_language()) if form.validate() else None
    return frames.impersonal_now(
        "search/search.html",
        status=200 if found is not None else 422,
        form=form,
        count=len(found) if found is not None else None,
        kinds=_by_kind(found or []),
        address_of=_address_of,
        active="search",
    )


def _by_kind(found: list[Found]) -> list[tuple[Kind, list[Found]]]:
    kinds = ((kind, [result for result in found if result.place.kind is kind]) for kind in Kind)
    return [(kind, results) for kind, results in kinds if results]


def _address_of(place: Place) -> str:
    """Where a piece stands."""
    module, name, anchor = place.module, place.name, place.anchor or None
    places: dict[Kind, tuple[str, dict[str, Any]]] = {
        Kind.SITUATION: ("help.situation", {"situation_id": name}),
        Kind.SHEET: ("help.sheet", {"sheet_id": name}),
        Kind.TERM: ("learn.glossary", {}),
        Kind.ITEM: ("audit.checklist", {"module_id": module}),
        Kind.LESSON: ("learn.lesson", {"module_id": module, "slug": name}),
        Kind.LAB: ("learn.lab", {"module_id": module, "lab_id": name}),
        Kind.GUIDE: ("learn.guide", {"module_id": module}),
        Kind.MODULE: ("learn.module", {"module_id": module}),
    }
    endpoint, parts = places[place.kind]
    return url_for(endpoint, **parts, _anchor=anchor)
