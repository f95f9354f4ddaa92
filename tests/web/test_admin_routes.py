"""Which role gets what from every address of the administration, in both languages."""

import pytest
from flask import Flask

from app.web.admin import blueprint
from tests.web.admin_routes import ROLES, ROWS, Row
from tests.web.staff import House, house_of


def belongs_here(endpoint: str) -> bool:
    return endpoint.startswith(f"{blueprint.name}.")


def path_of(row: Row, house: House) -> str:
    return row.path.format(cohort=house.cohort.hex(), member=house.places["learner"].hex())


def test_every_rule_has_a_row_and_every_row_a_rule(app: Flask) -> None:
    rules = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if belongs_here(rule.endpoint)
    }

    assert rules == {(row.endpoint, row.method) for row in ROWS}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_as_the_table_says(role: str, language: str, app: Flask) -> None:
    house = house_of(app, language)
    reader = house[role]
    token = reader.token()
    found, wanted = {}, {}
    for row in ROWS:
        data = {"csrf_token": token} if row.method == "POST" else None
        answer = reader.get(path_of(row, house)) if data is None else reader.post(path_of(row, house), data)
        found[f"{row.method} {row.path}"] = answer.status
        wanted[f"{row.method} {row.path}"] = row.statuses[ROLES.index(role)]

    assert found == wanted


def test_a_cohort_that_there_is_not_is_no_page_even_for_administrators(app: Flask) -> None:
    admin = house_of(app)["admin"]

    for cohort in ("0" * 32, "x", "00", "A" * 32):
        assert admin.get(f"admin/cohorts/{cohort}/settings/").status == 404
