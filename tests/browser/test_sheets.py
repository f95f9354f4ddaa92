"""What is printed of the sheets: one page of A4 or Letter each, in both languages."""

import re

import pytest
from playwright.sync_api import Browser

from app.curriculum.model import Curriculum, Paper

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("weight")]

#: Half of the shorter of the two papers, less its upper margin, in CSS pixels (96 to the inch, 25.4 mm).
HALF = (11 * 25.4 / 2 - 13) / 25.4 * 96
PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sheet_fits_its_paper(
    language: str, chromium: Browser, shared_kit: str, curriculum: Curriculum
) -> None:
    context = chromium.new_context(viewport={"width": 700, "height": 900}, locale=language)
    page = context.new_page()
    pages: dict[tuple[str, str], int] = {}
    too_high: dict[str, float] = {}
    for sheet in curriculum.sheets:
        page.goto(f"{shared_kit}/{language}/help/sheets/{sheet.id}/")
        for paper in ("A4", "Letter"):
            pages[sheet.id, paper] = len(PAGE.findall(page.pdf(format=paper)))
        page.emulate_media(media="print")
        height = page.locator(".paper").evaluate("part => part.getBoundingClientRect().height")
        if sheet.paper is Paper.HALF and height > HALF:
            too_high[sheet.id] = height
        assert page.locator(".screen").first.is_hidden()
    context.close()

    assert pages
    assert {key: count for key, count in pages.items() if count != 1} == {}
    assert too_high == {}
