"""How easy lessons are to read, and that what is taught stays easy enough."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.curriculum import load, readability
from app.curriculum.counting import stats
from app.curriculum.readability import plain_text, reading_ease

CHECKOUT = Path(__file__).parents[2]
#: Flesch: plain English is 60 and more. INFLESZ: what a grown person reads with ease begins at 55.
LEAST = {"en": 60, "es": 55}


def test_every_module_is_easy_enough_in_both_languages():
    eases = {
        (module.id, language): reading_ease(module, language)
        for module in load(CHECKOUT).modules
        for language in LEAST
    }

    assert eases
    assert {key: ease for key, ease in eases.items() if ease is None or ease < LEAST[key[1]]} == {}


def test_headings_cells_and_list_items_are_sentences_and_what_is_no_prose_is_left_out():
    html = (
        "<h2>Two routes</h2>\n<p>Call\nfirst<sup><a>1</a></sup>. Then ask:</p>\n"
        "<ul>\n<li>«Who?»</li>\n<li>Where</li></ul><table><tr><th>Who</th><td>When</td></tr></table>"
        '<section class="do"><h3 class="pair-title">Do</h3></section>'
        "<figure><svg><text>Home</text></svg><figure>inner</figure><figcaption>words</figcaption></figure>"
        '<aside><p class="callout-title">Remember</p><p>This &amp; that</p></aside>'
    )

    assert plain_text(html) == "Two routes. Call first. Then ask: «Who?» Where. Who. When. This & that."


def test_longer_words_and_sentences_are_harder_in_each_language(content):
    def eases() -> list[float]:
        return [row["reading_ease"] for row in stats(content.load())]

    easy = eases()
    assert all(isinstance(ease, float) and round(ease, 1) == ease for ease in easy)
    for language, sentence in (
        (
            "en",
            "Institutional communication necessitates administrative authorisation procedures beforehand.",
        ),
        (
            "es",
            "La comunicación institucional necesita procedimientos administrativos de autorización previa.",
        ),
    ):
        for slug in ("first-door", "second-door"):
            path = f"modules/doors/lessons/{slug}.{language}.md"
            content.write(path, content.read(path) + f"\n{sentence * 20}\n")

    assert [harder < before for harder, before in zip(eases(), easy, strict=True)] == [True, True]


def test_the_figure_is_the_median_over_the_lessons(content):
    module = content.load().modules[0]
    alone = [
        reading_ease(module.model_copy(update={"lessons": (lesson,)}), "en") for lesson in module.lessons
    ]

    assert reading_ease(module, "en") == pytest.approx(sum(alone) / 2, abs=0.1)
    assert alone[0] != alone[1]


def test_a_language_without_a_formula_has_no_figure(content):
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "es: Las puertas, pt: As portas}")
    content.write("modules/doors/lessons/first-door.pt.md", "Uma porta [@s1].\n\n::: figure door\n:::\n")

    assert [row["reading_ease"] for row in stats(content.load())][2] is None


def test_where_nothing_counts_the_command_says_how_to_get_it_and_shows_the_rest(content, monkeypatch):
    monkeypatch.setattr(readability, "is_counted", lambda: False)
    monkeypatch.setenv("RESGUARDO_CONTENT_DIR", str(content.root))

    table = CliRunner().invoke(main(), ["content", "stats"])
    rows = CliRunner().invoke(main(), ["content", "stats", "--json"])

    assert (table.exit_code, rows.exit_code) == (0, 0)
    assert table.stdout.splitlines()[0].endswith("oldest review  reading ease")
    assert table.stdout.splitlines()[1].endswith("  -")
    assert [row["reading_ease"] for row in json.loads(rows.stdout)] == [None, None]
    assert "requirements/dev.txt" in table.stderr
    assert "requirements/dev.txt" in rows.stderr
