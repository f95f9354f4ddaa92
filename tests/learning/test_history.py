"""How it was before: what looks came to, beside what they come to now."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.learning.answers import Choice
from app.learning.exposure import exposures
from app.learning.history import MOST, History, Measured, Snapshot, snapshot
from tests.learning.people import TODAY, answered, level, measure

HOUSE = [measure("lock"), measure("alarm", {"burglary": 1, "fire": 2})]

looks = st.lists(
    st.builds(
        lambda days, points: Snapshot(TODAY + timedelta(days=days), {"fire": Measured(points, 0, 9, 1)}),
        st.integers(0, 60), st.integers(0, 9),
    ),
    max_size=40,
)  # fmt: skip


def look(on: date, points: int = 0) -> Snapshot:
    return Snapshot(on, {"fire": Measured(points, 0, 9, 1)})


def history_of(*each: Snapshot) -> History:
    history = History()
    for one in each:
        history = history.including(one)
    return history


def test_a_look_keeps_points_and_levels_and_no_answer() -> None:
    found = exposures(HOUSE, answered(Choice.NO, "lock"), level(burglary=3))

    taken = snapshot(found, TODAY)

    assert taken.on == TODAY
    assert taken.threats["burglary"] == Measured(open=9, unknown=3, total=12, level=3)
    assert taken.threats["fire"] == Measured(open=0, unknown=6, total=6, level=1)


def test_the_first_look_is_where_somebody_began_and_the_last_before_today_what_is_compared() -> None:
    history = history_of(look(TODAY - timedelta(days=9)), look(TODAY - timedelta(days=2)), look(TODAY))

    assert history.first == look(TODAY - timedelta(days=9))
    assert history.before(TODAY) == look(TODAY - timedelta(days=2))
    assert history.before(TODAY - timedelta(days=9)) is None


def test_who_never_finished_a_look_has_no_before() -> None:
    assert History().first is None
    assert History().before(TODAY) is None


def test_of_one_day_only_the_last_look_is_kept() -> None:
    assert history_of(look(TODAY, 9), look(TODAY, 4)).snapshots == [look(TODAY, 4)]


def test_of_many_looks_the_first_and_the_latest_are_kept() -> None:
    days = [TODAY + timedelta(days=number) for number in range(MOST + 10)]

    kept = [each.on for each in history_of(*(look(day) for day in days)).snapshots]

    assert kept == [days[0], *days[-(MOST - 1) :]]


@given(looks, looks)
def test_two_histories_become_one_as_if_each_look_had_been_kept_here(one, other) -> None:
    kept, guest = history_of(*one), history_of(*other)

    joined = kept.joined_with(guest)

    days = [each.on for each in joined.snapshots]
    assert days == sorted(set(days))
    assert len(days) <= MOST
    assert set(days) <= {each.on for each in (*kept.snapshots, *guest.snapshots)}
    if days:
        assert days[0] == min(each.on for each in (*kept.snapshots, *guest.snapshots))
    assert joined.joined_with(guest) == joined
