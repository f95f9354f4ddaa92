"""What people are called: one line that can be seen, and no two of a cohort that look the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.cohorts.groups import LABEL_LENGTH, LabelUnusable, label_key, one_line, visible

#: Each of a kind that shows nothing: controls, turns of direction, joiners, fillers, selectors, a blank of Braille.
UNSEEN = (
    "\0", "\x1b", "\u202e", "\u2066", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\U000e0041",
    "\u034f", "\u115f", "\u3164", "\uffa0", "\u17b4", "\u180b", "\u2800", "\ufe0f", "\U000e0100",
)  # fmt: skip


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_what_can_t_be_seen_makes_no_other_label_and_none_of_its_own(unseen: str) -> None:
    assert visible(f"{unseen}Folio{unseen} 7{unseen}") == "Folio 7"
    assert label_key(f"Folio{unseen} 7") == label_key("folio 7")
    with pytest.raises(LabelUnusable):
        visible(f" {unseen}{unseen}")


@pytest.mark.parametrize("label", ["José Ñ", "Ana 🌵", "الاسم", "नाम", "名前", "e\u0301"])
def test_names_in_any_script_stay_as_they_are(label: str) -> None:
    assert visible(label) == one_line(label)
    assert len(visible(label)) >= len(label) - 1


@given(st.text(max_size=LABEL_LENGTH))
def test_a_label_is_compared_as_it_is_shown(typed: str) -> None:
    assert label_key(one_line(typed)) == label_key(typed)
    assert one_line(one_line(typed)) == one_line(typed)
