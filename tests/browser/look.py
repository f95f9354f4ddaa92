"""Pictures of every page, for people to look at: `python -m tests.browser.look` puts them into build/look/.

Names say what they show: `en-checklist-360-dark-noscript.png`. With words after the command only pages whose
address contains one of them: `python -m tests.browser.look checklist help`. `--quick` takes the narrow light
and the wide dark picture only.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from app.curriculum.model import Curriculum
from app.web.kit import EXTENSION
from config import CHECKOUT, Config
from tests.browser.broken import add_broken_pages
from tests.browser.chromium import ARGUMENTS, program
from tests.browser.pages import Sight, sights
from tests.browser.running import CHEAP, served
from tests.browser.visitors import Visitor, become

OUT = CHECKOUT / "build" / "look"
WIDTHS = {360: 640, 768: 1024, 1280: 800}
SCHEMES = ("light", "dark")


def main(wanted: list[str], *, quick: bool) -> int:
    """Take the pictures; returns how many."""
    chromium = program()
    if chromium is None:
        sys.exit("No Chromium here: install it, or give its path in RESGUARDO_TEST_CHROMIUM.")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"RESGUARDO_DATA_DIR": f"{folder}/data", "RESGUARDO_HOST_SECRET": "07" * 32, **CHEAP}
        app = create_app(Config.from_mapping(environment))
        add_broken_pages(app)
        with served(app) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            taken = sum(
                _take(browser, app, url, language, scripts, wanted, quick)
                for language in ("en", "es")
                for scripts in (True, False)
            )
            browser.close()
        app.extensions[EXTENSION].database.close()
    return taken


def _take(  # noqa: PLR0913, PLR0917 - a command's inside
    browser: Browser, app: Flask, url: str, language: str, scripts: bool, wanted: list[str], quick: bool
) -> int:
    curriculum: Curriculum = app.extensions[EXTENSION].curriculum
    everything = [
        sight
        for sight in sights(app, curriculum, language)
        if sight.who != "overheard" and (not wanted or any(word in sight.name for word in wanted))
    ]
    taken = 0
    for who in dict.fromkeys(sight.who for sight in everything):
        context = browser.new_context(java_script_enabled=scripts, locale=language)
        context.set_default_timeout(5_000)
        visitor = Visitor(context.new_page(), url, language, scripts=scripts)
        become(visitor, who, curriculum, f"Golondrina {language} {scripts}")
        for sight in everything:
            # Pages that are reached by a fault in the middle of saving need the script.
            if sight.who == who and (scripts or not sight.needs_script):
                context.clear_cookies(name="left")
                sight.go(visitor)
                taken += _pictures(visitor, sight, quick=quick)
        context.close()
    return taken


def _pictures(visitor: Visitor, sight: Sight, *, quick: bool) -> int:
    script = "" if visitor.scripts else "-noscript"
    name = (
        re.sub(r"[^a-z0-9]+", "-", sight.name.removeprefix(f"/{visitor.language}/").lower()).strip("-")
        or "home"
    )
    taken = 0
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            if quick and (width, scheme) not in {(360, "light"), (1280, "dark")}:
                continue
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.emulate_media(color_scheme=scheme)
            tall = visitor.page.evaluate("document.documentElement.scrollHeight")
            # As high as the page: otherwise the bar of tools stands in the middle of the picture.
            visitor.page.set_viewport_size({"width": width, "height": max(height, tall)})
            file = OUT / f"{visitor.language}-{name}-{sight.who}-{width}-{scheme}{script}.png"
            visitor.page.screenshot(path=file)
            taken += 1
    return taken


def _arguments() -> tuple[list[str], bool]:
    words = sys.argv[1:]
    return [word for word in words if not word.startswith("-")], "--quick" in words


if __name__ == "__main__":
    words, fast = _arguments()
    count = main(words, quick=fast)
    print(f"{count} pictures in {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")  # noqa: T201
