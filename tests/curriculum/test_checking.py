"""`check` also reports what works, but isn't as it should be; none of it stops a start."""

from datetime import date

CHECKLIST = "modules/doors/checklist.yaml"
MODULE = "modules/doors/module.yaml"
LESSON = "modules/doors/lessons/second-door.en.md"


def test_the_small_curriculum_is_in_order(content):
    assert content.check() == []


def test_what_is_past_its_date_is_named_and_still_taught(content):
    content.replace(CHECKLIST, "review_by: 2027-11-24", "review_by: 2027-01-31")

    assert content.check(date(2027, 1, 31)) == []
    assert content.check(date(2027, 2, 1)) == [
        f"{CHECKLIST}:14:16: item 'dr-lock' had to be checked again by 2027-01-31; check it, set new dates"
    ]
    assert content.load().modules[0].checklist[0].is_expired(date(2027, 2, 1))


def test_contacts_expire_too(content):
    assert any(
        problem.startswith("help/contacts.yaml:1:12: the contacts had to be checked again by 2027-05-24")
        for problem in content.check(date(2027, 6, 1))
    )


def test_a_lesson_too_short_or_too_long_is_named_with_its_words(content):
    content.write(LESSON, "Short [@s2].\n")
    assert f"{LESSON}:1:1: this lesson has 1 words; it should have 350 to 700" in content.check()

    content.write(LESSON, "word " * 701 + "[@s2]\n")
    assert f"{LESSON}:1:1: this lesson has 701 words; it should have 350 to 700" in content.check()


def test_a_module_whose_spanish_is_much_longer_is_named(content):
    spanish = LESSON.replace(".en.", ".es.")
    content.write(spanish, content.read(spanish) + "\n\n" + "palabra " * 290)
    content.write(
        spanish.replace("second", "first"),
        content.read(spanish.replace("second", "first")) + "palabra " * 260,
    )

    assert any(problem.startswith(f"{MODULE}:1:1: this module's Spanish has") for problem in content.check())


def test_sources_threats_and_figures_that_nothing_uses_are_named(content):
    content.replace(
        "modules/sources.yaml",
        "- id: kit",
        "- id: s3\n  publisher: A\n  title: B\n  evidence: kit\n- id: kit",
    )
    content.replace("modules/threats.yaml", "- id: burglary", "- id: fire\n  name: {en: Fire, es: Fuego}\n"
                    "  explanation: {en: It burns., es: Quema.}\n- id: burglary")  # fmt: skip
    content.replace("modules/doors/lessons/first-door.es.md", "::: figure door\n:::\n", "")

    found = content.check()

    assert "modules/sources.yaml:14:3: nothing cites the source 's3'; cite it, or delete it" in found
    assert "modules/threats.yaml:1:3: no checklist item reduces the threat 'fire'" in found
    assert f"{MODULE}:22:5: no Spanish text shows the figure 'door'" in found
    assert content.load().sources_by_id["s3"].title == "B"


def test_a_kind_of_contact_that_nobody_is_is_named(content):
    content.replace("help/open-door.yaml", "contacts: [emergency]", "contacts: [emergency, police]")

    assert content.check() == [
        "help/open-door.yaml:20:23: no contact in help/contacts.yaml is of the kind 'police'"
    ]


def test_markdown_in_a_plain_text_is_named(content):
    content.replace(CHECKLIST, "en: My door is locked.", 'en: "My door is **locked** [@s1]."')

    assert f"{CHECKLIST}:3:16: '**' in 'text' of item 'dr-lock' shows as it stands; write plain text" in (
        content.check()
    )
    assert content.load()


def test_files_that_nothing_lists_are_named(content):
    content.write("modules/doors/lessons/third-door.en.md", "Hello.\n")
    content.write("modules/doors/figures/gate.svg", "<svg/>")
    content.write("modules/doors/notes.txt", "Hello.\n")
    content.write("modules/doors/.hidden", "Hello.\n")

    figure, lesson, notes = content.check()

    assert figure.startswith(
        "modules/doors/figures/gate.svg:1:1: modules/doors/module.yaml doesn't list 'gate'; "
    )
    assert lesson.startswith(
        "modules/doors/lessons/third-door.en.md:1:1: modules/doors/module.yaml doesn't list"
    )
    assert notes.startswith(
        "modules/doors/notes.txt:1:1: nothing in the kit is kept in a file of this name here"
    )
    assert content.load()


def test_a_quiz_of_no_module_is_named(content):
    content.write("quizzes/dors.yaml", content.read("quizzes/doors.yaml"))

    assert "quizzes/dors.yaml:1:1: there is no module 'dors'; did you mean 'doors'?" in content.faults()


def test_missing_shared_files_are_all_named_at_once(content):
    for path in ("modules/sources.yaml", "modules/threats.yaml", "help/contacts.yaml", MODULE):
        content.delete(path)

    faults = content.faults()

    for path in ("modules/sources.yaml", "modules/threats.yaml", "help/contacts.yaml", MODULE):
        assert f"{path}:1:1: this file is missing" in faults


def test_faults_of_several_files_come_together_in_the_order_of_the_files(content):
    content.replace(CHECKLIST, "impact: high", "impact: hgih")
    content.replace(CHECKLIST, "sources: [kit]", "sources: [s9]")
    content.replace("quizzes/doors.yaml", "ask: 4", "ask: 9")
    content.replace(LESSON, "[@s2]", "[@s2] <b>")

    assert [fault.split(": ")[0] for fault in content.faults()] == [
        f"{CHECKLIST}:8:13", f"{CHECKLIST}:28:15", f"{LESSON}:3:21", "quizzes/doors.yaml:2:6",
    ]  # fmt: skip


def test_windows_line_ends_change_no_place(content):
    text = content.read(CHECKLIST).replace("impact: high", "impact: hgih").replace("\n", "\r\n")
    (content.root / CHECKLIST).write_bytes(text.encode())

    assert content.faults()[0].startswith(f"{CHECKLIST}:8:13: ")


def test_a_file_in_another_encoding_is_named(content):
    (content.root / LESSON).write_bytes(b"Hello.\n\nCaf\xe9 [@s2].\n")

    assert content.faults() == [f"{LESSON}:3:1: this isn't UTF-8 text; save the file as UTF-8"]
