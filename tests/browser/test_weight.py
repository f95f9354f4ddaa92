"""What travels over the wire, as the browser counts it."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.curriculum.model import Curriculum
from tests.browser.pages import longest
from tests.browser.survey import Wire

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("weight")]

FIRST_VISIT, SCRIPTS = 120_000, 15_000


def test_a_first_visit_stays_within_its_weight_wherever_it_begins(
    chromium: Browser, shared_kit: str, shared_app: Flask, curriculum: Curriculum
) -> None:
    weights = {}
    scripts = {}
    fonts = {}
    for address in longest(shared_app, curriculum, "es"):
        context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="es")
        page = context.new_page()
        wire = Wire(page, shared_kit)
        page.goto(shared_kit + address)
        wire.settle()
        fonts[address] = sum(size for url, size in wire.sizes.items() if url.endswith(".woff2"))
        weights[address] = sum(wire.sizes.values())
        # A lab's own scripts have a budget of their own: see test_labs.
        scripts[address] = sum(
            size for url, size in wire.sizes.items() if url.endswith(".js") and "/static/labs/" not in url
        )
        context.close()

    assert min(weights.values()) > 0
    assert max(scripts.values()) > 0
    assert [address for address, size in fonts.items() if not size] == ["/n/es/"], (
        "letters that were not counted"
    )
    assert not {address: weight for address, weight in weights.items() if weight > FIRST_VISIT}
    assert not {address: weight for address, weight in scripts.items() if weight > SCRIPTS}


def test_what_never_changes_is_asked_for_once(chromium: Browser, shared_kit: str) -> None:
    context = chromium.new_context(locale="es")
    page = context.new_page()
    wire = Wire(page, shared_kit)
    page.goto(f"{shared_kit}/es/")
    # A font may still be on its way once a page is loaded: leaving then would break it off, and ask for it anew.
    page.evaluate("document.fonts.ready.then(() => document.fonts.size)")
    page.goto(f"{shared_kit}/es/about/")
    context.close()

    # But for the icon: a browser fetches it when it pleases.
    asked = [url for url, size in wire.sizes.items() if size and not url.endswith(".svg")]
    assert asked == [f"{shared_kit}/es/about/"]
