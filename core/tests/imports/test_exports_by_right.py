"""Whose right takes records out: each reader's and each giver's by itself, and of a part that of its whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tenor.access.actors import ActorData, Lent
from tenor.access.explain import explain
from tenor.exports import export_of
from tenor.loader.stage import actor_of
from tenor_sdk import Forbidden, can
from tenor_sdk.access import Grant, Scope
from tenor_sdk.testing import make_user

from .conftest import LIN, Desk, as_csv

pytestmark = pytest.mark.both_databases

LENT = Lent(1, date(2099, 12, 31))


@pytest.fixture
def firms(desk: Desk) -> Desk:
    """Two firms of Lin's."""
    desk.take("firm", as_csv(("Credit code", "Name"), ("A1", "Haiyue"), ("A2", "Zeyuan")))
    return desk


def person(desk: Desk, login: str, *grants: Grant, stands_in: Sequence[ActorData] = ()) -> Any:
    """Somebody with these grants and no others."""
    access, role = desk.kernel.access, f"tests.{login}"
    access.book = replace(access.book, grants={**access.book.grants, role: grants})
    access._rights.clear()
    make_user(desk.kernel, login)
    actor = actor_of(desk.kernel, login)
    return replace(actor, roles=frozenset({role}), stands_in=tuple(stands_in))


def taken(desk: Desk, actor: ActorData, kind: str, field: str) -> list[str]:
    """What somebody takes out, by one of its fields."""
    ctx: Any
    with desk.kernel.context(actor, write=False) as ctx:
        made = export_of(ctx, desk.kind(kind), "json")
        return [row.get(field, "left out") for row in json.loads(b"".join(made.content()))]


def named(desk: Desk, identity: int, actor: ActorData) -> tuple[str, ...]:
    """The verbs that somebody is told to have on a firm."""
    ctx: Any
    with desk.kernel.context(actor, write=False) as ctx:
        return explain(ctx, desk.kind("firm"), identity).verbs


def test_an_own_right_to_take_out_reaches_nothing_that_only_a_giver_reads(firms: Desk) -> None:
    firm = firms.kind("firm")
    reader = replace(person(firms, "reader", *can.read(firm)), lent=LENT)
    taker = person(
        firms, "taker", *can.read(firm, scope=Scope.OWN), *can.export(firm), stands_in=[reader]
    )
    assert taken(firms, taker, "firm", "code") == []
    assert named(firms, 1, taker) == ("read",)


def test_taking_out_isnt_offered_where_one_reads_and_another_takes_out(firms: Desk) -> None:
    firm = firms.kind("firm")
    reader = replace(person(firms, "reader", *can.read(firm)), lent=LENT)
    taker = person(firms, "taker", *can.export(firm), stands_in=[reader])
    with firms.kernel.context(taker, write=False) as ctx:
        assert (ctx.may(firm, "read"), ctx.may(firm, "export")) == (True, False)


def test_a_givers_right_to_take_out_reaches_nothing_that_the_giver_cant_read(firms: Desk) -> None:
    firm = firms.kind("firm")
    giver = replace(
        person(firms, "giver", *can.read(firm, scope=Scope.OWN), *can.export(firm)), lent=LENT
    )
    taker = person(firms, "taker", *can.read(firm), stands_in=[giver])
    assert taken(firms, taker, "firm", "code") == []


def test_what_a_giver_reads_and_may_take_out_goes_out_in_their_place(firms: Desk) -> None:
    firm = firms.kind("firm")
    giver = replace(person(firms, "giver", *can.read(firm), *can.export(firm)), lent=LENT)
    taker = person(firms, "taker", *can.read(firm, scope=Scope.OWN), stands_in=[giver])
    assert taken(firms, taker, "firm", "code") == ["A1", "A2"]
    assert named(firms, 1, taker) == ("read", "export")


def test_a_field_goes_out_only_if_each_who_reads_the_firms_may_see_it(firms: Desk) -> None:
    """The keeper's position is delegated to somebody who reads firms, and may take them out, without it."""
    from tenor_stock import Firm, keeper

    grants = (*can.read(Firm), *can.export(Firm))
    giver = replace(person(firms, "giver", *grants), lent=LENT)
    giver = replace(giver, roles=giver.roles | {keeper.key})
    taker = person(firms, "taker", *grants, stands_in=[giver])
    assert taken(firms, giver, "firm", "secret_note") == ["", ""]
    assert taken(firms, taker, "firm", "secret_note") == ["left out", "left out"]


def test_a_part_goes_out_where_its_whole_may(firms: Desk) -> None:
    firm, branch = firms.kind("firm"), firms.kind("branch")
    with firms.kernel.context(actor_of(firms.kernel, LIN), write=True) as ctx:
        ctx.session.add(branch(parent_id=1, town="Ningbo"))
    taker = person(firms, "taker", *can.read(firm), *can.export(firm))
    assert taken(firms, taker, "branch", "town") == ["Ningbo"]


def test_a_part_that_may_be_changed_doesnt_go_out_by_that(firms: Desk) -> None:
    editor = person(firms, "editor", *can.edit(firms.kind("firm")))
    with pytest.raises(Forbidden):
        taken(firms, editor, "branch", "town")
