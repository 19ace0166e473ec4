"""Filters that people save: tabs of a list, their own and shared ones, opened within the reader's rows and fields."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.testing import as_actor as as_kernel
from tenor.views.saved import MOST
from tenor_sdk.testing import as_actor, make_user

pytestmark = pytest.mark.both_databases

LIN, SHEN = "lin.xiaowen", "shen.bai"
LIST = "/vault/box"
GOLD = "kind=gold-bars&sort=-name"


@pytest.fixture
def three(box: Any) -> None:
    from tenor_vault.records import Kind

    box(name="deeds", kind=Kind.PAPERS)
    box(name="bars", kind=Kind.GOLD)
    box(name="coins", kind=Kind.GOLD)


def tabs(html: str) -> dict[str, str]:
    """Where each tab leads."""
    inner = html.partition('<ul class="t-tabs"')[2].partition("</ul>")[0]
    links = re.findall(r'(?s)<a class="t-tab[^"]*" href="([^"]*)"[^>]*>(.*?)</a>', inner)
    return {" ".join(re.sub(r"<[^>]+>", " ", body).split()): unescape(href) for href, body in links}


def current(html: str) -> str:
    """The tab that is shown."""
    found = re.search(
        r'(?s)aria-current="page"[^>]*>(.*?)</a>', html.partition('class="t-tabs"')[2]
    )
    return re.sub(r"<[^>]+>", " ", found[1]).split()[0] if found else ""


def save(person: Any, name: str, query: str = GOLD, **more: str) -> None:
    person.press(f"{LIST}/saved/new?{query}", f"{LIST}/saved/new?{query}", name=name, **more)


def sharer(institution: Kernel, login: str = "vault.head") -> str:
    """Somebody who may share filters."""
    positions = [("branch-head", "YZ"), ("relationship-manager", "YZ")]
    make_user(institution, login, positions=positions, unit="YZ")
    return login


@pytest.mark.usefixtures("three")
def test_what_is_shown_is_saved_and_opened_again(person: Any) -> None:
    lin = person(LIN)
    offered = tabs(lin.get(f"{LIST}?sort=-name&kind=gold-bars"))
    assert "保存此筛选" not in tabs(lin.get(LIST))
    assert offered["保存此筛选"] == f"{LIST}/saved/new?{GOLD}"
    save(lin, "金条")
    page = lin.get(tabs(lin.get(LIST))["金条"])
    assert current(page) == "金条"
    assert "deeds" not in page.partition("<tbody>")[2]
    assert page.index(">coins<") < page.index(">bars<")


@pytest.mark.usefixtures("three")
def test_tabs_are_counted_after_the_page_is_shown(
    person: Any, box: Any, statements: list[str]
) -> None:
    lin = person(LIN)
    save(lin, "金条")
    assert f'hx-get="{LIST}/saved?' in lin.get(LIST)
    assert "金条 2" in tabs(lin.get(f"{LIST}/saved"))
    counts = []
    for _round in range(2):
        statements.clear()
        lin.get(LIST)
        counts.append(len(statements))
        save(lin, f"第 {len(counts)} 个", "kind=papers")
    assert counts[0] == counts[1]


def test_it_is_renamed_and_removed_by_its_owner_alone(person: Any) -> None:
    lin = person(LIN)
    save(lin, "金条")
    edit = tabs(lin.get(f"{LIST}?{GOLD}"))["修改此筛选"]
    lin.press(edit, edit, name="黄金")
    assert "黄金" in tabs(lin.get(LIST))
    shen = person(SHEN)
    shen.get(edit, 404)
    token = shen.form("/me/notices")["csrf_token"]
    shen.send(edit, {"name": "x", "csrf_token": token}, 404)
    lin.press(edit, edit, _do="remove")
    assert "黄金" not in tabs(lin.get(LIST))


def test_sharing_is_a_right_and_what_is_shared_is_there_for_whoever_reads_the_list(
    person: Any, institution: Kernel
) -> None:
    lin = person(LIN)
    new = f"{LIST}/saved/new?{GOLD}"
    assert "shared" not in lin.form(new, new)
    lin.press(new, new, 403, name="只有我", shared="1")
    save(lin, "只有我")
    head = person(sharer(institution))
    save(head, "大家的", "kind=papers", shared="1")
    seen = tabs(lin.get(LIST))
    assert list(seen) == ["Boxes", "Sealed boxes", "含已归档", "只有我", "大家的"]
    assert "只有我" not in tabs(head.get(LIST))
    assert "修改此筛选" not in tabs(lin.get(seen["大家的"]))
    with as_actor(institution, LIN) as ctx:
        from tenor.views.records import SavedFilter

        assert [each.name for each in ctx.session.query(SavedFilter)] == ["只有我"]


def test_the_list_opens_with_it_for_whoever_wants_so(person: Any) -> None:
    lin = person(LIN)
    save(lin, "金条", opens="1")
    assert lin.client.get(LIST).headers["Location"] == f"{LIST}?{GOLD}&saved=1"
    assert current(lin.get(f"{LIST}?all=1")) == "Boxes"
    person(SHEN).get(LIST)
    edit = tabs(lin.get(f"{LIST}?{GOLD}"))["修改此筛选"]
    lin.press(edit, edit, name="金条", opens="")
    assert lin.client.get(LIST).status_code == 200


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "query",
    [
        "fee__from=1",
        "colour=red",
        "kind=plastic",
        "sort=colour",
        "filter=colour+%3D+red",
        "since__from=yesterday",
    ],
)
def test_what_it_names_that_is_gone_or_hidden_is_told_and_the_list_is_shown(
    person: Any, institution: Kernel, query: str
) -> None:
    head = person(sharer(institution))
    save(head, "大家的", query, shared="1")
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    reader = person("appraiser")
    page = reader.get(tabs(reader.get(LIST))["大家的"])
    assert "deeds" in page
    assert re.search(r'class="t-notice is-warning"|id="t-list-told"', page)
    assert "大家的" in tabs(reader.get(f"{LIST}/saved"))


def test_a_name_stands_for_one_filter_and_there_are_so_many_at_most(person: Any) -> None:
    lin = person(LIN)
    save(lin, "金条")
    path = f"{LIST}/saved/new?kind=papers"
    assert "已有名为“金条”的筛选" in lin.press(path, path, 409, name="金条").text
    assert "必填" in lin.press(path, path, 409, name="  ").text
    for number in range(MOST - 1):
        save(lin, f"filter {number}")
    assert f"最多保存 {MOST} 个" in lin.press(path, path, 409, name="one more").text


def test_so_many_are_shared_at_most_that_each_has_its_tab(person: Any, institution: Kernel) -> None:
    head, lin = person(sharer(institution)), person(LIN)
    for number in range(MOST):
        save(head, f"of all {number:02}", f"value__from={number}", shared="1")
        save(lin, f"own {number:02}", f"value__from={number}")
    assert len([name for name in tabs(lin.get(LIST)) if "own" in name or "of all" in name]) == 40
    other, path = person(sharer(institution, "other.head")), f"{LIST}/saved/new?kind=papers"
    refused = other.press(path, path, 409, name="one more", shared="1").text
    assert "f-shared-note" in refused
    assert f"已有 {MOST} 个共享筛选" in refused
    save(other, "one more")
    edit = tabs(other.get(tabs(other.get(LIST))["one more"]))["修改此筛选"]
    other.press(edit, edit, 409, name="one more", shared="1")


def test_one_beyond_the_tabs_is_opened_changed_and_removed_by_its_address(
    person: Any, institution: Kernel
) -> None:
    """Before there was a limit more could be shared."""
    from tenor.views.records import SavedFilter

    make_user(institution, "busy", positions=[("branch-head", "YZ")], unit="YZ")
    rows = [
        {"name": f"of all {number:02}", "query": f"value__from={number}"}
        for number in range(2 * MOST + 5)
    ]
    with (
        as_kernel(institution, "busy") as ctx,
        institution.db.system(ctx.guarded) as session,
    ):
        more = {"owner_id": ctx.actor.id, "record": "vault.box", "shared": True}
        session.add_all([SavedFilter(**row, **more) for row in rows])
    last = 2 * MOST + 5
    head = person(sharer(institution))
    assert head.client.get(f"{LIST}/saved/{last}").status_code == 200
    opened = head.get(f"{LIST}?value__from={last - 1}&saved={last}")
    assert current(opened) == "of"
    edit = tabs(opened)["修改此筛选"]
    head.press(edit, edit, name="of some", shared="")
    assert head.client.get(f"{LIST}/saved/{last}").status_code == 404
    head.press(f"{LIST}/saved/1", f"{LIST}/saved/1", _do="remove")


def test_it_is_put_on_record(person: Any, institution: Kernel) -> None:
    from tenor.views.records import SavedFilter

    save(person(LIN), "金条")
    ctx: Any
    with as_actor(institution, LIN) as ctx:
        saved = ctx.session.query(SavedFilter).one()
        entries = institution.audit.history(ctx, saved)
    assert [(each.kind, each.actor_name) for each in entries] == [("create", "林晓雯")]
