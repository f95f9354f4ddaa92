"""The glossary: read with the rest, kept in step between the languages, and linked once in each lesson."""

import re

import pytest

from app.curriculum.files.tree import content_files
from app.curriculum.loading import compile_files

LINK = re.compile(r'<a class="term" href="([^"]*)">([^<]*)</a>')
LESSON = "modules/doors/lessons/second-door.{}.md"


def links(content, text: str, language: str = "en") -> list[tuple[str, str]]:
    """The links to entries in a lesson that holds this text only: the entry's anchor and the words."""
    other = {"en": "es", "es": "en"}[language]
    content.write(LESSON.format(language), f"{text}\n\n[@s2]\n")
    content.write(LESSON.format(other), "Nada. [@s2]\n")
    html = content.load().modules[0].lesson("second-door").prose.html.root[language]
    return [(address.partition("#")[2], words) for address, words in LINK.findall(html)]


def test_entries_come_with_the_curriculum(content):
    lock, pin = content.load().glossary

    assert (lock.id, lock.term.root["es"], lock.forms["en"]) == (
        "lock",
        "cerradura",
        ("lock", "locks", "door lock"),
    )
    assert pin.notes is None


def test_the_first_use_leads_to_the_entry_in_the_page_s_language(content):
    assert links(content, "Una cerradura, y otra cerradura.", "es") == [("term-lock", "cerradura")]

    html = content.load().modules[0].lesson("second-door").prose.html.root["es"]
    assert (
        '<p>Una <a class="term" href="/es/glossary/#term-lock">cerradura</a>, y otra cerradura.</p>' in html
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A door lock, then a lock.", ["door lock"]),
        ("Locks first.", ["Locks"]),
        ("A door\nlock in two lines.", ["door\nlock"]),
        ("Your pin is no PIN.", ["PIN"]),
        ("Blocks, clocks, a lock-smith, pre-lock, lock_in.", []),
        ("**A lock** and *a lock*.", ["lock"]),
        ("- A lock", ["lock"]),
        ("| a | b |\n|---|---|\n| lock | PIN |", ["lock", "PIN"]),
        ("::: note Locks\nThe lock.\n:::", ["lock"]),
        ("::: details Locks\nNo more.\n:::", []),
    ],
)
def test_what_counts_as_a_use(content, text, found):
    assert [words for _, words in links(content, text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "## A lock",
        "[a lock](module:doors)",
        "[a **lock**](module:doors)",
        "`lock`",
        "Code:\n\n```\nlock\n```",
    ],
)
def test_never_within_a_heading_a_link_or_code(content, text):
    assert links(content, text) == []
    assert [words for _, words in links(content, f"{text}\n\nThe lock.")] == ["lock"]


def test_never_within_a_figure_nor_in_a_guide(content):
    module = content.load().modules[0]

    figures = [
        re.search(r"<figure.*?</figure>", lesson.prose.html.root["en"], re.DOTALL)
        for lesson in module.lessons
    ]
    assert [LINK.findall(figure.group()) for figure in figures if figure] == [[]]
    assert "lock" in figures[0].group().lower()
    content.write("modules/doors/guide.en.md", "A lock.\n")
    assert LINK.findall(content.load().modules[0].guide.html.root["en"]) == []


def test_a_link_adds_no_words_and_the_number_of_a_source_stays_where_it_was(content):
    content.write(LESSON.format("en"), "The lock [@s2]. More.\n")
    prose = content.load().modules[0].lesson("second-door").prose

    assert prose.words["en"] == 3
    assert 'term-lock">lock</a><sup>' in prose.html.root["en"]


def test_words_that_may_be_markup_stay_text(content):
    content.write(LESSON.format("en"), "1 < 2 & a lock > 0. [@s2]\n")

    html = content.load().modules[0].lesson("second-door").prose.html.root["en"]
    assert "1 &lt; 2 &amp; a <a" in html
    assert "</a> &gt; 0." in html


def test_a_word_without_forms_is_linked_nowhere(content):
    content.replace("modules/glossary.yaml", "en: [lock, locks, door lock]", "en: []")

    assert links(content, "A lock.") == []


def test_a_third_language_has_links_once_it_has_forms(content):
    content.write(LESSON.format("pt"), "Uma fechadura e o PIN. [@s2]\n")
    assert LINK.findall(content.load().modules[0].lesson("second-door").prose.html.root["pt"]) == []

    content.replace("modules/glossary.yaml", "en: [lock,", "pt: [fechadura], en: [lock,")
    html = content.load().modules[0].lesson("second-door").prose.html.root["pt"]
    assert LINK.findall(html) == [("/pt/glossary/#term-lock", "fechadura")]


def test_an_entry_that_changed_in_one_language_only_is_reported(content):
    content.replace("modules/glossary.yaml", "en: What keeps", "en: That which keeps")

    [problem] = content.check()
    assert problem.startswith(
        "modules/glossary.yaml:3:55: the English of 'definition' of entry 'lock' changed"
    )


def test_an_expired_entry_is_reported_and_its_source_counts_as_cited(content):
    content.replace(
        "modules/glossary.yaml",
        "review_by: 2027-11-24\n  sources: [s1]",
        "review_by: 2026-11-30\n  sources: [s7]",
    )
    source = "- id: s7\n  publisher: P\n  title: T\n  language: en\n  evidence: primary\n"
    content.write("modules/sources.yaml", content.read("modules/sources.yaml") + source)

    [problem] = content.check()
    assert problem.startswith(
        "modules/glossary.yaml:7:14: entry 'lock' had to be checked again by 2026-11-30"
    )


def test_a_glossary_that_is_missing_stops_the_start(content):
    content.delete("modules/glossary.yaml")

    assert content.faults() == ["modules/glossary.yaml:1:1: this file is missing"]


def test_a_faulty_entry_hides_nothing_of_the_others(content):
    content.replace("modules/glossary.yaml", "term: {en: lock,", "trem: {en: lock,")
    draft, curriculum = compile_files(content_files(content.root))

    assert curriculum is None
    assert [term.id for term in draft.glossary.value] == ["pin"]
