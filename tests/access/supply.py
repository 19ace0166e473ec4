"""Two cases of the demo bank for the matrix, with one row of everything that belongs to a case: one that lies within
what each position may see of cases, and one that lies outside for whoever doesn't see them all.

Rows are put in past the guard, from their columns alone: a new record that hangs on a case needs its name in ``CASE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, String, Table, select

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.columns import AmountType, RateType, UtcTime
from tenor_sdk.records import metadata
from tenor_sdk.values import Amount, Rate
from tests.access.cells import PEOPLE

#: what belongs to a case, each after what it hangs on
CASE: Final = (
    "customers_customer", "origination_application", "origination_application_document", "origination_opinion",
    "origination_condition", "credit_rating", "credit_limit_proposal", "customer_tags_customer_tag",
    "documents_contract", "esign_ca_signing", "esign_ca_evidence_step", "esign_ca_verdict", "loans_loan",
    "loans_posting", "loans_disbursement", "loans_payment_instruction", "loans_reminder",
    "collections_collection_case", "collections_contact", "collections_promise", "npl_disposal_npl_case",
    "channels_contact_person", "channels_consent", "channels_contact_notice",
)  # fmt: skip
#: whose work it is for each position that sees a record by its tasks
ASSIGNED: Final[Mapping[str, tuple[str, ...]]] = {
    "origination_application": (
        "approver",
        "committee-member",
        "committee-chair",
        "legal",
        "operations",
        "release-checker",
    ),
    "npl_disposal_npl_case": ("approver",),
}
DAY: Final = date(2026, 6, 1)
TIME: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)


def supply(kernel: Kernel) -> None:
    """Put both cases in, and for each person one notice, mail, import and delegation of their own."""
    inside, outside = actor_of(kernel, "lin.xiaowen"), actor_of(kernel, "shen.bai")
    with kernel.db.raw(write=True) as connection:
        within = Rows(connection, inside.unit_id, inside.id)
        beyond = Rows(connection, outside.unit_id, outside.id)
        for table in CASE:
            within.add(table)
            beyond.add(table)
        for table, positions in ASSIGNED.items():
            people = [actor_of(kernel, PEOPLE[position]).id for position in positions]
            within.assign(table, *people)
        for login in PEOPLE.values():
            whose = actor_of(kernel, login).id
            within.add("base_notice", user_id=whose, title="matrix")
            within.add("base_mail", user_id=whose)
            within.add("base_held_notice", user_id=whose)
            within.add("base_notice_choice", user_id=whose)
            within.add("base_quiet_hours", user_id=whose)
            within.add("base_list_choice", user_id=whose)
            within.add("base_saved_filter", owner_id=whose)
            within.add("base_import", created_by_id=whose)
            within.add("base_bulk_change", created_by_id=whose)
            within.add("base_task", assignee_id=whose, table_name="gone", state="done")
            within.add("base_mandate", user_id=whose)
            within.add("automation_to_do", owner_id=whose, state="done")
            within.assign("automation_to_do", whose)
            # long over, so that nobody wears another's position by it
            within.add("base_delegation", giver_id=whose, taker_id=whose, until=DAY)


_numbers: Final = count(1)


@dataclass
class Rows:
    """Makes the rows of one case; what one of them links to is the case's own where it has one.

    Args:
        made: the id of the last row of each table.
    """

    connection: Connection
    unit_id: int | None
    owner_id: int
    made: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, **given: Any) -> int:
        """A row of a table; its id."""
        table = metadata.tables[name]
        values = {"unit_id": self.unit_id, "owner_id": self.owner_id, **given}
        row = {each.name: values[each.name] for each in table.c if each.name in values}
        for each in table.c:
            if each.name not in row and (value := self._value(each)) is not None:
                row[each.name] = value
        found = self.connection.execute(table.insert().values(**row)).inserted_primary_key
        assert found is not None  # each table has an id
        self.made[name] = found[0]
        return self.made[name]

    def assign(self, name: str, *people: int) -> None:
        """A case of the last row of a table, and a task of it that each of some people had."""
        about = {"table_name": name, "record_id": self.made[name]}
        self.add("base_workflow_case", **about)
        for whose in people:
            self.add("base_task", **about, assignee_id=whose, state="done")

    def _value(self, column: Column[Any]) -> Any:
        for key in column.foreign_keys:
            own = self.made.get(key.column.table.name)
            if own is not None or column.nullable:
                return own
            return self._any(key.column.table)
        bare = not column.nullable and column.default is None and column.server_default is None
        return _plain(column) if bare and not column.primary_key else None

    def _any(self, table: Table) -> int:
        """A row of what no case has of its own, such as a template."""
        found = self.connection.scalar(select(table.c.id).order_by(table.c.id).limit(1))
        return self.add(table.name) if found is None else int(found)


def _plain(column: Column[Any]) -> Any:
    """A value that a column takes."""
    kind = column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or kind.enums))
    if isinstance(kind, String):
        text = "CNY" if kind.length == 3 else f"matrix {next(_numbers)}"
        return text[: kind.length]
    known = {
        AmountType: Amount(100),
        RateType: Rate(100),
        UtcTime: TIME,
        Date: DAY,
        JSON: {},
        Boolean: True,
    }
    return next((value for one, value in known.items() if isinstance(kind, one)), next(_numbers))
