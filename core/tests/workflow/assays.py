"""The people of the demo bank before an assay, for the tests of branches that are decided by several."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tenor.workflow.records import WorkflowCase
from tenor_sdk.approvals import Ballot, vote
from tenor_sdk.testing import as_actor, run_jobs
from tenor_sdk.workflow import recall, transition

ZONE: Final = ZoneInfo("Asia/Shanghai")
CHAIR, JING, SUN, WU, ZHENG = "chen.li", "he.jing", "sun.jianguo", "wu.wan", "zheng.tao"
#: 林晓雯 makes them; 周启明 is a risk officer, 顾燕 an approver, 徐敏 of the legal department; 丁宁 hands over
MOVER, OFFICER, APPROVER, LAWYER, KEEPER = (
    "lin.xiaowen", "zhou.qiming", "gu.yan", "xu.min", "ding.ning",
)  # fmt: skip


class Assays:
    """Acts of people on assays, each in a transaction of its own."""

    def __init__(self, kernel: Any) -> None:
        self.kernel, self.engine = kernel, kernel.workflow
        self.at("2026-06-01T10:00")
        run_jobs(kernel)

    def at(self, text: str) -> None:
        self.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))

    def file(self, *steps: Any, login: str = MOVER, **values: Any) -> int:
        """An assay of somebody's, who takes these steps."""
        from tenor_assays.records import Assay

        with as_actor(self.kernel, login) as ctx:
            given = {"subject": "gold", **values}
            one = Assay(**given, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
            ctx.session.add(one)
            ctx.session.flush()
            made = one.id
        for step in steps:
            self.go(login, made, step)
        return made

    def do(self, login: str, assay: int, act: Callable[[Any, Any], Any]) -> Any:
        """What ``act(ctx, assay)`` gives."""
        from tenor_assays.records import Assay

        with as_actor(self.kernel, login) as ctx:
            return act(ctx, ctx.session.get_one(Assay, assay))

    def go(self, login: str, assay: int, how: Any, **more: Any) -> bool:
        moved: bool = self.do(login, assay, lambda ctx, one: transition(ctx, one, how, **more))
        return moved

    def recall(self, login: str, assay: int, how: Any) -> None:
        self.do(login, assay, lambda ctx, one: recall(ctx, one, how))

    def recallable(self, login: str, assay: int) -> list[str]:
        return [one.how.name for one in self.do(login, assay, self.engine.recallable)]

    def says(
        self, login: str, assay: int, how: Any, ballot: Ballot, reason: str = "because"
    ) -> bool:
        """A vote of somebody's; whether it decided."""

        def act(ctx: Any, one: Any) -> bool:
            return vote(ctx, one, how, ballot, reason=reason)

        moved: bool = self.do(login, assay, act)
        return moved

    def note(self, assay: int, text: str) -> None:
        self.do(MOVER, assay, lambda _ctx, one: setattr(one, "note", text))

    def state(self, assay: int) -> str:
        state: str = self.do(OFFICER, assay, lambda _ctx, one: one.state)
        return state

    def offer(self, login: str, assay: int, name: str) -> Any:
        offered = self.do(login, assay, self.engine.available)
        return next((one for one in offered if one.name == name), None)

    def branches(self) -> dict[str, str]:
        """The state of each branch by its name."""
        return {row.branch: row.state for row in self.rows(WorkflowCase) if row.branch}

    def before(self, login: str, stage: str) -> list[int]:
        """The tasks of a state that somebody has before them."""
        from tenor.workflow.records import Task

        with as_actor(self.kernel, login, write=False) as ctx:
            ids = {one.id for one in self.engine.tasks(ctx)}
        return [row.id for row in self.rows(Task) if row.id in ids and row.stage == stage]

    def user(self, login: str) -> int:
        with as_actor(self.kernel, login, write=False) as ctx:
            return ctx.actor.id

    def rows(self, record: type[Any]) -> list[Any]:
        """Every row of a table of the kernel's."""
        with self.kernel.db.raw(write=False) as connection:
            table = record.__table__
            return list(connection.execute(table.select().order_by(table.c.id)))

    def ledger(self, kind: str) -> list[Any]:
        """Entries of one kind, the latest first."""
        with as_actor(self.kernel, "song.qing", write=False) as ctx:
            found: list[Any] = self.kernel.audit.search(ctx, kind=kind)
            return found
