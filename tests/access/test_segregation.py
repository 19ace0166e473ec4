"""Each pair of steps of each declared segregation of duties, both ways, by oneself and in another's place.

The tests are made from the declarations of the bundled plugins, so that a duty that isn't tested can't be declared.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from sqlalchemy import insert, select, update

from tenor.access.records import Delegation, User, UserPosition
from tenor.base.delegating import delegate
from tenor.events.rows import stamps, table_of
from tenor.kernel import Kernel
from tenor.loader.manifest import find
from tenor.loader.stage import actor_of
from tenor.workflow.records import Duty, Task, WorkflowCase
from tenor_sdk.access import SegregationOfDuties
from tenor_sdk.errors import Forbidden, TenorError
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.workflow import Transition
from tests.access.cells import PEOPLE

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: the kernel's step of whoever makes a record; it is always the first
CREATE: Final = "create"
#: an administrator's and an auditor's side is kept apart from the business
BUSINESS: Final = sorted(set(PEOPLE) - {"administrator", "auditor"})
GIVER, TAKER, PEER = "all.positions", "stands.in", "all.as.well"


def _declared() -> Iterator[SegregationOfDuties]:
    for name, found in find()[0].items():
        if name != "base" and found.stated.category != "Examples":
            for file in filter(
                importlib.util.find_spec, (f"tenor_{name}.workflow", f"tenor_{name}.access")
            ):
                yield from vars(importlib.import_module(file)).values()


RULES: Final = list(
    {id(one): one for one in _declared() if isinstance(one, SegregationOfDuties)}.values()
)


def _name(step: Transition | str) -> str:
    return step if isinstance(step, str) else step.name


PAIRS: Final = [
    pytest.param(rule, first, second, id=f"{rule.plugin}: {_name(first)}, then {_name(second)}")
    for rule in RULES
    for first in rule.steps
    for second in rule.steps
    if first is not second and second != CREATE
]

#: who did the first step, in whose place, and who does the second. The taker holds nothing but what the giver gave;
#: the peer holds all the positions that the giver holds
WAYS: Final = {
    "by the same": (GIVER, None, GIVER),
    "by one in whose place it was done": (TAKER, GIVER, GIVER),
    "in the place of who did it": (GIVER, None, TAKER),
    "in another's place by who did it": (TAKER, None, TAKER),
    "in the same place again": (TAKER, GIVER, TAKER),
    "by who did it for another, by a right of their own": (PEER, GIVER, PEER),
}


def test_every_declared_duty_is_among_the_tested(bank: Kernel) -> None:
    """The kernel's own are about versions of an authority: core/tests/workflow/test_authority_versions.py."""
    declared = [one for one in bank.declarations.of(SegregationOfDuties) if one.plugin != "base"]
    assert declared
    assert {id(one) for one in declared} == {id(one) for one in RULES}


@pytest.fixture(scope="module", autouse=True)
def people(bank: Kernel) -> Iterator[None]:
    """Two who hold every position of the business, and one who stands in for the first."""
    everywhere = [(position, "HQ") for position in BUSINESS]
    made = [
        make_user(bank, GIVER, positions=everywhere),
        make_user(bank, PEER, positions=everywhere),
        make_user(bank, TAKER),
    ]
    with as_actor(bank, GIVER) as ctx:
        delegate(ctx, made[-1], until=ctx.today + timedelta(days=30), reason="on leave")
    yield
    with bank.db.raw() as connection:
        gone = update(Delegation.__table__).where(Delegation.taker_id == made[-1])
        connection.execute(gone.values(ended_at=bank.clock.now()))
        held = UserPosition.__table__
        connection.execute(held.delete().where(held.c.user_id.in_(made)))
        connection.execute(
            update(User.__table__).where(User.id.in_(made)).values(active=False, archived=True)
        )


class Undone(Exception):
    """Whatever was tried isn't kept."""


@dataclass(frozen=True)
class Try:
    """One step on a record on which another step was done."""

    kernel: Kernel
    rule: SegregationOfDuties
    first: Transition | str
    second: Transition | str

    @property
    def kind(self) -> Any:
        """The record on which both lie."""
        (named, *_others) = [step for step in self.rule.steps if not isinstance(step, str)]
        flows = self.kernel.workflow.flows
        return next(
            kind for kind, flow in flows.items() if flow.transitions.get(named.name) is named
        )

    def by(self, did: str, behalf: str | None, does: str) -> TenorError | None:
        """What somebody is told who does the second; None where they may.

        Args:
            did: who did the first; nobody where it is empty.
        """
        ids = {each: actor_of(self.kernel, each).id for each in (GIVER, TAKER, PEER)}
        try:
            with as_actor(self.kernel, does) as ctx:
                identity = self._put(ctx, ids, GIVER if does == TAKER else does)
                if did:
                    row = {
                        "table_name": self.kind.__tablename__, "record_id": identity, "at": ctx.now,
                        "step": _name(self.first), "user_id": ids[did],
                        "behalf_of_id": ids[behalf] if behalf else None, **stamps(cast("KernelContext", ctx)),
                    }  # fmt: skip
                    self._run(ctx, insert(table_of(Duty)).values(row))
                self._do(ctx, ctx.session.get_one(self.kind, identity))
                raise Undone
        except Undone:
            return None
        except TenorError as error:
            return error

    def _put(self, ctx: Any, ids: dict[str, int], whose: str) -> int:
        """A record of somebody's, where the second step leads on, with nothing done on it by anybody."""
        table = self.kind.__table__
        identity = self._run(ctx, select(table.c.id).order_by(table.c.id).limit(1)).scalar_one()
        about = {"table_name": self.kind.__tablename__, "record_id": identity}
        owner = actor_of(self.kernel, whose)
        state = self._source()
        column = self.kernel.workflow.flows[self.kind].column
        self._run(
            ctx,
            update(table).where(table.c.id == identity).values(
                {"unit_id": owner.unit_id, "owner_id": owner.id, column: state}
            ),
        )  # fmt: skip
        case, duty, task = table_of(WorkflowCase), table_of(Duty), table_of(Task)
        self._run(ctx, duty.delete().where(*(duty.c[name] == each for name, each in about.items())))
        found = [case.c[name] == each for name, each in about.items()]
        self._run(ctx, update(case).where(*found).values(state=state))
        about["case_id"] = self._run(ctx, select(case.c.id).where(*found)).scalar_one()
        some = self._run(ctx, select(task).order_by(task.c.id).limit(1)).mappings().one()
        for each in (ids[GIVER], ids[PEER]):
            row = {**some, **about, "assignee_id": each, "state": "done"}
            self._run(ctx, insert(task).values({k: v for k, v in row.items() if k != "id"}))
        return int(identity)

    def _source(self) -> str:
        if isinstance(self.second, str):
            return next(iter(self.kernel.workflow.flows[self.kind].states))
        return self.second.sources[0].name

    def _do(self, ctx: Any, record: Any) -> None:
        if isinstance(self.second, str):
            self.kernel.workflow.record_duty(ctx, record, self.second)
        else:
            self.kernel.workflow.transition(ctx, record, self.second, None, "for a test")

    def _run(self, ctx: Any, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("rule", "first", "second"), PAIRS)
def test_the_other_step_is_shut(bank: Kernel, rule: Any, first: Any, second: Any, way: str) -> None:
    found = Try(bank, rule, first, second).by(*WAYS[way])
    assert isinstance(found, Forbidden), found
    assert found.key == "segregated"


@pytest.mark.parametrize("login", [GIVER, TAKER, PEER])
@pytest.mark.parametrize(("rule", "first", "second"), PAIRS)
def test_it_is_open_to_who_did_nothing_on_the_record(
    bank: Kernel, rule: Any, first: Any, second: Any, login: str
) -> None:
    """What is missing for the step may still stand in its way; a right doesn't."""
    found = Try(bank, rule, first, second).by("", None, login)
    assert not isinstance(found, Forbidden), found
