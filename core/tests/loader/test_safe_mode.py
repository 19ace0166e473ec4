"""Safe mode, by hand: the kernel's own part alone, whatever plugins do; nobody but administrators, no job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tenor.audit.jobs import seal_ledger
from tenor.boot import boot
from tenor.jobs.overview import overview
from tenor.kernel import Kernel
from tenor.loader import lifecycle
from tenor.loader.state import connected, read_state
from tenor.testing.institution import as_actor
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tenor_sdk.errors import Forbidden, Refused

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf


@pytest.fixture
def plugins() -> tuple[str, ...]:
    return ("notes",)


@contextmanager
def next_process(institution: Kernel) -> Iterator[Kernel]:
    """What a process runs that begins now."""
    kernel = boot(institution.settings)
    try:
        yield kernel
    finally:
        kernel.db.dispose()


def switch(institution: Kernel, reason: str, login: str = "ding.ning") -> None:
    with as_actor(institution, login) as ctx:
        lifecycle.set_safe_mode(institution, ctx, reason)


@pytest.mark.both_databases
def test_the_next_process_runs_the_kernel_alone_until_it_is_over(institution: Kernel) -> None:
    before = read_state(institution.settings.database).generation
    switch(institution, "the rates are being looked at")
    with next_process(institution) as kernel:
        assert kernel.safe_mode
        assert (kernel.loader.order.names, kernel.failures) == (["base"], [])
    switch(institution, "")
    with next_process(institution) as kernel:
        assert not kernel.safe_mode
        assert kernel.loader.order.names == ["base", "notes"]
    state = read_state(institution.settings.database)
    assert (state.generation, state.enabled) == (before + 2, ("notes",))


@pytest.mark.both_databases
def test_no_job_runs_meanwhile_and_none_is_lost(institution: Kernel) -> None:
    institution.jobs.run_due()
    switch(institution, "a copy, to look at")
    with as_actor(institution, "ding.ning") as ctx:
        ctx.enqueue(seal_ledger)
    with next_process(institution) as kernel:
        assert kernel.jobs.run_due() == 0
    switch(institution, "")
    with next_process(institution) as kernel:
        assert kernel.jobs.run_due() >= 1


def test_it_says_why_a_job_waits(institution: Kernel) -> None:
    switch(institution, "a copy, to look at")
    with as_actor(institution, "ding.ning") as ctx:
        ctx.enqueue(seal_ledger)
    with next_process(institution) as kernel, as_actor(kernel, "ding.ning", write=False) as ctx:
        said = {str(each.why) for each in overview(ctx, "ready", 100).jobs}
    assert said == {"The institution is in safe mode."}


def test_what_is_over_is_not_ended_again(institution: Kernel) -> None:
    with pytest.raises(Refused) as refused:
        switch(institution, "")
    assert refused.value.key == "safe-mode-is-over"


def test_only_who_may_manage_plugins_may(institution: Kernel) -> None:
    with pytest.raises(Forbidden):
        switch(institution, "a joke", login="lin.xiaowen")


def test_the_ledger_says_who_and_why(institution: Kernel) -> None:
    switch(institution, "the rates are being looked at")
    with as_actor(institution, "song.qing", write=False) as ctx:
        entries = institution.audit.search(ctx, table="base_generation")
    newest = entries[0]
    assert newest.actor_name
    assert "the rates are being looked at" in str(newest.changes)


def test_the_command_needs_no_plugin_that_can_be_imported(
    shelf: Shelf, command: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that ends whatever process imports it."""
    monkeypatch.setenv("TENOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TENOR_LANG", "en")
    command("init")
    shelf.plugin("deadly", body="import os\nos._exit(7)")
    with connected(f"sqlite:///{tmp_path}/home/tenor.db") as connection, connection.begin():
        connection.execute(
            text(
                "INSERT INTO base_plugin_state (name, enabled, installed_version, version, created_at, changed_at)"
                " SELECT 'deadly', 1, '', 1, created_at, created_at FROM base_generation"
            )
        )
    assert "Safe mode: it ends everything" in command(
        "safe-mode", "on", "--reason", "it ends everything"
    )
    assert "it ends everything" in command("safe-mode", "show")
    assert "the kernel's own" not in command("plugin", "disable", "deadly")
    assert "All that is enabled runs." in command("safe-mode", "off")


def test_the_page_of_plugins_says_that_they_are_left_out(institution: Kernel) -> None:
    """Not that they start with the next process: that one runs the kernel alone too."""
    switch(institution, "the rates are being looked at")
    with next_process(institution) as kernel:
        client = create_app(kernel).test_client()
        token = kernel.identity._open("ding.ning", "")
        client.set_cookie(SESSION_COOKIE, token, domain="localhost")
        page = client.get("/plugins").text
    assert "安全模式下不运行" in page
    assert "下一个进程起运行" not in page


def test_whoever_is_kept_out_is_told_why(institution: Kernel) -> None:
    """What the administrator gave as the reason, not that a plugin is at fault."""
    switch(institution, "the rates are being looked at")
    with next_process(institution) as kernel:
        client = create_app(kernel).test_client()
        token = kernel.identity._open("lin.xiaowen", "")
        client.set_cookie(SESSION_COOKIE, token, domain="localhost")
        answer = client.get("/")
    assert answer.status_code == 503
    assert "系统处于安全模式：the rates are being looked at" in answer.text
    assert "关键插件" not in answer.text


def test_the_list_of_plugins_says_what_is_left_out_and_why(
    institution: Kernel, command: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENOR_LANG", "en")
    monkeypatch.setenv("TENOR_DATABASE_URL", institution.settings.database)
    assert "Safe mode" not in command("plugin", "list")
    switch(institution, "the rates are being looked at")
    said = command("plugin", "list")
    notes = next(line for line in said.splitlines() if line.startswith("notes "))
    assert notes.endswith("left out in safe mode")
    assert said.endswith("Safe mode: the rates are being looked at\n")


def test_tables_of_before_keep_tenor_itself_from_starting(
    institution: Kernel, command: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with institution.db.raw() as connection:
        connection.execute(text("UPDATE base_schema SET version_num = '0001'"))
    monkeypatch.setenv("TENOR_DATABASE_URL", institution.settings.database)
    monkeypatch.setenv("TENOR_SECRET_KEY", institution.settings.secret_key)
    monkeypatch.setenv("TENOR_LANG", "en")
    said = command("list", "notes.note", "--as", "ding.ning", expect=1)
    assert said == (
        "tenor: Tenor itself can't start. Its tables are not yet those of the installed version."
        " Run tenor migrate\n"
    )
