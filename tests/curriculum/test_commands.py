"""The commands for people who write content, run as they run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def run(content):
    def run_command(*words: str) -> tuple[int, str]:
        answer = subprocess.run(
            [sys.executable, "-m", "app.cli", "content", *words],
            cwd=CHECKOUT,
            env={**os.environ, "RESGUARDO_CONTENT_DIR": str(content.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.returncode, answer.stdout + answer.stderr

    return run_command


def test_check_ends_with_no_problems_or_lists_them_and_fails(content, run):
    assert run("check", "--today", "2026-12-01") == (0, "No problems.\n")

    content.replace("modules/doors/checklist.yaml", "impact: high", "impact: hgih")
    content.replace("help/open-door.yaml", "module: doors", "module: dors")
    code, said = run("check")
    assert code == 1
    assert "modules/doors/checklist.yaml:8:13: " in said
    assert "help/open-door.yaml:28:9: " in said
    assert "2 problems." in said

    code, said = run("check", "help")
    assert code == 1
    assert "1 problem." in said


def test_review_records_what_changed(content, run):
    content.replace("modules/doors/checklist.yaml", "en: An open door", "en: Any open door")
    assert run("check", "--today", "2026-12-01")[0] == 1

    assert run("review", "modules/doors") == (0, "Recorded: 1 changed.\n")
    assert run("review", "--all") == (0, "Recorded already: nothing changed.\n")
    assert run("check", "--today", "2026-12-01")[0] == 0


def test_review_wants_to_know_what(run):
    code, said = run("review")

    assert code == 2
    assert "--all" in said


def test_review_of_nothing_fails(run):
    code, said = run("review", "modules/windows")

    assert code == 1
    assert "no text stands under this path" in said


def test_stats_are_a_table_or_json(content, run):
    code, table = run("stats")
    assert code == 0
    assert table.splitlines()[0].startswith("module  language  lessons")

    rows = json.loads(run("stats", "--json")[1])
    assert [row["language"] for row in rows] == ["en", "es"]

    content.replace("modules/doors/checklist.yaml", "impact: high", "impact: hgih")
    assert run("stats")[0] == 1


def test_a_new_language_is_laid_out_text_by_text_and_nothing_is_changed(content, run):
    before = {path: path.read_bytes() for path in content.root.rglob("*") if path.is_file()}

    code, said = run("new-language", "pt")

    assert code == 0
    lines = said.splitlines()
    assert "modules/doors/module.yaml:3:8: 'title'" in lines
    assert "modules/doors/checklist.yaml:3:11: 'text' of item 'dr-lock'" in lines
    assert "modules/doors/guide.pt.md:1:1: translate modules/doors/guide.en.md" in lines
    assert (
        "modules/doors/lessons/first-door.pt.md:1:1: translate modules/doors/lessons/first-door.en.md"
        in lines
    )
    assert lines[-2].startswith("Portuguese: 0 of ")
    assert "docs/languages.md" in lines[-1]
    assert {path: path.read_bytes() for path in content.root.rglob("*") if path.is_file()} == before


def test_what_is_there_is_not_listed(content, run):
    content.write("modules/doors/lessons/first-door.pt.md", "Uma porta [@s1].\n")
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "es: Las puertas, pt: As portas}")

    said = run("new-language", "pt")[1]

    assert "module.yaml:3:" not in said
    assert "first-door.pt.md" not in said
    assert "1 of " in said


@pytest.mark.parametrize("code", ["xx", "portuguese", "p", "PT", "en", "es", "../x", ""])
def test_only_a_further_language_that_there_is_can_be_begun(run, code):
    assert run("new-language", code)[0] == 2


def test_check_tells_how_far_a_language_is_as_information(content, run):
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "es: Las puertas, pt: As portas}")
    run("review", "--all")

    code, said = run("check", "--today", "2026-12-01")

    assert code == 0
    assert said.startswith("For your information. Portuguese: 1 of ")
    assert "  modules/doors/checklist.yaml: 8 missing, in the lines 3, 4" in said
    assert "  modules/doors/guide.pt.md: missing" in said
    assert said.endswith("No problems.\n")
    assert "information" not in run("check", "modules", "--today", "2026-12-01")[1]


def test_a_code_that_is_no_language_is_reported_and_never_offered(content, run):
    content.replace("modules/doors/module.yaml", "es: Las puertas}", "es: Las puertas, xx: As portas}")

    assert "'xx' is no language's code" in run("check", "--today", "2026-12-01")[1]
    assert content.load().languages == ("en", "es")
