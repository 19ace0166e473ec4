"""The page of a plugin says what it asks for and what was decided, and lets an administrator decide otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tenor.loader.records import PluginState
from tenor.loader.stage import actor_of

if TYPE_CHECKING:
    from core.tests.web.conftest import Browser
    from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases
PAGE, FORM = "/plugins/vault", "/plugins/vault/grants"


def on_record(kernel: Kernel) -> tuple[str | None, str | None]:
    with kernel.context(actor_of(kernel, "ding.ning"), write=False) as ctx:
        state = ctx.session.scalars(select(PluginState).where(PluginState.name == "vault")).one()
        return state.granted, state.denied


def test_what_was_granted_is_denied_and_granted_again(person: Browser, institution: Kernel) -> None:
    ding = person("ding.ning")
    assert on_record(institution) == ("files network", None)
    assert "已授予" in ding.get(PAGE)
    ding.press(PAGE, FORM, what="network", verdict="deny")
    assert on_record(institution) == ("files", "network")
    shown = ding.get(PAGE)
    assert "已拒绝" in shown
    ding.press(PAGE, FORM, what="network", verdict="grant")
    assert on_record(institution) == ("files network", None)


def test_nothing_else_is_decided_than_what_it_asks_for(
    person: Browser, institution: Kernel
) -> None:
    ding = person("ding.ning")
    token = ding.form(PAGE, FORM)["csrf_token"]
    for what, verdict, status in (
        ("elevated", "grant", 404), ("", "grant", 404), ("errands:files", "deny", 404), ("files", "give", 404),
    ):  # fmt: skip
        ding.send(FORM, {"csrf_token": token, "what": what, "verdict": verdict}, status)
    assert on_record(institution) == ("files network", None)


def test_who_does_not_manage_plugins_decides_nothing(person: Browser, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    token = lin.form("/", "/sign-out")["csrf_token"]
    lin.send(FORM, {"csrf_token": token, "what": "files", "verdict": "deny"}, 403)
    assert on_record(institution) == ("files network", None)


def test_a_plugin_that_asks_for_nothing_has_no_such_table(person: Browser) -> None:
    assert FORM.replace("vault", "errands") not in person("ding.ning").get("/plugins/errands")
