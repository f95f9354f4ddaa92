"""The host secret: one a start, for its owner only, and nowhere that a power-off would leave it."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.records import hostsecret
from app.records.hostsecret import FILE_NAME, HostSecretUnsafe, find_host_secret

ROOT = Path(__file__).parents[2]
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a memory file system is what is tested

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not SHARED_MEMORY.is_dir(), reason="no shared memory to keep a secret in here"
)


@pytest.fixture
def in_memory() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="resguardo-test-", dir=SHARED_MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """A folder that is surely not in memory; the system's temporary one may be."""
    for parent in (Path(tempfile.gettempdir()), ROOT, Path.home()):
        folder = Path(tempfile.mkdtemp(prefix="resguardo-test-", dir=parent))
        if not hostsecret._is_in_memory(folder):
            yield folder
            shutil.rmtree(folder)
            return
        shutil.rmtree(folder)
    pytest.skip("every folder here is in memory")


def test_it_is_made_once_for_its_owner_only_and_found_again(in_memory: Path):
    before = os.umask(0)
    try:
        secret, file = find_host_secret(in_memory / "resguardo")
    finally:
        os.umask(before)

    assert len(secret) == 32
    assert file == in_memory / "resguardo" / FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert find_host_secret(in_memory / "resguardo") == (secret, file)
    assert [kept.name for kept in file.parent.iterdir()] == [FILE_NAME]


def test_two_folders_have_two_secrets(in_memory: Path):
    assert find_host_secret(in_memory / "one")[0] != find_host_secret(in_memory / "two")[0]


FIND = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from app.records.hostsecret import find_host_secret
sys.stdin.read(1)
print(find_host_secret(Path(sys.argv[2]))[0].hex())
"""


def test_processes_that_start_at_once_end_with_one_secret(in_memory: Path):
    for attempt in range(3):
        folder = in_memory / f"start {attempt}"
        running = [
            subprocess.Popen(
                [sys.executable, "-c", FIND, str(ROOT), str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for _ in range(4)
        ]
        for process in running:
            assert process.stdin is not None
            process.stdin.write(b"x")
            process.stdin.flush()
        found = {process.communicate(timeout=60)[0].strip() for process in running}

        assert found == {find_host_secret(folder)[0].hex().encode()}
        assert [kept.name for kept in folder.iterdir()] == [FILE_NAME]


def test_a_folder_on_a_disk_is_refused(on_disk: Path):
    with pytest.raises(HostSecretUnsafe, match="power-off"):
        find_host_secret(on_disk)

    assert list(on_disk.iterdir()) == []


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777, 0o720])
def test_a_folder_that_others_may_enter_is_refused(in_memory: Path, mode: int):
    in_memory.chmod(mode)

    with pytest.raises(HostSecretUnsafe):
        find_host_secret(in_memory)


def test_a_link_in_the_folders_place_is_refused(in_memory: Path):
    (in_memory / "real").mkdir(mode=0o700)
    (in_memory / "link").symlink_to(in_memory / "real")

    with pytest.raises(HostSecretUnsafe):
        find_host_secret(in_memory / "link")


@pytest.mark.parametrize("leads_nowhere", [True, False])
def test_a_link_in_the_files_place_is_refused(in_memory: Path, leads_nowhere: bool):
    target = in_memory / "elsewhere"
    if not leads_nowhere:
        target.write_bytes(b"x" * 32)
        target.chmod(0o600)
    (in_memory / FILE_NAME).symlink_to(target)

    with pytest.raises(HostSecretUnsafe):
        find_host_secret(in_memory)


def test_a_file_that_others_may_read_is_refused(in_memory: Path):
    _secret, file = find_host_secret(in_memory)
    assert file is not None
    file.chmod(0o644)

    with pytest.raises(HostSecretUnsafe, match="0600"):
        find_host_secret(in_memory)


@pytest.mark.parametrize("length", [0, 31, 33, 5000])
def test_a_damaged_file_is_said_to_be_so(in_memory: Path, length: int):
    (in_memory / FILE_NAME).write_bytes(b"x" * length)
    (in_memory / FILE_NAME).chmod(0o600)

    with pytest.raises(HostSecretUnsafe, match="damaged"):
        find_host_secret(in_memory)


@pytest.mark.parametrize("which", ["folder", "file"])
def test_what_belongs_to_somebody_else_is_refused(in_memory: Path, which: str):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    find_host_secret(in_memory)
    os.chown(in_memory if which == "folder" else in_memory / FILE_NAME, 12345, -1)

    with pytest.raises(HostSecretUnsafe):
        find_host_secret(in_memory)


def test_without_a_folder_the_users_runtime_folder_is_taken(in_memory: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(in_memory))

    secret, file = find_host_secret(None)

    assert file == in_memory / "resguardo" / FILE_NAME
    assert find_host_secret(None)[0] == secret


def test_where_no_folder_will_do_the_secret_is_in_memory_alone(
    on_disk: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hostsecret, "_runtime_folders", lambda: [on_disk / "resguardo"])

    one, two = find_host_secret(None), find_host_secret(None)

    assert one[1] is two[1] is None
    assert len(one[0]) == 32
    assert one[0] != two[0]
    assert not (on_disk / "resguardo" / FILE_NAME).exists()
