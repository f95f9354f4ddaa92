"""Which of two records stands when a visit's answers join those that are kept."""

from app.records.notebook import Ref
from app.web.kept import ANSWER, COMPLETION, LATELY, LESSONS, settle

KEPT = {"choice": "no", "note": "antes", "answered_on": "2026-11-01"}
GUEST = {"choice": "yes", "note": "ahora", "answered_on": "2026-11-25"}
BROKEN = {"choice": "perhaps", "note": 7}


def test_answers_join_as_learning_says_and_come_back_as_json() -> None:
    joined = settle(Ref(ANSWER, "x"), KEPT, GUEST)

    assert joined == {"choice": "yes", "note": "antes\n\nahora", "answered_on": "2026-11-25"}


def test_lessons_keep_their_first_day_and_completions_the_earlier() -> None:
    kept, guest = (
        {"read": {"a": "2026-11-02", "b": "2026-11-01"}},
        {"read": {"a": "2026-11-01", "c": "2026-11-03"}},
    )

    assert settle(Ref(LESSONS, "m"), kept, guest) == {
        "read": {"a": "2026-11-01", "b": "2026-11-01", "c": "2026-11-03"}
    }
    early, late = {"achieved_on": "2026-11-01"}, {"achieved_on": "2026-11-25"}
    assert settle(Ref(COMPLETION, "m"), late, early) == settle(Ref(COMPLETION, "m"), early, late) == early


def test_of_two_last_deeds_the_later_can_be_taken_back() -> None:
    early = {"deed": "done", "item": "a", "answer": KEPT, "until": None, "on": "2026-11-01"}
    late = {"deed": "put-off", "item": "b", "answer": None, "until": "2026-12-01", "on": "2026-11-25"}

    assert settle(Ref(LATELY), early, late) == settle(Ref(LATELY), late, early) == late


def test_where_one_is_not_what_it_should_be_the_other_stands() -> None:
    assert settle(Ref(ANSWER, "x"), BROKEN, GUEST) == GUEST
    assert settle(Ref(ANSWER, "x"), KEPT, BROKEN) == KEPT
    assert settle(Ref(ANSWER, "x"), BROKEN, BROKEN) == BROKEN


def test_the_kept_pseudonym_is_never_replaced() -> None:
    assert settle(Ref("pseudonym"), "Golondrina", "Otra") == "Golondrina"
