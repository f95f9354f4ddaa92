"""Paths by role: every step leads to its module, says why, adds its minutes up, and shows how far somebody is."""

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, LearningPath, Part
from app.learning.paths import step_progress
from app.learning.progress import Done, LessonsRead
from tests.conftest import Clock
from tests.web.readers import MODULE, Reader

ROLES = {"journalist", "editor", "freelancer", "official", "staff", "family", "technical", "trainer"}


def minutes_of(path: LearningPath, curriculum: Curriculum) -> int:
    return sum(step.minutes(curriculum.modules_by_id[step.module]) for step in path.steps)


def spoken(minutes: int) -> str:
    """Minutes as the Spanish page says them; the English one says hours and minutes alike."""
    hours, rest = divmod((minutes + 5) // 10 * 10, 60)
    return f"{minutes} minut" if minutes < 90 else f"{hours} h {rest} min" if rest else f"{hours} ho"


def test_there_is_a_path_for_every_role(curriculum: Curriculum) -> None:
    assert {path.id for path in curriculum.paths} == ROLES


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_path_says_what_to_take_in_which_order_why_and_how_long(
    app: Flask, curriculum: Curriculum, language: str
) -> None:
    reader = Reader(app, language)
    for path in curriculum.paths:
        page = reader.get(f"paths/{path.id}/")
        steps = [part.words.partition(". ")[2] for part in page.all("h2")][: len(path.steps)]
        modules = [curriculum.modules_by_id[step.module] for step in path.steps]

        assert steps == [module.title.root[language] for module in modules]
        assert all(step.why.root[language] in page.text for step in path.steps)
        assert path.why.root[language] in page.text
        assert spoken(minutes_of(path, curriculum)) in page.text
        for step, module in zip(path.steps, modules, strict=True):
            lessons = {f"/{language}/modules/{module.id}/lessons/{slug}/" for slug in step.lessons}
            assert lessons <= set(page.links)


def test_the_list_leads_to_every_path(app: Flask, curriculum: Curriculum) -> None:
    page = Reader(app, "es").get("paths/")

    assert {f"/es/paths/{path.id}/" for path in curriculum.paths} <= set(page.links)
    for path in curriculum.paths:
        assert f"cerca de {spoken(minutes_of(path, curriculum))}" in page.text
    assert "/es/paths/" in Reader(app, "es").get("modules/").links


def test_minutes_are_those_of_the_parts_that_are_taken(curriculum: Curriculum) -> None:
    for path in curriculum.paths:
        for step in path.steps:
            module = curriculum.modules_by_id[step.module]
            assert step.minutes(module) <= sum(module.minutes_of(part) for part in Part)
            if step.is_whole(module):
                assert step.minutes(module) == sum(module.minutes_of(part) for part in Part)
            assert step.lessons_of(module) or Part.LESSONS not in step.parts_of(module)


def test_how_far_somebody_is_counts_only_what_the_step_takes(curriculum: Curriculum, clock: Clock) -> None:
    path = curriculum.paths_by_id["family"]
    step = next(step for step in path.steps if step.module == "kidnapping")
    module = curriculum.modules_by_id["kidnapping"]
    today = clock().date()
    read = LessonsRead({"verify-first": today, "if-it-may-be-real": today})

    assert step_progress(step, module, Done(lessons=read)) == (1, 3 + len(module.checklist))


def test_a_reader_sees_how_far_they_are_and_nobody_sees_a_meter(app: Flask) -> None:
    reader = Reader(app, "es")
    assert reader.get("paths/journalist/").all("progress") == []
    lesson = f"modules/{MODULE}/lessons/first-hours/"
    reader.send(reader.get(lesson).forms[0], lesson)

    page = reader.get("paths/journalist/")

    values = [part.get("value") for part in page.all("progress")]
    assert values.count("1") == 1
    assert set(values) == {"0", "1"}
    at = [part.get("href") for part in page.all("a") if "/modules/" in (part.get("href") or "")]
    assert f"/es/modules/{MODULE}/" in at


def test_a_path_that_there_is_not_is_a_friendly_404(app: Flask) -> None:
    assert Reader(app).get("paths/astronaut/").status == 404
