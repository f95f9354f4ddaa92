"""The compiled copy spares a start the reading, and never answers for other files than these."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "data" / "cache"


def test_the_copy_equals_what_was_read(content, cache):
    read = content.load(cache)

    assert len(list(cache.glob("*.json"))) == 1
    assert content.load(cache) == read == content.load()


@ON_POSIX
def test_only_its_owner_can_read_the_copy(content, cache):
    content.load(cache)

    [copy] = cache.iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_change_makes_a_new_copy_and_removes_the_old(content, cache):
    before = content.load(cache)
    (cache / ".curriculum-left").write_text("half a copy, from a start that was killed")
    content.replace("modules/doors/module.yaml", "minutes: 4", "minutes: 5")

    after = content.load(cache)

    assert after.digest != before.digest
    assert after.modules[0].minutes == 9
    assert [copy.name for copy in cache.iterdir()] == [f"curriculum-{after.digest}.json"]


def test_a_fault_is_found_though_there_is_a_copy_of_before(content, cache):
    content.load(cache)
    content.replace("modules/doors/module.yaml", "order: 1", "order: one")

    assert "must be a whole number" in content.faults()[0]


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b'{"digest": "x"}', b"\xff\xfe\x00"])
def test_a_damaged_copy_is_made_anew(content, cache, damage):
    content.load(cache)
    [copy] = cache.iterdir()
    whole = copy.read_bytes()
    copy.write_bytes(damage)

    assert content.load(cache).modules[0].id == "doors"
    assert copy.read_bytes() == whole


def test_a_copy_of_other_content_under_this_name_is_not_used(content, cache):
    digest = content.load(cache).digest
    copy = cache / f"curriculum-{digest}.json"
    copy.write_text(copy.read_text().replace(digest, "0" * 64))

    assert content.load(cache).digest == digest


def test_a_folder_that_can_not_be_written_to_stops_nothing(content, tmp_path):
    (tmp_path / "file").write_text("not a folder")

    assert content.load(tmp_path / "file" / "cache").modules


def test_with_a_copy_nothing_that_reads_content_is_imported(content, cache):
    content.load(cache)
    code = (
        "import sys, pathlib; from app.curriculum import load;"
        f"load(pathlib.Path({str(content.root)!r}), cache=pathlib.Path({str(cache)!r}));"
        "print(sorted({'ruamel', 'ruamel.yaml', 'markdown_it', 'nh3'} & set(sys.modules)))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"
