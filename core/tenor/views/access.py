"""Saved filters and choices of lists are their owners'. What is shared, the list shows to whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor.views.records import BulkChange, ListChoice, SavedFilter
from tenor_sdk.access import (
    ADMINISTRATOR,
    BRANCH_HEAD,
    EVERYBODY,
    RISK_OFFICER,
    Permission,
    Role,
    can,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Actor

share_filters = Permission(title="Share saved filters")


def _own_filters(actor: Actor) -> ColumnElement[bool]:
    return SavedFilter.owner_id == actor.id


def _own_choices(actor: Actor) -> ColumnElement[bool]:
    return ListChoice.user_id == actor.id


def _own_changes(actor: Actor) -> ColumnElement[bool]:
    return BulkChange.created_by_id == actor.id


owner = Role(
    "Owner of saved filters",
    can.read(SavedFilter, scope=_own_filters),
    can.read(ListChoice, scope=_own_choices),
    can.read(BulkChange, scope=_own_changes),
    positions=(EVERYBODY,),
)
sharer = Role(
    "Sharer of saved filters",
    can.use(share_filters),
    positions=(ADMINISTRATOR, BRANCH_HEAD, RISK_OFFICER),
)
