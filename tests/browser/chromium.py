"""Which Chromium, and how it is started."""

import os
import shutil

PROGRAM = "RESGUARDO_TEST_CHROMIUM"
MISSING = f"no Chromium here: install it, or give its path in {PROGRAM}"
#: Nothing but what a test asks for: no sandbox as root, no drawing on a graphics card, no calls home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
#: Playwright switches the back-forward cache off; tests of leaving would pass falsely without it.
ORDINARY = ["--disable-back-forward-cache"]


def program() -> str | None:
    """Where Chromium is, or None."""
    return os.environ.get(PROGRAM) or shutil.which("chromium")
