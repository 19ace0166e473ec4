"""A register of companies: found by name, code and tag; by telephone only by whoever may see it."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Archivable,
    Context,
    Extension,
    ListView,
    Menu,
    Owned,
    Plugin,
    Record,
    Role,
    Scope,
    bulk,
    can,
    field,
    numbered,
    service,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule
from tenor_sdk.records import Customizable

plugin = Plugin(title="Registry")


class Company(Record, Owned, Archivable, Customizable):
    """A company that is registered."""

    number: Mapped[str] = numbered("REG-{year}-{n:06d}")
    name: Mapped[str] = field(max_length=200, search=True)
    code: Mapped[str] = field(max_length=40, default="", search=True)
    phone: Mapped[str] = field(max_length=40, default="", search=True, mask="phone")
    rumour: Mapped[str] = field(max_length=200, default="", search=True)


class CompanyTag(Extension[Company]):
    """What it is filed under."""

    tag: Mapped[str] = field(max_length=80, search=True)


class Visit(Record, Owned):
    """A visit to somebody."""

    subject: Mapped[str] = field(max_length=200, search=True)


keeper = Role(
    "Registrar",
    can.everything(Company, Visit, scope=Scope.UNIT),
    positions=(RELATIONSHIP_MANAGER,),
)
head = Role("Head of the registry", can.everything(Company, Visit))
gossip = FieldRule(fields=(Company.rumour,), effect="hide", unless=(head,))
menu = Menu("Companies", ListView(Company, (Company.number, Company.name, Company.code)))
visits = Menu("Visits", ListView(Visit, (Visit.subject,)), app="Companies")


@service()
def take_in(ctx: Context, rows: list[dict[str, object]]) -> None:
    """Take in many at once."""
    bulk.load(ctx, Company, rows)


@service()
def rename_all(ctx: Context, name: str) -> None:
    """Call all that are seen by one name."""
    bulk.update_where(ctx, Company, Company.id > 0, {"name": name})
