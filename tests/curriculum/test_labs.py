"""Labs are read with their module, kept in step between the languages, and have the words that their scripts say."""

import re

import pytest

from app.curriculum.checks.walking import texts_in
from app.curriculum.counting import stats
from app.curriculum.model import Gives, LabKind, PiecePart
from app.curriculum.model.labs import SCRIPT_WORDS
from app.web.learn.lab_views import SCRIPTS
from config import CHECKOUT

LAB = "modules/doors/labs/peephole.yaml"


def test_a_lab_comes_with_its_module_and_its_lesson_leads_to_it(content):
    [module] = content.load().modules
    [lab] = module.labs

    assert module.lab("peephole") is lab
    assert module.lab("keyhole") is None
    assert module.labs_of("first-door") == (lab,)
    assert module.labs_of("second-door") == ()
    assert lab.kind is LabKind.SPOT_THE_LEAK
    assert [piece.gives for piece in lab.posts[0].pieces] == [(), (Gives.PLACE,), (Gives.TIME,)]
    assert lab.posts[0].pieces[2].part is PiecePart.TEXT
    assert lab.words["found_some"].in_language("es") == "Palabra found some {n} de {all}"


def test_a_lab_counts_and_its_words_too(content):
    before = stats(content.load())
    content.delete(LAB)
    after = stats(content.load())

    assert [row["labs"] for row in before] == [1, 1]
    assert [row["labs"] for row in after] == [0, 0]
    assert all(one["words"] > other["words"] for one, other in zip(before, after, strict=True))


def test_a_text_that_changed_in_one_language_only_is_reported(content):
    content.replace(LAB, "en: It says which door.", "en: It says whose door.")

    [problem] = content.check()
    assert problem.startswith(f"{LAB}:41:")
    assert "the English of 'why' of piece 'number' of post 'welcome' changed" in problem


def test_an_expired_lab_is_reported_and_its_source_counts_as_cited(content):
    content.replace(LAB, "review_by: 2027-11-24\nsources: [s1]", "review_by: 2026-11-30\nsources: [s7]")
    source = "- id: s7\n  publisher: P\n  title: T\n  language: en\n  evidence: primary\n"
    content.write("modules/sources.yaml", content.read("modules/sources.yaml") + source)

    [problem] = content.check()
    assert problem.startswith(f"{LAB}:44:12: this file had to be checked again by 2026-11-30")
    assert "s7" in content.load().modules[0].cites


def test_a_lab_that_was_checked_last_makes_its_module_newer(content):
    content.replace(LAB, "reviewed: 2026-11-24", "reviewed: 2026-11-30")

    module = content.load().modules[0]
    assert module.newest_review.isoformat() == "2026-11-30"
    assert module.oldest_review.isoformat() == "2026-11-24"


def test_a_lab_in_a_folder_of_its_own_is_out_of_place(content):
    content.write("modules/doors/labs/more/peephole.yaml", content.read(LAB))

    assert [problem for problem in content.check() if "labs/more" in problem]
    assert len(content.load().modules[0].labs) == 1


def test_a_lab_without_posts_to_look_at_is_refused(content):
    text = content.read(LAB)
    content.write(LAB, text[: text.index("posts:")] + text[text.index("reviewed:") :])

    assert content.faults() == [f"{LAB}:1:1: a spot-the-leak lab needs posts"]


def test_a_compiled_curriculum_has_the_same_labs(content, tmp_path):
    read = content.load(tmp_path / "cache")

    assert content.load(tmp_path / "cache").modules[0].labs == read.modules[0].labs


@pytest.mark.parametrize("kind", LabKind)
def test_every_word_that_a_lab_must_have_is_said_by_its_script_or_on_its_page(kind):
    static = CHECKOUT / "app" / "static" / "labs"
    template = CHECKOUT / "app" / "templates" / "learn" / "labs" / f"_{kind.value}.html"
    said = "".join((static / name).read_text("utf-8") for name in SCRIPTS[kind]) + template.read_text("utf-8")
    said += (CHECKOUT / "app" / "web" / "learn" / "lab_views.py").read_text("utf-8")
    said += " ".join(f"'{value.value}'" for value in (*Gives, *PiecePart))

    def is_said(word: str) -> bool:
        # `kind_png` is made of `kind_` and the kind of file; a hint's name, of the field's and `_hint`.
        whole = rf"""["'`.]{word}\b|\b{word}:"""
        start = word.partition("_")[2] if word.startswith("kind_") else word.removesuffix("_hint")
        return bool(re.search(whole, said) or re.search(rf"""["']{start}["']""", said))

    assert [word for word in SCRIPT_WORDS[kind] if not is_said(word)] == []


def test_the_kit_has_the_four_labs_and_their_posts_are_worth_an_exercise(curriculum):
    labs = {lab.kind: (module.id, lab) for module in curriculum.modules for lab in module.labs}

    assert {kind: module_id for kind, (module_id, _) in labs.items()} == {
        LabKind.PHOTO_METADATA: "oversharing",
        LabKind.SPOT_THE_LEAK: "oversharing",
        LabKind.SELF_SEARCH: "doxxing",
        LabKind.PASSPHRASE: "accounts",
    }
    posts = labs[LabKind.SPOT_THE_LEAK][1].posts
    assert 4 <= len(posts) <= 5
    for post in posts:
        assert 5 <= len(post.pieces) <= 8, post.id
        assert sum(bool(piece.gives) for piece in post.pieces) >= 2, post.id
        assert sum(not piece.gives for piece in post.pieces) >= 2, post.id


def test_no_lab_asks_for_what_the_kit_never_asks_for(curriculum):
    """Fields ask for names, handles, numbers and public words; never for a street, a town, a code word or an answer."""
    [lab] = [lab for module in curriculum.modules for lab in module.labs if lab.kind is LabKind.SELF_SEARCH]
    asked = [
        text.in_language(language).lower()
        for loc, text in texts_in(lab)
        if loc[0] == "words" and loc[1] in {"names", "handles", "numbers", "topics"}
        for language in ("en", "es")
    ]

    assert len(asked) == 8
    for secret in ("street", "town", "home", "code word", "calle", "ciudad", "domicilio", "palabra clave"):
        assert not [label for label in asked if secret in label]
