"""Every word that people read is spelt right, and the lists of further words hold no more than is needed."""

import os

import pytest

from tests import spelling
from tests.spelling import Spelling, Use, bases, in_words, words_in

NO_LISTS: dict[str, set[str]] = {"en": set(), "es": set(), "both": set()}


@pytest.fixture(scope="module")
def hunspell() -> None:
    if spelling.is_here():
        return
    if os.environ.get("RESGUARDO_TEST_NOTHING_SKIPPED"):
        pytest.fail(spelling.MISSING)
    pytest.skip(spelling.MISSING)


@pytest.fixture(scope="module")
def kit(hunspell: None) -> Spelling:
    return spelling.look_everything_up()


def looked_up(text: str, language: str = "en", lists: dict[str, set[str]] = NO_LISTS) -> list[str]:
    found = Spelling(list(words_in(text, language, "a.md", 1)), lists)
    return [use.word for use in found.unknown]


def test_every_word_is_known(kit: Spelling) -> None:
    assert "\n".join(in_words(kit.unknown)) == ""


@pytest.mark.parametrize("name", ["en", "es", "both"])
def test_a_list_holds_what_is_needed_only_and_in_order(name: str, kit: Spelling) -> None:
    words = spelling.read_list(name)

    assert words == spelling.in_order(set(words)), f"run `python -m tests.spelling --tidy` on {name}.txt"
    assert set(words) - kit.needed[name] == set(), f"{name}.txt has words that no text needs"


def test_the_whole_kit_was_read() -> None:
    places = {
        (use.language, use.path.split("/")[0], use.path.rpartition(".")[2]) for use in spelling.every_use()
    }

    for language in ("en", "es"):
        for kind in (("modules", "md"), ("modules", "yaml"), ("quizzes", "yaml"), ("help", "yaml")):
            assert (language, *kind) in places
        assert (language, "translations", "po") in places


@pytest.mark.usefixtures("hunspell")
@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("en", "recieve"),
        ("en", "color"),
        ("en", "contraseña"),
        ("es", "contrasena"),
        ("es", "anotalos"),
        ("es", "the"),
    ],
)
def test_a_misspelt_word_is_found_in_its_language_with_its_place(language: str, wrong: str) -> None:
    found = Spelling(list(words_in(f"({wrong})", language, "help/a.yaml", 12)), NO_LISTS)

    [line] = in_words(found.unknown)
    assert line.startswith(
        f"help/a.yaml:12: '{wrong}' is no {'English' if language == 'en' else 'Spanish'} word"
    )


@pytest.mark.usefixtures("hunspell")
def test_what_may_be_meant_is_said() -> None:
    [line] = in_words(Spelling([Use("recieve", "en", "a.md", 1, quoted=False)], NO_LISTS).unknown)

    assert line.endswith("; did you mean receive, relieve, reprieve?") or "receive" in line


@pytest.mark.usefixtures("hunspell")
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It isn't the neighbour’s. Organise two-step sign-in, at 21:40, with 2FA."),
        ("en", "See [the page](lesson:doxxing/frist-huors) [@s44x]. ::: note"),
        ("en", "::: figure frist-huors"),
        ("en", 'In Mexico: "dirección". %(nuumber)s {naame} freedom.press `flietype`'),
        ("es", "Anótalo, cópiala, repítelo, mantenlo, evalúalo, dilo; apagarlo. «update»"),
        ("es", "<p>Ir&nbsp;a https://naada.example/xyzzy</p>"),
    ],
)
def test_right_words_and_what_is_no_word_pass(language: str, text: str) -> None:
    assert looked_up(text, language) == []


@pytest.mark.usefixtures("hunspell")
def test_a_word_of_a_list_passes_in_small_letters_and_as_it_stands() -> None:
    lists = {"en": {"doxxing", "Gaula"}, "es": set(), "both": {"Access"}}

    assert looked_up("Doxxing's doxxing DOXXING Gaula gaula", "en", lists) == ["gaula"]
    assert looked_up("Access doxxing", "es", lists) == ["doxxing"]


@pytest.mark.usefixtures("hunspell")
def test_a_word_that_a_dictionary_has_needs_no_list() -> None:
    lists = {"en": {"house"}, "es": set(), "both": set()}

    assert Spelling(list(words_in("house", "en", "a.md", 1)), lists).needed == NO_LISTS


def test_the_accent_that_a_pronoun_brings_is_asked_for() -> None:
    assert "anota" in set(bases("anótalo", "es"))
    assert "anota" not in set(bases("anotalo", "es"))
    assert set(bases("neighbour's", "en")) == {"neighbour"}


def test_without_the_dictionaries_the_command_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spelling.shutil, "which", lambda _: None)

    assert spelling.main([]) == 2
    assert "apt install hunspell hunspell-en-gb hunspell-es" in capsys.readouterr().err
