"""What the page of plugins says before one is removed, brought back, destroyed or upgraded; it does none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenor.loader.consequences import Consequences, Gain, Stranding
from tenor.loader.lifecycle import ChangePlan, record_state
from tenor.loader.removing import remove
from tenor.loader.stage import actor_of
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from core.tests.web.conftest import Browser
    from tenor.context import KernelContext
    from tenor.kernel import Kernel


def removed(kernel: Kernel, name: str) -> None:
    """Disable a plugin and remove it, as an administrator does on the machine."""
    with kernel.context(actor_of(kernel, "ding.ning"), write=True) as ctx:
        record_state(kernel, ctx, disable=[name])
    remove(kernel, actor_of(kernel, "ding.ning"), name)


def test_a_plan_says_what_goes_and_what_stands_in_the_way(person: Browser) -> None:
    said = person("ding.ning").get("/plugins/errands/remove")
    assert "tenor plugin disable errands" in said
    assert "visits" in said
    assert "tenor plugin remove errands" not in said


def test_a_plugin_is_called_as_in_the_list_where_it_is_to_be_disabled(person: Browser) -> None:
    said = person("ding.ning").get("/plugins/visits/disable")
    assert "停用插件“走访次数”" in said


def test_a_plan_calls_people_plugins_and_cases_by_what_they_are_called(
    person: Browser, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    gain = Gain(plugin="visits", title="Errand checker", everybody=False, people=("方正", "杜远"))
    flow = Stranding(workflow="errands.errand", state="checking", count=2)
    change = ChangePlan(
        verb="disable", name="visits", disables=("visits",),
        brings=Consequences(gains=(gain,), strandings=(flow,)),
    )  # fmt: skip
    monkeypatch.setattr(institution.loader, "plan_disable", lambda _name: change)
    said = person("ding.ning").get("/plugins/visits/disable")
    assert "“走访次数”的角色“跑腿核对人”授予：方正、杜远" in said
    assert "“跑腿”有 2 笔处于 checking" in said


def test_the_page_of_a_plugin_says_what_it_is_and_what_needs_it(person: Browser) -> None:
    said = person("ding.ning").get("/plugins/errands")
    assert "跑腿：供其他插件扩展的示例" in said
    assert "走访次数" in said
    assert 'href="/plugins/errands/disable"' in said


def test_where_nothing_can_be_done_one_goes_back(person: Browser) -> None:
    ding = person("ding.ning")
    assert "返回" in ding.get("/plugins/errands/disable")
    assert "返回" not in ding.get("/plugins/visits/disable")


def test_what_was_removed_is_listed_with_the_way_back(person: Browser, institution: Kernel) -> None:
    removed(institution, "visits")
    ding = person("ding.ning")
    said = ding.get("/plugins")
    assert "/plugins/visits/restore" in said
    assert "/plugins/visits/remove" not in said
    assert "tenor plugin restore visits" in ding.get("/plugins/visits/restore")
    assert "tenor plugin purge visits" in ding.get("/plugins/visits/purge")


def test_the_page_only_plans(person: Browser) -> None:
    ding = person("ding.ning")
    assert "tenor plugin upgrade" in ding.get("/plugins/errands/upgrade")
    token = ding.form("/plugins/visits/disable")["csrf_token"]
    for verb in ("remove", "restore", "purge", "upgrade"):
        ding.send(f"/plugins/visits/{verb}", {"csrf_token": token}, 404)


def test_who_does_not_manage_plugins_sees_no_plan(person: Browser) -> None:
    for verb in ("remove", "restore", "purge", "upgrade"):
        person("lin.xiaowen").get(f"/plugins/visits/{verb}", 403)


def test_enabling_that_fails_after_the_commit_is_not_told_as_done_when_it_is_sent_again(
    person: Browser, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The migrations run after it: they may be refused."""

    def refused() -> None:
        raise Refused("migration-refused", plugin="visits", problem="a table is in use")

    def enable(ctx: KernelContext, name: str, _decision: object) -> ChangePlan:
        ctx.after_commit.append(refused)
        return ChangePlan(verb="enable", name=name)

    monkeypatch.setattr(institution.loader, "enable", enable)
    ding = person("ding.ning")
    sent = {
        "csrf_token": ding.form("/plugins/visits/disable")["csrf_token"],
        "_once": "a-form-of-ours",
    }
    for _time in range(2):
        answer = ding.send("/plugins/visits/enable", sent, 422)
        assert "a table is in use" in answer.text
