"""A second plugin for the kernel's tests: it watches chores, and takes part in their price."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

# found by the fixture that installs both
from tenor_chores import (  # type: ignore[import-not-found]  # installed by a fixture
    Chore,
    ChoreAsked,
    price_parts,
)

from tenor_sdk import Context, Plugin, Record, Refused, Role, can, hookimpl, on
from tenor_sdk.access import ADMINISTRATOR, RELATIONSHIP_MANAGER
from tenor_sdk.fields import field

plugin = Plugin(title="Witness", category="Tests")


class Sighting(Record):
    """Something that was seen."""

    what: Mapped[str] = field()


watcher = Role("Watcher", can.read(Sighting), positions=(RELATIONSHIP_MANAGER, ADMINISTRATOR))


@on(ChoreAsked)
def see(ctx: Context, event: Any) -> None:
    """In the emitter's transaction; writes its own record."""
    ctx.session.add(Sighting(what=f"chore {event.chore_id}"))


@hookimpl(price_parts)
def a_fixed_part(ctx: Context) -> int:
    """Writes, and answers."""
    ctx.session.add(Sighting(what="priced"))
    return 100


@hookimpl(price_parts)
def a_part_that_fails(ctx: Context, chore_id: int) -> int:
    """Writes, and fails: both are undone."""
    ctx.session.add(Sighting(what="never"))
    ctx.session.flush()
    raise ValueError(f"no price for {chore_id}")


@hookimpl(price_parts)
def another_plugins_record(ctx: Context, chore_id: int) -> int:
    """Changes what isn't its own, which fails."""
    chore = ctx.session.get(Chore, chore_id)
    assert chore is not None
    chore.runs = 99
    return 0


@hookimpl(price_parts)
def the_last_part(ctx: Context, chore_id: int) -> int:
    """Answers, or refuses chore 13."""
    if chore_id == 13:
        raise Refused("unlucky", chore=chore_id)
    return chore_id
