"""Seven situations, whom to call, and a card to print."""

from typing import Any

from flask import Response
from werkzeug.exceptions import NotFound

from app.curriculum.model import Situation
from app.web import frames, paper
from app.web.help import blueprint
from app.web.kit import kit
from app.web.words import messages


@blueprint.get("/<language:lang>/help/")
def situations() -> Response:
    """The one question: what is happening."""
    curriculum = kit().curriculum
    taught: dict[str, Any] = {"situations": curriculum.situations, "sheets": curriculum.sheets}
    said = messages()  # of whoever was sent here by another page: a session is looked at no more for it
    if said:
        return frames.impersonal_now("help/situations.html", messages=said, active="help", **taught)
    return frames.impersonal("help/situations.html", active="help", **taught)


@blueprint.get("/<language:lang>/help/contacts/")
def contacts() -> Response:
    """The whole country table, and what to do where a country isn't in it."""
    table = kit().curriculum.contacts
    cited = _numbers_sources()
    return frames.impersonal(
        "help/contacts.html", table=table, sources=cited, expired=_table_expired(), active="help"
    )


@blueprint.get("/<language:lang>/help/<situation_id>/")
def situation(situation_id: str) -> Response:
    """What to do, what not to do, whom to call."""
    found = _find(situation_id)
    return frames.impersonal("help/situation.html", lambda: _details(found), situation=found, active="help")


def _details(found: Situation) -> dict[str, object]:
    """What a situation's page says besides its steps."""
    curriculum = kit().curriculum
    return {
        "table": curriculum.contacts,
        "table_expired": _table_expired(),
        "module": curriculum.modules_by_id.get(found.module or ""),
        "sheets": [sheet for sheet in curriculum.sheets if found.id in sheet.situations],
        "sources": [curriculum.sources_by_id[source] for source in found.sources],
        "expired": found.is_expired(kit().today()),
    }


@blueprint.get("/<language:lang>/help/<situation_id>/card/")
def card(situation_id: str) -> Response:
    """A card to print and carry."""
    return frames.impersonal("help/card.html", situation=_find(situation_id), active="help")


@blueprint.get("/<language:lang>/help/<situation_id>/card/paper.pdf")
def card_as_pdf(situation_id: str) -> Response:
    """The same as a file."""
    return paper.as_pdf(card(situation_id), situation_id, for_everybody=True)


def _find(situation_id: str) -> Situation:
    found = kit().curriculum.situations_by_id.get(situation_id)
    if found is None:
        raise NotFound
    return found


def _table_expired() -> bool:
    return kit().today() > kit().curriculum.contacts.review_by


def _numbers_sources() -> list[object]:
    table, sources = kit().curriculum.contacts, kit().curriculum.sources_by_id
    entries = [*(entry for country in table.countries for entry in country.contacts), *table.international]
    return [sources[source] for source in dict.fromkeys(entry.source for entry in entries)]
