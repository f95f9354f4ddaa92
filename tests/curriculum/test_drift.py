"""When one language of a text changes, the other is named until somebody reviews the pair."""

import json

import pytest

from app.curriculum import ContentError
from app.curriculum.checks.drift import review

CHECKLIST = "modules/doors/checklist.yaml"
LESSON = "modules/doors/lessons/first-door"


def test_a_changed_english_item_names_the_spanish_that_must_follow(content):
    content.replace(CHECKLIST, "en: An open door lets anybody in.", "en: An open door lets everybody in.")

    [problem] = content.check()

    assert problem == (
        f"{CHECKLIST}:4:52: the English of 'why' of item 'dr-lock' changed, and this Spanish text did not; "
        f"make it say the same, then `flask content review {CHECKLIST}`"
    )


def test_a_changed_spanish_lesson_names_the_english_file(content):
    content.replace(f"{LESSON}.es.md", "cosa sencilla", "cosa simple")

    [problem] = content.check()

    assert problem.startswith(f"{LESSON}.en.md:1:1: the Spanish of the text 'first-door' changed")


def test_a_pair_changed_on_both_sides_waits_for_its_review(content):
    content.replace(
        CHECKLIST, "{en: Turn it., es: Dale vuelta.}", "{en: Turn it twice., es: Dale dos vueltas.}"
    )

    [problem] = content.check()

    assert problem == (
        f"{CHECKLIST}:7:14: step 2 of item 'dr-lock' isn't reviewed yet in both languages; "
        f"read them side by side, then `flask content review {CHECKLIST}`"
    )


def test_new_texts_of_a_file_are_reported_together(content):
    (content.root / "modules/content.lock.json").unlink()

    problems = [problem for problem in content.check() if problem.startswith(CHECKLIST)]

    assert len(problems) == 1
    assert "8 texts, from 'text' of item 'dr-lock' on, aren't reviewed yet" in problems[0]


def test_drift_never_stops_a_start(content):
    content.replace(CHECKLIST, "en: An open door", "en: Any open door")

    assert content.load().modules[0].id == "doors"


def test_reviewing_the_file_settles_it_and_leaves_the_rest(content):
    content.replace(CHECKLIST, "en: An open door", "en: Any open door")
    content.replace("help/open-door.yaml", "en: Stay outside.", "en: Stay out.")

    assert review(content.root, [CHECKLIST]) == 1

    [problem] = content.check()
    assert problem.startswith("help/open-door.yaml:6:")
    assert review(content.root) == 1
    assert content.check() == []


@pytest.mark.parametrize(
    "path", [f"{LESSON}.en.md", f"{LESSON}.es.md", f"{LESSON}.md", LESSON, "modules/doors/", "modules"]
)
def test_a_lesson_is_reviewed_by_either_file_its_name_or_its_folder(content, path):
    content.replace(f"{LESSON}.es.md", "cosa sencilla", "cosa simple")

    assert review(content.root, [path]) == 1
    assert content.check() == []


def test_line_breaks_alone_are_no_change(content):
    content.replace(f"{LESSON}.es.md", "Una puerta es una cosa", "Una puerta es\nuna cosa")

    assert content.check() == []


def test_a_deleted_text_leaves_an_entry_that_review_drops(content):
    content.replace(
        "help/open-door.yaml",
        "  - {en: Change the lock., es: Cambia la cerradura.}\n",
        "  - {en: A, es: B}\n",
    )
    content.replace(
        "help/open-door.yaml", ", more: {en: Things can wait., es: Las cosas pueden esperar.}", ""
    )

    gone = [problem for problem in content.check() if "content.lock.json" in problem]

    assert gone[0].startswith("modules/content.lock.json:")
    assert "'help/open-door.yaml#steps.1.more' is no longer among the texts" in gone[0]
    review(content.root, ["help"])
    assert content.check() == []


def test_moving_an_item_is_no_change(content):
    text = content.read(CHECKLIST)
    first, second = text.removeprefix("items:\n").split("  - id: dr-key")
    content.write(CHECKLIST, "items:\n  - id: dr-key" + second + first)

    assert content.check() == []


def test_the_lock_is_sorted_one_pair_a_line_and_the_same_whenever_it_is_written(content):
    before = content.read("modules/content.lock.json")

    review(content.root)

    assert content.read("modules/content.lock.json") == before
    lock = json.loads(before)
    assert list(lock) == sorted(lock)
    assert len(before.splitlines()) == len(lock) + 2
    assert set(lock["modules/doors/checklist.yaml#dr-lock.text"]) == {"en", "es"}
    assert all(len(print_) == 16 for prints in lock.values() for print_ in prints.values())


def test_what_is_faulty_can_not_be_reviewed(content):
    content.replace(CHECKLIST, "impact: high", "impact: hgih")

    with pytest.raises(ContentError, match="hgih"):
        review(content.root)
    assert review(content.root, ["help"]) == 0


def test_a_path_without_texts_is_refused(content):
    with pytest.raises(ContentError, match="no text stands under this path"):
        review(content.root, ["modules/windows"])


def test_a_damaged_lock_is_reported(content):
    content.write("modules/content.lock.json", "{")

    assert any("this file is damaged" in problem for problem in content.check())
