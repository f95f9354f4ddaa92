"""The self-audit: what is asked and why now, what comes first, and how much of it in one sitting."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.learning.answers import Answer, Choice
from app.learning.audit import (
    INTERVALS,
    LONGEST,
    PAGE,
    SITTING,
    Again,
    Review,
    Sitting,
    matters,
    sitting,
    to_ask,
)
from tests.learning.people import REVIEWED, TODAY, answered, level, measure

LOCK, BUCKET = measure("lock", {"burglary": 3}), measure("bucket", {"fire": 2})
HOUSE = [BUCKET, LOCK]
MONTH = timedelta(days=30)


def asked(
    answers: dict[str, Answer], *, today=TODAY, review=None, items=HOUSE, **levels
) -> list[tuple[str, Again]]:
    found = to_ask(items, answers, level(**levels), today, review or Review())
    return [(each.item.id, each.why) for each in found]


def gone_over(item, day):
    """The same measure, whose text was gone over on a day."""
    return item.model_copy(update={"reviewed": day})


def test_in_the_beginning_everything_is_new_and_what_matters_most_comes_first() -> None:
    assert asked({}) == [("lock", Again.NEW), ("bucket", Again.NEW)]
    assert asked({}, fire=3) == [("bucket", Again.NEW), ("lock", Again.NEW)]


def test_how_much_a_measure_matters_has_nothing_to_do_with_what_it_costs() -> None:
    quick, slow = measure("quick", minutes=1), measure("slow", minutes=240)

    assert matters(quick, level()) == matters(slow, level()) == 9
    assert matters(quick, level(burglary=3)) == 36


def test_what_was_answered_isnt_asked_again_tomorrow() -> None:
    for choice in Choice:
        assert asked(answered(choice, "lock", "bucket"), today=TODAY + timedelta(days=1)) == []


def test_a_note_without_a_choice_is_no_answer() -> None:
    assert asked(answered(None, "lock") | answered(Choice.YES, "bucket")) == [("lock", Again.NEW)]


def test_after_the_set_time_everything_is_asked_again_and_what_they_werent_sure_of_first() -> None:
    answers = answered(Choice.YES, "lock") | answered(Choice.UNSURE, "bucket")
    monthly = Review(every=30)

    assert asked(answers, today=TODAY + MONTH - timedelta(days=1), review=monthly) == []
    assert asked(answers, today=TODAY + MONTH, review=monthly) == [
        ("bucket", Again.UNSURE),
        ("lock", Again.OLD),
    ]


def test_the_set_times_are_a_month_a_season_and_the_half_year_that_is_the_longest() -> None:
    assert INTERVALS == (30, 90, 180)
    assert max(INTERVALS) == LONGEST
    assert Review().every == LONGEST
    for every in (-1, 0, LONGEST + 1, 10**12):
        with pytest.raises(ValueError, match="choose"):
            Review(every=every)


def test_what_says_something_else_since_it_was_answered_is_asked_again() -> None:
    reworded = gone_over(LOCK, TODAY + timedelta(days=2))
    answers = answered(Choice.YES, "lock", "bucket")

    assert asked(answers, items=[BUCKET, reworded], today=TODAY + timedelta(days=3)) == [
        ("lock", Again.REWORDED)
    ]
    fresh = answered(Choice.YES, "lock", "bucket", on=TODAY + timedelta(days=2))
    assert asked(fresh, items=[BUCKET, reworded], today=TODAY + timedelta(days=3)) == []


def test_what_was_answered_today_isnt_asked_again_today_though_its_text_is_dated_tomorrow() -> None:
    assert asked(answered(Choice.YES, "lock"), items=[gone_over(LOCK, TODAY + MONTH)]) == []


def test_after_an_incident_what_it_was_about_is_asked_first_and_then_the_rest() -> None:
    answers = answered(Choice.YES, "lock", "bucket")
    fire = Review(incident_on=TODAY + timedelta(days=5), threats=["fire"])

    found = asked(answers, today=TODAY + timedelta(days=5), review=fire)

    assert found == [("bucket", Again.INCIDENT), ("lock", Again.OLD)]


def test_an_incident_comes_before_new_words() -> None:
    fire = Review(incident_on=TODAY + timedelta(days=5), threats=["burglary"])
    reworded = gone_over(LOCK, TODAY + timedelta(days=2))

    found = asked(
        answered(Choice.YES, "lock"), items=[reworded], today=TODAY + timedelta(days=6), review=fire
    )

    assert found == [("lock", Again.INCIDENT)]


def test_after_an_incident_that_nothing_was_said_of_everything_is_asked_alike() -> None:
    something = Review(incident_on=TODAY + timedelta(days=5))

    found = asked(answered(Choice.YES, "lock", "bucket"), today=TODAY + timedelta(days=5), review=something)

    assert found == [("lock", Again.OLD), ("bucket", Again.OLD)]


def test_what_was_answered_since_the_incident_isnt_asked_again() -> None:
    fire = Review(incident_on=TODAY, threats=["fire"])

    assert asked(answered(Choice.NO, "lock", "bucket"), review=fire) == []


def test_the_reasons_are_asked_in_their_order() -> None:
    items = [measure(name, reviewed=REVIEWED) for name in ("new", "old", "unsure", "burgled")]
    items.append(gone_over(measure("reworded", {"fire": 3}), TODAY + timedelta(days=150)))
    items[3] = measure("burgled", {"flood": 1})
    answers = answered(Choice.YES, "old", "burgled", "reworded") | answered(Choice.UNSURE, "unsure")
    flood = Review(every=90, incident_on=TODAY + timedelta(days=10), threats=["flood"])

    found = asked(answers, items=items, today=TODAY + timedelta(days=200), review=flood)

    assert [why for _, why in found] == list(Again)
    assert [name for name, _ in found] == ["burgled", "reworded", "unsure", "new", "old"]


def test_a_sitting_is_ten_minutes_and_keeps_what_it_began_with() -> None:
    everything = to_ask([measure(f"m{n}") for n in range(30)], {}, level(), TODAY, Review())

    begun = sitting(everything, TODAY)

    assert begun.items == [f"m{n}" for n in range(SITTING)]
    assert begun.begun_on == TODAY
    assert begun.pages == SITTING // PAGE == 4
    assert [begun.page(number) for number in (1, 4, 5, 0)] == [
        ["m0", "m1", "m2", "m3", "m4"], ["m15", "m16", "m17", "m18", "m19"], [], [],
    ]  # fmt: skip


@given(st.integers(0, SITTING))
def test_the_pages_of_a_sitting_hold_each_thing_once(number: int) -> None:
    begun = Sitting([f"m{n}" for n in range(number)], TODAY)

    assert [name for page in range(1, begun.pages + 1) for name in begun.page(page)] == begun.items


def test_of_two_sittings_the_one_that_was_begun_later_stands() -> None:
    older, newer = Sitting(["lock"], TODAY), Sitting(["bucket"], TODAY + MONTH)

    assert older.joined_with(newer) == newer.joined_with(older) == newer
    assert Sitting().joined_with(older) == older.joined_with(Sitting()) == older


def test_nothing_is_due_before_the_first_look_was_finished() -> None:
    assert Review().due_on is None


def test_the_next_look_is_due_after_the_set_time() -> None:
    assert Review(every=90, done_on=TODAY).due_on == TODAY + timedelta(days=90)


def test_after_an_incident_a_look_is_due_at_once_until_it_was_taken() -> None:
    happened = TODAY + timedelta(days=3)

    assert Review(done_on=TODAY, incident_on=happened).due_on == happened
    assert Review(incident_on=happened).due_on == happened
    assert Review(every=30, done_on=happened, incident_on=happened).due_on == happened + MONTH


def test_of_two_reviews_the_later_look_the_later_incident_and_the_shorter_time_stand() -> None:
    kept = Review(180, TODAY, TODAY - MONTH, ["fire"])
    guest = Review(90, TODAY - MONTH, TODAY - timedelta(days=1), ["flood"])

    joined = kept.joined_with(guest)

    assert joined == guest.joined_with(kept) == Review(90, TODAY, TODAY - timedelta(days=1), ["flood"])
    assert Review().joined_with(Review()) == Review()
