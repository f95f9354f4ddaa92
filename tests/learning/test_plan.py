"""A plan: three things for a week, what matters most for its time first, and what others need before them."""

from datetime import timedelta

from app.curriculum.model import Impact
from app.learning.answers import Choice
from app.learning.plan import MONTH_STEPS, WEEK_MINUTES, Plan, PutOff, make_plan, worth
from tests.learning.people import TODAY, answered, level, measure
from tests.learning.plan_rules import ids

SOON = TODAY + timedelta(days=14)


def plan_of(*items, answers=None, put_off=None, today=TODAY, **levels: int) -> Plan:
    """The plan of somebody who has none of these, unless it is said otherwise."""
    said = answered(Choice.NO, *(item.id for item in items)) | (answers or {})
    return make_plan(items, said, level(**levels), put_off or PutOff(), today)


def order(*items, **otherwise) -> list[str]:
    return ids(plan_of(*items, **otherwise).steps)


def test_what_takes_more_away_for_the_same_time_comes_first() -> None:
    assert order(measure("weak", {"fire": 1}), measure("strong", {"fire": 3})) == ["strong", "weak"]
    assert order(measure("one", {"fire": 3}), measure("both", {"fire": 3, "flood": 1})) == ["both", "one"]


def test_what_takes_as_much_away_in_less_time_comes_first() -> None:
    assert order(measure("long", minutes=60), measure("short", minutes=10)) == ["short", "long"]


def test_a_trifle_doesnt_come_before_what_protects_because_it_is_quick() -> None:
    """Beginning anything costs a quarter of an hour: five minutes aren't twelve times less than an hour."""
    trifle = measure("trifle", {"fire": 1}, impact=Impact.LOW, minutes=2)
    lock = measure("lock", {"fire": 3}, impact=Impact.HIGH, minutes=60)

    assert order(trifle, lock) == ["lock", "trifle"]


def test_a_threat_that_weighs_more_pulls_its_measures_up() -> None:
    bucket, lock = measure("bucket", {"fire": 2}), measure("lock", {"burglary": 3})

    assert order(bucket, lock) == ["lock", "bucket"]
    assert order(bucket, lock, fire=2) == ["bucket", "lock"]


def test_what_is_critical_comes_before_what_is_worth_more() -> None:
    vault = measure("vault", {"burglary": 3}, minutes=240)
    bucket = measure("bucket", {"fire": 3}, minutes=5)

    assert order(vault, bucket, burglary=2) == ["bucket", "vault"]
    plan = plan_of(vault, bucket, burglary=3)
    assert ids(plan.steps) == ["vault", "bucket"]
    assert plan.steps[0].critical
    assert plan.steps[0].critical.threat == "burglary"
    assert plan.steps[1].critical is None


def test_only_a_strong_measure_of_high_impact_is_critical() -> None:
    plan = plan_of(
        measure("weak", {"burglary": 2}), measure("small", {"burglary": 3}, impact=Impact.MEDIUM), burglary=4
    )

    assert [step.critical for step in plan.steps] == [None, None]


def test_what_something_needs_comes_right_before_it_and_says_for_what() -> None:
    bolt = measure("bolt", {"burglary": 3}, needs=("key",))
    key = measure("key", {"burglary": 1}, impact=Impact.LOW)
    lamp = measure("lamp", {"burglary": 2}, impact=Impact.LOW)

    plan = plan_of(bolt, key, lamp)

    assert ids(plan.steps) == ["key", "bolt", "lamp"]
    assert plan.steps[0].needed_by == bolt
    assert plan.steps[1].needed_by is None


def test_in_a_row_of_needs_each_says_the_next_for_which_it_is_needed() -> None:
    shop, key = measure("shop", {"fire": 1}), measure("key", {"fire": 1}, needs=("shop",))
    bolt = measure("bolt", {"burglary": 3}, needs=("key",))

    plan = plan_of(bolt, key, shop, burglary=4)

    assert [(step.item, step.needed_by) for step in plan.steps] == [(shop, key), (key, bolt), (bolt, None)]


def test_something_small_doesnt_pull_something_long_to_the_top() -> None:
    """It is worth what it and what it needs bring together, for what they cost together."""
    rule = measure("rule", {"burglary": 3}, minutes=5, needs=("meeting",))
    meeting = measure("meeting", {"burglary": 1}, impact=Impact.LOW, minutes=120)
    lamp = measure("lamp", {"burglary": 2})

    assert order(rule, meeting, lamp) == ["lamp", "meeting", "rule"]
    assert order(rule, meeting, lamp, answers=answered(Choice.YES, "meeting")) == ["rule", "lamp"]


def test_worth_is_gain_for_each_minute_beginning_included() -> None:
    [step] = plan_of(measure("lock", {"burglary": 3}, minutes=15), burglary=2).steps

    assert (step.gain, step.cost, worth([step])) == (18, 30, 0.6)


def test_what_is_needed_and_wasnt_looked_at_yet_is_a_step_to_look_at() -> None:
    bolt, key = measure("bolt", needs=("key",)), measure("key")

    plan = make_plan([bolt, key], answered(Choice.NO, "bolt"), level(), PutOff(), TODAY)

    assert [(step.item.id, step.unanswered) for step in plan.steps] == [("key", True), ("bolt", False)]


def test_what_was_not_looked_at_and_nothing_needs_is_no_step() -> None:
    assert make_plan([measure("lock")], {}, level(), PutOff(), TODAY) == Plan()


def test_what_somebody_isnt_sure_of_is_a_step_that_begins_with_looking() -> None:
    [step] = plan_of(measure("lock"), answers=answered(Choice.UNSURE, "lock")).steps

    assert step.unsure
    assert not step.unanswered


def test_what_isnt_theirs_is_neither_done_nor_waited_for() -> None:
    bolt, key = measure("bolt", needs=("key",)), measure("key")

    assert order(bolt, key, answers=answered(Choice.NOT_MINE, "key")) == ["bolt"]
    assert order(bolt, key, answers=answered(Choice.NOT_MINE, "bolt", "key")) == []


def test_what_it_needs_and_isnt_among_theirs_is_not_waited_for() -> None:
    assert order(measure("bolt", needs=("gone",))) == ["bolt"]


def test_a_week_has_three_things_the_month_nine_and_the_rest_comes_later() -> None:
    plan = plan_of(*(measure(f"m{number}", minutes=10) for number in range(20)))

    assert (len(plan.week), len(plan.month), len(plan.later)) == (3, MONTH_STEPS, 8)


def test_a_week_isnt_longer_than_two_hours_unless_one_thing_is() -> None:
    def week(*minutes: int) -> list[int]:
        plan = plan_of(
            *(measure(f"m{number}", {"fire": 3}, minutes=each) for number, each in enumerate(minutes))
        )
        return [step.item.minutes for step in plan.week]

    assert WEEK_MINUTES == 120
    assert week(40, 40, 40) == [40, 40, 40]
    assert week(40, 40, 45) == [40, 40]
    assert week(60, 90, 100) == [60]
    assert week(240, 240) == [240]


def test_what_was_put_off_comes_back_on_its_day_and_not_before() -> None:
    lock, put_off = measure("lock"), PutOff({"lock": SOON})

    before = plan_of(lock, put_off=put_off, today=SOON - timedelta(days=1))
    after = plan_of(lock, put_off=put_off, today=SOON)

    assert (ids(before.steps), ids(before.put_off), before.put_off[0].until) == ([], ["lock"], SOON)
    assert (ids(after.steps), after.put_off) == (["lock"], ())


def test_what_was_put_off_holds_back_what_needs_it_until_the_last_of_their_days() -> None:
    key, lock, bolt = measure("key"), measure("lock", needs=("key",)), measure("bolt", needs=("lock",))
    later = SOON + timedelta(days=7)

    plan = plan_of(bolt, lock, key, put_off=PutOff({"key": SOON, "lock": later}))

    assert plan.steps == ()
    assert [(step.item.id, step.until) for step in plan.put_off] == [
        ("key", SOON), ("lock", later), ("bolt", later),
    ]  # fmt: skip


def test_what_only_something_put_off_needs_is_not_pulled_up_by_it() -> None:
    """The key is small; without the vault that waits it stands where it is worth."""
    vault = measure("vault", {"burglary": 3}, needs=("key",))
    key = measure("key", {"burglary": 1}, impact=Impact.LOW)
    lamp = measure("lamp", {"burglary": 2})

    plan = plan_of(vault, key, lamp, burglary=3, put_off=PutOff({"vault": SOON}))

    assert ids(plan.steps) == ["lamp", "key"]
    assert plan.steps[1].needed_by is None
    assert ids(plan.put_off) == ["vault"]


def test_a_need_that_is_in_place_holds_nothing_back_whatever_its_day() -> None:
    key, lock = measure("key"), measure("lock", needs=("key",))

    plan = plan_of(lock, key, answers=answered(Choice.YES, "key"), put_off=PutOff({"key": SOON}))

    assert ids(plan.steps) == ["lock"]


def test_a_step_says_what_it_works_against_and_how_much_of_its_gain_that_is() -> None:
    [step] = plan_of(measure("alarm", {"fire": 1, "burglary": 2}), fire=4).steps

    assert [(each.threat, each.strength, each.gain) for each in step.against] == [
        ("fire", 1, 24),
        ("burglary", 2, 6),
    ]
    assert step.gain == 30


def test_of_two_that_are_worth_the_same_the_curriculums_first_comes_first() -> None:
    assert order(measure("one"), measure("two")) == ["one", "two"]
    assert order(measure("two"), measure("one")) == ["two", "one"]


def test_putting_off_and_taking_up_again() -> None:
    put_off = PutOff().including("lock", SOON).including("key", TODAY)

    assert put_off.without("key") == PutOff({"lock": SOON})
    assert put_off.without("gone") == put_off


def test_of_two_days_that_something_was_put_off_to_the_later_stands() -> None:
    one, other = PutOff({"lock": SOON, "key": TODAY}), PutOff({"lock": TODAY, "lamp": SOON})

    assert one.joined_with(other) == other.joined_with(one)
    assert one.joined_with(other).until == {"lock": SOON, "key": TODAY, "lamp": SOON}
