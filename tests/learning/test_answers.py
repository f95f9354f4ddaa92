"""Which of two answers stands, and that no note is ever lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.learning.answers import NOTE_LENGTH, Answer, Choice, settled

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
notes = st.text(max_size=40) | st.just("x" * NOTE_LENGTH)
answers = st.builds(Answer, st.sampled_from([None, *Choice]), notes, days)


@given(answers, answers)
def test_no_note_is_ever_lost(kept: Answer, guest: Answer) -> None:
    joined = settled(kept, guest).note

    assert kept.note in joined
    assert guest.note in joined


@given(answers, answers)
def test_the_later_choice_stands_and_none_is_lost(kept: Answer, guest: Answer) -> None:
    joined = settled(kept, guest)
    later = kept if kept.answered_on > guest.answered_on else guest

    assert joined.choice == (later.choice or kept.choice or guest.choice)
    assert joined.answered_on == max(kept.answered_on, guest.answered_on)


@given(answers, answers)
def test_on_different_days_it_does_not_matter_who_joins_whom(one: Answer, other: Answer) -> None:
    if one.answered_on != other.answered_on:
        assert settled(one, other) == settled(other, one)


@given(answers, answers)
def test_joining_again_adds_nothing(kept: Answer, guest: Answer) -> None:
    joined = settled(kept, guest)

    assert settled(joined, guest).note == joined.note


@given(answers)
def test_an_answer_joined_with_itself_is_itself(answer: Answer) -> None:
    assert settled(answer, answer) == answer


@pytest.mark.parametrize(
    ("answer", "blank"),
    [
        (Answer(None, "", date(2026, 1, 1)), True),
        (Answer(Choice.NO, "", date(2026, 1, 1)), False),
        (Answer(None, "n", date(2026, 1, 1)), False),
    ],
)
def test_an_answer_is_blank_without_choice_and_note(answer: Answer, blank: bool) -> None:
    assert answer.is_blank is blank
