"""Who may read the journal of imports: each their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor.imports.records import Import
from tenor_sdk.access import AUDITOR, EVERYBODY, Role, can

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Actor


def own(actor: Actor) -> ColumnElement[bool]:
    """What one imported oneself."""
    return Import.created_by_id == actor.id


importer = Role("Importer", can.read(Import, scope=own), positions=(EVERYBODY,))
import_auditor = Role("Auditor of imports", can.read(Import), positions=(AUDITOR,))
