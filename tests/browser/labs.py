"""Labs in use: what somebody does in each, in one line, and what it then looks like."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.photos import full_photo
from tests.browser.sight import Sight
from tests.browser.visitors import Visitor

PHOTO = "modules/oversharing/lab/photo-metadata/"
LEAK = "modules/oversharing/lab/spot-the-leak/"
SEARCH = "modules/doxxing/lab/self-search/"
DICE = "modules/accounts/lab/passphrase/"
ALL = (PHOTO, LEAK, SEARCH, DICE)


def opens_lab(visitor: Visitor, address: str) -> None:
    """Open a lab, and wait until its script has begun."""
    visitor.opens(address)
    expect(visitor.page.locator("#written[open]")).to_have_count(0)


def chooses(visitor: Visitor, photo: bytes, name: str = "IMG_20261124.jpg") -> None:
    """Choose a photo in the photo lab, and wait until something is said of it."""
    visitor.page.set_input_files("#photo", {"name": name, "mimeType": "image/jpeg", "buffer": photo})
    visitor.page.locator("#lab-found > *").first.wait_for()


def copies(visitor: Visitor) -> None:
    """Have a copy made of the photo that was chosen."""
    visitor.page.locator("#lab-found .actions button").click()
    visitor.page.locator("#lab-found .copy a[download]").wait_for()


def looks_for(
    visitor: Visitor, names: str = "", handles: str = "", numbers: str = "", topics: str = ""
) -> None:
    """Type into the self-search lab, and ask what to search for."""
    for field, typed in (("names", names), ("handles", handles), ("numbers", numbers), ("topics", topics)):
        visitor.page.fill(f"#{field}", typed)
    visitor.page.locator("#lab-actions button").first.click()


def rolls(visitor: Visitor, dice: str) -> None:
    """Type five dice, and add their word."""
    visitor.page.fill("#dice", dice)
    visitor.page.locator("#lab-add button").click()


def using_labs() -> list[Sight]:
    """Every lab once something was done in it."""

    def photo(visitor: Visitor) -> None:
        opens_lab(visitor, PHOTO)
        chooses(visitor, full_photo())
        copies(visitor)

    def refused(visitor: Visitor) -> None:
        opens_lab(visitor, PHOTO)
        chooses(visitor, b"no photo at all")

    def search(visitor: Visitor) -> None:
        opens_lab(visitor, SEARCH)
        visitor.page.check("#links")
        looks_for(visitor, "Perpetua Ejemplo Inventada", "@perpe_ejemplo", "+52 55 0000 0000", "La Gaceta")

    def dice(visitor: Visitor) -> None:
        opens_lab(visitor, DICE)
        visitor.page.locator("#lab-roll button").click()

    def leak(visitor: Visitor) -> None:
        opens_lab(visitor, LEAK)
        visitor.page.locator("[data-piece] input").first.check()
        visitor.page.locator("[data-post] > .actions button.primary").first.click()

    whats: dict[str, Callable[[Visitor], None]] = {
        "the photo lab, with a photo": photo,
        "the photo lab, with something else": refused,
        "the self-search lab, with words": search,
        "the passphrase lab, rolled": dice,
        "spot the leak, judged": leak,
    }
    return [Sight(name, "nobody", go, needs_script=True) for name, go in whats.items()]
