"""A list is printed whole: all rows of its filter, what they come to, who printed them by which filter."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.web import printing
from tenor_sdk import Amount
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor, make_user

pytestmark = pytest.mark.both_databases
LIN, LIST = "lin.xiaowen", "/vault/box"


@pytest.fixture
def boxes(box: Any) -> None:
    for number in range(60):
        box(name=f"box {number:02d}", value=Amount.of("1000.50"), since=date(2026, 6, 1))
    box(name="bars", kind="gold-bars", value=Amount.of("7"))


def words(html: str) -> str:
    """What the main part of a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition('id="t-main"')[2])).split())


def rows(html: str) -> int:
    return html.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr")


@pytest.mark.usefixtures("boxes")
def test_all_rows_of_the_filter_are_on_it_and_what_they_come_to(person: Any) -> None:
    lin = person(LIN)
    link = re.search(r'href="([^"]*/print[^"]*)"', lin.get(f"{LIST}?kind=papers"))
    assert link is not None
    shown = lin.get(unescape(link[1]))
    assert rows(shown) == 60
    total = words(shown.partition("<tfoot>")[2].partition("</tfoot>")[0].join(['id="t-main"', ""]))
    assert total.startswith("60 条合计")
    assert "60,030.00" in total


@pytest.mark.usefixtures("boxes")
def test_its_head_says_the_filter_who_and_when(person: Any) -> None:
    said = words(person(LIN).get(f"{LIST}/print?kind=papers&filter=since+%3E%3D+2026-05-01"))
    for part in ("类型：Papers", "Since ≥ 2026-05-01", "林晓雯", "2026-06-30", "60 条"):
        assert part in said
    assert "无：全部记录" in words(person(LIN).get(f"{LIST}/print"))


@pytest.mark.usefixtures("boxes")
def test_where_there_are_more_than_are_printed_it_says_so_and_sums_them_all(
    person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST", 10)
    shown = person(LIN).get(f"{LIST}/print?kind=papers")
    assert rows(shown) == 10
    assert "此处为 60 条中的前 10 条" in words(shown)
    assert "60,030.00" in words(shown)


@pytest.mark.usefixtures("boxes")
def test_it_is_put_on_record_as_what_it_is(person: Any, institution: Kernel) -> None:
    person(LIN).get(f"{LIST}/print?kind=gold-bars")
    ctx: Any
    with as_actor(institution, "song.qing") as ctx:
        noted = institution.audit.search(ctx, kind="export")[0]
    said = {name: new for name, (_old, new) in noted.changes.items()}
    assert (said["of"], said["format"], said["rows"]) == ("vault_box", "print", 1)
    assert said["filters"] == {"kind": ["gold-bars"]}
    assert "name" in said["fields"]


def test_who_may_not_take_records_out_prints_no_more_than_a_page(
    person: Any, box: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    box()
    appraiser = person("appraiser")
    assert "/print" not in appraiser.get(LIST)
    appraiser.get(f"{LIST}/print", 403)


def test_what_is_masked_is_masked_on_paper_and_not_added_up(
    person: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box

    box(value=Amount.of("765.43"), holder_identity="330106199001010017")
    box(value=Amount.of("1.00"))
    masked = FieldRule(fields=(Box.value,), effect="mask")
    rules = [*institution.access.field_rules, masked]
    monkeypatch.setattr(institution.access, "field_rules", rules)
    shown = words(person(LIN).get(f"{LIST}/print"))
    for hidden in ("765.43", "766.43", "330106199001010017"):
        assert hidden not in shown


def test_rows_of_others_are_on_nobodys_paper(person: Any, box: Any) -> None:
    box(name="of lin")
    box("shen.bai", name="of shen")
    shown = words(person(LIN).get(f"{LIST}/print"))
    assert "of lin" in shown
    assert "of shen" not in shown


def test_on_paper_is_only_what_may_be_taken_out_also_where_more_may_be_seen(
    person: Any, box: Any, institution: Kernel
) -> None:
    position = ("relationship-manager", "HQ")
    make_user(institution, "both", positions=[position], roles=["vault.appraiser"])
    box("both", name="of both", value=Amount.of("1.00"))
    box("shen.bai", name="of shen", value=Amount.of("5.00"))
    both = person("both")
    assert "of shen" in words(both.get(LIST))
    taken = both.get(f"{LIST}/export?format=csv")
    assert ("of both" in taken, "of shen" in taken) == (True, False)
    shown = words(both.get(f"{LIST}/print"))
    assert "of both" in shown
    assert "of shen" not in shown
    assert "6.00" not in shown


@pytest.mark.usefixtures("boxes")
def test_it_takes_as_many_statements_for_sixty_rows_as_for_one(
    person: Any, statements: list[str]
) -> None:
    lin = person(LIN)
    lin.get(f"{LIST}/print")
    statements.clear()
    lin.get(f"{LIST}/print?kind=gold-bars")
    one = len(statements)
    statements.clear()
    lin.get(f"{LIST}/print?kind=papers")
    assert len(statements) == one
