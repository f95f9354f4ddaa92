"""Codes on the one page that ever shows them: as text, as a link, as a picture, on slips to print and cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno
from flask import Response, url_for

from app.records.cohorts.groups import CohortFacts
from app.records.cohorts.people import Slip
from app.web import frames
from app.web.security import with_pictures


@dataclass(frozen=True)
class Shown:
    """A slip with its link and the picture of it. The code follows the #, which no server is sent nor logs."""

    slip: Slip
    link: str
    picture: str


def slips_page(
    slips: Sequence[Slip], expires_on: date, cohort: CohortFacts | None = None, people: int = 1
) -> Response:
    """The page. people: how many each code lets in."""
    address = url_for("join.code", _external=True)
    response = frames.uncached(
        "admin/slips.html",
        shown=[_shown(slip, address) for slip in slips],
        address=address,
        expires_on=expires_on,
        people=people,
        cohort=cohort,
        active="admin",
    )
    return with_pictures(response)


def _shown(slip: Slip, address: str) -> Shown:
    link = f"{address}#{slip.code}"
    return Shown(slip, link, segno.make(link, error="m", micro=False).png_data_uri(scale=4, border=4))
