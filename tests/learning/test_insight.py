"""What is said of a group: nothing of fewer than five, and never so much that it says something of one."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.learning.answers import Answer, Choice
from app.learning.insight import ENOUGH, Replied, band, contribution, outcome

ITEM, OTHER = "lock-screen", "two-steps"
DAY = date(2026, 11, 25)

groups = st.lists(
    st.dictionaries(st.sampled_from([ITEM, OTHER]), st.sampled_from([choice.value for choice in Choice])),
    max_size=30,
)


def said(yes: int = 0, no: int = 0, unsure: int = 0, not_mine: int = 0) -> list[dict[str, str]]:
    """So many contributions, each of one choice."""
    counts = {Choice.YES: yes, Choice.NO: no, Choice.UNSURE: unsure, Choice.NOT_MINE: not_mine}
    return [{ITEM: choice.value} for choice, count in counts.items() for _ in range(count)]


def test_four_are_not_shown_and_five_are() -> None:
    assert outcome(said(yes=2, no=2)) is None
    assert outcome(said(yes=2, no=3)) == {ITEM: 2}


def test_a_statement_that_concerns_fewer_than_five_is_left_out() -> None:
    assert outcome(said(yes=2, no=2, not_mine=6)) == {}
    assert outcome(said(yes=2, no=2, unsure=1, not_mine=6)) == {ITEM: 2}


def test_not_sure_counts_as_not_yes_and_not_for_me_counts_as_nothing() -> None:
    assert outcome(said(yes=3, unsure=3)) == outcome(said(yes=3, no=3)) == {ITEM: 2}
    assert outcome(said(yes=5, not_mine=20)) == {ITEM: 4}


@given(st.integers(ENOUGH, 500), st.data())
def test_a_band_is_the_fifth_in_which_the_share_lies(concerned: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, concerned))

    found = band(yes, concerned)

    assert found * 20 <= 100 * yes / concerned <= (found + 1) * 20
    assert band(concerned - yes, concerned) == 4 - found


@given(st.integers(ENOUGH, 500))
def test_no_band_says_that_everybody_did_or_nobody(concerned: int) -> None:
    assert band(0, concerned) == band(1, concerned)
    assert band(concerned, concerned) == band(concerned - 1, concerned)


@given(groups, st.data())
def test_another_answer_of_anybody_within_a_band_changes_nothing(
    group: list[dict[str, str]], data: st.DataObject
) -> None:
    assume(group)
    place = data.draw(st.integers(0, len(group) - 1))
    other = data.draw(st.sampled_from([Choice.YES.value, Choice.NO.value, Choice.UNSURE.value]))
    assume(group[place].get(ITEM, Choice.NOT_MINE) != Choice.NOT_MINE)
    changed = [*group[:place], {**group[place], ITEM: other}, *group[place + 1 :]]

    before, after = outcome(group), outcome(changed)

    if before is None or after is None or ITEM not in before:
        assert before == after
        return
    assert {**before, ITEM: after[ITEM]} == after
    if band(*counts(group)) == band(*counts(changed)):
        assert before == after


def counts(group: list[dict[str, str]]) -> tuple[int, int]:
    """How many said yes, and how many it concerns."""
    answers = [given[ITEM] for given in group if given.get(ITEM, "not-for-me") != "not-for-me"]
    return answers.count("yes"), len(answers)


def test_of_five_every_band_holds_two_numbers() -> None:
    assert [band(yes, ENOUGH) for yes in range(ENOUGH + 1)] == [0, 0, 2, 2, 4, 4]


@given(groups, st.randoms())
def test_the_order_of_contributions_leaves_no_trace(group: list[dict[str, str]], shuffling: object) -> None:
    turned = group[:]
    shuffling.shuffle(turned)  # type: ignore[attr-defined]

    assert str(outcome(turned)) == str(outcome(group))


@given(groups)
def test_nothing_but_bands_is_in_it(group: list[dict[str, str]]) -> None:
    assert set((outcome(group) or {}).values()) <= {0, 1, 2, 3, 4}


def test_what_is_contributed_is_the_choices_of_the_module_and_no_note() -> None:
    answers = {
        ITEM: Answer(Choice.NO, "my sister has the code", DAY),
        OTHER: Answer(None, "later", DAY),
        "elsewhere": Answer(Choice.YES, "", DAY),
    }

    assert contribution([ITEM, OTHER, "unanswered"], answers) == {ITEM: "no"}


def test_somebody_is_left_alone_for_as_many_days() -> None:
    replied = Replied(DAY)

    assert replied.rests(DAY, 90)
    assert replied.rests(DAY + timedelta(days=89), 90)
    assert not replied.rests(DAY + timedelta(days=90), 90)
