"""``tenor list``: what a person may see, narrowed and sorted as over REST."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tenor.boot import boot
from tenor.loader.stage import actor_of
from tenor.settings import KernelSettings

Run = Callable[..., str]


@pytest.fixture
def tenor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Run) -> Run:
    """The command in an institution with three errands of Ann's; Bob may see none."""
    from tenor_errands.public import Errand

    monkeypatch.setenv("TENOR_HOME", str(tmp_path))
    monkeypatch.setenv("TENOR_LANG", "en")

    command("init", "errands")
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n" * 2))
    command("user", "add", "ann", "Ann", "--position", "relationship-manager", "--language", "en")
    command("user", "add", "bob", "Bob")
    kernel = boot(KernelSettings.load())
    with kernel.context(actor_of(kernel, "ann"), write=True) as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        for subject, due in (("deed", date(2031, 3, 5)), ("seal", None), ("keys\x1b[2J", None)):
            ctx.session.add(Errand(subject=subject, due_on=due, **whose))
            ctx.session.flush()
    kernel.db.dispose()
    return command


def subjects(said: str) -> list[str]:
    return [json.loads(line)["subject"][:4] for line in said.splitlines()]


def ann(*more: str) -> tuple[str, ...]:
    return ("list", "errands.errand", "--as", "ann", *more)


def test_a_table_has_the_columns_of_the_list(tenor: Run) -> None:
    head, *rows = tenor(*ann("--sort", "number")).splitlines()
    assert head.split("  ")[0] == "Number"
    assert [row.split()[1] for row in rows] == ["deed", "seal", "keys[2J"]
    assert rows[0].endswith("2031-03-05  To do")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), ["keys", "seal", "deed"]),
        (("--sort", "subject"), ["deed", "keys", "seal"]),
        (("--sort=-subject",), ["seal", "keys", "deed"]),
        (("--filter", "due_on = empty", "--sort", "number"), ["seal", "keys"]),
        (("--filter", '"Due on" = 2031-03 or subject ~ SEAL', "--sort", "number"), ["deed", "seal"]),
        (("--limit", "2"), ["keys", "seal"]),
    ],
)  # fmt: skip
def test_records_are_narrowed_and_sorted_line_by_line(
    tenor: Run, words: tuple[str, ...], wanted: list[str]
) -> None:
    assert subjects(tenor(*ann("--format", "jsonl", *words))) == wanted


def test_more_rows_than_one_statement_reads_come_in_order(
    tenor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.cli.listing._CHUNK", 2)
    assert subjects(tenor(*ann("--format", "jsonl"))) == ["keys", "seal", "deed"]
    assert len(tenor(*ann()).splitlines()) == 4


def test_what_isnt_shown_is_told(tenor: Run) -> None:
    assert "There are more; only the first 2 are shown." in tenor(*ann("--limit", "2"))
    assert "There are more" not in tenor(*ann("--limit", "3"))


def test_it_is_said_in_chinese_as_well(tenor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENOR_LANG", "zh-CN")
    said = tenor(*ann("--limit", "1"))
    assert "编号" in said
    assert "还有更多，仅显示前 1 条。" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--filter", "due_on = empty and colour = red"),
            "Filter, at character 20: this list can't be narrowed by colour.",
        ),
        (("--filter", "state >= done"), "at character 1: state can't be compared by >=."),
        (("--filter", "due_on = \x1b"), "At character 10 stands what doesn't belong in a text."),
        (("--filter", "due_on > soon"), "at character 10: due_on"),
        (("--filter", "due_on >"), "at character 9: expected a value"),
        (("--sort", "colour"), "can't be sorted by colour"),
    ],
)
def test_what_isnt_understood_is_refused(tenor: Run, words: tuple[str, ...], told: str) -> None:
    assert told in tenor(*ann(*words), expect=1)


def test_whoever_may_not_read_them_finds_none(tenor: Run) -> None:
    said = tenor("list", "errands.errand", "--as", "bob", expect=1)
    assert said == tenor("list", "base.ledger-entry", "--as", "bob", expect=1)
    assert "deed" not in said
    assert "There is no record" in tenor("list", "errands.nothing", "--as", "ann", expect=1)


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_is_a_number_of_rows(tenor: Run, limit: str) -> None:
    with pytest.raises(SystemExit) as left:
        tenor(*ann(f"--limit={limit}"))
    assert left.value.code == 2
