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
