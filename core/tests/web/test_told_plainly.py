"""Whoever sees a page for the first time reads where they are, of when a thing is, and what has become of it."""

from __future__ import annotations

import re
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.web.show import Show
from tenor_sdk.i18n import Text
from tenor_sdk.notify import notify
from tenor_sdk.testing import as_actor, on_date

pytestmark = pytest.mark.both_databases

BOX = "/vault/box/1"
HEAD = re.compile(r'<header class="t-head">.*?</header>', re.DOTALL)


def head(page: str) -> str:
    """The title block."""
    found = HEAD.search(page)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("language", "label", "inside"),
    [
        ("en", "Customer", "customer"),
        ("en", "NPL case", "NPL case"),
        ("en", "Position held", "position held"),
        ("en", "A", "a"),
        ("en", "", ""),
        ("zh-CN", "客户", "客户"),
        ("zh-CN", "Box", "Box"),  # nobody has translated it: it is a name
    ],
)
def test_a_label_begins_small_within_a_sentence_and_an_abbreviation_does_not(
    institution: Kernel, language: str, label: str, inside: str
) -> None:
    ctx: Any
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert Show(ctx, language).within(label) == inside


def test_the_button_that_makes_one_says_it_as_a_sentence(person: Any, box: Any) -> None:
    box()
    lin = person("lin.xiaowen")
    lin.press("/", "/me/preferences", language="en")
    assert "New box" in lin.get("/vault/box")
    assert "New box" in head(lin.get("/vault/box/new"))


def test_what_is_archived_says_so_on_its_page_and_offers_the_way_back(
    person: Any, box: Any
) -> None:
    box()
    lin = person("lin.xiaowen")
    assert "已归档" not in head(lin.get(BOX))
    lin.press(BOX, f"{BOX}/archive")
    shown = head(lin.get(BOX))
    assert re.search(r'<span class="t-tag[^>]*>已归档</span>', shown)
    assert re.search(r"</svg>取消归档</button>", shown)  # in words, not behind a picture
    lin.press(BOX, f"{BOX}/archive")
    assert "已归档" not in head(lin.get(BOX))


def test_on_my_work_a_notice_of_another_day_says_the_day(person: Any, institution: Kernel) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        notify(ctx, [ctx.actor.id], Text("told", {}, None, "tenor_vault"))
    today = institution.clock.today()
    assert re.search(r"<time[^>]*>\d\d:\d\d</time>", person("lin.xiaowen").get("/"))
    with on_date(institution, today + timedelta(days=1)):
        shown = person("lin.xiaowen").get("/")
        assert re.search(rf"<time[^>]*>{today:%m-%d} \d\d:\d\d</time>", shown)
        inbox = person("lin.xiaowen").get("/inbox")
        assert re.search(r"<time[^>]*>\d\d:\d\d</time>", inbox)  # under the heading of its day
    with on_date(institution, today.replace(year=today.year + 1)):
        assert re.search(rf"<time[^>]*>{today}</time>", person("lin.xiaowen").get("/"))


def test_the_page_of_a_unit_stands_under_the_units(person: Any) -> None:
    shown = person("ding.ning").get("/base/unit/1")
    assert re.search(r'<a[^>]*href="/units"[^>]*aria-current', shown)


def test_a_position_held_is_called_as_people_call_it(person: Any, institution: Kernel) -> None:
    from tenor.access.records import UserPosition

    with as_actor(institution, "ding.ning", write=False) as ctx:
        held = ctx.session.query(UserPosition).filter_by(position="relationship-manager").first()
        assert held is not None
        identity = held.id
    shown = head(person("ding.ning").get(f"/base/user-position/{identity}"))
    assert "客户经理" in shown
    assert "relationship-manager" not in shown


def test_the_ledger_names_the_kind_of_a_nameless_record_once(
    person: Any, institution: Kernel
) -> None:
    from tenor.access.records import UserRole

    with as_actor(institution, "ding.ning") as ctx:
        ctx.session.add(UserRole(user_id=1, role="base.auditor"))
    shown = person("song.qing").get("/audit")
    row = next(row for row in shown.split("<tr") if "base.auditor" in row)
    assert row.count("授予的角色") == 1


def test_in_chinese_what_is_listed_has_the_signs_of_chinese(person: Any, box: Any) -> None:
    box(kind="papers")
    lin = person("lin.xiaowen")
    roles = lin.get("/me").partition("<dt>角色</dt>")[2].partition("</dd>")[0]
    assert "、" in roles
    assert ", " not in roles
    assert re.search(r"<bdi>[^<]+：[^<]+</bdi>", lin.get("/vault/box?kind=papers"))


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("transition", "submit", "流程步骤：vault.submit"),
        ("panel", "tenor_vault.views.worth", "面板：tenor_vault.views.worth"),
    ],
)
def test_what_takes_a_plugin_longest_is_told_by_what_it_is(
    person: Any, institution: Kernel, kind: str, name: str, said: str
) -> None:
    now = perf_counter()
    institution.events.timings.meter(kind, "vault", name).count(now - 60, failed=False, ended=now)
    assert f'title="{said}"' in person("ding.ning").get("/plugins")
