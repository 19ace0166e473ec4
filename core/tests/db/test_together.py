"""Rows of the kernel's that are written together: all of them, in as few statements as the database allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import bindparam, insert, select, update

from tenor.db.together import Write, write_together
from tenor.events.rows import stamps, table_of
from tenor.workflow.records import Duty
from tenor_test_support.statements import asking

if TYPE_CHECKING:
    from .conftest import House

pytestmark = pytest.mark.both_databases

DUTY = table_of(Duty)
FIRST, SECOND = insert(DUTY).inline(), insert(DUTY).inline()
MOVED = update(DUTY).where(DUTY.c.id == bindparam("its_duty"))
STEPS = select(DUTY.c.step).where(DUTY.c.table_name == "together").order_by(DUTY.c.step)


def duty(ctx: Any, step: str, **more: Any) -> dict[str, Any]:
    whose = {
        "table_name": "together",
        "record_id": 1,
        "user_id": ctx.actor.id,
        "behalf_of_id": None,
    }
    return {**whose, "step": step, "at": ctx.now, **stamps(ctx), **more}


def test_rows_and_a_change_are_one_statement_where_the_database_can(house: House) -> None:
    with house.as_(house.ann) as ctx:
        connection = house.kernel.db.connection_of(ctx.guarded)
        with house.kernel.db.marked(connection):
            connection.execute(FIRST, duty(ctx, "before"))
            its = connection.execute(
                select(DUTY.c.id).where(DUTY.c.table_name == "together")
            ).scalar()
            writes: list[Write] = [
                (FIRST, duty(ctx, "one")), (SECOND, duty(ctx, "two")), (MOVED, {"its_duty": its, "step": "after"}),
            ]  # fmt: skip
            with asking(connection.engine) as statements:
                write_together(connection, writes)
            assert connection.execute(STEPS).scalars().all() == ["after", "one", "two"]
        assert len(statements) == (1 if connection.dialect.name == "postgresql" else len(writes))


def test_rows_of_one_statement_keep_their_order(house: House) -> None:
    steps = ["one", "two", "three", "four"]
    with house.as_(house.ann) as ctx:
        connection = house.kernel.db.connection_of(ctx.guarded)
        with house.kernel.db.marked(connection):
            write_together(connection, [(FIRST, duty(ctx, step)) for step in steps])
            assert (
                connection.execute(STEPS.order_by(None).order_by(DUTY.c.id)).scalars().all()
                == steps
            )
