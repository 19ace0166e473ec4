"""Who may do what. Deny by default; grants of roles are OR-ed, restrictions AND-ed on top.

A role is small and belongs to its plugin; a person holds *positions* (岗位) in units, and a role says which positions
have it from the start (``positions=``). An administrator gives and takes roles beyond that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from tenor_sdk.declare import Declaration

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Actor
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Transition

#: The positions of a lender to which the bundled plugins give roles; an institution may add others.
RELATIONSHIP_MANAGER: Final = "relationship-manager"
BRANCH_HEAD: Final = "branch-head"
RISK_OFFICER: Final = "risk-officer"
APPROVER: Final = "approver"
COMMITTEE_MEMBER: Final = "committee-member"
COMMITTEE_CHAIR: Final = "committee-chair"
LEGAL: Final = "legal"
OPERATIONS: Final = "operations"
RELEASE_CHECKER: Final = "release-checker"
POST_LOAN: Final = "post-loan"
COLLECTIONS: Final = "collections"
ASSET_PRESERVATION: Final = "asset-preservation"
COMPLIANCE: Final = "compliance"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"
EVERYBODY: Final = "everybody"


class Scope(StrEnum):
    """Which of the records a grant reaches: of ``Owned`` ones by unit and owner, of others ``ALL`` or ``ASSIGNED``."""

    OWN = "own"
    UNIT = "unit"
    BELOW = "below"
    ASSIGNED = "assigned"
    ALL = "all"


Predicate = Callable[["Actor"], "ColumnElement[bool]"]


@dataclass(frozen=True, eq=False)
class Through:
    """A scope: the records whose link leads to one that the person may read; made by ``through``."""

    link: Any


def through(link: Any) -> Through:
    """As far as the linked record can be read: ``can.read(Rating, scope=through(Rating.customer_id))``."""
    return Through(link)


Reach = Scope | Through | Predicate
Effect = Literal["hide", "mask", "freeze"]
Verb = str
VERBS: Final = ("read", "create", "update", "delete", "export")


@dataclass(frozen=True, kw_only=True, eq=False)
class Permission(Declaration):
    """A right that isn't about one kind of record: to enter a page, an action, a service.

    Args:
        title: what it allows, beginning with a verb: ``"Read the audit ledger"``.
    """

    title: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Grant:
    """What a role allows; made by ``can``."""

    target: type[Record] | Permission | Transition
    verbs: frozenset[str]
    scope: Reach


def _grants(targets: Sequence[Any], verbs: Sequence[str], scope: Reach) -> tuple[Grant, ...]:
    return tuple(Grant(target=target, verbs=frozenset(verbs), scope=scope) for target in targets)


class can:  # noqa: N801 -- reads as a sentence: Role("Clerk", can.read(Customer))
    """The words of a grant. Each takes any number of records, and how far it reaches."""

    @staticmethod
    def read(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """See them."""
        return _grants(records, ("read",), scope)

    @staticmethod
    def create(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """Make new ones, within the scope: a record must lie in it once written."""
        return _grants(records, ("create",), scope)

    @staticmethod
    def update(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """Change them, in a form, over the API, by an import."""
        return _grants(records, ("update",), scope)

    @staticmethod
    def delete(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """Remove them, where nothing points at them."""
        return _grants(records, ("delete",), scope)

    @staticmethod
    def export(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """Take them out as a file, as far as the same roles let them be seen."""
        return _grants(records, ("export",), scope)

    @staticmethod
    def edit(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """See, make and change them."""
        return _grants(records, ("read", "create", "update"), scope)

    @staticmethod
    def everything(*records: type[Record], scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """All of that."""
        return _grants(records, VERBS, scope)

    @staticmethod
    def use(*doors: Permission | Transition, scope: Reach = Scope.ALL) -> tuple[Grant, ...]:
        """Use a permission, or carry out a transition on the records that the scope reaches."""
        return _grants(doors, ("use",), scope)


@dataclass(frozen=True, eq=False, init=False)
class Role(Declaration):
    """A bundle of grants: ``Role("Note author", can.everything(Note))``.

    Args:
        title: its name, English; with the plugin it makes the role's key, ``notes.note-author``.
        grants: what it allows, from ``can``.
        positions: the positions that have it from the start; ``EVERYBODY`` stands for every person.
    """

    title: str
    grants: tuple[Grant, ...]
    positions: frozenset[str]

    def __init__(
        self, title: str, *grants: tuple[Grant, ...], positions: Sequence[str] = ()
    ) -> None:
        from tenor_sdk.declare import caller

        for group in grants:
            if not isinstance(group, (tuple, list)):
                raise TypeError(f"a Role takes what can gives, as in can.read(Loan), not {group!r}")
        object.__setattr__(self, "origin", caller())
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "grants", tuple(grant for group in grants for grant in group))
        object.__setattr__(self, "positions", frozenset(positions))

    @property
    def key(self) -> str:
        return f"{self.plugin}.{self.title.lower().replace(' ', '-')}"


@dataclass(frozen=True, kw_only=True, eq=False)
class RowRule(Declaration):
    """A restriction: rows that nobody sees unless the predicate holds for them; no grant lifts it.

    Args:
        record: the kind of record.
        allows: for an actor, the rows that remain.
    """

    record: type[Record]
    allows: Predicate


@dataclass(frozen=True, kw_only=True, eq=False)
class FieldRule(Declaration):
    """What becomes of a field for those without one of the roles.

    Args:
        fields: attributes of one record: ``(Person.identity_number,)``.
        effect: ``hide`` it, ``mask`` it (as its ``mask`` says), or ``freeze`` it. Of several rules about a field the
            strongest holds, whoever declared them.
        unless: roles for which the rule doesn't hold.
        in_states: only while the record's workflow is in one of these; empty: always.
    """

    fields: Sequence[Any]
    effect: Effect
    unless: Sequence[Role] = ()
    in_states: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class SegregationOfDuties(Declaration):
    """Steps of which one person may do only one on the same case.

    Args:
        title: as told to whoever is refused: ``"Who prepares a release never releases it"``.
        steps: transitions, or names of steps that a service puts on record with ``record_duty``.
    """

    title: str
    steps: Sequence[Transition | str]
