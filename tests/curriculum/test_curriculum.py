"""What loading makes of the files."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.curriculum.counting import stats
from app.curriculum.model import QuestionKind


def test_a_module_comes_with_all_its_parts(content):
    curriculum = content.load()

    module = curriculum.modules_by_id["doors"]
    assert [lesson.slug for lesson in module.lessons] == ["first-door", "second-door"]
    assert [item.id for item in module.checklist] == ["dr-lock", "dr-key"]
    assert {question.kind for question in module.quiz.questions} == set(QuestionKind)
    assert module.scenario.start == "knock"
    assert module.minutes == 8
    assert module.oldest_review == date(2026, 11, 24)
    assert module.cites == ("s1", "kit", "s2")
    assert module.lesson("first-door").prose.citations == ("s1", "kit")
    assert curriculum.situations_by_id["open-door"].contacts == ("emergency",)
    assert set(curriculum.sources_by_id) == {"s1", "s2", "kit"}
    assert set(curriculum.threats_by_id) == {"burglary"}


def test_modules_and_situations_come_in_their_order(content):
    help_text = content.read("help/open-door.yaml").replace(
        "id: open-door\norder: 1", "id: a-noise\norder: 2"
    )
    content.write("help/a-noise.yaml", help_text)

    assert [situation.id for situation in content.load().situations] == ["open-door", "a-noise"]

    content.replace("help/a-noise.yaml", "order: 2", "order: 1")
    assert content.faults() == [
        "help/open-door.yaml:2:8: the situation order '1' stands in help/a-noise.yaml:2 already; no two may be the same"
    ]


def test_the_values_are_frozen(content):
    module = content.load().modules[0]

    with pytest.raises(ValidationError):
        module.order = 2


def test_a_figure_stands_on_the_page_with_its_words_and_its_own_names(content):
    html = content.load().modules[0].lessons[0].prose.html.root["es"]

    figure = html[html.index("<figure") : html.index("</figure>")]
    assert '<figure class="figure" id="figure-door">' in figure
    assert (
        'class="figure-svg" viewBox="0 0 640 200" role="img" aria-labelledby="figure-door-title figure-door-desc"'
        in figure
    )
    assert '<title id="figure-door-title">Una puerta</title>' in figure
    assert '<desc id="figure-door-desc">Una puerta con una cerradura.</desc>' in figure
    assert 'marker-end="url(#figure-door-tip)"' in figure
    assert 'id="figure-door-tip"' in figure
    assert ">Cerradura</text>" in figure
    assert '<details class="in-words"><summary>Lo mismo en palabras</summary>' in figure
    assert "<strong>cerradura</strong><sup>" in figure


def test_a_label_is_text_and_never_markup(content):
    svg = content.load().modules[0].figures[0].svg

    assert "Lock &amp; key</text>" in svg.root["en"]
    content.replace("modules/doors/module.yaml", "en: Lock & key,", "en: <script>alert(1)</script>,")
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;</text>" in content.load().modules[0].figures[0].svg.root["en"]
    )


def test_a_drawings_own_title_gives_way_to_the_translated_one(content):
    content.replace("modules/doors/figures/door.svg", "  <rect", "  <title>Anything</title><rect")

    assert "Anything" not in content.load().modules[0].figures[0].svg.root["en"]


def test_every_kind_of_question_is_read(content):
    questions = {question.kind: question for question in content.load().modules[0].quiz.questions}

    assert [option.right for option in questions[QuestionKind.SINGLE].options] == [True, False]
    assert [option.id for option in questions[QuestionKind.ORDERING].options] == ["one", "two", "three"]
    assert questions[QuestionKind.MATCHING].options[1].match.root["es"] == "Pareja 2"
    assert questions[QuestionKind.SPOT_THE_LEAK].post.root["en"] == "Back home at six!"


def test_stats_count_by_module_and_language(content):
    english, spanish = stats(content.load())

    assert (english["module"], english["language"], spanish["language"]) == ("doors", "en", "es")
    assert english["kinds"] == {kind.value: 1 for kind in QuestionKind}
    assert (english["lessons"], english["items"], english["questions"], english["nodes"]) == (2, 2, 6, 3)
    assert (english["figures"], english["sources"], english["oldest_review"]) == (1, 3, "2026-11-24")
    assert english["words"] > english["lesson_words"] > 700
    assert english["guide_words"] == 10
