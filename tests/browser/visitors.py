"""What somebody with a browser does in the kit, each thing in one line."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from app.curriculum.model import Curriculum

PSEUDONYM = "Golondrina"
#: What the status line says once an answer is kept, in either language, with or without the module's completion.
SAVED = re.compile(r"^(Saved|Guardado)\.")


@dataclass
class Visitor:
    """Somebody with a browser of their own, on one page."""

    page: Page
    url: str
    language: str
    scripts: bool = True
    pseudonym: str = PSEUDONYM
    passphrase: str = field(default="", repr=False)
    recovery_code: str = field(default="", repr=False)

    def opens(self, address: str) -> None:
        """Go to an address of the kit: `opens("modules/")`."""
        self.page.goto(f"{self.url}/{self.language}/{address}")

    def follows(self, name: str) -> None:
        """Follow the first link of this name in the page's content."""
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def presses(self, name: str) -> None:
        """Press the first button of this name in the page's content."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    @property
    def path(self) -> str:
        """Where they are, without the fragment."""
        return self.page.url.removeprefix(self.url).split("#")[0]

    def item(self, item_id: str) -> Locator:
        """A card of the checklist."""
        return self.page.locator(f"#item-{item_id}")

    def answers(self, item_id: str, choice: str = "", note: str = "") -> None:
        """Answer one item of the checklist that is open, and write a note."""
        card = self.item(item_id)
        if choice:
            # By the keyboard: a click may fall beside it when the page's font comes in and moves everything.
            card.locator(f"input[value='{choice}']").press("Space")
            expect(card.locator(f"input[value='{choice}']")).to_be_checked()
        if note:
            box = card.locator("textarea")
            if not box.is_visible():
                card.locator("details:has(textarea) > summary").click()
            box.fill(note)

    def saves(self) -> None:
        """Wait until the script says that it saved, or press the button."""
        if not self.scripts:
            self.page.locator(".save-bar button").first.click()
            expect(self.page.locator(".flash.status")).to_be_visible()
            return
        focused = self.page.locator("textarea:focus")
        if focused.count():
            focused.blur()
        expect(self.page.locator(".save-bar [role=status]")).to_have_text(SAVED)

    def answer_of(self, item_id: str) -> tuple[str, str]:
        """What the page shows as this item's answer: choice and note."""
        card = self.item(item_id)
        chosen = card.locator("input:checked")
        choice = chosen.get_attribute("value") or "" if chosen.count() else ""
        return choice, card.locator("textarea").input_value()

    def keeps(self) -> None:
        """Keep progress under the passphrase that the page offers, and write down the recovery code."""
        self.opens("account/keep/")
        self.passphrase = self.page.locator("p.code").inner_text()
        self._types_new()

    def recovers(self) -> None:
        """Come back by the recovery code under the passphrase that the page offers."""
        self.opens("account/recover/")
        self.page.fill("#code", self.recovery_code)
        self.passphrase = self.page.locator("p.code").inner_text()
        self._types_new()

    def _types_new(self) -> None:
        self.page.fill("#pseudonym", self.pseudonym)
        self.page.fill("#passphrase", self.passphrase)
        self.page.fill("#again", self.passphrase)
        self.page.locator("main form button[type=submit]").click()
        self.recovery_code = self.page.locator("p.code").inner_text()
        assert len(self.recovery_code) == 29, "no recovery code was shown"

    def signs_out(self) -> None:
        """Sign out from the account page."""
        self.opens("account/")
        self.page.locator("main form[action$='sign-out/'] button").click()
        expect(self.page.locator(".flash")).to_be_visible()

    def signs_in(self) -> None:
        """Sign in with the passphrase that was kept."""
        self.opens("account/sign-in/")
        self.page.fill("#pseudonym", self.pseudonym)
        self.page.fill("#passphrase", self.passphrase)
        self.page.locator("main form button[type=submit]").click()

    def leaves(self) -> None:
        """Press "Leave this page" and arrive on the neutral page."""
        self.page.locator("a[data-leave]").click()
        self.page.wait_for_url("**/n/*/*")

    def says(self) -> str:
        """All that can be read on the page."""
        return self.page.locator("body").inner_text()


#: What the status line says once an answer is kept, in either language, with or without the module's completion.


def become(visitor: Visitor, who: str, curriculum: Curriculum, pseudonym: str) -> None:
    """Be a guest who has read a lesson and answered an item, or somebody who kept that; or nobody in particular."""
    if who not in {"guest", "kept", "admin"}:
        return
    module = curriculum.modules_by_id["doxxing"]
    visitor.opens(f"modules/{module.id}/lessons/{module.lessons[0].slug}/")
    visitor.page.locator("form.next button").click()
    visitor.opens(f"modules/{module.id}/checklist/")
    visitor.answers(module.checklist[0].id, note="una nota")
    visitor.answers(module.checklist[0].id, "yes")
    visitor.saves()
    if who in {"kept", "admin"}:
        visitor.pseudonym = pseudonym
        visitor.keeps()
