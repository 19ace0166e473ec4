"""People acting on permits, for the tests of the paths that a case takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tenor.workflow.records import Task
from tenor_sdk.testing import as_actor
from tenor_sdk.workflow import recall, transition

ZONE: Final = ZoneInfo("Asia/Shanghai")
KEEPER, REVIEWER, DECIDER = "lin.xiaowen", "zhou.qiming", "gu.yan"


class Permits:
    """Acts of people on permits, each in a transaction of its own."""

    def __init__(self, kernel: Any) -> None:
        self.kernel = kernel
        self.engine = kernel.workflow

    def at(self, text: str) -> None:
        self.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))

    def file(self, login: str = KEEPER, **values: Any) -> int:
        from tenor_permits.records import Permit

        with as_actor(self.kernel, login) as ctx:
            permit = Permit(
                **{"subject": "a bridge", **values},
                unit_id=ctx.actor.unit_id,
                owner_id=ctx.actor.id,
            )
            ctx.session.add(permit)
            ctx.session.flush()
            return permit.id

    def do(self, login: str, permit: int, act: Callable[[Any, Any], Any]) -> Any:
        """What ``act(ctx, permit)`` gives."""
        from tenor_permits.records import Permit

        with as_actor(self.kernel, login) as ctx:
            return act(ctx, ctx.session.get_one(Permit, permit))

    def go(self, login: str, permit: int, how: Any, **more: Any) -> bool:
        moved: bool = self.do(login, permit, lambda ctx, one: transition(ctx, one, how, **more))
        return moved

    def recall(self, login: str, permit: int, how: Any, reason: str = "") -> None:
        self.do(login, permit, lambda ctx, one: recall(ctx, one, how, reason=reason))

    def at_decision(self) -> int:
        """A permit that was submitted and reviewed."""
        from tenor_permits.workflow import reviewed, submit

        permit = self.file()
        self.go(KEEPER, permit, submit)
        self.go(REVIEWER, permit, reviewed)
        return permit

    def state(self, permit: int) -> str:
        state: str = self.do(REVIEWER, permit, lambda _ctx, one: one.state)
        return state

    def steps(self, permit: int) -> list[tuple[str, str, str, str]]:
        """Each step: its kind or its transition, whence, whither, and why."""
        found: Sequence[Any] = self.do(REVIEWER, permit, self.engine.history)
        return [(one.kind or one.transition, one.source, one.target, one.reason) for one in found]

    def offered(self, login: str, permit: int) -> list[str]:
        return [one.name for one in self.do(login, permit, self.engine.available)]

    def recallable(self, login: str, permit: int) -> list[str]:
        return [one.how.name for one in self.do(login, permit, self.engine.recallable)]

    def tasks(self) -> list[tuple[str, str, str]]:
        """Each task: its stage, whose, and how it stands."""
        logins: dict[int | None, str] = {None: ""}
        logins |= {self.user(login): login for login in (KEEPER, REVIEWER, DECIDER)}
        return [
            (row.stage, logins.get(row.assignee_id, "another"), row.state)
            for row in self.rows(Task)
        ]

    def ledger(self, kind: str) -> list[Any]:
        """Entries of one kind, the latest first."""
        with as_actor(self.kernel, "song.qing", write=False) as ctx:
            found: list[Any] = self.kernel.audit.search(ctx, kind=kind)
            return found

    def user(self, login: str) -> int:
        with as_actor(self.kernel, login, write=False) as ctx:
            return ctx.actor.id

    def rows(self, record: type[Any]) -> list[Any]:
        """Every row of a table of the kernel's."""
        with self.kernel.db.raw(write=False) as connection:
            table = record.__table__
            return list(connection.execute(table.select().order_by(table.c.id)))
