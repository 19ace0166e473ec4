"""Cases are pinned to definitions that are there: none is known by the number that it had in what was undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tenor_bids.records import Bid
from tenor_bids.workflow import hand_in
from tenor_permits.records import Permit
from tenor_permits.workflow import submit

from core.tests.workflow.permits import KEEPER, Permits
from tenor.events.rows import table_of
from tenor.workflow.records import WorkflowCase, WorkflowDefinition
from tenor_sdk.services import savepoint
from tenor_sdk.testing import as_actor
from tenor_sdk.values import Amount
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits", "bids")


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


def _file(ctx: Any) -> Any:
    permit = Permit(subject="a bridge", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
    ctx.session.add(permit)
    ctx.session.flush()
    return permit


def _bid(permits: Permits) -> None:
    """A bid, that is handed in."""
    with as_actor(permits.kernel, KEEPER) as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        bid = Bid(borrower="a road", amount=Amount.of("1"), **whose)
        ctx.session.add(bid)
        ctx.session.flush()
        transition(ctx, bid, hand_in)


def _pinned(permits: Permits) -> set[tuple[str, str]]:
    """Each kind of record that has a case, with the workflow to which it is pinned."""
    cases, definitions = table_of(WorkflowCase), table_of(WorkflowDefinition)
    joined = select(cases.c.table_name, definitions.c.workflow).outerjoin_from(
        cases, definitions, definitions.c.id == cases.c.definition_id
    )
    with permits.kernel.db.raw(write=False) as connection:
        return {(table, workflow) for table, workflow in connection.execute(joined)}


OWN = {("permits_permit", "permits.permit"), ("bids_bid", "bids.bid")}


def test_one_that_was_pinned_in_a_part_that_was_undone_is_not_remembered(permits: Permits) -> None:
    with as_actor(permits.kernel, KEEPER) as ctx, pytest.raises(ZeroDivisionError), savepoint(ctx):
        _file(ctx)
        raise ZeroDivisionError
    _bid(permits)
    permits.file()
    assert _pinned(permits) == OWN


def test_one_that_was_read_in_what_was_undone_is_not_kept(permits: Permits) -> None:
    with pytest.raises(ZeroDivisionError), as_actor(permits.kernel, KEEPER) as ctx:
        transition(ctx, _file(ctx), submit)
        raise ZeroDivisionError
    _bid(permits)
    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    assert _pinned(permits) == OWN
