"""English and Spanish are whole; a third language may be partial, and falls back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.curriculum.model import Text
from app.curriculum.spoken import SPOKEN, spoken

WORDS = st.text(min_size=1).filter(lambda text: bool(text.strip()))


@given(WORDS, WORDS, st.dictionaries(st.from_regex(r"[a-z]{2}", fullmatch=True), WORDS), st.text())
def test_any_text_speaks_in_any_language(english, spanish, others, asked):
    text = Text({**others, "en": english, "es": spanish})

    answer = text.in_language(asked)

    assert answer == (text.root[asked] if asked in text.root else text.root["en"])
    assert text.has(asked) == (asked in text.root)


@pytest.mark.parametrize(
    "texts", [{"en": "A"}, {"es": "A"}, {"en": "A", "es": " "}, {"en": "A", "es": "B", "pt": ""}, {}]
)
def test_a_text_that_lacks_a_language_is_refused(texts):
    with pytest.raises(ValidationError, match="no text in"):
        Text(texts)


def test_a_third_language_is_added_by_adding_files_and_keys(content):
    content.write("modules/doors/lessons/first-door.pt.md", "Uma porta [@s1].\n\n::: figure door\n:::\n")
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "es: Las puertas, pt: As portas}")

    curriculum = content.load()

    [module] = curriculum.modules
    first, second = module.lessons
    assert curriculum.languages == ("en", "es", "pt")
    assert module.title.in_language("pt") == "As portas"
    assert module.summary.in_language("pt") == "How a door keeps people out."
    assert "Uma porta" in first.prose.html.in_language("pt")
    assert "The same in words" in first.prose.html.in_language("pt")
    assert second.prose.html.in_language("pt") == second.prose.html.root["en"]
    assert not second.prose.html.has("pt")
    assert not module.figures[0].svg.has("pt")


def test_a_figure_is_drawn_in_a_third_language_once_all_its_words_are_there(content):
    module = "modules/doors/module.yaml"
    content.replace(module, "es: Una puerta}", "es: Una puerta, pt: Uma porta}")
    content.replace(
        module, "es: Una puerta con una cerradura.}", "es: Una puerta con una cerradura., pt: Com fechadura.}"
    )
    content.replace(module, "es: Cerradura}", "es: Cerradura, pt: Fechadura}")
    content.replace(module, "      es: |\n", "      pt: Uma porta.\n      es: |\n")

    assert "Fechadura" in content.load().modules[0].figures[0].svg.root["pt"]


def test_a_third_language_that_is_new_waits_for_its_review(content):
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "es: Las puertas, pt: As portas}")

    assert content.check()[0].startswith("modules/doors/module.yaml:3:41: the Portuguese of 'title' is new")


def test_a_misspelt_language_is_no_third_language(content):
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "spa: Las puertas}")

    assert "has 'spa' where a language code such as en or es belongs" in content.faults()[0]


def test_the_languages_of_a_document_number_their_sources_alike(content):
    content.write("modules/doors/guide.en.md", "One [@s1]. Two [@s2].\n")
    content.write("modules/doors/guide.es.md", "Dos [@s2]. Uno [@s1].\n")

    guide = content.load().modules[0].guide

    assert guide.citations == ("s1", "s2")
    assert 'href="#source-s2" aria-label="fuente 2">2</a>' in guide.html.root["es"]


def test_a_guide_in_one_language_only_is_refused(content):
    content.delete("modules/doors/guide.es.md")

    assert content.faults() == [
        "modules/doors/guide.en.md:1:1: the guide has no Spanish text; write modules/doors/guide.es.md"
    ]


def test_every_fixed_word_exists_in_english_and_spanish_and_falls_back():
    assert set(SPOKEN["en"]) == set(SPOKEN["es"])
    assert spoken("xx", "do") == "Do"
