"""My progress on one screen: meters for what was begun, and the rest as a list."""

import pytest
from flask import Flask

from app.curriculum.model import Curriculum
from tests.web.readers import MODULE, Reader


@pytest.mark.parametrize("language", ["en", "es"])
def test_only_what_was_begun_has_meters_and_everything_has_a_link(
    app: Flask, curriculum: Curriculum, language: str
) -> None:
    reader = Reader(app, language)
    assert reader.get("progress/").all("progress") == []
    reader.answer()

    page = reader.get("progress/")

    assert len(page.all("progress")) == 4
    assert {f"/{language}/modules/{module.id}/" for module in curriculum.modules} <= set(page.links)
    first = next(
        link for link in page.links if link.startswith(f"/{language}/modules/") and link.count("/") == 4
    )
    assert first == f"/{language}/modules/{MODULE}/"
