"""``tenor access``: what positions may do, and why somebody may or may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., str]


@pytest.fixture
def tenor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Run) -> Run:
    """The command in an institution with errands, and with Ann, who manages relationships."""
    monkeypatch.setenv("TENOR_HOME", str(tmp_path))
    monkeypatch.setenv("TENOR_LANG", "en")

    command("init", "errands", "notes")
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    command(
        "user",
        "add",
        "ann",
        "Ann",
        "--position",
        "relationship-manager",
        "--role",
        "notes.note-author",
    )
    return command


def test_the_matrix_says_what_each_position_may_do_from_the_start(tenor: Run) -> None:
    lines = tenor("access", "matrix", "--record", "errands.errand").splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["errands.errand", "relationship-manager", "RCUDE", "unit"]
    ]
    everybody = tenor("access", "matrix", "--position", "everybody")
    assert "base.unit" in everybody
    assert "errands.errand" not in everybody


def test_somebodys_grants_are_told_with_where_they_come_from(tenor: Run) -> None:
    said = tenor("access", "explain", "ann", "errands.errand")
    assert said.startswith("ann may: read, create, update, delete, export\n")
    assert "read    unit   errands.errand-runner  relationship-manager" in said
    assert "notes.note-author  given" in tenor("access", "explain", "ann", "notes.note")
    assert tenor("access", "explain", "ann", "base.ledger-entry").startswith("ann may: –\n")


def test_of_one_record_it_is_told_which_grants_reach_it(tenor: Run) -> None:
    assert tenor("access", "explain", "ann", "errands.errand", "77").startswith("ann may: –\n")
    assert "doesn't reach it" in tenor("access", "explain", "ann", "errands.errand", "77")
    assert "reaches it" in tenor("access", "explain", "ann", "base.unit", "1")


def test_by_whose_delegation_somebody_may_is_told_and_until_when(
    tenor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    tenor("user", "add", "bob", "Bob")
    monkeypatch.setenv("TENOR_BUSINESS_DATE", "2026-06-30")
    last = "2026-07-31"
    assert tenor("access", "explain", "bob", "errands.errand").startswith("bob may: –\n")
    tenor("delegation", "give", "ann", "bob", "--until", last, "--reason", "on leave")
    said = tenor("access", "explain", "bob", "errands.errand")
    assert said.startswith("bob may: read, create, update, delete, export\n")
    assert f"relationship-manager, delegated by Ann until {last}" in said
    assert "note-author" not in tenor("access", "explain", "bob", "notes.note")


def test_what_there_isnt_is_said(tenor: Run) -> None:
    assert "nosuch.thing" in tenor("access", "explain", "ann", "nosuch.thing", expect=1)
    tenor("access", "explain", "nobody", "errands.errand", expect=1)
