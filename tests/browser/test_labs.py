"""Labs in a browser: each does what it says, asks the network for nothing, forgets, and is there without a script."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.curriculum.model import Curriculum, Lab
from app.learning.guessing import by_dice
from app.records.passphrases import wordlist
from tests.browser.conftest import MakeVisitor
from tests.browser.history import History
from tests.browser.labs import ALL, DICE, LEAK, PHOTO, SEARCH, chooses, looks_for, opens_lab, rolls
from tests.browser.photos import full_photo
from tests.browser.survey import Wire
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("labs")]

LAB_SCRIPTS, SITE_SCRIPTS = 60_000, 15_000
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def lab_at(curriculum: Curriculum, address: str) -> Lab:
    _, module_id, _, lab_id, _ = address.split("/")
    found = curriculum.modules_by_id[module_id].lab(lab_id)
    assert found is not None
    return found


def use(visitor: Visitor, address: str) -> None:
    """Do in a lab what it is for."""
    does: dict[str, Callable[[], None]] = {
        PHOTO: lambda: chooses(visitor, full_photo()),
        SEARCH: lambda: looks_for(visitor, "Perpetua Ejemplo", "@perpe", "55 0000 0000"),
        DICE: visitor.page.locator("#lab-roll button").click,
        LEAK: visitor.page.locator("[data-post] > .actions button.primary").first.click,
    }
    does[address]()


def traces(page: Page) -> str:
    """Everything that somebody could read off the lab: what is shown, and what its fields hold."""
    return str(
        page.evaluate(
            """() => document.querySelector('[data-lab]').innerText +
              Array.from(document.querySelectorAll('[data-lab] :is(input, textarea)'))
                .map(field => field.type === 'checkbox' ? (field.checked ? 'ticked' : '') : field.value).join(' ')"""
        )
    )


@pytest.mark.parametrize("address", ALL)
def test_using_a_lab_asks_the_network_for_nothing(
    address: str, shared_kit: str, visitor_of: MakeVisitor
) -> None:
    ana = visitor_of(shared_kit)
    opens_lab(ana, address)
    wire = Wire(ana.page, shared_kit)
    asked: list[str] = []
    ana.page.on("request", lambda request: asked.append(request.url))

    use(ana, address)
    wire.settle()

    assert asked == []
    assert wire.complaints == []
    assert ana.page.context.cookies() == []
    assert ana.page.locator("main form").count() == 0


@pytest.mark.parametrize("address", ALL)
def test_a_lab_is_empty_when_somebody_comes_back_to_it(
    address: str, shared_kit: str, visitor_of: MakeVisitor
) -> None:
    ana = visitor_of(shared_kit)
    opens_lab(ana, address)
    before = traces(ana.page)
    use(ana, address)
    assert traces(ana.page) != before

    history = History(ana.page)
    ana.opens("about/")
    history.go(-1)
    expect(ana.page.locator("#written[open]")).to_have_count(0)

    assert traces(ana.page) == before


@LANGUAGES
@pytest.mark.parametrize("address", ALL)
def test_without_a_script_a_lab_is_written_steps(
    address: str, language: str, shared_kit: str, visitor_of: MakeVisitor, curriculum: Curriculum
) -> None:
    ana = visitor_of(shared_kit, scripts=False, language=language)
    ana.opens(address)

    found = lab_at(curriculum, address)
    shown = ana.page.locator("main").inner_text()
    for step in found.steps:
        assert step.text.in_language(language) in shown
        assert step.more is None or step.more.in_language(language) in shown
    if address != LEAK:
        assert ana.page.locator("[data-lab]").is_hidden()
    for line in (*found.before, *found.afterwards):
        assert line.in_language(language) in shown


def test_with_a_script_the_writing_is_folded_and_can_be_unfolded(
    shared_kit: str, visitor_of: MakeVisitor
) -> None:
    ana = visitor_of(shared_kit)
    opens_lab(ana, PHOTO)
    step = ana.page.locator("#written li").first
    expect(step).to_be_hidden()

    ana.page.locator("#written > summary").click()

    expect(step).to_be_visible()


@pytest.mark.parametrize("address", ALL)
def test_a_labs_scripts_are_light_and_loaded_on_its_own_page_only(
    address: str, chromium: Browser, shared_kit: str, shared_app: Flask
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="es")
    page = context.new_page()
    wire = Wire(page, shared_kit)
    page.goto(f"{shared_kit}/es/{address}")
    wire.settle()
    scripts = {url: size for url, size in wire.sizes.items() if url.endswith(".js")}
    context.close()
    own = sum(size for url, size in scripts.items() if "/static/labs/" in url)

    assert 0 < own <= LAB_SCRIPTS
    assert 0 < sum(scripts.values()) - own <= SITE_SCRIPTS
    module = address.split("lab/", maxsplit=1)[0]
    for other in ("/es/", f"/es/{module}", f"/es/{module}checklist/"):
        assert "/static/labs/" not in shared_app.test_client().get(other).text


# Self-search


@pytest.fixture
def searching(shared_kit: str, visitor_of: MakeVisitor) -> Visitor:
    ana = visitor_of(shared_kit)
    opens_lab(ana, SEARCH)
    return ana


def queries(visitor: Visitor) -> list[str]:
    return [code.inner_text() for code in visitor.page.locator("#lab-found code").all()]


def test_names_are_searched_as_people_and_registers_write_them(searching: Visitor) -> None:
    looks_for(searching, "Ramón Núñez Inventado\nPerpetua Ejemplo", topics="La Gaceta")

    assert queries(searching) == [
        '"Ramón Núñez Inventado"',
        '"Ramon Nunez Inventado"',
        '"Núñez Inventado Ramón"',
        '"Inventado Ramón Núñez"',
        '"Ramón Núñez"',
        '"Ramón Núñez Inventado" filetype:pdf',
        '"Ramón Núñez Inventado" "La Gaceta"',
        '"Perpetua Ejemplo"',
        '"Ejemplo Perpetua"',
        '"Perpetua Ejemplo" filetype:pdf',
        '"Perpetua Ejemplo" "La Gaceta"',
    ]


def test_no_search_holds_two_secrets(searching: Visitor) -> None:
    looks_for(
        searching,
        "Perpetua Ejemplo",
        "@perpe\nsombra77",
        "+52 55 0000 1111\nperpe@ejemplo.example",
        "La Gaceta",
    )

    found = queries(searching)
    secrets = ("Perpetua", "@perpe", "sombra77", "0000", "perpe@ejemplo.example")
    joined = [query for query in found if sum(secret in query for secret in secrets) > 1]
    assert [query for query in joined if "perpe@ejemplo.example" not in query] == []
    assert {'"perpe"', '"@perpe"', '"sombra77"', '"525500001111"', '"5500001111"', '"00001111"'} <= set(found)
    assert '"perpe@ejemplo.example"' in found


def test_links_leave_the_kit_only_for_whoever_asks_and_say_so(
    searching: Visitor, curriculum: Curriculum
) -> None:
    looks_for(searching, handles="a&b=c d")
    links = searching.page.locator("#lab-found a")
    expect(links).to_have_count(0)

    searching.page.check("#links")

    engines = lab_at(curriculum, SEARCH).engines
    expect(links).to_have_count(2 * len(engines))
    for link, engine in zip(links.all(), engines, strict=False):
        assert link.get_attribute("rel") == "noreferrer noopener external"
        assert str(link.get_attribute("href")) == engine.address.replace("{query}", "%22a%26b%3Dc%20d%22")
        assert "sale del kit" in str(link.get_attribute("aria-label"))
    searching.page.uncheck("#links")
    expect(links).to_have_count(0)


def test_much_is_cut_and_nothing_is_refused_in_words(searching: Visitor) -> None:
    status = searching.page.locator("#lab-status")
    looks_for(searching)
    assert status.inner_text()
    expect(searching.page.locator("#lab-found code")).to_have_count(0)

    looks_for(searching, "\n".join(f"Persona Inventada {number}" for number in range(200)))
    expect(searching.page.locator("#lab-found code")).to_have_count(60)
    searching.page.locator("#lab-actions button").nth(1).click()
    expect(searching.page.locator("#lab-found code")).to_have_count(0)
    assert searching.page.input_value("#names") == ""


# Passphrase


@LANGUAGES
def test_real_dice_lead_to_the_word_that_the_list_has_there(
    language: str, shared_kit: str, visitor_of: MakeVisitor
) -> None:
    ana = visitor_of(shared_kit, language=language)
    opens_lab(ana, DICE)
    blocks = {(block.parity, block.dice): dict(block.words) for block in by_dice(wordlist(language))}

    for dice in ("1 1 1 1 1", "32451", "6,6,2,6,2", "2 11 62"):
        rolls(ana, dice)

    wanted = [blocks[half][word] for half, word in (
        (("odd", 11), 11), (("odd", 24), 51), (("even", 62), 62), (("even", 11), 62))]  # fmt: skip
    expect(ana.page.locator("#lab-found p.code")).to_have_text(" ".join(wanted))
    assert wanted[0] == wordlist(language)[0]
    assert wanted[2] == wordlist(language)[-1]


@pytest.mark.parametrize("dice", ["", "1234", "123456", "12347", "10000", "16311", "11164", "x"])
def test_dice_that_lead_to_no_word_say_why(dice: str, shared_kit: str, visitor_of: MakeVisitor) -> None:
    ana = visitor_of(shared_kit)
    opens_lab(ana, DICE)

    rolls(ana, dice)

    assert ana.page.locator("#lab-status").inner_text()
    expect(ana.page.locator("#lab-found p.code")).to_have_count(0)


def test_the_device_rolls_words_and_the_page_says_what_they_are_worth(
    shared_kit: str, visitor_of: MakeVisitor
) -> None:
    ana = visitor_of(shared_kit, language="en")
    opens_lab(ana, DICE)
    phrases = set()

    for count in ("6", "4", "8", "6"):
        ana.page.select_option("#how-many", count)
        ana.page.locator("#lab-roll button").click()
        phrase = ana.page.locator("#lab-found p.code").inner_text()
        assert len(phrase.split()) == int(count)
        assert set(phrase.split()) <= set(wordlist("en"))
        phrases.add(phrase)

    assert len(phrases) == 4
    expect(ana.page.locator("#lab-found h3")).to_have_text("Words: 6. Bits: 66")
    worth = ana.page.locator("#lab-found ul").inner_text()
    assert "more than a million years" in worth
    assert re.search(r"about 1,?\d* year|about 430 days", worth)
    expect(ana.page.locator("tr.chosen")).to_have_attribute("data-words", "6")


def test_every_word_can_come_up_and_none_more_often(shared_kit: str, visitor_of: MakeVisitor) -> None:
    """Of 4,096 draws each of 2,048 words gets two; chi-squared is below 2,304 all but once in ten thousand times."""
    ana = visitor_of(shared_kit)
    opens_lab(ana, DICE)
    ana.page.select_option("#how-many", "8")
    drawn: list[str] = ana.page.evaluate(
        """() => {
          const button = document.querySelector('#lab-roll button'), drawn = [];
          for (let turn = 0; turn < 512; turn += 1) {
            button.click();
            drawn.push(...document.querySelector('#lab-found p.code').textContent.split(' '));
          }
          return drawn;
        }"""
    )

    counts = [drawn.count(word) for word in wordlist("es")]
    assert sum(counts) == len(drawn) == 4096
    assert sum((count - 2) ** 2 / 2 for count in counts) < 2304


# Spot the leak


def test_every_piece_is_judged_and_the_reasons_are_given(
    shared_kit: str, visitor_of: MakeVisitor, curriculum: Curriculum
) -> None:
    ana = visitor_of(shared_kit)
    opens_lab(ana, LEAK)
    found = lab_at(curriculum, LEAK)
    post = found.posts[0]
    shown = ana.page.locator("[data-post]").first
    leaks = [piece for piece in post.pieces if piece.gives]

    shown.get_by_label(leaks[0].text.in_language("es")).check()
    shown.locator(".actions button.primary").click()

    for piece in post.pieces:
        row = shown.locator("[data-piece]", has_text=piece.text.in_language("es"))
        expect(row.locator("[data-verdict]")).to_contain_text(piece.why.in_language("es"))
    expect(shown.locator("[role=status]")).to_contain_text(f"1 de {len(leaks)}")
    for piece in leaks[1:]:
        shown.get_by_label(piece.text.in_language("es")).check()
    shown.locator(".actions button.primary").click()
    expect(shown.locator("[role=status]")).to_contain_text(f"las {len(leaks)}")
    shown.locator(".actions button.quiet").click()
    expect(shown.locator("[data-verdict]:visible")).to_have_count(0)
    expect(shown.locator("input:checked")).to_have_count(0)


def test_without_a_script_the_answers_stand_below_each_post(
    shared_kit: str, visitor_of: MakeVisitor, curriculum: Curriculum
) -> None:
    ana = visitor_of(shared_kit, scripts=False)
    ana.opens(LEAK)

    for shown, post in zip(
        ana.page.locator("[data-post]").all(), lab_at(curriculum, LEAK).posts, strict=True
    ):
        shown.locator("summary").click()
        for piece in post.pieces:
            expect(shown.locator(".answers")).to_contain_text(piece.why.in_language("es"))
