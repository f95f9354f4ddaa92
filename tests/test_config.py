"""Every setting, good and bad: an error names the key and how to mend it, and never repeats the value."""

import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import create_app
from app.curriculum.model import Curriculum
from config import CHECKOUT, KEYS, LOOPBACK_NAMES, SECRET_KEY_FILE, Config, ConfigError
from tests.conftest import Clock, MakeConfig

ON_A_NETWORK = {"RESGUARDO_TRANSPORT": "https", "RESGUARDO_TRUSTED_HOSTS": "kit.example"}

GOOD: dict[str, dict[str, object]] = {
    "RESGUARDO_CONTENT_DIR": {"/srv/content": Path("/srv/content"), "~/x": Path("~/x").expanduser()},
    "RESGUARDO_RUNTIME_DIR": {"/run/kit": Path("/run/kit")},
    "RESGUARDO_HOST_SECRET": {"ab" * 32: b"\xab" * 32, f" {'AB' * 32} ": b"\xab" * 32},
    "DATABASE_URL": {
        "sqlite:////srv/x.sqlite3": "sqlite:////srv/x.sqlite3",
        "postgres://u:p@h/d": "postgresql+psycopg://u:p@h/d",
        "postgresql://u@h/d": "postgresql+psycopg://u@h/d",
    },
    "SECRET_KEY": {"s" * 32: "s" * 32, "ñ" * 40: "ñ" * 40},
    "RESGUARDO_SITE_NAME": {"  Recetas ": "Recetas", "x" * 40: "x" * 40},
    "RESGUARDO_DEFAULT_LANGUAGE": {"en": "en"},
    "HOST": {"127.0.0.2": "127.0.0.2", "localhost": "localhost", "::1": "::1", "[::1]": "[::1]"},
    "PORT": {"1": 1, " 65535 ": 65535},
    "RESGUARDO_TRANSPORT": {"loopback": "loopback"},
    "RESGUARDO_ENROLMENT": {"open": "open", "invitation": "invitation"},
    "RESGUARDO_TRUSTED_HOSTS": {
        "a.example, b.example:8443": (*LOOPBACK_NAMES, "a.example", "b.example:8443"),
        ".example,[fd00::1]:80,10.0.0.7,": (*LOOPBACK_NAMES, ".example", "[fd00::1]:80", "10.0.0.7"),
    },
    "RESGUARDO_PROXIES": {"5": 5},
    "RESGUARDO_THREADS": {"64": 64},
    "RESGUARDO_IDLE_MINUTES": {"5": 300},
    "RESGUARDO_SESSION_HOURS": {"72": 72 * 3600},
    "RESGUARDO_GUEST_HOURS": {"1": 3600},
    "RESGUARDO_HASH_MEMORY_MIB": {"1024": 1024},
    "RESGUARDO_HASHES_AT_ONCE": {"16": 16},
}
BAD: dict[str, tuple[str, ...]] = {
    "RESGUARDO_DATA_DIR": ("relative/marked-value", "~marked-value-nobody/x", "/marked\0value", "marked-value"),
    "RESGUARDO_RUNTIME_DIR": ("marked-value", "./marked-value", "~marked-value-nobody"),
    "RESGUARDO_CONTENT_DIR": ("marked-value",),
    "RESGUARDO_HOST_SECRET": ("marked-value", "ab" * 31, "ab" * 33, "zz" * 32),
    "DATABASE_URL": ("mysql://marked-value", "marked-value", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///?x"),
    "SECRET_KEY": ("marked-value", "s" * 31),
    "RESGUARDO_SITE_NAME": ("marked-value" * 9, "marked\nvalue", "marked\x00value"),
    "RESGUARDO_DEFAULT_LANGUAGE": ("marked-value",),
    "HOST": ("marked\tvalue", "marked-value" * 20),
    "PORT": ("0", "65536", "-1", "marked-value", "8e3", "1.5", "9" * 5000, "٢²", "0x50", "+80"),
    "RESGUARDO_TRANSPORT": ("marked-value", "HTTPS", "loopback "),
    "RESGUARDO_ENROLMENT": ("marked-value", "Open"),
    "RESGUARDO_TRUSTED_HOSTS": ("http://marked-value", "marked-value/x", "Marked", "*", ",", ".", "a..b", "x:y"),
    "RESGUARDO_PROXIES": ("0", "6", "marked-value"),
    "RESGUARDO_THREADS": ("1", "65"),
    "RESGUARDO_IDLE_MINUTES": ("4", "1441"),
    "RESGUARDO_SESSION_HOURS": ("0", "73"),
    "RESGUARDO_GUEST_HOURS": ("0", "73"),
    "RESGUARDO_HASH_MEMORY_MIB": ("18", "1025"),
    "RESGUARDO_HASHES_AT_ONCE": ("0", "17"),
}  # fmt: skip
#: A shorter text may stand in a message by chance.
LONG_ENOUGH_TO_TELL = 8
FIELDS = {key.name: key.field for key in KEYS}


def problems_of(**environment: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        Config.from_mapping(environment)
    return caught.value.problems


def test_every_key_is_tried_good_and_bad_and_every_field_has_a_key() -> None:
    assert set(GOOD) | {"RESGUARDO_DATA_DIR"} == set(BAD) == {key.name for key in KEYS}
    assert {field.name for field in fields(Config)} == {key.field for key in KEYS}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in GOOD.items() for text in texts])
def test_a_good_value_becomes_what_it_means(key: str, text: str, tmp_path: Path) -> None:
    config = Config.from_mapping({"RESGUARDO_DATA_DIR": str(tmp_path), key: text})

    assert getattr(config, FIELDS[key]) == GOOD[key][text]


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in BAD.items() for text in texts])
def test_a_bad_value_is_refused_by_the_name_of_its_key_and_never_repeated(key: str, text: str) -> None:
    problems = problems_of(**{key: text})

    assert set(problems) == {key}
    assert "marked" not in problems[key]
    assert problems[key].startswith("must ")


def test_every_bad_key_is_named_at_once() -> None:
    problems = problems_of(PORT="x", SECRET_KEY="y", RESGUARDO_TRANSPORT="z", RESGUARDO_SPELT_WRONG="w")

    assert set(problems) == {"PORT", "SECRET_KEY", "RESGUARDO_TRANSPORT", "RESGUARDO_SPELT_WRONG"}


@given(
    st.sampled_from([key.name for key in KEYS]),
    st.text("marked-value:/\\.,[]@~%\x00\n é٢", min_size=1, max_size=60),
)
@settings(max_examples=400, deadline=None)
def test_whatever_is_given_it_is_taken_or_refused_by_name(key: str, text: str) -> None:
    read = next(known.read for known in KEYS if known.name == key)
    try:
        read(text)
        said = "must not be refused"
    except ValueError as refused:
        said = str(refused)

    assert said.startswith("must ")
    assert len(text.strip()) < LONG_ENOUGH_TO_TELL or text.strip() not in said


def test_an_empty_text_counts_as_unset(tmp_path: Path) -> None:
    config = Config.from_mapping({"RESGUARDO_DATA_DIR": str(tmp_path), "PORT": "", "DATABASE_URL": " "})

    assert config.port == 8000
    assert config.database_url == f"sqlite:///{tmp_path / 'resguardo.sqlite3'}"


def test_what_is_set_by_nobody_is_what_the_table_says(tmp_path: Path) -> None:
    config = Config.from_mapping({"RESGUARDO_DATA_DIR": str(tmp_path)})

    assert (config.host, config.port, config.transport) == ("127.0.0.1", 8000, "loopback")
    assert (config.default_language, config.site_name) == ("es", "Resguardo")
    assert (config.idle_seconds, config.session_seconds, config.guest_seconds) == (3600, 43200, 43200)
    assert (config.hash_memory_mib, config.hashes_at_once, config.threads) == (64, 2, 8)
    assert config.trusted_hosts == LOOPBACK_NAMES
    assert config.content_dir == CHECKOUT


def test_a_setting_that_doesn_t_exist_is_refused() -> None:
    assert set(problems_of(RESGUARDO_TRANPORT="https")) == {"RESGUARDO_TRANPORT"}


def test_settings_of_tests_and_of_others_are_none_of_its_business(tmp_path: Path) -> None:
    Config.from_mapping(
        {"RESGUARDO_DATA_DIR": str(tmp_path), "RESGUARDO_TEST_POSTGRESQL": "x", "FLASK_ENV": "x", "PATH": "x"}
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "kit.example", "localhost.example"])  # noqa: S104
def test_on_a_network_without_saying_so_it_does_not_start(host: str) -> None:
    assert set(problems_of(HOST=host)) == {"HOST"}


@pytest.mark.parametrize("transport", ["https", "plain"])
def test_off_loopback_it_must_know_its_names(transport: str) -> None:
    assert set(problems_of(RESGUARDO_TRANSPORT=transport)) == {"RESGUARDO_TRUSTED_HOSTS"}


@pytest.mark.parametrize("transport", ["https", "plain"])
def test_and_with_them_it_may_serve_a_network(transport: str, tmp_path: Path) -> None:
    config = Config.from_mapping(
        {**ON_A_NETWORK, "RESGUARDO_DATA_DIR": str(tmp_path), "RESGUARDO_TRANSPORT": transport, "HOST": "::"}
    )

    assert config.trusted_hosts == (*LOOPBACK_NAMES, "kit.example")


def test_no_secret_is_shown_with_the_settings(tmp_path: Path) -> None:
    config = Config.from_mapping(
        {
            "RESGUARDO_DATA_DIR": str(tmp_path),
            "SECRET_KEY": "secret of thirty-two characters!",
            "RESGUARDO_HOST_SECRET": "ab" * 32,
            "DATABASE_URL": "postgresql://user:password@host/x",
        }
    )

    for secret in ("thirty-two", "abab", "xab", "password"):
        assert secret not in repr(config)


def test_a_default_language_that_the_kit_does_not_have_is_refused_at_start(
    make_config: MakeConfig, curriculum: Curriculum
) -> None:
    with pytest.raises(ConfigError) as caught:
        create_app(make_config(RESGUARDO_DEFAULT_LANGUAGE="xx"), curriculum, Clock())

    assert caught.value.problems == {"RESGUARDO_DEFAULT_LANGUAGE": "must be one of: en, es"}


class TestTheDataFolder:
    def test_it_and_the_key_in_it_are_its_owners_alone(self, tmp_path: Path) -> None:
        folder = tmp_path / "deep" / "data"
        before = os.umask(0)
        try:
            config = Config.from_mapping({"RESGUARDO_DATA_DIR": str(folder)})
        finally:
            os.umask(before)

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / SECRET_KEY_FILE).stat().st_mode) == 0o600
        assert (folder / SECRET_KEY_FILE).read_text() == config.secret_key
        assert len(config.secret_key) >= 32

    def test_one_that_was_open_to_others_is_closed(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)

        Config.from_mapping({"RESGUARDO_DATA_DIR": str(tmp_path)})

        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700

    def test_the_key_is_made_once(self, tmp_path: Path) -> None:
        first, second = (Config.from_mapping({"RESGUARDO_DATA_DIR": str(tmp_path)}) for _ in range(2))

        assert first.secret_key == second.secret_key
        assert [file.name for file in tmp_path.iterdir()] == [SECRET_KEY_FILE]

    def test_processes_that_start_together_end_with_one_key(self, tmp_path: Path) -> None:
        code = (
            "import sys; from config import Config; sys.stdin.read();"
            f"print(Config.from_mapping({{'RESGUARDO_DATA_DIR': {str(tmp_path)!r}}}).secret_key)"
        )
        started = [
            subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(4)
        ]  # fmt: skip
        for process in started:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        keys = {process.communicate()[0].strip() for process in started}

        assert keys == {(tmp_path / SECRET_KEY_FILE).read_text()}
        assert [file.name for file in tmp_path.iterdir()] == [SECRET_KEY_FILE]

    def test_nor_does_any_of_them_ever_see_another(self, tmp_path: Path) -> None:
        """Threads meet where processes rarely do: between looking for the file and making it."""
        for number in range(25):
            folder, together = tmp_path / str(number), threading.Barrier(6)

            def read(folder: Path = folder, together: threading.Barrier = together) -> str:
                together.wait(10)
                return Config.from_mapping({"RESGUARDO_DATA_DIR": str(folder)}).secret_key

            with ThreadPoolExecutor(6) as pool:
                keys = {task.result() for task in [pool.submit(read) for _ in range(6)]}
            assert keys == {(folder / SECRET_KEY_FILE).read_text()}

    @pytest.mark.parametrize("held", ["", "short", "\n\n", "é" * 5])
    def test_a_damaged_key_is_never_used(self, held: str, tmp_path: Path) -> None:
        (tmp_path / SECRET_KEY_FILE).write_text(held)

        problems = problems_of(RESGUARDO_DATA_DIR=str(tmp_path))

        assert set(problems) == {"RESGUARDO_DATA_DIR"}
        assert SECRET_KEY_FILE in problems["RESGUARDO_DATA_DIR"]

    def test_a_file_in_its_place_is_refused_by_name(self, tmp_path: Path) -> None:
        (tmp_path / "marked-value").write_text("")

        problems = problems_of(RESGUARDO_DATA_DIR=str(tmp_path / "marked-value"))

        assert set(problems) == {"RESGUARDO_DATA_DIR"}
        assert "marked-value" not in problems["RESGUARDO_DATA_DIR"]
