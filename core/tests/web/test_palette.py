"""The palette: records, menus and actions by a few letters, as far as the person may go there and do that."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk.testing import make_user

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"


@pytest.fixture
def boxes(box: Any) -> None:
    box(name="泽远水泥", items=["ring"])
    box(name="泽远钢铁")
    box("shen.bai", name="泽远秘密")


def groups(html: str) -> dict[str, list[tuple[str, str]]]:
    """For each group its lines: where they lead, and what they say with what was typed in brackets."""
    found = {}
    for label, inner in re.findall(
        r'(?s)<div role="group" aria-label="(.*?)">(.*?)</a>\s*</div>', html
    ):
        lines = re.findall(r'(?s)href="([^"]*)">(.*?)(?:</a>|$)', inner)
        found[label] = [(unescape(href), said(body)) for href, body in lines]
    return found


def said(html: str) -> str:
    text = re.sub(r"<kbd.*?</kbd>", "", html).replace("<mark>", "[").replace("</mark>", "]")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.usefixtures("boxes")
def test_what_is_found_says_why_and_leads_there(person: Any) -> None:
    found = groups(person(LIN).get("/palette?q=zysn"))
    assert found["记录"] == [
        ("/vault/box/1", "BOX-001 Box 名称 [泽远水泥] [z]e [y]uan [s]hui [n]i")
    ]
    assert found["操作"][-1] == ("/search?q=zysn", "在全部记录中搜索“zysn”")


@pytest.mark.usefixtures("boxes")
def test_a_record_is_found_by_its_number_and_then_offers_what_can_be_done_with_it(
    person: Any,
) -> None:
    found = groups(person(LIN).get("/palette?q=box-002"))
    assert found["记录"][0][0] == "/vault/box/2"
    assert found["记录"][0][1].startswith("[BOX]-[002]")
    assert ("/vault/box/2/actions/revalue", "Revalue [BOX]-[002]") in found["操作"]


def test_menus_and_actions_are_found_by_their_initials(person: Any) -> None:
    lin = person(LIN)
    assert groups(lin.get("/palette?q=tongz"))["去往"][0] == (
        "/inbox",
        "[通知] 工作 [tong] [z]hi",
    )
    assert ("/vault/box/new", "新建[Box]") in groups(lin.get("/palette?q=box"))["操作"]
    assert groups(lin.get("/palette?q=xinjian"))["操作"][0][1].startswith("[新建]")


@pytest.mark.usefixtures("boxes")
def test_what_somebody_may_not_see_or_do_isnt_there(person: Any, institution: Kernel) -> None:
    assert "记录" not in groups(person(LIN).get("/palette?q=zymm"))
    make_user(institution, "vault.guest")
    page = person("vault.guest").get("/palette?q=box")
    assert "/vault/" not in page


@pytest.mark.usefixtures("boxes")
def test_empty_it_shows_what_was_seen_lately_in_todays_words_and_what_the_page_does(
    person: Any,
) -> None:
    recent = (
        "/vault/box/2",
        "/vault/box/3",
        "/nobody/nothing/1",
        "/vault/box/999",
        "rubbish",
        "/vault/box/1",
    )
    query = "&".join(f"recent={path}" for path in recent)
    page = person(LIN).get(f"/palette?{query}&on=/vault/box/1")
    assert page.count("<dialog") == 1
    found = groups(page)
    assert [href for href, _said in found["最近看过"]] == ["/vault/box/2", "/vault/box/1"]
    assert "/vault/box/1/edit" in [href for href, _said in found["操作"]]
    assert found["去往"][0][0] == "/"


def test_on_a_list_it_offers_what_the_list_does(person: Any) -> None:
    found = groups(person(LIN).get("/palette?on=/vault/box"))
    assert [href for href, _said in found["操作"]] == [
        "/vault/box/new", "/vault/box/import", "/vault/box/actions/count",
    ]  # fmt: skip


def test_it_asks_as_often_for_many_records_as_for_few(
    person: Any, box: Any, statements: list[str]
) -> None:
    lin = person(LIN)
    counts = []
    for _round in range(2):
        for number in range(3):
            box(name=f"泽远 {number}")
        lin.get("/palette?q=zeyuan")
        statements.clear()
        lin.get("/palette?q=zeyuan")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_where_there_is_more_than_is_shown_all_is_reached(person: Any, box: Any) -> None:
    for number in range(4):
        box(name=f"泽远 {number}")
    found = groups(person(LIN).get("/palette?q=zeyuan"))
    assert found["记录"][-1] == ("/search?q=zeyuan", "“zeyuan”的全部结果")
    assert len(found["记录"]) == 4
    assert "/search?q=zeyuan" not in [href for href, _said in found.get("操作", [])]


def test_a_button_is_found_by_what_it_says_of_itself(person: Any) -> None:
    page = person(LIN).get("/palette?q=daochu&button=CSV&about=导出列表&button=Save&about=")
    assert page.count("data-t-place") == 1
    assert "<mark>导出</mark>列表" in page


@pytest.mark.usefixtures("boxes")
@pytest.mark.parametrize(
    "typed", ["%00%22*", "<script>alert(1)</script>", "x" * 10_000, "%EF%BC%9F"]
)
def test_nothing_that_can_be_typed_is_a_fault(person: Any, typed: str) -> None:
    page = person(LIN).get(f"/palette?part=results&q={typed}")
    assert "<script" not in page
    assert "/search?q=" in page
