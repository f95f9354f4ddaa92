"""What the documents say is true: commands exist, links lead somewhere, both READMEs agree, the table is the code's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import CHECKOUT, KEYS

DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")])
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
README, LEEME = CHECKOUT / "README.md", CHECKOUT / "LEEME.md"


def commands_in(document: Path) -> list[str]:
    blocks = (
        body
        for kind, body in FENCE.findall(document.read_text(encoding="utf-8"))
        if kind in {"sh", "powershell"}
    )
    lines = (
        line.split("  #")[0].strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()
    )
    return [line for line in lines if line]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    missing = [
        target
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))

    named = set(
        re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert {name for pair in named for name in pair if name} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_flask_command_that_is_named_exists(document: Path) -> None:
    named = set(
        re.findall(r"`(?:\.venv/bin/)?flask ([a-z]+(?: [a-z-]+)?)", document.read_text(encoding="utf-8"))
    )

    for command in named:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *command.split(), "--help"],
            cwd=CHECKOUT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_the_two_readmes_give_the_same_commands() -> None:
    assert commands_in(README) == [
        command.replace("/ruta/a/la/carpeta", "/path/to/folder") for command in commands_in(LEEME)
    ]


def test_the_two_readmes_have_the_same_sections() -> None:
    assert len(re.findall(r"^## ", README.read_text(), re.MULTILINE)) == len(
        re.findall(r"^## ", LEEME.read_text(), re.MULTILINE)
    )


def test_the_table_of_settings_is_the_codes() -> None:
    document = (CHECKOUT / "docs" / "deployment.md").read_text(encoding="utf-8")

    for key in KEYS:
        assert f"| `{key.name}` | {key.default_in_words} | {key.meaning} |" in document
    assert len(re.findall(r"^\| `[A-Z_]+` \|", document, re.MULTILINE)) == len(KEYS)


def test_the_plain_steps_are_those_of_make() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()

    for step in ("--require-hashes", "pybabel", "-m app.cli serve"):
        assert step in makefile
        assert any(step in command for command in commands_in(README))


@pytest.mark.parametrize("locked", ["run", "pdf"])
def test_every_library_that_is_installed_is_named_with_its_licence(locked: str) -> None:
    lock = (CHECKOUT / "requirements" / f"{locked}.txt").read_text(encoding="utf-8")
    named = (CHECKOUT / "THIRD_PARTY.md").read_text(encoding="utf-8").lower().replace(".", "-")
    libraries = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)

    assert len(libraries) > 30
    assert [name for name in libraries if name.removesuffix("-binary") not in named] == []
