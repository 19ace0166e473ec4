"""Who is linked to whom, as a graph: of what one may see at both ends, bounded, with the table behind it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from core.tests.web.circle import LIN, Circle, rows
from tenor.kernel import Kernel
from tenor.testing import as_actor as as_kernel
from tenor.views import ViewError
from tenor.views.looks import check_network
from tenor.views.merge import list_of
from tenor_sdk.access import FieldRule
from tenor_sdk.looks import GraphView
from tenor_sdk.testing import as_actor
from tenor_sdk.views import ListView, Network

pytestmark = pytest.mark.both_databases

LIST = "/circles/stake?look=graph"


@pytest.fixture(scope="module")
def plugins(circles: str) -> tuple[str, ...]:
    return (circles,)


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def test_each_link_is_told_with_its_ends_kind_and_share(lin: Any, circle: Circle) -> None:
    circle.stake("Hai", "Shan", "60")
    circle.stake("Shan", "He", how="guarantees")
    page = lin.get(LIST)
    assert rows(page) == [["Shan", "He", "Guarantees", "—"], ["Hai", "Shan", "Owns", "60.00%"]]
    assert f'<a href="/circles/company/{circle.ids["Hai"]}">Hai</a>' in page
    assert "仅含您可见的数据" in page


def test_what_one_may_not_see_is_neither_named_nor_counted(lin: Any, circle: Circle) -> None:
    circle.stake("Hai", "Shan")
    for held in ("Hai", "Shan"):
        circle.stake("Hidden", held)
    circle.hide("Hidden")
    page = lin.get(LIST)
    assert rows(page) == [["Hai", "Shan", "Owns", "—"]]
    assert "Hidden" not in page
    assert f"base_company:{circle.ids['Hidden']}" not in page
    assert f':{circle.ids["Hidden"]}"' not in page


def test_what_is_left_out_is_said_by_what_one_may_see(
    lin: Any, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.web.graph.MOST", 3)
    for number in range(5):
        circle.stake("Hai", f"Shan {number}")
        circle.stake("Hidden", f"Shan {number}")
    circle.hide("Hidden")
    page = lin.get(LIST)
    assert len(rows(page)) == 3
    assert re.search(r't-chart-left">[^<]*5[^<]*3', page)
    assert not re.search(r't-chart-left">[^<]*10', page)


def test_the_rows_themselves_may_be_linked_by_several_links(
    lin: Any, circle: Circle, institution: Kernel
) -> None:
    from tenor_circles import Branch

    ids = {"company_id": circle.of("Hai"), "landlord_id": circle.of("Hidden")}
    shan = circle.of("Shan")
    with as_actor(institution, LIN) as ctx:
        ctx.session.add(Branch(name="Harbour", **ids))
        ctx.session.add(Branch(name="Hill", company_id=ids["company_id"], landlord_id=shan))
        ctx.session.add(Branch(name="Alone"))
    circle.hide("Hidden")
    page = lin.get("/circles/branch?look=graph")
    assert rows(page) == [
        ["Hill", "Hai", "Company"], ["Hill", "Shan", "Landlord"], ["Harbour", "Hai", "Company"],
    ]  # fmt: skip


def test_a_tile_is_narrowed_and_leads_to_its_rows(lin: Any, circle: Circle) -> None:
    circle.stake("Hai", "Shan")
    circle.stake("Shan", "He", how="guarantees")
    page = lin.get("/dashboards/circles/circles")
    assert rows(page) == [["Shan", "He", "Guarantees", "—"]]
    assert "filter=how+%3D+guarantees" in page


def test_a_record_shows_what_it_is_linked_to_over_two_steps(lin: Any, circle: Circle) -> None:
    for holder, held in (("A", "B"), ("B", "C"), ("C", "D"), ("D", "E"), ("X", "Y"), ("P", "A")):
        circle.stake(holder, held)
    page = lin.get(f"/circles/company/{circle.ids['B']}")
    assert sorted(row[:2] for row in rows(page)) == [["A", "B"], ["B", "C"], ["C", "D"], ["P", "A"]]
    assert f'data-t-graph="{circle_key(circle, "B")}"' in page
    alone = circle.company("Alone")
    assert "data-t-graph" not in lin.get(f"/circles/company/{alone}")


def circle_key(circle: Circle, name: str) -> str:
    from tenor_circles import Company

    return f"{Company.__tablename__}:{circle.ids[name]}"


def test_the_way_to_what_lies_beyond_a_hidden_one_is_not_gone(lin: Any, circle: Circle) -> None:
    for holder, held in (("A", "Hidden"), ("Hidden", "C"), ("A", "B")):
        circle.stake(holder, held)
    circle.hide("Hidden")
    page = lin.get(f"/circles/company/{circle.ids['A']}")
    assert [row[:2] for row in rows(page)] == [["A", "B"]]


@pytest.mark.parametrize("effect", ["hide", "mask"])
def test_who_may_not_know_an_end_has_no_graph(
    lin: Any, circle: Circle, institution: Kernel, effect: Any
) -> None:
    from tenor_circles import Stake

    circle.stake("Hai", "Shan")
    rule = FieldRule(fields=(Stake.held_id,), effect=effect)
    institution.access.field_rules.append(rule)
    try:
        assert "look=graph" not in lin.get("/circles/stake")
        for page in (LIST, "/dashboards/circles/circles", f"/circles/company/{circle.ids['Hai']}"):
            assert "data-t-graph" not in lin.get(page)
    finally:
        institution.access.field_rules.remove(rule)


def test_a_share_that_is_hidden_is_not_told(lin: Any, circle: Circle, institution: Kernel) -> None:
    from tenor_circles import Stake

    circle.stake("Hai", "Shan", "60")
    rule = FieldRule(fields=(Stake.share,), effect="hide")
    institution.access.field_rules.append(rule)
    try:
        assert rows(lin.get(LIST)) == [["Hai", "Shan", "Owns"]]
    finally:
        institution.access.field_rules.remove(rule)


def test_links_go_out_as_a_file_for_whoever_may_export(lin: Any, circle: Circle) -> None:
    circle.stake("Hai", "Shan", "60")
    lines = lin.get("/circles/stake/figures?look=graph&format=csv").splitlines()
    assert lines[1:] == ["Hai,Shan,Owns,60.00%"]
    assert lin.client.get("/circles/stake/figures?look=graph&format=xlsx").data[:2] == b"PK"


@pytest.mark.parametrize("path", [LIST, "/circles/company/{}"])
def test_it_asks_as_often_for_many_links_as_for_few(
    lin: Any, circle: Circle, statements: list[str], path: str
) -> None:
    circle.stake("Hai", "Shan")
    circle.stake("Shan", "He")
    asked = []
    for number in range(2):
        lin.get(path.format(circle.ids["Hai"]))
        statements.clear()
        lin.get(path.format(circle.ids["Hai"]))
        asked.append(len(statements))
        for each in range(12):
            circle.stake("Hai", f"more {number} {each}")
    assert asked[0] == asked[1]


def test_what_does_not_fit_is_told_at_start(circles: str, institution: Kernel) -> None:
    from tenor_circles import Branch, Company, Stake, stakes, stakes_graph

    wrong = {
        "has a link by which": GraphView(Stake.holder_id),
        "how is no link": GraphView(Stake.holder_id, Stake.how),
        "share is no choice": GraphView(Stake.holder_id, Stake.held_id, kind=Stake.share),
        "how is no rate": GraphView(Stake.holder_id, Stake.held_id, share=Stake.how),
        "name is no field of Stake": GraphView(Stake, Company.name),
    }
    for problem, look in wrong.items():
        with pytest.raises(ViewError, match=problem) as raised:
            list_of(ListView(Stake, (Stake.how,), looks=(look,)), [])
        assert __file__ in str(raised.value)
    for problem, record, steps in (("leads to a Branch", Branch, 2), ("from 1 to 4", Company, 9)):
        with pytest.raises(ViewError, match=problem):
            check_network(record, Network(stakes, stakes_graph, steps=steps))


def test_around_a_record_stand_links_that_were_archived_too(
    lin: Any, circle: Circle, institution: Kernel
) -> None:
    """A list leaves them out; who was linked to whom belongs to what is known of a company."""
    from tenor_circles import Stake

    circle.stake("Hai", "Shan", "60")
    circle.stake("Shan", "He", "40")
    with as_kernel(institution, LIN) as ctx:
        for stake in ctx.session.scalars(select(Stake)):
            institution.records.archive(ctx, stake)
    assert rows(lin.get(f"/circles/company/{circle.ids['Hai']}")) == [
        ["Shan", "He", "Owns", "40.00%"],
        ["Hai", "Shan", "Owns", "60.00%"],
    ]
    assert rows(lin.get(LIST)) == []
