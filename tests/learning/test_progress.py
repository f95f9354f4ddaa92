"""How far somebody is, from the real curriculum and every mixture of what they may have done."""

from datetime import date
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from app.curriculum import load
from app.curriculum.model import Curriculum, Module, Part
from app.learning.answers import Answer, Choice
from app.learning.progress import Completion, Done, LessonsRead, ModuleProgress, module_progress, next_step
from app.learning.quiz import QuizRecord
from app.learning.scenario import Walk
from config import CHECKOUT

TODAY = date(2026, 11, 25)


@cache
def module() -> Module:
    """The first module, with two others after it that differ in name only."""
    return load(CHECKOUT).modules_by_id["doxxing"]


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
slugs = st.deferred(lambda: st.sampled_from([*(lesson.slug for lesson in module().lessons), "gone"]))
reads = st.builds(LessonsRead, st.dictionaries(slugs, days))
items = st.deferred(lambda: st.sampled_from([*(item.id for item in module().checklist), "gone"]))
given_answers = st.dictionaries(
    items, st.builds(Answer, st.sampled_from([None, *Choice]), st.text(max_size=5), days)
)


@given(reads, reads)
def test_joining_what_was_read_is_the_same_both_ways_and_each_on_its_first_day(
    one: LessonsRead, other: LessonsRead
) -> None:
    joined = one.joined_with(other)

    assert joined == other.joined_with(one)
    assert set(joined.read) == set(one.read) | set(other.read)
    for slug, day in joined.read.items():
        assert day == min(part.read[slug] for part in (one, other) if slug in part.read)


@given(reads, reads, reads)
def test_in_whatever_order_three_are_joined(one: LessonsRead, two: LessonsRead, three: LessonsRead) -> None:
    assert one.joined_with(two).joined_with(three) == one.joined_with(two.joined_with(three))
    assert one.joined_with(one) == one


@given(reads, slugs, days)
def test_reading_again_keeps_the_first_day(before: LessonsRead, slug: str, today: date) -> None:
    after = before.including(slug, today)

    assert after.read[slug] == before.read.get(slug, today)
    assert {s: d for s, d in after.read.items() if s != slug} == {
        s: d for s, d in before.read.items() if s != slug
    }


quizzes = st.builds(QuizRecord, passed_on=st.none() | days)
walks = st.builds(Walk, finished_on=st.none() | days)
everything = st.builds(Done, reads, given_answers, quizzes, walks)
requirements = st.sets(st.sampled_from(Part)).map(tuple)


@given(everything, requirements)
def test_a_module_is_met_exactly_when_each_part_that_it_requires_is_done(
    done: Done, required: tuple[Part, ...]
) -> None:
    progress = module_progress(module().model_copy(update={"required": required}), done)

    parts = {
        Part.LESSONS: all(lesson.slug in done.lessons.read for lesson in module().lessons),
        Part.CHECKLIST: all(
            item.id in done.answers and done.answers[item.id].choice is not None
            for item in module().checklist
        ),
        Part.QUIZ: done.quiz.passed_on is not None,
        Part.SCENARIO: done.scenario.finished_on is not None,
    }
    assert progress.requirements_met is all(parts[part] for part in required)
    assert {part.part: part.complete for part in progress.parts} == parts
    assert 0 <= progress.done <= progress.total
    assert progress.total == len(module().lessons) + len(module().checklist) + 2


def test_the_module_requires_all_four_parts() -> None:
    assert set(module().required) == set(Part)


@given(everything)
def test_a_quiz_and_a_scenario_that_a_module_doesn_t_have_aren_t_counted(done: Done) -> None:
    without = module().model_copy(update={"quiz": None, "scenario": None})

    assert [part.part for part in module_progress(without, done).parts] == [Part.LESSONS, Part.CHECKLIST]


@given(reads, given_answers)
def test_what_isn_t_required_isn_t_waited_for(read: LessonsRead, answers: dict[str, Answer]) -> None:
    only_lessons = module().model_copy(update={"required": (Part.LESSONS,)})

    progress = module_progress(only_lessons, Done(read, answers))

    assert progress.requirements_met is all(lesson.slug in read.read for lesson in module().lessons)


def test_a_required_part_that_nothing_counts_is_never_taken_for_done() -> None:
    with_quiz = module().model_copy(
        update={"required": (Part.LESSONS, Part.QUIZ), "checklist": (), "quiz": None}
    )
    read = LessonsRead({lesson.slug: TODAY for lesson in with_quiz.lessons})

    assert not module_progress(with_quiz, Done(read)).requirements_met


@given(everything)
def test_the_next_step_is_the_first_lesson_left_then_the_first_part_left_then_nothing(done: Done) -> None:
    progress = module_progress(module(), done)

    step = next_step([(progress, done.lessons)])

    left = [lesson for lesson in module().lessons if lesson.slug not in done.lessons.read]
    parts_left = [part.part for part in progress.parts if not part.complete]
    if left:
        assert step is not None
        assert (step.part, step.lesson) == (Part.LESSONS, left[0])
    elif parts_left:
        assert step is not None
        assert (step.part, step.lesson) == (parts_left[0], None)
    else:
        assert step is None


def several() -> list[Module]:
    return [module().model_copy(update={"id": name}) for name in ("first", "second", "third")]


def begun(of: Module, lessons: int) -> tuple[ModuleProgress, LessonsRead]:
    read = LessonsRead({lesson.slug: TODAY for lesson in of.lessons[:lessons]})
    return module_progress(of, Done(read)), read


def test_what_was_begun_comes_before_what_was_not() -> None:
    first, second, third = several()

    step = next_step([begun(first, 0), begun(second, 2), begun(third, 1)])

    assert step is not None
    assert step.module is second
    assert step.lesson is second.lessons[2]


def test_where_nothing_was_begun_the_first_module_comes_first() -> None:
    step = next_step([begun(module, 0) for module in several()])

    assert step is not None
    assert step.module.id == "first"


def test_there_is_no_next_step_without_modules() -> None:
    assert next_step([]) is None


def test_completion_stays_whatever_the_module_becomes(curriculum: Curriculum) -> None:
    completion = Completion(TODAY)

    progress = module_progress(curriculum.modules[0], Done(), completion)

    assert progress.completion == completion
    assert not progress.requirements_met
