"""Third parties' plugins are written as ours have to be: their own tests pass on our wheels, and they import what they
may. `make check` holds them to mypy strict and pyright."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenor_test_support import process
from tests.third_party import wheels
from tests.third_party.wheels import VENDORS, Environment
from tools.checks.found import imports

MACHINE = Path(__file__).with_name("signing_machine.py")
NAMES = sorted(each.name for each in VENDORS.iterdir() if (each / "pyproject.toml").is_file())


@pytest.fixture(scope="module")
def everything(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with all wheels, ours and theirs."""
    folder = tmp_path_factory.mktemp("everything")
    made = wheels.environment(shared, folder / "environment")
    made.install(*[wheels.vendors(name, folder / "wheels") for name in NAMES])
    return made


@pytest.fixture(scope="module")
def sandbox(everything: Environment) -> Iterator[str]:
    """The address of the machine of Signet's."""
    log = everything.folder.with_name("machine.log")
    with log.open("wb") as said:
        machine = process.start([everything.python, MACHINE], log=said)
        process.wait_until(lambda: log.read_bytes().endswith(b"\n"), machine, log)
        yield log.read_text("utf-8").strip()
        process.stop(machine)


@pytest.mark.parametrize("name", NAMES)
def test_their_own_tests_pass(
    everything: Environment, sandbox: str, tmp_path: Path, name: str
) -> None:
    shutil.copytree(VENDORS / name / "tests", tmp_path / name / "tests")
    shutil.copyfile(VENDORS / name / "pyproject.toml", tmp_path / name / "pyproject.toml")
    words = ("-q", "-p", "no:cacheprovider", "--databases=sqlite", str(tmp_path / name / "tests"))
    said = everything.run("-m", "pytest", *words, environment={"SIGNET_SANDBOX": sandbox})
    assert re.search(r"^\d+ passed in", said, re.MULTILINE), said


@pytest.mark.parametrize("name", NAMES)
def test_they_import_the_sdk_and_what_their_hosts_publish(name: str) -> None:
    project = tomllib.loads((VENDORS / name / "pyproject.toml").read_text("utf-8"))["project"]
    required = [re.split(r"[<>=]", each)[0].replace("-", "_") for each in project["dependencies"]]
    allowed = {"tenor_sdk", f"tenor_{name}", *(f"{each}.public" for each in required)}
    for path in sorted((VENDORS / name / f"tenor_{name}").rglob("*.py")):
        ours = [each for _line, each in imports(path) if each.startswith("tenor")]
        assert not [
            each for each in ours if not any(f"{each}.".startswith(f"{one}.") for one in allowed)
        ], path


def test_they_need_no_ignores() -> None:
    for path in VENDORS.rglob("*.py"):
        assert "type: ignore" not in path.read_text("utf-8"), path
        assert "noqa" not in path.read_text("utf-8"), path
