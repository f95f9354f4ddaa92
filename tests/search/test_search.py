"""Finding things in what is taught: by any spelling, in either language, and keeping nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.curriculum.model import Curriculum
from app.search import Index, Kind, Place
from app.search.documents import documents
from app.search.excerpts import LENGTH, excerpt, plain
from app.search.index import MOST_OF_A_KIND
from app.search.plaintext import sections_of


@pytest.fixture(scope="session")
def index(curriculum: Curriculum) -> Index:
    return Index(curriculum)


def places(index: Index, query: str, language: str) -> list[tuple[str, str, str]]:
    return [
        (found.place.kind.value, found.place.module, found.place.name)
        for found in index.find(query, language)
    ]


@pytest.mark.parametrize(
    ("query", "language", "wanted"),
    [
        ("doxeo", "es", ("module", "doxxing", "")),
        ("DOXEO", "es", ("term", "", "doxxing")),
        ("doxeo", "en", ("module", "doxxing", "")),  # the other language's word for it
        ("extorsion", "es", ("module", "extortion", "")),
        ("extorsión", "es", ("situation", "", "threatening-call")),
        ("palabra clave", "es", ("lesson", "kidnapping", "words-and-routes")),
        ("palabra clave", "es", ("sheet", "", "family-sheet")),
        ("code words", "en", ("lesson", "kidnapping", "words-and-routes")),
        ("sim swap", "es", ("term", "", "sim-swap")),
        ("sim swap", "es", ("lesson", "accounts", "number-and-codes")),
        ("sim swap", "en", ("lesson", "accounts", "number-and-codes")),
        ("dicen que tienen a mi hija", "es", ("situation", "", "relative-held")),
        ("recovery code", "en", ("item", "accounts", "ac-main-email")),
    ],
)
def test_what_people_type_finds_what_they_mean(
    index: Index, query: str, language: str, wanted: tuple[str, str, str]
) -> None:
    assert wanted in places(index, query, language)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_found_by_its_own_title(index: Index, curriculum: Curriculum, language: str) -> None:
    titles = {
        **{(Kind.SITUATION, "", each.id): each.title for each in curriculum.situations},
        **{(Kind.SHEET, "", each.id): each.title for each in curriculum.sheets},
        **{(Kind.MODULE, each.id, ""): each.title for each in curriculum.modules},
        **{
            (Kind.LESSON, module.id, lesson.slug): lesson.title
            for module in curriculum.modules
            for lesson in module.lessons
        },
        **{
            (Kind.ITEM, module.id, item.id): item.text
            for module in curriculum.modules
            for item in module.checklist
        },
        **{(Kind.TERM, "", each.id): each.term for each in curriculum.glossary},
    }
    lost = [
        place
        for place, title in titles.items()
        if place not in places(index, title.in_language(language), language)
    ]

    assert lost == []


def test_trouble_comes_first_and_a_page_stands_once(index: Index) -> None:
    kinds = [found.place.kind for found in index.find("teléfono", "es")]
    pages = places(index, "teléfono", "es")

    assert kinds == sorted(kinds, key=list(Kind).index)
    assert kinds[0] is Kind.SITUATION
    assert len(set(pages)) == len(pages)
    assert max(kinds.count(kind) for kind in kinds) <= MOST_OF_A_KIND


@pytest.mark.parametrize("query", ["", "   ", "…", "'\"*()", "zzyzx", "\x00", "\ud800"])
def test_what_says_nothing_finds_nothing(index: Index, query: str) -> None:
    assert index.find(query, "es") == []


@settings(deadline=None)
@given(query=st.text(max_size=300), language=st.sampled_from(["en", "es"]))
def test_any_text_may_be_asked_for(index: Index, query: str, language: str) -> None:
    for found in index.find(query, language):
        assert found.title
        assert not any("<" in piece.text and ">" in piece.text for piece in found.excerpt)


def test_a_short_word_is_only_itself(index: Index) -> None:
    marked = {
        plain(piece.text) for found in index.find("sim", "en") for piece in found.excerpt if piece.matches
    }

    assert "sim" in marked
    assert "simple" not in marked


def test_syntax_of_the_index_is_only_words(index: Index) -> None:
    assert places(index, 'title:doxeo OR "x"', "es") == places(index, "title doxeo or x", "es")
    assert places(index, "extorsion NOT doxeo", "es") != []


def test_no_query_is_kept(index: Index) -> None:
    connections = [language._connection for language in index._of.values()]
    before = [connection.total_changes for connection in connections]

    index.find("una palabra que nadie más busca", "es")

    assert [connection.total_changes for connection in connections] == before


@settings(deadline=None)
@given(text=st.text(max_size=400))
def test_a_plain_text_keeps_its_places(text: str) -> None:
    assert len(plain(text)) == len(text)


@settings(deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["calle", "casa", "número", "teléfono", "clave", "una", "señal;", "él,", "sí"]),
        max_size=120,
    ),
    sought=st.lists(st.sampled_from(["call", "numero", "clave", "senal", "x"]), min_size=1, unique=True),
)
def test_an_excerpt_is_a_stretch_of_the_text_with_the_words_that_were_found(
    words: list[str], sought: list[str]
) -> None:
    text = " ".join(words)
    pieces = excerpt(text, [rf"{word}\w*" for word in sought])
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")

    assert shown in text
    assert len(shown) <= LENGTH
    assert all(plain(piece.text).startswith(tuple(sought)) for piece in pieces if piece.matches)
    is_there = any(plain(word).strip(",;").startswith(tuple(sought)) for word in words)
    assert any(piece.matches for piece in pieces) == is_there


def test_prose_is_cut_at_its_headings_without_drawings_and_numbers_of_sources() -> None:
    html = (
        "<p>Antes<sup><a>1</a></sup>.</p><h2 id='h-uno'>Uno &amp; dos</h2><svg><text>dibujo</text></svg>"
        "<ul><li>a</li><li>b</li></ul>"
    )

    assert [(part.heading, part.anchor, part.text) for part in sections_of(html)] == [
        ("", "", "Antes."),
        ("Uno & dos", "h-uno", "a b"),
    ]


def test_every_document_says_where_it_stands(curriculum: Curriculum) -> None:
    found = list(documents(curriculum, "es"))

    assert len({document.place for document in found}) == len(found)
    assert Place(Kind.GUIDE, "doxxing", anchor="") not in {
        document.place for document in found if not document.text
    }
    assert all(document.title for document in found)
