"""The kernel's settings: one TOML file and the environment, with errors that name the place."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.settings import KernelSettings, SettingsError


def written(folder: Path, text: str) -> Path:
    file = folder / "tenor.toml"
    file.write_text(text, "utf-8")
    return file


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = KernelSettings.load(environ={"TENOR_HOME": str(tmp_path)})
    assert settings.mode == "embedded"
    assert settings.database == f"sqlite:///{tmp_path}/tenor.db"
    assert settings.files_folder == tmp_path / "files"


def test_folders_lie_beside_the_file_that_names_them(tmp_path: Path) -> None:
    file = written(tmp_path, 'data_dir = "data"\nbusiness_date = 2026-06-30\n')
    settings = KernelSettings.load(file, environ={})
    assert settings.data_dir == tmp_path / "data"
    assert settings.business_date == date(2026, 6, 30)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "port = 8000\n")
    environment = {"TENOR_PORT": "9000", "TENOR_DEMO": "true", "TENOR_LANGUAGES": "en, zh-CN"}
    settings = KernelSettings.load(file, environ=environment)
    assert (settings.port, settings.demo, settings.languages) == (9000, True, ("en", "zh-CN"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n\nmodee = "embedded"\n', r"tenor\.toml:3: modee isn't a setting; do you mean mode\?"),
        ('port = "eighty"\n', r"tenor\.toml:1: port: a whole number is needed, not 'eighty'"),
        ("port = true\n", r"tenor\.toml:1: port: a whole number is needed"),
        ('\nmode = "fast"\n', r"tenor\.toml:2: mode: one of embedded, distributed is needed"),
        ('time_zone = "Mars/Base"\n', r"tenor\.toml:1: time_zone: 'Mars/Base' isn't a time zone"),
        ('business_date = "soon"\n', r"tenor\.toml:1: business_date: a date such as 2026-06-30"),
        ("institution = 5\n", r"tenor\.toml:1: institution: text in quotes is needed"),
        ("session_hours = 0\n", r"tenor\.toml:1: session_hours: from 1 to 8760 hours"),
        ("session_hours = 9999999999\n", r"tenor\.toml:1: session_hours: from 1 to 8760 hours"),
        ("[drivers]\nsigning = 5\n", r"tenor\.toml:1: drivers: text in quotes"),
        ("[nonsense]\na = 1\n", r"tenor\.toml:1: nonsense isn't a setting"),
        ("port = \n", r"tenor\.toml: isn't TOML: .*line 1"),
    ],
)
def test_what_cannot_be_used_is_named_with_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        KernelSettings.load(written(tmp_path, text), environ={})


def test_a_variable_that_cannot_be_used_is_named() -> None:
    with pytest.raises(SettingsError, match="TENOR_PORT: port: a whole number is needed"):
        KernelSettings.load(environ={"TENOR_PORT": "x"})


def test_a_slip_in_a_variable_is_an_error_and_another_programs_variable_is_not() -> None:
    with pytest.raises(SettingsError, match="do you mean TENOR_DATABASE_URL"):
        KernelSettings.load(environ={"TENOR_DATABSE_URL": "sqlite://"})
    KernelSettings.load(environ={"TENOR_SAXOPHONE": "1"})


def test_a_driver_can_be_chosen_in_the_environment() -> None:
    settings = KernelSettings.load(environ={"TENOR_DRIVER_SIGNING": "embedded"})
    assert settings.drivers == {"signing": "embedded"}


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        KernelSettings.load(tmp_path / "other.toml", environ={})


def test_a_missing_secret_key_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tenor init makes one"):
        _ = KernelSettings(data_dir=tmp_path).key


@given(st.integers(0, 65535))
def test_a_number_in_the_environment_reads_as_in_the_file(port: int) -> None:
    assert KernelSettings.load(environ={"TENOR_PORT": str(port)}).port == port
