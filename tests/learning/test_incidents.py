"""Incidents: put in order, and joined so that nothing of either is lost."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.learning.filetypes import FileKind
from app.learning.incidents import WRITTEN, Assessment, EvidenceFile, Incident, in_order

TODAY = date(2026, 11, 25)
TEXTS = st.text("abc ñ\n", max_size=12)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
FILES = st.builds(
    EvidenceFile,
    id=st.sampled_from(["a" * 32, "b" * 32, "c" * 32]),
    key=st.none() | st.just("00" * 32),
    size=st.integers(1, 9),
    kind=st.sampled_from(FileKind),
    sha256=st.just("11" * 32),
    name=TEXTS,
    added_on=DAYS,
)
ASSESSMENTS = st.builds(
    Assessment,
    red_lines=st.lists(st.sampled_from("xyz"), unique=True).map(tuple),
    holds=st.lists(st.sampled_from("xyz"), unique=True).map(tuple),
    steps=st.dictionaries(st.sampled_from("pqr"), TEXTS),
    opinion=TEXTS,
    assessed_on=st.none() | DAYS,
)
INCIDENTS = st.builds(
    Incident,
    happened=TEXTS,
    written_on=DAYS,
    changed_on=DAYS,
    on=st.none() | DAYS,
    files=st.lists(FILES, unique_by=lambda file: file.id, max_size=3).map(tuple),
    assessment=ASSESSMENTS,
    **{name: TEXTS for name in WRITTEN if name != "happened"},
)


def incident(**more: object) -> Incident:
    return Incident("they called", TODAY, TODAY, **more)  # type: ignore[arg-type]


def test_everything_that_is_written_by_hand_is_known() -> None:
    assert set(WRITTEN) == {"happened", "hour", "where", "address", "who", "knows", "done", "effect"}


@given(INCIDENTS, INCIDENTS)
def test_of_two_forms_of_one_incident_nothing_is_lost(mine: Incident, theirs: Incident) -> None:
    both = mine.joined_with(theirs)

    for name in WRITTEN:
        assert getattr(mine, name) in getattr(both, name)
        assert getattr(theirs, name) in getattr(both, name)
    assert {file.id for file in both.files} == {file.id for each in (mine, theirs) for file in each.files}
    for each in (mine, theirs):
        assert all(file.key is None or both.file(file.id).key for file in each.files)  # type: ignore[union-attr]
        assert set(each.assessment.holds) <= set(both.assessment.holds)
        assert set(each.assessment.red_lines) <= set(both.assessment.red_lines)
        assert all(words in both.assessment.steps[name] for name, words in each.assessment.steps.items())


@given(INCIDENTS)
def test_joined_with_itself_an_incident_is_the_same(mine: Incident) -> None:
    assert mine.joined_with(mine) == mine


@given(INCIDENTS)
def test_what_leaves_the_machine_opens_no_file_and_is_otherwise_the_same(mine: Incident) -> None:
    outside = mine.without_keys()

    assert all(file.key is None for file in outside.files)
    assert mine.joined_with(outside) == mine
    adapter = TypeAdapter(Incident)
    assert adapter.validate_python(adapter.dump_python(mine, mode="json")) == mine


def test_the_latest_comes_first_and_what_has_no_day_stands_where_it_was_written_down() -> None:
    found = in_order(
        [
            ("a", incident(on=date(2026, 11, 2))),
            ("b", incident()),
            ("c", incident(on=date(2026, 11, 20))),
        ]
    )

    assert [name for name, _ in found] == ["b", "c", "a"]
