"""Looking for something in what is taught. It doesn't look who is asking, and no query is kept anywhere."""

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
    if place.kind is Kind.SITUATION:
        return url_for("help.situation", situation_id=place.name)
    if place.kind is Kind.SHEET:
        return url_for("help.sheet", sheet_id=place.name)
    if place.kind is Kind.TERM:
        return url_for("learn.glossary", _anchor=place.anchor)
    if place.kind is Kind.ITEM:
        return url_for("audit.checklist", module_id=place.module, _anchor=place.anchor)
    if place.kind is Kind.LESSON:
        anchor = place.anchor or None
        return url_for("learn.lesson", module_id=place.module, slug=place.name, _anchor=anchor)
    endpoint = "learn.guide" if place.kind is Kind.GUIDE else "learn.module"
    return url_for(endpoint, module_id=place.module, _anchor=place.anchor or None)
