"""What the scopes that plugins bring themselves mean, read plainly from the tables: one reading for each record.

``own``, ``unit``, ``below`` and ``all`` are read in ``cells``. *Assigned* and *through* mean the same of every record;
a *rule* is its plugin's own, and stands below with what it says in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from tenor.access.actors import ActorData
from tenor.kernel import Kernel
from tenor_sdk.records import metadata

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tables:
    """The tables of the bank, past the guard."""

    kernel: Kernel

    def rows(self, table: str) -> list[Row]:
        """All rows of a table."""
        with self.kernel.db.raw(write=False) as connection:
            found = connection.execute(select(metadata.tables[table])).mappings()
            return [dict(row) for row in found]

    def ids(self, table: str, holds: Callable[[Row], bool]) -> set[int]:
        """The ids of the rows for which something holds."""
        return {row["id"] for row in self.rows(table) if holds(row)}

    def assigned(self, actor: ActorData, table: str) -> set[int]:
        """The rows of a table on which somebody has or had a task, or may take one of their position's."""
        return {task["record_id"] for task in self.tasks(actor) if task["table_name"] == table}

    def tasks(self, actor: ActorData) -> Iterator[Row]:
        """The tasks that somebody has or had, and those that they may take."""
        for task in self.rows("base_task"):
            whose, unit = task["assignee_id"], task["unit_id"]
            waits = whose is None and task["position"] in actor.positions
            if whose == actor.id or (waits and (unit is None or unit in actor.units)):
                yield task


Reading = Callable[[Tables, ActorData], set[int]]


def _drafts_of(table: str) -> Reading:
    def reading(tables: Tables, _actor: ActorData) -> set[int]:
        return tables.ids(table, lambda row: row["state"] == "draft")

    return reading


def _own_drafts_of(table: str) -> Reading:
    def reading(tables: Tables, actor: ActorData) -> set[int]:
        return tables.ids(
            table, lambda row: row["state"] == "draft" and row["created_by_id"] == actor.id
        )

    return reading


def _delegations(tables: Tables, actor: ActorData) -> set[int]:
    return tables.ids("base_delegation", lambda row: actor.id in (row["giver_id"], row["taker_id"]))


def _imports(tables: Tables, actor: ActorData) -> set[int]:
    return tables.ids("base_import", lambda row: row["created_by_id"] == actor.id)


def _mails(tables: Tables, actor: ActorData) -> set[int]:
    return tables.ids("base_mail", lambda row: row["user_id"] == actor.id)


def _mandates(tables: Tables, actor: ActorData) -> set[int]:
    return tables.ids("base_mandate", lambda row: row["user_id"] == actor.id)


def _of_oneself(table: str, whose: str = "user_id") -> Reading:
    """The rows that are of the person."""

    def reading(tables: Tables, actor: ActorData) -> set[int]:
        return tables.ids(table, lambda row: row[whose] == actor.id)

    return reading


def _notices(tables: Tables, actor: ActorData) -> set[int]:
    return tables.ids("base_notice", lambda row: row["user_id"] == actor.id)


def _tasks(tables: Tables, actor: ActorData) -> set[int]:
    handed = tables.ids("base_task", lambda row: row["handed_by_id"] == actor.id)
    return handed | {task["id"] for task in tables.tasks(actor)}


def _customers(tables: Tables, actor: ActorData) -> set[int]:
    mine = tables.assigned(actor, "origination_application")
    cases = tables.rows("origination_application")
    return {case["customer_id"] for case in cases if case["id"] in mine}


def _of_my_cases(table: str) -> Reading:
    def reading(tables: Tables, actor: ActorData) -> set[int]:
        mine = tables.assigned(actor, "origination_application")
        return tables.ids(table, lambda row: row["application_id"] in mine)

    return reading


def _contracts(tables: Tables, actor: ActorData) -> set[int]:
    # who seals for the lender, which the operations do, comes by that to the contract
    sealing = "operations" in actor.positions
    sealed = tables.assigned(actor, "esign_ca_signing") if sealing else set()
    signings = [row for row in tables.rows("esign_ca_signing") if row["id"] in sealed]
    return _of_my_cases("documents_contract")(tables, actor) | {
        row["contract_id"] for row in signings
    }


def _signings(tables: Tables, actor: ActorData) -> set[int]:
    own = tables.assigned(actor, "esign_ca_signing")
    return own | _of_my_cases("esign_ca_signing")(tables, actor)


#: what the rule of a record says, by its name in the matrix
RULES: Final[Mapping[str, Reading]] = {
    "base.authority-version": _drafts_of("base_authority_version"),
    "base.bulk-change": _of_oneself("base_bulk_change", "created_by_id"),
    "base.committee-version": _own_drafts_of("base_committee_version"),
    "base.delegation": _delegations,
    "base.held-notice": _of_oneself("base_held_notice"),
    "base.import": _imports,
    "base.list-choice": _of_oneself("base_list_choice"),
    "base.mail": _mails,
    "base.mandate": _mandates,
    "base.notice": _notices,
    "base.notice-choice": _of_oneself("base_notice_choice"),
    "base.quiet-hours": _of_oneself("base_quiet_hours"),
    "base.saved-filter": _of_oneself("base_saved_filter", "owner_id"),
    "base.task": _tasks,
    "base.task-rule-version": _drafts_of("base_task_rule_version"),
    "customers.customer": _customers,
    "documents.contract": _contracts,
    "esign_ca.signing": _signings,
    "loans.loan": _of_my_cases("loans_loan"),
}
