"""Sheets are read in their order, kept in step between the languages, and their sources count as cited."""


def test_sheets_come_in_their_order_with_the_curriculum(content):
    other = content.read("help/sheets/door-sheet.yaml").replace(
        "id: door-sheet\norder: 1", "id: a-sheet\norder: 2"
    )
    content.write("help/sheets/a-sheet.yaml", other)

    assert [sheet.id for sheet in content.load().sheets] == ["door-sheet", "a-sheet"]
    content.replace("help/sheets/a-sheet.yaml", "order: 2", "order: 1")
    assert "the sheet order '1' stands in help/sheets/a-sheet.yaml:2 already" in content.faults()[0]


def test_a_line_that_changed_in_one_language_only_is_reported(content):
    content.replace("help/sheets/door-sheet.yaml", "en: Keep it in a drawer.", "en: Keep it in a box.")

    [problem] = content.check()
    assert problem.startswith("help/sheets/door-sheet.yaml:7:33: the English of keep line 1 changed")


def test_an_expired_sheet_is_reported_and_its_source_counts_as_cited(content):
    content.replace(
        "help/sheets/door-sheet.yaml",
        "review_by: 2027-05-24\nsources: [s1]",
        "review_by: 2026-11-30\nsources: [s7]",
    )
    source = "- id: s7\n  publisher: P\n  title: T\n  language: en\n  evidence: primary\n"
    content.write("modules/sources.yaml", content.read("modules/sources.yaml") + source)

    [problem] = content.check()
    assert problem.startswith(
        "help/sheets/door-sheet.yaml:18:12: this file had to be checked again by 2026-11-30"
    )


def test_a_sheet_is_no_situation(content):
    curriculum = content.load()

    assert [situation.id for situation in curriculum.situations] == ["open-door"]
    assert curriculum.sheets_by_id["door-sheet"].parts[1].rows == 3
