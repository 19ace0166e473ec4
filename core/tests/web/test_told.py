"""The page on which a person says how they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenor.context import KernelContext
from tenor.jobs.notices import JOB_PARKED
from tenor.notify.records import BouncedAddress
from tenor.workflow.notices import TASK
from tenor_sdk.testing import as_actor

if TYPE_CHECKING:
    from tenor.kernel import Kernel

PATH = "/me/notices"


def _way(institution: Kernel, login: str, kind: str) -> str:
    with as_actor(institution, login, write=False) as ctx:
        assert isinstance(ctx, KernelContext)
        return institution.notify.wishes.all_of(ctx, ctx.actor.id)[kind, "mail"].way


def test_a_person_chooses_on_their_own_page(person: Any, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    assert PATH in lin.get("/me")
    form = lin.form(PATH)
    assert form[f"{TASK.key}:mail"] == "at-once"
    lin.press(PATH, PATH, **{f"{TASK.key}:mail": "digest", "starts": "22:00", "ends": "07:00"})
    assert _way(institution, "lin.xiaowen", TASK.key) == "digest"
    assert lin.form(PATH)["starts"] == "22:00"
    assert _way(institution, "zhou.qiming", TASK.key) == "at-once"


def test_what_nobody_may_switch_off_says_so_and_stays(person: Any, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    shown = lin.get(PATH)
    assert "由机构规定" in shown
    form = lin.form(PATH)
    lin.send(PATH, {**form, f"{JOB_PARKED.key}:mail": "none"}, 303)
    assert _way(institution, "lin.xiaowen", JOB_PARKED.key) == "at-once"


def test_a_time_that_is_none_is_told_beside_its_field(person: Any) -> None:
    lin = person("lin.xiaowen")
    form = lin.form(PATH)
    shown = lin.send(PATH, {**form, "starts": "late", "ends": "07:00"}, 422).text
    assert "请填写时间" in shown
    assert "late" in shown


def test_the_page_says_that_ones_address_bounces(person: Any, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    assert "550 gone" not in lin.get(PATH)
    with institution.context(institution.access.system_actor(), write=True) as ctx:
        institution.notify.bounces.mark(ctx, "lin.xiaowen@haiyue.example", "550 gone")
    assert "550 gone" in lin.get(PATH)


def test_an_administrator_sets_what_holds_for_who_didnt_choose(
    person: Any, institution: Kernel
) -> None:
    ding = person("ding.ning")
    form = ding.form("/base/notice-default/new")
    given = {"kind": TASK.key, "channel": "mail", "way": "none", "fixed": "1"}
    ding.send("/base/notice-default/new", {**form, **given}, 303)
    assert _way(institution, "lin.xiaowen", TASK.key) == "none"
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert not ctx.may(BouncedAddress, "read")
