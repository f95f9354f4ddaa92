"""Drills are read with the rest, kept in step between the languages, and belong to an item each."""

import pytest

from app.curriculum.model import Curriculum


def test_drills_come_with_the_curriculum(content):
    (drill,) = content.load().drills

    assert (drill.id, drill.item, drill.days, drill.first, drill.together) == (
        "dl-lock",
        "dr-key",
        90,
        30,
        True,
    )
    assert content.load().drills_by_id == {"dl-lock": drill}


def test_a_curriculum_may_have_none(content):
    content.delete("modules/drills.yaml")

    assert content.load().drills == ()


def test_no_two_have_one_id(content):
    content.write("modules/drills.yaml", content.read("modules/drills.yaml") * 2)

    assert content.faults() == [
        "modules/drills.yaml:15:3: the drill 'dl-lock' stands in modules/drills.yaml:1 already; no two may be the same"
    ]


def test_a_checklist_that_cant_be_read_is_reported_by_itself(content):
    content.write("modules/doors/checklist.yaml", "items: oops\n")

    assert not any(problem.startswith("modules/drills.yaml") for problem in content.faults())


def test_one_that_changed_in_one_language_only_and_an_expired_one_are_reported(content):
    content.replace("modules/drills.yaml", "en: Locks get stuck.", "en: Locks break.")
    content.replace("modules/drills.yaml", "review_by: 2027-11-24", "review_by: 2026-11-30")

    changed, expired = content.check()

    assert changed.startswith("modules/drills.yaml:4:31: the English of 'why' of drill 'dl-lock' changed")
    assert expired.startswith(
        "modules/drills.yaml:13:14: drill 'dl-lock' had to be checked again by 2026-11-30"
    )


def test_its_source_counts_as_cited(content):
    content.replace("modules/drills.yaml", "sources: [s1]", "sources: [s7]")
    source = "- id: s7\n  publisher: P\n  title: T\n  language: en\n  evidence: primary\n"
    content.write("modules/sources.yaml", content.read("modules/sources.yaml") + source)

    assert content.check() == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_done_with_others_says_nothing_of_frightening_them(language: str, curriculum: Curriculum):
    """Whoever is frightened learns fear: no drill is a surprise, and those for the family are short and calm."""
    together = [drill for drill in curriculum.drills if drill.together]

    assert {"dl-two-words", "dl-call-rule", "dl-phone-script", "dl-table-case"} <= {
        drill.id for drill in together
    }
    for drill in together:
        assert drill.minutes <= 15 or drill.item.startswith("pr-"), drill.id
    screams = {"en": ("scream", "surprise"), "es": ("grito", "sorpresa")}[language]
    negated = {"en": "No ", "es": "Sin "}[language]
    for drill in together:
        for step in drill.steps:
            for sentence in step.in_language(language).split(". "):
                if any(word in sentence for word in screams):
                    assert sentence.startswith(negated)
