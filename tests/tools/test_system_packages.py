"""What the system lacks is said by name, with what it is for; nothing is skipped for want of it."""

import os
import shutil

import pytest

from tools import system_packages
from tools.system_packages import Need


@pytest.fixture(autouse=True)
def _without_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def test_what_is_missing_is_named_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needs = (
        Need("redis-server", "the queue", lambda: False),
        Need("chromium", "pages", lambda: True),
    )
    monkeypatch.setattr(system_packages, "NEEDS", needs)
    assert system_packages.main() == 1
    said = capsys.readouterr().err
    assert "missing: redis-server, for the queue" in said
    assert said.endswith("sudo apt-get install redis-server\n")


def test_where_all_is_there_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "NEEDS", (Need("chromium", "pages", lambda: True),))
    assert system_packages.main() == 0
    assert capsys.readouterr() == ("", "")


def test_what_only_makes_the_tests_faster_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needs = (Need("chromium-headless-shell", "speed", lambda: False, must=False),)
    monkeypatch.setattr(system_packages, "NEEDS", needs)
    assert system_packages.main() == 0
    assert capsys.readouterr() == ("", "")
